//! Finding what a create may have made: by the foreign id that it carried, a project by its number.

use domain::{KleerId, ObjectType};
use kleer::{Document, FieldError, InvoiceFilter, InvoiceQuery, New};

use super::{CreateError, Making};
use crate::outbound::agreement_path;

impl Making<'_> {
    /// What is to be created, and where.
    pub(super) async fn kind(&self) -> Result<New, CreateError> {
        Ok(match self.new.object {
            ObjectType::Invoice => New::Invoice,
            ObjectType::Agreement => New::Agreement(agreement_path(self.app, self.connection, false).await?),
            ObjectType::Project => New::Project,
            ObjectType::Client | ObjectType::Product | ObjectType::LineItem => New::Client,
        })
    }

    /// What an earlier create made, if anything. Lists are read only here: after a create of which nothing is known.
    pub(super) async fn look(&self) -> Result<Option<KleerId>, CreateError> {
        let found = match self.kind().await? {
            New::Client => self.clients().await,
            New::Invoice => self.invoices().await,
            New::Agreement(path) => {
                self.connection.kleer.list_agreements(path).await.map(|list| list.with_foreign_id(&self.foreign_id()))
            }
            New::Project => self.projects().await,
        };
        let found = found.map_err(|error| CreateError::of_kleer(&error))?;
        let mut ids: Vec<i64> = found.iter().filter_map(|record| record.id().ok()).collect();
        ids.sort_unstable();
        if ids.len() > 1 {
            tracing::error!(?ids, "Kleer has several records of this name");
        }
        // A project may have an older one beside it of the same number; all else has a name of its own.
        let one = if self.new.object == ObjectType::Project { ids.last() } else { ids.first() };
        Ok(one.copied().map(KleerId))
    }

    /// The call that finds a client by its foreign id is a guess (contract kleer-api §6 "Clients"); the list is certain.
    async fn clients(&self) -> Result<Vec<Document>, rest::Error> {
        Ok(self.connection.kleer.list_clients().await?.with_foreign_id(&self.foreign_id()))
    }

    /// Among those of its date, then among the drafts: it is one until somebody certifies it, and whoever moves its date does not
    /// certify it at once.
    async fn invoices(&self) -> Result<Vec<Document>, rest::Error> {
        let foreign_id = self.foreign_id();
        let date = self.new.document.date("invoice-date").ok().flatten();
        let dated = InvoiceQuery { filter: InvoiceFilter::All, lower: date, upper: date };
        let drafts = InvoiceQuery { filter: InvoiceFilter::Certifiable, ..InvoiceQuery::default() };
        for query in date.map(|_| dated).into_iter().chain([drafts]) {
            let found = self.connection.kleer.list_invoices(&query).await?.with_foreign_id(&foreign_id);
            if !found.is_empty() {
                return Ok(found);
            }
        }
        Ok(Vec::new())
    }

    /// Projects have no foreign id (contract kleer-api §11). A number that a person gave may be another project's too, so name and
    /// client must be the same, and it must be younger than what was made before.
    async fn projects(&self) -> Result<Vec<Document>, rest::Error> {
        let wanted = self.document();
        let is_it = |project: &Document| -> Result<bool, FieldError> {
            let younger = self.execution.previous.is_none_or(|previous| project.id().is_ok_and(|id| id > previous.0));
            Ok(younger
                && project.text("number")? == wanted.text("number")?
                && project.text("name")? == wanted.text("name")?
                && project.reference("client.id")? == wanted.reference("client.id")?)
        };
        let projects = self.connection.kleer.list_projects().await?;
        Ok(projects.records().filter_map(Result::ok).filter(|project| is_it(project) == Ok(true)).collect())
    }

    /// What a refusal means. Agreements may have moved: then they are looked for, and the next try finds them.
    pub(super) async fn meaning(&self, error: &rest::Error) -> CreateError {
        let moved = self.new.object == ObjectType::Agreement && error.kind() == rest::ErrorKind::Missing;
        if !moved {
            return CreateError::of_kleer(error);
        }
        let before = agreement_path(self.app, self.connection, false).await;
        match (before, agreement_path(self.app, self.connection, true).await) {
            (Ok(before), Ok(now)) if before != now => CreateError::soon("Kleer has its agreements elsewhere by now"),
            (_, Err(failure)) => failure.into(),
            _ => CreateError::of_kleer(error),
        }
    }
}
