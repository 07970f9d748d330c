//! The description of the API is reviewed, and true.

use std::path::Path;

use serde_json::Value;

use crate::harness::Server;

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

#[tokio::test]
async fn the_description_is_the_reviewed_snapshot() {
    let server = Server::start().await;
    let document = server.get("/openapi.json").await.json();
    let text = serde_json::to_string_pretty(&document).unwrap() + "\n";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.json");
    if std::env::var_os("COUNTERSIGN_UPDATE_OPENAPI").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let reviewed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        reviewed == text,
        "the API changed: run this test with COUNTERSIGN_UPDATE_OPENAPI=1 and review the \
         difference in server/openapi.json"
    );
}

#[tokio::test]
async fn every_path_of_the_description_exists_and_takes_its_method() {
    let server = Server::start().await;
    let document = server.get("/openapi.json").await.json();
    assert_eq!(document["openapi"], "3.1.0");
    let paths = document["paths"].as_object().unwrap();
    assert!(paths.len() >= 10, "{paths:?}");
    for (path, operations) in paths {
        let real = path.replace("{slug}", "example").replace("{locale}", "en");
        for method in METHODS.iter().filter(|method| operations.get(method).is_some()) {
            let method = method.to_uppercase().parse().unwrap();
            let request = server.client.request(method, format!("{}{real}", server.url));
            let status = request.send().await.unwrap().status().as_u16();
            // A guessed invitation is not there, and open data is nowhere while it is off.
            let meant = path.contains("{token}") || path.contains("/open-data.");
            let known = ![404, 405, 500].contains(&status);
            assert!(known || (meant && status == 404), "{path}: {status}");
        }
    }
}

#[tokio::test]
async fn every_reference_of_the_description_leads_somewhere() {
    let server = Server::start().await;
    let document = server.get("/openapi.json").await.json();
    fn references<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
        match value {
            Value::Object(map) => {
                found.extend(map.get("$ref").and_then(Value::as_str));
                map.values().for_each(|value| references(value, found));
            }
            Value::Array(values) => values.iter().for_each(|value| references(value, found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    references(&document, &mut found);
    assert!(!found.is_empty());
    for reference in found {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{reference}");
    }
}

#[tokio::test]
async fn people_can_read_it_without_any_other_server() {
    let server = Server::start().await;
    let page = server.get("/docs").await;
    assert_eq!(page.status, 200);
    assert!(page.text.contains("/api/v1/campaigns/{slug}/pledges"));
    assert!(!page.text.contains("<script"), "it needs none");
    for part in ["src=", "href=\"http", "url(", "@import"] {
        assert!(!page.text.contains(part), "{part}");
    }
}
