use std::fmt::Debug;

use serde::Serialize;
use serde_json::json;

use super::*;
use crate::Code;
use crate::admin::account::{Me, Token};
use crate::admin::campaigns::{CampaignDetail, CampaignSettings, LookSettings};
use crate::admin::insight::{Minute, Series, SeriesPoint};
use crate::admin::supporters::{Done, Supporter};

/// What serde writes is what is read.
#[track_caller]
fn comes_back<T: Serialize + FromJson + PartialEq + Debug>(value: &T) {
    let text = serde_json::to_string(value).unwrap_or_default();
    assert_eq!(from_text::<T>(&text).as_ref(), Some(value), "{text}");
}

fn totals() -> Totals {
    Totals {
        campaign: "example".into(),
        epoch: u64::MAX,
        seq: 7,
        total: Some(3),
        goal: None,
        countries: BTreeMap::from([("FR".into(), 2), ("DE".into(), 1)]),
        as_of: "2026-11-25T10:00:00Z".into(),
        partial: false,
        reason: Some("removed".into()),
        open: true,
        revision: 4,
    }
}

fn settings(goal: GoalSettings) -> CampaignSettings {
    let text = |words: &str| words.to_owned();
    let texts = Texts {
        title: text("A title"),
        pledge: text("I \"promise\""),
        lead: text(""),
        thanks: text("Danke schön"),
        button: text("Sign"),
        privacy: text("Kept\nfor a year"),
    };
    CampaignSettings {
        slug: text("example"),
        stage: Stage::Archived,
        default_locale: text("en"),
        texts: BTreeMap::from([(text("en"), texts.clone()), (text("de"), texts)]),
        fields: FormFields { message: true, public_name: false, updates: true },
        goal,
        look: LookSettings {
            accent: text("#b3125f"),
            radius: 32,
            font: text("serif"),
            scheme: text("auto"),
        },
        origins: vec![text("https://a.example"), text("https://b.example")],
        opens: None,
        closes: Some(text("2026-12-01T00:00:00Z")),
        privacy: Privacy { retention_days: 30, policy_url: None, ..Privacy::default() },
        hide_count_below: 0,
        hide_groups_below: 5,
        open_data: true,
        rate_limit: text("class"),
        require_rendered: false,
        confirm_email: false,
    }
}

#[test]
fn what_serde_writes_is_read() {
    comes_back(&true);
    comes_back(&-7_i64);
    comes_back(&0.25_f64);
    comes_back(&5.0_f64);
    comes_back(&());
    comes_back(&json!({"any": ["thing", 1, null]}));
    comes_back(&vec![Some(1_u16), None]);
    comes_back(&totals());
    comes_back(&Totals { open: false, partial: true, reason: None, ..totals() });
    let mut problem = Problem::new(Code::NameMissing, 422);
    comes_back(&problem);
    problem.detail = Some("More".into());
    problem.fields = vec![FieldError::new("name", Code::NameMissing)];
    problem.retry_after = Some(9);
    comes_back(&problem);
    for status in [CampaignStatus::NotYetOpen, CampaignStatus::Open, CampaignStatus::Closed] {
        comes_back(&status);
    }
    comes_back(&Role::ALL.to_vec());
    comes_back(&Stage::ALL.to_vec());
    comes_back(&Page { items: vec![1_u32, 2], next: Some("2".into()) });
    comes_back(&Page::<String> { items: Vec::new(), next: None });
    comes_back(&Token {
        id: i64::MIN,
        name: "a name".into(),
        role: Role::Moderator,
        made_by: String::new(),
        created_at: "2026-11-25T10:00:00Z".into(),
        expires_at: None,
        used_at: Some("2026-11-25T10:00:00Z".into()),
    });
    comes_back(&Series {
        bucket: "hour".into(),
        time_zone: String::new(),
        points: vec![SeriesPoint { start: "x".into(), counted: 1, paper: 0, total: 2 }],
        marks: Vec::new(),
    });
}

#[test]
fn settings_are_read_whatever_their_goal() {
    let steps = GoalSettings::Steps { steps: vec![100, 1_000], rise_at: 0.9 };
    for goal in [GoalSettings::None, GoalSettings::Fixed { goal: 5 }, steps] {
        let settings = settings(goal);
        comes_back(&settings);
        comes_back(&CampaignDetail {
            settings,
            status: CampaignStatus::Open,
            revision: 12,
            embed_token: String::new(),
            page_url: String::new(),
            server_url: String::new(),
        });
    }
}

#[test]
fn what_is_absent_is_empty() {
    assert_eq!(from_text("{}"), Some(Minute { at: String::new(), counted: 0 }));
    let page = Page::<Minute> { items: Vec::new(), next: None };
    assert_eq!(from_text(r#"{"items": null}"#), Some(page));
    assert_eq!(from_text::<Totals>("{}").map(|totals| totals.open), Some(true));
}

#[test]
fn what_does_not_fit_is_refused() {
    assert_eq!(from_text::<Minute>("null"), None);
    assert_eq!(from_text::<Minute>("not JSON"), None);
    assert_eq!(from_text::<Minute>(r#"{"at": 5, "counted": 1}"#), None);
    assert_eq!(from_text::<Minute>(r#"{"at": "x", "counted": -1}"#), None);
    assert_eq!(from_text::<Vec<Minute>>(r#"[{"at": []}]"#), None);
    assert_eq!(from_text::<Vec<String>>(r#"{"0": "x"}"#), None);
    assert_eq!(from_text::<BTreeMap<String, u64>>(r#"{"FR": "x"}"#), None);
    assert_eq!(from_text::<u8>("256"), None);
    assert_eq!(from_text::<Role>(r#""king""#), None);
    assert_eq!(from_text::<GoalSettings>(r#"{"kind": "dream"}"#), None);
    // Nobody is an organizer without a role.
    assert_eq!(from_text::<Me>("{}"), None);
}

#[test]
fn an_answer_of_another_kind_is_not_read_as_somebody_without_an_id() {
    let one = r#"{"id": 7, "state": "counted"}"#;
    assert_eq!(from_text::<Supporter>(one).map(|one| one.id), Some(7));
    let done = format!(r#"{{"supporter": {one}, "total": 3}}"#);
    assert_eq!(from_text::<Supporter>(&done), None);
    let done = from_text::<Done>(&done);
    assert_eq!(done.and_then(|done| done.supporter).map(|one| one.id), Some(7));
    assert_eq!(from_text::<Supporter>(r#"{"id": null}"#), None);
}
