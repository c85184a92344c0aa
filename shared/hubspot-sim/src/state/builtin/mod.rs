//! HubSpot's own properties, one table per object type (contract §3.3 to §3.8). Not all of HubSpot's, but all that an
//! integration of this kind touches, with their types, options and read-only flags.

mod companies;
mod deals;
mod invoices;
mod line_items;
mod products;
mod projects;
mod subscriptions;

pub(crate) use companies::LIFECYCLE_STAGES;

use jiff::Timestamp;

use super::property::{Group, Property, PropertyOption};
use super::types::{self, ObjectTypeId};

/// One built-in property.
pub(crate) struct Builtin {
    name: &'static str,
    label: &'static str,
    kind: Kind,
    read_only: bool,
    calculated: bool,
}

/// Type, field type and options of a built-in property.
#[derive(Clone, Copy)]
enum Kind {
    Text,
    Area,
    Html,
    Phone,
    Number,
    Bool,
    Date,
    DateTime,
    Owner,
    Currency,
    /// Options by value; labels are made from them.
    Select(&'static [&'static str]),
    Checkbox(&'static [&'static str]),
    /// A pipeline or a stage: the options are the portal's.
    Pipeline,
}

const fn builtin(name: &'static str, label: &'static str, kind: Kind) -> Builtin {
    Builtin { name, label, kind, read_only: false, calculated: false }
}

const fn text(name: &'static str, label: &'static str) -> Builtin {
    builtin(name, label, Kind::Text)
}

const fn number(name: &'static str, label: &'static str) -> Builtin {
    builtin(name, label, Kind::Number)
}

const fn select(name: &'static str, label: &'static str, values: &'static [&'static str]) -> Builtin {
    builtin(name, label, Kind::Select(values))
}

impl Builtin {
    /// HubSpot maintains the value.
    const fn read_only(mut self) -> Builtin {
        self.read_only = true;
        self
    }

    /// HubSpot computes the value.
    const fn calculated(mut self) -> Builtin {
        self.read_only = true;
        self.calculated = true;
        self
    }

    fn data_type(&self) -> (&'static str, &'static str) {
        match self.kind {
            Kind::Text => ("string", "text"),
            Kind::Area => ("string", "textarea"),
            Kind::Html => ("string", "html"),
            Kind::Phone => ("string", "phonenumber"),
            Kind::Number => ("number", "number"),
            Kind::Bool => ("bool", "booleancheckbox"),
            Kind::Date => ("date", "date"),
            Kind::DateTime => ("datetime", "date"),
            Kind::Owner | Kind::Currency | Kind::Select(_) => ("enumeration", "select"),
            Kind::Checkbox(_) => ("enumeration", "checkbox"),
            Kind::Pipeline => ("enumeration", "radio"),
        }
    }

    fn options(&self, currencies: &[String]) -> Vec<PropertyOption> {
        match self.kind {
            Kind::Bool => options(["true", "false"].into_iter()),
            Kind::Select(values) | Kind::Checkbox(values) => options(values.iter().copied()),
            Kind::Currency => options(currencies.iter().map(String::as_str)),
            _ => Vec::new(),
        }
    }

    fn define(&self, group: &str, currencies: &[String], since: Timestamp) -> Property {
        let (data_type, field_type) = self.data_type();
        let owner = matches!(self.kind, Kind::Owner);
        Property {
            name: self.name.to_owned(),
            label: self.label.to_owned(),
            data_type: data_type.to_owned(),
            field_type: field_type.to_owned(),
            group_name: group.to_owned(),
            description: String::new(),
            options: self.options(currencies),
            display_order: -1,
            has_unique_value: self.name == "email",
            hidden: false,
            form_field: false,
            hubspot_defined: true,
            calculated: self.calculated,
            external_options: owner || matches!(self.kind, Kind::Pipeline),
            referenced_object_type: owner.then(|| "OWNER".to_owned()),
            read_only_value: self.read_only,
            created_at: since,
            updated_at: since,
            archived_at: None,
            visible_at: since,
        }
    }
}

fn options<'a>(values: impl Iterator<Item = &'a str>) -> Vec<PropertyOption> {
    let option = |(order, value): (usize, &str)| PropertyOption {
        label: label_of(value),
        value: value.to_owned(),
        display_order: i64::try_from(order).unwrap_or(-1),
        hidden: false,
        description: None,
    };
    values.enumerate().map(option).collect()
}

/// `on_track` becomes `On track`; `true` and `false` become `Yes` and `No`; currency codes stay.
fn label_of(value: &str) -> String {
    match value {
        "true" => "Yes".to_owned(),
        "false" => "No".to_owned(),
        _ if value.len() == 3 && value.chars().all(|c| c.is_ascii_uppercase()) => value.to_owned(),
        _ => {
            let lower = value.replace('_', " ").to_lowercase();
            let mut letters = lower.chars();
            letters.next().map(|first| first.to_uppercase().collect::<String>() + letters.as_str()).unwrap_or_default()
        }
    }
}

/// Every object type has these.
const COMMON: &[Builtin] = &[
    number("hs_object_id", "Record ID").read_only(),
    builtin("hs_lastmodifieddate", "Object last modified date/time", Kind::DateTime).read_only(),
    builtin("hs_createdate", "Object create date/time", Kind::DateTime).read_only(),
    text("hs_merged_object_ids", "Merged record IDs").read_only(),
    builtin("hubspot_owner_id", "Owner", Kind::Owner),
];

const CONTACTS: &[Builtin] = &[
    text("firstname", "First name"),
    text("lastname", "Last name"),
    text("email", "Email"),
    builtin("phone", "Phone number", Kind::Phone),
    text("company", "Company name"),
    builtin("createdate", "Create date", Kind::DateTime).read_only(),
    builtin("lastmodifieddate", "Last modified date", Kind::DateTime).read_only(),
];

/// A custom object has its own properties and these.
const CUSTOM: &[Builtin] = &[];

fn own(object_type: ObjectTypeId) -> (&'static str, &'static str, &'static [Builtin]) {
    match object_type {
        types::CONTACTS => ("contactinformation", "Contact information", CONTACTS),
        types::COMPANIES => ("companyinformation", "Company information", companies::PROPERTIES),
        types::DEALS => ("dealinformation", "Deal information", deals::PROPERTIES),
        types::PRODUCTS => ("productinformation", "Product information", products::PROPERTIES),
        types::LINE_ITEMS => ("lineiteminformation", "Line item information", line_items::PROPERTIES),
        types::INVOICES => ("invoiceinformation", "Invoice information", invoices::PROPERTIES),
        types::SUBSCRIPTIONS => ("subscriptioninformation", "Subscription information", subscriptions::PROPERTIES),
        types::PROJECTS => ("projectinformation", "Project information", projects::PROPERTIES),
        _ => ("custom_object_information", "Object information", CUSTOM),
    }
}

/// The group that HubSpot's own properties of this type are in.
pub(crate) fn group(object_type: ObjectTypeId) -> Group {
    let (name, label, _) = own(object_type);
    Group { name: name.to_owned(), label: label.to_owned(), display_order: 0, archived: false }
}

/// The definitions a portal has from the start.
pub(crate) fn properties(object_type: ObjectTypeId, currencies: &[String], since: Timestamp) -> Vec<Property> {
    let (group, _, own) = own(object_type);
    own.iter().chain(COMMON).map(|builtin| builtin.define(group, currencies, since)).collect()
}
