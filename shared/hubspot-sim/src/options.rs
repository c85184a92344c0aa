//! What a simulator is started with: the app, the portals, the switches.

mod webhooks;
mod workflows;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::faults::Faults;
use crate::http::scopes;

pub use webhooks::{Subscription, Webhooks};
pub use workflows::{WorkflowAction, Workflows};

/// Everything a [`crate::Simulator`] is started with.
#[derive(Clone, Debug)]
pub struct Options {
    /// Seeds every random choice (result order, correlation ids, tokens, faults).
    pub seed: u64,
    /// The one public app that portals install.
    pub app: App,
    /// The customers' accounts.
    pub portals: Vec<PortalOptions>,
    /// The rate budgets (contract hubspot-crm §8).
    pub limits: Limits,
    /// How long answers take.
    pub latency: Latency,
    /// What goes wrong from the start.
    pub faults: Faults,
    /// The webhooks of the app.
    pub webhooks: Webhooks,
    /// The workflow actions of the app.
    pub workflows: Workflows,
}

/// The developer's app.
#[derive(Clone, Debug)]
pub struct App {
    /// Stands in `sourceId` of our own writes and in `groupName` of 429 answers.
    pub app_id: u64,
    /// OAuth client id.
    pub client_id: String,
    /// OAuth client secret.
    pub client_secret: String,
    /// Scopes a consent must contain; without them the authorize page refuses.
    pub required_scopes: Vec<String>,
    /// Where a consent may send the browser; any place when empty.
    pub redirect_uris: Vec<String>,
}

/// One customer's account.
#[derive(Clone, Debug)]
pub struct PortalOptions {
    /// The portal (hub) id.
    pub id: u64,
    /// Host of the user interface, for record links.
    pub ui_domain: String,
    /// The customer's own web domain, as introspection shows it.
    pub hub_domain: String,
    /// `STANDARD`, `DEVELOPER_TEST` or `SANDBOX`.
    pub account_type: String,
    /// IANA name of the portal's time zone.
    pub time_zone: String,
    /// Company currency, then the additional ones (ISO codes).
    pub currencies: Vec<String>,
    /// What the portal's plan can grant; an app asking for more gets these only.
    pub scopes: Vec<String>,
    /// Tokens that never expire.
    pub tokens: Vec<StaticToken>,
    /// The users records can be assigned to.
    pub owners: Vec<Owner>,
    /// Properties that exist from the start beside HubSpot's own, such as another app's `kleer_id`.
    pub properties: Vec<ExistingProperty>,
    /// Custom objects that exist from the start (Enterprise).
    pub custom_objects: Vec<CustomObject>,
    /// What can be changed while the simulator runs.
    pub switches: Switches,
}

/// A bearer token that never expires.
#[derive(Clone, Debug)]
pub struct StaticToken {
    /// The token.
    pub token: String,
    /// Whose writes are made with it.
    pub user: TokenUser,
    /// The scopes it was granted; `None` means all that the portal can grant.
    pub scopes: Option<Vec<String>>,
}

/// Who stands behind a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenUser {
    /// Our app: its writes have `changeSource` `INTEGRATION` and our app id as `sourceId`.
    App,
    /// A person in HubSpot's pages: `changeSource` `CRM_UI`.
    Person(u64),
}

/// A user records can be assigned to.
#[derive(Clone, Debug)]
pub struct Owner {
    /// The owner id, which properties like `hubspot_owner_id` hold.
    pub id: u64,
    /// The user id behind it.
    pub user_id: u64,
    /// E-mail address.
    pub email: String,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
}

/// A property that exists before our app is installed.
#[derive(Clone, Debug)]
pub struct ExistingProperty {
    /// Plural name or id of the object type.
    pub object_type: String,
    /// Internal name.
    pub name: String,
    /// Data type, such as `string`.
    pub data_type: String,
    /// Form field, such as `text`.
    pub field_type: String,
    /// Whether it can serve as `idProperty`.
    pub unique: bool,
}

/// A custom object of an Enterprise portal.
#[derive(Clone, Debug)]
pub struct CustomObject {
    /// The number after `2-`.
    pub number: u32,
    /// Internal name, also the path name.
    pub name: String,
    /// Label of one record.
    pub singular: String,
    /// Label of many records.
    pub plural: String,
    /// Names of its string properties; the first is the primary display property and required.
    pub properties: Vec<String>,
}

/// What can be changed in a portal while the simulator runs (`PUT /_sim/switches`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Switches {
    /// Projects are not available: their calls answer 403 (contract §3.7).
    pub projects_disabled: bool,
    /// The account collects no payments: creating a subscription is refused (contract §3.6).
    pub payments_not_set_up: bool,
    /// With `payments_not_set_up`: the refusal is a 403 for the whole call, not a 400 for each new subscription. Which of
    /// the two HubSpot does is unknown (contract §12, 10).
    pub payments_refused_whole: bool,
    /// An invoice that is not billable may be created with another status than draft, and without line items
    /// (contract §3.5 and §11, unverified).
    pub invoice_status_on_create: bool,
    /// Apps cannot set `hs_invoice_billable` after creation: `READ_ONLY_VALUE` (contract §3.5, unverified).
    pub invoice_billable_fixed: bool,
    /// The account allows deleting open invoices (contract §3.5).
    pub open_invoices_deletable: bool,
    /// Line items with a negative quantity are refused (contract §3.4, unverified).
    pub negative_quantity_refused: bool,
    /// Subscriptions take line items that are not recurring (contract §3.6 says they do not).
    pub one_time_subscription_lines: bool,
    /// A merge makes a new record and puts both others away, as HubSpot has done with companies since 2025, instead of
    /// keeping the survivor's id (contract hubspot-platform §4.4).
    pub merge_makes_new_record: bool,
    /// A merge also fires a deletion for every record that it puts away (unknown; contract hubspot-platform §4.4).
    pub merge_deletes: bool,
    /// Whoever is asked to consent to the app declines.
    pub consent_declined: bool,
    /// Access tokens live on until they expire after an uninstall (contract hubspot-platform §7.4).
    pub access_outlives_uninstall: bool,
    /// The account is gone: refreshing answers `BAD_HUB`, everything else as after an uninstall (contract §2.5).
    pub portal_gone: bool,
    /// Scopes that tokens were granted and do not have any more, because an administrator took the right away (contract §2.6).
    pub lost_scopes: Vec<String>,
    /// No rate budget is enforced.
    pub limits_off: bool,
    /// Results of batch calls keep the order of the inputs instead of being shuffled by the seed.
    pub order_kept: bool,
    /// Properties an administrator requires at creation, by plural object name; from 2026-09 on only (contract §1).
    pub required: BTreeMap<String, Vec<String>>,
    /// Conditionally required properties; from 2026-09 on only (contract §1).
    pub conditional: Vec<ConditionalRule>,
    /// Built-in properties that are read-only in this portal, by plural object name (id for custom objects): `hs_status`
    /// of subscriptions, `hs_amount_billed` and `hs_balance_due` of invoices are unverified (contract §13).
    pub read_only: BTreeMap<String, Vec<String>>,
    /// As `read_only`, but the definition does not say so: it shows only when a value is written. `hs_status` of
    /// subscriptions and `hs_number` of invoices may be so (contract §3.5, §3.6, §13).
    pub hidden_read_only: BTreeMap<String, Vec<String>>,
    /// Object types, by plural name (id for custom objects), on which no unique property can be created: nobody has tried
    /// it on all of them (contract §13, 4).
    pub unique_refused: Vec<String>,
    /// How long a change is invisible to search, in milliseconds (contract §5).
    pub search_lag_ms: u64,
    /// How long a new property is invisible, in milliseconds (contract §7: 250 to 700).
    pub property_delay_ms: u64,
}

/// "When `property` has `value`, `requires` must be filled."
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConditionalRule {
    /// Plural object name.
    pub object_type: String,
    /// The controlling property.
    pub property: String,
    /// Its value that makes the others required.
    pub value: String,
    /// The properties that must then have a value.
    pub requires: Vec<String>,
}

/// A number of requests in a rolling interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limit {
    /// Requests allowed within the interval.
    pub requests: u32,
    /// Length of the interval in milliseconds.
    pub interval_ms: u64,
}

/// The three budgets of a portal (contract §8).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Everything but search and associations.
    pub standard: Limit,
    /// CRM search.
    pub search: Limit,
    /// The association batch and label endpoints.
    pub associations: Limit,
}

/// How long an answer takes, beside faults.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Latency {
    /// Milliseconds for every request.
    pub base_ms: u64,
    /// Milliseconds more for every input of a batch.
    pub per_record_ms: u64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            standard: Limit { requests: 110, interval_ms: 10_000 },
            search: Limit { requests: 5, interval_ms: 1_000 },
            associations: Limit { requests: 100, interval_ms: 10_000 },
        }
    }
}

impl Default for App {
    fn default() -> App {
        App {
            app_id: 1_000_001,
            client_id: "demo-client".to_owned(),
            client_secret: "demo-secret".to_owned(),
            required_scopes: vec!["oauth".to_owned()],
            redirect_uris: Vec::new(),
        }
    }
}

impl Default for Options {
    /// The demo's app and portal without lags, delays or faults.
    fn default() -> Options {
        Options {
            seed: 1,
            app: App::default(),
            portals: vec![PortalOptions::demo()],
            limits: Limits::default(),
            latency: Latency::default(),
            faults: Faults::default(),
            webhooks: Webhooks::default(),
            workflows: Workflows::default(),
        }
    }
}

impl Options {
    /// The demo's app and portal 4242 with the lags of the real service: search a second late, new properties 500 ms late.
    pub fn demo() -> Options {
        let mut options = Options::default();
        for portal in &mut options.portals {
            portal.switches.search_lag_ms = 1_000;
            portal.switches.property_delay_ms = 500;
        }
        options
    }

    /// The app lives at `base`, such as `https://kleer.example`: webhooks go to `/webhooks/hubspot` there, the demo's
    /// actions to `/actions/{name}`, their choices come from `/actions/options`, and consents end at `/oauth/callback`.
    pub fn calling(mut self, base: &str) -> Options {
        let base = base.trim_end_matches('/');
        self.webhooks.target = Some(format!("{base}/webhooks/hubspot"));
        self.workflows.actions = Workflows::demo_actions(base);
        self.app.redirect_uris = vec![format!("{base}/oauth/callback")];
        self
    }
}

impl PortalOptions {
    /// Portal 4242 with the tokens `demo-app-token` (our app) and `demo-token` (a CRM user).
    pub fn demo() -> PortalOptions {
        let mut portal = PortalOptions::new(4242);
        portal.tokens = vec![
            StaticToken { token: "demo-app-token".to_owned(), user: TokenUser::App, scopes: None },
            StaticToken { token: "demo-token".to_owned(), user: TokenUser::Person(501), scopes: None },
        ];
        portal
    }

    /// A Swedish portal without tokens, with two owners.
    pub fn new(id: u64) -> PortalOptions {
        let owner = |id, user_id, first: &str, last: &str| Owner {
            id,
            user_id,
            email: format!("{}@example.com", first.to_lowercase()),
            first_name: first.to_owned(),
            last_name: last.to_owned(),
        };
        PortalOptions {
            id,
            ui_domain: "app.hubspot.com".to_owned(),
            hub_domain: "example.com".to_owned(),
            account_type: "STANDARD".to_owned(),
            time_zone: "Europe/Stockholm".to_owned(),
            currencies: ["SEK", "EUR", "USD", "NOK", "DKK"].map(str::to_owned).to_vec(),
            scopes: scopes::ALL.iter().map(|scope| (*scope).to_owned()).collect(),
            tokens: Vec::new(),
            owners: vec![owner(7001, 501, "Anna", "Andersson"), owner(7002, 502, "Björn", "Berg")],
            properties: Vec::new(),
            custom_objects: Vec::new(),
            switches: Switches::default(),
        }
    }

    /// Adds a non-unique `kleer_id`, as another app leaves it behind (contract §7, trap), to the named object types.
    pub fn with_foreign_kleer_id(mut self, object_types: &[&str]) -> PortalOptions {
        self.properties.extend(object_types.iter().map(|object_type| ExistingProperty {
            object_type: (*object_type).to_owned(),
            name: "kleer_id".to_owned(),
            data_type: "string".to_owned(),
            field_type: "text".to_owned(),
            unique: false,
        }));
        self
    }
}
