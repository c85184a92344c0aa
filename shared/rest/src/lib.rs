//! One way to send a request, one pure decision to send it again.
