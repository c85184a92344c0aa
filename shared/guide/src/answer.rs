//! What an address answers.

use crate::frame;
use crate::{Language, Page, page};

/// What a browser may do with a page: show it with our stylesheet, and nothing else.
pub const POLICY: &str =
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// What is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// A page.
    Page {
        /// The whole document.
        html: String,
        /// Its language.
        language: Language,
        /// The language was chosen by `Accept-Language`, not by the address.
        is_negotiated: bool,
    },
    /// The stylesheet.
    Style(&'static str),
    /// There is no such page: this one says what there is.
    Missing {
        /// The whole document.
        html: String,
        /// Its language.
        language: Language,
    },
}

/// Answers an address below `/docs`. The address decides on the language; only `/docs` itself, and addresses that say nothing of
/// the kind, go by what the browser prefers.
#[must_use]
pub fn answer(path: &str, accept_language: Option<&str>) -> Answer {
    let rest = path.strip_prefix("/docs").unwrap_or(path).trim_matches('/');
    let preferred = Language::preferred(accept_language);
    if rest.is_empty() {
        return found("index", preferred, true).unwrap_or_else(|| missing(preferred));
    }
    if rest == "style.css" {
        return Answer::Style(frame::STYLE);
    }
    let (code, name) = rest.split_once('/').unwrap_or((rest, ""));
    let Some(language) = Language::ALL.into_iter().find(|language| language.code() == code) else {
        return missing(preferred);
    };
    // The first page has one address.
    let name = match name {
        "" => "index",
        "index" => return missing(language),
        name => name,
    };
    found(name, language, false).unwrap_or_else(|| missing(language))
}

fn found(name: &str, language: Language, is_negotiated: bool) -> Option<Answer> {
    let page: &Page = page(name)?;
    Some(Answer::Page { html: frame::page(page, language), language, is_negotiated })
}

fn missing(language: Language) -> Answer {
    Answer::Missing { html: frame::missing(language), language }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Written, pages, write};

    fn check(path: &str, accepted: Option<&str>) -> String {
        let title = |html: &str| html.split_once("<title>").unwrap().1.split_once("</title>").unwrap().0.to_owned();
        match answer(path, accepted) {
            Answer::Page { html, language, is_negotiated } => {
                let how = if is_negotiated { "by preference" } else { "by address" };
                format!("{path}: {}, {how}: {}", language.code(), title(&html))
            }
            Answer::Style(style) => format!("{path}: style, {}", style.contains("prefers-color-scheme")),
            Answer::Missing { html, language } => format!("{path}: missing, {}: {}", language.code(), title(&html)),
        }
    }

    #[test]
    fn what_addresses_answer() {
        let swedish = Some("sv-SE,sv;q=0.9");
        let answers = [
            check("/docs", None),
            check("/docs/", swedish),
            check("/docs/en", swedish),
            check("/docs/sv/", None),
            check("/docs/sv/clients", None),
            check("/docs/en/line-items/", swedish),
            check("/docs/style.css", None),
            check("/docs/clients", swedish),
            check("/docs/sv/nothing", None),
            check("/docs/en/index", None),
            check("/docs/en/clients/more", None),
            check("/docs/../x", None),
        ];
        insta::assert_snapshot!(answers.join("\n"), @"
        /docs: en, by preference: User guide – Kleer for HubSpot
        /docs/: sv, by preference: Användarhandbok – Kleer for HubSpot
        /docs/en: en, by address: User guide – Kleer for HubSpot
        /docs/sv/: sv, by address: Användarhandbok – Kleer for HubSpot
        /docs/sv/clients: sv, by address: Kunder – Kleer for HubSpot
        /docs/en/line-items/: en, by address: Line Items – Kleer for HubSpot
        /docs/style.css: style, true
        /docs/clients: missing, sv: Sidan finns inte – Kleer for HubSpot
        /docs/sv/nothing: missing, sv: Sidan finns inte – Kleer for HubSpot
        /docs/en/index: missing, en: There is no such page – Kleer for HubSpot
        /docs/en/clients/more: missing, en: There is no such page – Kleer for HubSpot
        /docs/../x: missing, en: There is no such page – Kleer for HubSpot
        ");
    }

    #[test]
    fn a_page_is_whole() {
        let Answer::Page { html, .. } = answer("/docs/sv/clients", None) else { panic!("there is such a page") };
        let parts = [
            "<!doctype html>",
            "<html lang=\"sv\">",
            "href=\"#content\"",
            "<main id=\"content\"",
            "href=\"/docs/en/clients\" hreflang=\"en\"",
            "href=\"/docs/sv/clients\" aria-current=\"page\"",
            "href=\"/docs/style.css\"",
        ];
        let absent: Vec<_> = parts.into_iter().filter(|part| !html.contains(part)).collect();
        assert!(absent.is_empty(), "{absent:?} in {html}");
        assert_eq!(html.matches("<h1").count(), 1);
        assert!(!html.contains("<script") && !html.contains("style="), "the policy would stop it");
    }

    #[test]
    fn links_lead_to_pages_and_tables_can_be_scrolled() {
        let Written { html, headings, links, .. } = write(
            "## A *b* `c` {#a}\n\n[x](clients.md#fields) [y](index.md) [z](https://a.se/b.md)\n\n|a|\n|-|\n|b|\n\n<!-- no -->\n",
            Language::Swedish,
        );
        assert_eq!((headings[0].id.as_str(), headings[0].text.as_str()), ("a", "A b c"));
        assert_eq!(links, ["clients.md#fields", "index.md", "https://a.se/b.md"]);
        insta::assert_snapshot!(html, @r##"
        <h2 id="a">A <em>b</em> <code>c</code></h2>
        <p><a href="/docs/sv/clients#fields">x</a> <a href="/docs/sv">y</a> <a href="https://a.se/b.md">z</a></p>
        <div class="table" tabindex="0"><table><thead><tr><th>a</th></tr></thead><tbody>
        <tr><td>b</td></tr>
        </tbody></table>
        </div>
        "##);
    }

    #[test]
    fn a_page_that_is_missing_names_all_there_are() {
        let Answer::Missing { html, .. } = answer("/docs/sv/x", None) else { panic!("there is no such page") };
        let absent = pages().filter(|page| !html.contains(&format!("\"{}\"", page.address(Language::Swedish))));
        assert_eq!(absent.count(), 0);
    }
}
