//! One message to one receiver.

use std::error::Error as _;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use jiff::Timestamp;
use reqwest::redirect::Policy;
use reqwest::{Client, Response, header};
use rustls::{ClientConfig, RootCertStore};
use standardwebhooks::{HEADER_WEBHOOK_ID, HEADER_WEBHOOK_SIGNATURE, HEADER_WEBHOOK_TIMESTAMP};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::guard::{Guard, Refused};

/// A receiver that takes longer has not taken it.
const PATIENCE: Duration = Duration::from_secs(10);

/// So much of an answer is read, so that its connection can be used again; nothing of it is kept.
const ANSWER_MOST: usize = 64 * 1024;

/// So many messages are on their way at once, over all receivers that take them.
const AT_ONCE: usize = 64;
/// Of those, so many to one receiver.
pub(super) const AT_ONCE_EACH: usize = 16;

/// Receivers whose last round failed have places of their own, and few: those that hang hold up each
/// other, and nobody else.
const FAILING: usize = 16;
const FAILING_EACH: usize = 2;

/// Why a message did not arrive. Says nothing that the receiver said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    #[error(transparent)]
    Refused(#[from] Refused),
    /// 410: nobody wants it any more.
    #[error("the receiver answered 410: it is gone for good")]
    Gone,
    #[error("the receiver answered {0}, a redirect, which is not followed")]
    Redirect(u16),
    #[error("the receiver answered {0}")]
    Status(u16),
    #[error("the receiver did not answer within ten seconds")]
    TimedOut,
    #[error("the receiver could not be reached")]
    Unreachable,
    #[error("its secret does not open with this server's key: make the webhook anew")]
    Secret,
}

impl SendError {
    pub(super) fn status(&self) -> Option<u16> {
        match self {
            Self::Gone => Some(410),
            Self::Redirect(status) | Self::Status(status) => Some(*status),
            _ => None,
        }
    }

    /// Whether trying again is of no use: the webhook is switched off.
    pub(super) fn is_final(&self) -> bool {
        matches!(self, Self::Gone | Self::Secret)
    }
}

/// Sends messages to where the guard lets them.
pub struct Sender {
    client: Client,
    guard: Guard,
    places: Arc<Semaphore>,
    failing: Arc<Semaphore>,
}

/// For as many messages on their way to one receiver. Each is given back when its message is done.
pub(super) struct Places {
    pub(super) held: Vec<OwnedSemaphorePermit>,
    /// Somebody else had them for a while.
    pub(super) waited: bool,
}

impl Sender {
    /// # Errors
    /// Where TLS cannot be set up.
    pub fn new(guard: Guard) -> anyhow::Result<Self> {
        let client = Client::builder()
            .tls_backend_preconfigured(tls()?)
            .dns_resolver(Arc::new(guard.clone()))
            // A proxy would look up names in our stead, and a redirect would lead around the guard.
            .no_proxy()
            .redirect(Policy::none())
            .https_only(!guard.takes_plain_http())
            .timeout(PATIENCE)
            .user_agent(concat!("Countersign/", env!("CARGO_PKG_VERSION")))
            .build()?;
        let (places, failing) = (Semaphore::new(AT_ONCE), Semaphore::new(FAILING));
        Ok(Self { client, guard, places: Arc::new(places), failing: Arc::new(failing) })
    }

    pub(super) fn guard(&self) -> &Guard {
        &self.guard
    }

    /// At least one place, once it is free, and as many as are free then, up to what one receiver
    /// may have.
    pub(super) async fn places(&self, is_failing: bool) -> Places {
        let (pool, most) = match is_failing {
            true => (&self.failing, FAILING_EACH),
            false => (&self.places, AT_ONCE_EACH),
        };
        let free = || Arc::clone(pool).try_acquire_owned().ok();
        let mut held: Vec<_> = std::iter::from_fn(free).take(most).collect();
        let waited = held.is_empty();
        if waited {
            held.extend(Arc::clone(pool).acquire_owned().await);
            held.extend(std::iter::from_fn(free).take(most - 1));
        }
        Places { held, waited }
    }

    /// The status of an answer that says that it was taken.
    pub async fn send(
        &self,
        url: &str,
        id: &str,
        at: Timestamp,
        signature: &str,
        payload: &str,
    ) -> Result<u16, SendError> {
        let url = self.guard.url(url)?;
        let request = self
            .client
            .post(url)
            .header(header::CONTENT_TYPE, "application/json")
            .header(HEADER_WEBHOOK_ID, id)
            .header(HEADER_WEBHOOK_TIMESTAMP, at.as_second())
            .header(HEADER_WEBHOOK_SIGNATURE, signature)
            .body(payload.to_owned());
        let answer = request.send().await.map_err(|error| explain(&error))?;
        let status = answer.status();
        read_some(answer).await;
        match status.as_u16() {
            taken if status.is_success() => Ok(taken),
            410 => Err(SendError::Gone),
            other if status.is_redirection() => Err(SendError::Redirect(other)),
            other => Err(SendError::Status(other)),
        }
    }
}

/// The status has said everything; a body that goes on and on costs its connection.
async fn read_some(answer: Response) {
    let (mut chunks, mut length) = (answer.bytes_stream(), 0);
    while let Some(Ok(chunk)) = chunks.next().await {
        length += chunk.len();
        if length > ANSWER_MOST {
            return;
        }
    }
}

fn explain(error: &reqwest::Error) -> SendError {
    let mut cause = error.source();
    while let Some(inner) = cause {
        if let Some(refused) = inner.downcast_ref::<Refused>() {
            return SendError::Refused(*refused);
        }
        cause = inner.source();
    }
    if error.is_timeout() { SendError::TimedOut } else { SendError::Unreachable }
}

/// The certificates of Mozilla's list, inside the binary: a container may have none.
fn tls() -> anyhow::Result<ClientConfig> {
    let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    Ok(ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth())
}

#[cfg(test)]
mod tests;
