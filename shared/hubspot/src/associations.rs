//! Which records belong together (contract hubspot-crm §6). Direction matters: invoice to company is another type than
//! company to invoice.

use std::collections::BTreeMap;

use rest::{Error, Request};
use serde::{Deserialize, Serialize};

use crate::api::{ASSOCIATIONS_BUDGET, Api};
use crate::batch::BatchAnswer;
use crate::errors::InputError;
use crate::objects::errors_of;
use crate::wire::{self, Inputs, Listed, Paging, Reference};

/// Pairs per call. Documented for the labelled create and assumed for the default one (contract hubspot-crm §6): on a 400
/// that is about the number of inputs, the caller goes on with fewer.
pub const ASSOCIATE_LIMIT: usize = 2_000;

/// Records per call when reading associations (contract hubspot-crm §6).
pub const ASSOCIATIONS_READ_LIMIT: usize = 1_000;

/// Associations between two types; from [`Api::associations`]. Errors as in [`crate::Objects`].
#[derive(Clone, Copy, Debug)]
pub struct Associations<'a> {
    pub(crate) api: &'a Api,
}

/// Two records by their HubSpot ids; of which types they are stands in the call.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pair {
    /// The id of the record that is of the first type.
    pub from: String,
    /// The id of the record that is of the second type.
    pub to: String,
}

/// A type of association in a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AssociationSpec {
    /// `HUBSPOT_DEFINED`, `USER_DEFINED`, `INTEGRATOR_DEFINED` or `WORK`.
    pub association_category: String,
    /// For example 179, invoice to company (the table is in contract §6).
    pub association_type_id: u32,
}

impl AssociationSpec {
    /// One of HubSpot's own types.
    #[must_use]
    pub fn hubspot_defined(association_type_id: u32) -> AssociationSpec {
        AssociationSpec { association_category: "HUBSPOT_DEFINED".to_owned(), association_type_id }
    }
}

/// A pair and the types it is to have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelledPair {
    /// The records.
    pub pair: Pair,
    /// The types to add.
    pub types: Vec<AssociationSpec>,
}

/// A type of association that exists between two object types.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AssociationLabel {
    /// As [`AssociationSpec::association_category`].
    #[serde(deserialize_with = "wire::plain_text")]
    pub category: String,
    /// As [`AssociationSpec::association_type_id`].
    #[serde(deserialize_with = "wire::optional_number")]
    pub type_id: Option<u64>,
    /// The name in the portal; none for the unlabelled type.
    #[serde(deserialize_with = "wire::optional_text")]
    pub label: Option<String>,
}

/// A pair that HubSpot says is associated. The default call lists both directions of each pair.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "WirePair")]
pub struct AssociatedPair {
    /// The records, in the direction of this type.
    pub pair: Pair,
    /// The type, where HubSpot says it.
    pub spec: Option<AssociationSpec>,
}

/// What came of one pair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PairOutcome {
    /// They belong together now, or did before.
    Associated,
    /// HubSpot said no.
    Refused(InputError),
    /// Neither a result nor an error. Associating again is safe.
    Unknown,
}

/// A record at the far end.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AssociatedRecord {
    /// Its HubSpot id; text, also where HubSpot sends a number.
    #[serde(rename = "toObjectId", alias = "id", deserialize_with = "wire::plain_text")]
    pub id: String,
    /// All types the two are associated by.
    #[serde(deserialize_with = "wire::nullable")]
    pub association_types: Vec<AssociationLabel>,
}

/// The associations of several records.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AssociationsRead {
    /// By the id of the record asked about. One without associations may be missing here.
    pub by_from: BTreeMap<String, Vec<AssociatedRecord>>,
    /// What HubSpot could not read; it may report a record without any association here.
    pub errors: Vec<InputError>,
}

impl Associations<'_> {
    /// Associates pairs by the most generic type there is. Repeating it changes nothing. What came of which pair:
    /// [`BatchAnswer::pair_outcomes`].
    pub async fn associate_default(
        &self,
        from_type: &str,
        to_type: &str,
        pairs: &[Pair],
    ) -> Result<BatchAnswer<AssociatedPair>, Error> {
        let inputs: Vec<PairInput<'_>> = pairs.iter().map(|pair| PairInput::new(pair, None)).collect();
        self.associate(from_type, to_type, "associate/default", &inputs).await
    }

    /// Associates pairs by the types named. Repeating it changes nothing.
    pub async fn create_labelled(
        &self,
        from_type: &str,
        to_type: &str,
        pairs: &[LabelledPair],
    ) -> Result<BatchAnswer<AssociatedPair>, Error> {
        let inputs: Vec<PairInput<'_>> =
            pairs.iter().map(|labelled| PairInput::new(&labelled.pair, Some(&labelled.types))).collect();
        self.associate(from_type, to_type, "create", &inputs).await
    }

    /// All associations of up to 1,000 records to one type, page by page until each is complete.
    pub async fn read(&self, from_type: &str, to_type: &str, ids: &[String]) -> Result<AssociationsRead, Error> {
        let mut read = AssociationsRead::default();
        let mut asked: Vec<ReadInput> = ids.iter().map(|id| ReadInput { id: id.clone(), after: None }).collect();
        while !asked.is_empty() {
            let request = self.batch(from_type, to_type, "read", &asked).read();
            let answer: BatchAnswer<WireRead> = self.api.send_for(request).await?;
            read.errors.extend(answer.errors);
            asked = answer.results.into_iter().filter_map(|result| read.add(result)).collect();
        }
        Ok(read)
    }

    /// Removes every association of these pairs.
    pub async fn archive(&self, from_type: &str, to_type: &str, pairs: &[Pair]) -> Result<Vec<InputError>, Error> {
        if pairs.is_empty() {
            return Ok(Vec::new());
        }
        let mut by_from: BTreeMap<&str, Vec<Reference>> = BTreeMap::new();
        for pair in pairs {
            by_from.entry(&pair.from).or_default().push(Reference::to(&pair.to));
        }
        let inputs: Vec<ArchiveInput> =
            by_from.into_iter().map(|(from, to)| ArchiveInput { from: Reference::to(from), to }).collect();
        let request = self.batch(from_type, to_type, "archive", &inputs).repeatable();
        errors_of(&self.api.send(request).await?)
    }

    /// The types of association that exist between two object types in this portal; the source of truth for their ids.
    pub async fn labels(&self, from_type: &str, to_type: &str) -> Result<Vec<AssociationLabel>, Error> {
        let request = Request::get(self.api.paths().association_labels(from_type, to_type));
        let listed: Listed<_> = self.api.send_for(request.budget(ASSOCIATIONS_BUDGET).kind("associate")).await?;
        Ok(listed.results)
    }

    async fn associate(
        &self,
        from_type: &str,
        to_type: &str,
        operation: &str,
        inputs: &[PairInput<'_>],
    ) -> Result<BatchAnswer<AssociatedPair>, Error> {
        if inputs.is_empty() {
            return Ok(BatchAnswer::default());
        }
        self.api.send_for(self.batch(from_type, to_type, operation, inputs).repeatable()).await
    }

    fn batch(&self, from_type: &str, to_type: &str, operation: &str, inputs: &[impl Serialize]) -> Request {
        Request::post(self.api.paths().associations_batch(from_type, to_type, operation))
            .json(&Inputs { inputs })
            .budget(ASSOCIATIONS_BUDGET)
            .kind("associate")
    }
}

impl AssociationsRead {
    /// Adds one record's page; answers what to ask for next if there is more.
    fn add(&mut self, result: WireRead) -> Option<ReadInput> {
        let from = result.from.id;
        self.by_from.entry(from.clone()).or_default().extend(result.to);
        result.paging.after().map(|after| ReadInput { id: from, after: Some(after) })
    }
}

impl BatchAnswer<AssociatedPair> {
    /// What came of each pair, in the order of the pairs. An error that says which ends it means outweighs a result, and a
    /// result one that does not: ids of different types overlap. An error that names no record is everybody's who has no
    /// result, as nothing says whose it is and repeating is safe.
    #[must_use]
    pub fn pair_outcomes(&self, pairs: &[Pair]) -> Vec<PairOutcome> {
        let done: std::collections::HashSet<&Pair> = self.results.iter().map(|result| &result.pair).collect();
        let outcome = |pair: &Pair| {
            let first = |fits: &dyn Fn(&InputError) -> bool| self.errors.iter().find(|error| fits(error));
            if let Some(error) = first(&|error| Ends::of(error).fit(pair) == Some(true)) {
                return PairOutcome::Refused(error.clone());
            }
            if done.contains(pair) {
                return PairOutcome::Associated;
            }
            let loose = first(&|error| Ends::of(error).fit(pair).is_none() && mentions(error, pair));
            let error = loose.or_else(|| first(&|error| error.context.is_empty()));
            error.map_or(PairOutcome::Unknown, |error| PairOutcome::Refused(error.clone()))
        };
        pairs.iter().map(outcome).collect()
    }
}

/// The ends that an error names under keys that say which end they mean: `fromObjectId`, `toObjectId`, ….
struct Ends<'a> {
    from: Vec<&'a String>,
    to: Vec<&'a String>,
}

impl<'a> Ends<'a> {
    fn of(error: &'a InputError) -> Ends<'a> {
        let ids = |part: &str| {
            let of_part = |name: &str| name.to_lowercase().starts_with(part) && name.to_lowercase().ends_with("id");
            error.context.iter().filter(|(name, _)| of_part(name)).flat_map(|(_, values)| values).collect()
        };
        Ends { from: ids("from"), to: ids("to") }
    }

    /// Whether the pair has these ends; none if no end is named.
    fn fit(&self, pair: &Pair) -> Option<bool> {
        let holds = |ids: &[&String], id: &String| ids.is_empty() || ids.contains(&id);
        let named = !self.from.is_empty() || !self.to.is_empty();
        named.then(|| holds(&self.from, &pair.from) && holds(&self.to, &pair.to))
    }
}

/// Whether an error that does not say which end it means has the id of one of them, as a value or in a sentence.
fn mentions(error: &InputError, pair: &Pair) -> bool {
    let is_one = |value: &String| *value == pair.from || *value == pair.to || names(value, &pair.from);
    error.context.values().flatten().any(is_one)
}

/// Whether a sentence names a record: `LINE_ITEM=5 already belongs to INVOICE=7` names 5. Only the first end is looked for in
/// sentences, because the second is often many pairs' at once.
fn names(sentence: &str, id: &str) -> bool {
    sentence.split(|letter: char| !letter.is_ascii_alphanumeric()).any(|word| word == id)
}

#[derive(Serialize)]
struct PairInput<'a> {
    from: Reference,
    to: Reference,
    #[serde(skip_serializing_if = "Option::is_none")]
    types: Option<&'a [AssociationSpec]>,
}

impl<'a> PairInput<'a> {
    fn new(pair: &Pair, types: Option<&'a [AssociationSpec]>) -> PairInput<'a> {
        PairInput { from: Reference::to(&pair.from), to: Reference::to(&pair.to), types }
    }
}

#[derive(Serialize)]
struct ArchiveInput {
    from: Reference,
    to: Vec<Reference>,
}

#[derive(Serialize)]
struct ReadInput {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct WireRead {
    #[serde(deserialize_with = "wire::nullable")]
    from: Reference,
    #[serde(deserialize_with = "wire::nullable")]
    to: Vec<AssociatedRecord>,
    #[serde(deserialize_with = "wire::nullable")]
    paging: Paging,
}

/// The default call names records as objects, the labelled one by two ids.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct WirePair {
    #[serde(deserialize_with = "wire::nullable")]
    from: Reference,
    #[serde(deserialize_with = "wire::nullable")]
    to: Reference,
    #[serde(deserialize_with = "wire::optional_text")]
    from_object_id: Option<String>,
    #[serde(deserialize_with = "wire::optional_text")]
    to_object_id: Option<String>,
    association_spec: Option<AssociationSpec>,
}

impl From<WirePair> for AssociatedPair {
    fn from(wire: WirePair) -> Self {
        let from = wire.from_object_id.unwrap_or(wire.from.id);
        let to = wire.to_object_id.unwrap_or(wire.to.id);
        AssociatedPair { pair: Pair { from, to }, spec: wire.association_spec }
    }
}

#[cfg(test)]
mod tests;
