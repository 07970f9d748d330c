//! What organizers watch: every number is the same number.

use countersign::insight::alarms::{Kind, Level};
use countersign::insight::open_data::OpenDataCache;
use countersign::organizer::Role;
use countersign::store::insight::Days;
use serde_json::{Value, json};

use crate::harness::{Answer, Server, Setup, at, campaign, eventually, person, sql};

const BASE: &str = "/api/v1/admin/campaigns/example";

/// Somebody who may watch.
struct Watcher<'a> {
    server: &'a Server,
    token: String,
}

impl<'a> Watcher<'a> {
    async fn of(server: &'a Server) -> Self {
        Self { server, token: format!("Bearer {}", server.token().await) }
    }

    async fn ask(&self, path: &str) -> Answer {
        self.server.get_with(&format!("{BASE}{path}"), &[("authorization", &self.token)]).await
    }

    async fn json(&self, path: &str) -> Value {
        let answer = self.ask(path).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text);
        answer.json()
    }

    async fn post(&self, path: &str, body: Value) -> Answer {
        let headers = [("authorization", &*self.token), ("content-type", "application/json")];
        self.server.post(&format!("{BASE}{path}"), body.to_string().into_bytes(), &headers).await
    }

    async fn put(&self, path: &str, body: Value) -> Answer {
        let url = format!("{}{BASE}{path}", self.server.url);
        let request = self.server.client.put(url).header("authorization", &self.token);
        let request = request.header("content-type", "application/json").body(body.to_string());
        Answer::of(request.send().await.unwrap()).await
    }

    async fn delete(&self, path: &str) -> Answer {
        let url = format!("{}{BASE}{path}", self.server.url);
        let request = self.server.client.delete(url).header("authorization", &self.token);
        Answer::of(request.send().await.unwrap()).await
    }
}

async fn sign(server: &Server, number: u32, country: &str, source: Value) {
    let mut body = person(&format!("p{number}@example.org"));
    body["country"] = json!(country);
    body["source"] = source;
    server.sign(&body).await.assert_taken();
}

fn sum(list: &Value, field: &str) -> u64 {
    list.as_array().unwrap().iter().map(|row| row[field].as_u64().unwrap()).sum()
}

#[tokio::test]
async fn every_number_agrees() {
    let server = Server::start().await;
    for number in 0..12 {
        let country = ["KE", "KE", "FR", "UG"][number as usize % 4];
        sign(&server, number, country, json!({ "utm_source": "radio" })).await;
        server.clock.advance_ms(61 * 60 * 1000);
    }
    let watcher = Watcher::of(&server).await;
    let total = server.total().await;
    assert_eq!(total, 12);
    let overview = watcher.json("/overview").await;
    assert_eq!((&overview["total"], &overview["online"]), (&json!(12), &json!(12)));
    for bucket in ["hour", "day"] {
        let series = watcher.json(&format!("/series?bucket={bucket}&time_zone=Asia/Kolkata")).await;
        assert_eq!(sum(&series["points"], "counted"), total, "{bucket}");
        let last = series["points"].as_array().unwrap().last().unwrap();
        assert_eq!(last["total"], total, "{bucket}");
    }
    let countries = watcher.json("/countries").await;
    assert_eq!(countries["total"], total);
    let shown = sum(&countries["rows"], "counted");
    assert_eq!(shown + countries["hidden_counted"].as_u64().unwrap(), total);
    // Without k each country is there.
    let app = &server.web.app;
    let id = app.campaigns.get("example").unwrap().id;
    let exact = app.store.countries(id, Days::ALL).await.unwrap();
    assert_eq!(exact.iter().map(|(_, counted)| counted).sum::<u64>(), total);
    assert_eq!(watcher.json("/funnel").await["signed"], total);
    let sources = watcher.json("/sources").await;
    let expected = json!([{ "kind": "utm", "name": "radio", "seen": 0, "signed": 12 }]);
    assert_eq!(sources["rows"], expected);
    assert_eq!(server.counted_rows().await, total);
}

#[tokio::test]
async fn the_overview_shows_the_last_hour_by_minute_and_when_the_goal_falls() {
    let server = Server::start().await;
    sign(&server, 0, "KE", json!({})).await;
    server.clock.advance_ms(2 * 60 * 60 * 1000);
    for number in 1..4 {
        sign(&server, number, "KE", json!({})).await;
    }
    let mut robot = person("robot@example.org");
    robot["website"] = json!("http://spam.example");
    server.sign(&robot).await.assert_taken();
    server.clock.advance_ms(60_000);
    let overview = Watcher::of(&server).await.json("/overview").await;
    let minutes = overview["minutes"].as_array().unwrap();
    assert_eq!(minutes.len(), 60);
    assert_eq!(minutes[58]["counted"], 3);
    assert_eq!(minutes[59], json!({ "at": "2027-03-01T14:01:00Z", "counted": 0 }));
    assert_eq!((&overview["last_hour"], &overview["last_day"]), (&json!(3), &json!(4)));
    assert_eq!((&overview["quarantined"], &overview["title"]), (&json!(1), &json!("Plant a tree")));
    // Four in 121 minutes, six are missing.
    assert_eq!(overview["goal"], 10);
    let pace = overview["pace"].as_f64().unwrap();
    assert!((pace - 4.0 * 60.0 / 121.0).abs() < 1e-9, "{pace}");
    assert_eq!(overview["goal_at"], "2027-03-01T17:02:30Z");
}

#[tokio::test]
async fn a_series_has_the_days_of_the_organizer_and_its_ranges_know_what_came_before() {
    let server = Server::start().await;
    server.clock.set(at("2027-03-01T20:30:00Z"));
    sign(&server, 0, "KE", json!({})).await;
    server.clock.set(at("2027-03-01T21:30:00Z"));
    sign(&server, 1, "KE", json!({})).await;
    let watcher = Watcher::of(&server).await;
    let points = |series: &Value| -> Vec<(String, u64, u64)> {
        let point = |it: &Value| {
            let number = |name| it[name].as_u64().unwrap();
            (it["start"].as_str().unwrap().to_owned(), number("counted"), number("total"))
        };
        series["points"].as_array().unwrap().iter().map(point).collect()
    };
    let nairobi = watcher.json("/series?bucket=day&time_zone=Africa/Nairobi").await;
    assert_eq!(nairobi["time_zone"], "Africa/Nairobi");
    let expected = [("2027-02-28T21:00:00Z".into(), 1, 1), ("2027-03-01T21:00:00Z".into(), 1, 2)];
    assert_eq!(points(&nairobi), expected);
    let utc = watcher.json("/series").await;
    assert_eq!(points(&utc), [("2027-03-01T00:00:00Z".into(), 2, 2)]);
    let second = "/series?bucket=day&time_zone=Africa/Nairobi&from=2027-03-02";
    assert_eq!(points(&watcher.json(second).await), expected[1..]);
    let first = "/series?bucket=day&time_zone=Africa/Nairobi&to=2027-03-02";
    assert_eq!(points(&watcher.json(first).await), expected[..1]);
    let minutes = watcher.json("/series?bucket=minute").await;
    assert_eq!(points(&minutes)[1], ("2027-03-01T21:30:00Z".into(), 1, 2));
    for (path, field) in [
        ("/series?bucket=week", "bucket"),
        ("/series?time_zone=Mars/Olympus", "time_zone"),
        ("/series?from=yesterday", "from"),
        ("/series?bucket=minute&from=2027-01-01", "from"),
        ("/countries?to=2027-13-01", "to"),
        ("/funnel?from=x", "from"),
        ("/sources?from=2027-03-02&to=2027-03-01", "to"),
    ] {
        watcher.ask(path).await.assert_fields(&[field]);
    }
}

#[tokio::test]
async fn fault_34_breakdown_cell_under_k_suppressed_with_complementary_suppression() {
    let server = Server::start().await;
    let many = [("KE", 9), ("FR", 6), ("UG", 2)];
    let all = many.iter().flat_map(|(country, count)| (0..*count).map(move |_| *country));
    for (number, country) in (0..).zip(all) {
        sign(&server, number, country, json!({ "utm_source": country })).await;
    }
    let watcher = Watcher::of(&server).await;
    let countries = watcher.json("/countries").await;
    // Uganda is hidden, and France with it: else 17 - 9 - 6 would tell.
    assert_eq!(countries["rows"], json!([{ "country": "KE", "counted": 9 }]));
    assert_eq!(countries["k"], 5);
    let hidden = (&countries["hidden_countries"], &countries["hidden_counted"]);
    assert_eq!(hidden, (&json!(2), &json!(8)));
    let sources = watcher.json("/sources").await;
    assert_eq!((sum(&sources["rows"], "signed"), &sources["hidden_signed"]), (9, &json!(8)));
    // One more from Kenya: two ranges, one subtracted from the other, must not tell of them.
    server.clock.advance_ms(24 * 60 * 60 * 1000);
    sign(&server, 99, "KE", json!({})).await;
    let shown = async |range: &str| {
        let list = watcher.json(&format!("/countries?{range}")).await;
        let total = list["total"].as_u64().unwrap();
        assert_eq!(sum(&list["rows"], "counted") + list["hidden_counted"].as_u64().unwrap(), total);
        assert_eq!(list["steps_of"], 5);
        list["rows"].clone()
    };
    let first = shown("to=2027-03-02").await;
    assert_eq!(first, json!([{ "country": "KE", "counted": 5 }]));
    assert_eq!(shown("to=2027-03-03").await, json!([{ "country": "KE", "counted": 10 }]));
    assert_eq!(shown("from=2027-03-02").await, json!([]));
}

#[tokio::test]
async fn marks_are_added_shown_and_taken_away() {
    let server = Server::start().await;
    let watcher = Watcher::of(&server).await;
    sign(&server, 0, "KE", json!({})).await;
    let mark = json!({ "at": "2027-03-01T11:00:00Z", "label": " Radio interview " });
    let added = watcher.post("/marks", mark).await;
    assert_eq!(added.status, 201, "{}", added.text);
    let added = added.json();
    assert_eq!(
        (&added["label"], &added["after"], &added["before"]),
        (&json!("Radio interview"), &json!(1), &json!(0))
    );
    assert_eq!(watcher.json("/marks").await, json!([added]));
    assert_eq!(watcher.json("/series").await["marks"], json!([added]));
    let wrong = json!({ "at": "soon", "label": "" });
    watcher.post("/marks", wrong.clone()).await.assert_fields(&["at", "label"]);
    let id = added["id"].as_i64().unwrap();
    let path = format!("/marks/{id}");
    watcher.put(&path, wrong).await.assert_fields(&["at", "label"]);
    let letter = json!({ "at": "2027-03-01T09:00:00Z", "label": "A letter" });
    watcher.put("/marks/99", letter.clone()).await.assert_problem(404, "not_found");
    let changed = watcher.put(&path, letter).await.json();
    assert_eq!((&changed["id"], &changed["label"]), (&json!(id), &json!("A letter")));
    assert_eq!(watcher.json("/marks").await, json!([changed]));
    assert_eq!(watcher.delete(&format!("/marks/{id}")).await.status, 204);
    watcher.delete(&format!("/marks/{id}")).await.assert_problem(404, "not_found");
    watcher.delete("/marks/first").await.assert_problem(404, "not_found");
    assert_eq!(watcher.json("/marks").await, json!([]));
}

#[tokio::test]
async fn a_disk_that_takes_no_writes_is_an_alarm_until_it_takes_them_although_it_answers_reads() {
    let server = Server::start().await;
    let watcher = Watcher::of(&server).await;
    let full =
        "CREATE TRIGGER full BEFORE INSERT ON pledges BEGIN SELECT RAISE(ABORT, 'full'); END;
                CREATE TRIGGER brim BEFORE UPDATE ON meta BEGIN SELECT RAISE(ABORT, 'full'); END";
    sql(server.data_dir(), full).await;
    server.sign(&person("amina@example.org")).await.assert_problem(503, "unavailable");
    let alarms = async || watcher.json("/alarms").await["alarms"].clone();
    eventually("an alarm", || async { alarms().await[0]["kind"] == "store_down" }).await;
    let text = alarms().await[0]["text"].clone();
    assert!(text.as_str().unwrap().contains("takes no writes"), "{text}");
    // Each second the server looks again, by a read that is answered and a write that is not.
    server.web.app.refresh().await.unwrap();
    server.get("/readyz").await.assert_problem(503, "unavailable");
    assert_eq!(alarms().await[0]["kind"], "store_down");
    let totals = server.get("/api/v1/campaigns/example/totals").await.json();
    assert_eq!(totals.get("stale"), None, "nothing can have moved: {totals}");
    sql(server.data_dir(), "DROP TRIGGER full; DROP TRIGGER brim").await;
    // Nobody needs to sign for it to be found out.
    eventually("the alarm is over", || async { alarms().await == json!([]) }).await;
}

#[tokio::test]
async fn alarms_are_shown_to_whoever_watches() {
    let server = Server::start().await;
    let watcher = Watcher::of(&server).await;
    assert_eq!(watcher.json("/alarms").await, json!({ "alarms": [] }));
    for number in 0..120 {
        let body = person(&format!("p@d{number}.example"));
        server.sign(&body).await.assert_taken();
    }
    let app = &server.web.app;
    app.alarms.judge(app.clock.now());
    let alarms = watcher.json("/alarms").await;
    let alarm = &alarms["alarms"][0];
    assert_eq!((&alarm["kind"], &alarm["level"]), (&json!("rise_network"), &json!("bad")));
    assert_eq!(alarm["subject"], "127.0.0.0/24");
    let text = "The endpoint answers 500.".to_owned();
    let hook = (Kind::WebhookFailing, Level::Warn);
    app.alarms.raise(hook, None, "https://hook.example", text, app.clock.now());
    assert_eq!(watcher.json("/alarms").await["alarms"][1]["kind"], "webhook_failing");
}

#[tokio::test]
async fn counters_that_differ_from_the_pledges_raise_an_alarm() {
    let mut server = Server::start().await;
    sign(&server, 0, "KE", json!({})).await;
    server.stop().await;
    let wrong = "UPDATE campaign_totals SET total = total + 5, peak = peak + 5, seq = seq + 1";
    sql(server.data_dir(), wrong).await;
    // A server recounts when it starts.
    let server = server.restart(Setup::default()).await;
    let watcher = Watcher::of(&server).await;
    let raised = || async { watcher.json("/alarms").await["alarms"] != json!([]) };
    eventually("the alarm is raised", raised).await;
    let alarms = watcher.json("/alarms").await;
    let alarm = &alarms["alarms"][0];
    assert_eq!((&alarm["kind"], &alarm["level"]), (&json!("drift"), &json!("bad")), "{alarms}");
    assert!(alarm["text"].as_str().unwrap().contains("by 5"), "{alarm}");
}

#[tokio::test]
async fn without_a_token_nobody_watches() {
    let server = Server::start().await;
    for path in ["overview", "series", "countries", "funnel", "sources", "marks", "alarms"] {
        server.get(&format!("{BASE}/{path}")).await.assert_problem(401, "unauthorized");
    }
}

#[tokio::test]
async fn open_data_is_nowhere_while_it_is_switched_off() {
    let server = Server::start().await;
    for file in ["open-data.csv", "open-data.json"] {
        let answer = server.get(&format!("/api/v1/campaigns/example/{file}")).await;
        answer.assert_problem(404, "not_found");
        assert_eq!(answer.header("access-control-allow-origin"), "*");
    }
}

#[tokio::test]
async fn open_data_are_there_for_every_site_once_they_are_switched_on() {
    let server = Server::start().await;
    for number in 0..6 {
        sign(&server, number, "KE", json!({})).await;
    }
    server.clock.advance_ms(24 * 60 * 60 * 1000);
    let organizer = server.organizer(Role::Owner).await;
    let mut settings = organizer.get(BASE).await.json()["settings"].clone();
    let mut switch = async |on: bool| {
        settings["open_data"] = json!(on);
        let body = json!({ "settings": settings, "revision": null });
        let saved = organizer.send("PUT", BASE, Some(&body)).await;
        assert_eq!(saved.status, 200, "{}", saved.text);
    };
    switch(true).await;
    let file = async |ending: &str| {
        let answer = server.get(&format!("/api/v1/campaigns/example/open-data.{ending}")).await;
        assert_eq!(answer.header("access-control-allow-origin"), "*");
        answer
    };
    let csv = file("csv").await;
    assert_eq!(csv.status, 200, "{}", csv.text);
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(csv.text, "day,country,counted\r\n2027-03-01,KE,5\r\n");
    let json = file("json").await;
    assert_eq!((json.status, json.header("content-type")), (200, "application/json"));
    assert_eq!(json.json()["days"][0]["countries"], json!({ "KE": 5 }));
    switch(false).await;
    file("csv").await.assert_problem(404, "not_found");
    file("json").await.assert_problem(404, "not_found");
}

#[tokio::test]
async fn open_data_has_the_days_that_are_over_and_is_made_once() {
    let server = Server::start().await;
    for number in 0..7 {
        sign(&server, number, "KE", json!({})).await;
    }
    let app = &server.web.app;
    let (cache, stored) = (OpenDataCache::default(), app.campaigns.get("example").unwrap());
    let files = async || cache.files(app, &stored, 5).await.unwrap();
    let json = |text: &[u8]| serde_json::from_slice::<Value>(text).unwrap();
    assert_eq!(json(&files().await.json)["days"], json!([]), "today is not over");
    server.clock.advance_ms(24 * 60 * 60 * 1000);
    sign(&server, 8, "KE", json!({})).await;
    let made = files().await;
    assert_eq!(&made.csv[..], b"day,country,counted\r\n2027-03-01,KE,5\r\n");
    let day = json!({ "day": "2027-03-01", "total": 5, "countries": { "KE": 5 }, "other": 0 });
    assert_eq!(json(&made.json)["days"], json!([day]));
    assert_eq!(files().await.json.as_ptr(), made.json.as_ptr(), "from memory");
}

#[tokio::test]
async fn open_data_of_a_campaign_that_hides_its_count_is_empty() {
    use crate::harness::Change as _;
    let hiding = campaign("example").hiding_below(100);
    let server = Server::with(Setup { campaigns: vec![hiding], ..Setup::default() }).await;
    for number in 0..7 {
        sign(&server, number, "KE", json!({})).await;
    }
    server.clock.advance_ms(24 * 60 * 60 * 1000);
    let stored = server.web.app.campaigns.get("example").unwrap();
    let files = OpenDataCache::default().files(&server.web.app, &stored, 5).await.unwrap();
    assert_eq!(&files.csv[..], b"day,country,counted\r\n");
}

#[tokio::test]
async fn the_qr_code_is_a_picture_that_any_page_may_show() {
    let server = Server::start().await;
    let answer = server.get("/api/v1/campaigns/example/qr.svg").await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), "image/svg+xml");
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    assert!(answer.text.contains("<svg") && !answer.text.contains("<script"), "{}", answer.text);
    let missing = server.get("/api/v1/campaigns/nowhere/qr.svg").await;
    missing.assert_problem(404, "campaign_not_found");
}
