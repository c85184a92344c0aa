//! Kleer's HTTP face: the vendor's paths and wire formats. One file per resource, listed in [`routes`].

mod agreement;
mod call;
mod client;
mod company;
mod fault;
mod invoice;
mod product;
mod project;
mod records;
mod reply;
mod user;

use std::sync::LazyLock;

use axum::{Router, routing::get};
use bytes::Bytes;
use http::{Request, Uri};

pub(crate) use call::{Asked, Call, wants_json};
pub(crate) use fault::disturb;
pub(crate) use reply::RecordsInAnswer;

use crate::Refusal;

/// All of Kleer's paths. The older base `/api/v1` is served as well (contract kleer-api §1).
pub(crate) fn routes() -> Router {
    static ROUTES: LazyLock<Router> = LazyLock::new(|| {
        let company = Router::new()
            .merge(company::routes())
            .merge(user::routes())
            .merge(client::routes())
            .merge(product::routes())
            .merge(invoice::routes())
            .merge(agreement::routes())
            .merge(project::routes());
        let base = Router::new().nest("/company/{company}", company);
        Router::new()
            .nest("/v1", base.clone())
            .nest("/api/v1", base)
            // The real service serves its schema here; whoever asks for it does nothing wrong.
            .route("/v1/xsd", get(|call: Call| async move { call.refuse(&Refusal::NotFound("Schemat".to_owned())) }))
            .fallback(|call: Call| async move { call.refuse(&Refusal::PathUnknown) })
            .method_not_allowed_fallback(|call: Call| async move { call.refuse(&Refusal::MethodUnknown) })
    });
    ROUTES.clone()
}

/// Takes the slash off the end of a collection's path; Kleer tolerates it there (contract kleer-api §1).
pub(crate) fn tolerate_slash(request: &mut Request<Bytes>) {
    let path = request.uri().path();
    let Some(bare) = path.strip_suffix('/') else { return };
    let last = bare.rsplit('/').next().unwrap_or_default();
    if last.is_empty() || last.bytes().all(|byte| byte.is_ascii_digit()) {
        return;
    }
    let query = request.uri().query().map(|query| format!("?{query}")).unwrap_or_default();
    if let Ok(uri) = format!("{bare}{query}").parse::<Uri>() {
        *request.uri_mut() = uri;
    }
}
