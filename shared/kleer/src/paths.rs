//! Every path, below the base URL and `/company/{company}` (contract kleer-api §6).

/// All clients: GET lists, PUT creates; with `/{id}` GET reads, POST updates.
pub(crate) const CLIENTS: &str = "/client";
/// The names that a client's or an invoice's `delivery-type` may have.
pub(crate) const DELIVERY_TYPES: &str = "/client/deliverytype";
/// Layouts of invoices, debit and credit ones together.
pub(crate) const INVOICE_TEMPLATES: &str = "/client/invoice/template";
/// Client invoices: GET lists them in pages, PUT creates; with `/{id}` GET reads, POST updates (the latter INFERRED).
pub(crate) const INVOICES: &str = "/client/invoice";
/// Where agreements may be, the likeliest first: all INFERRED, no public client calls any of them (contract kleer-api
/// §6 "Agreements", §14 point 1). When the real one is known, this becomes a list of one.
pub(crate) const AGREEMENTS: [&str; 4] = ["client/agreement", "client-agreement", "agreement", "clientagreement"];
/// Client projects: GET lists; with `/{id}` GET reads. PUT and POST `/{id}` on the same path are INFERRED.
pub(crate) const PROJECTS: &str = "/client-project";
/// All products: GET lists; with `/{id}` GET reads.
pub(crate) const PRODUCTS: &str = "/product";
/// All users, inactive ones included.
pub(crate) const USERS: &str = "/user";
/// The user whose key this is.
pub(crate) const ME: &str = "/user/me";
/// The company's own particulars.
pub(crate) const INFO: &str = "/info";

/// A path as it goes into a request.
pub(crate) fn of(company: i64, path: &str) -> String {
    format!("/company/{company}{path}")
}

/// The path of one record of a collection.
pub(crate) fn item(collection: &str, id: i64) -> String {
    format!("{collection}/{id}")
}
