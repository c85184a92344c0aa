//! Merging records (contract hubspot-platform §4.4).

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::State;
use super::batch::Place;
use super::change::Change;
use super::error::ApiError;
use super::events::{Happened, What};
use super::record::{Record, Source, Stored};

/// Which records a record has swallowed.
const MERGED_IDS: &str = "hs_merged_object_ids";

impl State {
    /// Merges one record into another: the survivor's values win, it gets those it lacks and all associations, and reads
    /// of the other find it from now on. It keeps its id, or becomes a record of its own that both are put away for.
    pub(crate) fn merge_records(
        &mut self,
        place: Place,
        survivor: u64,
        loser: u64,
        source: Source,
        now: Timestamp,
    ) -> Result<Record, ApiError> {
        let portal = self.portal(place.portal)?;
        let store = portal.store(place.object_type);
        let found = (store.live(survivor).cloned(), store.live(loser).cloned());
        let (Some(primary), Some(gone)) = found else { return Err(ApiError::not_found()) };
        if primary.id == gone.id {
            return Err(ApiError::validation("A record cannot be merged with itself"));
        }
        let makes_new = portal.switches.merge_makes_new_record;
        let new = if makes_new { store.next_id() } else { primary.id };
        let moved = moved_values(&primary, &gone, source, now);
        let what = What::Merged { primary: primary.id, merged: gone.id, new, moved: moved.len() };
        let gone_ids = gone.get(MERGED_IDS).map(str::to_owned);
        let put_away: Vec<Record> = if makes_new { vec![primary.clone(), gone] } else { vec![gone] };

        let mut kept = Record { id: new, updated_at: now, ..primary.clone() };
        kept.properties.extend(moved);
        let earlier = [kept.get(MERGED_IDS), gone_ids.as_deref()].into_iter().flatten().map(str::to_owned);
        let merged: Vec<String> = earlier.chain(put_away.iter().map(|record| record.id.to_string())).collect();
        let note = Stored { value: merged.join(";"), at: now, source };
        kept.properties.insert(MERGED_IDS.to_owned(), note);

        let away: Vec<u64> = put_away.iter().map(|record| record.id).collect();
        for record in put_away {
            self.keep_record(place, Record { archived_at: Some(now), ..record });
        }
        for from in &away {
            let (portal, object_type) = (place.portal, place.object_type);
            self.commit(Change::Merged { portal, object_type, from: *from, into: new });
        }
        self.keep_record(place, kept.clone());
        for from in &away {
            self.move_associations(place.portal, (place.object_type, *from), (place.object_type, new));
        }
        self.announce_merge(place, primary.id, &away, &Happened { what, source, at: now });
        Ok(kept)
    }

    /// A merge is an event of its own: no property change comes with it, and a deletion only by a switch (*guess*).
    fn announce_merge(&mut self, place: Place, primary: u64, away: &[u64], merged: &Happened) {
        self.announce(place, primary, merged);
        let deletes = self.portals.get(&place.portal).is_some_and(|portal| portal.switches.merge_deletes);
        for id in away.iter().filter(|_| deletes) {
            self.announce(place, *id, &Happened { what: What::Deleted, ..merged.clone() });
        }
    }
}

/// The values that the primary record lacks and the other has.
fn moved_values(primary: &Record, gone: &Record, source: Source, now: Timestamp) -> BTreeMap<String, Stored> {
    let lacking = gone
        .properties
        .iter()
        .filter(|(name, stored)| primary.get(name).is_none() && !stored.value.is_empty() && *name != MERGED_IDS);
    lacking.map(|(name, stored)| (name.clone(), Stored { at: now, source, ..stored.clone() })).collect()
}
