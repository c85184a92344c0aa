//! A queue has work: apply a page of changes to HubSpot.
