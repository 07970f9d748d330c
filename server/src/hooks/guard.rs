//! Where messages may go: to the public internet, and not into the network that we stand in.
//!
//! Names are judged by the addresses that the connection will use, at the moment it is made: what
//! was judged is what is connected to, whatever the name leads to a moment later.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use futures_util::future::{BoxFuture, FutureExt as _};
use reqwest::Url;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// The longest address that is kept, in bytes.
const URL_MOST: usize = 2_000;

/// Why an address is not sent to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("the address is not a web address that begins with https://")]
    Form,
    #[error("the address does not lead to a public server")]
    NotPublic,
}

/// Finds out the addresses of a name.
pub trait Lookup: Send + Sync + 'static {
    fn lookup(&self, host: String) -> BoxFuture<'static, std::io::Result<Vec<IpAddr>>>;
}

/// The machine's resolver.
pub struct SystemLookup;

impl Lookup for SystemLookup {
    fn lookup(&self, host: String) -> BoxFuture<'static, std::io::Result<Vec<IpAddr>>> {
        let look = async move {
            let found = tokio::net::lookup_host((host, 0)).await?;
            Ok(found.map(|address| address.ip()).collect())
        };
        look.boxed()
    }
}

/// Decides which addresses are sent to.
#[derive(Clone)]
pub struct Guard {
    lookup: Arc<dyn Lookup>,
    judge: fn(IpAddr) -> bool,
    plain_http: bool,
}

impl Guard {
    /// The public internet by https; with `local`, this machine too, also by plain http.
    pub fn new(local: bool) -> Self {
        let judge = if local { is_public_or_here } else { is_public };
        Self::with(Arc::new(SystemLookup), judge, local)
    }

    /// With names and a judgement of the caller's.
    pub fn with(lookup: Arc<dyn Lookup>, judge: fn(IpAddr) -> bool, plain_http: bool) -> Self {
        Self { lookup, judge, plain_http }
    }

    pub fn takes_plain_http(&self) -> bool {
        self.plain_http
    }

    /// The address, if its form is right. An address of numbers is judged here, because no
    /// resolver is asked for it; `Url` has read `0x7f.1` and `2130706433` as numbers by then.
    pub fn url(&self, text: &str) -> Result<Url, Refused> {
        let url = Url::parse(text).map_err(|_| Refused::Form)?;
        let scheme = url.scheme() == "https" || (self.plain_http && url.scheme() == "http");
        let bare = url.username().is_empty() && url.password().is_none();
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or(Refused::Form)?;
        if !scheme || !bare || url.fragment().is_some() || text.len() > URL_MOST {
            return Err(Refused::Form);
        }
        let literal = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
        match literal {
            Ok(address) if !(self.judge)(address) => Err(Refused::NotPublic),
            _ => Ok(url),
        }
    }
}

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let found = self.lookup.lookup(name.as_str().to_owned());
        let judge = self.judge;
        let resolve = async move {
            let found = found.await?;
            // One of them inside is enough: nobody means such a name.
            if found.is_empty() || !found.iter().all(|address| judge(*address)) {
                return Err(Refused::NotPublic.into());
            }
            let addresses = found.into_iter().map(|address| SocketAddr::new(address, 0));
            Ok(Box::new(addresses) as Addrs)
        };
        Box::pin(resolve)
    }
}

fn is_public_or_here(address: IpAddr) -> bool {
    address.to_canonical().is_loopback() || is_public(address)
}

/// Whether an address is one of the public internet, by the special-purpose registries of IANA
/// (RFC 6890).
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    !matches!(
        address.octets(),
        // This network, private, shared by carriers, loopback, link-local.
        [0 | 10 | 127, ..] | [100, 64..=127, ..] | [169, 254, ..] | [172, 16..=31, ..]
        | [192, 168, ..]
        // Protocol assignments, documentation, relays of 6to4, benchmarks.
        | [192, 0, 0 | 2, _] | [192, 88, 99, _] | [198, 18..=19, ..] | [198, 51, 100, _]
        | [203, 0, 113, _]
        // Multicast, reserved, broadcast.
        | [224..=255, ..]
    )
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let parts = address.segments();
    // IPv4 in other clothes is what it is inside.
    if let Some(inside) = address.to_ipv4_mapped() {
        return is_public_v4(inside);
    }
    if parts[..6] == [0x64, 0xff9b, 0, 0, 0, 0] {
        let [.., a, b, c, d] = address.octets();
        return is_public_v4(Ipv4Addr::new(a, b, c, d));
    }
    // Global unicast, without protocol assignments (Teredo among them), documentation and 6to4.
    match parts {
        [0x2001, 0..=0x1ff, ..] | [0x2001, 0xdb8, ..] | [0x2002, ..] | [0x3fff, 0..=0xfff, ..] => {
            false
        }
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests;
