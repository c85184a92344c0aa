//! When HubSpot is looked at on a beat of its own, besides the polls of Kleer (design §3 Inbound).

use std::time::Duration;

use app::App;
use domain::{Direction, ObjectType, PortalId, schedule};
use jiff::Timestamp;
use store::{Due, Look};

use crate::objects;

/// Everything is compared once a day; what webhooks missed is found then.
const VERIFY_EVERY: Duration = Duration::from_secs(24 * 60 * 60);
/// HubSpot's webhooks for projects are unproven (contract hubspot-platform §4.3), so their changes are searched for.
pub(crate) const SEARCH_EVERY: Duration = Duration::from_secs(5 * 60);
/// The types whose changes are searched for.
const SEARCHED: [ObjectType; 1] = [ObjectType::Project];

const fn every(look: Look) -> Duration {
    match look {
        Look::Verify => VERIFY_EVERY,
        Look::Search => SEARCH_EVERY,
    }
}

/// Whether changes of a type are searched for.
pub(crate) fn is_searched(object: ObjectType) -> bool {
    SEARCHED.contains(&object) && objects::spec(object).direction == Direction::TwoWay
}

/// Puts the looks of a type that was switched on into the schedule.
///
/// # Errors
/// If the store fails.
pub(crate) async fn schedule(app: &App, portal: PortalId, object: ObjectType) -> Result<(), store::Error> {
    let now = app.clock.now();
    let wanted = Look::ALL.into_iter().filter(|look| *look == Look::Verify || is_searched(object));
    for look in wanted {
        let first = schedule::first_due(portal, every(look), now);
        app.store.schedule_look(portal, object, look, first).await?;
        // It comes round rarely while the type is switched off.
        app.store.bring_look_forward(portal, object, look, first).await?;
    }
    Ok(())
}

/// When a look that is due comes next. Those of a type that is switched off come round once a day.
pub(crate) fn next(due: &Due, look: Look, enabled: bool, now: Timestamp) -> Timestamp {
    let interval = if enabled { every(look) } else { VERIFY_EVERY };
    let beat = schedule::first_due(due.portal, interval, Timestamp::UNIX_EPOCH);
    schedule::next_slot(beat, interval, now)
}
