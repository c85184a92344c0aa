//! What to search for, and a page of what was found (contract hubspot-crm §5).

use serde::{Deserialize, Serialize};

use crate::record::Record;
use crate::wire::{self, Paging};

/// Records per page of a search (contract hubspot-crm §5).
pub const SEARCH_LIMIT: usize = 200;

/// Hits of one query that can be reached by paging; HubSpot answers 400 beyond (contract hubspot-crm §5).
pub const SEARCH_TOTAL_LIMIT: usize = 10_000;

/// A search. At most 5 groups, 6 filters each, 18 in all, one sort, and a body of 3,000 characters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Search {
    /// Any group may match; within a group all filters must.
    #[serde(serialize_with = "groups")]
    pub filter_groups: Vec<Vec<Filter>>,
    /// At most one.
    pub sorts: Vec<Sort>,
    /// The properties wanted.
    pub properties: Vec<String>,
    /// At most [`SEARCH_LIMIT`].
    pub limit: usize,
    /// The cursor from the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

impl Default for Search {
    /// Everything, unsorted, in the largest pages.
    fn default() -> Self {
        Search { filter_groups: vec![], sorts: vec![], properties: vec![], limit: SEARCH_LIMIT, after: None }
    }
}

/// One condition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Filter {
    property_name: String,
    operator: Operator,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    high_value: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    values: Option<Vec<String>>,
}

impl Filter {
    /// Compares with one value, as `EQ`, `GTE` and the like do. `HAS_PROPERTY` ignores the value.
    pub fn new(property: impl Into<String>, operator: Operator, value: impl Into<String>) -> Filter {
        Filter { value: Some(value.into()), ..Filter::bare(property.into(), operator) }
    }

    /// From the lower value to the higher, both included.
    pub fn between(property: impl Into<String>, low: impl Into<String>, high: impl Into<String>) -> Filter {
        let (value, high_value) = (Some(low.into()), Some(high.into()));
        Filter { value, high_value, ..Filter::bare(property.into(), Operator::Between) }
    }

    /// Any of these values. For string properties they must be lower case (§5); the caller knows the property's type.
    pub fn any_of(property: impl Into<String>, values: Vec<String>) -> Filter {
        Filter { values: Some(values), ..Filter::bare(property.into(), Operator::In) }
    }

    /// Has any value at all.
    pub fn present(property: impl Into<String>) -> Filter {
        Filter::bare(property.into(), Operator::HasProperty)
    }

    fn bare(property_name: String, operator: Operator) -> Filter {
        Filter { property_name, operator, value: None, high_value: None, values: None }
    }
}

/// How a filter compares (contract hubspot-crm §5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[expect(missing_docs, reason = "HubSpot's own names say it")]
pub enum Operator {
    Eq,
    Neq,
    Lt,
    Lte,
    Gt,
    Gte,
    Between,
    In,
    NotIn,
    HasProperty,
    NotHasProperty,
    ContainsToken,
    NotContainsToken,
}

/// The order of the hits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Sort {
    /// The property to order by.
    pub property_name: String,
    /// Which way.
    pub direction: Direction,
}

/// Which way to sort.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Direction {
    /// Smallest first.
    Ascending,
    /// Largest first.
    Descending,
}

/// A page of hits.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, from = "WirePage")]
pub struct SearchPage {
    /// Hits in all, as far as HubSpot counts.
    pub total: u64,
    /// The records.
    pub results: Vec<Record>,
    /// The cursor of the next page; none on the last.
    pub after: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct WirePage {
    #[serde(deserialize_with = "wire::optional_number")]
    total: Option<u64>,
    #[serde(deserialize_with = "wire::nullable")]
    results: Vec<Record>,
    #[serde(deserialize_with = "wire::nullable")]
    paging: Paging,
}

impl From<WirePage> for SearchPage {
    fn from(wire: WirePage) -> Self {
        SearchPage { total: wire.total.unwrap_or_default(), results: wire.results, after: wire.paging.after() }
    }
}

fn groups<S: serde::Serializer>(groups: &[Vec<Filter>], to: S) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct Group<'a> {
        filters: &'a [Filter],
    }
    to.collect_seq(groups.iter().map(|filters| Group { filters }))
}
