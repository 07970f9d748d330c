//! A JSON body, or a clear account of what is wrong with it.

use std::sync::Arc;

use axum::extract::{FromRequest, Request};
use countersign_shared::{Code, FieldError};
use http::{HeaderMap, header};
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::error::Category;

use super::body;
use super::error::ApiError;
use super::web::Web;

/// A body of type `application/json` that is one object of the shape `T`.
pub struct Json<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Arc<Web>> for Json<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, web: &Arc<Web>) -> Result<Self, ApiError> {
        if !is_json(request.headers()) {
            return Err(ApiError::new(Code::UnsupportedMediaType));
        }
        let bytes = body::read(request.into_body(), web.settings.body_deadline).await?;
        parse(&bytes).map(Json)
    }
}

/// The same for a file of up to 20 MiB, which has twelve times as long to arrive.
pub struct LargeJson<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Arc<Web>> for LargeJson<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, web: &Arc<Web>) -> Result<Self, ApiError> {
        if !is_json(request.headers()) {
            return Err(ApiError::new(Code::UnsupportedMediaType));
        }
        let deadline = web.settings.body_deadline * 12;
        let bytes = body::read_up_to(body::FILE_LIMIT, request.into_body(), deadline).await?;
        parse(&bytes).map(Self)
    }
}

/// `application/json`, or the HAL that OSDI speaks, with parameters or without. A browser sends this
/// across origins only after
/// asking, which `text/plain` would get around.
fn is_json(headers: &HeaderMap) -> bool {
    let value = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = value.and_then(|value| value.split(';').next()).unwrap_or_default();
    ["application/json", "application/hal+json"]
        .iter()
        .any(|json| essence.trim().eq_ignore_ascii_case(json))
}

/// The object that a body holds.
///
/// Errors: 400 for what is no JSON, 422 with the field for what has another shape.
pub fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ApiError> {
    // serde takes a list for a struct, field by field; the contract does not.
    if bytes.trim_ascii_start().first() != Some(&b'{') {
        let readable = serde_json::from_slice::<IgnoredAny>(bytes);
        readable.map_err(|error| explain(&error, ""))?;
        return Err(ApiError::fields(vec![FieldError::new("", Code::FieldInvalid)]));
    }
    let mut input = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut input).map_err(|error| {
        let path = error.path().to_string();
        explain(error.inner(), &path)
    })?;
    input.end().map_err(|error| explain(&error, ""))?;
    Ok(value)
}

fn explain(error: &serde_json::Error, path: &str) -> ApiError {
    if error.classify() != Category::Data {
        let place = format!("Line {}, column {}.", error.line(), error.column());
        return ApiError::new(Code::MalformedJson).detail(place);
    }
    // serde tells its kinds of error apart in words only; the words have been stable for years,
    // and where they change, the test below says so.
    let text = error.to_string();
    let named = text.split('`').nth(1).unwrap_or_default();
    let (code, field) = if text.starts_with("unknown field") {
        (Code::FieldUnknown, join(path, named))
    } else if text.starts_with("missing field") {
        (Code::FieldMissing, join(path, named))
    } else if text.starts_with("duplicate field") {
        (Code::FieldInvalid, join(path, named))
    } else {
        (Code::FieldInvalid, if path == "." { String::new() } else { path.to_owned() })
    };
    // A name the client made up is answered, but not at any length.
    let field = field.chars().take(100).collect::<String>();
    ApiError::fields(vec![FieldError::new(field, code)])
}

/// The field's full name. The path may already end in it.
fn join(path: &str, field: &str) -> String {
    if path.is_empty() || path == "." || path == "?" {
        return field.to_owned();
    }
    let path = path.trim_end_matches(".?");
    match path == field || path.ends_with(&format!(".{field}")) {
        true => path.to_owned(),
        false => format!("{path}.{field}"),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use countersign_shared::PledgeForm;

    fn fault(body: &str) -> (Code, String, String) {
        let error = parse::<PledgeForm>(body.as_bytes()).unwrap_err();
        let problem = error.problem();
        let field = problem.fields.first();
        let (name, code) =
            field.map_or((String::new(), String::new()), |f| (f.field.clone(), f.code.clone()));
        (error.code(), name, code)
    }

    #[test]
    fn what_has_another_shape_names_its_field() {
        let table = [
            (r#"{"nmae":"x"}"#, "nmae", "field_unknown"),
            (r#"{"consents":{"spam":true}}"#, "consents.spam", "field_unknown"),
            (r#"{"name":"a","name":"b"}"#, "name", "field_invalid"),
            (
                r#"{"consents":{"updates":true,"updates":false}}"#,
                "consents.updates",
                "field_invalid",
            ),
            (r#"{"name":7}"#, "name", "field_invalid"),
            (r#"{"consents":{"updates":"yes"}}"#, "consents.updates", "field_invalid"),
            (r#"{"consents":null}"#, "consents", "field_invalid"),
            (r#"["a","b"]"#, "", "field_invalid"),
            ("null", "", "field_invalid"),
        ];
        for (body, field, code) in table {
            let expected = (Code::InvalidInput, field.to_owned(), code.to_owned());
            assert_eq!(fault(body), expected, "{body}");
        }
    }

    #[test]
    fn what_is_no_json_is_malformed() {
        let deep = "[".repeat(100_000);
        let deep_list = format!("{deep}{}", "]".repeat(100_000));
        let deep_field = format!("{{\"message\":{}", "{\"a\":".repeat(100_000));
        for body in ["", "{", "{}x", "{\"name\":}", "\u{0}", &deep] {
            assert_eq!(fault(body).0, Code::MalformedJson, "{}", &body[..body.len().min(20)]);
        }
        assert_eq!(fault(&deep_list).0, Code::InvalidInput);
        assert_eq!(fault(&deep_field).0, Code::InvalidInput);
        assert!(parse::<PledgeForm>(b"{\"name\":\"\xff\"}").is_err());
    }

    #[test]
    fn the_content_type_is_json_whatever_its_parameters() {
        let mut headers = HeaderMap::new();
        for (value, expected) in [
            ("application/json", true),
            ("Application/JSON; charset=utf-8", true),
            ("application/hal+json", true),
            ("text/plain", false),
            ("application/jsonp", false),
        ] {
            headers.insert(header::CONTENT_TYPE, value.parse().unwrap());
            assert_eq!(is_json(&headers), expected, "{value}");
        }
    }
}
