//! What we remember. One DynamoDB table, one file per kind of item, spoken to by `aws-sdk-dynamodb` everywhere: on AWS the
//! real service, on one machine an embedded engine behind the same SDK.
//!
//! Every partition key begins with the portal, except that of one-time OAuth states. What two processes may race for is a
//! conditional write, never read-then-write: functions that can lose such a race answer `false` or `None`, they do not fail.
//! There is never a Scan.
//!
//! | item | partition key | sort key |
//! |---|---|---|
//! | installation | `{portal}` | `installation` |
//! | settings of an object type | `{portal}` | `settings#{object}` |
//! | properties known in the portal | `{portal}` | `schema#{object}` |
//! | which bindings there may be | `{portal}` | `pairing#{object}#{HubSpot object}` |
//! | settings of the portal as a whole | `{portal}` | `sync_settings` |
//! | what can be synchronized | `{portal}` | `capability#{object}` |
//! | first contact with older records | `{portal}` | `first_contact#{object}` |
//! | the minute in which it is looked whether anything is due | `{portal}` | `beat` |
//! | schedule and run of an object type | `{portal}` | `run#{object}` |
//! | daily comparison with HubSpot | `{portal}` | `verify#{object}` |
//! | search for changes in HubSpot | `{portal}` | `search#{object}` |
//! | rate budget | `{portal}` | `budget#{service}` |
//! | documents of the settings page: accepted terms, the Kleer company's name, a start afresh, a preview | `{portal}` | `terms`, `kleer_company`, `afresh`, `preview#{object}` |
//! | how many problems there are | `{portal}` | `problems#{object}` |
//! | sealed secret | `{portal}` | `secret#{name}` |
//! | errand: a notice, forgetting a portal that left | `{portal}` | `notice`, `forget` |
//! | one-time state of an install | `oauth_state#{hash}` | `state` |
//! | binding | `{portal}#binding#{object}#{HubSpot object}` | Kleer id |
//! | detail of a binding | `{portal}#detail#{object}#{HubSpot object}` | Kleer id |
//! | problem | `{portal}#problem#{object}` | Kleer id |
//! | line of the activity list, for 90 days | `{portal}#activity` | time and hash |
//! | what a record of HubSpot asked us to make | `{portal}#execution` | `{HubSpot object}#{HubSpot id}#{action}` |
//! | call of a workflow | `{portal}#callback` | callback id |
//! | request of the settings page, for some minutes | `{portal}#request` | its hash |
//! | records written on a day | `{portal}#day` | `{day}#{object}` |
//! | message of the embedded queue | `{portal}#message#{queue}` | message id |

mod activity;
mod beats;
mod bindings;
mod budgets;
mod children;
mod documents;
mod errands;
mod error;
mod executions;
mod forget;
mod installations;
mod item;
mod looks;
mod messages;
mod oauth_states;
mod problems;
mod runs;
mod secrets;
mod settings;
mod settings_page;
mod slim;
mod table;
mod transact;

pub use activity::Activities;
pub use bindings::{Commit, Pairing, Taken};
pub use documents::Versioned;
pub use errands::{DueErrand, Errand};
pub use error::Error;
pub use executions::{Callback, Claimed, Execution, ExecutionKey};
pub use forget::Forgotten;
pub use installations::Standing;
pub use looks::Look;
pub use messages::{MESSAGES_LIMIT, QUEUES, StoredMessage};
pub use runs::{Due, Turn};
pub use secrets::{HubspotTokens, SealedSecret};
pub use settings_page::{Memo, ProblemPage, Written};

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
