#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use countersign_shared::admin::campaigns::Stage;
use countersign_shared::campaign::Privacy;
use countersign_shared::{FormFields, Texts};
use proptest::collection::{btree_map, btree_set, vec};
use proptest::option;
use proptest::prelude::*;

use super::*;

const EXAMPLE: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../campaigns/example.toml"));

/// Text that the rules take, with all that a file must escape.
fn words(most: usize) -> impl Strategy<Value = String> {
    vec(prop_oneof!["[a-zé\"\\\\#='\\[\\]]{1,6}", "[\\n ]"], 1..most / 12)
        .prop_map(|parts| format!("x{}x", parts.concat()))
}

fn texts() -> impl Strategy<Value = Texts> {
    let lead = prop_oneof![Just(String::new()), words(200)];
    (words(100), words(200), lead, words(200), words(36), words(200)).prop_map(
        |(title, pledge, lead, thanks, button, privacy)| Texts {
            title,
            pledge,
            lead,
            thanks,
            button,
            privacy,
        },
    )
}

fn goals() -> impl Strategy<Value = GoalSettings> {
    prop_oneof![
        Just(GoalSettings::None),
        (1_u64..u64::MAX).prop_map(|goal| GoalSettings::Fixed { goal }),
        (btree_set(1_u64..1_000_000_000, 1..6), 100_u32..=1000).prop_map(|(steps, rise)| {
            GoalSettings::Steps {
                steps: steps.into_iter().collect(),
                rise_at: f64::from(rise) / 1000.0,
            }
        }),
    ]
}

fn looks() -> impl Strategy<Value = LookSettings> {
    let names = |names: &'static [&'static str]| prop::sample::select(names);
    let fonts = names(&["system", "serif", "rounded", "mono"]);
    ("#[0-9a-f]{6}", 0_u8..=32, fonts, names(&["auto", "light", "dark"])).prop_map(
        |(accent, radius, font, scheme)| LookSettings {
            accent,
            radius,
            font: font.to_owned(),
            scheme: scheme.to_owned(),
        },
    )
}

fn settings() -> impl Strategy<Value = CampaignSettings> {
    let locales = prop::sample::select(vec!["en", "fr", "ar", "pt-BR"]);
    let spoken = btree_map(locales.prop_map(str::to_owned), texts(), 1..4);
    let times = (0_i64..4_000_000_000_000, 1_i64..4_000_000_000_000);
    let times = (times, any::<(bool, bool)>()).prop_map(|((opens, lasts), (has, ends))| {
        let time = |ms| Timestamp::from_millisecond(ms).unwrap().to_string();
        (has.then(|| time(opens)), ends.then(|| time(opens + lasts)))
    });
    let privacy =
        (words(100), 1_u32..=3650, any::<bool>()).prop_map(|(controller, days, policy)| Privacy {
            controller,
            contact: "us@example.org".to_owned(),
            retention_days: days,
            policy_url: policy.then(|| "https://example.org/privacy?a=b#c".to_owned()),
        });
    let names = |names: &'static [&'static str]| prop::sample::select(names);
    let rest = (
        prop::sample::select(Stage::ALL.to_vec()),
        any::<[bool; 6]>(),
        (0_u64..1_000_000, 1_u64..=1000),
        names(&["strict", "class", "event"]),
        option::of(Just("https://a.example")),
    );
    (spoken, goals(), looks(), times, privacy, rest).prop_map(
        |(texts, goal, look, (opens, closes), privacy, rest)| {
            let (stage, yes, (total, groups), rate_limit, origin) = rest;
            CampaignSettings {
                slug: "a-campaign".to_owned(),
                stage,
                default_locale: texts.keys().next().unwrap().clone(),
                texts,
                fields: FormFields { message: yes[0], public_name: yes[1], updates: yes[2] },
                goal,
                look,
                origins: origin.map(str::to_owned).into_iter().collect(),
                opens,
                closes,
                privacy,
                hide_count_below: total,
                hide_groups_below: groups,
                open_data: yes[3],
                rate_limit: rate_limit.to_owned(),
                require_rendered: yes[4],
                confirm_email: yes[5],
            }
        },
    )
}

proptest! {
    #[test]
    fn settings_to_toml_and_back_are_the_same(settings in settings()) {
        let campaign = Campaign::from_settings(&settings);
        let campaign = campaign.map_err(|faults| TestCaseError::fail(format!("{faults:?}")))?;
        prop_assert_eq!(&campaign.settings(), &settings);
        let read = Campaign::from_toml(&campaign.to_toml()).unwrap();
        prop_assert_eq!(read, campaign);
    }

    #[test]
    fn no_text_leaves_its_place_in_the_file(text in "\\PC{0,60}|[\"\\\\\\n\\[\\]=#\u{0}\u{7f}\u{202e}]{0,20}") {
        let mut settings = Campaign::from_toml(EXAMPLE).unwrap().settings();
        settings.texts.get_mut("fr").unwrap().title = text.clone();
        settings.origins = vec![text.clone()];
        settings.opens = Some(text.clone());
        settings.slug = text.clone();
        let places = ["slug", "origins[0]", "opens", "texts.fr.title"];
        if let Err(faults) = Campaign::from_settings(&settings) {
            for fault in faults {
                prop_assert!(places.contains(&fault.field.as_str()), "{}: {}", fault.field, fault.reason);
            }
        }
    }
}

#[test]
fn the_example_comes_back_as_it_was() {
    let example = Campaign::from_toml(EXAMPLE).unwrap();
    let written = example.to_toml();
    assert_eq!(Campaign::from_toml(&written).unwrap(), example);
    assert_eq!(Campaign::from_settings(&example.settings()).unwrap(), example);
    let keys = |text: &str| -> Vec<String> {
        let lines = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
        lines.map(|line| line.split(" =").next().unwrap().to_owned()).collect()
    };
    assert_eq!(keys(&written), keys(EXAMPLE), "in the order of the example");
}

#[test]
fn faults_have_the_names_of_the_form() {
    let mut settings = Campaign::from_toml(EXAMPLE).unwrap().settings();
    settings.look.accent = "red".to_owned();
    settings.privacy.retention_days = 0;
    settings.privacy.contact = "javascript:alert(1)".to_owned();
    settings.goal = GoalSettings::Steps { steps: vec![3, 2], rise_at: f64::NAN };
    settings.texts.get_mut("fr").unwrap().title.clear();
    settings.hide_groups_below = 0;
    let faults = Campaign::from_settings(&settings).unwrap_err();
    let fields: Vec<_> = faults.iter().map(|fault| fault.field.as_str()).collect();
    assert_eq!(
        fields,
        [
            "privacy.contact",
            "privacy.retention_days",
            "hide_groups_below",
            "goal.steps",
            "goal.rise_at",
            "look.accent",
            "texts.fr.title"
        ]
    );
    settings.goal = GoalSettings::Fixed { goal: 0 };
    let faults = Campaign::from_settings(&settings).unwrap_err();
    assert!(faults.iter().any(|fault| fault.field == "goal.goal"), "{faults:?}");
    settings.texts = BTreeMap::new();
    assert!(Campaign::from_settings(&settings).is_err());
}

#[test]
fn settings_stored_before_there_were_stages_are_live_with_the_usual_k() {
    let mut json = serde_json::to_value(Campaign::from_toml(EXAMPLE).unwrap()).unwrap();
    for key in ["stage", "hide_groups_below", "open_data"] {
        json.as_object_mut().unwrap().remove(key).unwrap();
    }
    let campaign: Campaign = serde_json::from_value(json).unwrap();
    assert_eq!(campaign, Campaign::from_toml(EXAMPLE).unwrap());
    assert_eq!((campaign.stage, campaign.hide_groups_below), (Stage::Live, 5));
}
