//! The words of the settings page. The guide must use the same, so it takes them from there.

use std::path::PathBuf;
use std::time::Duration;

use guide::Language;

/// The texts of the page in one language.
pub(super) struct Texts {
    pub(super) language: Language,
    /// In the order of the page, which is that of the code where it says what the code calls something.
    texts: Vec<(String, String)>,
    /// Labels of Kleer's fields, by the English ones.
    labels: Vec<(String, String)>,
}

impl Texts {
    /// Reads them.
    ///
    /// # Errors
    /// If a file cannot be read.
    pub(super) fn read(language: Language) -> Result<Self, String> {
        let texts = read(&format!("{}.ts", language.code()))?;
        let labels = match language {
            Language::English => Vec::new(),
            Language::Swedish => read("labels.sv.ts")?,
        };
        Ok(Self { language, texts, labels })
    }

    /// The text of a key, with its places as they are; the key itself where there is none, which a test finds.
    pub(super) fn get(&self, key: &str) -> String {
        found(&self.texts, key)
    }

    /// What comes behind a beginning that keys have in common, in their order.
    pub(super) fn behind<'a>(&'a self, beginning: &'a str) -> impl Iterator<Item = &'a str> {
        self.texts.iter().filter_map(move |(key, _)| key.strip_prefix(beginning))
    }

    /// The label of a Kleer field.
    pub(super) fn label(&self, english: &str) -> String {
        found(&self.labels, english)
    }

    /// One of two texts.
    pub(super) const fn of<'a>(&self, english: &'a str, swedish: &'a str) -> &'a str {
        self.language.of(english, swedish)
    }

    /// How often, in the largest unit that is not longer.
    pub(super) fn every(&self, span: Duration) -> String {
        let seconds = span.as_secs();
        let (unit, size) = match seconds {
            86_400.. => ("days", 86_400),
            3_600.. => ("hours", 3_600),
            _ => ("minutes", 60),
        };
        let count = seconds / size;
        let number = if count == 1 { "one" } else { "other" };
        self.get(&format!("every.{unit}.{number}")).replace("{count}", &count.to_string())
    }
}

/// The text of a key; the key itself where there is none.
fn found(texts: &[(String, String)], key: &str) -> String {
    texts.iter().find(|(known, _)| known == key).map_or(key, |(_, text)| text).to_owned()
}

fn read(name: &str) -> Result<Vec<(String, String)>, String> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../hubspot/src/app/settings/texts");
    let text = std::fs::read_to_string(folder.join(name)).map_err(|error| format!("texts/{name}: {error}"))?;
    Ok(parse(&text))
}

/// Keys and texts of an object of texts, as the formatter leaves them: `'key': 'text',`, the text perhaps on a line of its own.
fn parse(source: &str) -> Vec<(String, String)> {
    let mut texts = Vec::new();
    let mut key: Option<String> = None;
    for line in source.lines().map(str::trim) {
        let mut rest = line;
        if key.is_none() {
            let Some((name, behind)) = name(line) else { continue };
            (key, rest) = (Some(name), behind.trim());
        }
        if let Some((text, _)) = literal(rest)
            && let Some(key) = key.take()
        {
            texts.push((key, text));
        } else if !rest.is_empty() {
            key = None;
        }
    }
    texts
}

/// A key, and what stands behind its colon.
fn name(line: &str) -> Option<(String, &str)> {
    if let Some((name, rest)) = literal(line) {
        return Some((name, rest.strip_prefix(':')?));
    }
    let (name, rest) = line.split_once(':')?;
    let is_word = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    is_word.then(|| (name.to_owned(), rest))
}

/// A text in quotes, and what stands behind it.
fn literal(text: &str) -> Option<(String, &str)> {
    let quote = text.chars().next().filter(|letter| matches!(letter, '\'' | '"'))?;
    let mut value = String::new();
    let mut letters = text[1..].char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' => value.extend(letters.next().map(|(_, letter)| letter)),
            _ if letter == quote => return Some((value, &text[at + 2..])),
            _ => value.push(letter),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_read_as_they_are_written() {
        let source = "export const en = {\n  // A 'remark': 'of ours'.\n  'a.b': 'It\\'s {count}',\n  'long':\n    \"Two 'lines'\",\n  \
                      Active: 'Aktiv',\n  'Org. number': 'Organisationsnummer',\n} as const;\n";
        let texts = parse(source);
        let lines: Vec<String> = texts.iter().map(|(key, text)| format!("{key} = {text}")).collect();
        insta::assert_snapshot!(lines.join("\n"), @"
        a.b = It's {count}
        long = Two 'lines'
        Active = Aktiv
        Org. number = Organisationsnummer
        ");
    }

    #[test]
    fn how_often_is_said_as_on_the_page() {
        let [english, swedish] = Language::ALL.map(|language| Texts::read(language).unwrap());
        let spans = [900, 3_600, 86_400].map(Duration::from_secs);
        assert_eq!(spans.map(|span| english.every(span)), ["Every 15 minutes", "Every hour", "Once a day"]);
        assert_eq!(spans.map(|span| swedish.every(span)), ["Var 15:e minut", "Varje timme", "En gång om dygnet"]);
    }
}
