//! Tables of workflow actions: what their files in `shared/actions` declare.

use std::collections::BTreeSet;

use actions::{Action, ErrorCode, Input, Live, Meaning, Output, RunsOn, Shown, Words};
use guide::Language;

use super::table::{code, table};
use super::texts::Texts;

fn said(words: Words, texts: &Texts) -> &'static str {
    words.of(match texts.language {
        Language::English => actions::Language::English,
        Language::Swedish => actions::Language::Swedish,
    })
}

/// All actions: where they run, what they do.
pub(super) fn all(texts: &Texts) -> String {
    let head = [texts.of("Action", "Åtgärd"), texts.of("Runs on", "Körs på"), texts.of("What it does", "Vad den gör")];
    let row = |action: Action| {
        let definition = action.definition();
        let link = format!("[{}]({}.md)", said(definition.title, texts), definition.name);
        [
            link,
            texts.get(&format!("hubspot.{}", definition.runs_on.object())),
            said(definition.description, texts).to_owned(),
        ]
    };
    table(head, Action::ALL.map(row))
}

/// One action: what it does, where it runs, what it writes back.
pub(super) fn overview(action: Action, texts: &Texts) -> String {
    let definition = action.definition();
    let id = definition.id_output;
    let (runs_on, written) = match definition.runs_on {
        RunsOn::Companies => (
            texts.of("Company-based workflows", "Företagsbaserade arbetsflöden"),
            texts.of("Property on the company that holds the id in Kleer", "Egenskap på företaget som har id i Kleer"),
        ),
        RunsOn::Deals => (
            texts.of("Deal-based workflows", "Affärsbaserade arbetsflöden"),
            texts.of("Property on the deal that holds the id in Kleer", "Egenskap på affären som har id i Kleer"),
        ),
    };
    let description = said(definition.description, texts);
    format!(
        "{description}\n\n- **{}**: {runs_on}\n- **{written}**: {} ({})\n",
        texts.of("Where", "Var"),
        said(id.label, texts),
        code(id.name)
    )
}

/// The inputs of an action, and the values of those that have a list of them.
pub(super) fn inputs(action: Action, texts: &Texts) -> String {
    let definition = action.definition();
    let head =
        [texts.of("Input", "Indata"), texts.of("Takes", "Tar emot"), texts.of("What to fill in", "Vad du fyller i")];
    let row = |input: &Input| {
        let takes = takes(input, texts);
        [said(input.label, texts).to_owned(), takes, said(input.help, texts).to_owned()]
    };
    let mut all = table(head, definition.inputs.iter().map(row));
    for input in definition.inputs {
        let Meaning::Choice(choices) = input.meaning else { continue };
        all.push_str(&format!("\n**{}**\n\n", said(input.label, texts)));
        let rows = choices.iter().map(|choice| [code(choice.value), said(choice.label, texts).to_owned()]);
        all.push_str(&table([texts.of("Value", "Värde"), texts.of("Means", "Betyder")], rows));
    }
    all
}

fn takes(input: &Input, texts: &Texts) -> String {
    let words = match input.meaning {
        Meaning::Text => texts.of("Text", "Text"),
        Meaning::Date => texts.of("Date", "Datum"),
        Meaning::Whole { least, most } => {
            return texts
                .of("Whole number, {} to {}", "Heltal, {} till {}")
                .replacen("{}", &least.to_string(), 1)
                .replacen("{}", &most.to_string(), 1);
        }
        Meaning::Decimal => texts.of("Number", "Tal"),
        Meaning::Money => texts.of("Amount", "Belopp"),
        Meaning::Boolean => texts.of("Yes or no", "Ja eller nej"),
        Meaning::Currency => texts.of("Currency, three letters", "Valuta, tre bokstäver"),
        Meaning::Country => texts.of("Country, two letters", "Land, två bokstäver"),
        Meaning::Choice(_) if input.shown == Shown::Text => {
            texts.of("One of the values below, as text", "Ett av värdena nedan, som text")
        }
        Meaning::Choice(_) => texts.of("One of the values below", "Ett av värdena nedan"),
        Meaning::Live(Live::DeliveryTypes) => texts.of("A delivery type in Kleer", "Ett leveranssätt i Kleer"),
        Meaning::Live(Live::Users) => texts.of("A user in Kleer", "En användare i Kleer"),
        Meaning::Live(Live::Templates) => texts.of("A template in Kleer", "En mall i Kleer"),
    };
    words.to_owned()
}

/// What later steps of a workflow can use.
pub(super) fn outputs(action: Action, texts: &Texts) -> String {
    let definition = action.definition();
    let head = [texts.of("Output", "Utdata"), texts.of("Name", "Namn"), texts.of("Holds", "Innehåll")];
    let row = |output: Output| {
        let holds = match output.name {
            "result" => texts.of("`created`, `updated` or `skipped`", "`created`, `updated` eller `skipped`"),
            "error_code" => {
                texts.of("One of the codes below; empty if all went well", "En av koderna nedan; tom om allt gick bra")
            }
            "error_field" => texts.of("The input that is to blame, if one is", "Det fält som är fel, om något är det"),
            "error_message" => {
                texts.of("What is wrong and what to do, in English", "Vad som är fel och vad du kan göra, på engelska")
            }
            "note" => texts.of(
                "What is worth knowing although all went well, in English",
                "Det som är värt att veta fast allt gick bra, på engelska",
            ),
            _ => texts.of("The id in Kleer", "Id i Kleer"),
        };
        [said(output.label, texts).to_owned(), code(output.name), holds.to_owned()]
    };
    table(head, definition.outputs().map(row))
}

/// The codes that an action can answer with.
pub(super) fn errors(action: Action, texts: &Texts) -> String {
    codes(codes_of(action), texts)
}

/// The codes of all actions.
pub(super) fn all_errors(texts: &Texts) -> String {
    codes(Action::ALL.into_iter().flat_map(codes_of).collect(), texts)
}

fn codes_of(action: Action) -> BTreeSet<ErrorCode> {
    let definition = action.definition();
    definition.codes.iter().copied().chain(definition.inputs.iter().filter_map(Input::fault)).collect()
}

fn codes(codes: BTreeSet<ErrorCode>, texts: &Texts) -> String {
    let head =
        [texts.of("Code", "Kod"), texts.of("What is wrong, and what to do", "Vad som är fel och vad du kan göra")];
    table(head, codes.into_iter().map(|one| [code(one.as_str()), said(one.text(), texts).to_owned()]))
}
