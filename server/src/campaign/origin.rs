//! The sites that may use a campaign.

/// A web origin in the form that browsers send (`https://example.org`, RFC 6454), or any.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Origin(String);

impl Origin {
    /// Scheme, host and port, and nothing after; or `*`. The error says what is wrong.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        if text == "*" {
            return Ok(Self(text.to_owned()));
        }
        let (scheme, rest) = text.split_once("://").ok_or("begins with https:// or http://")?;
        let scheme = scheme.to_ascii_lowercase();
        let default_port = match scheme.as_str() {
            "https" => 443,
            "http" => 80,
            _ => return Err("begins with https:// or http://"),
        };
        if rest.contains(['/', '?', '#']) {
            return Err("ends after the host, without a slash or a path");
        }
        let (host, port) = split_port(rest)?;
        let host = checked_host(host)?;
        Ok(Self(match port {
            Some(port) if port != default_port => format!("{scheme}://{host}:{port}"),
            _ => format!("{scheme}://{host}"),
        }))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn is_any(&self) -> bool {
        self.0 == "*"
    }

    /// `null`, the origin of sandboxed frames and of files, is never allowed, not by `*` either:
    /// such a frame shows its embed token.
    pub fn allows(&self, origin: &str) -> bool {
        origin != "null" && (self.is_any() || self.0 == origin)
    }
}

fn split_port(rest: &str) -> Result<(&str, Option<u16>), &'static str> {
    let after_address = rest.rfind(']').map_or(0, |bracket| bracket + 1);
    match rest[after_address..].rfind(':') {
        None => Ok((rest, None)),
        Some(colon) => {
            let (host, port) = rest.split_at(after_address + colon);
            let port = port[1..].parse().ok().filter(|port| *port != 0);
            Ok((host, Some(port.ok_or("has a port from 1 to 65535 after the colon")?)))
        }
    }
}

/// A host name in ASCII, as browsers send it, or an address.
fn checked_host(host: &str) -> Result<String, &'static str> {
    if let Some(address) = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        let address = address.parse::<std::net::Ipv6Addr>();
        return address.map(|address| format!("[{address}]")).map_err(|_| "has a bad address");
    }
    let ascii = idna::domain_to_ascii_strict(host).map_err(|_| "has a bad host name")?;
    if ascii.is_empty() { Err("has no host name") } else { Ok(ascii) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn origins_are_brought_to_the_form_that_browsers_send() {
        for (typed, sent) in [
            ("https://Example.org", "https://example.org"),
            ("https://example.org:443", "https://example.org"),
            ("http://127.0.0.1:3001", "http://127.0.0.1:3001"),
            ("http://[::1]:3001", "http://[::1]:3001"),
            ("https://bücher.example", "https://xn--bcher-kva.example"),
        ] {
            let origin = Origin::parse(typed).unwrap();
            assert_eq!(origin.as_str(), sent);
            assert!(origin.allows(sent));
            assert!(!origin.allows("https://other.example"));
        }
    }

    #[test]
    fn what_is_no_origin_is_refused() {
        for bad in [
            "example.org",
            "https://example.org/",
            "https://example.org/page",
            "javascript:alert(1)",
            "https://",
            "https://a b",
            "https://user@example.org",
            "https://example.org:0",
            "https://example.org:x",
            "https://*.example.org",
            "null",
            "",
        ] {
            assert!(Origin::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn any_origin_is_not_the_null_origin() {
        let any = Origin::parse("*").unwrap();
        assert!(any.allows("https://example.org"));
        assert!(!any.allows("null"));
    }
}
