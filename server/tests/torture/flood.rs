//! A flood of addresses and keys, each of which comes once.

use std::net::SocketAddr;
use std::ops::Range;

use countersign_bench::node::Node;
use countersign_bench::wire::Wire;
use tokio::task::JoinSet;

use crate::dice::repeated;
use crate::turn;
use crate::world::{SLUG, World};

/// So many at once.
const CONNECTIONS: u64 = 8;
/// What a server needs once is there after so many.
const WARM_UP: u64 = 5_000;
const ADDRESSES: u64 = 20_000;
/// Bytes that an address may cost: two counters in tables that may be half empty.
const EACH: u64 = 256;

/// That there are no more than a million counters, whatever comes, is a test beside each limit: so
/// many addresses would take too long here. This one sees that nothing else on the way of a request
/// keeps what was sent.
#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn fault_28_a_flood_of_addresses_and_keys_costs_a_few_bytes_each() {
    let _turn = turn::together().await;
    repeated(flooded).await;
}

async fn flooded() {
    let world = World::sqlite();
    let setup = world.setup.clone().env("COUNTERSIGN_RATE_LIMIT", "on");
    let node = setup.env("COUNTERSIGN_TRUSTED_PROXIES", "127.0.0.1/32").start().await.unwrap();
    flood(&node, 0..WARM_UP).await;
    let before = node.usage().unwrap().resident;
    flood(&node, WARM_UP..WARM_UP + ADDRESSES).await;
    let each = node.usage().unwrap().resident.saturating_sub(before) / ADDRESSES;
    println!("{each} bytes for each of {ADDRESSES} addresses; {before} bytes before");
    assert!(each < EACH, "{each} bytes for each address");
}

/// A request from each of these /64, all through one proxy, with a key of its own.
async fn flood(node: &Node, numbers: Range<u64>) {
    let (address, share) = (node.address, (numbers.end - numbers.start) / CONNECTIONS);
    let mut visitors = JoinSet::new();
    for part in 0..CONNECTIONS {
        let from = numbers.start + part * share;
        visitors.spawn(come(address, from..from + share));
    }
    visitors.join_all().await;
}

/// Those that the server ends a connection for come over the next.
async fn come(address: SocketAddr, numbers: Range<u64>) {
    let mut wire = Wire::connect(address).await.unwrap();
    for number in numbers {
        let answer = wire.exchange(&request(address, number)).await.unwrap();
        let wanted = if number.is_multiple_of(2) { 204 } else { 422 };
        assert_eq!(answer.status, wanted, "the limits let it pass");
        if answer.closes {
            wire = Wire::connect(address).await.unwrap();
        }
    }
}

/// Somebody sees the page, or sends what is no pledge.
fn request(address: SocketAddr, number: u64) -> Vec<u8> {
    let (high, low) = (number >> 16, number & 0xffff);
    let (what, body) =
        if number.is_multiple_of(2) { ("events", r#"{"kind":"seen"}"#) } else { ("pledges", "{}") };
    let length = body.len();
    format!(
        "POST /api/v1/campaigns/{SLUG}/{what} HTTP/1.1\r\nhost: {address}\r\n\
         x-forwarded-for: 2001:db8:{high:x}:{low:x}::1\r\nidempotency-key: flood-{number}\r\n\
         content-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
    )
    .into_bytes()
}
