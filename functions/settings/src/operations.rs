//! The one list of operations: name, what it does, which function of `portal::settings` does it.

use app::App;
use portal::settings::{self, Caller, Code, Refusal, SettingsError};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// What is described of an operation.
#[derive(Debug, Clone, Copy)]
pub struct Operation {
    /// The last part of its address.
    pub name: &'static str,
    /// What it does, a sentence.
    pub summary: &'static str,
    /// Describes what it is asked with.
    pub request: fn(&mut SchemaGenerator) -> Schema,
    /// Describes what it answers with.
    pub answer: fn(&mut SchemaGenerator) -> Schema,
}

/// Reads what an operation is asked with. Fields that it does not know are passed over: the page's `request` is one.
fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, SettingsError> {
    let body = if body.is_empty() { b"{}" } else { body };
    serde_json::from_slice(body).map_err(|fault| {
        let message =
            format!("The request is not what belongs here (line {}, column {}).", fault.line(), fault.column());
        Refusal { code: Code::InvalidRequest, message, details: None }.into()
    })
}

fn written(answer: impl Serialize) -> Result<Value, SettingsError> {
    serde_json::to_value(answer).map_err(|error| {
        tracing::error!(%error, "an answer cannot be written");
        Refusal { code: Code::InvalidRequest, message: "The answer cannot be written.".to_owned(), details: None }
            .into()
    })
}

macro_rules! operations {
    ($($name:literal $function:ident($request:ident) -> $answer:ident: $summary:literal;)*) => {
        /// All operations, in the order of the page.
        #[must_use]
        pub const fn all() -> &'static [Operation] {
            &[$(Operation {
                name: $name,
                summary: $summary,
                request: <settings::$request as JsonSchema>::json_schema,
                answer: <settings::$answer as JsonSchema>::json_schema,
            }),*]
        }

        /// What the words of each operation are called.
        pub(crate) fn schema_names(name: &str) -> Option<(&'static str, &'static str)> {
            match name {
                $($name => Some((stringify!($request), stringify!($answer))),)*
                _ => None,
            }
        }

        /// Has an operation done.
        pub(crate) async fn run(app: &App, caller: &Caller, name: &str, body: &[u8]) -> Result<Value, SettingsError> {
            match name {
                // Boxed: together they are a large future, and one of them runs.
                $($name => {
                    let request: settings::$request = read(body)?;
                    written(Box::pin(settings::$function(app, caller, request)).await?)
                })*
                _ => Err(Refusal { code: Code::InvalidRequest, message: "There is no such operation.".to_owned(), details: None }.into()),
            }
        }
    };
}

operations! {
    "overview" overview(Nothing) -> Overview: "The first look: connections, terms, types.";
    "accept-terms" accept_terms(AcceptTerms) -> Done: "Accepts the terms and the data processing agreement.";
    "save-credentials" save_credentials(SaveCredentials) -> Connected: "Checks Kleer's credentials and saves them.";
    "start-afresh" start_afresh(StartAfresh) -> Connected: "Forgets the connected Kleer company and connects another one.";
    "disconnect" disconnect(Nothing) -> Done: "Uninstalls the app in HubSpot and forgets all credentials.";
    "save-sync-settings" save_sync_settings(SaveSyncSettings) -> SyncSettingsView: "Saves what is chosen for all types together.";
    "products" products(ProductRequest) -> Choices: "Kleer's products, to choose the default product from.";
    "pipelines" pipelines(Nothing) -> Choices: "HubSpot's pipelines of projects.";
    "object" object(ObjectRequest) -> ObjectView: "What is chosen for a type, with its mappings.";
    "save-object" save_object(SaveObject) -> ObjectView: "Switches a type on or off, and saves where it goes and how often.";
    "save-schedule" save_schedule(SaveSchedule) -> ObjectView: "Saves how often a type is synchronized.";
    "save-mapping" save_mapping(SaveMapping) -> ObjectView: "Adds a mapping, or changes one.";
    "delete-mapping" delete_mapping(DeleteMapping) -> ObjectView: "Deletes a mapping.";
    "properties" properties(PropertyRequest) -> PropertyList: "The HubSpot properties that a field can be mapped to.";
    "create-property" create_property(CreateProperty) -> PropertyChoice: "Makes a HubSpot property for a field.";
    "status" status(Nothing) -> SyncStatus: "How all types stand: runs, freshness, payments, records per day.";
    "states" states(ObjectRequest) -> States: "How many records of a type are in which state.";
    "sync-now" sync_now(Which) -> Done: "Begins a run of one type or all.";
    "verify-now" verify_now(Which) -> Done: "Begins a comparison of one type or all with what HubSpot says.";
    "preview" preview(ObjectRequest) -> PreviewState: "Begins to find out what a run of a type would do; nothing is written.";
    "preview-state" preview_state(ObjectRequest) -> PreviewState: "How far a preview is, and what it found out.";
    "resync" resync(ObjectRequest) -> Done: "Writes all records of a type again.";
    "problems" problems(ProblemRequest) -> ProblemList: "Problems of records, page by page.";
    "retry" retry(RecordRequest) -> Done: "Tries one record again now.";
    "retry-all" retry_all(Which) -> Done: "Tries everything of one type or all again now that was refused.";
    "recreate" recreate(RecordRequest) -> Done: "Makes a HubSpot record again that was deleted or merged there.";
    "candidates" candidates(RecordRequest) -> Candidates: "The HubSpot records that a doubtful record may be.";
    "choose" choose(Choose) -> Done: "Says which HubSpot record a doubtful record is.";
    "activity" activity(ActivityRequest) -> ActivityPage: "What happened lately.";
    "find" find(Find) -> Found: "The state of every record with an id, on either side.";
}
