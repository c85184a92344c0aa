//! Every guess about the real service, one named switch each, so that a live check can flip it in one place
//! (contract kleer-api §13.10). All statuses are HTTP statuses.

mod positions;

use serde::{Deserialize, Serialize};

pub use positions::{
    AgreementPath, AgreementUpdate, DateTimes, EmptyList, InvoiceDelete, InvoiceOrder, NoDate, OmittedActive,
    ProjectStatus, Rate, Spelling, UnknownElements,
};

/// The guesses about the real service. The default of each is the contract's best guess.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Switches {
    /// Status when a good token asks for another company: 403, or 401 or 404 (contract kleer-api §13.1).
    pub wrong_company: u16,
    /// Status when a mandatory element is missing or an element has the wrong type: 500 *Tekniskt fel*, or 400
    /// (contract kleer-api §13.5).
    pub missing_mandatory: u16,
    /// Status when the body is not JSON at all, or its Content-Type is not JSON (not observed; contract kleer-api §2, §3).
    pub malformed_body: u16,
    /// Status of business errors such as an unknown user: 500 with a Java class name (contract kleer-api §2, §13.5).
    pub business_error: u16,
    /// Status of an answered create; the exact code was never recorded (contract kleer-api §3, Verbs).
    pub created: u16,
    /// Whether `saved` and `deleted` carry the optional id; without it they are `{}` (contract kleer-api §3, Verbs).
    pub answers_carry_id: bool,
    /// What a list without rows looks like (contract kleer-api §3, rule 6 reports both).
    pub empty_list: EmptyList,
    /// How enumerations of the schema are spelled in JSON, such as a product's `type` (contract kleer-api §3, rule 9).
    pub enum_spelling: Spelling,
    /// How `client-type` is spelled; the schema declares it a string, so as in XML (contract kleer-api §7.1).
    pub client_type_spelling: Spelling,
    /// Whether `vat-percentage` of a product is 0.25 or 25 (contract kleer-api §7.5).
    pub vat_percentage: Rate,
    /// What happens to elements that are in no schema (not observed; contract kleer-api §9).
    pub unknown_elements: UnknownElements,
    /// What a client becomes when an update omits `active` (contract kleer-api §7.1 says only that it may be omitted).
    pub omitted_active: OmittedActive,
    /// Whether a reference to a user that does not exist is a business error (contract kleer-api §7.1).
    pub unknown_user_refused: bool,
    /// Whether `"user":{"id":0}` means that nobody is responsible for a client (contract kleer-api §7.1, §14.6).
    pub user_zero_is_nobody: bool,
    /// Whether a delivery type that the company does not have is a business error (contract kleer-api §7.1).
    pub unknown_delivery_type_refused: bool,
    /// Whether codes are checked: `country-code` two letters or empty, `currency-type` three, `client-type` one of two
    /// (contract kleer-api §7.1 names the standards, not whether they are enforced).
    pub codes_checked: bool,
    /// Whether two clients, or two products, may have the same foreign id; nothing forbids it (contract kleer-api §11).
    pub duplicate_foreign_id_allowed: bool,
    /// Whether `GET client/foreign-id/{foreign-id}` exists (contract kleer-api §6, Clients).
    pub client_by_foreign_id: bool,
    /// Whether `DELETE client/{id}` exists (contract kleer-api §6, Clients).
    pub client_delete: bool,
    /// Whether `PUT product` and `POST product/{id}` exist (contract kleer-api §6, Products).
    pub product_writes: bool,
    /// How moments such as `certified-date` are written (contract kleer-api §3, Scalars; §14.7).
    pub date_times: DateTimes,
    /// Whether `discount.percentage` of a row is 0.1 or 10 (contract kleer-api §14.4).
    pub discount_percentage: Rate,
    /// Whether the elements that only the server sets may be left out of a write, though the schema calls them
    /// mandatory: `invoice-nr`, `revision-nr` and so on (contract kleer-api §7.2, last line of the table).
    pub read_only_may_be_omitted: bool,
    /// How many invoices a page holds at most, and holds if no limit is asked for (contract kleer-api §4, §13.6).
    pub invoice_limit: u32,
    /// In which order invoices are listed (contract kleer-api §4: unknown).
    pub invoice_order: InvoiceOrder,
    /// Whether disabled invoices are listed by `filter=all` (contract kleer-api §5).
    pub disabled_invoices_listed: bool,
    /// What `DELETE client/invoice/{id}` does (contract kleer-api §6, Client invoices).
    pub invoice_delete: InvoiceDelete,
    /// Whether a certified invoice refuses to be saved (not observed; contract kleer-api §6, Client invoices).
    pub certified_invoices_locked: bool,
    /// Whether an empty address, e-mail or name of a new invoice is taken from its client (contract kleer-api §9.7, §14.10).
    pub invoice_address_from_client: bool,
    /// How an invoice without delivery date says so (contract kleer-api §7.2, delivery-date).
    pub no_delivery_date: NoDate,
    /// Where agreements are (contract kleer-api §6, Agreements: the one important guess). The other candidates are 404.
    pub agreement_path: AgreementPath,
    /// What `POST` of an agreement takes (contract kleer-api §14.2).
    pub agreement_update: AgreementUpdate,
    /// Whether the list of agreements holds deleted ones (contract kleer-api §14.1).
    pub deleted_agreements_listed: bool,
    /// Whether `next-invoice-date` passes over dates that went by without an invoice (contract kleer-api §5: it moves with time).
    pub next_invoice_date_skips_past: bool,
    /// The status of a project that the API made (contract kleer-api §8: not writable, and not said).
    pub new_project_status: ProjectStatus,
    /// Whether an update of a project clears the repeated elements it omits (contract kleer-api §8).
    pub omitted_project_lists_cleared: bool,
    /// Whether projects have `updated-date` and `updated-user-key`, as only the later schema does (contract kleer-api §8).
    pub project_updated_date: bool,
}

impl Switches {
    /// The same rules, but documents spelled as they are stored.
    pub(crate) fn in_stored_form(&self) -> Switches {
        Switches {
            enum_spelling: Spelling::UpperSnake,
            client_type_spelling: Spelling::Camel,
            vat_percentage: Rate::Fraction,
            date_times: DateTimes::Local,
            discount_percentage: Rate::Fraction,
            read_only_may_be_omitted: true,
            ..self.clone()
        }
    }
}

impl Default for Switches {
    fn default() -> Switches {
        Switches {
            wrong_company: 403,
            missing_mandatory: 500,
            malformed_body: 400,
            business_error: 500,
            created: 200,
            answers_carry_id: true,
            empty_list: EmptyList::Array,
            enum_spelling: Spelling::UpperSnake,
            client_type_spelling: Spelling::Camel,
            vat_percentage: Rate::Fraction,
            unknown_elements: UnknownElements::Kept,
            omitted_active: OmittedActive::Unchanged,
            unknown_user_refused: true,
            user_zero_is_nobody: true,
            unknown_delivery_type_refused: true,
            codes_checked: true,
            duplicate_foreign_id_allowed: true,
            client_by_foreign_id: true,
            client_delete: true,
            product_writes: true,
            date_times: DateTimes::Local,
            discount_percentage: Rate::Fraction,
            read_only_may_be_omitted: true,
            invoice_limit: 100,
            invoice_order: InvoiceOrder::Id,
            disabled_invoices_listed: true,
            invoice_delete: InvoiceDelete::Disables,
            certified_invoices_locked: true,
            invoice_address_from_client: false,
            no_delivery_date: NoDate::Empty,
            agreement_path: AgreementPath::ClientSlashAgreement,
            agreement_update: AgreementUpdate::Wrapped,
            deleted_agreements_listed: true,
            next_invoice_date_skips_past: true,
            new_project_status: ProjectStatus::Open,
            omitted_project_lists_cleared: true,
            project_updated_date: false,
        }
    }
}
