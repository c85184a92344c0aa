//! What the app's project file says about webhooks, and how well they are delivered.

use serde::{Deserialize, Serialize};

use crate::state::types::{self, ObjectTypeId};

/// The properties of a company whose change starts an import (contract product §5.3).
const COMPANY_PROPERTIES: [&str; 28] = [
    "name",
    "domain",
    "phone",
    "address",
    "address2",
    "city",
    "state",
    "zip",
    "country",
    "description",
    "industry",
    "website",
    "numberofemployees",
    "annualrevenue",
    "orgno",
    "organization_number",
    "registration_number",
    "vat_number",
    "email",
    "invoice_email",
    "kleer_email",
    "invoice_delivery_method",
    "kleer_delivery_method",
    "invoice_payment_days",
    "kleer_payment_days",
    "currency",
    "kleer_currency",
    "default_currency",
];

/// Subscriptions of an app, each property counting as one (contract hubspot-platform §4.1).
const MOST_SUBSCRIPTIONS: usize = 1000;
/// HubSpot's own names without the generic form (contract §4.1).
const CLASSIC: [&str; 6] = ["contact", "company", "deal", "ticket", "product", "line_item"];
/// Cannot be subscribed (contract §4.2).
const UNWATCHED: [&str; 2] = ["hs_lastmodifieddate", "num_unique_conversion_events"];

/// Where the app wants to hear of what (contract hubspot-platform §4), and how badly the deliveries go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Webhooks {
    /// `targetUrl`. Without one there are no events at all.
    pub target: Option<String>,
    /// What the app subscribes to.
    pub subscriptions: Vec<Subscription>,
    /// `maxConcurrentRequests`: requests in flight per portal.
    pub max_concurrent_requests: usize,
    /// Every event is sent so many milliseconds after it happened; what falls due together is sent together.
    pub delay_ms: u64,
    /// Events that are sent twice, in thousandths; the second comes up to a minute after the first.
    pub duplicates: u32,
    /// Events that are never sent, in thousandths.
    pub lost: u32,
    /// Events are sent in the order in which they happened, instead of being shuffled by the seed.
    pub order_kept: bool,
    /// Projects can be subscribed, which is unproven (contract §4.3).
    pub project_events: bool,
    /// What happened before an uninstall is still delivered after it (contract §7.4).
    pub late_after_uninstall: bool,
}

/// One subscription, as the project file writes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Subscription {
    /// `object.creation`, `.deletion`, `.merge`, `.restore` or `.propertyChange`; or with HubSpot's classic names, such as
    /// `company.creation`.
    pub subscription_type: String,
    /// The object type of an `object.…` subscription, by any of its names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object_type: Option<String>,
    /// The property of a `….propertyChange` subscription.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub property_name: Option<String>,
    /// Only active ones fire.
    #[serde(default = "active")]
    pub active: bool,
}

fn active() -> bool {
    true
}

impl Default for Webhooks {
    /// The subscriptions of the demo's app, and no target yet.
    fn default() -> Webhooks {
        let mut webhooks = Webhooks {
            target: None,
            subscriptions: Vec::new(),
            max_concurrent_requests: 10,
            delay_ms: 0,
            duplicates: 0,
            lost: 0,
            order_kept: false,
            project_events: false,
            late_after_uninstall: false,
        };
        webhooks.subscribe("company", &COMPANY_PROPERTIES);
        for object_type in ["invoice", "subscription", "product"] {
            webhooks.subscriptions.push(Subscription::of("deletion", object_type));
        }
        webhooks
    }
}

impl Webhooks {
    /// Subscribes to creation, deletion, merge and restore of an object type, and to changes of these properties.
    pub fn subscribe(&mut self, object_type: &str, properties: &[&str]) {
        let life = ["creation", "deletion", "merge", "restore"].map(|what| Subscription::of(what, object_type));
        let changes = properties.iter().map(|property| Subscription {
            property_name: Some((*property).to_owned()),
            ..Subscription::of("propertyChange", object_type)
        });
        self.subscriptions.extend(life.into_iter().chain(changes));
    }

    /// Whether anything of an object type is listened to.
    pub(crate) fn hears(&self, object_type: ObjectTypeId) -> bool {
        self.target.is_some() && self.subscriptions.iter().any(|one| one.active && one.watched() == Some(object_type))
    }

    /// The active subscriptions to something that can happen to a record of a type, with their ids.
    pub(crate) fn to(
        &self,
        object_type: ObjectTypeId,
        what: &str,
        property: Option<&str>,
    ) -> impl Iterator<Item = (u64, &Subscription)> {
        let fits = move |one: &Subscription| {
            one.active
                && one.happening() == what
                && one.property_name.as_deref() == property
                && one.watched() == Some(object_type)
        };
        self.with_ids().filter(move |(_, one)| fits(one))
    }

    /// Subscriptions with the ids that their deliveries carry.
    pub(crate) fn with_ids(&self) -> impl Iterator<Item = (u64, &Subscription)> {
        (610_001..).zip(&self.subscriptions)
    }

    /// What HubSpot would refuse to upload.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub(crate) fn check(&self) -> Result<(), String> {
        if self.max_concurrent_requests <= 5 {
            return Err("max_concurrent_requests must be greater than 5".to_owned());
        }
        if self.subscriptions.len() > MOST_SUBSCRIPTIONS {
            return Err(format!("an app has at most {MOST_SUBSCRIPTIONS} subscriptions"));
        }
        if let Some(target) = &self.target {
            check_url(target)?;
        }
        self.subscriptions.iter().try_for_each(|one| {
            let told = |problem: &str| Err(format!("{}: {problem}", one.subscription_type));
            one.check().or_else(told)?;
            let project = one.watched() == Some(types::PROJECTS) && !self.project_events;
            if project { told("project is not a supported object type") } else { Ok(()) }
        })
    }
}

impl Subscription {
    /// A generic subscription to one thing that can happen to an object type.
    fn of(what: &str, object_type: &str) -> Subscription {
        Subscription {
            subscription_type: format!("object.{what}"),
            object_type: Some(object_type.to_owned()),
            property_name: None,
            active: true,
        }
    }

    /// Whether it has the generic form, whose events carry `objectTypeId`.
    pub(crate) fn is_generic(&self) -> bool {
        self.subscription_type.starts_with("object.")
    }

    fn happening(&self) -> &str {
        self.subscription_type.split_once('.').map_or("", |(_, what)| what)
    }

    fn watched(&self) -> Option<ObjectTypeId> {
        let prefix = self.subscription_type.split('.').next()?;
        ObjectTypeId::parse(if self.is_generic() { self.object_type.as_deref()? } else { prefix })
    }

    fn check(&self) -> Result<(), &'static str> {
        let prefix = self.subscription_type.split('.').next().unwrap_or_default();
        if !self.is_generic() && !CLASSIC.contains(&prefix) {
            return Err("not a subscription type; the generic form is object.… with an objectType");
        }
        if self.is_generic() == self.object_type.is_none() {
            return Err("an objectType belongs to the generic form, and only to it");
        }
        match self.watched() {
            None => return Err("unknown object type"),
            Some(custom) if custom.standard().is_none() => {
                return Err("custom objects are supported in private apps only");
            }
            Some(_) => {}
        }
        match (self.happening(), self.property_name.as_deref()) {
            ("creation" | "deletion" | "merge" | "restore", None) => Ok(()),
            ("creation" | "deletion" | "merge" | "restore", Some(_)) => Err("takes no propertyName"),
            ("propertyChange", None) => Err("needs a propertyName"),
            ("propertyChange", Some(name)) if UNWATCHED.contains(&name) => Err("this property cannot be subscribed"),
            ("propertyChange", Some(_)) => Ok(()),
            ("associationChange", _) => Err("association changes are not simulated"),
            _ => Err("not a subscription type"),
        }
    }
}

/// A URL that HubSpot can call. Real ones are https; the simulator also takes http, for one machine.
pub(crate) fn check_url(url: &str) -> Result<(), String> {
    let parsed: http::Uri = url.parse().map_err(|_| format!("{url} is not a URL"))?;
    let web = matches!(parsed.scheme_str(), Some("http" | "https")) && parsed.host().is_some();
    if web { Ok(()) } else { Err(format!("{url} is not a whole http or https URL")) }
}
