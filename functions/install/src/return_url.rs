//! Where HubSpot wants the browser back after an install that began there (contract hubspot-platform §7.2).

use url::{Host, Url};

/// No address of HubSpot's is longer.
const LONGEST: usize = 2_000;

/// The address, if it is one of HubSpot's own: anything else would make us a stepping stone to wherever an attacker likes.
/// What is answered is what was understood, not what was sent: a browser may read the same text in another way.
pub(crate) fn read(text: &str) -> Option<String> {
    let url = Url::parse(text).ok().filter(|_| text.len() <= LONGEST)?;
    let Some(Host::Domain(host)) = url.host() else { return None };
    let is_hubspot = host == "hubspot.com" || host.ends_with(".hubspot.com");
    let is_plain = url.scheme() == "https" && url.port().is_none();
    let is_nobodys = url.username().is_empty() && url.password().is_none();
    (is_hubspot && is_plain && is_nobodys).then(|| url.into())
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn hubspot_is_where_the_browser_may_go() {
        let good = [
            "https://app.hubspot.com/x?a=1#b",
            "https://app-eu1.hubspot.com/oauth/return",
            "https://hubspot.com/",
            "HTTPS://APP.HubSpot.COM/",
            "https://app.hubspot.com:443/",
            "https://a.b.hubspot.com/?next=https://evil.example",
            "https:app.hubspot.com/x",
        ];
        insta::assert_snapshot!(good.map(|text| read(text).unwrap_or_else(|| panic!("{text}"))).join("\n"), @r"
        https://app.hubspot.com/x?a=1#b
        https://app-eu1.hubspot.com/oauth/return
        https://hubspot.com/
        https://app.hubspot.com/
        https://app.hubspot.com/
        https://a.b.hubspot.com/?next=https://evil.example
        https://app.hubspot.com/x
        ");
    }

    #[test]
    fn nowhere_else() {
        let bad = [
            "",
            "/relative",
            "//app.hubspot.com/",
            "app.hubspot.com",
            "http://app.hubspot.com/",
            "ftp://app.hubspot.com/",
            "javascript:alert(1)//app.hubspot.com",
            "data:text/html,https://app.hubspot.com",
            // Another host with HubSpot's name somewhere.
            "https://evilhubspot.com/",
            "https://hubspot.com.evil.example/",
            "https://app.hubspot.com.evil.example/",
            "https://evil.example/https://app.hubspot.com/",
            "https://evil.example?app.hubspot.com",
            "https://evil.example#.hubspot.com",
            "https://evil.example/.hubspot.com",
            // Somebody's name before the host.
            "https://app.hubspot.com@evil.example/",
            "https://user@app.hubspot.com/",
            "https://user:password@app.hubspot.com/",
            "https://:x@app.hubspot.com/",
            // What browsers and parsers have been seen to read differently.
            "https://evil.example\\@app.hubspot.com/",
            "https://evil.example\\.hubspot.com/",
            "https:\\\\evil.example/.hubspot.com",
            "https://evil.example%2f.hubspot.com/",
            "https://evil.example%00.hubspot.com/",
            "https://app.hubspot.com\u{3002}evil.example/",
            "https://app.hubspot.com./",
            // Other ports, numbers, and letters that look alike.
            "https://app.hubspot.com:8443/",
            "https://127.0.0.1/",
            "https://[::1]/",
            "https://2130706433/",
            "https://app.hubsp\u{43E}t.com/",
            "https://app.xn--hubspt-dxf.com/",
        ];
        let let_through: Vec<&str> = bad.into_iter().filter(|text| read(text).is_some()).collect();
        assert_eq!(let_through, Vec::<&str>::new());
        assert_eq!(read(&format!("https://app.hubspot.com/{}", "x".repeat(2_000))), None);
    }

    #[test]
    fn what_a_header_cannot_carry_is_not_carried() {
        assert_eq!(
            read("https://app.hubspot.com/\r\nset-cookie: a=b").as_deref(),
            Some("https://app.hubspot.com/set-cookie:%20a=b")
        );
        assert_eq!(read("https://app.hubspot.com/å\u{0}b\u{0}").as_deref(), Some("https://app.hubspot.com/%C3%A5%00b"));
    }
}
