//! The HubSpot API in HubSpot's words.
//!
//! One handle, [`Api`], stands for one portal; its families hold one small file each:
//!
//! | family | file | what it does |
//! |---|---|---|
//! | [`Api::objects`] | `objects.rs` | records of any type: batches, search, list, get |
//! | [`Api::associations`] | `associations.rs` | which records belong together |
//! | [`Api::properties`], [`Api::groups`] | `properties.rs`, `groups.rs` | the columns of a record |
//! | [`Api::pipelines`] | `pipelines.rs` | pipelines and their stages |
//! | [`Api::account`] | `account.rs` | which portal this is, what it has switched on; leaving it |
//! | [`Oauth`] | `oauth.rs` | tokens; used before there is an [`Api`] |
//! | [`read_events`] | `events.rs` | what HubSpot posts when records change |
//! | [`signature`] | `signature.rs` | whether HubSpot sent a request |
//! | [`scopes`] | `scopes.rs` | what a portal is asked to allow |
//!
//! Three ideas carry the rest:
//!
//! - **Paths have one source.** [`Paths`] knows HubSpot's dated versions; nobody else writes a path.
//! - **A batch is answered per input, never by order.** [`BatchAnswer::outcomes`] gives each input its own [`Outcome`]:
//!   written, refused, or unknown where HubSpot said nothing about it.
//! - **HubSpot's JSON is read with patience.** Every field is optional, ids may be numbers, and unknown fields are
//!   ignored (contract hubspot-crm §1, §9).
//!
//! How requests are sent, repeated and paced is [`rest`]'s business. Which properties exist and which of them identifies
//! a record is the caller's.

mod account;
mod api;
mod associations;
mod batch;
mod errors;
mod events;
mod explain;
mod groups;
mod matching;
mod oauth;
mod object_types;
mod objects;
mod paths;
mod pipelines;
mod properties;
mod record;
mod record_url;
mod salvage;
pub mod scopes;
mod search;
pub mod signature;
mod wire;

#[cfg(test)]
mod tests;

pub use account::{Account, AccountDetails};
pub use api::{ASSOCIATIONS_BUDGET, Api, Budgets, OBJECTS_BUDGET, SEARCH_BUDGET, SERVICE};
pub use associations::{
    ASSOCIATE_LIMIT, ASSOCIATIONS_READ_LIMIT, AssociatedPair, AssociatedRecord, AssociationLabel, AssociationSpec,
    Associations, AssociationsRead, LabelledPair, Pair, PairOutcome,
};
pub use batch::{BATCH_LIMIT, BatchAnswer, Create, InlineAssociation, Update, Upsert};
pub use errors::{ApiError, InputError, InputErrorKind, PropertyError, is_already_exists};
pub use events::{Event, EventKind, UnreadableEvent, UnreadableEvents, read_events};
pub use explain::explain;
pub use groups::{Groups, PropertyGroup};
pub use matching::{InputKey, Outcome};
pub use oauth::{Consent, Introspection, Oauth, TokenError, TokenErrorKind, TokenHint, Tokens};
pub use object_types::object_type_id;
pub use objects::{BatchRead, Fetch, HISTORY_READ_LIMIT, LIST_LIMIT, Objects, RecordPage};
pub use paths::{DEFAULT_VERSION, Paths};
pub use pipelines::{Pipeline, Pipelines, Stage};
pub use properties::{ModificationMetadata, Properties, Property, PropertyCreate, PropertyOption};
pub use record::Record;
pub use record_url::record_url;
pub use search::{Direction, Filter, Operator, SEARCH_LIMIT, SEARCH_TOTAL_LIMIT, Search, SearchPage, Sort};
