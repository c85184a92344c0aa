//! What people choose from in a drop-down of an input, from Kleer (contract hubspot-platform §6.5).

use std::time::Duration;

use app::App;
use serde::Serialize;

use crate::Action;
use crate::call::OptionsCall;
use crate::definition::{Live, Meaning};
use crate::live::{self, Entry};
use crate::outcome::{SHORTLY, Trouble};
use crate::work::connect;

/// Options of one answer; HubSpot asks for more as people scroll.
const PAGE: usize = 100;
/// Nothing takes longer.
const LONGEST: Duration = Duration::from_millis(9_500);

/// The options of one page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Page {
    options: Vec<Choosable>,
    /// Where the next page begins; none on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<String>,
    searchable: bool,
}

/// One option.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Choosable {
    label: String,
    description: String,
    value: String,
}

/// The options of an input. None if no input of that name has any. Where Kleer is not connected, or refuses, there are none: the
/// action itself says why when it runs.
///
/// # Errors
/// If it may work later.
pub async fn options(app: &App, call: &OptionsCall) -> Result<Option<Page>, Duration> {
    let Some(live) = live_input(&call.input) else { return Ok(None) };
    let listed = app.clock.timeout(LONGEST, async {
        let connection = connect(app, call.portal).await?;
        live::list(&connection.kleer, live).await
    });
    match listed.await {
        Ok(Ok(entries)) => Ok(Some(page(entries, &call.search, call.after.as_deref()))),
        Ok(Err(Trouble::Failed(failure))) => {
            tracing::info!(portal = %call.portal, input = call.input, code = failure.code.as_str(), "no options");
            Ok(Some(page(Vec::new(), "", None)))
        }
        Ok(Err(Trouble::Later { after, reason })) => {
            tracing::warn!(portal = %call.portal, input = call.input, reason, "no options now");
            Err(after)
        }
        Ok(Err(Trouble::Unauthorized(_))) | Err(_) => Err(SHORTLY),
    }
}

/// The list of an input, whichever action has it.
fn live_input(name: &str) -> Option<Live> {
    let inputs = Action::ALL.into_iter().flat_map(|action| action.definition().inputs);
    inputs.filter(|input| input.name == name).find_map(|input| match input.meaning {
        Meaning::Live(live) => Some(live),
        _ => None,
    })
}

/// The page that begins at `after`, of the entries that hold what was typed.
fn page(entries: Vec<Entry>, search: &str, after: Option<&str>) -> Page {
    let search = search.to_lowercase();
    let fits = |entry: &Entry| {
        [&entry.label, &entry.description, &entry.value].iter().any(|text| text.to_lowercase().contains(&search))
    };
    let from = after.and_then(|after| after.parse::<usize>().ok()).unwrap_or(0);
    let fitting: Vec<Entry> = entries.into_iter().filter(fits).collect();
    let end = from.saturating_add(PAGE);
    let after = (fitting.len() > end).then(|| end.to_string());
    let chosen = fitting.into_iter().skip(from).take(PAGE);
    let options = chosen.map(|Entry { value, label, description }| Choosable { label, description, value });
    Page { options: options.collect(), after, searchable: true }
}

#[cfg(test)]
mod tests;
