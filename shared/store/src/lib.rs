//! What we remember. One DynamoDB table, one file per kind of item, spoken to by `aws-sdk-dynamodb` everywhere: on AWS the
//! real service, on one machine an embedded engine behind the same SDK.
//!
//! Every partition key begins with the portal. What two processes may race for is a conditional write, never read-then-write:
//! functions that can lose such a race answer `false` or `None`, they do not fail. There is never a Scan.
//!
//! | item | partition key | sort key |
//! |---|---|---|
//! | installation | `{portal}` | `installation` |
//! | settings of an object type | `{portal}` | `settings#{object}` |
//! | properties known in the portal | `{portal}` | `schema#{object}` |
//! | settings of the portal as a whole | `{portal}` | `sync_settings` |
//! | what can be synchronized | `{portal}` | `capability#{object}` |
//! | first contact with older records | `{portal}` | `first_contact#{object}` |
//! | schedule and run of an object type | `{portal}` | `run#{object}` |
//! | rate budget | `{portal}` | `budget#{service}` |
//! | sealed secret | `{portal}` | `secret#{name}` |
//! | binding | `{portal}#binding#{object}#{HubSpot object}` | Kleer id |
//! | detail of a binding | `{portal}#detail#{object}#{HubSpot object}` | Kleer id |
//! | problem | `{portal}#problem#{object}` | Kleer id |
//! | message of the embedded queue | `{portal}#message#{queue}` | message id |

mod bindings;
mod budgets;
mod children;
mod documents;
mod error;
mod installations;
mod item;
mod messages;
mod problems;
mod runs;
mod secrets;
mod settings;
mod slim;
mod table;
mod transact;

pub use bindings::{Commit, Pairing, Taken};
pub use documents::Versioned;
pub use error::Error;
pub use messages::StoredMessage;
pub use runs::{Due, Turn};
pub use secrets::SealedSecret;

/// A handle on the table. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {
    client: aws_sdk_dynamodb::Client,
    table: String,
}

impl Store {
    /// A store over one table. Made once, by `app`.
    #[must_use]
    pub fn new(client: aws_sdk_dynamodb::Client, table: impl Into<String>) -> Self {
        Self { client, table: table.into() }
    }
}
