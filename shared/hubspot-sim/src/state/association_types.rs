//! Which associations exist between which types, and their ids in either direction (contract §6).

use serde::{Deserialize, Serialize};

use super::portal::Portal;
use super::types::{COMPANIES, CONTACTS, DEALS, INVOICES, LINE_ITEMS, ObjectTypeId, PROJECTS, SUBSCRIPTIONS};

/// Who defined an association type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Category {
    HubspotDefined,
    UserDefined,
    IntegratorDefined,
    Work,
}

/// One type of association, in one direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Label {
    pub(crate) category: Category,
    pub(crate) type_id: u32,
}

/// A row of the table: both directions of one association type.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct AssociationType {
    pub(crate) from: ObjectTypeId,
    pub(crate) to: ObjectTypeId,
    pub(crate) category: Category,
    pub(crate) id: u32,
    pub(crate) inverse_id: u32,
    /// What people see, read from `from` and from `to`; none for the plain association.
    pub(crate) label: Option<String>,
    pub(crate) inverse_label: Option<String>,
}

/// HubSpot's own rows: from, to, id, id of the reverse, label. The first row of a pair is its default.
/// The reverses of 1299 and 1345 are not documented; they are guesses.
const HUBSPOT_DEFINED: &[(ObjectTypeId, ObjectTypeId, u32, u32, Option<&str>)] = &[
    (INVOICES, COMPANIES, 179, 180, None),
    (INVOICES, CONTACTS, 177, 178, None),
    (INVOICES, DEALS, 175, 176, None),
    (INVOICES, LINE_ITEMS, 409, 410, None),
    (INVOICES, SUBSCRIPTIONS, 622, 623, None),
    (SUBSCRIPTIONS, COMPANIES, 297, 298, None),
    (SUBSCRIPTIONS, CONTACTS, 295, 296, None),
    (SUBSCRIPTIONS, DEALS, 299, 300, None),
    (SUBSCRIPTIONS, LINE_ITEMS, 301, 302, None),
    (SUBSCRIPTIONS, LINE_ITEMS, 564, 565, Some("Upcoming Line Item")),
    (PROJECTS, COMPANIES, 1236, 1237, None),
    (PROJECTS, COMPANIES, 1299, 1300, Some("Primary")),
    (PROJECTS, DEALS, 1238, 1239, None),
    (PROJECTS, CONTACTS, 1242, 1243, None),
    (LINE_ITEMS, DEALS, 20, 19, None),
    (LINE_ITEMS, PROJECTS, 1345, 1346, None),
    (DEALS, COMPANIES, 341, 342, None),
    (DEALS, COMPANIES, 5, 6, Some("Primary")),
    (DEALS, CONTACTS, 3, 4, None),
    (CONTACTS, COMPANIES, 279, 280, None),
    (CONTACTS, COMPANIES, 1, 2, Some("Primary")),
    (CONTACTS, CONTACTS, 449, 449, None),
    (COMPANIES, COMPANIES, 450, 450, None),
    (COMPANIES, COMPANIES, 13, 14, Some("Parent Company")),
];

impl Portal {
    /// Every type from one object type to another, the default first.
    pub(crate) fn types_between(&self, from: ObjectTypeId, to: ObjectTypeId) -> Vec<AssociationType> {
        let own = HUBSPOT_DEFINED.iter().map(|(from, to, id, inverse_id, label)| AssociationType {
            from: *from,
            to: *to,
            category: Category::HubspotDefined,
            id: *id,
            inverse_id: *inverse_id,
            label: label.map(str::to_owned),
            inverse_label: label.map(str::to_owned),
        });
        let mut found = Vec::new();
        for row in own.chain(self.association_types.iter().cloned()) {
            if (row.from, row.to) == (from, to) {
                found.push(row.clone());
            }
            if (row.to, row.from) == (from, to) && row.id != row.inverse_id {
                found.push(row.turned());
            }
        }
        found
    }

    /// The plain type between two object types.
    pub(crate) fn default_type(&self, from: ObjectTypeId, to: ObjectTypeId) -> Option<AssociationType> {
        self.types_between(from, to).into_iter().next()
    }

    /// The first free id for a custom label.
    pub(crate) fn next_association_type_id(&self) -> u32 {
        self.association_types.iter().map(|row| row.id.max(row.inverse_id)).max().unwrap_or(0) + 1
    }
}

impl AssociationType {
    /// The same type seen from the other end.
    fn turned(self) -> AssociationType {
        AssociationType {
            from: self.to,
            to: self.from,
            category: self.category,
            id: self.inverse_id,
            inverse_id: self.id,
            label: self.inverse_label,
            inverse_label: self.label,
        }
    }

    /// The type in this direction.
    pub(crate) fn forward(&self) -> Label {
        Label { category: self.category, type_id: self.id }
    }

    /// The type in the other direction.
    pub(crate) fn backward(&self) -> Label {
        Label { category: self.category, type_id: self.inverse_id }
    }

    /// A named relation between people's records (Primary, a custom label), which always rests on the plain one.
    pub(crate) fn is_label(&self) -> bool {
        self.label.is_some() && self.id != 564 && self.id != 565
    }
}

impl Category {
    pub(crate) fn text(self) -> &'static str {
        match self {
            Category::HubspotDefined => "HUBSPOT_DEFINED",
            Category::UserDefined => "USER_DEFINED",
            Category::IntegratorDefined => "INTEGRATOR_DEFINED",
            Category::Work => "WORK",
        }
    }
}
