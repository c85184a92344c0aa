//! Whose a request is. HubSpot adds the account and the user to the query of the address that the page asked for, and signs the
//! whole (contract hubspot-platform §2.3). What the page itself wrote into the query is signed as well, so a name that stands there
//! twice may be anybody's: it counts as none.

use app::App;
use domain::PortalId;
use portal::settings::Caller;
use web::Request;

/// Who asks; none if that is not told plainly, or if it is another app's page.
pub(crate) fn caller(app: &App, request: &Request) -> Option<Caller> {
    read(request.uri().query().unwrap_or_default(), app.config.hubspot_app_id)
}

fn read(query: &str, app_id: Option<u64>) -> Option<Caller> {
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query).ok()?;
    let signed = ["portalId", "userId", "userEmail", "appId"];
    let is_plain = |name: &str| pairs.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name)).count() <= 1;
    if !signed.into_iter().all(is_plain) {
        return None;
    }
    let get = |name: &str| pairs.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    let get = |name: &str| get(name).filter(|value| !value.is_empty());
    if app_id.zip(get("appId")).is_some_and(|(ours, theirs)| ours.to_string() != theirs) {
        return None;
    }
    let portal: PortalId = get("portalId").filter(|id| id.bytes().all(|byte| byte.is_ascii_digit()))?.parse().ok()?;
    let user_email =
        get("userEmail").map(|email| email.chars().filter(|letter| !letter.is_control()).take(200).collect());
    Some(Caller { portal, user_id: get("userId").and_then(|id| id.parse().ok()), user_email })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(query: &str) -> String {
        match read(query, Some(1_000_001)) {
            None => "nobody".to_owned(),
            Some(Caller { portal, user_id, user_email }) => format!("{portal} {user_id:?} {user_email:?}"),
        }
    }

    #[test]
    fn whose_a_request_is() {
        let lines = [
            "userId=7&portalId=4242&userEmail=eva%40example.se&appId=1000001",
            "portalId=4242",
            "portalId=4242&userEmail=&userId=x",
            "",
            "portalId=",
            "portalId=-4242",
            "portalId=+4242",
            "portalId=0",
            "portalid=4242",
            "portalId=1&portalId=4242",
            "PORTALID=1&portalId=4242",
            "portalId=4242&portalId=4242",
            "userId=1&userId=2&portalId=4242",
            "portalId=4242&appId=5",
            "portalId=4242&other=1&other=2",
        ];
        insta::assert_snapshot!(lines.map(check).join("\n"), @r#"
        4242 Some(7) Some("eva@example.se")
        4242 None None
        4242 None None
        nobody
        nobody
        nobody
        nobody
        nobody
        nobody
        nobody
        nobody
        nobody
        nobody
        nobody
        4242 None None
        "#);
    }
}
