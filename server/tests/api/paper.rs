//! Signatures from paper: files with a row each, and labelled counts.

use serde_json::{Value, json};

use crate::harness::Server;
use crate::supporters::{Organizer, agree, sign};

fn file(csv: &str, dry_run: bool) -> Value {
    json!({
        "label": "the town hall",
        "csv": csv,
        "mapping": { "name": "Name", "email": "Mail", "country": "Country", "updates": "News" },
        "dry_run": dry_run,
    })
}

const CSV: &str = "Name,Mail,Country,News\r\n\
    Amina,amina@example.org,KE,yes\r\n\
    Baraka,baraka@example.org,Kenya,\r\n\
    Baraka again,BARAKA@example.org,KE,no\r\n\
    \"=cmd()\",nobody,XX,perhaps\r\n\
    Chloé,chloe@example.org,france,x\r\n";

#[tokio::test]
async fn a_dry_run_explains_every_bad_row_and_the_import_does_what_it_said() {
    let server = Server::start().await;
    let organizer = Organizer::of(&server).await;
    sign(&server, "amina@example.org").await;
    let dry = organizer.post("imports", &file(CSV, true)).await.json();
    assert_eq!(agree(&server).await, 1);
    let report = organizer.post("imports", &file(CSV, false)).await.json();
    for said in [&dry, &report] {
        assert_eq!((&said["rows"], &said["good"]), (&json!(5), &json!(4)), "{said}");
        assert_eq!((&said["duplicates"], &said["added"]), (&json!(2), &json!(2)), "{said}");
        assert_eq!(said["bad_rows"], 1);
        let bad = said["bad"].as_array().unwrap();
        let columns: Vec<_> = bad.iter().map(|it| it["column"].as_str().unwrap()).collect();
        assert_eq!(columns, ["Mail", "Country", "News"], "{said}");
        for fault in bad {
            assert_eq!(fault["line"], 5);
            assert!(!fault["message"].as_str().unwrap().is_empty());
        }
    }
    assert!(dry["id"].is_null() && report["id"].is_i64());
    assert_eq!(agree(&server).await, 3);
    let found = organizer.found("channel=import").await;
    assert_eq!(found.len(), 2);
    assert_eq!((&found[0]["country"], &found[0]["updates"]), (&json!("FR"), &json!(true)));
    assert_eq!(found[0]["network"], json!(null));
    // Signing afterwards is a second signature.
    sign(&server, "chloe@example.org").await;
    assert_eq!(agree(&server).await, 3);
    let again = organizer.post("imports", &file(CSV, false)).await.json();
    assert_eq!((&again["added"], &again["duplicates"]), (&json!(0), &json!(4)));
    let undo = format!("imports/{}/undo", report["id"]);
    assert_eq!(organizer.act(&undo).await["total"], 1);
    assert_eq!(organizer.act(&undo).await["total"], 1, "once");
    assert_eq!(agree(&server).await, 1);
    assert!(organizer.found("channel=import").await.is_empty());
    let offline = organizer.get("offline").await;
    assert_eq!(offline["imports"][1]["added"], 2);
    assert!(offline["imports"][1]["undone_at"].is_string());
    organizer.ask("POST", "imports/99/undo", None).await.assert_problem(404, "not_found");
}

#[tokio::test]
async fn a_file_of_thousands_of_rows_is_taken_and_one_without_the_columns_is_not() {
    let server = Server::start().await;
    let organizer = Organizer::of(&server).await;
    let rows: String = (0..5_000).map(|n| format!("P {n},p{n}@example.org,KE,\n")).collect();
    let csv = format!("Name,Mail,Country,News\n{rows}");
    assert!(csv.len() > 100_000, "more than a pledge may have");
    let report = organizer.post("imports", &file(&csv, false)).await.json();
    assert_eq!((&report["added"], &report["bad_rows"]), (&json!(5_000), &json!(0)), "{report}");
    assert_eq!(agree(&server).await, 5_000);
    let mut wrong = file("Nom;Mail\nx;y\n", true);
    organizer.post("imports", &wrong).await.assert_fields(&[
        "mapping.name",
        "mapping.country",
        "mapping.updates",
    ]);
    wrong["label"] = json!("");
    organizer.post("imports", &wrong).await.assert_fields(&["label"]);
    let huge = file(&"x".repeat(21 * 1024 * 1024), true);
    organizer.post("imports", &huge).await.assert_problem(413, "body_too_large");
}

#[tokio::test]
async fn a_labelled_count_is_in_the_number_and_apart_from_those_signed_online() {
    let server = Server::start().await;
    let organizer = Organizer::of(&server).await;
    sign(&server, "amina@example.org").await;
    let bad = json!({ "label": " ", "country": "XX", "counted": 0 });
    let answer = organizer.post("labelled", &bad).await;
    answer.assert_fields(&["label", "country", "counted"]);
    let good = json!({ "label": "a box", "country": "FR", "counted": 250 });
    let added = organizer.post("labelled", &good).await.json();
    assert_eq!(agree(&server).await, 251);
    assert_eq!(organizer.get("offline").await["counts"][0], added);
    let path = format!("labelled/{}", added["id"]);
    assert_eq!(organizer.ask("DELETE", &path, None).await.json()["total"], 1);
    organizer.ask("DELETE", &path, None).await.assert_problem(404, "not_found");
    assert_eq!(agree(&server).await, 1);
}

#[tokio::test]
async fn paper_tells_nothing_about_pace_funnel_and_what_followed() {
    let server = Server::start().await;
    let organizer = Organizer::of(&server).await;
    let mark = json!({ "at": "2027-03-01T11:59:00Z", "label": "Leaflets" });
    assert_eq!(organizer.post("marks", &mark).await.status, 201);
    for n in 0..6 {
        sign(&server, &format!("p{n}@example.org")).await;
    }
    let rows: String = (0..7).map(|n| format!("Q {n},q{n}@example.org,KE,\n")).collect();
    let csv = format!("Name,Mail,Country,News\n{rows}");
    assert_eq!(organizer.post("imports", &file(&csv, false)).await.json()["added"], 7);
    let a_box = json!({ "label": "a box", "country": "FR", "counted": 10_000 });
    assert_eq!(organizer.post("labelled", &a_box).await.status, 200);
    assert_eq!(agree(&server).await, 10_013);
    let overview = organizer.get("overview").await;
    assert_eq!((&overview["total"], &overview["online"]), (&json!(10_013), &json!(6)));
    assert_eq!((&overview["last_hour"], &overview["last_day"]), (&json!(6), &json!(6)));
    assert_eq!(overview["pace"], 6.0);
    let minutes = overview["minutes"].as_array().unwrap();
    assert_eq!(minutes.iter().map(|it| it["counted"].as_u64().unwrap()).sum::<u64>(), 6);
    assert_eq!(organizer.get("funnel").await["signed"], 6);
    let sources = organizer.get("sources").await["rows"].clone();
    let row = |kind: &str, signed| json!({ "kind": kind, "name": "", "seen": 0, "signed": signed });
    assert_eq!(sources, json!([row("labelled", 10_000), row("paper", 7), row("direct", 6)]));
    let point = organizer.get("series").await["points"][0].clone();
    assert_eq!((&point["counted"], &point["paper"]), (&json!(10_013), &json!(10_007)));
    let marks = organizer.get("marks").await;
    assert_eq!((&marks[0]["after"], &marks[0]["minutes"]), (&json!(6), &json!(2)));
}
