//! Where the vendors' documents are known to be wrong, or silent. Everything else is held against them as it stands.

/// Something that is otherwise than the document says.
pub(super) struct Deviation {
    /// A schema by its name, or an operation as `METHOD /path`.
    pub(super) place: &'static str,
    pub(super) change: Change,
    /// Why, and where that is known from.
    #[expect(dead_code, reason = "for the reader of the table")]
    pub(super) why: &'static str,
}

/// What is otherwise. Shapes are JSON schemas.
pub(super) enum Change {
    /// These members may be left out.
    Optional(&'static [&'static str]),
    /// There is this member too, or it has this shape.
    Member(&'static str, &'static str),
    /// The request may lack these members of its schema, which is that of the answer as well.
    Without(&'static [&'static str]),
    /// Errors look like this.
    Error(&'static str),
    /// There is this answer too, or it looks like this.
    Answer(&'static str, &'static str),
}

/// An operation that no document at hand describes.
pub(super) struct Undescribed {
    pub(super) method: &'static str,
    pub(super) path: &'static str,
    /// Where it is known from.
    #[expect(dead_code, reason = "for the reader of the table")]
    pub(super) known_from: &'static str,
}

const fn otherwise(place: &'static str, change: Change, why: &'static str) -> Deviation {
    Deviation { place, change, why }
}

use Change::{Answer, Error, Member, Optional, Without};

const TEXT: &str = r#"{"type":"string"}"#;
const RATE: &str = "bodies of 429, seen in the wild: contract hubspot-crm §8";
const RATE_BODY: &str = r#"{"type":"object","additionalProperties":false,"required":["status","message","errorType"],"properties":{
    "status":{"const":"error"},"message":{"type":"string"},"errorType":{"const":"RATE_LIMIT"},"correlationId":{"type":"string"},
    "policyName":{"type":"string"},"groupName":{"type":"string"},"requestId":{"type":"string"}}}"#;
const TOKEN: &str = "POST /oauth/{v}/token";
const INTROSPECT: &str = "POST /oauth/{v}/token/introspect";
const REVOKE: &str = "POST /oauth/{v}/token/revoke";
const OAUTH_ERRORS: &str = "RFC 6749 and HubSpot's own members: contract hubspot-crm §2.5";
const OAUTH_ERROR: &str = r#"{"type":"object","additionalProperties":false,"required":["error","status","message"],"properties":{
    "error":{"enum":["invalid_grant","invalid_client","invalid_request","unsupported_grant_type","access_denied"]},
    "error_description":{"type":"string"},"status":{"type":"string"},"message":{"type":"string"}}}"#;

/// HubSpot.
pub(super) const HUBSPOT: &[Deviation] = &[
    otherwise(
        "SimplePublicUpsertObject",
        Member("properties", r#"{"type":"object","additionalProperties":{"type":["string","null"]}}"#),
        "null is no value, as in SimplePublicObject: contract hubspot-crm §3.2",
    ),
    otherwise(
        "AssociationSpecWithLabel",
        Member("label", r#"{"type":["string","null"]}"#),
        "the unlabelled types have the label null: contract hubspot-crm §6",
    ),
    otherwise(
        "StandardError",
        Member("subCategory", TEXT),
        "the document says an object without members; it is the text of every other error: contract hubspot-crm §7 and §9",
    ),
    otherwise("Error", Member("status", TEXT), "in every error that was seen: contract hubspot-crm §9"),
    otherwise("Error", Optional(&["category"]), "a bare 404 and most 429 have none: contract hubspot-crm §8 and §9"),
    otherwise(
        "PublicObjectSearchRequest",
        Member(
            "sorts",
            r#"{"type":"array","items":{"type":"object","additionalProperties":false,"required":["propertyName","direction"],
            "properties":{"propertyName":{"type":"string"},"direction":{"enum":["ASCENDING","DESCENDING"]}}}}"#,
        ),
        "the document says texts, the guide shows objects, and both are taken: contract hubspot-crm §5",
    ),
    otherwise(
        "PublicObjectSearchRequest",
        Optional(&["after"]),
        "the first page has none before it: contract hubspot-crm §5",
    ),
    otherwise("Error", Member("errorType", TEXT), RATE),
    otherwise("Error", Member("policyName", TEXT), RATE),
    otherwise("Error", Member("groupName", TEXT), RATE),
    otherwise("Error", Member("requestId", TEXT), RATE),
    otherwise(
        TOKEN,
        Answer(
            "200",
            r#"{"type":"object","additionalProperties":false,
            "required":["access_token","expires_in","refresh_token","token_type","token_use"],"properties":{
            "access_token":{"type":"string"},"refresh_token":{"type":"string"},"id_token":{"type":"string"},
            "token_type":{"const":"bearer"},"token_use":{"const":"access_token"},"expires_in":{"type":"integer"},
            "hub_id":{"type":"integer"},"user_id":{"type":"integer"},"scopes":{"type":"array","items":{"type":"string"}}}}"#,
        ),
        "the document of 2026-09 names no success; that of 2026-03 does: contract hubspot-crm §2.2",
    ),
    otherwise(TOKEN, Error(OAUTH_ERROR), OAUTH_ERRORS),
    otherwise(TOKEN, Answer("429", RATE_BODY), RATE),
    otherwise(
        INTROSPECT,
        Answer(
            "200",
            r#"{"type":"object","additionalProperties":false,"required":["active"],"properties":{
            "active":{"type":"boolean"},"token":{"type":"string"},"hub_id":{"type":"integer"},"user_id":{"type":"integer"},
            "client_id":{"type":"string"},"app_id":{"type":"integer"},"user":{"type":"string"},"hub_domain":{"type":"string"},
            "scopes":{"type":"array","items":{"type":"string"}},"signed_access_token":{"type":"object"},
            "expires_in":{"type":"integer"},"is_private_distribution":{"type":"boolean"},
            "token_use":{"enum":["access_token","refresh_token"]},"token_type":{"type":"string"}}}"#,
        ),
        "the document stops at `active`; the guide shows the rest: contract hubspot-crm §2.3",
    ),
    otherwise(INTROSPECT, Error(OAUTH_ERROR), OAUTH_ERRORS),
    otherwise(REVOKE, Answer("200", "null"), "the document names no success: contract hubspot-crm §2.4"),
    otherwise(REVOKE, Error(OAUTH_ERROR), OAUTH_ERRORS),
];

/// Operations of HubSpot that its documents at hand leave out.
pub(super) const UNDESCRIBED_BY_HUBSPOT: &[Undescribed] = &[Undescribed {
    method: "GET",
    path: "/crm/object-library/{v}/enablement/{objectTypeId}",
    known_from: "contract hubspot-crm §1 and §3.7",
}];

const NEW: &str = "what Kleer gives by itself is not sent with what is made: contract kleer-api §6 and §7";

/// Kleer.
pub(super) const KLEER: &[Deviation] = &[
    otherwise("PUT /v1/company/{company}/client", Without(&["id"]), NEW),
    otherwise(
        "PUT /v1/company/{company}/client/invoice",
        Without(&["id", "invoice-nr", "certified", "sent", "remaining", "disabled"]),
        NEW,
    ),
    otherwise("PUT /v1/company/{company}/client/agreement", Without(&["id", "revision-nr", "next-invoice-date"]), NEW),
    otherwise(
        "client-invoice",
        Member("self-invoice-references", r#"{"type":"object"}"#),
        "on every invoice though the schema says never: contract kleer-api §3, rule 6",
    ),
];

/// Operations of Kleer that its schema leaves out: it describes documents, not paths.
pub(super) const UNDESCRIBED_BY_KLEER: &[Undescribed] = &[];
