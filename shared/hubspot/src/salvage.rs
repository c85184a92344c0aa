//! JSON that was cut off. Error bodies are kept only to a length (`rest::Error::body`), and a refused batch of 100 easily
//! writes more; what was said before the cut is still worth reading.

use serde::de::DeserializeOwned;

/// Parses `text`; if it ends early, closes what is open and parses that. None if it is no JSON at all.
pub(crate) fn parse<T: DeserializeOwned>(text: &str) -> Option<T> {
    if let Ok(value) = serde_json::from_str(text) {
        return Some(value);
    }
    let cut = Cut::of(text);
    cut.candidates(text).iter().find_map(|candidate| serde_json::from_str(candidate).ok())
}

/// `\u00e5` has six characters; one that is complete needs no repair.
const LONGEST_ESCAPE: usize = 6;

/// What was open where the text ends.
#[derive(Default)]
struct Cut {
    /// The closing brackets still owed, innermost last.
    owed: Vec<char>,
    /// Whether the text ends inside a string.
    in_string: bool,
    /// The last place after a whole element. What is owed there is what is owed at the end: nothing opens or closes without
    /// moving this place.
    whole: Option<usize>,
}

impl Cut {
    fn of(text: &str) -> Cut {
        let mut cut = Cut::default();
        let mut escaped = false;
        for (at, character) in text.char_indices() {
            if cut.in_string {
                cut.in_string = escaped || character != '"';
                escaped = !escaped && character == '\\';
            } else {
                cut.step(at, character);
            }
        }
        cut
    }

    fn step(&mut self, at: usize, character: char) {
        match character {
            '"' => self.in_string = true,
            '{' => self.open(at, '}'),
            '[' => self.open(at, ']'),
            '}' | ']' => {
                self.owed.pop();
                self.whole = Some(at + 1);
            }
            ',' => self.whole = Some(at),
            _ => {}
        }
    }

    fn open(&mut self, at: usize, closing: char) {
        self.owed.push(closing);
        self.whole = Some(at + 1);
    }

    /// The text closed in several ways, the one that keeps most first. The second drops an escape sequence that the cut
    /// may have split; the last drops the whole unfinished element.
    fn candidates(&self, text: &str) -> Vec<String> {
        let mut candidates = Vec::new();
        if self.in_string {
            candidates.push(closed(&format!("{text}\""), &self.owed));
            if let Some(escape) = text.rfind('\\').filter(|escape| text.len() - escape < LONGEST_ESCAPE) {
                candidates.push(closed(&format!("{}\"", &text[..escape]), &self.owed));
            }
        }
        if let Some(at) = self.whole {
            candidates.push(closed(&text[..at], &self.owed));
        }
        candidates
    }
}

fn closed(text: &str, owed: &[char]) -> String {
    text.chars().chain(owed.iter().rev().copied()).collect()
}

#[cfg(test)]
mod tests;
