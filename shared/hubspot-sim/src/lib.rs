//! A pretend HubSpot: state, HTTP face, control, faults. Depends on nothing of ours.
