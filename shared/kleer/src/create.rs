//! Creating: one `PUT` of a whole record (contract kleer-api §3 "Verbs", §9).

use rest::Error;

use crate::agreements::AgreementPath;
use crate::api::Api;
use crate::invoices::sendable;
use crate::json::Document;
use crate::paths::{CLIENTS, INVOICES, PROJECTS};
use crate::projects::writeable;

/// What is to be created.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum New {
    /// A client.
    Client,
    /// An invoice, which is a draft until somebody certifies it in Kleer. Attachments are not sent.
    Invoice,
    /// An agreement, where this Kleer has them.
    Agreement(AgreementPath),
    /// A project; see [`writeable`].
    Project,
}

impl Api {
    /// Creates a record and answers its id, if Kleer said it. Never sent twice after an unknown outcome: look it up by its
    /// `foreign-id` first ([`Listing::with_foreign_id`](crate::Listing::with_foreign_id)), a project by its `number`, since
    /// projects have no `foreign-id` (contract kleer-api §11); and so too when no id came back.
    ///
    /// `before` is done in the last moment before the request goes out, when nothing has to be waited for any more: whoever
    /// notes there that it was sent notes it of none that was not.
    ///
    /// # Errors
    /// That of `before`, and then nothing was sent; inside it, that of Kleer.
    pub async fn create<E>(
        &self,
        new: New,
        record: &Document,
        before: impl Future<Output = Result<(), E>>,
    ) -> Result<Result<Option<i64>, Error>, E> {
        match new {
            New::Client => self.put(CLIENTS, record, "create_client", before).await,
            New::Invoice => self.put(INVOICES, &sendable(record), "create_invoice", before).await,
            New::Agreement(path) => self.put(&path.collection(), record, "create_agreement", before).await,
            New::Project => self.put(PROJECTS, &writeable(record), "create_project", before).await,
        }
    }
}
