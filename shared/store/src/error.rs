//! How the store fails.

use aws_sdk_dynamodb::error::{DisplayErrorContext, ProvideErrorMetadata, SdkError};

/// How many letters are kept of what is wrong with an item.
const MESSAGE: usize = 300;

/// A failure of the store itself. A lost race is not one.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The table did not answer or refused for now (throttled, unreachable); the same call may succeed later.
    #[error("the table did not answer: {0}")]
    Unavailable(String),
    /// The table refused the call for good: a missing table, a missing right, a request that breaks a limit.
    #[error("the table refused the call: {0}")]
    Refused(String),
    /// An item that this version cannot read.
    #[error("the stored item {key} cannot be read: {message}")]
    Unreadable {
        /// Its keys.
        key: String,
        /// What is wrong with it.
        message: String,
    },
}

impl Error {
    /// An item that this version cannot read.
    pub(crate) fn unreadable(key: impl Into<String>, message: impl ToString) -> Self {
        // A parser quotes a whole value, and an item may hold one of 400 KB.
        Self::Unreadable { key: key.into(), message: message.to_string().chars().take(MESSAGE).collect() }
    }

    pub(crate) fn from_sdk<E, R>(error: &SdkError<E, R>) -> Self
    where
        E: std::error::Error + ProvideErrorMetadata + 'static,
        R: std::fmt::Debug,
    {
        const REFUSED: [&str; 4] = [
            "ResourceNotFoundException",
            "AccessDeniedException",
            "ValidationException",
            "UnrecognizedClientException",
        ];
        let code = error.as_service_error().and_then(ProvideErrorMetadata::code).unwrap_or_default();
        let text = DisplayErrorContext(error).to_string();
        if REFUSED.contains(&code) { Self::Refused(text) } else { Self::Unavailable(text) }
    }
}
