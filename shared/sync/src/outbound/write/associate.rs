//! What belongs together: rows to their record, the record to its company, subscription (contract hubspot-crm §6).

use std::collections::BTreeMap;

use domain::{Association, HubspotId, Properties};
use hubspot::{BatchRead, InputError, InputErrorKind, Outcome, Pair, PairOutcome};

use super::batches::{PAIRS, remove};
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
    if failure.is_none() {
        failure = find_gone(destination, writing).await;
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
    let from = &destination.page.hubspot_object;
    for (object, partings) in partings {
        let send = async |part: &[(usize, Association, Pair)]| {
            let pairs: Vec<Pair> = part.iter().map(|(_, _, pair)| pair.clone()).collect();
            associations.archive(from, &object, &pairs).await
        };
        let is_about = |error: &InputError, (_, _, pair): &(usize, Association, Pair)| {
            error.context.values().flatten().any(|id| *id == pair.from)
        };
        let (left, failure) = remove(hubspot::ASSOCIATE_LIMIT, &partings, send, is_about).await;
        if failure.is_some() {
            return failure;
        }
        for ((place, gone, _), left) in partings.into_iter().zip(left) {
            let one = &mut writing[place];
            match left {
                Some(error) => one.stop(Stop::Refused(about(&gone, error))),
                None => {
                    one.reached.touched = true;
                    one.reached.associated.remove(&gone);
                }
            }
        }
    }
    None
}

/// A record that HubSpot associates with nothing may have been deleted there: its line items went with it, and those that were
/// made just now belong to nobody.
async fn find_gone(destination: Destination<'_>, writing: &mut [Writing<'_>]) -> Option<rest::Error> {
    let is_refused = |one: &Writing<'_>| one.refused.is_some() || matches!(one.stop, Some(Stop::Refused(_)));
    let was_there = |one: &Writing<'_>| one.work.change.hubspot_id.is_some() && is_refused(one);
    let places: Vec<usize> = (0..writing.len()).filter(|&place| was_there(&writing[place])).collect();
    for places in places.chunks(hubspot::BATCH_LIMIT) {
        let id =
            |&place: &usize| writing[place].reached.id.as_ref().map(|id| id.as_str().to_owned()).unwrap_or_default();
        let read = BatchRead { ids: places.iter().map(id).collect(), ..BatchRead::default() };
        match destination.connection.hubspot.objects().batch_read(&destination.page.hubspot_object, &read).await {
            Ok(answer) => {
                for (&place, outcome) in places.iter().zip(answer.outcomes_of(&read.keys())) {
                    if matches!(&outcome, Outcome::Refused(error) if error.kind == InputErrorKind::ObjectNotFound) {
                        let one = &mut writing[place];
                        one.surplus = one.loose.drain(..).map(|(_, line)| line).collect();
                        one.stop = Some(Stop::Gone);
                    }
                }
            }
            Err(error) => return Some(error),
        }
    }
    None
}
