//! Tools that speak the Open Supporter Data Interface.

use countersign::clock::Clock as _;
use serde_json::{Value, json};

use crate::harness::{Answer, Server, Setup, campaign, person};

const GIVEN: &str = include_str!("../data/osdi/record_signature.json");
const ANSWER: &str = include_str!("../data/osdi/signature.json");
const PETITION: &str = "/api/v1/osdi/petitions/example";

pub fn given() -> Value {
    serde_json::from_str(GIVEN).unwrap()
}

async fn post(server: &Server, headers: &[(&str, &str)], body: &Value) -> Answer {
    let json = ("content-type", "application/json");
    let path = format!("{PETITION}/record_signature_helper");
    server.post(&path, body.to_string().into_bytes(), &[&[json], headers].concat()).await
}

async fn get(server: &Server, path: &str) -> Answer {
    let token = server.token().await;
    server.get_with(path, &[("osdi-api-token", &token)]).await
}

#[tokio::test]
async fn the_specifications_own_request_is_a_signature() {
    let server = Server::start().await;
    let token = server.token().await;
    let answer = post(&server, &[("OSDI-API-Token", &token)], &given()).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(answer.header("content-type"), "application/hal+json");
    let signature = answer.json();
    assert_eq!(signature["comments"], "Support our campaign!");
    assert_eq!(signature["origin_system"], "OpenSupporter");
    assert_eq!(
        signature["referrer_data"],
        json!({
            "source": "facebook-101016-mainpage",
            "referrer": "jane-doe",
            "website": "facebook.com",
            "url": "https://facebook.com/posts/12345",
        })
    );
    let identifiers = signature["identifiers"].as_array().unwrap();
    assert!(identifiers.contains(&json!("foreign_system:1")));
    assert!(identifiers[0].as_str().unwrap().starts_with("countersign:"));
    let link = |name: &str| signature["_links"][name]["href"].as_str().unwrap().to_owned();
    assert_eq!(link("osdi:petition"), format!("{}{PETITION}", server.url));
    // When it was made comes back; when it was stored is when it arrived.
    assert_eq!(signature["action_date"], "2014-03-18T11:02:15Z");
    assert_eq!(signature["created_date"], server.clock.now().to_string());
    // Both lead to what is stored.
    let (own, person) = (link("self"), link("osdi:person"));
    let stored = get(&server, &own.replace(&server.url, "")).await.json();
    assert_eq!(stored["_links"], signature["_links"]);
    assert_eq!(stored["comments"], "Support our campaign!");
    let person = get(&server, &person.replace(&server.url, "")).await.json();
    assert_eq!(person, signature["_embedded"]["osdi:person"]);
    assert_eq!(person["email_addresses"][0]["address"], "test-3@example.com");
    assert_eq!(
        (&person["given_name"], &person["family_name"]),
        (&json!("Labadie"), &json!("Edwin"))
    );
    assert_eq!(server.total().await, 1);
    let row = server.rows().await.remove(0);
    assert_eq!((&row["name"], &row["country"]), (&json!("Labadie Edwin"), &json!("RU")));
    assert_eq!((&row["email"], &row["updates"]), (&json!("test-3@example.com"), &json!(false)));
    assert_eq!(row["message"], "Support our campaign!");
    assert_eq!(row["utm_source"], "facebook-101016-mainpage");
    assert_eq!(row["referrer"], "facebook.com");
}

/// Every field of the specification's own answer is in ours, as it is or as a link of ours.
#[tokio::test]
async fn the_specifications_own_answer_has_nothing_that_ours_lacks() {
    let server = Server::start().await;
    let token = server.token().await;
    let ours = post(&server, &[("OSDI-API-Token", &token)], &given()).await.json();
    let theirs: Value = serde_json::from_str(ANSWER).unwrap();
    for (name, value) in theirs.as_object().unwrap() {
        assert!(!ours[name].is_null(), "{name}");
        if ["action_date", "origin_system", "comments"].contains(&name.as_str()) {
            assert_eq!(&ours[name], value, "{name}");
        }
    }
    for link in theirs["_links"].as_object().unwrap().keys() {
        assert!(ours["_links"][link]["href"].is_string(), "{link}");
    }
}

#[tokio::test]
async fn a_request_that_is_sent_again_with_its_key_has_the_effect_and_the_answer_of_one() {
    let server = Server::start().await;
    let token = server.token().await;
    let headers = [("OSDI-API-Token", token.as_str()), ("Idempotency-Key", "signature-17")];
    let first = post(&server, &headers, &given()).await;
    server.clock.advance_ms(60_000);
    let again = post(&server, &headers, &given()).await;
    assert_eq!((again.status, again.json()), (200, first.json()));
    let mut other = given();
    other["person"]["given_name"] = json!("Somebody else");
    post(&server, &headers, &other).await.assert_problem(422, "idempotency_key_reused");
    let bad = [headers[0], ("Idempotency-Key", "a b")];
    post(&server, &bad, &given()).await.assert_problem(400, "idempotency_key_invalid");
    assert_eq!(server.total().await, 1);
}

#[tokio::test]
async fn a_tool_whose_signature_is_there_already_gets_the_one_that_is_stored() {
    let server = Server::start().await;
    let mut first = person("test-3@example.com");
    first["message"] = json!("From the page");
    let receipt = server.sign(&first).await.assert_taken();
    let signed_at = server.clock.now().to_string();
    server.clock.advance_ms(60_000);
    let token = server.token().await;
    let answer = post(&server, &[("OSDI-API-Token", &token)], &given()).await.json();
    let id = server.rows().await[0]["id"].clone();
    assert_eq!(
        answer["identifiers"],
        json!([format!("countersign:{id}"), format!("countersign:{receipt}")])
    );
    assert_eq!(
        (&answer["created_date"], &answer["action_date"]),
        (&json!(signed_at), &json!(signed_at))
    );
    assert_eq!(
        (&answer["comments"], &answer["origin_system"]),
        (&json!("From the page"), &json!("Countersign"))
    );
    assert_eq!(answer["_embedded"]["osdi:person"]["given_name"], "Amina");
    assert_eq!(answer["countersign:state"], "counted");
    let own = answer["_links"]["self"]["href"].as_str().unwrap().replace(&server.url, "");
    assert_eq!(get(&server, &own).await.json(), answer);
    for nowhere in ["signatures/999999", "people/999999", "signatures/x"] {
        get(&server, &format!("{PETITION}/{nowhere}")).await.assert_problem(404, "not_found");
    }
}

#[tokio::test]
async fn a_second_signature_by_the_same_mailbox_adds_nothing_whichever_way_it_comes() {
    let server = Server::start().await;
    let bearer = format!("Bearer {}", server.token().await);
    let by_token = [("authorization", bearer.as_str())];
    for _ in 0..2 {
        assert_eq!(post(&server, &by_token, &given()).await.status, 200);
    }
    server.sign(&person("TEST-3@example.com")).await.assert_taken();
    assert_eq!(server.total().await, 1);
    assert_eq!(server.rows().await.len(), 1);
}

#[tokio::test]
async fn a_tool_meets_neither_the_rules_for_browsers_nor_the_limit_of_an_address() {
    let mut asks_for_stamp = campaign("example");
    asks_for_stamp.require_rendered = true;
    let setup = Setup { campaigns: vec![asks_for_stamp], rate_limit: true, ..Setup::default() };
    let server = Server::with(setup).await;
    let token = server.token().await;
    for n in 0..12 {
        let mut body = given();
        body["person"]["email_addresses"][0]["address"] = json!(format!("p{n}@example.org"));
        let answer = post(&server, &[("OSDI-API-Token", &token)], &body).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
    }
    assert_eq!(server.total().await, 12);
}

#[tokio::test]
async fn faults_have_the_names_that_the_tool_knows() {
    let server = Server::start().await;
    let token = server.token().await;
    let answer = post(&server, &[("OSDI-API-Token", &token)], &json!({ "person": {} })).await;
    answer.assert_fields(&[
        "person.given_name",
        "person.email_addresses",
        "person.postal_addresses",
    ]);
    let answer = post(&server, &[("OSDI-API-Token", &token)], &json!({})).await;
    answer.assert_fields(&["person"]);
    for headers in [&[][..], &[("OSDI-API-Token", "cs_x")], &[("OSDI-API-Token", "")]] {
        post(&server, headers, &given()).await.assert_problem(401, "unauthorized");
    }
    assert_eq!(server.total().await, 0);
}

#[tokio::test]
async fn what_a_campaign_does_not_ask_for_is_left_out_and_a_subscription_is_kept() {
    let mut plain = campaign("example");
    plain.fields.message = false;
    let server = Server::with(Setup { campaigns: vec![plain], ..Setup::default() }).await;
    let token = server.token().await;
    let mut body = given();
    body["person"]["email_addresses"] = json!([
        { "address": "second@example.org" },
        { "address": "first@example.org", "primary": true, "status": "subscribed" },
    ]);
    body["person"]["languages_spoken"] = json!(["fr"]);
    let answer = post(&server, &[("OSDI-API-Token", &token)], &body).await;
    assert_eq!((answer.status, &answer.json()["comments"]), (200, &json!(null)));
    let row = server.rows().await.remove(0);
    assert_eq!((&row["email"], &row["updates"]), (&json!("first@example.org"), &json!(true)));
    assert_eq!((&row["locale"], &row["message"]), (&json!("fr"), &json!(null)));
}

#[tokio::test]
async fn from_the_entry_point_every_signature_is_found_once_by_following_links() {
    let server = Server::start().await;
    for n in 0..7 {
        let mut body = person(&format!("p{n}@example.org"));
        if n == 3 {
            body["website"] = json!("https://robot.example");
        }
        server.sign(&body).await.assert_taken();
    }
    let follow = |href: &Value| href.as_str().unwrap().replace(&server.url, "");
    let entry = get(&server, "/api/v1/osdi").await;
    assert_eq!((entry.status, entry.header("content-type")), (200, "application/hal+json"));
    let petitions = get(&server, &follow(&entry.json()["_links"]["osdi:petitions"]["href"])).await;
    let petition = petitions.json()["_embedded"]["osdi:petitions"][0].clone();
    assert_eq!(
        (&petition["title"], &petition["total_signatures"]),
        (&json!("Plant a tree"), &json!(6))
    );
    assert_eq!(get(&server, &follow(&petition["_links"]["self"]["href"])).await.json(), petition);
    let first = follow(&petition["_links"]["osdi:signatures"]["href"]);
    let mut next = Some(format!("{first}?per_page=2"));
    let (mut people, mut pages) = (Vec::new(), 0);
    while let Some(path) = next {
        let page = get(&server, &path).await.json();
        assert_eq!((&page["total_records"], &page["total_pages"]), (&json!(6), &json!(3)));
        for signature in page["_embedded"]["osdi:signatures"].as_array().unwrap() {
            let person = &signature["_embedded"]["osdi:person"];
            assert_eq!(person["given_name"], "Amina");
            assert_eq!(person["family_name"], "Otieno");
            assert_eq!(person["postal_addresses"][0]["country"], "KE");
            people.push(person["email_addresses"][0]["address"].as_str().unwrap().to_owned());
        }
        pages += 1;
        assert!(pages < 10);
        next = page["_links"].get("next").map(|next| follow(&next["href"]));
    }
    let expected: Vec<_> = [0, 1, 2, 4, 5, 6].iter().map(|n| format!("p{n}@example.org")).collect();
    assert_eq!(people, expected);
    // A page by its number alone is the same page.
    let second = get(&server, &format!("{first}?per_page=2&page=2")).await.json();
    let second = &second["_embedded"]["osdi:signatures"][1]["_embedded"]["osdi:person"];
    assert_eq!(second["email_addresses"][0]["address"], "p4@example.org");
    let beyond = get(&server, &format!("{first}?per_page=2&page=9")).await.json();
    assert_eq!(beyond["_embedded"]["osdi:signatures"], json!([]));
    get(&server, &format!("{first}?page=x")).await.assert_fields(&["page"]);
}

#[tokio::test]
async fn without_a_token_nobody_reads_a_signature() {
    let server = Server::start().await;
    for path in ["/api/v1/osdi", "/api/v1/osdi/petitions", PETITION] {
        server.get(path).await.assert_problem(401, "unauthorized");
    }
    server.get(&format!("{PETITION}/signatures")).await.assert_problem(401, "unauthorized");
    let answer = get(&server, "/api/v1/osdi/petitions/nope/signatures").await;
    answer.assert_problem(404, "campaign_not_found");
}
