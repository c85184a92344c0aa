//! Composition root: configuration, connections, secrets, telemetry.
