//! What belongs together: rows to their record, the record to its company, subscription (contract hubspot-crm §6).

use std::collections::BTreeMap;

use domain::{Association, HubspotId, Properties};
use hubspot::{InputError, InputErrorKind, Pair, PairOutcome};

use super::batches::PAIRS;
use super::{Destination, Stop, Writing};

/// How often a line item is billed; empty means once.
const FREQUENCY: &str = "recurringbillingfrequency";
/// HubSpot's commerce subscriptions, which may refuse line items that are billed once (contract hubspot-crm §3.6).
const SUBSCRIPTIONS: &str = "subscriptions";

/// What a pair is for.
#[derive(Debug, Clone)]
enum Purpose {
    Row(String),
    Target(Association),
}

/// Pairs between two types; those that HubSpot may refuse by rule go apart, so that they spoil no call of others.
type Group = (String, String, bool);

/// Associates what is not yet, and parts what no longer belongs together; answers a call that failed as a call.
pub(super) async fn write(destination: Destination<'_>, writing: &mut [Writing<'_>]) -> Option<rest::Error> {
    let mut groups: BTreeMap<Group, Vec<(usize, Purpose, Pair)>> = BTreeMap::new();
    let mut partings: BTreeMap<String, Vec<(usize, Association, Pair)>> = BTreeMap::new();
    for (place, one) in writing.iter().enumerate() {
        let Some(id) = one.whole().cloned() else { continue };
        for (group, purpose, pair) in missing(destination, one, &id) {
            groups.entry(group).or_default().push((place, purpose, pair));
        }
        for gone in one.reached.associated.difference(&one.work.linked.associations) {
            let pair = pair(&id, &gone.hubspot_id);
            partings.entry(gone.hubspot_object.clone()).or_default().push((place, gone.clone(), pair));
        }
    }
    let made = groups.iter().map(|(group, pairs)| associate(destination, group, pairs));
    let made = futures::future::join_all(made).await;
    let mut failure = None;
    for (((_, _, may_be_left_out), pairs), (outcomes, failed)) in groups.iter().zip(made) {
        failure = failure.or(failed);
        for ((place, purpose, pair), outcome) in pairs.iter().zip(outcomes) {
            settle(&mut writing[*place], purpose, pair, outcome, *may_be_left_out);
        }
    }
    if failure.is_none() {
        failure = part(destination, writing, partings).await;
    }
    failure
}

/// What a record's associations lack.
fn missing(destination: Destination<'_>, one: &Writing<'_>, id: &HubspotId) -> Vec<(Group, Purpose, Pair)> {
    let page = destination.page;
    let rows = one.loose.iter().map(|(key, line)| {
        let once = page.hubspot_object == SUBSCRIPTIONS && is_billed_once(one, key);
        let group = (page.line_object.clone(), page.hubspot_object.clone(), once);
        (group, Purpose::Row(key.clone()), pair(line, id))
    });
    let targets = one.work.linked.associations.difference(&one.reached.associated).map(|target| {
        let group = (page.hubspot_object.clone(), target.hubspot_object.clone(), false);
        (group, Purpose::Target(target.clone()), pair(id, &target.hubspot_id))
    });
    rows.chain(targets).collect()
}

fn pair(from: &HubspotId, to: &HubspotId) -> Pair {
    Pair { from: from.as_str().to_owned(), to: to.as_str().to_owned() }
}

fn is_billed_once(one: &Writing<'_>, key: &str) -> bool {
    let row = one.work.linked.rows.iter().find(|(known, _)| known == key);
    let frequency = |row: &Properties| row.get(FREQUENCY).is_some_and(|frequency| !frequency.is_empty());
    row.is_none_or(|(_, row)| !frequency(row))
}

async fn associate(
    destination: Destination<'_>,
    (from, to, _): &Group,
    pairs: &[(usize, Purpose, Pair)],
) -> (Vec<PairOutcome>, Option<rest::Error>) {
    let associations = destination.connection.hubspot.associations();
    let pairs: Vec<Pair> = pairs.iter().map(|(_, _, pair)| pair.clone()).collect();
    let send = async |pairs: &[Pair]| Ok(associations.associate_default(from, to, pairs).await?.pair_outcomes(pairs));
    let sent = PAIRS.send(&pairs, send).await;
    (sent.outcomes, sent.failure)
}

fn settle(one: &mut Writing<'_>, purpose: &Purpose, pair: &Pair, outcome: PairOutcome, may_be_left_out: bool) {
    match (outcome, purpose) {
        (PairOutcome::Associated, Purpose::Row(key)) => {
            one.reached.touched = true;
            one.loose.retain(|(known, _)| known != key);
        }
        (PairOutcome::Associated, Purpose::Target(target)) => {
            one.reached.touched = true;
            one.reached.associated.insert(target.clone());
        }
        (PairOutcome::Refused(error), _) if error.kind == InputErrorKind::Retryable => one.stop(Stop::Again),
        (PairOutcome::Refused(error), Purpose::Row(key)) if may_be_left_out => leave_out(one, key, pair, &error),
        (PairOutcome::Refused(error), Purpose::Row(_)) => one.stop(Stop::Refused(error)),
        // All else of the record is written before it is told: a company that somebody deleted must not keep an invoice a draft.
        (PairOutcome::Refused(error), Purpose::Target(target)) => {
            one.refused.get_or_insert(about(target, error));
        }
        (PairOutcome::Unknown, _) => one.stop(Stop::Again),
    }
}

/// HubSpot does not say which record it means; often it was deleted there.
fn about(target: &Association, error: InputError) -> InputError {
    let said = error.message.trim_end_matches('.');
    InputError { message: format!("{said} ({} {})", target.hubspot_object, target.hubspot_id), ..error }
}

/// A subscription may take no line item that is billed once: its other rows stay, and the missing one is told.
fn leave_out(one: &mut Writing<'_>, key: &str, pair: &Pair, error: &InputError) {
    let counts = &mut one.reached.line_items;
    counts.created = counts.created.saturating_sub(1);
    counts.excluded += 1;
    one.reached.rows.rows.remove(key);
    one.loose.retain(|(known, _)| known != key);
    one.surplus.push(HubspotId(pair.from.clone()));
    one.reached.left_out.push((key.to_owned(), error.to_string()));
}

async fn part(
    destination: Destination<'_>,
    writing: &mut [Writing<'_>],
    partings: BTreeMap<String, Vec<(usize, Association, Pair)>>,
) -> Option<rest::Error> {
    let associations = destination.connection.hubspot.associations();
    for (object, partings) in partings {
        let pairs: Vec<Pair> = partings.iter().map(|(_, _, pair)| pair.clone()).collect();
        for pairs in pairs.chunks(hubspot::ASSOCIATE_LIMIT) {
            match associations.archive(&destination.page.hubspot_object, &object, pairs).await {
                Ok(errors) => {
                    errors.iter().for_each(|error| tracing::warn!(%error, "an association could not be ended"));
                }
                Err(error) => return Some(error),
            }
        }
        for (place, gone, _) in partings {
            writing[place].reached.touched = true;
            writing[place].reached.associated.remove(&gone);
        }
    }
    None
}
