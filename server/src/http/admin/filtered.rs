//! A filter in a query string: lists and exports take the same one.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use countersign_shared::admin::supporters::SupporterFilter;
use countersign_shared::{Code, FieldError};
use http::request::Parts;

use crate::http::error::ApiError;
use crate::http::web::Web;
use crate::organizer::{Caller, Permission};
use crate::supporters::Filter;

/// The fields of [`SupporterFilter`] by name; other parameters are somebody else's. Refused where
/// it asks for personal data that the caller may not see: what is found would tell.
pub struct Filtered {
    pub filter: Filter,
    /// As it was given, for the audit log: names of the fields only, without what was looked for.
    pub asked: Vec<&'static str>,
}

impl FromRequestParts<Arc<Web>> for Filtered {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, web: &Arc<Web>) -> Result<Self, ApiError> {
        let caller = Caller::from_request_parts(parts, web).await?;
        let (raw, asked) = read(parts.uri.query().unwrap_or_default()).map_err(ApiError::fields)?;
        let filter = Filter::parse(&raw).map_err(ApiError::fields)?;
        if !filter.personal().is_empty() && !caller.may(Permission::SeePeople) {
            return Err(ApiError::new(Code::Forbidden));
        }
        Ok(Self { filter, asked })
    }
}

fn read(query: &str) -> Result<(SupporterFilter, Vec<&'static str>), Vec<FieldError>> {
    let mut raw = SupporterFilter::default();
    let (mut asked, mut errors) = (Vec::new(), Vec::new());
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        let mut choice = |name| match &*value {
            "true" => Some(true),
            "false" => Some(false),
            _ => {
                errors.push(FieldError::new(name, Code::FieldInvalid));
                None
            }
        };
        let text = || Some(value.clone().into_owned());
        let name = match &*name {
            _ if value.is_empty() => continue,
            "q" => (raw.q = text(), "q").1,
            "state" => (raw.state = text(), "state").1,
            "country" => (raw.country = text(), "country").1,
            "channel" => (raw.channel = text(), "channel").1,
            "updates" => (raw.updates = choice("updates"), "updates").1,
            "suspicious" => (raw.suspicious = choice("suspicious"), "suspicious").1,
            "from" => (raw.from = text(), "from").1,
            "to" => (raw.to = text(), "to").1,
            "domain" => (raw.domain = text(), "domain").1,
            "network" => (raw.network = text(), "network").1,
            "pattern" => (raw.pattern = text(), "pattern").1,
            _ => continue,
        };
        asked.push(name);
    }
    if errors.is_empty() { Ok((raw, asked)) } else { Err(errors) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::read;

    #[test]
    fn every_field_of_a_filter_is_read_and_others_are_left_alone() {
        let names =
            ["q", "state", "country", "channel", "from", "to", "domain", "network", "pattern"];
        let query: Vec<_> = names.iter().map(|name| format!("{name}={name}%20x")).collect();
        let query = format!("after=1&{}&updates=true&suspicious=false&limit=2", query.join("&"));
        let (raw, asked) = read(&query).unwrap();
        assert_eq!(asked.len(), names.len() + 2);
        let value = serde_json::to_value(&raw).unwrap();
        for name in names {
            assert_eq!(value[name], format!("{name} x"), "{name}");
        }
        assert_eq!((raw.updates, raw.suspicious), (Some(true), Some(false)));
        assert_eq!(value.as_object().unwrap().len(), asked.len(), "a field that is not read");
        assert!(read("updates=perhaps").is_err());
        assert!(read("updates=&q=").unwrap().1.is_empty());
    }
}
