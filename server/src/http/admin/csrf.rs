//! Requests that change something for a browser's session come from our own pages.
//!
//! `Sec-Fetch-Site` (W3C Fetch Metadata) is what the browser itself says, and no page can change
//! it. Where it is absent, the Origin must be there and be ours.

use countersign_shared::Code;
use http::{HeaderMap, HeaderName, header};

use crate::http::error::ApiError;

const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Refuses what another site's page may have sent.
pub fn check(public_url: &str, headers: &HeaderMap) -> Result<(), ApiError> {
    let site = only(headers, &FETCH_SITE);
    let origin = only(headers, &header::ORIGIN);
    let fits = match (site, origin) {
        (Found::Once("same-origin"), Found::None) => true,
        (Found::Once("same-origin") | Found::None, Found::Once(origin)) => {
            is_ours(public_url, headers, origin)
        }
        _ => false,
    };
    if fits { Ok(()) } else { Err(ApiError::new(Code::CsrfRefused)) }
}

enum Found<'a> {
    None,
    Once(&'a str),
    /// More than once, or unreadable.
    Odd,
}

fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Found<'a> {
    let mut values = headers.get_all(name).iter();
    match (values.next().map(|value| value.to_str()), values.next()) {
        (None, _) => Found::None,
        (Some(Ok(value)), None) => Found::Once(value),
        _ => Found::Odd,
    }
}

/// Our public address; or, where we were asked by another name, that name: a demo is `localhost`
/// and 127.0.0.1. Under the public name no other scheme will do.
fn is_ours(public_url: &str, headers: &HeaderMap, origin: &str) -> bool {
    let host = |url: &str| url.split_once("://").map(|(_, host)| host.to_ascii_lowercase());
    let asked = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let asked = asked.map(str::to_ascii_lowercase);
    if asked == host(public_url) || public_url.eq_ignore_ascii_case(origin) {
        return public_url.eq_ignore_ascii_case(origin);
    }
    asked.is_some() && asked == host(origin)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn fault_43_csrf_by_sec_fetch_site_and_origin() {
        let public = "https://pledge.example.org";
        let table: [(&[(&str, &str)], bool); 15] = [
            (&[("sec-fetch-site", "same-origin"), ("origin", public)], true),
            (&[("sec-fetch-site", "same-origin")], true),
            (&[("origin", public)], true),
            (&[("origin", "HTTPS://Pledge.example.org")], true),
            (&[], false),
            (&[("sec-fetch-site", "cross-site"), ("origin", public)], false),
            (&[("sec-fetch-site", "same-site"), ("origin", public)], false),
            (&[("sec-fetch-site", "none")], false),
            (&[("sec-fetch-site", "same-origin"), ("origin", "https://evil.example")], false),
            (&[("sec-fetch-site", "same-origin"), ("sec-fetch-site", "same-origin")], false),
            (&[("origin", "null")], false),
            (&[("origin", "https://evil.example")], false),
            (&[("origin", "http://pledge.example.org")], false),
            (&[("origin", public), ("origin", public)], false),
            (&[("origin", "https://pledge.example.org.evil.example")], false),
        ];
        for (given, fits) in table {
            let mut headers = HeaderMap::new();
            headers.insert("host", "pledge.example.org".parse().unwrap());
            for (name, value) in given {
                let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
                headers.append(name, value.parse().unwrap());
            }
            assert_eq!(check(public, &headers).is_ok(), fits, "{given:?}");
        }
    }

    #[test]
    fn the_demo_goes_by_two_names() {
        let mut headers = HeaderMap::new();
        headers.insert("host", "localhost:3000".parse().unwrap());
        headers.insert("origin", "http://localhost:3000".parse().unwrap());
        assert!(check("http://127.0.0.1:3000", &headers).is_ok());
        headers.insert("origin", "http://localhost:3001".parse().unwrap());
        assert!(check("http://127.0.0.1:3000", &headers).is_err());
    }
}
