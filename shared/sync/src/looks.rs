//! When HubSpot is looked at on a beat of its own, besides the polls of Kleer (design §3 Inbound).

use std::time::Duration;

use app::App;
use domain::{Direction, ObjectType, PortalId, schedule};
use jiff::Timestamp;
use store::Look;

use crate::objects;

/// Everything is compared once a day; what webhooks missed is found then.
const VERIFY_EVERY: Duration = Duration::from_secs(24 * 60 * 60);
/// HubSpot's webhooks for projects are unproven (contract hubspot-platform §4.3), so their changes are searched for: with every
/// beat of the portal, which is why a search has no slot of its own.
pub(crate) const SEARCH_EVERY: Duration = schedule::BEAT;
/// The types whose changes are searched for.
pub(crate) const SEARCHED: [ObjectType; 1] = [ObjectType::Project];

/// Whether changes of a type are searched for.
#[must_use]
pub fn is_searched(object: ObjectType) -> bool {
    SEARCHED.contains(&object) && objects::spec(object).direction == Direction::TwoWay
}

/// Puts the daily comparison of a type that was switched on into the schedule.
///
/// # Errors
/// If the store fails.
pub(crate) async fn schedule(app: &App, portal: PortalId, object: ObjectType) -> Result<(), store::Error> {
    let now = app.clock.now();
    let first = schedule::first_due(portal, VERIFY_EVERY, now);
    app.store.schedule_look(portal, object, Look::Verify, first).await?;
    // It may have been put off.
    app.store.bring_look_forward(portal, object, Look::Verify, first).await
}

/// When the comparison of a portal comes next.
pub(crate) fn next(portal: PortalId, now: Timestamp) -> Timestamp {
    let beat = schedule::first_due(portal, VERIFY_EVERY, Timestamp::UNIX_EPOCH);
    schedule::next_slot(beat, VERIFY_EVERY, now)
}
