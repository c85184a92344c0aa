//! Markdown to HTML. The sources are our own, so nothing is made harmless here; a test says that they hold no HTML but comments.

use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

use crate::{Language, page};

/// A heading that can be linked to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// What stands behind the `#` of an address.
    pub id: String,
    /// Its words.
    pub text: String,
}

/// A page that was written as HTML.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Written {
    /// The HTML.
    pub html: String,
    /// Its headings of the second level, in their order.
    pub headings: Vec<Heading>,
    /// Headings that nobody can link to, since they have no `{#id}`.
    pub unnamed: Vec<String>,
    /// Where its links lead, as they stand in the source.
    pub links: Vec<String>,
    /// HTML of the source's own, which is left out.
    pub left_out: Vec<String>,
}

/// Writes Markdown as HTML, with links between sources (`clients.md#fields`) made into addresses of pages.
#[must_use]
pub fn write(source: &str, language: Language) -> Written {
    let options = Options::ENABLE_TABLES | Options::ENABLE_HEADING_ATTRIBUTES;
    let mut written = Written::default();
    let mut open: Option<Heading> = None;
    let mut events = Vec::new();
    for event in Parser::new_ext(source, options) {
        if let (Some(heading), Event::Text(text) | Event::Code(text)) = (&mut open, &event) {
            heading.text.push_str(text);
        }
        match event {
            Event::Start(Tag::Heading { level: HeadingLevel::H2, id, classes, attrs }) => {
                let name = id.as_deref().unwrap_or_default().to_owned();
                open = Some(Heading { id: name, text: String::new() });
                events.push(Event::Start(Tag::Heading { level: HeadingLevel::H2, id, classes, attrs }));
            }
            Event::End(TagEnd::Heading(level)) => {
                match open.take() {
                    Some(heading) if heading.id.is_empty() => written.unnamed.push(heading.text),
                    Some(heading) => written.headings.push(heading),
                    None => {}
                }
                events.push(Event::End(TagEnd::Heading(level)));
            }
            Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
                written.links.push(dest_url.to_string());
                let dest_url = CowStr::from(address(&dest_url, language));
                events.push(Event::Start(Tag::Link { link_type, dest_url, title, id }));
            }
            // A wide table is scrolled by itself, with the keyboard too.
            Event::Start(Tag::Table(alignments)) => {
                events.push(Event::Html("<div class=\"table\" tabindex=\"0\">".into()));
                events.push(Event::Start(Tag::Table(alignments)));
            }
            Event::End(TagEnd::Table) => {
                events.push(Event::End(TagEnd::Table));
                events.push(Event::Html("</div>\n".into()));
            }
            Event::Html(text) | Event::InlineHtml(text) => written.left_out.push(text.trim().to_owned()),
            other => events.push(other),
        }
    }
    html::push_html(&mut written.html, events.into_iter());
    written
}

/// The address that a link of a source means.
fn address(link: &str, language: Language) -> String {
    let (file, anchor) = link.split_at(link.find('#').unwrap_or(link.len()));
    let page = file.strip_suffix(".md").and_then(page);
    page.map_or_else(|| link.to_owned(), |page| page.address(language) + anchor)
}
