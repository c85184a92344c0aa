//! Object types: HubSpot's own (contract §3.1) and custom ones.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An object type id: `0-2` for companies, `2-17` for a custom object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectTypeId {
    /// 0 for HubSpot's own types, 2 for custom objects.
    pub meta: u32,
    /// The number within them.
    pub number: u32,
}

/// Contacts, `0-1`.
pub(crate) const CONTACTS: ObjectTypeId = own(1);
/// Companies, `0-2`.
pub(crate) const COMPANIES: ObjectTypeId = own(2);
/// Deals, `0-3`.
pub(crate) const DEALS: ObjectTypeId = own(3);
/// Products, `0-7`.
pub(crate) const PRODUCTS: ObjectTypeId = own(7);
/// Line items, `0-8`.
pub(crate) const LINE_ITEMS: ObjectTypeId = own(8);
/// Invoices, `0-53`.
pub(crate) const INVOICES: ObjectTypeId = own(53);
/// Commerce subscriptions, `0-69`.
pub(crate) const SUBSCRIPTIONS: ObjectTypeId = own(69);
/// Projects, `0-970`.
pub(crate) const PROJECTS: ObjectTypeId = own(970);

const fn own(number: u32) -> ObjectTypeId {
    ObjectTypeId { meta: 0, number }
}

/// What is fixed about one of HubSpot's own types.
pub(crate) struct StandardType {
    pub(crate) id: ObjectTypeId,
    /// Path name and part of the scope names.
    pub(crate) plural: &'static str,
    pub(crate) singular: &'static str,
    /// How a list of associations is keyed in `associations=` answers (contract §3.2).
    pub(crate) association_key: &'static str,
    /// The property that shows when a record was created.
    pub(crate) created: &'static str,
    /// The property that shows when a record was last changed.
    pub(crate) modified: &'static str,
    /// Returned when no `properties` are asked for, beside id and the two dates.
    pub(crate) shown: &'static [&'static str],
}

/// The one list of HubSpot's own types that the simulator keeps.
pub(crate) const STANDARD: &[StandardType] = &[
    standard(CONTACTS, "contacts", "contact", "createdate", &["firstname", "lastname", "email"]),
    standard(COMPANIES, "companies", "company", "createdate", &["name", "domain"]),
    standard(DEALS, "deals", "deal", "createdate", &["dealname", "amount", "closedate", "dealstage", "pipeline"]),
    standard(PRODUCTS, "products", "product", "createdate", &["name", "description", "price"]),
    standard(LINE_ITEMS, "line_items", "line_item", "createdate", &[]),
    standard(INVOICES, "invoices", "invoice", "hs_createdate", &[]),
    standard(SUBSCRIPTIONS, "subscriptions", "subscription", "hs_createdate", &[]),
    standard(PROJECTS, "projects", "project", "hs_createdate", &[]),
];

const fn standard(
    id: ObjectTypeId,
    plural: &'static str,
    singular: &'static str,
    created: &'static str,
    shown: &'static [&'static str],
) -> StandardType {
    StandardType {
        id,
        plural,
        singular,
        association_key: if id.number == 8 { "line items" } else { plural },
        created,
        modified: if id.number == 1 { "lastmodifieddate" } else { "hs_lastmodifieddate" },
        shown,
    }
}

impl ObjectTypeId {
    /// What is fixed about it, for HubSpot's own types.
    pub(crate) fn standard(self) -> Option<&'static StandardType> {
        STANDARD.iter().find(|standard| standard.id == self)
    }

    /// The property that shows when a record was created.
    pub(crate) fn created_property(self) -> &'static str {
        self.standard().map_or("hs_createdate", |standard| standard.created)
    }

    /// The property that shows when a record was last changed.
    pub(crate) fn modified_property(self) -> &'static str {
        self.standard().map_or("hs_lastmodifieddate", |standard| standard.modified)
    }

    /// How error messages call it: `COMPANY`, `LINE_ITEM`, or the id of a custom object.
    pub(crate) fn error_name(self) -> String {
        self.standard().map_or_else(|| self.to_string(), |standard| standard.singular.to_uppercase())
    }

    /// Its part in scope names: `companies`, or `custom`.
    pub(crate) fn scope_name(self) -> &'static str {
        self.standard().map_or("custom", |standard| standard.plural)
    }

    /// Reads a plural name, a singular name or an id of HubSpot's own types; custom ids are read without checking.
    pub(crate) fn parse(text: &str) -> Option<ObjectTypeId> {
        let lower = text.to_ascii_lowercase();
        STANDARD
            .iter()
            .find(|standard| lower == standard.plural || lower == standard.singular)
            .map(|standard| standard.id)
            .or_else(|| text.parse().ok())
    }
}

impl fmt::Display for ObjectTypeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.meta, self.number)
    }
}

impl FromStr for ObjectTypeId {
    type Err = String;

    fn from_str(text: &str) -> Result<ObjectTypeId, String> {
        let wrong = || format!("not an object type id: {text}");
        let (meta, number) = text.split_once('-').ok_or_else(wrong)?;
        let meta = meta.parse().map_err(|_| wrong())?;
        let number = number.parse().map_err(|_| wrong())?;
        Ok(ObjectTypeId { meta, number })
    }
}

impl Serialize for ObjectTypeId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ObjectTypeId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<ObjectTypeId, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}
