//! What the server paints, in every state; and the fixture that the browser's tests hydrate.
#![cfg(all(not(target_arch = "wasm32"), feature = "ssr"))]
#![allow(clippy::unwrap_used)]

mod common;

use std::path::Path;

use common::state;
use countersign_shared::widget::{Posted, Signed};
use countersign_shared::{CampaignStatus, Code, FieldError, PledgeForm, View, WidgetState};
use countersign_widget::render;

/// The opening tag that holds a text.
fn tag<'a>(html: &'a str, holding: &str) -> &'a str {
    let at = html.find(holding).unwrap_or_else(|| panic!("{holding} is nowhere in {html}"));
    let from = html[..at].rfind('<').unwrap();
    let to = at + html[at..].find('>').unwrap();
    &html[from..=to]
}

fn hidden(html: &str, holding: &str) -> bool {
    tag(html, holding).contains(" hidden")
}

fn posted(posted: Posted) -> String {
    render(&WidgetState { posted: Some(posted), ..state() })
}

/// `UPDATE_FIXTURE=1 cargo test -p countersign-widget --features ssr --test painted` after a change.
#[test]
fn the_fixture_of_the_browser_tests_is_what_is_painted_now() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixture");
    let json = serde_json::to_string_pretty(&state()).unwrap() + "\n";
    for (name, now) in [("state.json", json), ("widget.html", render(&state()) + "\n")] {
        let path = folder.join(name);
        if std::env::var_os("UPDATE_FIXTURE").is_some() {
            std::fs::write(&path, &now).unwrap();
        }
        let before = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(before == now, "{name} is out of date: run this test once with UPDATE_FIXTURE=1");
    }
}

#[test]
fn the_same_state_paints_the_same_bytes_as_one_element() {
    let html = render(&state());
    assert_eq!(html, render(&state()));
    assert!(html.starts_with("<div class=\"cs-root\" part=\"root\""), "{html}");
    assert!(html.ends_with("</div>"));
}

#[test]
fn the_form_works_without_script() {
    let html = render(&state());
    let form = tag(&html, "method=\"post\"");
    assert!(form.contains("action=\"/c/fair\"") && form.contains("novalidate"), "{form}");
    assert!(!form.contains(" hidden"));
    for name in ["name", "email", "country", "message", "public_name", "updates", "website"] {
        assert!(html.contains(&format!("name=\"{name}\"")), "{name}");
    }
    assert!(tag(&html, "name=\"rendered\"").contains("value=\"stamp\""));
    assert!(tag(&html, "name=\"locale\"").contains("value=\"en\""));
    assert!(tag(&html, "hreflang=\"fr\"").contains("href=\"?lang=fr"));
    // What needs script waits for it.
    for needs_script in ["data-do=\"pause\"", "data-do=\"copy\"", "data-do=\"share\""] {
        assert!(hidden(&html, needs_script), "{needs_script}");
    }
    assert!(!html.contains("<noscript") && !html.contains("<script"));
}

#[test]
fn what_is_passed_on_says_so_and_the_notice_says_what_is_counted() {
    let html = render(&state());
    for way in ["https://wa.me/?text=", "mailto:?subject="] {
        let link = tag(&html, way);
        assert!(link.contains("utm_source%3Dshare") && link.contains("data-do=\"pass\""), "{link}");
    }
    assert!(html.contains("privacy-views"), "{html}");
    assert!(!html.contains("utm_source=share"), "the page itself is not passed on");
}

#[test]
fn no_style_attribute_that_a_strict_policy_would_refuse() {
    for view in [View::Full, View::Counter] {
        assert!(!render(&WidgetState { view, ..state() }).contains("style="));
    }
}

#[test]
fn every_input_has_a_label_a_line_and_the_right_keyboard() {
    let html = render(&state());
    for name in ["name", "email", "country", "message"] {
        assert!(html.contains(&format!("for=\"cs-{name}\"")), "{name}");
        let input = tag(&html, &format!("id=\"cs-{name}\""));
        assert!(input.contains(&format!("aria-describedby=\"cs-{name}-note\"")), "{input}");
        assert!(html.contains(&format!("id=\"cs-{name}-note\"")), "{name}");
        assert!(!input.contains("aria-invalid"), "{input}");
    }
    let email = tag(&html, "id=\"cs-email\"");
    assert!(email.contains("type=\"email\"") && email.contains("autocomplete=\"email\""));
    assert!(tag(&html, "id=\"cs-country\"").contains("autocomplete=\"country\""));
}

#[test]
fn errors_stand_beside_their_fields_and_what_was_typed_is_kept() {
    let html = posted(Posted {
        form: PledgeForm {
            name: "Amina \"A\" <b>".to_owned(),
            email: "amina@".to_owned(),
            country: "KE".to_owned(),
            message: Some("</textarea><script>".to_owned()),
            ..PledgeForm::default()
        },
        errors: vec![FieldError::new("email", Code::EmailInvalid)],
        ..Posted::default()
    });
    assert!(tag(&html, "id=\"cs-name\"").contains("value=\"Amina &quot;A&quot; &lt;b&gt;\""));
    assert!(tag(&html, "id=\"cs-email\"").contains("aria-invalid=\"true\""));
    assert!(html.contains(">error-email-invalid</p>"), "{html}");
    assert!(html.contains("<option value=\"KE\" selected>Kenya</option>"));
    assert!(html.contains("&lt;/textarea&gt;&lt;script&gt;"));
}

#[test]
fn fault_38_script_in_any_text_is_inert() {
    const NASTY: &str = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>";
    let mut state = state();
    state.campaign.privacy.controller = NASTY.to_owned();
    state.campaign.privacy.contact = NASTY.to_owned();
    state.campaign.rendered = NASTY.to_owned();
    state.campaign.slug = NASTY.to_owned();
    state.countries[0].name = NASTY.to_owned();
    for texts in state.campaign.texts.values_mut() {
        for text in [
            &mut texts.title,
            &mut texts.pledge,
            &mut texts.lead,
            &mut texts.thanks,
            &mut texts.button,
            &mut texts.privacy,
        ] {
            *text = NASTY.to_owned();
        }
    }
    let signed =
        Signed { name: NASTY.to_owned(), number: Some(1), receipt: Some(NASTY.to_owned()) };
    state.posted = Some(Posted { signed: Some(signed), ..Posted::default() });
    for view in [View::Full, View::Counter] {
        let html = render(&WidgetState { view, ..state.clone() });
        assert!(!html.contains("<script") && !html.contains("<img"), "{html}");
    }
}

#[test]
fn the_thanks_take_the_place_of_the_form() {
    let signed =
        Signed { name: "Amina".to_owned(), number: Some(1201), receipt: Some("ABCD".to_owned()) };
    let html = posted(Posted { signed: Some(signed), ..Posted::default() });
    assert!(hidden(&html, "method=\"post\"") && !hidden(&html, "part=\"signed\""));
    assert!(html.contains("signed-thanks signed-number"), "{html}");
    assert!(html.contains("https://wa.me/?text=I%20will%20speak%20up.%20https%3A%2F%2Fpledge"));
}

#[test]
fn a_campaign_that_is_not_open_says_so_and_shows_no_form() {
    for (status, words) in [
        (CampaignStatus::NotYetOpen, ["not-open-title", "opens-at"]),
        (CampaignStatus::Closed, ["closed-title", "closed-at"]),
    ] {
        let mut state = state();
        state.campaign.status = status;
        let html = render(&state);
        assert!(hidden(&html, "method=\"post\"") && !hidden(&html, "part=\"closed\""), "{html}");
        assert!(words.iter().all(|word| html.contains(word)), "{html}");
    }
}

#[test]
fn a_hidden_count_shows_no_number_and_no_bar() {
    let mut state = state();
    state.campaign.totals.total = None;
    state.campaign.totals.countries.clear();
    let html = render(&state);
    assert!(hidden(&html, "class=\"cs-count\"") && hidden(&html, "part=\"bar\""), "{html}");
    assert!(html.contains("status-first"));
}

#[test]
fn fault_11_no_goal_a_goal_of_nought_and_more_than_the_goal_are_painted() {
    for (goal, total, max, value) in
        [(Some(0), 5, "1", "1"), (Some(10), 5, "10", "5"), (Some(10), 1 << 33, "10", "10")]
    {
        let mut state = state();
        (state.campaign.totals.goal, state.campaign.totals.total) = (goal, Some(total));
        let html = render(&state);
        let bar = tag(&html, "part=\"bar\"");
        assert!(bar.contains(&format!("max=\"{max}\"")), "{bar}");
        assert!(bar.contains(&format!("value=\"{value}\"")), "{bar}");
    }
    let mut state = state();
    state.campaign.totals.goal = None;
    assert!(hidden(&render(&state), "part=\"bar\""));
}

#[test]
fn the_counter_leads_to_the_campaign_and_names_the_leading_countries() {
    let html = render(&WidgetState { view: View::Counter, ..state() });
    assert!(!html.contains("<form"));
    assert!(html.contains("href=\"https://pledge.example.org/c/fair\""));
    let (kenya, france) = (html.find(">Kenya<").unwrap(), html.find(">France<").unwrap());
    assert!(kenya < france, "the most pledges come first");
}
