//! The languages of the guide.

/// A language that the guide is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// For everybody who does not ask for Swedish.
    English,
    /// Kleer's own.
    Swedish,
}

impl Language {
    /// Both.
    pub const ALL: [Self; 2] = [Self::English, Self::Swedish];

    /// Its code in addresses, folders and HTML.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Swedish => "sv",
        }
    }

    /// Its name in itself.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Swedish => "Svenska",
        }
    }

    /// The other one.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::English => Self::Swedish,
            Self::Swedish => Self::English,
        }
    }

    /// One of two texts.
    #[must_use]
    pub const fn of<'a>(self, english: &'a str, swedish: &'a str) -> &'a str {
        match self {
            Self::English => english,
            Self::Swedish => swedish,
        }
    }

    /// The language that a browser prefers, by its `Accept-Language`: Swedish where that comes before English.
    #[must_use]
    pub fn preferred(accepted: Option<&str>) -> Self {
        let accepted = accepted.unwrap_or_default();
        if weight(accepted, "sv") > weight(accepted, "en") { Self::Swedish } else { Self::English }
    }
}

/// How much a browser wants a language, in thousandths.
fn weight(accepted: &str, wanted: &str) -> u32 {
    let weights = accepted.split(',').filter_map(|part| {
        let mut parts = part.split(';').map(str::trim);
        let language = parts.next().unwrap_or_default().split('-').next().unwrap_or_default();
        if !language.eq_ignore_ascii_case(wanted) {
            return None;
        }
        let weight = parts.find_map(|parameter| parameter.strip_prefix("q=")).unwrap_or("1");
        // Without a fraction: `0.8` is 800.
        let (whole, part) = weight.split_once('.').unwrap_or((weight, ""));
        format!("{whole}{part:0<3}").parse().ok()
    });
    weights.max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_that_a_browser_prefers() {
        let table = [
            "",
            "sv",
            "sv-SE,sv;q=0.9,en;q=0.8",
            "en-US,en;q=0.9,sv;q=0.8",
            "de,sv;q=0.5",
            "SV-se; q=0.7, en;q=0.65",
            "en, sv",
            "sv;q=x",
            "sv;q=0",
            "*",
        ];
        let swedish = table.into_iter().filter(|accepted| Language::preferred(Some(accepted)) == Language::Swedish);
        assert_eq!(
            swedish.collect::<Vec<_>>(),
            ["sv", "sv-SE,sv;q=0.9,en;q=0.8", "de,sv;q=0.5", "SV-se; q=0.7, en;q=0.65"]
        );
        assert_eq!(Language::preferred(None), Language::English);
    }
}
