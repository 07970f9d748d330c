#![allow(clippy::unwrap_used)]

use super::*;

const EXAMPLE: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../campaigns/example.toml"));

const SMALL: &str = r#"
slug = "small"
default_locale = "en"
origins = ["https://example.org"]
controller = "Us"
contact = "us@example.org"
retention_days = 30
[texts.en]
title = "T"
pledge = "P"
thanks = "Y"
button = "B"
privacy = "R"
"#;

/// Replaces one line of the small campaign and returns what is said about it.
fn refused(line: &str, with: &str) -> Vec<String> {
    assert!(SMALL.contains(line), "{line}");
    Campaign::from_toml(&SMALL.replacen(line, with, 1))
        .unwrap_err()
        .iter()
        .map(ToString::to_string)
        .collect()
}

#[test]
fn the_example_is_complete_and_valid() {
    let campaign = Campaign::from_toml(EXAMPLE).unwrap();
    assert_eq!(campaign.slug.as_str(), "example");
    assert!(campaign.allows_any_origin());
    assert_eq!(campaign.texts.keys().collect::<Vec<_>>(), ["ar", "en", "fr"]);
    assert_eq!(campaign.goal_for(0), Some(100));
    let json = serde_json::to_string(&campaign).unwrap();
    assert_eq!(serde_json::from_str::<Campaign>(&json).unwrap(), campaign);
}

#[test]
fn what_may_be_left_out_may_be_left_out() {
    let campaign = Campaign::from_toml(SMALL).unwrap();
    assert_eq!(campaign.goal, Goal::None);
    assert_eq!(campaign.rate_limit, Preset::Class);
    assert_eq!(campaign.look, Look::default());
}

#[test]
fn a_mistyped_key_is_refused_with_line_and_column_and_the_right_one() {
    assert_eq!(
        refused("title = \"T\"", "titel = \"T\""),
        [
            "line 8, column 1: texts.en.title is missing: a text in this language",
            "line 9, column 1: texts.en.titel is not a key here; did you mean title?",
        ]
    );
}

#[test]
fn every_bad_value_is_reported_at_once() {
    let bad = SMALL
        .replace("\"us@example.org\"", "\"javascript:alert(1)\"")
        .replace("30", "0")
        .replace("\"https://example.org\"", "\"https://example.org/page\", 7")
        .replace("\"small\"", "\"Small Town\"");
    let errors = Campaign::from_toml(&bad).unwrap_err();
    let keys: Vec<_> = errors.iter().map(|error| error.key.as_str()).collect();
    assert_eq!(keys, ["slug", "origins[0]", "origins[1]", "contact", "retention_days"]);
}

#[test]
fn a_javascript_url_is_refused_wherever_a_url_may_stand() {
    for bad in ["javascript:alert(1)", "http://example.org", "https://", "https://a b", "//x"] {
        let line = format!("retention_days = 30\npolicy_url = \"{bad}\"");
        let said = refused("retention_days = 30", &line);
        assert_eq!(said.len(), 1, "{bad}: {said:?}");
        assert!(
            said[0].contains("policy_url should be a URL that begins with https://"),
            "{said:?}"
        );
    }
}

#[test]
fn texts_are_plain_and_of_a_length_that_fits() {
    for bad in ["<script>alert(1)</script>", "", "a\\u0007b", "a\\u202eb"] {
        let said = refused("title = \"T\"", &format!("title = \"{bad}\""));
        assert!(said[0].contains("texts.en.title"), "{bad}: {said:?}");
    }
    let long = format!("button = \"{}\"", "x".repeat(41));
    assert!(refused("button = \"B\"", &long)[0].contains("at most 40 fit"));
}

#[test]
fn a_broken_document_says_where() {
    let said = refused("origins = [", "origins = ");
    assert!(said[0].starts_with("line 4, column "), "{said:?}");
}

#[test]
fn the_default_locale_must_have_texts() {
    let said = refused("default_locale = \"en\"", "default_locale = \"fr\"");
    assert_eq!(said, ["line 3, column 18: default_locale has no texts: add a table [texts.fr]"]);
}

#[test]
fn a_campaign_closes_after_it_opens() {
    let times = "retention_days = 30\nopens = 2026-01-02T00:00:00Z\ncloses = 2026-01-01T00:00:00Z";
    assert!(refused("retention_days = 30", times)[0].contains("closes is not after `opens`"));
    assert!(
        refused("retention_days = 30", "retention_days = 30\nopens = 2026-01-02")[0]
            .contains("opens should be a time with its offset")
    );
}

#[test]
fn opening_is_inclusive_and_closing_exclusive() {
    let mut campaign = Campaign::from_toml(SMALL).unwrap();
    let at = |second| Timestamp::from_second(second).unwrap();
    assert_eq!(campaign.status(at(0)), CampaignStatus::Open);
    campaign.opens = Some(at(10));
    campaign.closes = Some(at(20));
    assert_eq!(campaign.status(at(9)), CampaignStatus::NotYetOpen);
    assert_eq!(campaign.status(at(10)), CampaignStatus::Open);
    assert_eq!(campaign.status(at(19)), CampaignStatus::Open);
    assert_eq!(campaign.status(at(20)), CampaignStatus::Closed);
}

#[test]
fn texts_fall_back_to_the_language_and_then_to_the_default() {
    let campaign = Campaign::from_toml(EXAMPLE).unwrap();
    assert_eq!(campaign.texts_for("fr-CA").0, "fr");
    assert_eq!(campaign.texts_for("ar").0, "ar");
    assert_eq!(campaign.texts_for("sw").0, "en");
}

proptest::proptest! {
    #[test]
    fn parsing_never_panics(text in ".{0,200}") {
        let _ = Campaign::from_toml(&text);
    }

    #[test]
    fn parsing_a_damaged_example_never_panics(at in 0..EXAMPLE.len(), with in "[\\[\\]=\"'#.a\\n0-]{0,3}") {
        let at = (0..=at).rev().find(|at| EXAMPLE.is_char_boundary(*at)).unwrap();
        let text = format!("{}{with}{}", &EXAMPLE[..at], EXAMPLE[at..].chars().skip(1).collect::<String>());
        let _ = Campaign::from_toml(&text);
    }
}
