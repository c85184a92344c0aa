//! Client projects (contract kleer-api §6 "Client projects, projects", fields §8). Kleer reads and writes them as two
//! types, between which [`writeable`] translates.

use rest::Error;
use serde_json::{Map, Value};

use crate::api::Api;
use crate::json::Document;
use crate::listing::Listing;
use crate::paths::{PROJECTS, item};

/// What a project has when it is read, and not when it is written (contract kleer-api §8).
const READ_ONLY: [&str; 9] = [
    "id",
    "active",
    "status",
    "email",
    "write-offs",
    "dimension-entry",
    "updated-user-key",
    "updated-date",
    // Under its other name it is written.
    READ_DIMENSIONS,
];
const READ_DIMENSIONS: &str = "dimensions";
const WRITTEN_DIMENSIONS: &str = "dimension-entries";

impl Api {
    /// All projects, active or not, in one answer.
    pub async fn list_projects(&self) -> Result<Listing, Error> {
        // Always asked for: what Kleer lists without it is not recorded (contract kleer-api §6).
        let request = self.reading(PROJECTS, "list_projects").query("filter", "all");
        Listing::read(&self.ask(request).await?, "client-project-readables")
    }

    /// One project, as it is read. [`rest::ErrorKind::Missing`] if there is none with this id.
    pub async fn get_project(&self, id: i64) -> Result<Document, Error> {
        self.get_record(&item(PROJECTS, id), "get_project").await
    }

    /// Saves a whole project: what [`get_project`](Self::get_project) gave, with the changes laid over it. Kleer
    /// ignores changes of `name`, `client` and `fixed-price`, and has other calls for opening and closing. Sent a
    /// second time after an unknown outcome; see [`repeated`](crate::repeated).
    pub async fn update_project(&self, id: i64, project: &Document) -> Result<(), Error> {
        self.update(&item(PROJECTS, id), &writeable(project), "update_project").await
    }
}

/// Turns a project as Kleer gives it into one as Kleer takes it; leaves one that is so already as it is.
///
/// Everything stays but what is known to be read-only, because what is left out may be cleared: activities, users,
/// leads, planned invoices (INFERRED, contract kleer-api §8), and members that nobody knows yet. The distribution over
/// dimensions is read as `dimensions` and written as `dimension-entries`; an empty one is left out, which leaves it
/// unchanged.
pub fn writeable(project: &Document) -> Document {
    let members = project.as_map();
    let mut out = Map::with_capacity(members.len());
    for (name, value) in members {
        if name == READ_DIMENSIONS && !members.contains_key(WRITTEN_DIMENSIONS) && !is_empty(value) {
            out.insert(WRITTEN_DIMENSIONS.to_owned(), value.clone());
        } else if !READ_ONLY.contains(&name.as_str()) {
            out.insert(name.clone(), value.clone());
        }
    }
    out.into()
}

/// Whether a wrapper wraps nothing (contract kleer-api §3, rule 6).
fn is_empty(wrapper: &Value) -> bool {
    match wrapper {
        Value::Object(members) => members.values().all(is_empty),
        Value::Array(elements) => elements.is_empty(),
        other => other.is_null() || other.as_str() == Some(""),
    }
}

#[cfg(test)]
mod tests;
