//! The sources say what the code says, in both languages alike, and nothing leads nowhere.

use std::collections::BTreeSet;

use actions::Action;
use domain::ObjectType;
use guide::{Written, page, pages, write};

use super::*;

fn written(name: &str, language: Language) -> Written {
    write(&page(name).unwrap_or_else(|| panic!("there is no page {name}")).source(language), language)
}

fn ids(name: &str, language: Language) -> Vec<String> {
    written(name, language).headings.into_iter().map(|heading| heading.id).collect()
}

/// Fails with what is wrong, a line each.
#[track_caller]
fn none(wrong: impl IntoIterator<Item = String>) {
    let wrong: Vec<String> = wrong.into_iter().collect();
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn tables_say_what_the_code_says() {
    assert!(run(true).unwrap(), "run `cargo local guide`");
}

#[test]
fn both_languages_have_the_same_parts_and_the_same_tables() {
    let marks = |name: &str, language: Language| -> Vec<String> {
        let source = page(name).unwrap().source(language);
        source.lines().filter_map(|line| line.strip_prefix(BEGIN)).map(str::to_owned).collect()
    };
    none(pages().flat_map(|page| {
        let parts = Language::ALL.map(|language| ids(page.name, language));
        let tables = Language::ALL.map(|language| marks(page.name, language));
        let is_other = |what: &str, [english, swedish]: &[Vec<String>; 2]| {
            (english != swedish).then(|| format!("{}: {what} differ: {english:?}, {swedish:?}", page.name))
        };
        [is_other("parts", &parts), is_other("tables", &tables)].into_iter().flatten().collect::<Vec<_>>()
    }));
}

#[test]
fn every_page_begins_with_its_title_and_every_part_can_be_linked_to() {
    none(Language::ALL.into_iter().flat_map(|language| pages().map(move |page| (page, language))).flat_map(
        |(page, language)| {
            let place = format!("{}/{}", language.code(), page.name);
            let source = page.source(language);
            let written = write(&source, language);
            let begins = (!source.starts_with("# ")).then(|| format!("{place} does not begin with its title"));
            let unnamed = written.unnamed.iter().filter(|text| *text != page.title(language));
            let unnamed: Vec<_> = unnamed.map(|text| format!("{place}: the part {text:?} has no id")).collect();
            let html = written.left_out.iter().filter(|html| !html.starts_with("<!-- "));
            let html: Vec<_> = html.map(|html| format!("{place} has HTML of its own: {html}")).collect();
            begins.into_iter().chain(unnamed).chain(html).collect::<Vec<_>>()
        },
    ));
}

#[test]
fn every_link_leads_somewhere() {
    let every = Language::ALL.into_iter().flat_map(|language| pages().map(move |page| (page.name, language)));
    none(every.flat_map(|(name, language)| {
        let links = written(name, language).links;
        let wrong = links.into_iter().filter(|link| !link.starts_with("https://") && !link.starts_with("mailto:"));
        let wrong = wrong.filter(|link| {
            let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
            let there = if file.is_empty() { Some(name) } else { file.strip_suffix(".md") };
            let there = there.filter(|there| page(there).is_some());
            !there.is_some_and(|there| anchor.is_empty() || ids(there, language).iter().any(|id| id == anchor))
        });
        wrong.map(|link| format!("{}/{name}: nothing is at {link}", language.code())).collect::<Vec<_>>()
    }));
}

#[test]
fn every_type_and_every_action_has_its_page_by_its_name() {
    let mut wrong = Vec::new();
    for language in Language::ALL {
        let texts = Texts::read(language).unwrap();
        let mut check = |name: &str, title: &str| match page(name) {
            None => wrong.push(format!("there is no page {name}")),
            Some(page) if page.title(language) != title => {
                wrong.push(format!("{}/{name} is called {:?}, not {title:?}", language.code(), page.title(language)));
            }
            Some(_) => {}
        };
        for object in ObjectType::ALL {
            check(&types::page(object), &texts.get(&format!("types.{object}")));
        }
        for action in Action::ALL {
            let definition = action.definition();
            check(definition.name, language.of(definition.title.en, definition.title.sv));
        }
    }
    none(wrong);
}

#[test]
fn nothing_that_is_written_is_on_no_page() {
    let listed: BTreeSet<String> = pages().map(|page| format!("{}.md", page.name)).collect();
    for language in Language::ALL {
        let files = std::fs::read_dir(root().join(language.code())).unwrap().map(|entry| entry.unwrap());
        let files = files.filter(|entry| entry.file_type().unwrap().is_file());
        let found: BTreeSet<String> = files.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        assert_eq!(found, listed, "{}", language.code());
    }
}

/// The names in the table of the settings page's links.
fn linked() -> Vec<String> {
    let path = root().join("../hubspot/src/app/settings/parts/links.ts");
    let source = std::fs::read_to_string(path).unwrap();
    let (_, table) = source.split_once("const PAGES = {").expect("links.ts has the table PAGES");
    let (table, _) = table.split_once("} as const").expect("the table PAGES ends");
    table.split('\'').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn the_settings_page_leads_to_pages_that_there_are() {
    let linked = linked();
    assert!(linked.len() > ObjectType::ALL.len(), "too few for the tabs alone: {linked:?}");
    none(Language::ALL.into_iter().flat_map(|language| {
        linked.iter().filter_map(move |link| {
            let (name, anchor) = link.split_once('#').unwrap_or((link, ""));
            let name = if name.is_empty() { "index" } else { name };
            let is_there =
                page(name).is_some() && (anchor.is_empty() || ids(name, language).iter().any(|id| id == anchor));
            (!is_there).then(|| format!("nothing is at {}/{link}", language.code()))
        })
    }));
    none(ObjectType::ALL.into_iter().map(types::page).filter(|page| !linked.contains(page)));
}

#[test]
fn marks_that_cannot_be_filled_are_told() {
    let told = |source: &str| filled(source, Language::English).unwrap_err();
    insta::assert_snapshot!(told("<!-- generated: fields nothing -->\n<!-- end -->\n"), @r#"there is nothing called "fields nothing""#);
    insta::assert_snapshot!(told("<!-- generated: fields client\n"), @r#"the mark "<!-- generated: fields client" has no end"#);
    insta::assert_snapshot!(told("<!-- generated: intervals -->\nmore\n"), @r#"what begins with "<!-- generated: intervals -->" does not end"#);
}

/// What the guide calls things on the settings page: page of the guide, key of the text.
const WORDS: &[(&str, &str)] = &[
    ("installing", "page.general"),
    ("installing", "credentials.company"),
    ("installing", "credentials.key"),
    ("installing", "credentials.save"),
    ("installing", "credentials.configured"),
    ("installing", "next.look"),
    ("installing", "next.switchOn"),
    ("installing", "preview.label"),
    ("installing", "switch.label"),
    ("installing", "page.status"),
    ("connecting", "connection.disconnected"),
    ("connecting", "connection.reconnect"),
    ("connecting", "connection.disconnect"),
    ("connecting", "credentials.title"),
    ("connecting", "afresh.start"),
    ("how-syncing-works", "schedule.title"),
    ("how-syncing-works", "status.syncNow"),
    ("how-syncing-works", "status.verifyAll"),
    ("how-syncing-works", "sync.title"),
    ("how-syncing-works", "activity.title"),
    ("how-syncing-works", "find.title"),
    ("directions", "mappings.oneWay"),
    ("directions", "create.label"),
    ("field-mappings", "mappings.title"),
    ("field-mappings", "mappings.field"),
    ("field-mappings", "mappings.property"),
    ("field-mappings", "mappings.default"),
    ("field-mappings", "mappings.dates"),
    ("field-mappings", "mappings.add"),
    ("field-mappings", "mappings.edit"),
    ("field-mappings", "mappings.delete"),
    ("field-mappings", "property.new"),
    ("field-mappings", "target.label"),
    ("payments", "problem.chargeable"),
    ("invoices", "sync.window"),
    ("projects", "pipeline.label"),
    ("workflow-actions", "product.label"),
    ("status", "resync.label"),
    ("status", "run.interrupted"),
    ("status", "run.fresh"),
    ("status", "state.in_sync"),
    ("status", "state.failing"),
    ("status", "state.waiting"),
    ("status", "state.doubtful"),
    ("status", "problems.retry"),
    ("status", "problems.retryAll"),
    ("status", "activity.show"),
    ("status", "kind.conflict"),
    ("problems", "choose.label"),
    ("problems", "recreate.label"),
    ("problems", "connection.title"),
    ("problems", "run.next"),
];

#[test]
fn the_guide_uses_the_words_of_the_settings_page() {
    none(Language::ALL.into_iter().flat_map(|language| {
        let texts = Texts::read(language).unwrap();
        // A line may end within them.
        let is_said = |name: &str, word: &str| {
            let source = page(name).unwrap().source(language);
            source.split_whitespace().collect::<Vec<_>>().join(" ").contains(word)
        };
        let missing = WORDS.iter().filter(|(name, key)| !is_said(name, &texts.get(key)));
        missing
            .map(|(name, key)| format!("{}/{name} does not say {:?}", language.code(), texts.get(key)))
            .collect::<Vec<_>>()
    }));
}

#[test]
fn no_table_has_a_key_in_the_place_of_its_words() {
    let keys = ["types.", "hubspot.", "problem.", "remedy.", "every.", "sync.", "abilities."];
    none(Language::ALL.into_iter().flat_map(|language| {
        let sources = pages().map(move |page| (page.name, filled(&page.source(language), language).unwrap()));
        sources.flat_map(move |(name, source)| {
            let cells: Vec<String> = source.split(['|', '[', '*', '\n']).map(|cell| cell.trim().to_owned()).collect();
            let wrong = cells.into_iter().filter(|cell| keys.iter().any(|key| cell.starts_with(key)));
            wrong.map(move |cell| format!("{}/{name}: {cell}", language.code())).collect::<Vec<_>>()
        })
    }));
    assert!(Language::ALL.iter().all(|language| Texts::read(*language).unwrap().behind("problem.").count() > 5));
}
