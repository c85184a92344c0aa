//! The HubSpot API in HubSpot's words.
