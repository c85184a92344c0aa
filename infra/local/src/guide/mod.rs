//! Writes the tables of the user guide from the declarations in the code, or says what is out of date. In the sources, what
//! stands between two marks is written here; all else is written by people:
//!
//! ```text
//! <!-- generated: fields client -->
//! …
//! <!-- end -->
//! ```
//!
//! | part | file |
//! |---|---|
//! | tables of object types | `types.rs` |
//! | tables of workflow actions | `workflows.rs` |
//! | problems, defaults, scopes, the version of the terms | `others.rs` |
//! | the words of the settings page, which are the guide's too | `texts.rs` |
//! | tables in Markdown | `table.rs` |

mod others;
mod table;
mod texts;
mod types;
mod workflows;

use std::path::PathBuf;

use guide::Language;

use crate::output;
use texts::Texts;

const BEGIN: &str = "<!-- generated: ";
const END: &str = "<!-- end -->";

/// Writes the sources of the guide anew, or only compares them. False if they differ.
///
/// # Errors
/// If a source cannot be read or written, or asks for a table that there is not.
pub fn run(check: bool) -> Result<bool, String> {
    let mut differing = Vec::new();
    for (path, language) in sources() {
        let shown = path.strip_prefix(root()).unwrap_or(&path).display().to_string();
        let said = |error: std::io::Error| format!("infra/guide/{shown}: {error}");
        let found = std::fs::read_to_string(&path).map_err(said)?;
        let wanted = filled(&found, language).map_err(|error| format!("infra/guide/{shown}: {error}"))?;
        if found == wanted {
            continue;
        }
        if !check {
            std::fs::write(&path, wanted).map_err(said)?;
        }
        differing.push(shown);
    }
    if check {
        differing.iter().for_each(|shown| output::complain(&format!("infra/guide/{shown} is not what the code says")));
        if !differing.is_empty() {
            output::complain("Run `cargo local guide` to write the tables anew.");
        }
        return Ok(differing.is_empty());
    }
    output::say(true, "The tables of the user guide are written.");
    Ok(true)
}

/// Every page's source, in every language.
fn sources() -> impl Iterator<Item = (PathBuf, Language)> {
    let folder = |language: Language| root().join(language.code());
    Language::ALL.into_iter().flat_map(move |language| {
        guide::pages().map(move |page| (folder(language).join(format!("{}.md", page.name)), language))
    })
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../guide")
}

/// A source with everything between its marks written anew.
fn filled(source: &str, language: Language) -> Result<String, String> {
    let texts = Texts::read(language)?;
    let mut filled = String::new();
    let mut lines = source.lines();
    while let Some(line) = lines.next() {
        filled.push_str(line);
        filled.push('\n');
        let Some(what) = line.strip_prefix(BEGIN) else { continue };
        let what = what.strip_suffix(" -->").ok_or_else(|| format!("the mark {line:?} has no end"))?;
        let content = content(what, &texts).ok_or_else(|| format!("there is nothing called {what:?}"))?;
        filled.push_str(&format!("\n{}\n\n{END}\n", content.trim_end()));
        lines.find(|line| *line == END).ok_or_else(|| format!("what begins with {line:?} does not end"))?;
    }
    Ok(filled)
}

/// What stands between the marks of that name; none if there is nothing of that name.
fn content(what: &str, texts: &Texts) -> Option<String> {
    let (kind, about) = what.split_once(' ').unwrap_or((what, ""));
    match kind {
        "intervals" => Some(types::intervals(texts)),
        "properties" => Some(types::properties(texts)),
        "type" => Some(types::overview(about.parse().ok()?, texts)),
        "fields" => Some(types::fields(about.parse().ok()?, texts)),
        "values" => Some(types::values(about.parse().ok()?, texts)),
        "triggers" => Some(types::triggers(about.parse().ok()?)),
        "actions" => Some(workflows::all(texts)),
        "action" => Some(workflows::overview(actions::Action::named(about)?, texts)),
        "inputs" => Some(workflows::inputs(actions::Action::named(about)?, texts)),
        "outputs" => Some(workflows::outputs(actions::Action::named(about)?, texts)),
        "errors" => Some(workflows::errors(actions::Action::named(about)?, texts)),
        "error-codes" => Some(workflows::all_errors(texts)),
        "problems" => Some(others::problems(texts)),
        "defaults" => Some(others::defaults(texts)),
        "scopes" => Some(others::scopes(texts)),
        "version" => Some(others::version(texts)),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
