//! What the page is told that cannot be done, where its own sentence for the code holds ours (`{message}` in its texts).

use super::{Phrase, phrase};

pub(super) const PHRASES: &[Phrase] = &[
    phrase(
        "The field \"{name}\" must be mapped before this type can be switched on.",
        "Fältet \"{name}\" måste kopplas innan typen kan slås på.",
    ),
    phrase(
        "The property {property} is of the type {kind}, which cannot take this field: choose one of the type {types}.",
        "Egenskapen {property} är av typen {kind}, som inte kan ta emot fältet: välj en av typen {types}.",
    ),
    phrase(
        "The default value does not fit the property {property}: {says}.",
        "Standardvärdet passar inte egenskapen {property}: {says}.",
    ),
    phrase("A default value has at most {count} letters.", "Ett standardvärde har högst {count} tecken."),
    phrase(
        "The type {type} goes to HubSpot's {object} already, where the records of both could not be told apart: choose another \
         HubSpot object.",
        "Typen {type} går redan till HubSpots {object}, där bådas poster inte kan skiljas åt: välj ett annat objekt i HubSpot.",
    ),
    phrase(
        "Line items go with the invoices and agreements that have them: preview one of those.",
        "Rader följer med de fakturor och avtal som har dem: förhandsvisa någon av dem.",
    ),
    phrase(
        "Line items go with the invoices and agreements that have them, and have no schedule of their own.",
        "Rader följer med de fakturor och avtal som har dem, och har inget eget schema.",
    ),
    phrase(
        "Records of this type cannot be made in Kleer from HubSpot.",
        "Poster av den här typen kan inte skapas i Kleer från HubSpot.",
    ),
    phrase(
        "The account is connected to this company already: save its credentials instead.",
        "Kontot är redan anslutet till företaget: spara dess uppgifter i stället.",
    ),
    phrase(
        "The pause between two polls is from one minute to seven days.",
        "Mellan två synkningar går det från en minut till sju dygn.",
    ),
    phrase(
        "The invoice window is 1, 3, 6, 12, 24 or 36 months, or all invoices.",
        "Fakturafönstret är 1, 3, 6, 12, 24 eller 36 månader, eller alla fakturor.",
    ),
    phrase(
        "The connection was changed meanwhile: ask for the preview again.",
        "Anslutningen ändrades under tiden: be om förhandsvisningen igen.",
    ),
    phrase(
        "There are so many records that a preview takes too long. Nothing was written.",
        "Det finns så många poster att en förhandsvisning tar för lång tid. Inget har skrivits.",
    ),
    phrase(
        "The request is not what belongs here (line {line}, column {column}).",
        "Förfrågan är inte vad som hör hemma här (rad {line}, kolumn {column}).",
    ),
    phrase("There is no such operation.", "Det finns ingen sådan åtgärd."),
    phrase("No list ended there: load the page again.", "Ingen lista slutade där: ladda om sidan."),
    phrase("An id of Kleer or HubSpot is a number.", "Ett id i Kleer eller HubSpot är ett tal."),
    phrase(
        "HubSpot does not show the new property yet; try again.",
        "HubSpot visar inte den nya egenskapen än; försök igen.",
    ),
    phrase(
        "HubSpot does not answer, and the app is still installed there; try again in a few minutes.",
        "HubSpot svarar inte, och appen är fortfarande installerad där; försök igen om några minuter.",
    ),
];
