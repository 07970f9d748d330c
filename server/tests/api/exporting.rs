//! Exports: all that was stored, and nothing that runs.

use std::sync::Mutex;
use std::time::Duration;

use countersign::export::{Format, MOST, Place};
use countersign::http::Settings;
use countersign::organizer::Caller;
use serde_json::json;

use crate::harness::{Server, Setup, eventually, person};

async fn csv(server: &Server) -> String {
    let token = format!("Bearer {}", server.token().await);
    let path = "/api/v1/admin/campaigns/example/pledges.csv";
    let answer = server.get_with(path, &[("authorization", &token)]).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert!(answer.header("content-type").starts_with("text/csv"));
    assert!(answer.header("content-disposition").starts_with("attachment; filename="));
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("access-control-allow-origin"), "");
    answer.text
}

/// The cells of a column, by RFC 4180.
fn column(text: &str, name: &str) -> Vec<String> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let at = reader.headers().unwrap().iter().position(|head| head == name).unwrap();
    reader.records().map(|record| record.unwrap()[at].to_owned()).collect()
}

#[tokio::test]
async fn fault_39_cell_starting_with_equals_plus_minus_at_tab_nul_quoted_and_prefixed_in_csv() {
    let server = Server::start().await;
    let formulas = ["=1+1", "+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0", "\"=1\"", "a\"b,c"];
    for (n, formula) in formulas.iter().enumerate() {
        let mut body = person(&format!("p{n}@example.org"));
        body["name"] = json!(formula);
        body["message"] = json!(formula);
        server.sign(&body).await.assert_taken();
    }
    for (n, bad) in ["\t=1", "\0=1"].iter().enumerate() {
        let mut body = person(&format!("q{n}@example.org"));
        body["message"] = json!(bad);
        // Refused, or taken without what is in front: never stored as it is.
        let status = server.sign(&body).await.status;
        assert!([201, 422].contains(&status), "{status}");
    }
    let text = csv(&server).await;
    let risky = ['=', '+', '-', '@', '\t', '\r', '\0'];
    for name in ["name", "message"] {
        let cells = column(&text, name);
        assert!(cells.len() >= formulas.len());
        for cell in &cells {
            assert!(!cell.starts_with(risky), "{name}: {cell:?}");
        }
        assert_eq!(cells[0], "'=1+1");
        assert_eq!(cells[6], "a\"b,c");
    }
    assert!(text.contains("\"'=1+1\""), "quoted and prefixed: {text}");
    assert_eq!(server.rows().await[0]["name"], "=1+1");
}

#[tokio::test]
async fn the_export_equals_the_totals_and_its_times_are_utc() {
    let server = Server::start().await;
    for (n, country) in ["KE", "KE", "FR", "DE", "FR", "KE"].iter().enumerate() {
        let mut body = person(&format!("p{n}@example.org"));
        body["country"] = json!(country);
        server.sign(&body).await.assert_taken();
    }
    let totals = server.get("/api/v1/campaigns/example/totals").await.json();
    let text = csv(&server).await;
    assert!(text.ends_with("\r\n"));
    let countries = column(&text, "country");
    assert_eq!(totals["total"], countries.len());
    for (country, count) in totals["countries"].as_object().unwrap() {
        assert_eq!(*count, countries.iter().filter(|cell| *cell == country).count());
    }
    for time in column(&text, "signed_at") {
        assert!(time.ends_with('Z') && time.parse::<jiff::Timestamp>().is_ok(), "{time}");
    }
    let rows = server.rows().await;
    let names: Vec<_> = rows.iter().map(|row| row["email"].as_str().unwrap()).collect();
    assert_eq!(names, column(&text, "email"));
}

#[tokio::test]
async fn without_a_valid_token_there_is_no_export() {
    let server = Server::start().await;
    server.sign(&person("amina@example.org")).await.assert_taken();
    let token = server.token().await;
    for path in ["pledges.csv", "pledges.ndjson"] {
        let path = format!("/api/v1/admin/campaigns/example/{path}");
        let answer = server.get(&path).await;
        answer.assert_problem(401, "unauthorized");
        assert_eq!(answer.header("www-authenticate"), "Bearer");
        for bad in ["Bearer", "Bearer ", "Bearer cs_x", &format!("Basic {token}")] {
            let answer = server.get_with(&path, &[("authorization", bad)]).await;
            answer.assert_problem(401, "unauthorized");
            assert!(!answer.text.contains("amina"));
        }
        // Without a token one does not even learn which campaigns there are.
        let nowhere = server.get("/api/v1/admin/campaigns/nope/pledges.csv").await;
        nowhere.assert_problem(401, "unauthorized");
    }
}

async fn get(server: &Server, path: &str) -> crate::harness::Answer {
    let token = format!("Bearer {}", server.token().await);
    let path = format!("/api/v1/admin/campaigns/example/{path}");
    server.get_with(&path, &[("authorization", &token)]).await
}

#[tokio::test]
async fn an_export_has_the_columns_that_were_asked_for_and_says_how_many_rows_to_expect() {
    let server = Server::start().await;
    for n in 0..3 {
        server.sign(&person(&format!("p{n}@example.org"))).await.assert_taken();
    }
    let csv = get(&server, "pledges.csv?columns=email,country").await;
    assert_eq!(csv.header("countersign-rows"), "3");
    assert_eq!(csv.text.lines().next(), Some("email,country"));
    assert_eq!(csv.text.lines().nth(1), Some("p0@example.org,KE"));
    let lines = get(&server, "pledges.ndjson?columns=country,id").await;
    assert_eq!(lines.text.lines().next(), Some(r#"{"country":"KE","id":1}"#));
    for bad in ["pledges.csv?columns=fingerprint", "pledges.xlsx?columns=id,id"] {
        get(&server, bad).await.assert_fields(&["columns"]);
    }
    get(&server, "pledges.csv?people=maybe").await.assert_fields(&["people"]);
}

#[tokio::test]
async fn an_export_without_people_names_nobody() {
    let server = Server::start().await;
    let mut body = person("amina@example.org");
    body["message"] = json!("Greetings from Amina");
    server.sign(&body).await.assert_taken();
    for format in ["csv", "ndjson"] {
        let answer = get(&server, &format!("pledges.{format}?people=false")).await;
        assert_eq!(answer.status, 200);
        for personal in ["Amina", "amina", "example.org", "email", "message"] {
            assert!(!answer.text.contains(personal), "{format}: {personal}");
        }
        assert!(answer.text.contains("KE"));
    }
    get(&server, "pledges.csv?people=false&columns=name").await.assert_problem(403, "forbidden");
}

/// The rows of a workbook's first sheet, cell by cell; absent cells are empty.
fn sheet(bytes: bytes::Bytes) -> Vec<Vec<String>> {
    let mut book = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let sheet = std::io::read_to_string(book.by_name("xl/worksheets/sheet1.xml").unwrap()).unwrap();
    let cell = |cell: &str| {
        let column = usize::from(cell.as_bytes()[0] - b'A');
        let value = cell.split_once("<v>").or_else(|| cell.split_once("<t>"));
        let value = value.map_or("", |(_, rest)| rest.split('<').next().unwrap());
        (column, value.to_owned())
    };
    let row = |row: &str| {
        let mut cells = vec![String::new(); 17];
        for (column, value) in row.split("<c r=\"").skip(1).map(cell) {
            cells[column] = value;
        }
        cells
    };
    sheet.split("<row ").skip(1).map(row).collect()
}

#[tokio::test]
async fn a_workbook_is_whole_its_length_is_known_and_it_counts_what_the_totals_count() {
    let server = Server::start().await;
    for n in 0..30 {
        let mut body = person(&format!("p{n}@example.org"));
        body["country"] = json!(["KE", "FR", "DE"][n % 3]);
        if n % 10 == 0 {
            body["website"] = json!("https://robot.example");
        }
        server.sign(&body).await.assert_taken();
    }
    let token = format!("Bearer {}", server.token().await);
    let url = format!("{}/api/v1/admin/campaigns/example/pledges.xlsx", server.url);
    let request = server.client.get(url).header("authorization", token);
    let answer = request.header("accept-encoding", "gzip").send().await.unwrap();
    let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
    assert!(header("content-disposition").ends_with(".xlsx\""));
    assert_eq!(header("countersign-rows"), "30");
    let length: usize = header("content-length").parse().unwrap();
    let bytes = answer.bytes().await.unwrap();
    assert_eq!(bytes.len(), length);
    let mut rows = sheet(bytes);
    let head = rows.remove(0);
    let at = |name: &str| head.iter().position(|head| head == name).unwrap();
    let totals = server.get("/api/v1/campaigns/example/totals").await.json();
    rows.sort_by_key(|row| row[at("id")].parse::<u64>().unwrap());
    let emails: Vec<_> = rows.iter().map(|row| row[at("email")].clone()).collect();
    assert_eq!(emails, (0..30).map(|n| format!("p{n}@example.org")).collect::<Vec<_>>());
    for row in &rows {
        // Noon of 2027-03-01, as a number that a sheet shows as a date.
        assert_eq!(row[at("signed_at (UTC)")], "46447.5");
    }
    rows.retain(|row| row[at("state")] == "counted");
    assert_eq!(totals["total"], rows.len());
    for (country, count) in totals["countries"].as_object().unwrap() {
        let of_country = rows.iter().filter(|row| row[at("country")] == *country).count();
        assert_eq!(*count, of_country, "{country}");
    }
}

#[tokio::test]
async fn how_many_rows_to_expect_is_said_where_it_is_known() {
    let server = Server::start().await;
    for n in 0..3 {
        let mut body = person(&format!("p{n}@example.org"));
        if n == 0 {
            body["website"] = json!("https://robot.example");
        }
        server.sign(&body).await.assert_taken();
    }
    for (path, rows) in [
        ("pledges.csv", "3"),
        ("pledges.csv?state=counted", "2"),
        ("pledges.csv?state=quarantined", ""),
        ("pledges.csv?state=counted&country=KE", ""),
        ("pledges.xlsx?state=quarantined", "1"),
    ] {
        assert_eq!(get(&server, path).await.header("countersign-rows"), rows, "{path}");
    }
    let marked = get(&server, "pledges.csv?mark=true").await.text;
    assert!(marked.starts_with("\u{feff}id,signed_at,"), "{marked:?}");
    assert!(get(&server, "pledges.csv").await.text.starts_with("id,"));
    get(&server, "pledges.csv?mark=1").await.assert_fields(&["mark"]);
}

/// A place of somebody's, once there is one.
async fn place(server: &Server, name: &str, format: Format) -> Place {
    let caller = Caller { actor: name.to_owned(), ..Caller::command_line() };
    let taken = Mutex::new(None);
    eventually("a place for an export", async || {
        let place = server.web.app.exports.take(&caller, format).ok();
        let is_there = place.is_some();
        *taken.lock().unwrap() = place;
        is_there
    })
    .await;
    taken.into_inner().unwrap().unwrap()
}

#[tokio::test]
async fn a_few_exports_run_at_once_and_one_more_is_told_when_to_ask_again() {
    let server = Server::start().await;
    let busy = async |path: &str, why: &str| {
        let answer = get(&server, path).await;
        let problem = answer.assert_problem(503, "busy");
        assert!(problem["detail"].as_str().unwrap().contains(why), "{problem}");
        assert_eq!(answer.header("retry-after"), "30");
    };
    let mut held = vec![place(&server, "a", Format::Xlsx).await];
    busy("pledges.xlsx", "take CSV").await;
    for name in ["b", "c", "d"] {
        held.push(place(&server, name, Format::Csv).await);
    }
    assert_eq!(held.len(), MOST);
    for format in ["csv", "ndjson", "xlsx"] {
        busy(&format!("pledges.{format}"), "half a minute").await;
    }
    drop(held);
    for format in ["csv", "ndjson", "xlsx", "csv", "ndjson", "xlsx"] {
        // What was taken before may be on its way out.
        let path = format!("pledges.{format}");
        eventually("it is exported", async || get(&server, &path).await.status == 200).await;
    }
}

#[tokio::test]
async fn an_export_that_takes_too_long_ends_as_one_that_is_not_whole_and_leaves_its_place() {
    let settings = Settings { export_deadline: Duration::ZERO, ..Settings::default() };
    let server = Server::with(Setup { settings, ..Setup::default() }).await;
    server.sign(&person("amina@example.org")).await.assert_taken();
    let token = format!("Bearer {}", server.token().await);
    for format in ["csv", "ndjson"] {
        let url = format!("{}/api/v1/admin/campaigns/example/pledges.{format}", server.url);
        let whole = match server.client.get(url).header("authorization", &token).send().await {
            Ok(answer) => answer.bytes().await.is_ok(),
            Err(_) => false,
        };
        assert!(!whole, "{format}");
    }
    let late = get(&server, "pledges.xlsx").await;
    let problem = late.assert_problem(503, "busy");
    assert!(problem["detail"].as_str().unwrap().contains("filter"), "{problem}");
    let mut held = vec![place(&server, "a", Format::Xlsx).await];
    for name in ["b", "c", "d"] {
        held.push(place(&server, name, Format::Csv).await);
    }
    assert_eq!(held.len(), MOST, "all places are free again");
}

#[tokio::test]
async fn an_export_that_is_compressed_on_its_way_arrives_whole() {
    let server = Server::start().await;
    server.sign(&person("amina@example.org")).await.assert_taken();
    let token = format!("Bearer {}", server.token().await);
    for format in ["csv", "ndjson"] {
        let path = format!("/api/v1/admin/campaigns/example/pledges.{format}");
        let headers = [("authorization", token.as_str()), ("accept-encoding", "gzip")];
        let answer = server.get_with(&path, &headers).await;
        assert_eq!((answer.status, answer.header("content-encoding")), (200, "gzip"));
    }
}
