#![allow(clippy::unwrap_used)]

use super::*;

fn public(text: &str) -> bool {
    is_public(text.parse().unwrap())
}

#[test]
fn fault_44_only_addresses_of_the_public_internet_are_public() {
    let inside = [
        ("0.0.0.0", "unspecified"),
        ("0.1.2.3", "this network"),
        ("10.1.2.3", "private"),
        ("100.64.0.1", "carrier-grade NAT"),
        ("100.127.255.255", "carrier-grade NAT"),
        ("127.0.0.1", "loopback"),
        ("127.8.8.8", "loopback"),
        ("169.254.169.254", "link-local: the metadata of clouds"),
        ("172.16.0.1", "private"),
        ("172.31.255.255", "private"),
        ("192.0.0.8", "protocol assignments"),
        ("192.0.2.1", "documentation"),
        ("192.88.99.1", "6to4 relays"),
        ("192.168.1.1", "private"),
        ("198.18.0.1", "benchmarks"),
        ("198.51.100.1", "documentation"),
        ("203.0.113.1", "documentation"),
        ("224.0.0.1", "multicast"),
        ("240.0.0.1", "reserved"),
        ("255.255.255.255", "broadcast"),
        ("::", "unspecified"),
        ("::1", "loopback"),
        ("::127.0.0.1", "IPv4-compatible"),
        ("::ffff:127.0.0.1", "IPv4-mapped loopback"),
        ("::ffff:169.254.169.254", "IPv4-mapped link-local"),
        ("64:ff9b::7f00:1", "NAT64 of loopback"),
        ("64:ff9b::a9fe:a9fe", "NAT64 of link-local"),
        ("64:ff9b:1::1", "local NAT64"),
        ("100::1", "discard"),
        ("2001::1", "Teredo"),
        ("2001:db8::1", "documentation"),
        ("2002:7f00:1::", "6to4 of loopback"),
        ("3fff::1", "documentation"),
        ("5f00::1", "segment routing"),
        ("fc00::1", "unique local"),
        ("fd12:3456::1", "unique local"),
        ("fe80::1", "link-local"),
        ("fec0::1", "site-local"),
        ("ff02::1", "multicast"),
    ];
    for (address, what) in inside {
        assert!(!public(address), "{address}: {what}");
    }
    for address in ["8.8.8.8", "100.128.0.1", "172.32.0.1", "2606:4700::1111", "64:ff9b::808:808"] {
        assert!(public(address), "{address}");
    }
}

#[test]
fn fault_44_an_address_of_numbers_is_refused_in_every_spelling() {
    let guard = Guard::new(false);
    for host in [
        "169.254.169.254",
        "0.0.0.0",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "0177.0.0.1",
        "017700000001",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::1]",
        "[::]",
        "[64:ff9b::7f00:1]",
        "127.0.0.1.",
        "１２７.0.0.1",
    ] {
        let url = format!("https://{host}/hook");
        assert_eq!(guard.url(&url), Err(Refused::NotPublic), "{host}");
    }
}

#[test]
fn an_address_is_https_without_credentials() {
    let guard = Guard::new(false);
    for bad in [
        "",
        "example.org",
        "http://example.org",
        "ftp://example.org",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https://me:secret@example.org/",
        "https://me@example.org/",
        "https://example.org/#part",
        "https://",
    ] {
        assert_eq!(guard.url(bad), Err(Refused::Form), "{bad}");
    }
    let long = format!("https://example.org/{}", "x".repeat(URL_MOST));
    assert_eq!(guard.url(&long), Err(Refused::Form));
    for good in ["https://example.org", "https://example.org:8443/a?b=c", "https://8.8.8.8/"] {
        assert!(guard.url(good).is_ok(), "{good}");
    }
    assert!(Guard::new(true).url("http://127.0.0.1:4400/").is_ok());
    assert_eq!(Guard::new(true).url("http://10.0.0.1/"), Err(Refused::NotPublic));
}
