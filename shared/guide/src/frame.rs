//! What stands around every page: its head, the list of all pages, the other language, the way on.

use crate::{Heading, Language, Page, SECTIONS, Section, pages, write};

/// The stylesheet.
pub(crate) const STYLE: &str = include_str!("../../../infra/guide/style.css");

const PRODUCT: &str = "Kleer for HubSpot";
/// A page with so many parts begins with a list of them.
const PARTS: usize = 4;

/// A whole page.
pub(crate) fn page(page: &Page, language: Language) -> String {
    let written = write(&page.source(language), language);
    let (begin, parts) = written.html.split_at(written.html.find("<h2").unwrap_or(written.html.len()));
    let content = format!(
        "<article>\n{begin}{contents}{parts}</article>\n{next}",
        contents = contents(&written.headings, language),
        next = neighbours(page, language),
    );
    document(page.title(language), Some(page), language, &content)
}

/// What is shown where there is no page: all there are.
pub(crate) fn missing(language: Language) -> String {
    let title = language.of("There is no such page", "Sidan finns inte");
    let text = language.of(
        "The address is wrong, or the page has another name now. These are all pages of the guide:",
        "Adressen är fel, eller så har sidan fått ett annat namn. Här är alla sidor i handboken:",
    );
    let content = format!("<article>\n<h1>{title}</h1>\n<p>{text}</p>\n{}</article>\n", list(None, language));
    document(title, None, language, &content)
}

fn document(title: &str, shown: Option<&Page>, language: Language, content: &str) -> String {
    let code = language.code();
    let other = language.other();
    let guide = language.of("User guide", "Användarhandbok");
    let title = escape(title);
    let first = format!("/docs/{code}");
    let elsewhere = shown.or_else(|| crate::page("index")).map_or_else(|| first.clone(), |page| page.address(other));
    format!(
        "<!doctype html>\n<html lang=\"{code}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>{title} – {PRODUCT}</title>\n\
         <link rel=\"stylesheet\" href=\"/docs/style.css\">\n\
         <link rel=\"alternate\" hreflang=\"{other}\" href=\"{elsewhere}\">\n</head>\n<body>\n\
         <a class=\"skip\" href=\"#content\">{skip}</a>\n\
         <header>\n<a class=\"home\" href=\"{first}\"><strong>{PRODUCT}</strong> <span>{guide}</span></a>\n\
         <a class=\"language\" href=\"{elsewhere}\" hreflang=\"{other}\" lang=\"{other}\">{name}</a>\n</header>\n\
         <div class=\"columns\">\n<nav class=\"pages\" aria-label=\"{guide}\">\n{narrow}<div class=\"wide\">\n{wide}</div>\n</nav>\n\
         <main id=\"content\" tabindex=\"-1\">\n{content}</main>\n</div>\n</body>\n</html>\n",
        other = other.code(),
        name = other.name(),
        skip = language.of("Skip to the content", "Hoppa till innehållet"),
        narrow = narrow(shown, language),
        wide = list(shown, language),
    )
}

/// The list of pages where there is no room for it: closed until somebody opens it.
fn narrow(shown: Option<&Page>, language: Language) -> String {
    let label = language.of("All pages", "Alla sidor");
    format!("<details>\n<summary>{label}</summary>\n{}</details>\n", list(shown, language))
}

fn list(shown: Option<&Page>, language: Language) -> String {
    let entry = |page: &Page| {
        let is_shown = shown.is_some_and(|shown| shown.name == page.name);
        let mark = if is_shown { " aria-current=\"page\"" } else { "" };
        format!("<li><a href=\"{}\"{mark}>{}</a></li>\n", page.address(language), escape(page.title(language)))
    };
    let section = |section: &Section| {
        let entries: String = section.pages.iter().map(entry).collect();
        format!("<p>{}</p>\n<ul>\n{entries}</ul>\n", escape(section.title(language)))
    };
    SECTIONS.iter().map(section).collect()
}

/// What a long page has, to jump to.
fn contents(headings: &[Heading], language: Language) -> String {
    if headings.len() < PARTS {
        return String::new();
    }
    let label = language.of("On this page", "På den här sidan");
    let entry = |heading: &Heading| format!("<li><a href=\"#{}\">{}</a></li>\n", heading.id, escape(&heading.text));
    let entries: String = headings.iter().map(entry).collect();
    format!("<nav class=\"contents\" aria-label=\"{label}\">\n<p>{label}</p>\n<ul>\n{entries}</ul>\n</nav>\n")
}

/// The page before and the page after.
fn neighbours(shown: &Page, language: Language) -> String {
    let all: Vec<&Page> = pages().collect();
    let Some(place) = all.iter().position(|page| page.name == shown.name) else { return String::new() };
    let link = |page: Option<&&Page>, relation: &str, before: &str, after: &str| {
        page.map_or_else(String::new, |page| {
            let (address, title) = (page.address(language), escape(page.title(language)));
            format!("<a rel=\"{relation}\" href=\"{address}\">{before}{title}{after}</a>\n")
        })
    };
    let before = place.checked_sub(1).and_then(|place| all.get(place));
    format!(
        "<nav class=\"neighbours\" aria-label=\"{}\">\n{}{}</nav>\n",
        language.of("Previous and next page", "Föregående och nästa sida"),
        link(before, "prev", "← ", ""),
        link(all.get(place + 1), "next", "", " →"),
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
