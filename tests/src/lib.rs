//! World: the harness of the scenarios.
