//! Lines of the activity list. Where they are written: `shared/sync/src/inbound/`, `shared/sync/src/outbound/overwritten.rs`,
//! `shared/portal/src/`, and of workflow actions `shared/actions/src/execute.rs`, which say it in both languages themselves.

use super::{Phrase, phrase};

pub(super) const PHRASES: &[Phrase] = &[
    phrase(
        "Changed in HubSpot, now in Kleer: {type} {id}, {changes}.",
        "Ändrat i HubSpot, nu i Kleer: {type} {id}, {changes}.",
    ),
    phrase(
        "Changed on both sides; Kleer's value stands: {type} {id}, {changes}.",
        "Ändrat på båda sidor; Kleers värde gäller: {type} {id}, {changes}.",
    ),
    phrase(
        "Was otherwise in HubSpot before; Kleer's value stands: {type} {id}, {changes}.",
        "Var annorlunda i HubSpot förut; Kleers värde gäller: {type} {id}, {changes}.",
    ),
    phrase(
        "Kleer cannot change this; HubSpot was put back: {type} {id}, {changes}.",
        "Kleer kan inte ändra detta; HubSpot återställdes: {type} {id}, {changes}.",
    ),
    phrase(
        "Kleer cannot be without this; HubSpot was put back: {type} {id}, {changes}.",
        "Kleer kan inte vara utan detta; HubSpot återställdes: {type} {id}, {changes}.",
    ),
    phrase(
        "The record of {type} {id} in HubSpot was merged into another, which takes its place.",
        "Posten för {type} {id} i HubSpot slogs samman med en annan, som tar dess plats.",
    ),
    phrase(
        "The {type} {id} was deleted in HubSpot; it is not made again by itself.",
        "Posten för {type} {id} raderades i HubSpot; den skapas inte om av sig själv.",
    ),
    phrase(
        "The {type} {id} is in HubSpot again and is synchronized again.",
        "Posten för {type} {id} finns i HubSpot igen och synkas igen.",
    ),
    phrase(
        "Made in HubSpot, now in Kleer: {type} {id}. Without {missing}",
        "Skapad i HubSpot, nu i Kleer: {type} {id}. Utan {missing}",
    ),
    phrase("Made in HubSpot, now in Kleer: {type} {id}.", "Skapad i HubSpot, nu i Kleer: {type} {id}."),
    phrase(
        "The {type} {id} of HubSpot was not made in Kleer: {says}.",
        "{id} i HubSpot skapades inte som {type} i Kleer: {says}.",
    ),
    phrase("The app was installed in HubSpot.", "Appen installerades i HubSpot."),
    phrase("Kleer company {company} was connected.", "Kleer-företaget {company} anslöts."),
    phrase(
        "Everything of the former Kleer company was forgotten on {count} records; company {company} is connected.",
        "Allt om det tidigare Kleer-företaget glömdes på {count} poster; företag {company} är anslutet.",
    ),
    phrase(
        "The app was disconnected on its settings page. To go on, install it again.",
        "Appen kopplades från på sin inställningssida. Installera den igen för att fortsätta.",
    ),
    phrase(
        "HubSpot says that the app was uninstalled or its access taken back: install it again.",
        "HubSpot säger att appen avinstallerades eller att dess åtkomst togs tillbaka: installera den igen.",
    ),
    // What somebody did on the settings page.
    phrase("{who} accepted the terms of {version}.", "{who} godkände villkoren av {version}."),
    phrase("{who} connected Kleer company {company}.", "{who} anslöt Kleer-företaget {company}."),
    phrase("{who} disconnected the app.", "{who} kopplade från appen."),
    phrase("{who} starts afresh with Kleer company {company}.", "{who} börjar om med Kleer-företaget {company}."),
    phrase("{who} changed the sync settings.", "{who} ändrade synkinställningarna."),
    phrase("{who} asked for a full re-sync.", "{who} bad om en fullständig omsynkning."),
    phrase("{who} switched the type {type} on.", "{who} slog på synkningen av {type}."),
    phrase("{who} switched the type {type} off.", "{who} slog av synkningen av {type}."),
    phrase(
        "{who} lets the type {type} go to HubSpot's {after} instead of {before}.",
        "{who} låter {type} gå till {after} i HubSpot i stället för {before}.",
    ),
    phrase("{who} changed the settings of the type {type}.", "{who} ändrade inställningarna för {type}."),
    phrase("{who} mapped {name} to {property}.", "{who} kopplade {name} till {property}."),
    phrase("{who} gave {property} a default value.", "{who} gav {property} ett standardvärde."),
    phrase("{who} deleted the mapping of {property}.", "{who} tog bort kopplingen till {property}."),
    phrase(
        "{who} made the property {property} of HubSpot's {object}.",
        "{who} skapade egenskapen {property} på {object} i HubSpot.",
    ),
    phrase("{who} had {type} {id} made again in HubSpot.", "{who} lät {type} {id} skapas om i HubSpot."),
    phrase(
        "{who} said that {type} {id} is a HubSpot record of its own.",
        "{who} sade att {type} {id} är en egen post i HubSpot.",
    ),
    phrase(
        "{who} said that {type} {id} is HubSpot record {record}.",
        "{who} sade att {type} {id} är posten {record} i HubSpot.",
    ),
];
