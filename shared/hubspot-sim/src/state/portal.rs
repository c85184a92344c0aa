//! One customer's account.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::association_types::{AssociationType, Label};
use super::change::RecordKey;
use super::error::ApiError;
use super::property::Property;
use super::schemas::Schema;
use super::store::Store;
use super::types::{ObjectTypeId, STANDARD};
use super::{builtin, properties};
use crate::options::{CustomObject, ExistingProperty, PortalOptions, Switches, TokenUser};

/// One customer's account.
pub(crate) struct Portal {
    pub(crate) id: u64,
    pub(crate) options: PortalOptions,
    pub(crate) switches: Switches,
    /// Whether our app is installed. It is, from the start, where the options hold a token of it.
    pub(crate) installed: bool,
    stores: BTreeMap<ObjectTypeId, Store>,
    pub(crate) schemas: BTreeMap<ObjectTypeId, Schema>,
    /// Both directions of every association.
    pub(crate) associations: BTreeMap<(RecordKey, RecordKey), BTreeSet<Label>>,
    /// Custom labels and the types that came with custom objects.
    pub(crate) association_types: Vec<AssociationType>,
}

impl Portal {
    /// The portal as it is before anything happened.
    pub(crate) fn new(options: PortalOptions, since: Timestamp) -> Portal {
        let mut portal = Portal {
            id: options.id,
            switches: options.switches.clone(),
            installed: options.tokens.iter().any(|token| token.user == TokenUser::App),
            stores: BTreeMap::new(),
            schemas: BTreeMap::new(),
            associations: BTreeMap::new(),
            association_types: Vec::new(),
            options,
        };
        for standard in STANDARD {
            let store = portal.stores.entry(standard.id).or_default();
            let group = builtin::group(standard.id);
            store.groups.insert(group.name.clone(), group);
            for property in builtin::properties(standard.id, &portal.options.currencies, since) {
                store.define(property);
            }
        }
        for custom in portal.options.custom_objects.clone() {
            portal.add_custom_object(custom, since);
        }
        for existing in portal.options.properties.clone() {
            portal.add_existing_property(existing, since);
        }
        portal
    }

    /// Whether our app is there and the account is too.
    pub(crate) fn has_app(&self) -> bool {
        self.installed && !self.switches.portal_gone
    }

    fn add_custom_object(&mut self, custom: CustomObject, since: Timestamp) {
        let id = ObjectTypeId { meta: 2, number: custom.number };
        let primary = custom.properties.first().cloned().unwrap_or_else(|| "name".to_owned());
        self.add_schema(Schema {
            id,
            name: custom.name,
            singular: custom.singular,
            plural: custom.plural,
            required_properties: vec![primary.clone()],
            searchable_properties: vec![primary.clone()],
            primary_display_property: primary,
            secondary_display_properties: Vec::new(),
            created_at: since,
        });
        for name in custom.properties {
            self.store_mut(id).define(Portal::plain_property(id, &name, since));
        }
        for other in STANDARD.iter().filter(|other| other.plural != "products") {
            let first = self.next_association_type_id();
            self.association_types.push(properties::integrator_type(id, other.id, first));
        }
    }

    fn add_existing_property(&mut self, existing: ExistingProperty, since: Timestamp) {
        let Some(id) = self.find_type(&existing.object_type) else { return };
        let property = Property {
            data_type: existing.data_type,
            field_type: existing.field_type,
            has_unique_value: existing.unique,
            ..properties::plain(&existing.name, &builtin::group(id).name, since)
        };
        self.store_mut(id).define(property);
    }

    /// The store of an object type that exists (see [`Portal::object_type`]).
    pub(crate) fn store(&self, object_type: ObjectTypeId) -> &Store {
        self.stores.get(&object_type).expect("object types are resolved before their store is asked for")
    }

    /// The store of an object type, made if need be.
    pub(crate) fn store_mut(&mut self, object_type: ObjectTypeId) -> &mut Store {
        self.stores.entry(object_type).or_default()
    }

    /// All object types with their stores.
    pub(crate) fn stores(&self) -> impl Iterator<Item = (ObjectTypeId, &Store)> {
        self.stores.iter().map(|(id, store)| (*id, store))
    }

    /// The object type behind a plural or singular name, an id, or a custom object's names.
    pub(crate) fn find_type(&self, text: &str) -> Option<ObjectTypeId> {
        let by_name = |schema: &&Schema| schema.name == text || schema.qualified_name(self.id) == text;
        let custom = || self.schemas.values().find(by_name).map(|schema| schema.id);
        ObjectTypeId::parse(text).or_else(custom).filter(|id| self.stores.contains_key(id))
    }

    /// As [`Portal::find_type`], or HubSpot's refusal.
    pub(crate) fn object_type(&self, text: &str) -> Result<ObjectTypeId, ApiError> {
        self.find_type(text).ok_or_else(|| ApiError::bare(400, format!("Unable to infer object type from: {text}")))
    }

    /// A definition that can be used now.
    pub(crate) fn property(&self, object_type: ObjectTypeId, name: &str, now: Timestamp) -> Option<&Property> {
        self.store(object_type).properties.get(name).filter(|property| property.usable(now))
    }

    /// How the switches call an object type: by plural name, or id for custom objects.
    pub(crate) fn type_name(&self, object_type: ObjectTypeId) -> String {
        object_type.standard().map_or_else(|| object_type.to_string(), |standard| standard.plural.to_owned())
    }

    /// Whether a switch makes this property read-only, and its definition says so.
    pub(crate) fn switched_read_only(&self, object_type: ObjectTypeId, name: &str) -> bool {
        self.is_listed(&self.switches.read_only, object_type, name)
    }

    /// Whether a switch refuses values of this property, whatever its definition says.
    pub(crate) fn refuses_values(&self, object_type: ObjectTypeId, name: &str) -> bool {
        let hidden = self.is_listed(&self.switches.hidden_read_only, object_type, name);
        hidden || self.switched_read_only(object_type, name)
    }

    fn is_listed(&self, by_type: &BTreeMap<String, Vec<String>>, object_type: ObjectTypeId, name: &str) -> bool {
        by_type.get(&self.type_name(object_type)).is_some_and(|names| names.iter().any(|one| one == name))
    }
}
