//! From what was typed to what is stored: a [`PledgeForm`] parses into a [`Pledge`] or says
//! everything that is wrong with it at once.

use crate::{
    Code, Country, Email, FieldError, FormFields, Locale, Message, PersonName, domain, unicode,
};

/// What a form sends, before anything is believed.
#[derive(Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[cfg_attr(
    feature = "admin",
    derive(serde::Serialize, serde::Deserialize),
    serde(deny_unknown_fields)
)]
pub struct PledgeForm {
    #[cfg_attr(feature = "admin", serde(default))]
    pub name: String,
    #[cfg_attr(feature = "admin", serde(default))]
    pub email: String,
    /// ISO 3166-1 alpha-2.
    #[cfg_attr(feature = "admin", serde(default))]
    pub country: String,
    /// BCP 47; empty means the campaign's default.
    #[cfg_attr(feature = "admin", serde(default))]
    pub locale: String,
    /// Whether the name may be shown in public.
    #[cfg_attr(feature = "admin", serde(default))]
    pub public_name: bool,
    #[cfg_attr(feature = "admin", serde(default, skip_serializing_if = "Option::is_none"))]
    pub message: Option<String>,
    #[cfg_attr(feature = "admin", serde(default))]
    pub consents: Consents,
    #[cfg_attr(feature = "admin", serde(default))]
    pub source: Source,
    /// The honeypot: people do not see it, robots fill it.
    #[cfg_attr(feature = "admin", serde(default, skip_serializing_if = "Option::is_none"))]
    pub website: Option<String>,
    /// The signed time stamp that came with the page.
    #[cfg_attr(feature = "admin", serde(default, skip_serializing_if = "Option::is_none"))]
    pub rendered: Option<String>,
}

crate::text::hidden_debug!(PledgeForm);

/// What the person agreed to, beyond being counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[cfg_attr(
    feature = "admin",
    derive(serde::Serialize, serde::Deserialize),
    serde(deny_unknown_fields, default)
)]
pub struct Consents {
    /// To be told by e-mail when there is a way to act.
    pub updates: bool,
}

/// Where the person came from: whitelisted, short, no identifiers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[cfg_attr(
    feature = "admin",
    derive(serde::Serialize, serde::Deserialize),
    serde(deny_unknown_fields, default)
)]
pub struct Source {
    #[cfg_attr(feature = "admin", serde(skip_serializing_if = "Option::is_none"))]
    pub utm_source: Option<String>,
    #[cfg_attr(feature = "admin", serde(skip_serializing_if = "Option::is_none"))]
    pub utm_medium: Option<String>,
    #[cfg_attr(feature = "admin", serde(skip_serializing_if = "Option::is_none"))]
    pub utm_campaign: Option<String>,
    /// The host name of the page that led here; the path is dropped.
    #[cfg_attr(feature = "admin", serde(skip_serializing_if = "Option::is_none"))]
    pub referrer: Option<String>,
}

/// A pledge that keeps every rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pledge {
    pub name: PersonName,
    pub email: Email,
    pub country: Country,
    /// `None` where the form left it to the campaign.
    pub locale: Option<Locale>,
    pub public_name: bool,
    pub message: Option<Message>,
    pub updates: bool,
    pub source: Source,
}

impl PledgeForm {
    /// Parses every field and returns every error, in the order in which the form shows the fields.
    ///
    /// `asked` says which optional fields this campaign's form has; others must be absent, empty or
    /// false. `website` and `rendered` are the server's to judge. What is wrong with [`Source`] is
    /// dropped, not refused: it is no fault of the person who signs.
    ///
    /// # Errors
    /// One [`FieldError`] a field at fault.
    pub fn parse(&self, asked: FormFields) -> Result<Pledge, Vec<FieldError>> {
        let mut errors = Errors(Vec::new());
        let name = errors.keep("name", PersonName::parse(&self.name));
        let email = errors.keep("email", Email::parse(&self.email));
        let country = errors.keep("country", capped(&self.country).and_then(Country::parse));
        let message = match self.message.as_deref() {
            None => None,
            Some(raw) if asked.message => {
                errors.keep("message", Message::parse_optional(raw)).flatten()
            }
            Some(raw) => {
                errors.check("message", Code::FieldNotAsked, raw.trim().is_empty());
                None
            }
        };
        let unasked = Code::FieldNotAsked;
        errors.check("public_name", unasked, asked.public_name || !self.public_name);
        errors.check("consents.updates", unasked, asked.updates || !self.consents.updates);
        let locale = match self.locale.trim() {
            "" => None,
            tag => errors.keep("locale", capped(tag).and_then(Locale::parse)),
        };
        match (name, email, country) {
            (Some(name), Some(email), Some(country)) if errors.0.is_empty() => Ok(Pledge {
                name,
                email,
                country,
                locale,
                public_name: self.public_name,
                message,
                updates: self.consents.updates,
                source: self.source.cleaned(),
            }),
            _ => Err(errors.0),
        }
    }
}

/// No country code or language tag comes near this, in bytes.
const MAX_CODE: usize = 256;

fn capped(raw: &str) -> Result<&str, Code> {
    if raw.len() > MAX_CODE { Err(Code::FieldTooLong) } else { Ok(raw) }
}

struct Errors(Vec<FieldError>);

impl Errors {
    fn keep<T>(&mut self, field: &str, parsed: Result<T, Code>) -> Option<T> {
        parsed.map_err(|code| self.0.push(FieldError::new(field, code))).ok()
    }

    fn check(&mut self, field: &str, code: Code, fits: bool) {
        if !fits {
            self.0.push(FieldError::new(field, code));
        }
    }
}

impl Source {
    /// The `utm_source` of links that supporters pass on.
    pub const SHARED: &'static str = "share";

    /// The longest value that is kept, in characters.
    pub const MAX: usize = 100;

    /// Only what is safe to store, to show and to put in a link; the rest becomes `None`.
    pub fn cleaned(&self) -> Self {
        Self {
            utm_source: self.utm_source.as_deref().and_then(clean),
            utm_medium: self.utm_medium.as_deref().and_then(clean),
            utm_campaign: self.utm_campaign.as_deref().and_then(clean),
            referrer: self.referrer.as_deref().and_then(host),
        }
    }
}

fn clean(raw: &str) -> Option<String> {
    // A character takes at most four bytes; what is longer is not looked at.
    if raw.len() > 4 * Source::MAX {
        return None;
    }
    let text = raw.trim();
    // A scheme, or a path that a link would follow to another host.
    let leads_away = text.contains([':', '\\']) || text.contains("//");
    let fits = !text.is_empty()
        && text.chars().count() <= Source::MAX
        && !text.chars().any(unicode::is_invisible)
        && !leads_away;
    fits.then(|| text.to_owned())
}

/// The host name of a web address, or a host name as it stands, in ASCII and lower case.
fn host(raw: &str) -> Option<String> {
    let raw = raw.trim();
    if raw.len() > 8 * 1024 || raw.chars().any(unicode::is_invisible) {
        return None;
    }
    let rest = match raw.split_once("://") {
        Some((scheme, rest)) => {
            let is_web = ["http", "https"].iter().any(|web| scheme.eq_ignore_ascii_case(web));
            is_web.then_some(rest)?
        }
        None => raw,
    };
    let authority = rest.split(['/', '?', '#', '\\']).next()?;
    let host = authority.rsplit('@').next()?;
    let host = match host.split_once(':') {
        Some((host, port)) => port.bytes().all(|b| b.is_ascii_digit()).then_some(host)?,
        None => host,
    };
    domain::to_ascii(host)
}

#[cfg(test)]
mod tests;
