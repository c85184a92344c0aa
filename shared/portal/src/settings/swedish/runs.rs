//! Why a run was interrupted, and why a type cannot be synchronized. Where it is written: `shared/sync/src/outbound/wording.rs`,
//! `capability.rs`, `rules.rs`, `failure.rs`, `shared/hubspot/src/explain.rs`, `shared/app/src/connection.rs`.

use super::{Phrase, phrase};

pub(super) const PHRASES: &[Phrase] = &[
    // Kleer.
    phrase(
        "Kleer does not accept the API key: make a new key in Kleer and save it in the settings (cargo local serve: \
         KLEER_API_KEY).",
        "Kleer godtar inte API-nyckeln: skapa en ny nyckel i Kleer och spara den i inställningarna.",
    ),
    phrase(
        "Kleer's API key may not read this kind of record, or belongs to another company: give the key's user the right in \
         Kleer, or check the company id.",
        "Kleers API-nyckel får inte läsa den här sortens poster, eller hör till ett annat företag: ge nyckelns användare \
         behörigheten i Kleer, eller kontrollera företags-id.",
    ),
    phrase(
        "Kleer does not know this company: check the company id and KLEER_BASE_URL.",
        "Kleer känner inte till företaget: kontrollera företags-id.",
    ),
    phrase(
        "Kleer's API key or address has characters that cannot be sent: check KLEER_API_KEY and KLEER_BASE_URL.",
        "Kleers API-nyckel har tecken som inte kan skickas: klistra in nyckeln igen.",
    ),
    phrase("Kleer answered more than can be read.", "Kleer svarade mer än vad som kan läsas."),
    phrase("{ours}; it is tried again by itself.", "{ours}; nytt försök görs av sig självt."),
    phrase("{ours}; it is tried again by itself: {said}.", "{ours}; nytt försök görs av sig självt: {said}."),
    phrase("Kleer could not be reached (check KLEER_BASE_URL and the network)", "Kleer kunde inte nås"),
    phrase("Kleer did not give a whole answer in time", "Kleer gav inget helt svar i tid"),
    phrase(
        "Kleer answered with a web page instead of data (status {status})",
        "Kleer svarade med en webbsida i stället för data (status {status})",
    ),
    phrase(
        "Kleer answered something that could not be read (status {status})",
        "Kleer svarade något som inte kunde läsas (status {status})",
    ),
    phrase(
        "Kleer asks for a pause because too many requests came at once",
        "Kleer ber om en paus, för många anrop kom på en gång",
    ),
    phrase("Kleer has an internal problem (status {status})", "Kleer har ett internt problem (status {status})"),
    phrase("Kleer refused the request (status {status})", "Kleer avvisade anropet (status {status})"),
    phrase(
        "Kleer's API key may not read agreements: give the key's user that right in Kleer.",
        "Kleers API-nyckel får inte läsa avtal: ge nyckelns användare den behörigheten i Kleer.",
    ),
    phrase(
        "Kleer shows this company no agreements: ask Kleer whether the company has recurring invoicing.",
        "Kleer visar inga avtal för företaget: fråga Kleer om företaget har återkommande fakturering.",
    ),
    // HubSpot.
    phrase(
        "HubSpot answered with a web page instead of data (status {status}). This is usually a passing trouble at HubSpot; it is \
         tried again by itself.",
        "HubSpot svarade med en webbsida i stället för data (status {status}). Det brukar gå över; nytt försök görs av sig självt.",
    ),
    phrase(
        "HubSpot's answer (status {status}) could not be read; nothing is known about its effect.",
        "HubSpots svar (status {status}) kunde inte läsas; vad det ledde till är okänt.",
    ),
    phrase("HubSpot does not have what was asked for.", "HubSpot har inte det som efterfrågades."),
    phrase("HubSpot does not have what was asked for: {said}.", "HubSpot har inte det som efterfrågades: {said}."),
    phrase("HubSpot already has such an entry.", "HubSpot har redan en sådan uppgift."),
    phrase("HubSpot already has such an entry: {said}.", "HubSpot har redan en sådan uppgift: {said}."),
    phrase(
        "The request was too long for HubSpot: fewer properties must be asked for at once.",
        "Anropet var för långt för HubSpot: färre egenskaper måste efterfrågas på en gång.",
    ),
    phrase(
        "HubSpot has locked these records for a moment because too much was written at once; it is tried again by itself.",
        "HubSpot har låst posterna en stund, för mycket skrevs på en gång; nytt försök görs av sig självt.",
    ),
    phrase(
        "HubSpot has an internal problem (status {status}); it is tried again by itself.",
        "HubSpot har ett internt problem (status {status}); nytt försök görs av sig självt.",
    ),
    phrase(
        "HubSpot has an internal problem (status {status}); it is tried again by itself: {said}.",
        "HubSpot har ett internt problem (status {status}); nytt försök görs av sig självt: {said}.",
    ),
    phrase("HubSpot refused the request without saying why.", "HubSpot avvisade anropet utan att säga varför."),
    phrase("HubSpot refused the request: {said}.", "HubSpot avvisade anropet: {said}."),
    phrase("HubSpot refused the request ({said}).", "HubSpot avvisade anropet ({said})."),
    phrase(
        "HubSpot refused the record because the portal requires a value for \"{property}\".",
        "HubSpot avvisade posten, kontot kräver ett värde i \"{property}\".",
    ),
    phrase("HubSpot refused the value of {said}.", "HubSpot avvisade värdet i {said}."),
    phrase("HubSpot refused {said}.", "HubSpot avvisade {said}."),
    phrase(
        "HubSpot's access token has expired and could not be renewed in time: try again, and connect HubSpot again if this stays.",
        "HubSpots åtkomst har gått ut och kunde inte förnyas i tid: försök igen, och anslut HubSpot på nytt om det består.",
    ),
    phrase(
        "HubSpot does not accept this connection any more: connect HubSpot again (with a static token: save a new one).",
        "HubSpot godtar inte anslutningen längre: anslut HubSpot på nytt.",
    ),
    phrase(
        "HubSpot has not granted this app the scopes it needs here: connect HubSpot again and allow {scopes}.",
        "HubSpot har inte gett appen de behörigheter som krävs här: anslut HubSpot på nytt och tillåt {scopes}.",
    ),
    phrase(
        "HubSpot has not granted this app a scope it needs here: connect HubSpot again and allow everything it asks for.",
        "HubSpot har inte gett appen en behörighet som krävs här: anslut HubSpot på nytt och tillåt allt som efterfrågas.",
    ),
    phrase("HubSpot does not allow this in your portal.", "HubSpot tillåter inte detta i ert konto."),
    phrase("HubSpot does not allow this in your portal: {said}.", "HubSpot tillåter inte detta i ert konto: {said}."),
    phrase(
        "HubSpot's daily limit of requests is used up; it starts anew at midnight in the portal's time zone.",
        "HubSpots dygnsgräns för anrop är nådd; den börjar om vid midnatt i kontots tidszon.",
    ),
    phrase(
        "HubSpot asks for a pause because too many requests came at once; it is tried again by itself.",
        "HubSpot ber om en paus, för många anrop kom på en gång; nytt försök görs av sig självt.",
    ),
    phrase(
        "HubSpot is moving this portal to another data centre; it is tried again by itself within 24 hours.",
        "HubSpot flyttar kontot till ett annat datacenter; nytt försök görs av sig självt inom 24 timmar.",
    ),
    phrase(
        "HubSpot is moving this portal to another data centre; it is tried again by itself in about {minutes} minutes.",
        "HubSpot flyttar kontot till ett annat datacenter; nytt försök görs av sig självt om cirka {minutes} minuter.",
    ),
    phrase(
        "HubSpot could not be reached; it is tried again by itself.",
        "HubSpot kunde inte nås; nytt försök görs av sig självt.",
    ),
    phrase(
        "A request to HubSpot could not be written: its address or a header has odd characters.",
        "Ett anrop till HubSpot kunde inte skrivas: dess adress eller huvud har udda tecken.",
    ),
    phrase("HubSpot answered more than can be read.", "HubSpot svarade mer än vad som kan läsas."),
    phrase(
        "HubSpot did not answer in time; whether it did what was asked shows at the next try.",
        "HubSpot svarade inte i tid; om det gjorde vad det skulle visar sig vid nästa försök.",
    ),
    phrase(
        "HubSpot did not answer in time; it is tried again by itself.",
        "HubSpot svarade inte i tid; nytt försök görs av sig självt.",
    ),
    phrase(
        "HubSpot did not accept the access token; it is renewed, and this is tried again by itself.",
        "HubSpot godtog inte åtkomsten; den förnyas, och nytt försök görs av sig självt.",
    ),
    phrase(
        "HubSpot takes no {object} in this account ({said}): set up HubSpot payments or Stripe there, or choose another HubSpot \
         object for this type.",
        "HubSpot tar inte emot {object} i det här kontot ({said}): slå på HubSpot-betalningar eller Stripe där, eller välj ett annat \
         objekt i HubSpot för typen.",
    ),
    phrase(
        "HubSpot's {object} cannot be used in this account ({says}): switch them on there, connect the app again with the right to \
         use them, or choose another HubSpot object for this type.",
        "HubSpots {object} kan inte användas i det här kontot ({says}): slå på dem där, anslut appen på nytt med behörighet att \
         använda dem, eller välj ett annat objekt i HubSpot för typen.",
    ),
    phrase(
        "HubSpot's {object} are switched off in this account: switch them on there, or choose another HubSpot object for this type.",
        "HubSpots {object} är avslagna i det här kontot: slå på dem där, eller välj ett annat objekt i HubSpot för typen.",
    ),
    phrase(
        "HubSpot did not let us make the unique property {name} on {object} ({said}): delete a property with unique values that \
         you no longer need there, or choose another HubSpot object for this type.",
        "HubSpot lät oss inte skapa den unika egenskapen {name} på {object} ({said}): ta bort en egenskap med unika värden som inte \
         behövs längre där, eller välj ett annat objekt i HubSpot för typen.",
    ),
    phrase(
        "HubSpot has more than {count} {object}, and looking through all of them for clients that are there already takes long: \
         confirm it in the settings, or switch matching by organization number off.",
        "HubSpot har fler än {count} {object}, och att gå igenom alla efter kunder som redan finns där tar lång tid: bekräfta det i \
         inställningarna, eller slå av matchningen på organisationsnummer.",
    ),
    phrase(
        "HubSpot has so many {object} that looking through all of them for clients that are there already takes more than {minutes} \
         minutes, which is too long: switch matching by organization number off.",
        "HubSpot har så många {object} att det tar mer än {minutes} minuter att gå igenom alla efter kunder som redan finns där, vilket \
         är för länge: slå av matchningen på organisationsnummer.",
    ),
    // The account is not as it must be.
    phrase(
        "The types {one} and {other} both go to HubSpot's {object}, where their records could not be told apart: choose another \
         HubSpot object for one of them.",
        "Typerna {one} och {other} går båda till {object} i HubSpot, där deras poster inte kan skiljas åt: välj ett annat objekt i \
         HubSpot för en av dem.",
    ),
    phrase("The mappings cannot be used: {fault}.", "Kopplingarna kan inte användas: {fault}."),
    phrase("The mappings of line items cannot be used: {fault}.", "Radernas kopplingar kan inte användas: {fault}."),
    phrase(
        "The project pipeline {id} is no longer in this HubSpot account: choose another one in the settings.",
        "Projektpipelinen {id} finns inte längre i HubSpot-kontot: välj en annan i inställningarna.",
    ),
    phrase(
        "HubSpot has no pipeline for projects in this account: make one there.",
        "HubSpot har ingen pipeline för projekt i det här kontot: skapa en där.",
    ),
    phrase(
        "The HubSpot pipeline {name} has no stages: add some there.",
        "Pipelinen {name} i HubSpot har inga steg: lägg till några där.",
    ),
    phrase(
        "the properties of the portal have changed; they are read again ({said})",
        "kontots egenskaper har ändrats; de läses om ({said})",
    ),
    phrase("{count} records must be written again", "{count} poster måste skrivas igen"),
    phrase("portal {portal} has not installed this app", "konto {portal} har inte installerat appen"),
    phrase("portal {portal} is disconnected: {says}", "konto {portal} är frånkopplat: {says}"),
    phrase(
        "portal {portal} has no {name} saved; save the credentials again",
        "konto {portal} har inget {name} sparat; spara uppgifterna igen",
    ),
    phrase(
        "HubSpot's access token could not be renewed; it is tried again by itself: {says}",
        "HubSpots åtkomst kunde inte förnyas; nytt försök görs av sig självt: {says}",
    ),
];
