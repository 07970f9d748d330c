//! Whose request this is: the peer, or, behind trusted proxies, who they say it is.
//!
//! X-Forwarded-For can be written by anyone, so it is believed only as far as trusted proxies wrote
//! it: read from the right, the first hop that is not one of ours is the client.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Once;

use axum::extract::{FromRequestParts, Request};
use http::request::Parts;
use http::{HeaderMap, HeaderName};
use ipnet::IpNet;

use super::error::ApiError;
use super::web::Web;
use crate::pledge::limit::network;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The other end of the TCP connection. The accept loop puts it on every request.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub SocketAddr);

/// The client's address; IPv4 even where it arrived mapped into IPv6.
///
/// Personal data: it is hashed or counted, never logged or stored.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

impl ClientAddress {
    /// Who shares a limit with this client: see [`network`].
    pub fn network(self) -> IpAddr {
        network(self.0)
    }
}

/// Reads the client's address off a request that came from `peer`.
pub fn resolve(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> ClientAddress {
    let is_trusted = |address: &IpAddr| trusted.iter().any(|net| net.contains(address));
    let mut nearest = peer.to_canonical();
    if !is_trusted(&nearest) {
        return ClientAddress(nearest);
    }
    // Several headers are one list (RFC 9110, section 5.3), the last header's hops the nearest.
    let values: Vec<_> = headers.get_all(FORWARDED_FOR).iter().collect();
    let hops = values.iter().rev().flat_map(|value| value.as_bytes().rsplit(|byte| *byte == b','));
    for hop in hops {
        let hop = hop.trim_ascii();
        if hop.is_empty() {
            continue;
        }
        // What stands left of a hop that cannot be read is hearsay.
        let Some(address) = std::str::from_utf8(hop).ok().and_then(parse_hop) else { break };
        nearest = address;
        if !is_trusted(&address) {
            break;
        }
    }
    ClientAddress(nearest)
}

/// `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1`, `[2001:db8::1]`, `[2001:db8::1]:80`.
fn parse_hop(hop: &str) -> Option<IpAddr> {
    let bracketed = || hop.strip_prefix('[')?.strip_suffix(']')?.parse::<Ipv6Addr>().ok();
    let address = hop
        .parse::<IpAddr>()
        .ok()
        .or_else(|| hop.parse::<SocketAddr>().ok().map(|socket| socket.ip()))
        .or_else(|| bracketed().map(IpAddr::V6))?;
    Some(address.to_canonical())
}

/// Works out the address once a request, for the limits and for whoever extracts it.
pub fn note(web: &Web, request: &mut Request) {
    static IGNORED: Once = Once::new();
    let peer = request.extensions().get::<Peer>().map_or(unspecified(), |peer| peer.0.ip());
    let trusted = &web.app.config.trusted_proxies;
    let client = resolve(peer, request.headers(), trusted);
    if trusted.is_empty() && request.headers().contains_key(FORWARDED_FOR) {
        IGNORED.call_once(|| {
            tracing::warn!(
                "X-Forwarded-For is ignored: no trusted proxies are set. \
                 Behind a proxy, set COUNTERSIGN_TRUSTED_PROXIES, or all people share one limit."
            );
        });
    }
    request.extensions_mut().insert(client);
}

fn unspecified() -> IpAddr {
    IpAddr::V4(Ipv4Addr::UNSPECIFIED)
}

impl<S: Send + Sync> FromRequestParts<S> for ClientAddress {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let address = parts.extensions.get::<Self>().copied();
        address.ok_or_else(|| ApiError::internal("the client address layer is missing"))
    }
}

#[cfg(test)]
#[path = "client_address_tests.rs"]
mod tests;
