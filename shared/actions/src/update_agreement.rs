//! *Update Kleer Agreement*: lays what is filled in over an agreement, and puts the deal's line items in the place of its rows
//! (contract product §7.5; contract kleer-api §9 rules 1 to 3). All else of the agreement is kept.

use domain::{KleerId, ObjectType};
use futures::future::try_join3;
use jiff::civil::Date;
use kleer::{AgreementPath, Discount, Document, FieldError, RowSet};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::agreement_inputs::{AgreementInputs, INPUTS, check_days, interval_note};
use crate::code::ErrorCode;
use crate::create_agreement::{AGREEMENT_ID, split};
use crate::definition::{Definition, RunsOn};
use crate::outcome::{Deed, Done, Failure, Trouble, quoted};
use crate::rows::{Row, RowDiscount, wrapped};
use crate::words::words;
use crate::work::Work;

/// Everything fixed about it.
pub(crate) static DEFINITION: Definition = Definition {
    name: "update-agreement",
    uid: "update_agreement",
    runs_on: RunsOn::Deals,
    title: words("Update Kleer Agreement", "Uppdatera avtal i Kleer"),
    description: words(
        "Updates the agreement named by the deal's Kleer Agreement ID. The deal's line items replace all rows of the agreement: \
         include those that are to stay. Only inputs that are filled in are changed.",
        "Uppdaterar avtalet som anges av affärens Kleer-avtals-ID. Affärens radartiklar ersätter alla rader i avtalet: ta med de \
         som ska vara kvar. Endast ifyllda fält ändras.",
    ),
    card: words("Update the agreement in Kleer", "Uppdatera avtalet i Kleer"),
    inputs: INPUTS,
    id_output: AGREEMENT_ID,
    codes: CODES,
};

const CODES: &[ErrorCode] = &[
    ErrorCode::NotConnected,
    ErrorCode::WrongObject,
    ErrorCode::RecordNotFound,
    ErrorCode::UnknownAgreement,
    ErrorCode::OtherClient,
    ErrorCode::MissingProduct,
    ErrorCode::InvalidDate,
    ErrorCode::InvalidNumber,
    ErrorCode::InvalidCurrency,
    ErrorCode::UnknownValue,
    ErrorCode::KleerRejected,
    ErrorCode::KleerDenied,
    ErrorCode::HubspotRefused,
];

/// The rows that an agreement shall have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NewRows {
    pub(crate) recurring: Vec<Row>,
    pub(crate) first: Vec<Row>,
}

/// Lays inputs and rows over an agreement; without rows it keeps its own.
///
/// # Errors
/// If the agreement cannot be read, or would end before it starts.
pub(crate) fn overlay(
    before: &Document,
    inputs: &AgreementInputs,
    rows: Option<&NewRows>,
) -> Result<Document, Failure> {
    let mut agreement = before.clone();
    let texts = [
        ("description", inputs.name.clone()),
        ("start-invoice-date", inputs.start.map(|day| day.to_string())),
        ("end-date", inputs.end.map(|day| day.to_string())),
        ("your-reference", inputs.your_reference.clone()),
        ("currency", inputs.currency.clone()),
        ("invoice-day", inputs.invoice_day.map(str::to_owned)),
        ("po-nr", inputs.po_number.clone()),
    ];
    for (name, text) in texts {
        if let Some(text) = text {
            agreement.set(name, text);
        }
    }
    for (name, number) in [("payment-days", inputs.payment_days), ("invoice-interval-months", inputs.interval)] {
        if let Some(number) = number {
            agreement.set(name, number);
        }
    }
    // Deprecated, and ignored when it is written: it follows the other one (contract kleer-api §7.4).
    agreement.remove("start-date");
    let day = |name: &str| -> Result<Option<Date>, Failure> { agreement.date(name).map_err(|e| unreadable(&e)) };
    if let (Some(start), true) = (day("start-invoice-date")?, inputs.start.is_some() || inputs.end.is_some()) {
        check_days(&DEFINITION, start, day("end-date")?)?;
    }
    if let Some(rows) = rows {
        for (set, rows) in sets(rows) {
            agreement.set(set.member(), wrapped(rows.iter().map(Row::of_agreement).collect()));
        }
    } else {
        for set in [RowSet::Recurring, RowSet::FirstInvoice] {
            if !agreement.as_map().contains_key(set.member()) {
                agreement.set(set.member(), json!({}));
            }
        }
    }
    Ok(agreement)
}

fn sets(rows: &NewRows) -> [(RowSet, &[Row]); 2] {
    [(RowSet::Recurring, &rows.recurring), (RowSet::FirstInvoice, &rows.first)]
}

/// Whether an agreement says already all that the overlay would make it say: what was sent before and whose answer was lost is
/// not sent again, because each save makes a revision.
pub(crate) fn says_already(before: &Document, after: &Document, rows: Option<&NewRows>) -> Result<bool, Failure> {
    let own = |name: &str| !["start-date", RowSet::Recurring.member(), RowSet::FirstInvoice.member()].contains(&name);
    let blank = |value: Option<&Value>| value.is_none_or(|value| value.is_null() || *value == json!(""));
    let same = |name: &str, value: &Value| {
        let was = before.as_map().get(name);
        was == Some(value) || (blank(was) && blank(Some(value)))
    };
    if !after.as_map().iter().filter(|(name, _)| own(name)).all(|(name, value)| same(name, value)) {
        return Ok(false);
    }
    let Some(rows) = rows else { return Ok(true) };
    for (set, rows) in sets(rows) {
        let there = before.rows(set).map_err(|e| unreadable(&e))?;
        let mut same = there.len() == rows.len();
        for (there, wanted) in there.iter().zip(rows) {
            same = same && row_is(there, wanted).map_err(|e| unreadable(&e))?;
        }
        if !same {
            return Ok(false);
        }
    }
    Ok(true)
}

fn row_is(there: &kleer::Row, wanted: &Row) -> Result<bool, FieldError> {
    let document = there.document();
    let discount = match there.discount()? {
        Discount::None => RowDiscount::None,
        Discount::Absolute(minor) => RowDiscount::Absolute(minor),
        Discount::Fraction(part) => RowDiscount::Fraction(part),
    };
    let is_nothing = |discount: RowDiscount| match discount {
        RowDiscount::None => true,
        RowDiscount::Absolute(minor) => minor == 0,
        RowDiscount::Fraction(part) => part == Decimal::ZERO,
    };
    let same_discount = discount == wanted.discount || (is_nothing(discount) && is_nothing(wanted.discount));
    Ok(there.quantity()? == wanted.quantity
        && there.price()? == wanted.price
        && same_discount
        && document.reference("product.id")? == wanted.product.map(|id| id.0)
        && document.text("unit")?.unwrap_or_default() == wanted.unit
        && document.text("description")?.unwrap_or_default() == wanted.description)
}

/// An agreement that cannot be read.
pub(crate) fn unreadable(error: &FieldError) -> Failure {
    let remedy = "Open it in Kleer, correct it and save it, then enrol the deal again.";
    Failure::new(ErrorCode::KleerRejected, format!("The agreement in Kleer cannot be used: {error}. {remedy}"))
}

/// What it does. It never skips, but what the agreement says already is not saved again: a retry whose first try came through
/// finds nothing to do.
///
/// # Errors
/// See [`Trouble`].
pub(crate) async fn run(work: &Work<'_>) -> Result<Done, Trouble> {
    let deal = work.record([AGREEMENT_ID.name].into_iter()).await?;
    work.make_properties(&deal).await?;
    let id = named(deal.value(AGREEMENT_ID.name))?;
    let inputs = AgreementInputs::read(&work.inputs())?;
    let path = path(work).await?;
    let (before, items, client) = try_join3(read(work, path, id), work.line_items(), work.client_if_any()).await?;
    check_client(&before, client)?;
    let rows = if items.is_empty() {
        None
    } else {
        let (recurring, first) = split(&items, work.rows(&items, false).await?.rows);
        Some(NewRows { recurring, first })
    };
    let after = overlay(&before, &inputs, rows.as_ref())?;
    if !says_already(&before, &after, rows.as_ref())? {
        save(work, path, id, &before, &after).await?;
    }
    work.push(ObjectType::Agreement, id).await?;
    let note = if rows.is_none() {
        "The deal has no line items: the agreement's rows were left as they are.".to_owned()
    } else {
        let interval = after.integer("invoice-interval-months").map_err(|e| unreadable(&e))?;
        interval.map(|months| interval_note(months, &items)).unwrap_or_default()
    };
    Ok(Done { deed: Deed::Updated, kleer_id: id, note })
}

/// The agreement that the deal names.
fn named(value: Option<&str>) -> Result<KleerId, Failure> {
    let Some(text) = value.map(str::trim).filter(|text| !text.is_empty()) else {
        return Err(Failure::of(ErrorCode::UnknownAgreement));
    };
    text.parse().map_err(|_| unknown(text))
}

fn unknown(text: &str) -> Failure {
    let message = format!(
        "Kleer Agreement ID: {} is no agreement in Kleer. Fill in the ID of the agreement to update on the deal.",
        quoted(text)
    );
    Failure::new(ErrorCode::UnknownAgreement, message)
}

async fn read(work: &Work<'_>, path: AgreementPath, id: KleerId) -> Result<Document, Trouble> {
    match work.connection.kleer.get_agreement(path, id.0).await {
        Ok(agreement) if agreement.boolean("deleted").ok().flatten() == Some(true) => {
            Err(unknown(&id.to_string()).into())
        }
        Ok(agreement) => Ok(agreement),
        Err(error) if error.kind == rest::ErrorKind::Missing => Err(unknown(&id.to_string()).into()),
        Err(error) => Err(Trouble::kleer(&error)),
    }
}

/// Where Kleer has its agreements: as a poll found out, else by a probe.
async fn path(work: &Work<'_>) -> Result<AgreementPath, Trouble> {
    let known = work.app.store.capability(work.portal(), ObjectType::Agreement).await?;
    if let Some(path) = known.and_then(|known| AgreementPath::named(known.kleer_path.as_deref()?)) {
        return Ok(path);
    }
    let probe = work.connection.kleer.probe_agreements().await.map_err(|error| Trouble::kleer(&error))?;
    probe.path().ok_or_else(|| Failure::of(ErrorCode::KleerDenied).into())
}

/// The agreement of another client is not changed: somebody mistyped its id.
fn check_client(agreement: &Document, client: Option<KleerId>) -> Result<(), Failure> {
    let own = agreement.reference("client-ref").map_err(|error| unreadable(&error))?;
    match (own, client) {
        (Some(own), Some(client)) if own != client.0 => Err(Failure::of(ErrorCode::OtherClient)),
        _ => Ok(()),
    }
}

/// Saves it, once. After an unknown outcome HubSpot calls again, and what was saved is seen then.
async fn save(
    work: &Work<'_>,
    path: AgreementPath,
    id: KleerId,
    before: &Document,
    after: &Document,
) -> Result<(), Trouble> {
    let saved = work.connection.kleer.update_agreement(path, id.0, after).await;
    let revision = saved.map_err(|error| refusal(&error))?;
    let read = before.integer("revision-nr").ok().flatten();
    if let (Some(revision), Some(read)) = (revision, read)
        && revision > read + 1
    {
        let portal = work.portal();
        tracing::warn!(%portal, %id, read, revision, "the agreement was saved by somebody else at the same moment");
    }
    Ok(())
}

/// A save is never repeated blindly, so a business error (500 with words) counts as a refusal at once.
fn refusal(error: &rest::Error) -> Trouble {
    if !kleer::is_business_error(error) {
        return Trouble::kleer(error);
    }
    let rejected = rest::Error { kind: rest::ErrorKind::Rejected, ..error.clone() };
    Trouble::kleer(&rejected)
}

#[cfg(test)]
mod tests;
