//! Whose request it is, and how many of them there may be.

use futures_util::future::join_all;

use crate::harness::{Answer, Change as _, HOST, Server, Setup, campaign, person};

/// A server on which one address signs five times, then once a minute.
async fn strict(trusted_proxies: Vec<&'static str>) -> Server {
    let campaigns = vec![campaign("example").strictly_limited()];
    let setup = Setup { campaigns, trusted_proxies, rate_limit: true, ..Setup::default() };
    Server::with(setup).await
}

/// Signs as the next person, with these X-Forwarded-For headers.
async fn sign_from(server: &Server, n: usize, forwarded: &[&str]) -> Answer {
    let headers: Vec<_> = forwarded.iter().map(|value| ("x-forwarded-for", *value)).collect();
    server.sign_with(&person(&format!("p{n}@example.org")), &headers).await
}

#[tokio::test]
async fn fault_27_forged_x_forwarded_for_from_an_untrusted_peer_ignored() {
    let server = strict(vec![]).await;
    for n in 0..5 {
        sign_from(&server, n, &[&format!("203.0.113.{n}")]).await.assert_taken();
    }
    let sixth = sign_from(&server, 5, &["203.0.113.99"]).await;
    sixth.assert_problem(429, "rate_limited");
}

#[tokio::test]
async fn fault_27_two_such_headers_malformed_hop_port_v6_trailing_comma_first_untrusted_hop_from_the_right()
 {
    let server = strict(vec!["127.0.0.0/8", "10.0.0.0/8"]).await;
    // Five ways to say one client, however it dresses the rest up.
    let same_client: [&[&str]; 5] = [
        &["203.0.113.7"],
        &["198.51.100.1, 203.0.113.7:4711"],
        &["198.51.100.2", "203.0.113.7"],
        &["203.0.113.7, 10.1.2.3,"],
        &["203.0.113.7", "10.1.2.3"],
    ];
    for (n, forwarded) in same_client.iter().enumerate() {
        sign_from(&server, n, forwarded).await.assert_taken();
    }
    sign_from(&server, 5, &["198.51.100.3, 203.0.113.7"]).await.assert_problem(429, "rate_limited");
    sign_from(&server, 6, &["203.0.113.8"]).await.assert_taken();
    sign_from(&server, 7, &["[2001:db8::7]:4711"]).await.assert_taken();
    // A hop that cannot be read: the peer, and none of what stands before it.
    for n in 10..15 {
        sign_from(&server, n, &[&format!("192.0.2.{n}, garbage")]).await.assert_taken();
    }
    sign_from(&server, 15, &["192.0.2.99, nonsense"]).await.assert_problem(429, "rate_limited");
}

#[tokio::test]
async fn fault_28_ipv6_rotation_within_a_64_one_bucket() {
    let server = strict(vec!["127.0.0.0/8"]).await;
    for n in 0..5 {
        sign_from(&server, n, &[&format!("2001:db8:1:2:{n}::{n}")]).await.assert_taken();
    }
    sign_from(&server, 5, &["2001:db8:1:2:ffff::1"]).await.assert_problem(429, "rate_limited");
    sign_from(&server, 6, &["2001:db8:1:3::1"]).await.assert_taken();
}

#[tokio::test]
async fn fault_28_mapped_a_b_c_d_is_ipv4() {
    let server = strict(vec!["127.0.0.0/8"]).await;
    for n in 0..5 {
        let address = ["203.0.113.7", "::ffff:203.0.113.7"][n % 2];
        sign_from(&server, n, &[address]).await.assert_taken();
    }
    sign_from(&server, 5, &["::ffff:203.0.113.7"]).await.assert_problem(429, "rate_limited");
    sign_from(&server, 6, &["203.0.113.7"]).await.assert_problem(429, "rate_limited");
    sign_from(&server, 7, &["::ffff:203.0.113.8"]).await.assert_taken();
}

#[tokio::test]
async fn fault_29_429_problem_json_with_cors_headers_and_retry_after_of_at_least_1() {
    let server = strict(vec![]).await;
    for n in 0..5 {
        server
            .sign_with(&person(&format!("p{n}@example.org")), &[("origin", HOST)])
            .await
            .assert_taken();
    }
    let limited = server.sign_with(&person("late@example.org"), &[("origin", HOST)]).await;
    let problem = limited.assert_problem(429, "rate_limited");
    assert_eq!(limited.header("access-control-allow-origin"), HOST);
    assert!(limited.header("access-control-expose-headers").contains("Retry-After"));
    assert_eq!(problem["retry_after"].to_string(), limited.header("retry-after"));
    assert_eq!(server.total().await, 5);
}

#[tokio::test]
async fn fault_29_429_at_the_edge_too_and_health_is_exempt() {
    let server = strict(vec![]).await;
    let path = "/api/v1/campaigns/example/totals";
    let answers = join_all((0..600).map(|_| server.get_with(path, &[("origin", HOST)]))).await;
    let limited: Vec<_> = answers.iter().filter(|answer| answer.status != 200).collect();
    assert!(!limited.is_empty(), "600 at once are too many");
    for answer in limited {
        answer.assert_problem(429, "rate_limited");
        assert_eq!(answer.header("access-control-allow-origin"), "*");
    }
    let pledge = server.sign_with(&person("late@example.org"), &[("origin", HOST)]).await;
    if pledge.status == 429 {
        assert_eq!(pledge.header("access-control-allow-origin"), HOST);
    }
    for _ in 0..20 {
        assert_eq!(server.get("/healthz").await.status, 200);
        assert_eq!(server.get("/readyz").await.status, 200);
    }
}
