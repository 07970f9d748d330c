//! How far an export is, for whoever started it: also where the browser takes the file by itself.

use std::time::Duration;

use countersign::export::Format;
use countersign::http::Settings;
use countersign::organizer::{Caller, Role};
use countersign::store::OrganizationId;
use serde_json::{Value, json};

use crate::harness::{Answer, Browser, Server, Setup, eventually, person, sql};

/// More than connections take ahead of whoever reads: 20 MB.
const ROWS: u64 = 5_000;
/// Ten of them are in France.
const MANY: &str = "\
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) \
    INSERT INTO pledges (campaign_id, fingerprint, key_version, state, country, locale, \
        public_name, updates, suspicious, source, receipt, signed_at) \
    SELECT 1, unhex(printf('%032d', i)), 1, 'counted', iif(i % 500 = 0, 'FR', 'KE'), 'en', 0, 0, 0, \
        json_object('referrer', replace(hex(zeroblob(2000)), '0', 'x')), 'R', i FROM n";

const ID: &str = "0123456789abcdef";

async fn server_of_many() -> Server {
    let server = Server::start().await;
    sql(server.data_dir(), MANY).await;
    server
}

fn path(below: &str) -> String {
    format!("/api/v1/admin/campaigns/example/{below}")
}

/// A file that is on its way.
async fn coming(server: &Server, token: &str, below: &str) -> reqwest::Response {
    let request = server.client.get(format!("{}{}", server.url, path(below)));
    let answer = request.header("authorization", format!("Bearer {token}")).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    answer
}

async fn asked(server: &Server, token: &str, id: &str) -> Answer {
    let bearer = format!("Bearer {token}");
    let headers = [("authorization", &*bearer)];
    server.get_with(&path(&format!("exports/{id}")), &headers).await
}

async fn progress(server: &Server, token: &str) -> Value {
    let answer = asked(server, token, ID).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()
}

async fn until(server: &Server, token: &str, state: &str) -> Value {
    eventually(state, async || progress(server, token).await["state"] == state).await;
    progress(server, token).await
}

fn rows(progress: &Value) -> u64 {
    progress["rows"].as_u64().unwrap()
}

#[tokio::test]
async fn progress_rises_with_what_is_taken_and_ends_with_every_row() {
    let server = server_of_many().await;
    let token = server.token().await;
    for format in ["csv", "ndjson"] {
        let file = format!("pledges.{format}?export={ID}");
        let mut answer = coming(&server, &token, &file).await;
        let mut bytes = answer.chunk().await.unwrap().unwrap().len();
        let first = progress(&server, &token).await;
        assert_eq!((&first["state"], &first["of"]), (&json!("sending"), &json!(ROWS)));
        assert!((1..ROWS).contains(&rows(&first)), "{first}");
        // What the connection holds on its way is taken before another row is.
        while rows(&progress(&server, &token).await) == rows(&first) {
            bytes += answer.chunk().await.unwrap().unwrap().len();
        }
        let then = progress(&server, &token).await;
        assert!((rows(&first) + 1..=ROWS).contains(&rows(&then)), "{then}");
        while let Some(chunk) = answer.chunk().await.unwrap() {
            bytes += chunk.len();
        }
        let last = until(&server, &token, "done").await;
        assert_eq!(
            last,
            json!({ "state": "done", "rows": ROWS, "read": ROWS, "of": ROWS, "sent": bytes })
        );
    }
}

#[tokio::test]
async fn rows_of_a_workbook_and_its_bytes_are_counted() {
    let server = server_of_many().await;
    let token = server.token().await;
    let answer = coming(&server, &token, &format!("pledges.xlsx?export={ID}")).await;
    let bytes = answer.bytes().await.unwrap().len();
    let last = until(&server, &token, "done").await;
    assert_eq!(
        (&last["rows"], &last["read"], &last["of"]),
        (&json!(ROWS), &json!(ROWS), &json!(ROWS))
    );
    assert_eq!((&last["sent"], &last["length"]), (&json!(bytes), &json!(bytes)));
}

#[tokio::test]
async fn rows_that_a_filter_passes_over_are_looked_at_and_not_in_the_file() {
    let server = server_of_many().await;
    let token = server.token().await;
    let file = format!("pledges.ndjson?country=FR&columns=id&export={ID}");
    let text = coming(&server, &token, &file).await.text().await.unwrap();
    assert_eq!(text.lines().count(), 10);
    let last = until(&server, &token, "done").await;
    assert_eq!(
        (&last["rows"], &last["read"], &last["of"]),
        (&json!(10), &json!(ROWS), &json!(ROWS))
    );
}

#[tokio::test]
async fn who_leaves_before_the_end_is_seen_and_the_export_is_cut_off() {
    let server = server_of_many().await;
    let token = server.token().await;
    let mut answer = coming(&server, &token, &format!("pledges.csv?export={ID}")).await;
    answer.chunk().await.unwrap().unwrap();
    drop(answer);
    let last = until(&server, &token, "cut_off").await;
    assert!(rows(&last) < ROWS, "{last}");
    assert_eq!(last["of"], ROWS);
}

#[tokio::test]
async fn another_ones_export_is_not_there_and_ones_own_is_in_every_session() {
    let server = Server::start().await;
    server.sign(&person("amina@example.org")).await.assert_taken();
    let entrant = server.account(Role::Analyst, OrganizationId(1)).await;
    let (here, there) = (server.signed_in(entrant).await, server.signed_in(entrant).await);
    let file = path(&format!("pledges.csv?people=false&export={ID}"));
    assert_eq!(here.get(&file).await.status, 200);
    let shown = path(&format!("exports/{ID}"));
    let is_done = async |browser: &Browser| browser.get(&shown).await.json()["state"] == "done";
    eventually("it is done", async || is_done(&here).await).await;
    assert!(is_done(&there).await, "their own, elsewhere");

    let colleague = server.organizer(Role::Owner).await;
    colleague.get(&shown).await.assert_problem(404, "not_found");
    let token = server.token().await;
    asked(&server, &token, ID).await.assert_problem(404, "not_found");
    server.get(&shown).await.assert_problem(401, "unauthorized");
    let theirs = server.another_organization().await;
    let stranger = server.organizer_of(Role::Owner, theirs).await;
    stranger.get(&shown).await.assert_problem(404, "campaign_not_found");
    for bad in ["short", "0123456789abcdef%2F", "0123456789abcde!"] {
        asked(&server, &token, bad).await.assert_problem(404, "not_found");
    }
}

#[tokio::test]
async fn an_export_that_is_refused_says_so_where_it_would_say_how_far_it_is() {
    let server = Server::start().await;
    let analyst = server.organizer(Role::Analyst).await;
    let file = path(&format!("pledges.csv?columns=email&export={ID}"));
    analyst.get(&file).await.assert_problem(403, "forbidden");
    let told = analyst.get(&path(&format!("exports/{ID}"))).await.json();
    assert_eq!((&told["state"], &told["rows"]), (&json!("failed"), &json!(0)));

    let caller = Caller { actor: "another".into(), ..Caller::command_line() };
    let _held = server.web.app.exports.take(&caller, Format::Xlsx).unwrap();
    let busy = path(&format!("pledges.xlsx?people=false&export={ID}"));
    analyst.get(&busy).await.assert_problem(503, "busy");
    let told = analyst.get(&path(&format!("exports/{ID}"))).await.json();
    assert_eq!(told["state"], "failed");
    assert!(told["reason"].as_str().unwrap().contains("take CSV"), "{told}");

    for bad in ["short", "0123456789abcde%20"] {
        let file = path(&format!("pledges.csv?people=false&export={bad}"));
        analyst.get(&file).await.assert_fields(&["export"]);
    }
}

#[tokio::test]
async fn an_export_that_takes_too_long_says_so_and_what_to_do() {
    let settings = Settings { export_deadline: Duration::ZERO, ..Settings::default() };
    let server = Server::with(Setup { settings, ..Setup::default() }).await;
    server.sign(&person("amina@example.org")).await.assert_taken();
    let token = server.token().await;
    for format in ["csv", "ndjson", "xlsx"] {
        let id = format!("0123456789-{format}-abc");
        let url = format!("{}{}", server.url, path(&format!("pledges.{format}?export={id}")));
        let request = server.client.get(url).header("authorization", format!("Bearer {token}"));
        if let Ok(answer) = request.send().await {
            assert!(answer.status() == 503 || answer.bytes().await.is_err(), "{format}");
        }
        let told = asked(&server, &token, &id).await.json();
        assert_eq!(told["state"], "failed", "{format}: {told}");
        assert!(told["reason"].as_str().unwrap().contains("filter"), "{format}: {told}");
    }
}
