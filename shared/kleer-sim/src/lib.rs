//! A pretend Kleer: state, HTTP face, control, faults. Depends on nothing of ours.
