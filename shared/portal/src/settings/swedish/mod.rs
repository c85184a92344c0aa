//! The Swedish of sentences that were written in English where something happened: problems, what to do about them, lines of the
//! activity list, why a run was interrupted.
//!
//! They are kept as sentences, because whoever reads a log or a dead letter wants them, and because they stay true however the
//! product changes. So they are recognized here by their patterns, one file for each kind. What Kleer and HubSpot say themselves
//! is left in their words. A pattern that is missing is found out by the stories: at the end of each, whatever it told anybody has
//! to have its Swedish (`tests/src/checks.rs`).

mod activity;
mod labels;
mod problems;
mod refusals;
mod runs;

use labels::{label, object_name, type_name};

/// A sentence with holes: `{field}`. Of the same name in both languages; what stands in one is put into Swedish by its name.
pub(super) struct Phrase {
    en: &'static str,
    sv: &'static str,
}

const fn phrase(en: &'static str, sv: &'static str) -> Phrase {
    Phrase { en, sv }
}

/// What is longer holds somebody else's text, and is not looked through.
const LONGEST: usize = 4_000;
/// Sentences that stand in sentences, at most.
const DEEPEST: u8 = 4;

/// All of them; of two that fit the first is meant.
fn phrases() -> impl Iterator<Item = &'static Phrase> {
    [problems::PHRASES, activity::PHRASES, runs::PHRASES, refusals::PHRASES].into_iter().flatten()
}

/// The Swedish of a sentence of ours; none if it is not known.
#[must_use]
pub fn swedish(sentence: &str) -> Option<String> {
    if sentence.len() > LONGEST {
        return None;
    }
    put(sentence, DEEPEST)
}

fn put(sentence: &str, deep: u8) -> Option<String> {
    phrases().find_map(|phrase| {
        let holes = filled(phrase.en, sentence)?;
        let mut text = String::new();
        for part in parts(phrase.sv) {
            match part {
                Part::Words(words) => text.push_str(words),
                Part::Hole(name) => {
                    let (_, value) = holes.iter().find(|(known, _)| *known == bare(name))?;
                    text.push_str(&hole(name, value, deep)?);
                }
            }
        }
        Some(text)
    })
}

/// What stands in a hole, in Swedish; none if that cannot stand in this hole at all.
fn hole(name: &str, value: &str, deep: u8) -> Option<String> {
    let said = |value: &str| deep.checked_sub(1).and_then(|deep| put(value, deep));
    Some(match bare(name) {
        "type" => type_name(value, name.ends_with('!'))?.to_owned(),
        "field" => label(value).unwrap_or(value).to_owned(),
        "fields" => value.split(", ").map(|one| label(one).unwrap_or(one)).collect::<Vec<_>>().join(", "),
        "changes" => changes(value),
        "value" if value == "nothing" => "inget".to_owned(),
        // Ours all of it, or the phrase is not meant.
        "ours" => said(value)?,
        // Without its full stop, where the sentence around it goes on.
        "says" => said(value)
            .or_else(|| Some(said(&format!("{value}."))?.trim_end_matches('.').to_owned()))
            .unwrap_or_else(|| value.to_owned()),
        "object" => object_name(value).unwrap_or(value).to_owned(),
        _ => value.to_owned(),
    })
}

/// A hole's name without the sign for the definite form.
fn bare(name: &str) -> &str {
    name.trim_end_matches('!')
}

/// `Phone “08-2” instead of nothing, Name “A, B”, not “C”` in Swedish.
fn changes(text: &str) -> String {
    let mut all: Vec<String> = Vec::new();
    for piece in outside_quotes(text) {
        match (piece.strip_prefix("not "), all.last_mut()) {
            (Some(value), Some(last)) => *last = format!("{last}, inte {}", value.replace("nothing", "inget")),
            _ => all.push(change(piece)),
        }
    }
    all.join(", ")
}

fn change(piece: &str) -> String {
    let (now, before) = match piece.rsplit_once(" instead of ") {
        Some((now, before)) => (now, Some(before)),
        None => (piece, None),
    };
    let word = |value: &str| if value == "nothing" { "inget".to_owned() } else { value.to_owned() };
    let place = now.find('\u{201c}').or_else(|| now.strip_suffix("nothing").map(str::len)).unwrap_or(now.len());
    let (name, value) = (now[..place].trim_end(), word(&now[place..]));
    let name = label(name).unwrap_or(name);
    match before {
        Some(before) => format!("{name} {value} i stället för {}", word(before)),
        None => format!("{name} {value}").trim_end().to_owned(),
    }
}

/// The pieces between commas that stand outside of quotation marks.
fn outside_quotes(text: &str) -> Vec<&str> {
    let (mut pieces, mut start, mut quoted) = (Vec::new(), 0, false);
    for (place, letter) in text.char_indices() {
        match letter {
            '\u{201c}' => quoted = true,
            '\u{201d}' => quoted = false,
            ',' if !quoted && text[place..].starts_with(", ") => {
                pieces.push(&text[start..place]);
                start = place + 2;
            }
            _ => {}
        }
    }
    pieces.push(&text[start..]);
    pieces
}

#[derive(Debug, Clone, Copy)]
enum Part<'a> {
    Words(&'a str),
    Hole(&'a str),
}

/// The parts of a pattern.
fn parts(pattern: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = pattern;
    while let Some((words, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}') else { break };
        parts.extend([Part::Words(words), Part::Hole(name)]);
        rest = after;
    }
    parts.push(Part::Words(rest));
    parts
}

/// What stands in the holes of a pattern, if the sentence is of it.
fn filled<'a>(pattern: &'a str, sentence: &'a str) -> Option<Vec<(&'a str, &'a str)>> {
    fill(&parts(pattern), sentence)
}

fn fill<'a>(parts: &[Part<'a>], rest: &'a str) -> Option<Vec<(&'a str, &'a str)>> {
    match parts {
        [] => rest.is_empty().then(Vec::new),
        [Part::Words(words), parts @ ..] => fill(parts, rest.strip_prefix(words)?),
        [Part::Hole(name), Part::Words("")] => (!rest.is_empty()).then(|| vec![(*name, rest)]),
        [Part::Hole(name), Part::Words(words), ..] => {
            let ends = rest.match_indices(words).map(|(place, _)| place).filter(|place| *place > 0);
            ends.into_iter().find_map(|end| {
                let mut more = fill(&parts[1..], &rest[end..])?;
                more.insert(0, (*name, &rest[..end]));
                Some(more)
            })
        }
        [Part::Hole(_), ..] => None,
    }
}

#[cfg(test)]
mod tests;
