//! What tests and the demo do in process, where the control routes would be a detour.

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::options::Switches;
use crate::simulator::Simulator;
use crate::state::State;
use crate::state::association_types::{Category, Label};
use crate::state::batch::Place;
use crate::state::change::Change;
use crate::state::error::ApiError;
use crate::state::property::Property;
use crate::state::record::{Record, Source, SourceKind};

/// The user who edits in process.
const PERSON: Source = Source { kind: SourceKind::CrmUi, id: 501 };

/// Property names and values.
type Values<'a> = &'a [(&'a str, &'a str)];

fn properties(values: Values<'_>) -> Map<String, Value> {
    values.iter().map(|(name, value)| ((*name).to_owned(), Value::from(*value))).collect()
}

fn place(state: &State, portal: u64, object_type: &str) -> Result<Place, ApiError> {
    Ok(Place { portal, object_type: state.portal(portal)?.object_type(object_type)? })
}

impl Simulator {
    /// A person creates a record in HubSpot's pages; the error is HubSpot's message.
    pub fn person_creates(&self, portal: u64, object_type: &str, values: Values<'_>) -> Result<u64, String> {
        self.change(|state, now| {
            let place = place(state, portal, object_type)?;
            Ok(state.writes(place, None, &properties(values), PERSON, now)?.id)
        })
    }

    /// A person edits a record in HubSpot's pages; the error is HubSpot's message.
    pub fn person_edits(&self, portal: u64, object_type: &str, id: u64, values: Values<'_>) -> Result<(), String> {
        self.change(|state, now| {
            let place = place(state, portal, object_type)?;
            state.writes(place, Some(id), &properties(values), PERSON, now).map(|_| ())
        })
    }

    /// A step of a workflow edits a record, for instance with the outputs of an action; the error is HubSpot's message.
    pub fn workflow_edits(&self, portal: u64, object_type: &str, id: u64, values: Values<'_>) -> Result<(), String> {
        self.change(|state, now| {
            let (place, source) = (place(state, portal, object_type)?, state.workflow_source());
            state.writes(place, Some(id), &properties(values), source, now).map(|_| ())
        })
    }

    /// A person deletes a record, and with a parent its line items; false when it is not there or cannot be deleted.
    pub fn person_deletes(&self, portal: u64, object_type: &str, id: u64) -> bool {
        self.change(|state, now| state.archive_record(place(state, portal, object_type)?, id, PERSON, now)) == Ok(true)
    }

    /// A person restores a deleted record; false when there is none.
    pub fn person_restores(&self, portal: u64, object_type: &str, id: u64) -> bool {
        self.change(|state, now| Ok(state.restore_record(place(state, portal, object_type)?, id, PERSON, now)))
            == Ok(true)
    }

    /// A person merges `merged` into `survivor`: the id of the record that is left, a new one with the switch
    /// `merge_makes_new_record`. The error is HubSpot's message.
    pub fn person_merges(&self, portal: u64, object_type: &str, survivor: u64, merged: u64) -> Result<u64, String> {
        self.change(|state, now| {
            let place = place(state, portal, object_type)?;
            Ok(state.merge_records(place, survivor, merged, PERSON, now)?.id)
        })
    }

    /// A person associates two records, each given by its type and its id, with a type of HubSpot's own. The error is HubSpot's
    /// message.
    pub fn person_associates(
        &self,
        portal: u64,
        from: (&str, u64),
        to: (&str, u64),
        type_id: u32,
    ) -> Result<(), String> {
        self.change(|state, _| {
            let (from_place, to_place) = (place(state, portal, from.0)?, place(state, portal, to.0)?);
            let label = Label { category: Category::HubspotDefined, type_id };
            let row = state.portal(portal)?.association_type(from_place.object_type, to_place.object_type, label)?;
            let ends = ((from_place.object_type, from.1), (to_place.object_type, to.1));
            state.associate(portal, ends, &[row])
        })
    }

    /// Turns switches of a portal.
    pub fn switch(&self, portal: u64, turn: impl FnOnce(&mut Switches)) {
        self.state(|state| {
            let Some(mut switches) = state.portals.get(&portal).map(|portal| portal.switches.clone()) else { return };
            turn(&mut switches);
            state.commit(Change::Switches { portal, switches });
        });
    }

    /// A super admin consents to the app, with all scopes the portal can grant: the authorization code of the callback.
    pub fn person_consents(&self, portal: u64) -> Result<String, String> {
        self.change(|state, now| state.consent(portal, None, None, now))
    }

    /// A super admin installs the app from the marketplace: where the browser is sent, with `code` and `returnUrl` (or
    /// `error=access_denied` with the switch `consent_declined`). What is left out is the app's first redirect URI and a
    /// page of HubSpot's; a `state` is only passed on. The error is what the consent page shows.
    pub fn marketplace_install(
        &self,
        portal: u64,
        redirect_uri: Option<&str>,
        return_url: Option<&str>,
        passed_on: Option<&str>,
    ) -> Result<String, String> {
        self.change(|state, now| {
            let mut page = state.marketplace_page(portal)?;
            page.redirect_uri = redirect_uri.map_or(page.redirect_uri, str::to_owned);
            page.return_url = return_url.map(str::to_owned).or(page.return_url);
            page.state = passed_on.map(str::to_owned);
            state.decide(page, now)
        })
    }

    /// The app's access tokens of a portal expire now; returns how many.
    pub fn expire_access_tokens(&self, portal: u64) -> usize {
        self.change(|state, now| Ok(state.expire_access_tokens(portal, now))).unwrap_or(0)
    }

    /// One token is revoked.
    pub fn revoke_token(&self, token: &str) {
        self.state(|state| state.revoke(token));
    }

    /// A person removes the app from a portal.
    pub fn person_uninstalls(&self, portal: u64) {
        self.state(|state| state.uninstall(portal));
    }

    /// The ids of the live records of type `to` that a record is associated with, each with its association type ids.
    pub fn associations(&self, portal: u64, from: &str, id: u64, to: &str) -> Vec<(u64, Vec<u32>)> {
        self.state(|state| {
            let Ok(portal) = state.portal(portal) else { return Vec::new() };
            let (Some(from), Some(to)) = (portal.find_type(from), portal.find_type(to)) else { return Vec::new() };
            let all = portal.associated((from, id), to);
            all.map(|(id, labels)| (id, labels.iter().map(|label| label.type_id).collect())).collect()
        })
    }

    /// One record, also a deleted one; the survivor where it was merged away.
    pub fn record(&self, portal: u64, object_type: &str, id: u64) -> Option<Record> {
        self.state(|state| {
            let portal = state.portal(portal).ok()?;
            portal.store(portal.find_type(object_type)?).any(id).cloned()
        })
    }

    /// A property's definition, archived or not yet visible ones too.
    pub fn property(&self, portal: u64, object_type: &str, name: &str) -> Option<Property> {
        self.state(|state| {
            let portal = state.portal(portal).ok()?;
            portal.store(portal.find_type(object_type)?).properties.get(name).cloned()
        })
    }

    fn change<R>(&self, change: impl FnOnce(&mut State, Timestamp) -> Result<R, ApiError>) -> Result<R, String> {
        let now = self.now();
        self.state(|state| change(state, now)).map_err(|error| error.message().to_owned())
    }
}
