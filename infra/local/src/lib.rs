//! Every function, the embedded store and queue, optional simulators, in one process.
