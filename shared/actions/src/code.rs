//! What can go wrong in a way that a person can mend: stable codes, and what a workflow's history says about each.

use crate::words::{Words, words};

/// Why an action did not do what it was asked for. The names never change: workflows branch on them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ErrorCode {
    /// The portal has no connection to Kleer, or HubSpot lets us in no more.
    NotConnected,
    /// The action was put into a workflow of another kind of records.
    WrongObject,
    /// The enrolled record is gone from HubSpot.
    RecordNotFound,
    /// A value that is needed is empty.
    MissingValue,
    /// The deal has no company.
    MissingCompany,
    /// The deal has several companies, and none of them is the primary one.
    SeveralCompanies,
    /// The deal's company is no client in Kleer.
    MissingClient,
    /// A line item has no product of Kleer's.
    MissingProduct,
    /// A value is no date, or a date that cannot be.
    InvalidDate,
    /// A value is no number, or one that Kleer cannot take.
    InvalidNumber,
    /// A value is no currency.
    InvalidCurrency,
    /// A value is not one of those that Kleer has.
    UnknownValue,
    /// How often to invoice cannot be told from the line items.
    InvalidInterval,
    /// The deal names no agreement, or one that Kleer does not have.
    UnknownAgreement,
    /// The agreement is another client's than the deal.
    OtherClient,
    /// Kleer refused what was to be made.
    KleerRejected,
    /// Kleer does not accept the key, or not for this.
    KleerDenied,
    /// HubSpot refused what has to be written there.
    HubspotRefused,
}

impl ErrorCode {
    /// The code in outputs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotConnected => "NOT_CONNECTED",
            Self::WrongObject => "WRONG_OBJECT",
            Self::RecordNotFound => "RECORD_NOT_FOUND",
            Self::MissingValue => "MISSING_VALUE",
            Self::MissingCompany => "MISSING_COMPANY",
            Self::SeveralCompanies => "SEVERAL_COMPANIES",
            Self::MissingClient => "MISSING_CLIENT",
            Self::MissingProduct => "MISSING_PRODUCT",
            Self::InvalidDate => "INVALID_DATE",
            Self::InvalidNumber => "INVALID_NUMBER",
            Self::InvalidCurrency => "INVALID_CURRENCY",
            Self::UnknownValue => "UNKNOWN_VALUE",
            Self::InvalidInterval => "INVALID_INTERVAL",
            Self::UnknownAgreement => "UNKNOWN_AGREEMENT",
            Self::OtherClient => "OTHER_CLIENT",
            Self::KleerRejected => "KLEER_REJECTED",
            Self::KleerDenied => "KLEER_DENIED",
            Self::HubspotRefused => "HUBSPOT_REFUSED",
        }
    }

    /// The name of its text in a definition: `notConnected`.
    #[must_use]
    pub fn label(self) -> String {
        let mut words = self.as_str().split('_').map(str::to_ascii_lowercase);
        let first = words.next().unwrap_or_default();
        let capitalized = |word: String| word[..1].to_ascii_uppercase() + &word[1..];
        first + &words.map(capitalized).collect::<String>()
    }

    /// What a workflow's history says where no input is to blame: what is wrong, and what to do.
    #[must_use]
    pub fn text(self) -> Words {
        let found = TEXTS.iter().find(|(code, _)| *code == self);
        found.map_or(words("", ""), |(_, text)| *text)
    }
}

/// What each code means; [`ErrorCode::text`].
const TEXTS: &[(ErrorCode, Words)] = &[
    (
        ErrorCode::NotConnected,
        words(
            "HubSpot is not connected to Kleer. Open the settings of Kleer for HubSpot and connect it.",
            "HubSpot är inte anslutet till Kleer. Öppna inställningarna för Kleer for HubSpot och anslut.",
        ),
    ),
    (
        ErrorCode::WrongObject,
        words(
            "This action does not fit this kind of workflow. Client actions run on companies, all others on deals.",
            "Åtgärden passar inte i den här sortens arbetsflöde. Kundåtgärder körs på företag, alla andra på affärer.",
        ),
    ),
    (
        ErrorCode::RecordNotFound,
        words("The enrolled record was deleted in HubSpot.", "Den registrerade posten har raderats i HubSpot."),
    ),
    (
        ErrorCode::MissingValue,
        words(
            "A value that Kleer needs is empty. See the output Error message.",
            "Ett värde som Kleer behöver saknas. Se utdatafältet Felmeddelande.",
        ),
    ),
    (
        ErrorCode::MissingCompany,
        words(
            "The deal has no company. Associate the deal with the company to invoice, then enrol it again.",
            "Affären saknar företag. Koppla affären till företaget som ska faktureras och registrera den igen.",
        ),
    ),
    (
        ErrorCode::SeveralCompanies,
        words(
            "The deal has several companies and none is primary. Set the one to invoice as primary, then enrol it again.",
            "Affären har flera företag och inget är primärt. Gör företaget som ska faktureras primärt och registrera den igen.",
        ),
    ),
    (
        ErrorCode::MissingClient,
        words(
            "The deal's company is not a client in Kleer. Run Create Kleer Client for the company first.",
            "Affärens företag är ingen kund i Kleer. Kör Skapa kund i Kleer för företaget först.",
        ),
    ),
    (
        ErrorCode::MissingProduct,
        words(
            "A line item has no product in Kleer. Use a product that comes from Kleer, fill in kleer_product_id on the line \
                 item, or choose a default product in the settings.",
            "En radartikel saknar produkt i Kleer. Använd en produkt som kommer från Kleer, fyll i kleer_product_id på \
                 radartikeln eller välj en standardprodukt i inställningarna.",
        ),
    ),
    (
        ErrorCode::InvalidDate,
        words(
            "A date cannot be used. See the output Error message.",
            "Ett datum kan inte användas. Se utdatafältet Felmeddelande.",
        ),
    ),
    (
        ErrorCode::InvalidNumber,
        words(
            "A number cannot be used. See the output Error message.",
            "Ett tal kan inte användas. Se utdatafältet Felmeddelande.",
        ),
    ),
    (
        ErrorCode::InvalidCurrency,
        words(
            "A currency cannot be used. Write its three letters, such as SEK or EUR.",
            "En valuta kan inte användas. Skriv de tre bokstäverna, till exempel SEK eller EUR.",
        ),
    ),
    (
        ErrorCode::UnknownValue,
        words(
            "A value is not one that Kleer knows. See the output Error message.",
            "Ett värde finns inte i Kleer. Se utdatafältet Felmeddelande.",
        ),
    ),
    (
        ErrorCode::InvalidInterval,
        words(
            "The deal's recurring line items are billed at different intervals, or by the week. Fill in Invoice Interval \
                 (Months), or give the line items the same billing frequency.",
            "Affärens återkommande radartiklar faktureras med olika intervall, eller per vecka. Fyll i Faktureringsintervall \
                 (månader) eller ge radartiklarna samma faktureringsfrekvens.",
        ),
    ),
    (
        ErrorCode::UnknownAgreement,
        words(
            "The deal's Kleer Agreement ID is empty or is no agreement in Kleer. Fill in the ID of the agreement to update.",
            "Affärens Kleer-avtals-ID är tomt eller finns inte i Kleer. Fyll i ID för avtalet som ska uppdateras.",
        ),
    ),
    (
        ErrorCode::OtherClient,
        words(
            "The agreement belongs to another client than the deal's company. Correct the deal's Kleer Agreement ID.",
            "Avtalet tillhör en annan kund än affärens företag. Rätta affärens Kleer-avtals-ID.",
        ),
    ),
    (
        ErrorCode::KleerRejected,
        words(
            "Kleer refused it. What Kleer said is in the output Error message.",
            "Kleer godkände det inte. Kleers svar finns i utdatafältet Felmeddelande.",
        ),
    ),
    (
        ErrorCode::KleerDenied,
        words(
            "The Kleer key is not accepted, or has no right to do this. Check the user's rights in Kleer, or save a new key.",
            "Kleer-nyckeln godkänns inte eller saknar behörighet. Kontrollera användarens rättigheter i Kleer eller spara en ny nyckel.",
        ),
    ),
    (
        ErrorCode::HubspotRefused,
        words(
            "HubSpot refused what has to be written there. See the output Error message.",
            "HubSpot godkände inte det som ska skrivas där. Se utdatafältet Felmeddelande.",
        ),
    ),
];
