//! A browser, for installs: it keeps cookies, and follows redirects between our functions and HubSpot's pages.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::header::{ACCEPT_LANGUAGE, COOKIE, LOCATION, SET_COOKIE};

use crate::World;

/// Where HubSpot's consent pages are.
const CONSENT: &str = "https://app.hubspot.com";

/// A person's browser.
#[derive(Debug, Clone)]
pub struct Browser {
    /// The account that the person chooses on HubSpot's page.
    account: u64,
    /// By name: value, and the path it is sent for.
    cookies: BTreeMap<String, (String, String)>,
    /// What the person reads.
    pub language: &'static str,
}

/// Where a browser came to rest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visited {
    /// The address.
    pub url: String,
    /// The status; 0 for a page of HubSpot's that is none of ours and none of OAuth's.
    pub status: u16,
    /// The page.
    pub body: String,
    /// Every address on the way, the first and the last included.
    pub trail: Vec<String>,
}

impl Browser {
    /// A browser without cookies, of a person who chooses that account.
    #[must_use]
    pub fn of_account(account: u64) -> Self {
        Self { account, cookies: BTreeMap::new(), language: "en" }
    }

    /// Opens an address and follows every redirect.
    ///
    /// # Panics
    /// If the redirects do not end.
    pub fn visit(&mut self, world: &World, url: &str) -> Visited {
        let mut trail = vec![url.to_owned()];
        for _ in 0..10 {
            let url = trail.last().cloned().unwrap_or_default();
            let Some(answer) = self.get(world, &url) else {
                return Visited { url, status: 0, body: String::new(), trail };
            };
            match answer.headers().get(LOCATION) {
                Some(location) => trail.push(location.to_str().expect("an address").to_owned()),
                None => {
                    let body = String::from_utf8_lossy(answer.body()).into_owned();
                    return Visited { url, status: answer.status().as_u16(), body, trail };
                }
            }
        }
        panic!("the redirects do not end: {trail:?}");
    }

    /// Opens an address and follows nothing. None if it is neither ours nor HubSpot's OAuth.
    ///
    /// # Panics
    /// If it is no address.
    pub fn get(&mut self, world: &World, url: &str) -> Option<web::Response> {
        let base = &world.app().config.public_base_url;
        if let Some(path) = url.strip_prefix(CONSENT).filter(|path| path.starts_with("/oauth/")) {
            // Whoever has several accounts is asked for one.
            let path = path.replacen("/oauth/authorize", &format!("/oauth/{}/authorize", self.account), 1);
            let request = http::Request::get(path).body(Bytes::new()).expect("a request");
            return Some(world.clock.run(world.pretend.hubspot.call(request)).expect("an answer"));
        }
        let path = url.strip_prefix(base.as_str())?;
        let mut request = world.unsigned("GET", path, Bytes::new());
        let sent = |(name, (value, of)): (&String, &(String, String))| {
            path.starts_with(of.as_str()).then(|| format!("{name}={value}"))
        };
        let cookies: Vec<String> = self.cookies.iter().filter_map(sent).collect();
        if !cookies.is_empty() {
            request.headers_mut().insert(COOKIE, cookies.join("; ").parse().expect("a header"));
        }
        request.headers_mut().insert(ACCEPT_LANGUAGE, self.language.parse().expect("a header"));
        let answer = world.send(&request);
        for cookie in answer.headers().get_all(SET_COOKIE) {
            self.keep(cookie.to_str().expect("text"));
        }
        Some(answer)
    }

    fn keep(&mut self, cookie: &str) {
        let mut parts = cookie.split("; ");
        let (name, value) = parts.next().and_then(|pair| pair.split_once('=')).expect("a cookie");
        let attributes: BTreeMap<&str, &str> = parts.map(|part| part.split_once('=').unwrap_or((part, ""))).collect();
        assert!(attributes.contains_key("HttpOnly") && attributes["SameSite"] == "Lax", "{cookie}");
        if attributes["Max-Age"] == "0" {
            self.cookies.remove(name);
        } else {
            self.cookies.insert(name.to_owned(), (value.to_owned(), attributes["Path"].to_owned()));
        }
    }
}
