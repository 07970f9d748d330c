//! What every proxy must do, asked through it.

use reqwest::{Client, Response};
use serde_json::{Value, json};

use crate::proxy::Proxy;
use crate::site::{BURST, Site, person, visitor};

const CAMPAIGN: &str = "/api/v1/campaigns/example";
const KIB: usize = 1024;
const MIB: usize = 1024 * KIB;

/// The first frame of the totals comes at once, and so does each that follows.
pub async fn streams_at_once(proxy: &Proxy) {
    let page = proxy.visitor(visitor(9));
    let stream = page.get(proxy.url(&format!("{CAMPAIGN}/stream"))).send().await.unwrap();
    assert_eq!(stream.status(), 200);
    assert_eq!(stream.headers()["content-type"], "text/event-stream");
    let mut frames = Frames { stream, text: String::new() };
    assert_eq!(frames.next().await["total"], 0);
    for number in 1..=3 {
        assert_eq!(sign(proxy, &proxy.visitor(visitor(9)), number, None).await, 201);
        while frames.next().await["total"] != number {}
    }
}

/// The limits see the visitor and not the proxy, whatever the visitor says of themselves.
pub async fn knows_visitors_by_their_address(proxy: &Proxy) {
    let (one, other) = (proxy.visitor(visitor(2)), proxy.visitor(visitor(3)));
    for number in 0..BURST {
        let elsewhere = format!("203.0.113.{number}");
        assert_eq!(sign(proxy, &one, number, Some(&elsewhere)).await, 201, "{number}");
    }
    for hearsay in [None, Some("203.0.113.77"), Some("127.0.0.1"), Some("203.0.113.78, 127.0.0.3")]
    {
        assert_eq!(sign(proxy, &one, BURST, hearsay).await, 429, "{hearsay:?}");
    }
    assert_eq!(
        sign(proxy, &other, BURST, None).await,
        201,
        "another visitor has limits of their own"
    );
}

/// A pledge and an organizer's file have as much room as is written, and the server has a word about
/// what is a little more. `refusals` are how the proxy says no.
pub async fn takes_as_much_as_it_says(site: &Site, proxy: &Proxy, refusals: &[u16]) {
    let who = proxy.visitor(visitor(4));
    let pledge = |size: usize| {
        let request = who.post(proxy.url(&format!("{CAMPAIGN}/pledges")));
        request.header("content-type", "application/json").body(padded(&person(0), size))
    };
    let taken = pledge(63 * KIB).send().await.unwrap();
    assert_eq!(taken.status(), 201, "white space is no fault");
    for _ in 0..5 {
        let refused = pledge(65 * KIB).send().await.unwrap();
        assert!(refusals.contains(&refused.status().as_u16()), "{refused:?}");
    }
    // Nobody else has to suffer for it: the node is not taken for a dead one.
    let page = proxy.visitor(visitor(7)).get(proxy.url("/c/example")).send().await.unwrap();
    assert_eq!(page.status(), 200);

    let file = json!({ "label": "x" });
    let import = |size: usize| {
        let request = who.post(proxy.url("/api/v1/admin/campaigns/example/imports"));
        let request = request.bearer_auth(&site.token).header("content-type", "application/json");
        request.body(padded(&file, size))
    };
    let said = import(MIB).send().await.unwrap();
    assert_eq!(said.status(), 422, "the server has read all of it");
    let said = import(20 * MIB + KIB).send().await.unwrap();
    assert_eq!(said.status(), 413);
    assert_eq!(said.headers()["content-type"], "application/problem+json", "in the server's words");
    // Beyond that the connection may end before all of it is sent.
    if let Ok(said) = import(22 * MIB).send().await {
        assert!(refusals.contains(&said.status().as_u16()), "{said:?}");
        let kind = said.headers().get("content-type").map(|kind| kind.as_bytes().to_vec());
        assert_ne!(kind.as_deref(), Some(&b"application/problem+json"[..]), "in the proxy's words");
    }
}

/// What is for those who run the server is not to be had from outside; other pages are, with TLS.
pub async fn shows_what_is_public(site: &Site, proxy: &Proxy) {
    let visitor = proxy.visitor(visitor(5));
    assert!(site.node.is_ready().await);
    let ask = async |path: &str| visitor.get(proxy.url(path)).send().await.unwrap();
    assert_eq!(ask("/readyz").await.status(), 404);
    let page = ask("/c/example").await;
    assert_eq!(page.status(), 200);
    assert_eq!(page.headers()["strict-transport-security"], "max-age=31536000");
    assert_eq!(ask(&format!("{CAMPAIGN}/totals")).await.status(), 200);
    let plain = visitor.get(format!("http://{}/c/example", proxy.http));
    let plain = plain.header("host", crate::site::HOST).send().await.unwrap();
    assert_eq!(plain.status(), 308);
    let to = plain.headers()["location"].to_str().unwrap();
    assert!(to.starts_with(&format!("https://{}", crate::site::HOST)), "{to}");
}

/// The status of the answer.
async fn sign(proxy: &Proxy, who: &Client, number: usize, hearsay: Option<&str>) -> u16 {
    let mut request = who.post(proxy.url(&format!("{CAMPAIGN}/pledges"))).json(&person(number));
    if let Some(address) = hearsay {
        request = request.header("x-forwarded-for", address).header("x-real-ip", address);
        request = request.header("forwarded", format!("for={address}"));
    }
    request.send().await.unwrap().status().as_u16()
}

/// The same JSON, with so many bytes.
fn padded(value: &Value, size: usize) -> Vec<u8> {
    let mut text = value.to_string().into_bytes();
    text.resize(size, b' ');
    text
}

struct Frames {
    stream: Response,
    text: String,
}

impl Frames {
    async fn next(&mut self) -> Value {
        loop {
            if let Some((line, rest)) = self.text.split_once('\n') {
                let data =
                    line.strip_prefix("data: ").map(|data| serde_json::from_str(data).unwrap());
                self.text = rest.to_owned();
                match data {
                    Some(data) => return data,
                    None => continue,
                }
            }
            let piece = self.stream.chunk().await.unwrap().expect("the stream goes on");
            self.text.push_str(std::str::from_utf8(&piece).unwrap());
        }
    }
}
