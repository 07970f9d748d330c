//! The limit on requests of any kind from one address, before anything is read or looked up.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::response::{IntoResponse as _, Response};
use countersign_shared::Code;
use governor::middleware::NoOpMiddleware;
use http::Request;
use tower_governor::governor::{GovernorConfig, GovernorConfigBuilder};
use tower_governor::key_extractor::KeyExtractor;
use tower_governor::{GovernorError, GovernorLayer};

use super::client_address::ClientAddress;
use super::error::ApiError;
use super::web::Web;
use crate::pledge::limit::Limit;

/// There are so many counters and no more, so that nobody can fill the memory by rotating
/// addresses; two that meet in one share it.
const COUNTERS: u64 = 1 << 20;

/// Counters that are full again are forgotten this often.
const SWEEP: Duration = Duration::from_secs(60);

/// Names a client's counter. Seeded, so that outsiders cannot choose whom to share one with.
#[derive(Clone, Debug)]
pub struct EdgeKey {
    seed: [u8; 32],
}

impl KeyExtractor for EdgeKey {
    type Key = u32;

    fn extract<T>(&self, request: &Request<T>) -> Result<u32, GovernorError> {
        let client = request.extensions().get::<ClientAddress>();
        let network = client.ok_or(GovernorError::UnableToExtractKey)?.network();
        let hash = match network {
            IpAddr::V4(address) => blake3::keyed_hash(&self.seed, &address.octets()),
            IpAddr::V6(address) => blake3::keyed_hash(&self.seed, &address.octets()),
        };
        let mut bytes = [0; 8];
        bytes.copy_from_slice(&hash.as_bytes()[..8]);
        Ok((u64::from_le_bytes(bytes) % COUNTERS) as u32)
    }
}

type Config = Arc<GovernorConfig<EdgeKey, NoOpMiddleware>>;

/// A layer of the edge.
pub type Edge = GovernorLayer<EdgeKey, NoOpMiddleware, Body>;

/// The limit for all routes together. `None` where limits are switched off for a load test.
pub fn layer(web: &Arc<Web>) -> Option<Edge> {
    if !web.app.config.rate_limit {
        return None;
    }
    let mut seed = [0; 32];
    web.app.entropy.fill(&mut seed);
    let config = config(seed)?;
    tokio::spawn(sweep(Arc::clone(&config), Arc::clone(web)));
    Some(GovernorLayer::new(config).error_handler(refuse))
}

fn config(seed: [u8; 32]) -> Option<Config> {
    let config = GovernorConfigBuilder::default()
        .period(Limit::Edge.period())
        .burst_size(Limit::Edge.burst().get())
        .key_extractor(EdgeKey { seed })
        .finish()?;
    Some(Arc::new(config))
}

fn refuse(error: GovernorError) -> Response {
    match error {
        // Whole seconds, rounded down: one more is never too early.
        GovernorError::TooManyRequests { wait_time, .. } => ApiError::new(Code::RateLimited)
            .detail(Limit::Edge.message())
            .retry_after(Duration::from_secs(wait_time + 1))
            .into_response(),
        other => ApiError::internal(other).into_response(),
    }
}

async fn sweep(config: Config, web: Arc<Web>) {
    let forever = async {
        let mut ticks = tokio::time::interval(SWEEP);
        loop {
            ticks.tick().await;
            config.limiter().retain_recent();
            config.limiter().shrink_to_fit();
        }
    };
    tokio::select! { _ = web.until_closing() => {}, () = forever => {} }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::net::Ipv6Addr;

    use super::*;

    fn from(address: Ipv6Addr) -> Request<()> {
        let mut request = Request::new(());
        request.extensions_mut().insert(ClientAddress(IpAddr::V6(address)));
        request
    }

    #[test]
    fn fault_28_a_million_keys_memory_capped_at_the_edge() {
        let seed = [7; 32];
        let (config, key) = (config(seed).unwrap(), EdgeKey { seed });
        let network = |number: u128| Ipv6Addr::from_bits((0x2600 << 112) | (number << 64));
        for number in 0..1_500_000 {
            let key = key.extract(&from(network(number))).unwrap();
            let _ = config.limiter().check_key(&key);
        }
        let counters = config.limiter().len() as u64;
        assert!((COUNTERS / 2..=COUNTERS).contains(&counters), "{counters}");
    }

    #[test]
    fn fault_28_rotation_within_a_64_one_bucket_at_the_edge() {
        let key = EdgeKey { seed: [7; 32] };
        let of = |address: &str| key.extract(&from(address.parse().unwrap())).unwrap();
        assert_eq!(of("2001:db8::1"), of("2001:db8::ffff:2"));
        assert_ne!(of("2001:db8::1"), of("2001:db8:0:1::1"));
        assert!(key.extract(&Request::new(())).is_err(), "no address, no key");
    }
}
