//! The cookies of organizers. `__Host-` (RFC 6265bis, 4.1.3): this host alone, over a secure
//! connection, for all paths; no other site and no subdomain can set one.

use http::header::{COOKIE, SET_COOKIE};
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::http::error::ApiError;
use crate::organizer::{passkey, session};

/// Holds a session.
pub const SESSION: &str = "__Host-countersign";
/// Holds the first half of a passkey's ceremony.
pub const CEREMONY: &str = "__Host-countersign-ceremony";

/// The value of a cookie, if the request has it once.
pub fn read<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
    let pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.split_once('='));
    let mut values = pairs.filter(|(key, _)| key.trim() == name).map(|(_, value)| value.trim());
    let value = values.next()?;
    values.next().is_none().then_some(value)
}

/// Gives the browser a session. Strict: no other site's link or form sends it.
pub fn session(ticket: &str) -> Result<(HeaderName, HeaderValue), ApiError> {
    set(SESSION, ticket, session::ABSOLUTE.as_secs())
}

/// Gives the browser the first half of a ceremony.
pub fn ceremony(ticket: &str) -> Result<(HeaderName, HeaderValue), ApiError> {
    set(CEREMONY, ticket, passkey::PATIENCE.as_secs())
}

/// Takes a cookie away.
pub fn remove(name: &str) -> Result<(HeaderName, HeaderValue), ApiError> {
    set(name, "", 0)
}

fn set(name: &str, value: &str, seconds: i64) -> Result<(HeaderName, HeaderValue), ApiError> {
    let cookie =
        format!("{name}={value}; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age={seconds}");
    Ok((SET_COOKIE, HeaderValue::from_str(&cookie).map_err(ApiError::internal)?))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_cookie_is_found_among_others_and_is_no_cookie_twice() {
        let mut headers = HeaderMap::new();
        headers.append(COOKIE, "a=b; __Host-countersign=xyz; c=d".parse().unwrap());
        assert_eq!(read(&headers, SESSION), Some("xyz"));
        assert_eq!(read(&headers, CEREMONY), None);
        headers.append(COOKIE, "__Host-countersign=other".parse().unwrap());
        assert_eq!(read(&headers, SESSION), None);
    }

    #[test]
    fn fault_43_the_session_is_a_host_cookie_that_no_script_reads_and_no_other_site_sends() {
        let (_, value) = session("xyz").unwrap();
        assert_eq!(
            value,
            "__Host-countersign=xyz; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=1209600"
        );
    }
}
