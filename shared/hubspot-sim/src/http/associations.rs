//! Associations, by batch and one by one (contract §6).

use serde::Deserialize;
use serde_json::{Value, json};

use super::call::{Answer, Call};
use super::scopes::Access;
use super::wire::{Id, Inputs, Spec};
use crate::state::association_types::{AssociationType, Category, Label};
use crate::state::batch::check_size;
use crate::state::change::{Change, RecordKey};
use crate::state::error::ApiError;
use crate::state::portal::Portal;
use crate::state::types::ObjectTypeId;

const MOST_WRITES: usize = 2_000;
const MOST_READS: usize = 1_000;
const LARGEST_PAGE: usize = 500;

#[derive(Deserialize)]
struct Pair {
    from: Id,
    to: Id,
}

#[derive(Deserialize)]
struct Labelled {
    from: Id,
    to: Id,
    types: Vec<Spec>,
}

#[derive(Deserialize)]
struct Removal {
    from: Id,
    to: Vec<Id>,
}

#[derive(Deserialize)]
struct Reading {
    #[serde(flatten)]
    id: Id,
    #[serde(default)]
    after: Option<String>,
}

/// The two object types of the path, if the caller may do this with both.
fn ends(call: &Call<'_>, access: Access) -> Result<(ObjectTypeId, ObjectTypeId), ApiError> {
    Ok((call.records_of("from", access)?.object_type, call.records_of("to", access)?.object_type))
}

fn both_ends(
    portal: &Portal,
    types: (ObjectTypeId, ObjectTypeId),
    from: &str,
    to: &str,
) -> Result<(RecordKey, RecordKey), ApiError> {
    Ok((portal.end(types.0, from)?, portal.end(types.1, to)?))
}

/// Associates two records, which it returns.
fn associate(
    call: &mut Call<'_>,
    types: (ObjectTypeId, ObjectTypeId),
    (from, to): (&str, &str),
    rows: &[AssociationType],
) -> Result<(RecordKey, RecordKey), ApiError> {
    let ends = both_ends(call.portal()?, types, from, to)?;
    call.state.associate(call.portal_id(), ends, rows)?;
    Ok(ends)
}

/// `POST …/batch/associate/default`.
pub(super) fn associate_default(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let types = ends(call, Access::Write)?;
    let sent: Inputs<Pair> = call.json()?;
    check_size(sent.inputs.len(), MOST_WRITES)?;
    let row = call.portal()?.default_association(types.0, types.1)?;
    let (mut results, mut errors) = (Vec::new(), Vec::new());
    for pair in sent.inputs {
        match associate(call, types, (&pair.from.id, &pair.to.id), std::slice::from_ref(&row)) {
            Ok((from, to)) => results.extend(both_directions(from, to, &row)),
            Err(error) => errors.push(error.to_batch_entry(None)),
        }
    }
    Ok(call.batch_answer(200, results, errors))
}

fn both_directions(from: RecordKey, to: RecordKey, row: &AssociationType) -> [Value; 2] {
    let one = |from: RecordKey, to: RecordKey, label: Label| {
        json!({
            "from": { "id": from.1.to_string() },
            "to": { "id": to.1.to_string() },
            "associationSpec": { "associationCategory": label.category.text(), "associationTypeId": label.type_id },
        })
    };
    [one(from, to, row.forward()), one(to, from, row.backward())]
}

/// `POST …/batch/create`.
pub(super) fn create(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let types = ends(call, Access::Write)?;
    let sent: Inputs<Labelled> = call.json()?;
    check_size(sent.inputs.len(), MOST_WRITES)?;
    let mut wanted = Vec::with_capacity(sent.inputs.len());
    for input in sent.inputs {
        let rows = rows(call.portal()?, types, &input.types)?;
        wanted.push((input.from.id, input.to.id, rows));
    }
    let (mut results, mut errors) = (Vec::new(), Vec::new());
    for (from, to, rows) in wanted {
        match associate(call, types, (&from, &to), &rows) {
            Ok((from, to)) => results.push(pair(call, from, to, &rows)),
            Err(error) => errors.push(error.to_batch_entry(None)),
        }
    }
    Ok(call.batch_answer(201, results, errors))
}

/// The types that are meant; a wrong id or direction refuses the whole call.
fn rows(
    portal: &Portal,
    types: (ObjectTypeId, ObjectTypeId),
    specs: &[Spec],
) -> Result<Vec<AssociationType>, ApiError> {
    if specs.is_empty() {
        return Err(ApiError::validation(
            "Invalid input JSON on line 1, column 1. Some required fields were not set: [types]",
        ));
    }
    specs.iter().map(|spec| portal.association_type(types.0, types.1, spec.label())).collect()
}

/// `LabelsBetweenObjectPair`.
fn pair(call: &Call<'_>, from: RecordKey, to: RecordKey, rows: &[AssociationType]) -> Value {
    let labels: Vec<&str> = rows.iter().filter_map(|row| row.label.as_deref()).collect();
    json!({
        "fromObjectTypeId": from.0,
        "fromObjectId": shown_id(call, from.1),
        "toObjectTypeId": to.0,
        "toObjectId": shown_id(call, to.1),
        "labels": labels,
    })
}

fn shown_id(call: &Call<'_>, id: u64) -> Value {
    if call.version.shows_numeric_ids() { json!(id) } else { json!(id.to_string()) }
}

/// `POST …/batch/read`; records without associations are among the errors.
pub(super) fn read(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let types = ends(call, Access::Read)?;
    let sent: Inputs<Reading> = call.json()?;
    check_size(sent.inputs.len(), MOST_READS)?;
    let (mut results, mut errors) = (Vec::new(), Vec::new());
    for Reading { id: Id { id }, after } in sent.inputs {
        let found = call.portal()?.end(types.0, &id);
        let page = found.ok().map(|from| page(call, from, types.1, after.as_deref(), LARGEST_PAGE));
        match page {
            Some((to, next)) if !to.is_empty() => {
                let mut body = json!({ "from": { "id": id }, "to": to });
                if let Some(next) = next {
                    body["paging"] = next;
                }
                results.push(body);
            }
            _ => errors.push(no_associations(&id, types).to_batch_entry(None)),
        }
    }
    Ok(call.batch_answer(200, results, errors))
}

fn no_associations(id: &str, types: (ObjectTypeId, ObjectTypeId)) -> ApiError {
    let (from, to) = (types.0.error_name().to_lowercase(), types.1.error_name().to_lowercase());
    ApiError::new(404, "OBJECT_NOT_FOUND", format!("No {to} is associated with {from} {id}."))
        .sub_category("crm.associations.NO_ASSOCIATIONS_FOUND")
        .context("fromObjectId", [id.to_owned()])
        .context("fromObjectType", [from])
        .context("toObjectType", [to])
}

/// Associated records from a cursor on, and the paging object if there are more.
fn page(
    call: &Call<'_>,
    from: RecordKey,
    to: ObjectTypeId,
    after: Option<&str>,
    limit: usize,
) -> (Vec<Value>, Option<Value>) {
    let Ok(portal) = call.portal() else { return (Vec::new(), None) };
    let start = after.and_then(|after| after.parse().ok()).unwrap_or(0);
    let types = portal.types_between(from.0, to);
    let label = |label: &Label| {
        let row = types.iter().find(|row| row.forward() == *label);
        let text = row.and_then(|row| row.label.clone());
        json!({ "category": label.category.text(), "typeId": label.type_id, "label": text })
    };
    let mut all = portal.associated(from, to).filter(|(id, _)| *id >= start);
    let shown = all
        .by_ref()
        .take(limit)
        .map(|(id, labels)| {
            let types: Vec<Value> = labels.iter().map(label).collect();
            json!({ "toObjectId": shown_id(call, id), "associationTypes": types })
        })
        .collect();
    (shown, all.next().map(|(id, _)| json!({ "next": { "after": id.to_string() } })))
}

/// `POST …/batch/archive`: 204 in version 4, a body in the dated ones.
pub(super) fn archive(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let types = ends(call, Access::Write)?;
    let sent: Inputs<Removal> = call.json()?;
    check_size(sent.inputs.len(), MOST_WRITES)?;
    for input in sent.inputs {
        for to in input.to {
            if let Ok((from, to)) = both_ends(call.portal()?, types, &input.from.id, &to.id) {
                call.state.unlink(call.portal_id(), from, to);
            }
        }
    }
    Ok(removed(call))
}

/// `POST …/batch/labels/archive`.
pub(super) fn archive_labels(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let types = ends(call, Access::Write)?;
    let sent: Inputs<Labelled> = call.json()?;
    check_size(sent.inputs.len(), MOST_WRITES)?;
    for input in sent.inputs {
        let rows = rows(call.portal()?, types, &input.types)?;
        if let Ok((from, to)) = both_ends(call.portal()?, types, &input.from.id, &input.to.id) {
            for row in rows {
                call.state.unlink_label(call.portal_id(), from, to, &row);
            }
        }
    }
    Ok(removed(call))
}

fn removed(call: &mut Call<'_>) -> Answer {
    if call.version.shows_numeric_ids() {
        return Answer::no_content();
    }
    call.batch_answer(200, Vec::new(), Vec::new())
}

/// The two records of a single-association path.
fn single(call: &Call<'_>) -> Result<(RecordKey, RecordKey), ApiError> {
    let types = ends(call, Access::Write)?;
    both_ends(call.portal()?, types, call.param("id"), call.param("to_id"))
}

/// `PUT …/{from}/{id}/associations/default/{to}/{to_id}`.
pub(super) fn put_default(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let (from, to) = single(call)?;
    let row = call.portal()?.default_association(from.0, to.0)?;
    call.state.associate(call.portal_id(), (from, to), std::slice::from_ref(&row))?;
    let results = both_directions(from, to, &row).to_vec();
    Ok(call.batch_answer(200, results, Vec::new()))
}

/// `PUT …/{from}/{id}/associations/{to}/{to_id}`.
pub(super) fn put(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let specs: Vec<Spec> = call.json()?;
    let (from, to) = single(call)?;
    let rows = rows(call.portal()?, (from.0, to.0), &specs)?;
    call.state.associate(call.portal_id(), (from, to), &rows)?;
    Ok(Answer::json(201, pair(call, from, to, &rows)))
}

/// `GET …/{from}/{id}/associations/{to}`.
pub(super) fn get(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let types = ends(call, Access::Read)?;
    let limit = call.limit(LARGEST_PAGE, LARGEST_PAGE)?;
    let id = call.param("id").parse().ok();
    let found = id.and_then(|id| call.portal().ok()?.store(types.0).live(id));
    let from = (types.0, found.ok_or_else(ApiError::not_found)?.id);
    let (results, next) = page(call, from, types.1, call.query("after"), limit);
    let mut body = json!({ "results": results });
    if let Some(next) = next {
        body["paging"] = next;
    }
    Ok(Answer::json(200, body))
}

/// `DELETE …/{from}/{id}/associations/{to}/{to_id}`.
pub(super) fn delete(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let (from, to) = single(call)?;
    call.state.unlink(call.portal_id(), from, to);
    Ok(Answer::no_content())
}

/// `GET …/{from}/{to}/labels`.
pub(super) fn labels(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let (from, to) = ends(call, Access::Read)?;
    let rows = call.portal()?.types_between(from, to);
    Ok(Answer::json(200, json!({ "results": rows.iter().map(label).collect::<Vec<_>>() })))
}

fn label(row: &AssociationType) -> Value {
    json!({ "category": row.category.text(), "typeId": row.id, "label": row.label })
}

/// `POST …/{from}/{to}/labels`.
pub(super) fn create_label(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Create {
        label: String,
        #[serde(default)]
        inverse_label: Option<String>,
        /// Required by HubSpot, shown nowhere.
        #[serde(rename = "name")]
        _name: String,
    }
    let (from, to) = ends(call, Access::Write)?;
    let sent: Create = call.json()?;
    call.portal()?.default_association(from, to)?;
    let id = call.portal()?.next_association_type_id();
    let row = AssociationType {
        from,
        to,
        category: Category::UserDefined,
        id,
        inverse_id: id + 1,
        inverse_label: sent.inverse_label.or_else(|| Some(sent.label.clone())),
        label: Some(sent.label),
    };
    let results = vec![
        label(&row),
        json!({ "category": row.category.text(), "typeId": row.inverse_id, "label": row.inverse_label }),
    ];
    call.state.commit(Change::AssociationType { portal: call.portal_id(), association_type: row });
    Ok(Answer::json(200, json!({ "results": results })))
}
