//! Texts that people read, in both languages of this product.

/// One text in English and in Swedish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words {
    /// English.
    pub en: &'static str,
    /// Swedish.
    pub sv: &'static str,
}

/// A text in both languages.
pub(crate) const fn words(en: &'static str, sv: &'static str) -> Words {
    Words { en, sv }
}

/// The languages that labels are written in (contract hubspot-platform §6.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// HubSpot demands it.
    English,
    /// Kleer's own.
    Swedish,
}

impl Language {
    /// Both.
    pub const ALL: [Self; 2] = [Self::English, Self::Swedish];

    /// HubSpot's code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Swedish => "sv",
        }
    }
}

impl Words {
    /// The text in one language.
    #[must_use]
    pub const fn of(self, language: Language) -> &'static str {
        match language {
            Language::English => self.en,
            Language::Swedish => self.sv,
        }
    }
}
