//! Problems of records, kept until the record is written.

use domain::{KleerId, ObjectType, PortalId, Problem};

use crate::documents::document;
use crate::{Error, Store};

impl Store {
    /// All problems of one object type, by Kleer id as text.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn problems(&self, portal: PortalId, object: ObjectType) -> Result<Vec<Problem>, Error> {
        let items = self.query_prefix(&partition(portal, object), "").await?;
        items.iter().map(|item| document(item).map(|problem| problem.value)).collect()
    }

    /// Keeps a problem in place of the record's earlier one.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn set_problem(&self, portal: PortalId, problem: &Problem) -> Result<(), Error> {
        let id = problem.kleer_id.unwrap_or(KleerId(0));
        self.set_document(&partition(portal, problem.object), &id.to_string(), problem).await
    }

    /// Forgets the problem of a record that is well again.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn clear_problem(&self, portal: PortalId, object: ObjectType, id: KleerId) -> Result<(), Error> {
        self.delete_item(&partition(portal, object), &id.to_string()).await
    }
}

fn partition(portal: PortalId, object: ObjectType) -> String {
    format!("{portal}#problem#{object}")
}
