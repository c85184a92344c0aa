//! Job, the closed list of messages, and Queue, the place where they wait.
