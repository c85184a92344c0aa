//! Every path, below the base URL and `/company/{company}` (contract kleer-api §6).

/// All clients: GET lists, PUT creates; with `/{id}` GET reads, POST updates.
pub(crate) const CLIENTS: &str = "/client";
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
