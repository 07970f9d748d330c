#![allow(clippy::unwrap_used)]

use super::*;
use http::HeaderValue;

fn client(peer: &str, headers: &[&[u8]], trusted: &[&str]) -> String {
    let mut map = HeaderMap::new();
    for value in headers {
        map.append(FORWARDED_FOR, HeaderValue::from_bytes(value).unwrap());
    }
    let trusted: Vec<IpNet> = trusted.iter().map(|net| net.parse().unwrap()).collect();
    resolve(peer.parse().unwrap(), &map, &trusted).0.to_string()
}

#[test]
fn a_forged_header_from_an_untrusted_peer_is_ignored() {
    assert_eq!(client("203.0.113.9", &[b"1.2.3.4"], &[]), "203.0.113.9");
    assert_eq!(client("203.0.113.9", &[b"1.2.3.4"], &["10.0.0.0/8"]), "203.0.113.9");
}

#[test]
fn the_first_untrusted_hop_from_the_right_is_the_client() {
    let table: &[(&[&[u8]], &str, &str)] = &[
        (&[], "10.0.0.1", "no header: the proxy itself"),
        (&[b"198.51.100.7"], "198.51.100.7", "one hop"),
        (&[b"1.1.1.1, 198.51.100.7"], "198.51.100.7", "what the client wrote itself is left alone"),
        (&[b"1.1.1.1, 198.51.100.7, 10.2.3.4"], "198.51.100.7", "inner proxies are passed over"),
        (&[b"1.1.1.1", b"198.51.100.7"], "198.51.100.7", "two headers are one list"),
        (&[b"198.51.100.7", b"10.2.3.4"], "198.51.100.7", "two headers, the last one ours"),
        (&[b"198.51.100.7,"], "198.51.100.7", "trailing comma"),
        (&[b"198.51.100.7 , ,"], "198.51.100.7", "empty hops"),
        (&[b"198.51.100.7:4711"], "198.51.100.7", "port"),
        (&[b"[2001:db8::1]:4711"], "2001:db8::1", "bracketed IPv6 with port"),
        (&[b"[2001:db8::1]"], "2001:db8::1", "bracketed IPv6"),
        (&[b"2001:db8::1"], "2001:db8::1", "bare IPv6"),
        (&[b"::ffff:198.51.100.7"], "198.51.100.7", "mapped IPv4 is IPv4"),
        (&[b"::ffff:10.9.9.9, 10.2.3.4"], "10.9.9.9", "all trusted: the farthest"),
        (&[b"198.51.100.7, garbage"], "10.0.0.1", "malformed hop: the peer"),
        (&[b"198.51.100.7, garbage, 10.2.3.4"], "10.2.3.4", "malformed: the last trusted one"),
        (&[b"198.51.100.7, unknown"], "10.0.0.1", "RFC 7239's word is no address"),
        (&[b"198.51.100.7, \xff\xfe"], "10.0.0.1", "bytes that are no text"),
        (&[b"198.51.100.7, [::1"], "10.0.0.1", "half a bracket"),
        (&[b"198.51.100.7, 10.0.0.256"], "10.0.0.1", "no such address"),
        (&[b"198.51.100.7, fe80::1%eth0"], "10.0.0.1", "zones mean nothing from afar"),
        (&[b",,,"], "10.0.0.1", "nothing but commas"),
    ];
    for (headers, expected, why) in table {
        assert_eq!(client("10.0.0.1", headers, &["10.0.0.0/8"]), *expected, "{why}");
    }
}

#[test]
fn a_trusted_proxy_may_itself_arrive_mapped() {
    assert_eq!(client("::ffff:10.0.0.1", &[b"198.51.100.7"], &["10.0.0.0/8"]), "198.51.100.7");
}

#[test]
fn a_64_shares_one_bucket_and_mapped_addresses_are_ipv4() {
    let network = |text: &str| {
        let none: &[&[u8]] = &[];
        ClientAddress(client(text, none, &[]).parse().unwrap()).network()
    };
    assert_eq!(network("2001:db8:1:2::1"), network("2001:db8:1:2:ffff:ffff:ffff:ffff"));
    assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
    assert_eq!(network("::ffff:192.0.2.1"), IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1)));
    assert_ne!(network("192.0.2.1"), network("192.0.2.2"));
}
