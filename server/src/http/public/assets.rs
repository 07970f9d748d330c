//! What browsers load: scripts, styles and WebAssembly, out of the binary.

use axum::extract::Path;
use axum::response::{IntoResponse as _, Response};
use countersign_shared::Code;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};

use super::totals::is_current;
use crate::assets::{Asset, files};
use crate::http::error::ApiError;

/// The name carries a hash of the content: another content has another name.
const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// The loader's name stays, so browsers ask again after five minutes, and show the old one while
/// they do.
const SHORT: HeaderValue =
    HeaderValue::from_static("public, max-age=300, stale-while-revalidate=86400");

/// The path of the file `STEM-HASH.ENDING`. `None` in a build without it.
pub fn path(stem: &str, ending: &str) -> Option<String> {
    let file = files().iter().find(|file| {
        let rest = file.name.strip_prefix(stem).and_then(|rest| rest.strip_prefix('-'));
        rest.and_then(|rest| rest.strip_suffix(ending)).is_some_and(|rest| rest.ends_with('.'))
    })?;
    Some(format!("/assets/{}", file.name))
}

/// `GET /assets/{file}`.
pub async fn hashed(Path(name): Path<String>, headers: HeaderMap) -> Result<Response, ApiError> {
    let file = files().iter().find(|file| file.name == name && file.name.contains('-'));
    let file = file.ok_or_else(|| ApiError::new(Code::NotFound))?;
    Ok(serve(file, &headers, FOREVER))
}

/// `GET /embed.js`.
pub async fn embed_js(headers: HeaderMap) -> Result<Response, ApiError> {
    let file = files().iter().find(|file| file.name == "embed.js");
    let file = file.ok_or_else(|| ApiError::new(Code::NotFound))?;
    Ok(serve(file, &headers, SHORT))
}

fn serve(file: &'static Asset, headers: &HeaderMap, caching: HeaderValue) -> Response {
    let brotli = file.brotli.filter(|_| accepts_brotli(headers));
    // The two encodings are two representations, so they have two tags.
    let etag = match brotli {
        Some(_) => format!("\"{}-br\"", file.hash),
        None => format!("\"{}\"", file.hash),
    };
    let tag = HeaderValue::from_str(&etag).unwrap_or(HeaderValue::from_static("\"\""));
    let vary = HeaderValue::from_static("Accept-Encoding");
    let common = [(header::ETAG, tag), (header::CACHE_CONTROL, caching), (header::VARY, vary)];
    if is_current(headers, &etag) {
        return (StatusCode::NOT_MODIFIED, common).into_response();
    }
    let kind: [(HeaderName, HeaderValue); 1] =
        [(header::CONTENT_TYPE, HeaderValue::from_static(media_type(file.name)))];
    match brotli {
        Some(bytes) => {
            let encoding = [(header::CONTENT_ENCODING, HeaderValue::from_static("br"))];
            (common, kind, encoding, bytes).into_response()
        }
        None => (common, kind, file.bytes).into_response(),
    }
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json") => "application/json",
        Some("wasm") => "application/wasm",
        _ => "application/octet-stream",
    }
}

/// `br` is named, and not with a weight of zero.
fn accepts_brotli(headers: &HeaderMap) -> bool {
    headers
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|coding| {
            let mut parts = coding.split(';').map(str::trim);
            let name = parts.next().unwrap_or_default();
            let weight = parts.find_map(|part| part.strip_prefix("q="));
            name.eq_ignore_ascii_case("br")
                && weight.is_none_or(|weight| weight.parse::<f32>().is_ok_and(|q| q > 0.0))
        })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn brotli_is_sent_only_to_those_who_ask_for_it() {
        for (accepted, expected) in [
            ("gzip, deflate, br, zstd", true),
            ("br;q=0.5", true),
            ("gzip;q=1, br;q=0", false),
            ("gzip", false),
            ("brx", false),
            ("", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, accepted.parse().unwrap());
            assert_eq!(accepts_brotli(&headers), expected, "{accepted}");
        }
    }
}
