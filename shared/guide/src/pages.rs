//! Which pages there are, in the order in which they are read.

use crate::Language;

/// One page, in every language.
#[derive(Debug, Clone, Copy)]
pub struct Page {
    /// Its name in addresses and of its files: `clients`. The first page is `index`, and its address has no name.
    pub name: &'static str,
    english: &'static str,
    swedish: &'static str,
}

/// Pages that belong together.
#[derive(Debug, Clone, Copy)]
pub struct Section {
    english: &'static str,
    swedish: &'static str,
    /// Its pages.
    pub pages: &'static [Page],
}

/// What stands for the text about who offers the product; see `infra/README.md`.
const PROVIDER: &str = "{{provider}}";
const PROVIDER_ENGLISH: &str = include_str!("../../../infra/guide/en/parts/provider.md");
const PROVIDER_SWEDISH: &str = include_str!("../../../infra/guide/sv/parts/provider.md");

macro_rules! page {
    ($name:literal) => {
        Page {
            name: $name,
            english: include_str!(concat!("../../../infra/guide/en/", $name, ".md")),
            swedish: include_str!(concat!("../../../infra/guide/sv/", $name, ".md")),
        }
    };
}

/// All pages.
pub const SECTIONS: &[Section] = &[
    Section {
        english: "Getting started",
        swedish: "Kom igång",
        pages: &[page!("index"), page!("installing"), page!("connecting")],
    },
    Section {
        english: "Syncing",
        swedish: "Synkning",
        pages: &[page!("how-syncing-works"), page!("directions"), page!("field-mappings"), page!("payments")],
    },
    Section {
        english: "What is synchronized",
        swedish: "Vad som synkas",
        pages: &[
            page!("clients"),
            page!("invoices"),
            page!("agreements"),
            page!("products"),
            page!("line-items"),
            page!("projects"),
        ],
    },
    Section {
        english: "Workflow actions",
        swedish: "Arbetsflödesåtgärder",
        pages: &[
            page!("workflow-actions"),
            page!("create-client"),
            page!("create-client-from-mappings"),
            page!("create-invoice"),
            page!("create-agreement"),
            page!("update-agreement"),
            page!("create-project"),
            page!("create-project-from-mappings"),
        ],
    },
    Section { english: "Keeping an eye on it", swedish: "Hålla koll", pages: &[page!("status"), page!("problems")] },
    Section {
        english: "Privacy and terms",
        swedish: "Integritet och villkor",
        pages: &[page!("privacy"), page!("terms"), page!("data-processing")],
    },
];

/// Every page, in the order of reading.
pub fn pages() -> impl Iterator<Item = &'static Page> {
    SECTIONS.iter().flat_map(|section| section.pages)
}

/// The page of that name.
#[must_use]
pub fn page(name: &str) -> Option<&'static Page> {
    pages().find(|page| page.name == name)
}

impl Section {
    /// What it is called.
    #[must_use]
    pub const fn title(&self, language: Language) -> &'static str {
        language.of(self.english, self.swedish)
    }
}

impl Page {
    /// Its Markdown, whole.
    #[must_use]
    pub fn source(&self, language: Language) -> String {
        let text = language.of(self.english, self.swedish);
        text.replace(PROVIDER, language.of(PROVIDER_ENGLISH, PROVIDER_SWEDISH).trim_end())
    }

    /// Its title: the heading that it begins with.
    #[must_use]
    pub fn title(&self, language: Language) -> &'static str {
        let text = language.of(self.english, self.swedish);
        text.lines().find_map(|line| line.strip_prefix("# ")).unwrap_or(self.name)
    }

    /// Where it is.
    #[must_use]
    pub fn address(&self, language: Language) -> String {
        let code = language.code();
        if self.name == "index" { format!("/docs/{code}") } else { format!("/docs/{code}/{}", self.name) }
    }
}
