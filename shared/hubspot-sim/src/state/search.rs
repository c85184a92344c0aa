//! CRM search (contract §5): filters, free text, sorting, paging; it sees changes late and archived records never.

use std::cmp::Ordering;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use super::error::ApiError;
use super::portal::Portal;
use super::record::Record;
use super::types::ObjectTypeId;
use super::values;

const MOST_GROUPS: usize = 5;
const MOST_FILTERS: usize = 6;
const MOST_FILTERS_ALTOGETHER: usize = 18;
const MOST_RESULTS: usize = 10_000;
const LARGEST_PAGE: usize = 200;
const LONGEST_BODY: usize = 3_000;

/// What a search call sends.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct SearchRequest {
    filter_groups: Vec<FilterGroup>,
    filters: Vec<Filter>,
    query: Option<String>,
    sorts: Vec<Sort>,
    pub(crate) properties: Option<Vec<String>>,
    limit: Option<usize>,
    after: Option<Value>,
}

#[derive(Debug, Default, Deserialize)]
struct FilterGroup {
    filters: Vec<Filter>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Filter {
    property_name: String,
    operator: Operator,
    #[serde(default)]
    value: Option<Value>,
    #[serde(default)]
    values: Option<Vec<Value>>,
    #[serde(default)]
    high_value: Option<Value>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum Operator {
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

/// Documented as an object; the specification says text, and both are taken.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Sort {
    Text(String),
    #[serde(rename_all = "camelCase")]
    Full {
        property_name: String,
        #[serde(default)]
        direction: Option<String>,
    },
}

/// One page of hits.
pub(crate) struct Hits {
    pub(crate) total: usize,
    pub(crate) records: Vec<Record>,
    pub(crate) after: Option<usize>,
}

/// How values of a property compare.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sense {
    Text,
    Exact,
    Number,
    Moment,
}

/// A filter made ready: what is compared, and in which sense.
struct Test<'a> {
    portal: &'a Portal,
    object_type: ObjectTypeId,
    filter: &'a Filter,
    subject: Subject,
}

/// What a filter looks at.
enum Subject {
    Property(Sense),
    /// `associations.company`: the ids of associated records.
    Associated(ObjectTypeId),
}

impl Portal {
    /// Carries out a search.
    pub(crate) fn search(
        &self,
        object_type: ObjectTypeId,
        request: &SearchRequest,
        body_length: usize,
        now: Timestamp,
    ) -> Result<Hits, ApiError> {
        check(request, body_length)?;
        let groups = self.prepare(object_type, request, now)?;
        let query = request.query.as_deref().filter(|query| !query.is_empty());
        let fits = |record: &&Record| {
            let grouped = groups.is_empty() || groups.iter().any(|group| group.iter().all(|test| test.fits(record)));
            grouped && query.is_none_or(|query| self.mentions(object_type, record, query))
        };
        let found = self.store(object_type).searchable(now, self.switches.search_lag_ms);
        let mut hits: Vec<&Record> = found.filter(fits).collect();
        if let Some((name, descending)) = request.sorts.first().map(Sort::parts) {
            let sense = self.sense(object_type, &name);
            hits.sort_by(|a, b| {
                let order =
                    compare(sense, a.read(object_type, &name).as_deref(), b.read(object_type, &name).as_deref());
                if descending { order.reverse() } else { order }
            });
        }
        page(&hits, request)
    }

    fn prepare<'a>(
        &'a self,
        object_type: ObjectTypeId,
        request: &'a SearchRequest,
        now: Timestamp,
    ) -> Result<Vec<Vec<Test<'a>>>, ApiError> {
        let loose = (!request.filters.is_empty()).then_some(&request.filters);
        let groups = request.filter_groups.iter().map(|group| &group.filters).chain(loose);
        groups.map(|group| group.iter().map(|filter| self.test(object_type, filter, now)).collect()).collect()
    }

    fn test<'a>(&'a self, object_type: ObjectTypeId, filter: &'a Filter, now: Timestamp) -> Result<Test<'a>, ApiError> {
        let name = &filter.property_name;
        let subject = match name.strip_prefix("associations.") {
            Some(other) => Subject::Associated(self.object_type(other)?),
            None if self.property(object_type, name, now).is_some() => Subject::Property(self.sense(object_type, name)),
            None => {
                let message = format!("There was a problem with the request. Property \"{name}\" does not exist");
                return Err(ApiError::validation(message).context("propertyName", [name.clone()]));
            }
        };
        filter.check()?;
        Ok(Test { portal: self, object_type, filter, subject })
    }

    fn sense(&self, object_type: ObjectTypeId, name: &str) -> Sense {
        match self.store(object_type).properties.get(name).map(|property| property.data_type.as_str()) {
            Some("number") => Sense::Number,
            Some("date" | "datetime") => Sense::Moment,
            Some("enumeration" | "bool") => Sense::Exact,
            _ => Sense::Text,
        }
    }

    /// Free text looks into all text properties.
    fn mentions(&self, object_type: ObjectTypeId, record: &Record, query: &str) -> bool {
        let query = query.to_lowercase();
        let text = |name: &str| self.sense(object_type, name) == Sense::Text;
        let mut values = record.properties.iter().filter(|(name, _)| text(name));
        values.any(|(_, stored)| stored.value.to_lowercase().contains(&query))
    }
}

impl Test<'_> {
    fn fits(&self, record: &Record) -> bool {
        match self.subject {
            Subject::Property(sense) => {
                let value = record.read(self.object_type, &self.filter.property_name);
                self.filter.fits(sense, value.as_deref())
            }
            Subject::Associated(other) => {
                let mut ids =
                    self.portal.associated((self.object_type, record.id), other).map(|(id, _)| id.to_string());
                match self.filter.operator {
                    Operator::HasProperty => ids.next().is_some(),
                    Operator::NotHasProperty => ids.next().is_none(),
                    _ => ids.any(|id| self.filter.fits(Sense::Exact, Some(&id))),
                }
            }
        }
    }
}

impl Filter {
    fn check(&self) -> Result<(), ApiError> {
        let missing = |what: &str| {
            Err(ApiError::validation(format!("There was a problem with the request. The filter needs {what}")))
        };
        match self.operator {
            Operator::In | Operator::NotIn if self.values.as_ref().is_none_or(Vec::is_empty) => missing("values"),
            Operator::Between if self.value.is_none() || self.high_value.is_none() => missing("value and highValue"),
            Operator::In | Operator::NotIn | Operator::HasProperty | Operator::NotHasProperty => Ok(()),
            _ if self.value.is_none() => missing("a value"),
            _ => Ok(()),
        }
    }

    fn fits(&self, sense: Sense, value: Option<&str>) -> bool {
        let low = self.value.as_ref().map(plain).unwrap_or_default();
        let order = || compare(sense, value, Some(&low));
        let has = value.is_some();
        match self.operator {
            Operator::HasProperty => has,
            Operator::NotHasProperty => !has,
            Operator::Eq => has && order().is_eq(),
            Operator::Neq => !has || order().is_ne(),
            Operator::Lt => has && order().is_lt(),
            Operator::Lte => has && order().is_le(),
            Operator::Gt => has && order().is_gt(),
            Operator::Gte => has && order().is_ge(),
            Operator::Between => {
                let high = self.high_value.as_ref().map(plain).unwrap_or_default();
                has && order().is_ge() && compare(sense, value, Some(&high)).is_le()
            }
            Operator::In => value.is_some_and(|value| self.lists(sense, value)),
            Operator::NotIn => value.is_none_or(|value| !self.lists(sense, value)),
            Operator::ContainsToken => value.is_some_and(|value| contains_token(value, &low)),
            Operator::NotContainsToken => value.is_none_or(|value| !contains_token(value, &low)),
        }
    }

    /// For text the stored value is compared in lower case with the values as they are: only lower case is ever found.
    fn lists(&self, sense: Sense, value: &str) -> bool {
        let lower = value.to_lowercase();
        self.values.iter().flatten().any(|listed| match sense {
            Sense::Text => plain(listed) == lower,
            _ => compare(sense, Some(value), Some(&plain(listed))).is_eq(),
        })
    }
}

impl Sort {
    /// The property, and whether the largest comes first.
    fn parts(&self) -> (String, bool) {
        match self {
            Sort::Text(text) => (text.trim_start_matches('-').to_owned(), text.starts_with('-')),
            Sort::Full { property_name, direction } => {
                (property_name.clone(), direction.as_deref() == Some("DESCENDING"))
            }
        }
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// `*` at either end of a token stands for anything.
fn contains_token(value: &str, wanted: &str) -> bool {
    let (value, wanted) = (value.to_lowercase(), wanted.to_lowercase());
    let core = wanted.trim_matches('*');
    let mut tokens = value.split(|c: char| !c.is_alphanumeric());
    match (wanted.starts_with('*'), wanted.ends_with('*')) {
        (true, true) => value.contains(core),
        (true, false) => tokens.any(|token| token.ends_with(core)),
        (false, true) => tokens.any(|token| token.starts_with(core)),
        (false, false) => tokens.any(|token| token == core) || value == core,
    }
}

/// Nothing comes before something; unreadable values compare as text.
fn compare(sense: Sense, a: Option<&str>, b: Option<&str>) -> Ordering {
    let (Some(a), Some(b)) = (a, b) else { return a.is_some().cmp(&b.is_some()) };
    let by_text = || a.to_lowercase().cmp(&b.to_lowercase());
    match sense {
        Sense::Exact => a.cmp(b),
        Sense::Text => by_text(),
        Sense::Number => both(values::number(a), values::number(b)).unwrap_or_else(by_text),
        Sense::Moment => both(values::instant(a), values::instant(b)).unwrap_or_else(by_text),
    }
}

fn both<T: Ord>(a: Option<T>, b: Option<T>) -> Option<Ordering> {
    Some(a?.cmp(&b?))
}

fn check(request: &SearchRequest, body_length: usize) -> Result<(), ApiError> {
    let refuse = |message: String| Err(ApiError::validation(message));
    let filters: Vec<usize> = request.filter_groups.iter().map(|group| group.filters.len()).collect();
    if body_length > LONGEST_BODY {
        return refuse(format!("The request body is longer than {LONGEST_BODY} characters"));
    }
    if filters.len() > MOST_GROUPS || filters.iter().any(|count| *count > MOST_FILTERS) {
        return refuse(format!("At most {MOST_GROUPS} filterGroups of {MOST_FILTERS} filters are supported"));
    }
    if filters.iter().sum::<usize>() > MOST_FILTERS_ALTOGETHER {
        return refuse(format!("At most {MOST_FILTERS_ALTOGETHER} filters are supported"));
    }
    if request.sorts.len() > 1 {
        return refuse("At most one sort is supported".to_owned());
    }
    if request.limit.is_some_and(|limit| limit > LARGEST_PAGE) {
        return refuse(format!("limit must be less than or equal to {LARGEST_PAGE}"));
    }
    Ok(())
}

fn page(hits: &[&Record], request: &SearchRequest) -> Result<Hits, ApiError> {
    let limit = request.limit.unwrap_or(10);
    let start = match &request.after {
        None | Some(Value::Null) => 0,
        Some(after) => match plain(after).as_str() {
            "" => 0,
            text => text.parse().map_err(|_| ApiError::validation("after must be an integer"))?,
        },
    };
    if start + limit > MOST_RESULTS {
        return Err(ApiError::validation(format!("Search results are limited to {MOST_RESULTS}; narrow the query")));
    }
    let records: Vec<Record> = hits.iter().skip(start).take(limit).map(|record| (*record).clone()).collect();
    let end = start + records.len();
    Ok(Hits { total: hits.len(), records, after: (end < hits.len()).then_some(end) })
}
