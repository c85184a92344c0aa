//! What a person changed in HubSpot, and what is done about it: a three-way comparison of what was last synchronized (the
//! base), what HubSpot says and what Kleer says. A pure function; its result is a value that prints itself.

use std::collections::BTreeMap;
use std::fmt;

use crate::base::Base;
use crate::canonical::canonical;
use crate::ids::KleerId;
use crate::projection::{Projector, Properties, Target, quoted};
use crate::record::Values;
use crate::reverse::{self, ReverseFault};
use crate::spec::{FieldSpec, ObjectType, Writable};
use crate::value::Value;

/// What is compared.
#[derive(Debug, Clone, Copy)]
pub struct ImportInput<'a> {
    /// Mappings joined with the portal's properties.
    pub projector: &'a Projector,
    /// The record in Kleer.
    pub kleer_id: KleerId,
    /// What was last synchronized.
    pub base: &'a Base,
    /// What HubSpot's record says, as HubSpot spells it; a property that is not here has no value.
    pub hubspot: &'a Properties,
    /// What Kleer's record says.
    pub kleer: &'a Values,
}

/// Why HubSpot gets Kleer's value although somebody wrote another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PutBack {
    /// Nobody did: Kleer changed, and HubSpot does not know yet.
    Behind,
    /// Both sides changed the field; Kleer's value stands.
    Conflict,
    /// It means the same, spelled otherwise.
    Spelling,
    /// Kleer cannot change the field.
    NotChangeable,
    /// Kleer cannot be without a value.
    Needed,
}

/// What is done about one property.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// Kleer gets HubSpot's value; none empties the field.
    Write(Option<Value>),
    /// Somebody changed it in HubSpot, and Kleer says the same.
    Agree,
    /// HubSpot gets Kleer's value.
    PutBack(PutBack),
    /// Kleer cannot hold it: a person has to mend it in HubSpot, where it stays.
    Unfit(ReverseFault),
}

/// One property about which something is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The field in Kleer.
    pub field: &'static FieldSpec,
    /// The property in HubSpot.
    pub property: String,
    /// What HubSpot says.
    pub hubspot: String,
    /// What Kleer says, as HubSpot would be told.
    pub kleer: String,
    /// What is done.
    pub decision: Decision,
}

/// What an import does with one record, property by property in the order of their names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportPlan {
    /// The type.
    pub object: ObjectType,
    /// The record in Kleer.
    pub kleer_id: KleerId,
    /// Only what differs; empty if both sides are as they were.
    pub steps: Vec<Step>,
}

/// Plans the import of one record. Total: every mapped property is looked at, whichever changed.
///
/// A field is written to Kleer only if HubSpot's value is an edit (it differs from the base) and Kleer's value is not: so an old
/// value in HubSpot never overwrites a newer one in Kleer, and what we wrote ourselves causes nothing. A default that HubSpot
/// shows because Kleer has no value is no edit. Mere defaults, which no field stands behind, stay as they are.
#[must_use]
pub fn plan_import(input: &ImportInput<'_>) -> ImportPlan {
    let mut written = BTreeMap::new();
    let steps = input.projector.targets().iter().filter_map(|target| step(input, target, &mut written)).collect();
    ImportPlan { object: input.projector.spec().object, kleer_id: input.kleer_id, steps }
}

/// Whether HubSpot's record says anything that it was not told. Asks nothing of Kleer.
#[must_use]
pub fn is_edited(projector: &Projector, base: &Base, hubspot: &Properties) -> bool {
    let edited = |target: &&Target| !base.matches(&target.property, &spelled(target, hubspot));
    projector.targets().iter().filter(|target| target.field.is_some()).any(|target| edited(&target))
}

fn spelled(target: &Target, hubspot: &Properties) -> String {
    canonical(hubspot.get(&target.property).unwrap_or_default(), target.definition.property_type)
}

fn step(input: &ImportInput<'_>, target: &Target, written: &mut BTreeMap<&'static str, Option<Value>>) -> Option<Step> {
    let field = target.field?;
    let hubspot = spelled(target, input.hubspot);
    // What Kleer says does not fit the property: that is told when the record is written.
    let kleer = canonical(&target.render(input.kleer.get(field.name)).ok()?, target.definition.property_type);
    let edited = !input.base.matches(&target.property, &hubspot);
    let decision = match (edited, hubspot == kleer) {
        (false, true) => return None,
        (false, false) => Decision::PutBack(PutBack::Behind),
        (true, true) => Decision::Agree,
        (true, false) => decide(input, target, field, &hubspot, &kleer),
    };
    let decision = match decision {
        // Two properties of one field: the first edit counts, another is in conflict with it.
        Decision::Write(value) => match written.get(field.name) {
            Some(before) if *before != value => Decision::PutBack(PutBack::Conflict),
            _ => {
                written.insert(field.name, value.clone());
                Decision::Write(value)
            }
        },
        decision => decision,
    };
    Some(Step { field, property: target.property.clone(), hubspot, kleer, decision })
}

/// Somebody edited the property, and Kleer says something else.
fn decide(input: &ImportInput<'_>, target: &Target, field: &FieldSpec, hubspot: &str, kleer: &str) -> Decision {
    let spec = input.projector.spec();
    let known = input.kleer.get(field.name);
    let value = reverse::read(field, hubspot, &target.definition);
    if value.as_ref().is_ok_and(|value| value.as_ref() == known) {
        return Decision::PutBack(PutBack::Spelling);
    }
    if !input.base.matches(&target.property, kleer) {
        return Decision::PutBack(PutBack::Conflict);
    }
    if spec.writable(field.name) != Writable::Yes {
        return Decision::PutBack(PutBack::NotChangeable);
    }
    match value {
        Err(fault) => Decision::Unfit(fault),
        Ok(None) if !spec.clearable(field.name) => Decision::PutBack(PutBack::Needed),
        Ok(value) => Decision::Write(value),
    }
}

impl Projector {
    /// The properties that fields are mapped to in this portal.
    pub fn mapped_properties(&self) -> impl Iterator<Item = &str> {
        self.targets().iter().filter(|target| target.field.is_some()).map(|target| target.property.as_str())
    }

    /// What HubSpot's record says in Kleer's words: field, property and value of every property that a field is mapped to.
    pub fn reversed<'a>(
        &'a self,
        hubspot: &'a Properties,
    ) -> impl Iterator<Item = (&'static FieldSpec, &'a str, Result<Option<Value>, ReverseFault>)> + 'a {
        self.targets().iter().filter_map(|target| {
            let field = target.field?;
            let text = hubspot.get(&target.property).unwrap_or_default();
            Some((field, target.property.as_str(), reverse::read(field, text, &target.definition)))
        })
    }
}

impl ImportPlan {
    /// What is written to Kleer: fields and their values, none for those that are emptied.
    pub fn writes(&self) -> impl Iterator<Item = (&'static FieldSpec, Option<&Value>)> {
        self.steps.iter().filter_map(|step| match &step.decision {
            Decision::Write(value) => Some((step.field, value.as_ref())),
            _ => None,
        })
    }

    /// The steps that put HubSpot back for that reason.
    pub fn put_back(&self, reason: PutBack) -> impl Iterator<Item = &Step> {
        self.steps.iter().filter(move |step| step.decision == Decision::PutBack(reason))
    }

    /// The values that Kleer cannot hold, and why.
    pub fn unfit(&self) -> impl Iterator<Item = (&Step, &ReverseFault)> {
        self.steps.iter().filter_map(|step| match &step.decision {
            Decision::Unfit(fault) => Some((step, fault)),
            _ => None,
        })
    }

    /// What HubSpot says of the mapped properties now, in the spelling of what it will be told, so that only what differs is
    /// written there. A value that Kleer cannot hold counts as told: it stays for a person to mend.
    #[must_use]
    pub fn shown(&self, projector: &Projector, hubspot: &Properties, kleer: &Properties) -> Properties {
        let is_unfit = |property: &str| self.unfit().any(|(step, _)| step.property == property);
        let targets = projector.targets().iter().filter(|target| target.field.is_some());
        let shown = targets.map(|target| {
            let name = target.property.clone();
            match kleer.get(&name).filter(|_| is_unfit(&name)) {
                Some(told) => (name, told.to_owned()),
                None => (name, spelled(target, hubspot)),
            }
        });
        shown.collect()
    }
}

impl fmt::Display for ImportPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} {}: {}", self.object, self.kleer_id, if self.steps.is_empty() { "nothing" } else { "import" })?;
        self.steps.iter().try_for_each(|step| writeln!(f, "  {step}"))
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { field, property, hubspot, kleer, decision } = self;
        write!(f, "{property} ")?;
        match decision {
            Decision::Write(Some(_)) => write!(f, "> {} becomes {}, was {}", field.name, said(hubspot), said(kleer)),
            Decision::Write(None) => write!(f, "> {} is emptied, was {}", field.name, said(kleer)),
            Decision::Agree => write!(f, "= {} says {} too", field.name, said(kleer)),
            Decision::Unfit(fault) => write!(f, "! {}: {}", field.name, fault.message),
            Decision::PutBack(reason) => {
                let why = match reason {
                    PutBack::Behind => "is newer in Kleer",
                    PutBack::Conflict => "changed on both sides",
                    PutBack::Spelling => "means the same",
                    PutBack::NotChangeable => "cannot be changed in Kleer",
                    PutBack::Needed => "cannot be empty in Kleer",
                };
                write!(f, "< {} {why}: {} instead of {}", field.name, said(kleer), said(hubspot))
            }
        }
    }
}

/// A value for people.
fn said(value: &str) -> String {
    if value.is_empty() { "nothing".to_owned() } else { quoted(value) }
}

#[cfg(test)]
mod tests;
