//! What the activity list says of an action in Swedish. Outputs are English, for workflows compare them; the list is for people.

use crate::code::ErrorCode;
use crate::definition::Definition;
use crate::outcome::{Deed, Failure};

/// What was done.
pub(crate) fn done(definition: &Definition, deed: Deed, note: &str) -> String {
    let word = match deed {
        Deed::Created => "skapades",
        Deed::Skipped => "hoppades över",
        Deed::Updated => "ändrades",
    };
    format!("{}: {word}. {}", definition.title.sv, noted(definition, note)).trim_end().to_owned()
}

/// What is worth knowing. A note that is not known here is left as it is.
fn noted(definition: &Definition, note: &str) -> String {
    let already = || {
        let rest = note.strip_prefix(definition.id_output.label.en)?.strip_prefix(" is ")?;
        let id = rest.strip_suffix(" already. Empty it to make another one.")?;
        Some(format!("{} är redan {id}. Töm det för att skapa en till.", definition.id_output.label.sv))
    };
    let interval = || {
        let months = note.strip_prefix("The agreement is invoiced every ")?.split(' ').next()?;
        Some(format!(
            "Avtalet faktureras var {months}:e månad, vilket inte är faktureringsfrekvensen på alla dess rader; deras priser togs \
             som de är."
        ))
    };
    match note {
        "The deal has no line items: the draft has no rows." => "Affären har inga rader: utkastet är tomt.".to_owned(),
        "The deal has no line items: the agreement has no rows." => {
            "Affären har inga rader: avtalet är tomt.".to_owned()
        }
        "The deal has no line items: the agreement's rows were left as they are." => {
            "Affären har inga rader: avtalets rader lämnades som de är.".to_owned()
        }
        _ => already().or_else(interval).unwrap_or_else(|| note.to_owned()),
    }
}

/// Why it did not end well, and what to do. What Kleer or HubSpot said stands behind it in their words.
pub(crate) fn failed(definition: &Definition, failure: &Failure) -> String {
    let title = definition.title.sv;
    let text = failure.code.text().sv;
    let field = failure.field.and_then(|name| definition.inputs.iter().find(|input| input.name == name));
    match field {
        Some(input) => {
            let value = failure.message.split('\u{201c}').nth(1).and_then(|rest| rest.split('\u{201d}').next());
            let value = value.map(|value| format!(" \u{201c}{value}\u{201d}")).unwrap_or_default();
            format!("{title}: {}{value}. {text}", input.label.sv)
        }
        None if matches!(failure.code, ErrorCode::KleerRejected | ErrorCode::HubspotRefused) => {
            format!("{title}: {text} ({})", failure.message)
        }
        None => format!("{title}: {text}"),
    }
}
