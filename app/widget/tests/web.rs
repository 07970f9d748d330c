//! The living widget on a real document, with the network played by the test.
#![cfg(all(target_arch = "wasm32", feature = "hydrate"))]
#![allow(clippy::unwrap_used)]

mod stage;

use stage::Stage;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
async fn it_takes_over_what_was_painted_and_what_was_typed_before() {
    let stage = Stage::painted();
    let before = stage.find("#cs-name");
    stage.type_into("name", "Amina");
    let stage = stage.mount();
    assert_eq!(before, stage.find("#cs-name"), "the same element, not a new one");
    assert_eq!(stage.value("name"), "Amina");
    assert_eq!(stage.heard(), ["pledge:ready"]);
    stage.until("the pause button shows", |stage| stage.visible(".cs-pause")).await;
    stage.end();
}

#[wasm_bindgen_test]
async fn every_error_shows_at_once_and_the_first_takes_the_focus() {
    let stage = Stage::painted().mount();
    stage.submit();
    stage.until("three errors", |stage| stage.count("[aria-invalid=true]") == 3).await;
    assert_eq!(stage.text("#cs-name-note"), "error-name-missing");
    assert_eq!(stage.text("#cs-email-note"), "error-email-missing");
    assert_eq!(stage.text("#cs-country-note"), "error-country-missing");
    assert_eq!(stage.focused(), "name");
    assert_eq!(stage.asked("/pledges"), 0, "nothing is sent");

    stage.type_into("name", "Amina");
    stage.until("the error goes", |stage| stage.count("[aria-invalid=true]") == 2).await;
    stage.end();
}

#[wasm_bindgen_test]
async fn a_mistyped_domain_is_asked_about_and_never_rewritten() {
    let stage = Stage::painted().mount();
    stage.type_into("email", "amina@gmial.com");
    stage.leave("email");
    stage.until("the question", |stage| stage.visible(".cs-suggest")).await;
    assert_eq!(stage.value("email"), "amina@gmial.com");
    stage.click(".cs-suggest");
    assert_eq!(stage.value("email"), "amina@gmail.com");
    stage.until("it is gone", |stage| !stage.visible(".cs-suggest")).await;
    stage.end();
}

#[wasm_bindgen_test]
async fn fault_01_a_double_click_sends_once_and_thanks_by_name() {
    let stage = Stage::painted().mount();
    stage.answer("/pledges", 201, r#"{"state":"counted","number":1201,"receipt":"ABCD"}"#);
    stage.fill();
    stage.submit();
    stage.submit();
    stage.until("the thanks", |stage| stage.visible("[part=signed]")).await;
    assert_eq!(stage.asked("/pledges"), 1);
    assert_eq!(stage.text("h2"), "signed-thanks signed-number");
    assert!(!stage.visible("form"));
    assert_eq!(stage.focused_tag(), "H2");
    assert!(stage.heard().contains(&"pledge:signed".to_owned()));
    stage.end();
}

#[wasm_bindgen_test]
async fn a_busy_server_gets_the_same_pledge_with_the_same_key_again() {
    let stage = Stage::painted().mount();
    stage.answer("/pledges", 503, r#"{"code":"busy"}"#);
    stage.fill();
    stage.submit();
    stage.until("it says so", |stage| stage.visible("[role=alert]")).await;
    stage.answer("/pledges", 201, r#"{"state":"counted","number":1201}"#);
    stage.until("the thanks", |stage| stage.visible("[part=signed]")).await;
    let keys = stage.keys();
    assert_eq!(keys.len(), 2);
    assert!(!keys[0].is_empty() && keys[0] == keys[1], "{keys:?}");
    stage.end();
}

#[wasm_bindgen_test]
async fn fault_29_too_many_says_when_and_waits() {
    let stage = Stage::painted().mount();
    stage.answer("/pledges", 429, r#"{"code":"rate_limited","retry_after":90}"#);
    stage.fill();
    stage.submit();
    stage.until("it says so", |stage| stage.text("[role=alert]") == "notice-limited-minutes").await;
    stage.submit();
    assert_eq!(stage.asked("/pledges"), 1);
    assert_eq!(stage.value("name"), "Amina Otieno", "what was typed is kept");
    stage.end();
}

#[wasm_bindgen_test]
async fn what_the_server_refuses_stands_beside_its_field() {
    let stage = Stage::painted().mount();
    stage.answer(
        "/pledges",
        422,
        r#"{"code":"invalid_input","fields":[{"field":"email","code":"email_invalid"}]}"#,
    );
    stage.fill();
    stage.submit();
    stage.until("the error", |stage| stage.text("#cs-email-note") == "error-email-invalid").await;
    assert_eq!(stage.focused(), "email");
    assert!(stage.heard().contains(&"pledge:error".to_owned()));
    stage.end();
}

#[wasm_bindgen_test]
async fn fault_14_the_number_never_falls_without_a_reason() {
    let stage = Stage::painted().mount();
    stage.streaming().await;
    stage.frame(r#"{"epoch":1,"seq":8,"total":1300,"goal":2000,"countries":{"KE":1000,"FR":300}}"#);
    stage.until("the number rises", |stage| stage.number() == 1300).await;
    stage.frame(r#"{"epoch":2,"seq":1,"total":1250,"goal":2000,"countries":{"KE":950,"FR":300}}"#);
    stage.frame(r#"{"epoch":2,"seq":2,"total":1310,"goal":2000,"countries":{"KE":1010}}"#);
    stage.until("a new epoch counts", |stage| stage.number() == 1310).await;
    assert!(stage.lowest() >= 1200, "{}", stage.lowest());
    stage.frame(
        r#"{"epoch":2,"seq":3,"total":900,"goal":2000,"countries":{"KE":600,"FR":300},"reason":"removed"}"#,
    );
    stage.until("pledges were removed", |stage| stage.number() == 900).await;
    assert_eq!(stage.text(".cs-fresh"), "status-removed");
    assert_eq!(stage.text("[role=status]"), "status-removed");
    stage.end();
}

#[wasm_bindgen_test]
async fn a_paused_number_stands_still_and_catches_up() {
    let stage = Stage::painted().mount();
    stage.streaming().await;
    stage.click(".cs-pause");
    stage.until("paused", |stage| stage.text(".cs-fresh") == "status-paused").await;
    stage.frame(r#"{"epoch":1,"seq":9,"total":1400,"goal":2000,"countries":{"KE":1100,"FR":300}}"#);
    stage.painted_again().await;
    assert_eq!(stage.number(), 1200);
    stage.click(".cs-pause");
    stage.until("it catches up", |stage| stage.number() == 1400).await;
    stage.end();
}

#[wasm_bindgen_test]
async fn another_language_keeps_what_was_typed() {
    let stage = Stage::painted().mount();
    stage.answer(
        "/locales/fr",
        200,
        r#"{"catalog":"@fr\nfield-name=Votre nom\n","countries":[{"code":"KE","name":"Le Kenya"}]}"#,
    );
    stage.fill();
    stage.click("a[hreflang=fr]");
    stage.until("French", |stage| stage.text("[for=cs-name]") == "Votre nom").await;
    assert_eq!((stage.value("name"), stage.value("country")), ("Amina Otieno".into(), "KE".into()));
    assert_eq!(stage.text("[part=title]"), "Avenirs égaux");
    assert_eq!(stage.attribute("[part=root]", "lang"), "fr");
    stage.end();
}

#[wasm_bindgen_test]
async fn taking_it_off_the_page_closes_everything() {
    let stage = Stage::painted().mount();
    stage.streaming().await;
    let source = stage.source();
    let heard = stage.heard().len();
    let stage = stage.unmount();
    assert_eq!(Stage::ready_state(&source), 2, "the stream is closed");
    assert_eq!(stage.html(), "");
    Stage::dispatch(&source, r#"{"epoch":1,"seq":99,"total":1999,"goal":2000,"countries":{}}"#);
    assert_eq!(stage.heard().len(), heard, "nobody hears it any more");
    stage.end();
}

#[wasm_bindgen_test]
async fn two_widgets_share_one_stream_and_the_last_closes_it() {
    // The second stage's network has taken the place of the first's when the stream opens.
    let (first, second) = (Stage::painted().mount(), Stage::painted().mount());
    second.streaming().await;
    assert_eq!(first.sources() + second.sources(), 1);
    let source = second.source();
    second.frame(r#"{"epoch":1,"seq":8,"total":1234,"goal":2000,"countries":{}}"#);
    for stage in [&first, &second] {
        stage.until("both move", |stage| stage.number() == 1234).await;
    }
    let first = first.unmount();
    assert_eq!(Stage::ready_state(&source), 1);
    let second = second.unmount();
    assert_eq!(Stage::ready_state(&source), 2);
    first.end();
    second.end();
}
