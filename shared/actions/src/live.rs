//! Lists that live in Kleer: what people choose from in a drop-down, and what an input's text means.

use kleer::{Document, Listing};

use crate::code::ErrorCode;
use crate::definition::{Live, Meaning};
use crate::inputs::Wished;
use crate::outcome::{Failure, Trouble};

/// One of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    /// What is stored in a workflow: an id, or a name where Kleer knows it by its name.
    pub(crate) value: String,
    /// What people read.
    pub(crate) label: String,
    /// What else it is known by.
    pub(crate) description: String,
}

/// What the product calls Kleer's *Efaktura* (contract kleer-api §10).
const SVEFAKTURA: &str = "svefaktura";
const EFAKTURA: &str = "efaktura";
/// The most names that a message lists.
const NAMES: usize = 12;

/// Reads a list, in Kleer's order.
///
/// # Errors
/// If Kleer refuses or does not answer.
pub(crate) async fn list(kleer: &kleer::Api, live: Live) -> Result<Vec<Entry>, Trouble> {
    let listing = match live {
        Live::DeliveryTypes => kleer.list_delivery_types().await,
        Live::Users => kleer.list_users().await,
        Live::Templates => kleer.list_invoice_templates().await,
    };
    let listing = listing.map_err(|error| Trouble::kleer(&error))?;
    Ok(entries(live, &listing))
}

fn entries(live: Live, listing: &Listing) -> Vec<Entry> {
    let records = listing.records().filter_map(Result::ok);
    records.filter_map(|record| entry(live, &record)).collect()
}

fn entry(live: Live, record: &Document) -> Option<Entry> {
    let text = |name: &str| record.text(name).ok().flatten().unwrap_or_default().trim().to_owned();
    let name = text("name");
    match live {
        Live::DeliveryTypes => {
            let default = record.boolean("default").ok().flatten().unwrap_or(false);
            let description = if default { "Default in Kleer" } else { "" }.to_owned();
            (!name.is_empty()).then(|| Entry { value: name.clone(), label: name, description })
        }
        Live::Users => {
            let active = record.boolean("active").ok().flatten().unwrap_or(true);
            let id = record.id().ok().filter(|_| active)?;
            Some(Entry { value: id.to_string(), label: name, description: text("email") })
        }
        Live::Templates => {
            Some(Entry { value: record.id().ok()?.to_string(), label: name, description: text("description") })
        }
    }
}

/// What an input's text means: the entry of that value, name or e-mail, whatever its case.
///
/// # Errors
/// If there is none: which there are.
pub(crate) fn find<'a>(wished: &Wished, entries: &'a [Entry]) -> Result<&'a Entry, Failure> {
    let is = |entry: &&Entry, text: &str| {
        let same = |known: &str| known.to_lowercase() == text;
        same(&entry.value) || same(&entry.label) || (entry.description.contains('@') && same(&entry.description))
    };
    let text = wished.text.to_lowercase();
    let found = entries.iter().find(|entry| is(entry, &text));
    let alias = || entries.iter().find(|entry| text == SVEFAKTURA && is(entry, EFAKTURA));
    found.or_else(alias).ok_or_else(|| {
        let names: Vec<&str> = entries.iter().map(|entry| entry.label.as_str()).take(NAMES).collect();
        let more = if entries.len() > NAMES { " …" } else { "" };
        let remedy = format!("Use one of: {}{more}.", names.join(", "));
        Failure::value(wished.input, ErrorCode::UnknownValue, &wished.text, "is not in Kleer", &remedy)
    })
}

/// Looks up an input's text; none if it is empty.
pub(crate) async fn look_up(kleer: &kleer::Api, wished: Option<&Wished>) -> Result<Option<String>, Trouble> {
    let Some(wished) = wished else { return Ok(None) };
    let Meaning::Live(live) = wished.input.meaning else { return Ok(Some(wished.text.clone())) };
    let entries = list(kleer, live).await?;
    Ok(Some(find(wished, &entries)?.value.clone()))
}

/// The same where the value is an id.
pub(crate) async fn look_up_id(kleer: &kleer::Api, wished: Option<&Wished>) -> Result<Option<i64>, Trouble> {
    Ok(look_up(kleer, wished).await?.and_then(|id| id.parse().ok()))
}

#[cfg(test)]
mod tests;
