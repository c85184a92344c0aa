use super::labels::LABELS;
use super::*;

fn holes(pattern: &'static str) -> Vec<&'static str> {
    let name = |part: Part<'static>| match part {
        Part::Hole(name) => Some(bare(name)),
        Part::Words(_) => None,
    };
    let mut holes: Vec<&'static str> = parts(pattern).into_iter().filter_map(name).collect();
    holes.sort_unstable();
    holes
}

#[test]
fn both_languages_have_the_same_holes() {
    for phrase in phrases() {
        assert_eq!(holes(phrase.en), holes(phrase.sv), "{}", phrase.en);
    }
}

#[test]
fn every_pattern_is_recognized_as_itself() {
    for phrase in phrases() {
        // What is ours inside of another sentence has to be a sentence of ours.
        let inside = "Kleer did not give a whole answer in time";
        let filled = |name: &str| match bare(name) {
            "type" => "client".to_owned(),
            "ours" => inside.to_owned(),
            other => format!("<{other}>"),
        };
        let mut sentence = String::new();
        for part in parts(phrase.en) {
            match part {
                Part::Words(words) => sentence.push_str(words),
                Part::Hole(name) => sentence.push_str(&filled(name)),
            }
        }
        let known = swedish(&sentence).unwrap_or_default();
        let first = phrase.sv.split('{').next().unwrap_or_default();
        assert!(known.starts_with(first) && !known.is_empty(), "{sentence}\n{known}\n{}", phrase.sv);
    }
}

#[test]
fn sentences_in_swedish() {
    let check = |english: &str| swedish(english).unwrap_or_else(|| "?".to_owned());
    let said = [
        "Contact does not fit the HubSpot property size: “Large” is not one of its options.",
        "In 1004-row-0: VAT does not fit the HubSpot property rate: “x: y” is not a number.",
        "The client has no value in Name, and HubSpot needs one.",
        "Changed in HubSpot, now in Kleer: client 1004, Name “A, B” instead of nothing, Phone nothing.",
        "Changed on both sides; Kleer's value stands: client 1004, Phone “08-2”, not “08-3”, Email “a”, not nothing.",
        "HubSpot takes no subscriptions in this account (no): set up HubSpot payments or Stripe there, or choose another HubSpot \
         object for this type.",
        "HubSpot's projects cannot be used in this account (HubSpot does not have what was asked for: Unable to infer object type \
         from: projects): switch them on there, connect the app again with the right to use them, or choose another HubSpot object \
         for this type.",
        "Kleer refused what was changed in HubSpot (Country code, Phone): InvalidCountryCodeException: Ogiltig landskod Sverige.",
        "Kleer answered with a web page instead of data (status 502); it is tried again by itself.",
        "eva@example.se switched the type client on.",
        "Something that nobody ever said.",
        "",
    ];
    insta::assert_snapshot!(said.map(check).join("\n"), @"
    Kontakt passar inte HubSpot-egenskapen size: “Large” är inget av dess alternativ.
    I 1004-row-0: Moms passar inte HubSpot-egenskapen rate: “x: y” är inget tal.
    I kunden saknas ett värde i Namn, och HubSpot behöver ett.
    Ändrat i HubSpot, nu i Kleer: kund 1004, Namn “A, B” i stället för inget, Telefon inget.
    Ändrat på båda sidor; Kleers värde gäller: kund 1004, Telefon “08-2”, inte “08-3”, E-post “a”, inte inget.
    HubSpot tar inte emot prenumerationer i det här kontot (no): slå på HubSpot-betalningar eller Stripe där, eller välj ett annat objekt i HubSpot för typen.
    HubSpots projekt kan inte användas i det här kontot (HubSpot har inte det som efterfrågades: Unable to infer object type from: projects): slå på dem där, anslut appen på nytt med behörighet att använda dem, eller välj ett annat objekt i HubSpot för typen.
    Kleer godtog inte det som ändrades i HubSpot (Landskod, Telefon): InvalidCountryCodeException: Ogiltig landskod Sverige.
    Kleer svarade med en webbsida i stället för data (status 502); nytt försök görs av sig självt.
    eva@example.se slog på synkningen av kund.
    ?
    ?
    ");
}

/// The page shows the same words (`infra/hubspot/src/app/settings/texts/labels.sv.ts`).
#[test]
fn labels_are_those_of_the_page() {
    let page = include_str!("../../../../../infra/hubspot/src/app/settings/texts/labels.sv.ts");
    let row = |line: &str| {
        let (english, swedish) = line.trim().trim_end_matches(',').split_once(": ")?;
        let swedish = swedish.strip_prefix('\'')?.strip_suffix('\'')?;
        Some((english.trim_matches('\'').to_owned(), swedish.to_owned()))
    };
    let theirs: Vec<(String, String)> = page.lines().filter_map(row).collect();
    let ours: Vec<(String, String)> = LABELS.iter().map(|(en, sv)| ((*en).to_owned(), (*sv).to_owned())).collect();
    assert_eq!(ours, theirs);
}

#[test]
fn every_field_and_type_has_its_word() {
    for object in domain::ObjectType::ALL {
        let spec = sync::objects::spec(object);
        assert!(type_name(spec.label, false).is_some(), "{}", spec.label);
        assert!(type_name(object.as_str(), true).is_some(), "{object}");
        for field in spec.fields {
            assert!(label(field.label).is_some(), "{} has no Swedish", field.label);
        }
    }
}
