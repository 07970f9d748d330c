//! Whole pages: everything that stands in them escaped, everything they may load named.

use std::fmt;

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;

use super::web::Web;

/// Text between tags or between double quotes: nothing in it opens a tag or closes an attribute.
pub struct Escaped<'a>(pub &'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for part in self.0.split_inclusive(['&', '<', '>', '"', '\'']) {
            let (text, special) = match part.char_indices().next_back() {
                Some((at, '&')) => (&part[..at], "&amp;"),
                Some((at, '<')) => (&part[..at], "&lt;"),
                Some((at, '>')) => (&part[..at], "&gt;"),
                Some((at, '"')) => (&part[..at], "&quot;"),
                Some((at, '\'')) => (&part[..at], "&#39;"),
                _ => (part, ""),
            };
            f.write_str(text)?;
            f.write_str(special)?;
        }
        Ok(())
    }
}

/// JSON that may stand in a `<script type="application/json">`: nothing in it ends the element.
pub fn script_json(value: &impl Serialize) -> Result<String, serde_json::Error> {
    let json = serde_json::to_string(value)?;
    Ok(json
        .replace('<', "\\u003c")
        .replace('>', "\\u003e")
        .replace('&', "\\u0026")
        .replace('\u{2028}', "\\u2028")
        .replace('\u{2029}', "\\u2029"))
}

/// Who may show a page in a frame.
#[derive(Debug, PartialEq, Eq)]
pub enum Framing {
    Nobody,
    /// Sources for `frame-ancestors`, checked when the campaign was.
    Sites(Vec<String>),
    Anybody,
}

impl fmt::Display for Framing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Anybody => f.write_str("*"),
            Self::Sites(sites) if !sites.is_empty() => f.write_str(&sites.join(" ")),
            Self::Sites(_) | Self::Nobody => f.write_str("'none'"),
        }
    }
}

/// A whole HTML document. `head` and `body` are markup already; the rest is escaped here.
pub struct Page {
    pub status: StatusCode,
    pub lang: String,
    pub dir: String,
    pub title: String,
    pub head: String,
    pub body: String,
    /// Allows the one `<style>` of the head that carries it.
    pub nonce: String,
    pub framing: Framing,
}

impl Page {
    /// An English page that nobody frames and that loads nothing.
    pub fn plain(web: &Web, title: impl Into<String>, body: impl Into<String>) -> Self {
        Self {
            status: StatusCode::OK,
            lang: "en".to_owned(),
            dir: "ltr".to_owned(),
            title: title.into(),
            head: String::new(),
            body: body.into(),
            nonce: web.random_id(),
            framing: Framing::Nobody,
        }
    }

    /// Loads from the server alone. Its public address is named beside 'self', because a sandboxed
    /// frame has no self, and because a page may be reached by another name than the public one.
    fn policy(&self, web: &Web) -> String {
        let (server, nonce, framing) = (&web.app.config.public_url, &self.nonce, &self.framing);
        format!(
            "default-src 'none'; script-src 'self' {server} 'wasm-unsafe-eval'; \
             style-src 'self' {server} 'nonce-{nonce}'; connect-src 'self' {server}; \
             img-src 'self' data:; form-action 'self' {server}; base-uri 'none'; \
             frame-ancestors {framing}"
        )
    }

    /// The answer. Never stored: it carries a stamp of when it was rendered.
    pub fn respond(self, web: &Web) -> Response {
        let (lang, dir, title) = (Escaped(&self.lang), Escaped(&self.dir), Escaped(&self.title));
        let (head, body) = (&self.head, &self.body);
        let html = format!(
            "<!doctype html>\n<html lang=\"{lang}\" dir=\"{dir}\">\n<head>\n\
             <meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n\
             <link rel=\"icon\" href=\"data:,\">\n\
             <title>{title}</title>\n{head}</head>\n<body>\n{body}</body>\n</html>\n"
        );
        let mut response = (self.status, html).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        // A policy that cannot be said is no reason to do without one.
        let policy = HeaderValue::from_str(&self.policy(web))
            .unwrap_or(HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"));
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
        response
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn nothing_in_a_text_opens_a_tag_or_leaves_an_attribute() {
        let nasty = "<script>alert('x')</script>\" onload=\"&amp;é";
        let safe = "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&quot; onload=&quot;&amp;amp;é";
        assert_eq!(Escaped(nasty).to_string(), safe);
        assert_eq!(Escaped("").to_string(), "");
    }

    #[test]
    fn nothing_in_the_state_ends_its_element() {
        let json = script_json(&["</script><!--", "a&b"]).unwrap();
        assert!(!json.contains('<') && !json.contains('>') && !json.contains('&'), "{json}");
        assert_eq!(serde_json::from_str::<Vec<String>>(&json).unwrap()[0], "</script><!--");
    }

    #[test]
    fn an_empty_list_frames_nowhere() {
        assert_eq!(Framing::Sites(vec![]).to_string(), "'none'");
        assert_eq!(Framing::Nobody.to_string(), "'none'");
        assert_eq!(Framing::Anybody.to_string(), "*");
    }
}
