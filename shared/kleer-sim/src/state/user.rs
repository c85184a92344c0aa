//! Users: the people who work in a company (contract kleer-api §6, Company, users).

use serde::Deserialize;

use super::document::Encoder;

/// A user.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct User {
    /// Given by Kleer; ignored when a user is added.
    pub id: i64,
    /// Another system's id for the user.
    pub foreign_id: Option<String>,
    /// The employee number.
    pub internal_id: Option<i64>,
    /// First and last name.
    pub name: String,
    /// Work address.
    pub email: String,
    /// Whether the user still works here; inactive users stay in the list.
    pub active: bool,
}

impl Default for User {
    fn default() -> User {
        User { id: 0, foreign_id: None, internal_id: None, name: String::new(), email: String::new(), active: true }
    }
}

impl User {
    /// The document that Kleer answers, in the schema's order.
    pub(crate) fn encode(&self) -> String {
        let mut text = Encoder::new(200);
        text.number("id", self.id).optional_text("foreign-id", self.foreign_id.as_deref());
        if let Some(number) = self.internal_id {
            text.number("internal-id", number);
        }
        text.text("name", &self.name).text("email", &self.email);
        text.raw("active", if self.active { "true" } else { "false" }).raw("dimensions", "{}").finish()
    }
}
