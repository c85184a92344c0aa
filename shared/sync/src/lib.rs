//! Keeping HubSpot true to Kleer: gather, plan, apply, report.
