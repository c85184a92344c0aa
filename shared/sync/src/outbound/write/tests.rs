//! What a page of changes sends, and what is known afterwards.

use std::collections::{BTreeMap, HashMap};

use domain::{
    Association, Base, Binding, BindingSummary, BoundRow, BoundRows, Change, ChangeKind, Content, HubspotId, KleerId,
    ObjectType, Place, Properties, Row, RunId, Target, TargetType, Targets,
};
use queue::Page;

use super::{Destination, Reached, Verdict, Work, Written, write};
use crate::outbound::tests::pretend::{Pretend, start};

mod invoices;
mod others;
mod troubles;

/// A page of a type on its default HubSpot object.
pub(super) fn page(object: ObjectType) -> Page {
    Page {
        object,
        run: RunId("run".to_owned()),
        number: 0,
        hubspot_object: crate::objects::spec(object).hubspot_object.to_owned(),
        line_object: "line_items".to_owned(),
        key: "kleer_id".to_owned(),
        line_key: "kleer_id".to_owned(),
        changes: Vec::new(),
    }
}

pub(super) fn properties(pairs: &[(&str, &str)]) -> Properties {
    pairs.iter().copied().collect()
}

pub(super) fn row(key: &str, pairs: &[(&str, &str)]) -> Row {
    Row { key: key.to_owned(), properties: properties(pairs), product: None }
}

/// What a record shall be: properties, rows, clients.
pub(super) fn content(pairs: &[(&str, &str)], rows: &[Row], clients: &[i64]) -> Content {
    let targets = clients.iter().map(|id| Target::id(ObjectType::Client, KleerId(*id))).collect();
    Content { properties: properties(pairs), rows: rows.to_vec(), targets, ..Content::default() }
}

/// A change of the record of that id, which is in HubSpot if its binding says so.
pub(super) fn change(id: i64, before: &Binding, content: Content) -> Change {
    let hubspot_id = before.hubspot_id.clone();
    let kind = if hubspot_id.is_some() { ChangeKind::Update } else { ChangeKind::Create };
    Change { kind, kleer_id: KleerId(id), hubspot_id, version: before.version, content }
}

/// Clients 1 to 99 are in HubSpot.
fn targets() -> Targets {
    let bound = |id: i64| {
        let hubspot_id = Some(HubspotId(format!("companies.{id}")));
        (KleerId(id), BindingSummary { hubspot_id, ..BindingSummary::default() })
    };
    let bindings: HashMap<KleerId, BindingSummary> = (1..100).map(bound).collect();
    let mut targets = Targets::default();
    targets.add(ObjectType::Client, TargetType { enabled: true, hubspot_object: "companies".to_owned(), bindings });
    targets
}

pub(super) fn work<'a>(destination: Destination<'_>, change: &'a Change, before: Binding) -> Work<'a> {
    let page = destination.page;
    let place = Place { hubspot_object: &page.hubspot_object, line_object: &page.line_object };
    let linked = change.content.link(place, &targets());
    Work { change, before, linked, properties: destination.properties(change) }
}

/// Writes changes of a page; each stands with what is known of its record.
fn written(portal: &Pretend, page: &Page, changes: &[(Change, Binding)]) -> Written {
    let destination = Destination { connection: &portal.connection, page, run_started: start() };
    let work: Vec<Work<'_>> =
        changes.iter().map(|(change, before)| work(destination, change, before.clone())).collect();
    portal.run(write(destination, &work))
}

/// The calls, and the verdict on each record.
fn check(portal: &Pretend, page: &Page, changes: &[(Change, Binding)]) -> String {
    let Written { verdicts, failure } = written(portal, page, changes);
    let calls = portal.sent();
    let verdicts =
        changes.iter().zip(&verdicts).map(|((change, _), verdict)| format!("{}: {}", change.kleer_id, told(verdict)));
    let failure = failure.map(|error| format!("the call failed: {:?}", error.status));
    let lines = (!calls.is_empty()).then_some(calls).into_iter().chain(verdicts).chain(failure);
    lines.collect::<Vec<_>>().join("\n")
}

fn told(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Done(reached) => format!("done {}", told_reached(reached)),
        Verdict::Refused(error, reached) => format!("refused ({error}) {}", told_reached(reached)),
        Verdict::Gone => "gone".to_owned(),
        Verdict::Again(_) => "again".to_owned(),
    }
}

fn told_reached(reached: &Reached) -> String {
    let id = reached.id.as_ref().map_or("-", HubspotId::as_str);
    let how = match (reached.created, reached.touched) {
        (true, _) => "created",
        (false, true) => "written",
        (false, false) => "untouched",
    };
    let rows: Vec<String> = reached.rows.rows.iter().map(|(key, row)| format!("{key}={}", row.hubspot_id)).collect();
    let to: Vec<&str> = reached.associated.iter().map(|one| one.hubspot_id.as_str()).collect();
    let left: Vec<&str> = reached.left_out.iter().map(|(key, _)| key.as_str()).collect();
    let left = if left.is_empty() { String::new() } else { format!(" without {}", left.join(" ")) };
    let counts = reached.line_items;
    let counts = [
        ("created", counts.created),
        ("updated", counts.updated),
        ("unchanged", counts.unchanged),
        ("failed", counts.failed),
        ("excluded", counts.excluded),
    ];
    let counts = counts.iter().filter(|(_, count)| *count > 0).map(|(word, count)| format!(" {count} {word}"));
    format!("{id} {how}, rows [{}] to [{}]{left};{}", rows.join(" "), to.join(" "), counts.collect::<String>())
}

/// What is known of a record after it was written: what a settled verdict keeps.
fn after(page: &Page, change: &Change, verdict: &Verdict) -> Binding {
    let (Verdict::Done(reached) | Verdict::Refused(_, reached)) = verdict else { panic!("{verdict:?}") };
    let portal = Pretend::new();
    let destination = Destination { connection: &portal.connection, page, run_started: start() };
    let is_done = matches!(verdict, Verdict::Done(_));
    Binding {
        version: change.version + 1,
        hubspot_id: reached.id.clone(),
        base: if is_done { Base::of(&destination.properties(change)) } else { Base::default() },
        rows: reached.rows.clone(),
        associated: reached.associated.clone(),
        ..Binding::default()
    }
}

/// The record as it was left after this was written of it to a portal that takes everything.
fn bound(page: &Page, id: i64, content: Content) -> Binding {
    let portal = Pretend::new();
    let change = change(id, &Binding::default(), content);
    let written = written(&portal, page, &[(change.clone(), Binding::default())]);
    after(page, &change, &written.verdicts[0])
}

/// A binding made by hand, for tests that look at one part of it.
pub(super) fn known(base: &[(&str, &str)], rows: &[(&str, &[(&str, &str)])]) -> Binding {
    let row = |(key, pairs): &(&str, &[(&str, &str)])| {
        let hubspot_id = HubspotId(format!("line_items.7-{key}"));
        ((*key).to_owned(), BoundRow { hubspot_id, base: Base::of(&properties(pairs)) })
    };
    let rows: BTreeMap<String, BoundRow> = rows.iter().map(row).collect();
    Binding {
        version: 1,
        hubspot_id: Some(HubspotId("907".to_owned())),
        base: Base::of(&properties(base)),
        rows: BoundRows { hubspot_object: "line_items".to_owned(), rows },
        ..Binding::default()
    }
}

/// An association with a company.
pub(super) fn company(id: &str) -> Association {
    Association { hubspot_object: "companies".to_owned(), hubspot_id: HubspotId(id.to_owned()) }
}
