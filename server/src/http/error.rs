//! The only place where an error becomes a status code.

use std::time::Duration;

use axum::response::{IntoResponse, Response};
use countersign_shared::{Code, FieldError, Problem};
use http::{HeaderValue, StatusCode, header};

use crate::organizer::Refusal;
use crate::pledge::Rejected;
use crate::pledge::limit::Limit;
use crate::store::StoreError;
use crate::supporters::act::ActError;

/// The media type of RFC 9457.
pub const PROBLEM_JSON: &str = "application/problem+json";

/// How long a client waits after an error that passes by itself.
const SOON: Duration = Duration::from_secs(2);

/// What a handler answers when it cannot do what was asked.
///
/// The cause goes to the log, never to the client.
#[derive(Debug)]
pub struct ApiError {
    code: Code,
    detail: Option<String>,
    fields: Vec<FieldError>,
    retry_after: Option<Duration>,
    cause: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl ApiError {
    pub fn new(code: Code) -> Self {
        Self { code, detail: None, fields: Vec::new(), retry_after: None, cause: None }
    }

    /// Says what to do. Never holds what the client sent: answers end up in logs.
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    pub fn retry_after(mut self, wait: Duration) -> Self {
        self.retry_after = Some(wait);
        self
    }

    /// Some fields of the input are wrong.
    pub fn fields(fields: Vec<FieldError>) -> Self {
        Self { fields, ..Self::new(Code::InvalidInput) }
    }

    /// A fault of ours. Nothing of `cause` reaches the client.
    pub fn internal(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self { cause: Some(cause.into()), ..Self::new(Code::Internal) }
    }

    pub fn code(&self) -> Code {
        self.code
    }

    pub fn status(&self) -> StatusCode {
        status(self.code)
    }

    /// The body of the answer.
    pub fn problem(&self) -> Problem {
        let mut problem = Problem::new(self.code, self.status().as_u16());
        problem.detail.clone_from(&self.detail);
        problem.fields.clone_from(&self.fields);
        problem.retry_after = self.retry_after.map(whole_seconds);
        problem
    }

    /// Says once, at the boundary, why a request failed on our side.
    pub fn log(&self) {
        if let Some(cause) = &self.cause {
            tracing::error!(code = self.code.as_str(), cause = %chain(cause.as_ref()), "failed");
        }
    }
}

/// Rounded up, so that a client that obeys is not a moment too early; at least one.
fn whole_seconds(wait: Duration) -> u32 {
    u32::try_from(wait.as_millis().div_ceil(1000)).unwrap_or(u32::MAX).max(1)
}

fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}

/// The status of each code: the whole mapping.
fn status(code: Code) -> StatusCode {
    match code {
        Code::NameMissing
        | Code::NameTooLong
        | Code::NameForbidden
        | Code::NameUrl
        | Code::EmailMissing
        | Code::EmailInvalid
        | Code::EmailTooLong
        | Code::CountryMissing
        | Code::CountryUnknown
        | Code::LocaleInvalid
        | Code::MessageTooLong
        | Code::MessageForbidden
        | Code::FieldNotAsked
        | Code::FieldTooLong
        | Code::FieldInvalid
        | Code::FieldUnknown
        | Code::FieldMissing
        | Code::WebhookUrlRefused
        | Code::WebhookEventUnknown
        | Code::InvalidInput
        | Code::RenderedInvalid
        | Code::PasswordTooShort
        | Code::PasswordTooLong
        | Code::PasswordCommon
        | Code::PasswordWrong
        | Code::PasskeyRefused
        | Code::AlreadyMember
        | Code::NameTaken
        | Code::IdempotencyKeyReused => StatusCode::UNPROCESSABLE_ENTITY,
        Code::MalformedJson | Code::IdempotencyKeyInvalid | Code::BadRequest => {
            StatusCode::BAD_REQUEST
        }
        Code::Unauthorized | Code::SignInFailed => StatusCode::UNAUTHORIZED,
        Code::OriginNotAllowed | Code::Forbidden | Code::CsrfRefused | Code::SignInAgain => {
            StatusCode::FORBIDDEN
        }
        Code::CampaignNotFound | Code::NotFound => StatusCode::NOT_FOUND,
        Code::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
        Code::Timeout => StatusCode::REQUEST_TIMEOUT,
        Code::IdempotencyInFlight
        | Code::CampaignNotOpen
        | Code::CampaignClosed
        | Code::SlugTaken
        | Code::ChangedMeanwhile
        | Code::StateConflict
        | Code::TooManyWebhooks
        | Code::PasskeysImpossible
        | Code::LastOwner
        | Code::LastWayIn => StatusCode::CONFLICT,
        Code::BodyTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Code::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        Code::RateLimited | Code::TooManyStreams => StatusCode::TOO_MANY_REQUESTS,
        Code::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        Code::Busy | Code::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
    }
}

impl From<Rejected> for ApiError {
    fn from(rejected: Rejected) -> Self {
        match rejected {
            Rejected::NotYetOpen => Self::new(Code::CampaignNotOpen),
            Rejected::Closed => Self::new(Code::CampaignClosed),
            Rejected::KeyReused => Self::new(Code::IdempotencyKeyReused),
            Rejected::RenderedInvalid => Self::new(Code::RenderedInvalid),
            Rejected::RateLimited { retry_after } => {
                Self::new(Code::RateLimited).retry_after(retry_after)
            }
            Rejected::Busy { retry_after } => Self::new(Code::Busy).retry_after(retry_after),
            Rejected::Unavailable { retry_after } => {
                Self::new(Code::Unavailable).retry_after(retry_after)
            }
        }
    }
}

impl From<ActError> for ApiError {
    fn from(error: ActError) -> Self {
        match error {
            ActError::NotFound => Self::new(Code::NotFound),
            ActError::NotFromHere => Self::new(Code::StateConflict),
            ActError::Fields(fields) => Self::fields(fields),
            ActError::Store(error) => error.into(),
            ActError::Sealed => Self::internal(error),
        }
    }
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Store(error) => error.into(),
            Refusal::Code(code) => Self::new(code),
            Refusal::Field(field, code) => Self::fields(vec![FieldError::new(field, code)]),
            Refusal::RateLimited { retry_after } => Self::new(Code::RateLimited)
                .detail(Limit::SignInsByAddress.message())
                .retry_after(retry_after),
            Refusal::Internal(cause) => Self::internal(cause),
        }
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(_) => Self {
                retry_after: Some(SOON),
                cause: Some(Box::new(error)),
                ..Self::new(Code::Unavailable)
            },
            StoreError::UnknownCampaign => Self::new(Code::CampaignNotFound),
            StoreError::NewerSchema(_) | StoreError::Refused(_) | StoreError::Broken(_) => {
                Self::internal(error)
            }
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        self.log();
        let status = self.status();
        let problem = self.problem();
        let body = serde_json::to_vec(&problem).unwrap_or_default();
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = problem.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        // Routes that serve pages turn the problem into one.
        response.extensions_mut().insert(problem);
        response
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn every_code_is_an_error_and_a_wait_is_at_least_a_second() {
        for code in Code::ALL {
            let status = status(*code);
            assert!(status.is_client_error() || status.is_server_error(), "{code:?}");
        }
        let answer = ApiError::new(Code::RateLimited).retry_after(Duration::ZERO).into_response();
        assert_eq!(answer.headers()[header::RETRY_AFTER], "1");
        let answer = ApiError::new(Code::Busy).retry_after(Duration::from_millis(1001));
        assert_eq!(answer.into_response().headers()[header::RETRY_AFTER], "2");
    }

    #[test]
    fn the_cause_of_a_500_stays_inside() {
        let answer = ApiError::internal("table pledge_person is on fire").problem();
        let text = serde_json::to_string(&answer).unwrap();
        assert!(!text.contains("fire"), "{text}");
    }
}
