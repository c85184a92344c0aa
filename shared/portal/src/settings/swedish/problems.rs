//! Problems of records, and what to do about them. Where they are written: `shared/domain/src/projection.rs`, `plan.rs`, `reverse.rs`;
//! `shared/sync/src/outbound/`, `shared/sync/src/inbound/`.

use super::{Phrase, phrase};

pub(super) const PHRASES: &[Phrase] = &[
    // A row of a record.
    phrase("In {row}: {ours}", "I {row}: {ours}"),
    // Values that do not fit.
    phrase(
        "The default value does not fit the HubSpot property {property}: {says}.",
        "Standardvärdet passar inte HubSpot-egenskapen {property}: {says}.",
    ),
    phrase(
        "Change the default value on the mapping of {property}.",
        "Ändra standardvärdet på kopplingen till {property}.",
    ),
    phrase(
        "{field} does not fit the HubSpot property {property}: {says}.",
        "{field} passar inte HubSpot-egenskapen {property}: {says}.",
    ),
    phrase("{value} is not a number", "{value} är inget tal"),
    phrase("{value} is not yes or no", "{value} är varken ja eller nej"),
    phrase("{value} is not a date", "{value} är inget datum"),
    phrase("{value} is not a date with a time", "{value} är ingen tidpunkt"),
    phrase("{value} is not one of its options", "{value} är inget av dess alternativ"),
    phrase("{value} is longer than {count} characters", "{value} är längre än {count} tecken"),
    phrase(
        "Change the value in Kleer, or map the field to a property that takes {value}.",
        "Ändra värdet i Kleer, eller koppla fältet till en egenskap som kan ta {value}.",
    ),
    phrase("Shorten the value in Kleer.", "Korta värdet i Kleer."),
    phrase(
        "Add the option {value} to the property in HubSpot, or change the value in Kleer.",
        "Lägg till alternativet {value} på egenskapen i HubSpot, eller ändra värdet i Kleer.",
    ),
    phrase(
        "Add the currency to the HubSpot account (Settings, Account defaults, Currency), or change it in Kleer.",
        "Lägg till valutan i HubSpot-kontot (Inställningar, Standardvärden för konto, Valuta), eller ändra den i Kleer.",
    ),
    phrase(
        "The texts of the {type} are {length} bytes together; {limit} can be carried.",
        "Texterna i {type!} är tillsammans {length} byte; {limit} får plats.",
    ),
    phrase("Shorten its texts in Kleer, or map fewer of them.", "Korta texterna i Kleer, eller koppla färre av dem."),
    phrase(
        "Split it in Kleer: it has {rows} rows. Or map fewer fields of line items.",
        "Dela upp den i Kleer: den har {rows} rader. Eller koppla färre av radernas fält.",
    ),
    phrase(
        "The {type} has no value in {field}, and HubSpot needs one.",
        "I {type!} saknas ett värde i {field}, och HubSpot behöver ett.",
    ),
    phrase(
        "Fill in {field} on {type} {id} in Kleer, or set a default value on its mapping.",
        "Fyll i {field} på {type} {id} i Kleer, eller ange ett standardvärde på kopplingen.",
    ),
    // Records that cannot be read.
    phrase(
        "Kleer's answer could not be read: {place}: {fault}. There are {count} such records.",
        "Kleers svar kunde inte läsas: {place}: {fault}. Det finns {count} sådana poster.",
    ),
    phrase("Kleer's answer could not be read: {place}: {fault}.", "Kleers svar kunde inte läsas: {place}: {fault}."),
    phrase(
        "Look at the record in Kleer; if it looks right there, tell support.",
        "Titta på posten i Kleer; ser den rätt ut där, kontakta supporten.",
    ),
    // Deleted, merged, doubtful.
    phrase(
        "The record was deleted in HubSpot; it is not made again by itself.",
        "Posten raderades i HubSpot; den skapas inte om av sig själv.",
    ),
    phrase(
        "Leave it deleted, restore it in HubSpot, or have it made again on the settings page.",
        "Låt den vara raderad, återställ den i HubSpot, eller låt den skapas om på inställningssidan.",
    ),
    phrase("Its record in HubSpot belongs to the {type} {id} now.", "Dess post i HubSpot hör nu till {type!} {id}."),
    phrase(
        "Nothing has to be done; this {type} is not synchronized any more.",
        "Inget behöver göras; {type!} synkas inte längre.",
    ),
    phrase(
        "The record of {type} {id} in HubSpot was merged with {name}.",
        "Posten för {type} {id} i HubSpot slogs samman med {name}.",
    ),
    phrase(
        "Both are still in Kleer: merge or deactivate {type} {id} there, or let it have a HubSpot record of its own again. \
         Until then it is not synchronized.",
        "Båda finns kvar i Kleer: slå samman eller inaktivera {type} {id} där, eller låt den få en egen post i HubSpot igen. \
         Till dess synkas den inte.",
    ),
    phrase(
        "The Kleer clients {clients} have the same number {number}, and HubSpot has one record with it ({records}).",
        "Kunderna {clients} i Kleer har samma nummer {number}, och HubSpot har en post med det ({records}).",
    ),
    phrase(
        "Several HubSpot records carry the Kleer id {id} ({records}).",
        "Flera poster i HubSpot bär Kleer-id {id} ({records}).",
    ),
    phrase(
        "Several HubSpot records have the number {number} ({records}).",
        "Flera poster i HubSpot har numret {number} ({records}).",
    ),
    phrase(
        "Correct the number in Kleer, or write {id} into the property {property} of the record if it is this client's; it is \
         looked at again within a day. Until then nothing is written.",
        "Rätta numret i Kleer, eller skriv {id} i egenskapen {property} på posten om den är den här kundens; den ses över igen \
         inom ett dygn. Till dess skrivs inget.",
    ),
    phrase(
        "Merge the records, or write {id} into the property {property} of the one that is meant; it is looked at again within a \
         day. Until then nothing is written.",
        "Slå samman posterna, eller skriv {id} i egenskapen {property} på den som avses; den ses över igen inom ett dygn. Till dess \
         skrivs inget.",
    ),
    // Refused by HubSpot.
    phrase("HubSpot does not take {count} row ({said}).", "HubSpot tar inte emot {count} rad ({said})."),
    phrase("HubSpot does not take {count} rows ({said}).", "HubSpot tar inte emot {count} rader ({said})."),
    phrase(
        "Nothing has to be done: the record and its total are right, only these line items are missing.",
        "Inget behöver göras: posten och dess summa stämmer, bara dessa rader saknas.",
    ),
    phrase(
        "Add the value to the options of {property} in HubSpot, or change it in Kleer.",
        "Lägg till värdet bland alternativen för {property} i HubSpot, eller ändra det i Kleer.",
    ),
    phrase(
        "Map the field to another property than {property}: HubSpot keeps this one itself.",
        "Koppla fältet till en annan egenskap än {property}: den sköter HubSpot självt.",
    ),
    phrase(
        "Another HubSpot record already has this {property}: merge or change it.",
        "En annan post i HubSpot har redan detta i {property}: slå samman dem eller ändra värdet.",
    ),
    phrase(
        "Your HubSpot account requires {property}: map a field or a default value to it.",
        "Ert HubSpot-konto kräver {property}: koppla ett fält eller ett standardvärde till den.",
    ),
    phrase(
        "HubSpot gives an invoice its status only if it has line items: add a row to it in Kleer. Its other values are right.",
        "HubSpot ger en faktura dess status bara om den har rader: lägg till en rad på den i Kleer. Övriga värden stämmer.",
    ),
    phrase(
        "Correct the value in Kleer, or map the field to a text property instead of {property}.",
        "Rätta värdet i Kleer, eller koppla fältet till en textegenskap i stället för {property}.",
    ),
    phrase(
        "Correct the value in Kleer or the rule in HubSpot; it is tried again by itself.",
        "Rätta värdet i Kleer eller regeln i HubSpot; nytt försök görs av sig självt.",
    ),
    phrase("If it does not pass, mend what it says.", "Går det inte över, åtgärda det som står."),
    // Chargeable.
    phrase(
        "HubSpot could have charged for this {type}: {property} was set to {setting} in HubSpot.",
        "HubSpot hade kunnat ta betalt för {type!}: {property} sattes till {setting} i HubSpot.",
    ),
    phrase(
        "It is set back by itself. If this stays, set {property} back in HubSpot, and look who or which workflow sets it.",
        "Det återställs av sig självt. Består det, återställ {property} i HubSpot och ta reda på vem eller vilket arbetsflöde som \
         sätter den.",
    ),
    // Refused by Kleer.
    phrase(
        "Kleer cannot take {field} from the HubSpot property {property}: {says}.",
        "Kleer kan inte ta emot {field} från HubSpot-egenskapen {property}: {says}.",
    ),
    phrase("{value} is not a whole number that Kleer can hold", "{value} är inget heltal som Kleer kan hålla"),
    phrase("{value} is not an amount with at most two decimals", "{value} är inget belopp med högst två decimaler"),
    phrase("{value} is not an amount that Kleer can hold", "{value} är inget belopp som Kleer kan hålla"),
    phrase(
        "Write digits, and a dot before the decimals, as in 1250.50.",
        "Skriv siffror, och en punkt före decimalerna, som i 1250.50.",
    ),
    phrase("Write a whole number without decimals.", "Skriv ett heltal utan decimaler."),
    phrase("Round the amount to two decimals, whole öre.", "Avrunda beloppet till två decimaler, hela ören."),
    phrase("Write a smaller amount.", "Skriv ett mindre belopp."),
    phrase("Choose yes or no.", "Välj ja eller nej."),
    phrase("Write the date as year, month, day: 2026-12-31.", "Skriv datumet som år, månad, dag: 2026-12-31."),
    phrase(
        "{field} of a {type} cannot be changed through Kleer's interface: HubSpot says {value} again.",
        "{field} på {type} kan inte ändras genom Kleers gränssnitt: HubSpot visar {value} igen.",
    ),
    phrase(
        "Change it in Kleer itself; it comes to HubSpot by itself.",
        "Ändra det i Kleer; det kommer till HubSpot av sig självt.",
    ),
    phrase(
        "Kleer refused what was changed in HubSpot ({fields}): {said}.",
        "Kleer godtog inte det som ändrades i HubSpot ({fields}): {said}.",
    ),
    phrase(
        "Correct the value in HubSpot, or change it in Kleer; until then both sides stay as they are.",
        "Rätta värdet i HubSpot, eller ändra det i Kleer; till dess står båda sidor kvar som de är.",
    ),
];
