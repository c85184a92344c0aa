//! Inputs and codes that several actions share.

use crate::code::ErrorCode;
use crate::definition::{Choice, Input, Live, Meaning};
use crate::words::words;

/// The most days to pay that anybody means.
pub(crate) const MOST_DAYS: i64 = 3650;

/// The codes of every action that makes a document of a deal.
pub(crate) const DEAL_CODES: &[ErrorCode] = &[
    ErrorCode::NotConnected,
    ErrorCode::WrongObject,
    ErrorCode::RecordNotFound,
    ErrorCode::MissingCompany,
    ErrorCode::SeveralCompanies,
    ErrorCode::MissingClient,
    ErrorCode::MissingProduct,
    ErrorCode::InvalidDate,
    ErrorCode::InvalidNumber,
    ErrorCode::InvalidCurrency,
    ErrorCode::UnknownValue,
    ErrorCode::KleerRejected,
    ErrorCode::KleerDenied,
    ErrorCode::HubspotRefused,
];

pub(crate) const CURRENCY: Input = Input::text(
    "currency",
    words("Currency", "Valuta"),
    words(
        "SEK, EUR, USD, NOK, DKK, GBP or another one that Kleer has. Without it: the deal's, else the client's.",
        "SEK, EUR, USD, NOK, DKK, GBP eller en annan som finns i Kleer. Om tomt: affärens, annars kundens.",
    ),
    Meaning::Currency,
);

pub(crate) const DELIVERY_TYPE: Input = Input::typed(
    "delivery_type",
    words("Delivery Type", "Leveranssätt"),
    words(
        "How invoices are sent, such as Mail, Email, Manually or Svefaktura. Without it: the client's in Kleer.",
        "Hur fakturor skickas, till exempel Mail, Email, Manually eller Svefaktura. Om tomt: kundens i Kleer.",
    ),
    Meaning::Live(Live::DeliveryTypes),
);

pub(crate) const PO_NUMBER: Input = Input::text(
    "po_number",
    words("PO Number", "Inköpsordernummer"),
    words("The customer's order number.", "Kundens ordernummer."),
    Meaning::Text,
);

pub(crate) const YOUR_REFERENCE: Input = Input::text(
    "your_reference",
    words("Your Reference", "Er referens"),
    words("The customer's reference.", "Kundens referens."),
    Meaning::Text,
);

/// When agreements are invoiced (contract product §7.4; kleer-api §7.4).
pub(crate) const INVOICE_DAYS: &[Choice] = &[
    Choice { value: "INVOICE_AT_START", label: words("Invoice at start of period", "Faktura vid periodens början") },
    Choice { value: "PAY_AT_START", label: words("Pay at start of period", "Betalning vid periodens början") },
    Choice { value: "INVOICE_AT_END", label: words("Invoice at end of period", "Faktura vid periodens slut") },
    Choice {
        value: "INVOICE_AT_START_MONTH",
        label: words("Invoice at start of month", "Faktura vid månadens början"),
    },
    Choice { value: "INVOICE_AT_END_MONTH", label: words("Invoice at end of month", "Faktura vid månadens slut") },
    Choice {
        value: "INVOICE_60_DAYS_PRIOR_TO_PERIOD_START",
        label: words("Invoice 60 days before period starts", "Faktura 60 dagar före periodens början"),
    },
    Choice {
        value: "INVOICE_ONE_DAY_PRIOR_TO_PERIOD_START",
        label: words("Invoice 1 day before period starts", "Faktura 1 dag före periodens början"),
    },
    Choice {
        value: "INVOICE_FIVE_DAYS_PRIOR_TO_PERIOD_START",
        label: words("Invoice 5 days before period starts", "Faktura 5 dagar före periodens början"),
    },
];
