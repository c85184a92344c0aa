//! Tables of object types: what their files in `shared/sync/src/objects` declare.

use std::collections::BTreeMap;

use domain::computed::billing_frequency;
use domain::{Direction, FieldKind, FieldSpec, ObjectSpec, ObjectType, Writable};
use sync::objects::spec;

use super::table::{code, joined, table};
use super::texts::Texts;

/// The types in the order of the page's tabs.
const TABS: [ObjectType; 6] = [
    ObjectType::Client,
    ObjectType::Invoice,
    ObjectType::Agreement,
    ObjectType::Product,
    ObjectType::LineItem,
    ObjectType::Project,
];
/// Longer billing intervals are typing errors.
const MOST_MONTHS: i64 = 120;

/// The name of a type's page.
pub(super) fn page(object: ObjectType) -> String {
    format!("{}s", object.as_str().replace('_', "-"))
}

/// All types: where they go, which way, how often.
pub(super) fn intervals(texts: &Texts) -> String {
    let head = [
        texts.of("In Kleer", "I Kleer"),
        texts.of("In HubSpot", "I HubSpot"),
        texts.of("Direction", "Riktning"),
        texts.of("How often", "Hur ofta"),
    ];
    let row = |object: ObjectType| {
        let spec = spec(object);
        let every = if object == ObjectType::LineItem {
            texts.of("With their invoice or agreement", "Med sin faktura eller sitt avtal").to_owned()
        } else {
            texts.every(spec.interval)
        };
        let name = texts.get(&format!("types.{object}"));
        [format!("[{name}]({}.md)", page(object)), hubspot(spec, texts), direction(spec, texts), every]
    };
    table(head, TABS.map(row))
}

/// What is chosen for a type as long as nobody chooses anything else.
pub(super) fn overview(object: ObjectType, texts: &Texts) -> String {
    let spec = spec(object);
    let label = |field: &&str| spec.field(field).map_or_else(|| (*field).to_owned(), |field| texts.label(field.label));
    let required: Vec<String> =
        spec.required.iter().map(|field| format!("{} ({})", label(field), code(field))).collect();
    let mut lines = vec![
        (texts.get("target.label"), hubspot(spec, texts)),
        (texts.of("Direction", "Riktning").to_owned(), direction(spec, texts)),
    ];
    if object != ObjectType::LineItem {
        lines.push((texts.get("pause.label"), texts.every(spec.interval)));
    }
    if !required.is_empty() {
        lines.push((texts.get("mappings.required"), required.join(", ")));
    }
    lines.into_iter().map(|(name, value)| format!("- **{name}**: {value}\n")).collect()
}

fn hubspot(spec: &ObjectSpec, texts: &Texts) -> String {
    texts.get(&format!("hubspot.{}", spec.hubspot_object))
}

fn direction(spec: &ObjectSpec, texts: &Texts) -> String {
    let words = match spec.direction {
        Direction::OneWay => texts.of("From Kleer to HubSpot", "Från Kleer till HubSpot"),
        Direction::TwoWay => texts.of("Both ways", "Åt båda hållen"),
    };
    words.to_owned()
}

/// All fields of a type: what they hold, where they go, what there is to know.
pub(super) fn fields(object: ObjectType, texts: &Texts) -> String {
    let spec = spec(object);
    let head = [
        texts.of("Field", "Fält"),
        texts.of("Name in Kleer", "Namn i Kleer"),
        texts.of("Holds", "Innehåll"),
        texts.of("HubSpot property from the start", "Egenskap i HubSpot från början"),
        texts.of("Worth knowing", "Bra att veta"),
    ];
    let row = |field: &FieldSpec| {
        let property =
            spec.default_mappings.iter().find(|(name, _)| *name == field.name).map(|(_, property)| *property);
        [
            texts.label(field.label),
            code(field.name),
            kind(field.kind, texts).to_owned(),
            property.map_or_else(|| "–".to_owned(), code),
            joined(&remarks(spec, field, property, texts), ". "),
        ]
    };
    table(head, spec.fields.iter().map(row))
}

fn remarks(spec: &ObjectSpec, field: &FieldSpec, property: Option<&str>, texts: &Texts) -> Vec<String> {
    let mut remarks = Vec::new();
    if spec.required.contains(&field.name) {
        remarks.push(texts.get("mappings.required"));
    }
    if field.name.starts_with('_') {
        remarks.push(texts.of("Computed, not a field in Kleer", "Beräknat, inget fält i Kleer").to_owned());
    }
    if matches!(field.kind, FieldKind::Enumeration(_)) {
        remarks.push(format!("[{}](#values)", texts.of("See the values", "Se värdena")));
    }
    if spec.direction == Direction::OneWay {
        return remarks;
    }
    match spec.writable(field.name) {
        Writable::Never => {
            remarks.push(texts.of("Kleer does not take changes", "Kleer tar inte emot ändringar").to_owned());
        }
        Writable::OnlyAtCreation => remarks.push(
            texts.of("Cannot be changed once it is in Kleer", "Kan inte ändras när det väl finns i Kleer").to_owned(),
        ),
        Writable::Yes if !spec.clearable(field.name) && !spec.required.contains(&field.name) => {
            remarks.push(texts.of("Cannot be emptied from HubSpot", "Kan inte tömmas från HubSpot").to_owned());
        }
        Writable::Yes => {}
    }
    if property.is_some_and(|property| !domain::triggers(spec.object).contains(&property)) {
        remarks.push(texts.get("mappings.oneWay"));
    }
    remarks
}

const fn kind(kind: FieldKind, texts: &Texts) -> &'static str {
    let (english, swedish) = match kind {
        FieldKind::Text => ("Text", "Text"),
        FieldKind::LongText => ("Text of several lines", "Text på flera rader"),
        FieldKind::Enumeration(_) => ("One of several values", "Ett av flera värden"),
        FieldKind::Integer => ("Whole number", "Heltal"),
        FieldKind::SerialNumber => ("Serial number", "Löpnummer"),
        FieldKind::Reference => ("Id of another record in Kleer", "Id för en annan post i Kleer"),
        FieldKind::Decimal => ("Number", "Tal"),
        FieldKind::Money => ("Amount", "Belopp"),
        FieldKind::Rate => ("Per cent", "Procent"),
        FieldKind::Boolean => ("Yes or no", "Ja eller nej"),
        FieldKind::Date => ("Date", "Datum"),
    };
    texts.language.of(english, swedish)
}

/// Which property is created for which kind of field.
pub(super) fn properties(texts: &Texts) -> String {
    let head =
        [texts.of("The field holds", "Fältet innehåller"), texts.of("Property that is created", "Egenskap som skapas")];
    let kinds = [
        FieldKind::Text,
        FieldKind::LongText,
        FieldKind::Enumeration(&[]),
        FieldKind::Integer,
        FieldKind::SerialNumber,
        FieldKind::Reference,
        FieldKind::Decimal,
        FieldKind::Money,
        FieldKind::Rate,
        FieldKind::Boolean,
        FieldKind::Date,
    ];
    let row = |one: FieldKind| {
        let plan = FieldSpec { name: "", label: "", kind: one }.property_plan();
        let name = match plan.field_type {
            "text" => texts.of("Single-line text", "Enradig text"),
            "textarea" => texts.of("Multi-line text", "Flerradig text"),
            "select" => {
                texts.of("Dropdown select, with the values as options", "Rullgardinsmeny, med värdena som alternativ")
            }
            "number" => texts.of("Number", "Nummer"),
            "booleancheckbox" => texts.of("Single checkbox", "Enskild kryssruta"),
            "date" => texts.of("Date picker", "Datumväljare"),
            other => other,
        };
        [kind(one, texts).to_owned(), name.to_owned()]
    };
    table(head, kinds.map(row))
}

/// The values of each field of a type that has a list of them.
pub(super) fn values(object: ObjectType, texts: &Texts) -> String {
    let months: BTreeMap<&str, i64> =
        (1..=MOST_MONTHS).rev().filter_map(|n| Some((billing_frequency(n)?, n))).collect();
    let mut all = String::new();
    for field in spec(object).fields {
        let FieldKind::Enumeration(values) = field.kind else { continue };
        all.push_str(&format!("**{}** ({})\n\n", texts.label(field.label), code(field.name)));
        let [value, label] = [texts.of("Value", "Värde"), texts.of("Label in HubSpot", "Etikett i HubSpot")];
        let rows = values.iter().map(|one| [code(one.value), one.label.to_owned()]);
        if field.name == "_billing_frequency" {
            let interval = |one: &[String; 2]| {
                let value = one[0].trim_matches('`');
                months.get(value).map_or_else(|| "–".to_owned(), i64::to_string)
            };
            let head = [value, label, texts.of("Months between invoices", "Månader mellan fakturor")];
            all.push_str(&table(head, rows.map(|one| [one[0].clone(), one[1].clone(), interval(&one)])));
        } else {
            all.push_str(&table([value, label], rows));
        }
        all.push('\n');
    }
    all
}

/// The properties whose edit in HubSpot starts a sync to Kleer.
pub(super) fn triggers(object: ObjectType) -> String {
    domain::triggers(object).iter().map(|property| code(property)).collect::<Vec<_>>().join(", ")
}
