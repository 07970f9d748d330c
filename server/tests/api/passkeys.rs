//! Passkeys: made once, shown to sign in, and to nobody but us.

use countersign::organizer::Role;
use serde_json::{Value, json};

use crate::harness::{Answer, Authenticator, Browser, Server};

const PASSKEYS: &str = "/api/v1/admin/passkeys";
const SIGN_IN: &str = "/api/v1/admin/session/passkey";

/// The address under which passkeys know this machine.
fn origin(server: &Server) -> String {
    format!("http://localhost:{}", server.web.app.config.listen.port())
}

async fn begin(browser: &Browser, path: &str) -> Value {
    let answer = browser.post(&format!("{path}/begin"), &json!({})).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()
}

pub async fn add(server: &Server, browser: &Browser, passkey: &mut Authenticator) -> Answer {
    let options = begin(browser, PASSKEYS).await;
    let made = passkey.create(&options, &origin(server));
    browser.post(PASSKEYS, &json!({ "name": "My laptop", "credential": made })).await
}

#[tokio::test]
async fn a_passkey_is_added_and_lets_its_owner_in_without_an_address() {
    let server = Server::start().await;
    let owner = server.organizer(Role::Owner).await;
    let mut passkey = Authenticator::new(1);
    let options = begin(&owner, PASSKEYS).await;
    assert_eq!(options["publicKey"]["rp"]["id"], "localhost");
    assert_eq!(options["publicKey"]["authenticatorSelection"]["residentKey"], "required");
    assert_eq!(options["publicKey"]["authenticatorSelection"]["userVerification"], "required");
    assert_eq!(add(&server, &owner, &mut passkey).await.status, 204);
    let me = owner.get("/api/v1/admin/session").await.json();
    assert_eq!((&me["passkeys"], &me["passkeys_possible"]), (&json!(1), &json!(true)));
    let listed = owner.get(PASSKEYS).await.json();
    assert_eq!(listed[0]["name"], "My laptop");
    assert!(listed[0]["used_at"].is_null());
    for _ in 0..2 {
        let browser = server.browser();
        let options = begin(&browser, SIGN_IN).await;
        assert!(options["publicKey"].get("allowCredentials").is_none_or(|it| it == &json!([])));
        let shown = passkey.get(&options, &origin(&server));
        let answer = browser.post(SIGN_IN, &shown).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        assert_eq!(answer.json()["email"], me["email"]);
        assert_eq!(browser.get("/api/v1/admin/session").await.status, 200);
    }
    assert!(owner.get(PASSKEYS).await.json()[0]["used_at"].is_string());
}

#[tokio::test]
async fn what_was_shown_once_opens_nothing_again() {
    let server = Server::start().await;
    let owner = server.organizer(Role::Owner).await;
    let mut passkey = Authenticator::new(1);
    assert_eq!(add(&server, &owner, &mut passkey).await.status, 204);
    let browser = server.browser();
    let options = begin(&browser, SIGN_IN).await;
    let ceremony = browser.cookie("__Host-countersign-ceremony").unwrap();
    let shown = passkey.get(&options, &origin(&server));
    assert_eq!(browser.post(SIGN_IN, &shown).await.status, 200);
    let thief = server.browser();
    thief.post(SIGN_IN, &shown).await.assert_problem(422, "passkey_refused");
    thief.set("__Host-countersign-ceremony", &ceremony);
    thief.post(SIGN_IN, &shown).await.assert_problem(422, "passkey_refused");
    // Nor in another ceremony, nor after its time.
    begin(&thief, SIGN_IN).await;
    thief.post(SIGN_IN, &shown).await.assert_problem(422, "passkey_refused");
    let options = begin(&browser, SIGN_IN).await;
    let shown = passkey.get(&options, &origin(&server));
    server.clock.advance_ms(5 * 60_000);
    browser.post(SIGN_IN, &shown).await.assert_problem(422, "passkey_refused");
}

#[tokio::test]
async fn another_site_another_key_and_another_organizer_are_refused() {
    let server = Server::start().await;
    let (owner, other) =
        (server.organizer(Role::Owner).await, server.organizer(Role::Editor).await);
    let mut passkey = Authenticator::new(1);
    let phished = {
        let options = begin(&owner, PASSKEYS).await;
        passkey.create(&options, "http://evil.example")
    };
    let form = json!({ "name": "My laptop", "credential": phished });
    owner.post(PASSKEYS, &form).await.assert_problem(422, "passkey_refused");
    assert_eq!(add(&server, &owner, &mut passkey).await.status, 204);
    add(&server, &other, &mut Authenticator::new(1)).await.assert_problem(422, "passkey_refused");
    let browser = server.browser();
    let options = begin(&browser, SIGN_IN).await;
    let shown = passkey.get(&options, "http://evil.example");
    browser.post(SIGN_IN, &shown).await.assert_problem(422, "passkey_refused");
    // A signature of somebody else's under this credential's name.
    let mut forged = Authenticator::new(2);
    let options = begin(&browser, SIGN_IN).await;
    let mut shown = passkey.get(&options, &origin(&server));
    forged.create(&json!({ "publicKey": { "user": { "id": "AA" }, "rp": { "id": "localhost" }, "challenge": "AA" } }), "");
    shown["response"]["signature"] =
        forged.get(&options, &origin(&server))["response"]["signature"].clone();
    browser.post(SIGN_IN, &shown).await.assert_problem(422, "passkey_refused");
    // An unknown one.
    let options = begin(&browser, SIGN_IN).await;
    let shown = forged.get(&options, &origin(&server));
    browser.post(SIGN_IN, &shown).await.assert_problem(422, "passkey_refused");
    for odd in [json!({}), json!({ "id": 1 }), json!({ "credential": shown })] {
        begin(&browser, SIGN_IN).await;
        browser.post(SIGN_IN, &odd).await.assert_problem(422, "passkey_refused");
    }
    browser.get("/api/v1/admin/session").await.assert_problem(401, "unauthorized");
}

#[tokio::test]
async fn the_last_passkey_of_an_account_without_a_password_stays() {
    let server = Server::start().await;
    let owner = server.organizer(Role::Owner).await;
    assert_eq!(add(&server, &owner, &mut Authenticator::new(1)).await.status, 204);
    let id = owner.get(PASSKEYS).await.json()[0]["id"].clone();
    let path = format!("{PASSKEYS}/{id}");
    owner.delete(&path).await.assert_problem(409, "last_way_in");
    let other = server.organizer(Role::Owner).await;
    other.delete(&path).await.assert_problem(404, "not_found");
    assert_eq!(add(&server, &owner, &mut Authenticator::new(2)).await.status, 204);
    assert_eq!(owner.delete(&path).await.status, 204);
}
