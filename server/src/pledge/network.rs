//! The block of addresses that a pledge is kept with: near enough to find a flood, too wide to
//! find a person.

use std::net::IpAddr;

use ipnet::IpNet;

/// What one provider hands to one neighbourhood (IPv4).
const V4: u8 = 24;
/// What one provider hands to one site (RFC 6177).
const V6: u8 = 48;

/// `203.0.113.0/24` or `2001:db8:1::/48`. An IPv4 address inside an IPv6 one is IPv4.
pub fn network(address: IpAddr) -> IpNet {
    let address = address.to_canonical();
    let length = if address.is_ipv4() { V4 } else { V6 };
    IpNet::new_assert(address, length).trunc()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::network;

    #[test]
    fn an_address_is_known_by_its_block() {
        for (address, block) in [
            ("203.0.113.77", "203.0.113.0/24"),
            ("::ffff:203.0.113.77", "203.0.113.0/24"),
            ("2001:db8:1:2::3", "2001:db8:1::/48"),
        ] {
            assert_eq!(network(address.parse().unwrap()).to_string(), block, "{address}");
        }
    }
}
