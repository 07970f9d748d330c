//! What a tool posts, and the pledge that is in it.

use countersign_shared::pledge::{Consents, Source};
use countersign_shared::{FieldError, FormFields, PledgeForm};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::http::error::ApiError;

/// OSDI's record signature helper. What we have no place for is passed over.
#[derive(serde::Deserialize, utoipa::ToSchema)]
pub struct Recorded {
    pub person: Person,
    pub identifiers: Option<Vec<String>>,
    pub origin_system: Option<String>,
    /// RFC 3339. Comes back in the answer; we keep when the signature arrived here.
    pub action_date: Option<String>,
    pub comments: Option<String>,
    pub referrer_data: Option<Referrer>,
}

/// OSDI's person.
#[derive(serde::Deserialize, utoipa::ToSchema)]
pub struct Person {
    pub given_name: Option<String>,
    pub family_name: Option<String>,
    pub email_addresses: Option<Vec<EmailAddress>>,
    pub postal_addresses: Option<Vec<PostalAddress>>,
    pub languages_spoken: Option<Vec<String>>,
}

/// The primary one is taken, or else the first.
#[derive(serde::Deserialize, utoipa::ToSchema)]
pub struct EmailAddress {
    pub primary: Option<bool>,
    pub address: Option<String>,
    /// `subscribed` means that the person wants to hear from the campaign.
    pub status: Option<String>,
}

/// The primary one is taken, or else the first. Only the country is kept.
#[derive(serde::Deserialize, utoipa::ToSchema)]
pub struct PostalAddress {
    pub primary: Option<bool>,
    pub country: Option<String>,
}

/// Where the person came from.
#[derive(serde::Deserialize, utoipa::ToSchema)]
pub struct Referrer {
    pub source: Option<String>,
    /// Who referred them. It comes back in the answer; we keep nothing about who knows whom.
    pub referrer: Option<String>,
    pub website: Option<String>,
    /// Only its host is kept; the whole comes back in the answer.
    pub url: Option<String>,
}

impl Recorded {
    /// What the tool said about the signature and we do not keep, put into the answer to it: it
    /// knows its own signature by that.
    pub(super) fn echo(self, answer: &mut Value) {
        if let Some(system) = self.origin_system {
            answer["origin_system"] = json!(system);
        }
        if let Some(at) = self.action_date.filter(|at| at.parse::<Timestamp>().is_ok()) {
            answer["action_date"] = json!(at);
        }
        if let Some(identifiers) = answer["identifiers"].as_array_mut() {
            identifiers.extend(self.identifiers.unwrap_or_default().into_iter().map(Value::from));
        }
        let said = self.referrer_data.map(|it| [("referrer", it.referrer), ("url", it.url)]);
        for (name, text) in said.into_iter().flatten() {
            if let Some(text) = text {
                answer["referrer_data"][name] = json!(text);
            }
        }
    }

    /// The form that the person would have filled in. What this campaign does not ask for is left
    /// out: the tool cannot know.
    pub(super) fn form(&self, asked: FormFields) -> PledgeForm {
        let person = &self.person;
        let email = primary(person.email_addresses.as_deref(), |it| it.primary);
        let postal = primary(person.postal_addresses.as_deref(), |it| it.primary);
        let names = [&person.given_name, &person.family_name];
        let names: Vec<&str> = names.iter().filter_map(|name| name.as_deref()).collect();
        let text = |text: Option<&String>| text.cloned().unwrap_or_default();
        let wants_news = email.and_then(|it| it.status.as_deref()) == Some("subscribed");
        PledgeForm {
            name: names.join(" "),
            email: text(email.and_then(|it| it.address.as_ref())),
            country: text(postal.and_then(|it| it.country.as_ref())),
            locale: text(person.languages_spoken.as_ref().and_then(|it| it.first())),
            public_name: false,
            message: self.comments.clone().filter(|_| asked.message),
            consents: Consents { updates: asked.updates && wants_news },
            source: self.referrer_data.as_ref().map(Referrer::source).unwrap_or_default(),
            website: None,
            rendered: None,
        }
    }
}

impl Referrer {
    fn source(&self) -> Source {
        let referrer = self.website.clone().or_else(|| self.url.clone());
        Source { utm_source: self.source.clone(), referrer, ..Source::default() }
    }
}

fn primary<T>(list: Option<&[T]>, is_primary: impl Fn(&T) -> Option<bool>) -> Option<&T> {
    let list = list?;
    list.iter().find(|it| is_primary(it) == Some(true)).or_else(|| list.first())
}

/// Faults of the form under the names that the tool knows.
pub(super) fn in_their_words(faults: Vec<FieldError>) -> ApiError {
    let renamed = faults.into_iter().map(|fault| {
        let field = match fault.field.as_str() {
            "name" => "person.given_name",
            "email" => "person.email_addresses",
            "country" => "person.postal_addresses",
            "locale" => "person.languages_spoken",
            "message" => "comments",
            other => other,
        };
        FieldError { field: field.to_owned(), ..fault }
    });
    ApiError::fields(renamed.collect())
}
