//! Errors as the API speaks them: RFC 9457, with a stable code and, for input, the fields at fault.

/// A stable error code. Its text stands in the locales under `error-` and the code with hyphens.
///
/// Codes are never renamed: scripts and translations rely on them.
macro_rules! codes {
    (
        everybody { $($(#[$doc:meta])* $variant:ident = $text:literal, $title:literal;)* }
        organizers { $($(#[$odoc:meta])* $organizers:ident = $otext:literal, $otitle:literal;)* }
    ) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Code {
            $($(#[$doc])* $variant,)*
            // The widget meets none of these, and every byte of it is downloaded.
            $($(#[$odoc])* #[cfg(feature = "admin")] $organizers,)*
        }

        impl Code {
            pub const ALL: &'static [Code] = &[
                $(Code::$variant,)*
                $(#[cfg(feature = "admin")] Code::$organizers,)*
            ];

            /// The code on the wire, such as `name_missing`.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Code::$variant => $text,)*
                    $(#[cfg(feature = "admin")] Code::$organizers => $otext,)*
                }
            }

            /// A short English sentence: RFC 9457 `title`.
            pub const fn title(self) -> &'static str {
                match self {
                    $(Code::$variant => $title,)*
                    $(#[cfg(feature = "admin")] Code::$organizers => $otitle,)*
                }
            }
        }
    };
}

codes! {
    everybody {
        NameMissing = "name_missing", "Tell us your name.";
        NameTooLong = "name_too_long", "A name has at most 120 characters.";
        NameForbidden = "name_forbidden", "A name holds no control or invisible characters.";
        NameUrl = "name_url", "A name holds no web address.";
        EmailMissing = "email_missing", "Tell us your e-mail address.";
        EmailInvalid = "email_invalid", "This is not an e-mail address.";
        EmailTooLong = "email_too_long", "An e-mail address has at most 254 characters.";
        CountryMissing = "country_missing", "Choose the country you live in.";
        CountryUnknown = "country_unknown", "Give the country as an ISO 3166 two-letter code.";
        LocaleInvalid = "locale_invalid", "Give the language as a BCP 47 tag, such as en.";
        MessageTooLong = "message_too_long", "A message has at most 500 characters.";
        MessageForbidden = "message_forbidden", "A message holds no control or invisible characters.";
        FieldNotAsked = "field_not_asked", "This campaign does not ask for this field.";
        FieldTooLong = "field_too_long", "This value is too long.";
        FieldInvalid = "field_invalid", "This value has the wrong type or form.";
        FieldUnknown = "field_unknown", "This field does not exist.";
        FieldMissing = "field_missing", "This field is missing.";
        /// The umbrella of a response with `fields`.
        InvalidInput = "invalid_input", "Some fields need another look.";
        MalformedJson = "malformed_json", "The body is not valid JSON.";
        UnsupportedMediaType = "unsupported_media_type", "Send the body as application/json.";
        BodyTooLarge = "body_too_large", "The body is larger than what is taken here.";
        IdempotencyKeyInvalid = "idempotency_key_invalid", "An Idempotency-Key has 1 to 255 visible ASCII characters.";
        IdempotencyKeyReused = "idempotency_key_reused", "This Idempotency-Key was used with another body.";
        IdempotencyInFlight = "idempotency_in_flight", "A request with this Idempotency-Key is still being handled.";
        CampaignNotFound = "campaign_not_found", "There is no such campaign.";
        CampaignNotOpen = "campaign_not_open", "This campaign is not open yet.";
        CampaignClosed = "campaign_closed", "This campaign is closed.";
        OriginNotAllowed = "origin_not_allowed", "This site is not on the campaign's list of sites.";
        RenderedInvalid = "rendered_invalid", "This page is too old. Load it again.";
        RateLimited = "rate_limited", "Too many requests from this address. Try again later.";
        TooManyStreams = "too_many_streams", "Too many open streams. Poll the totals instead.";
        Busy = "busy", "The server is busy. Try again in a moment.";
        Unavailable = "unavailable", "The server cannot store pledges right now. Try again in a moment.";
        NotFound = "not_found", "There is nothing here.";
        MethodNotAllowed = "method_not_allowed", "This address does not take that method.";
        BadRequest = "bad_request", "The request cannot be understood.";
        Timeout = "timeout", "The request took too long to arrive.";
        Internal = "internal", "Something went wrong on our side.";
    }
    organizers {
        SlugTaken = "slug_taken", "There is a campaign of this name.";
        ChangedMeanwhile = "changed_meanwhile", "Somebody else has changed this meanwhile.";
        WebhookUrlRefused = "webhook_url_refused", "Give an https address that leads to a public server.";
        WebhookEventUnknown = "webhook_event_unknown", "There is no such event. There are pledge.signed, pledge.confirmed, pledge.withdrawn and goal.reached.";
        TooManyWebhooks = "too_many_webhooks", "A campaign has at most 20 webhooks.";
        Unauthorized = "unauthorized", "Sign in, or send a valid token as Authorization: Bearer.";
        Forbidden = "forbidden", "Your role may not do this. An owner of the organization can change it, under Team.";
        StateConflict = "state_conflict", "This is not possible in the state that it is in now.";
        SignInFailed = "sign_in_failed", "Address and password do not go together.";
        SignInAgain = "sign_in_again", "This needs a sign-in of the last ten minutes. Sign out, sign in, and do it again.";
        /// Sent by a page that is not ours.
        CsrfRefused = "csrf_refused", "Only our own pages may send this. Behind a proxy, --public-url must be the address that people see, and the proxy must pass on the Host header.";
        PasswordTooShort = "password_too_short", "A password has at least 12 characters.";
        PasswordTooLong = "password_too_long", "A password has at most 256 characters.";
        PasswordCommon = "password_common", "This password is among the first that others would try.";
        PasswordWrong = "password_wrong", "This is not the present password.";
        PasskeyRefused = "passkey_refused", "This passkey cannot be used here. Try another one, or sign in with your password.";
        PasskeysImpossible = "passkeys_impossible", "Passkeys need a host name and https.";
        LastOwner = "last_owner", "Somebody must remain the owner. Make somebody else an owner first.";
        LastWayIn = "last_way_in", "Without this passkey and without a password, nothing would let you in. Set a password or add another passkey first.";
        AlreadyMember = "already_member", "This address belongs to the team already. For a new way in, use the button beside the member.";
        NameTaken = "name_taken", "Something has this name already.";
    }
}

impl Code {
    /// The key of this code's text in the locales: `error-name-missing`.
    pub fn message_key(self) -> String {
        format!("error-{}", self.as_str().replace('_', "-"))
    }

    /// The code of a text from the wire.
    pub fn from_text(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.as_str() == text)
    }
}

/// What is wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "admin", derive(serde::Serialize))]
#[cfg_attr(feature = "server", derive(serde::Deserialize, utoipa::ToSchema))]
pub struct FieldError {
    /// The field's name on the wire: `email`, `consents.updates`.
    pub field: String,
    /// A stable code: [`Code::as_str`].
    pub code: String,
    /// The code's English title, for people who read the API's answers.
    pub message: String,
}

impl FieldError {
    pub fn new(field: impl Into<String>, code: Code) -> Self {
        Self {
            field: field.into(),
            code: code.as_str().to_owned(),
            message: code.title().to_owned(),
        }
    }
}

/// RFC 9457 problem details.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "admin", derive(serde::Serialize))]
#[cfg_attr(feature = "server", derive(serde::Deserialize, utoipa::ToSchema))]
pub struct Problem {
    /// `about:blank#` and the code: stable, and not a page that can vanish.
    #[cfg_attr(feature = "admin", serde(rename = "type"))]
    pub kind: String,
    pub title: String,
    /// The HTTP status, repeated.
    pub status: u16,
    /// A stable code: [`Code::as_str`].
    pub code: String,
    /// What to do, where the title does not say it.
    #[cfg_attr(feature = "admin", serde(default, skip_serializing_if = "Option::is_none"))]
    pub detail: Option<String>,
    /// For input: each field at fault.
    #[cfg_attr(feature = "admin", serde(default, skip_serializing_if = "Vec::is_empty"))]
    pub fields: Vec<FieldError>,
    /// Seconds to wait, as in Retry-After.
    #[cfg_attr(feature = "admin", serde(default, skip_serializing_if = "Option::is_none"))]
    pub retry_after: Option<u32>,
}

impl Problem {
    pub fn new(code: Code, status: u16) -> Self {
        Self {
            kind: format!("about:blank#{}", code.as_str()),
            title: code.title().to_owned(),
            status,
            code: code.as_str().to_owned(),
            detail: None,
            fields: Vec::new(),
            retry_after: None,
        }
    }
}

#[cfg(all(test, feature = "admin"))]
mod tests {
    use super::*;

    #[test]
    fn who_is_refused_hears_what_to_do() {
        for refused in [
            Code::Forbidden,
            Code::CsrfRefused,
            Code::LastOwner,
            Code::LastWayIn,
            Code::PasskeyRefused,
            Code::SignInAgain,
            Code::WebhookEventUnknown,
        ] {
            let sentences = refused.title().split(". ").count();
            assert!(sentences > 1, "{}: {}", refused.as_str(), refused.title());
        }
        for event in crate::admin::hooks::EVENTS {
            assert!(Code::WebhookEventUnknown.title().contains(event), "{event}");
        }
    }
}
