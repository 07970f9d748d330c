//! Settings as a campaign file: the keys in the order of `campaigns/example.toml`.

use std::fmt::Write as _;

use countersign_shared::admin::campaigns::{CampaignSettings, GoalSettings};
use jiff::Timestamp;

/// Any settings, the faulty ones too: what is wrong is found when the text is read.
pub(super) fn toml(settings: &CampaignSettings) -> String {
    let mut file = File::default();
    let it = settings;
    file.comment("A campaign of Countersign: `countersign campaign apply FILE` takes it in.");
    file.line("slug", text(&it.slug));
    file.comment("draft, live or archived");
    file.line("stage", text(it.stage.as_str()));
    file.line("default_locale", text(&it.default_locale));
    file.comment("The sites whose pages may send pledges and show the frame.");
    file.line("origins", list(it.origins.iter().map(|origin| text(origin))));
    file.may("opens", it.opens.as_deref().map(time));
    file.may("closes", it.closes.as_deref().map(time));
    file.comment("Who answers for the data, and how long it is kept.");
    file.line("controller", text(&it.privacy.controller));
    file.line("contact", text(&it.privacy.contact));
    file.may("policy_url", it.privacy.policy_url.as_deref().map(text));
    file.line("retention_days", it.privacy.retention_days.to_string());
    file.comment("A total, and groups, that are too small to be shown.");
    file.line("hide_count_below", it.hide_count_below.to_string());
    file.line("hide_groups_below", it.hide_groups_below.to_string());
    file.comment("Whether anybody may fetch the numbers by day and country as a file.");
    file.line("open_data", it.open_data.to_string());
    file.comment("strict, class or event");
    file.line("rate_limit", text(&it.rate_limit));
    file.line("require_rendered", it.require_rendered.to_string());
    file.comment("Whether a pledge counts only once its mailbox has confirmed it.");
    file.line("confirm_email", it.confirm_email.to_string());
    file.table("fields");
    file.line("message", it.fields.message.to_string());
    file.line("public_name", it.fields.public_name.to_string());
    file.line("updates", it.fields.updates.to_string());
    goal(&mut file, &it.goal);
    file.table("theme");
    file.line("accent", text(&it.look.accent));
    file.line("radius", it.look.radius.to_string());
    file.line("font", text(&it.look.font));
    file.line("scheme", text(&it.look.scheme));
    // The default one first, as people read it.
    let default = it.texts.get_key_value(&it.default_locale);
    let others = it.texts.iter().filter(|(locale, _)| **locale != it.default_locale);
    for (locale, texts) in default.into_iter().chain(others) {
        file.table(&format!("texts.{}", key(locale)));
        file.line("title", text(&texts.title));
        file.line("pledge", text(&texts.pledge));
        file.may("lead", Some(text(&texts.lead)).filter(|_| !texts.lead.is_empty()));
        file.line("thanks", text(&texts.thanks));
        file.line("button", text(&texts.button));
        file.line("privacy", text(&texts.privacy));
    }
    file.0
}

fn goal(file: &mut File, goal: &GoalSettings) {
    match goal {
        GoalSettings::None => {}
        GoalSettings::Fixed { goal } => {
            file.table("goal");
            file.line("fixed", goal.to_string());
        }
        GoalSettings::Steps { steps, rise_at } => {
            file.table("goal");
            file.line("steps", list(steps.iter().map(u64::to_string)));
            file.line("rise_at", float(*rise_at));
        }
    }
}

#[derive(Default)]
struct File(String);

impl File {
    fn comment(&mut self, words: &str) {
        let gap = if self.0.is_empty() { "" } else { "\n" };
        let _ = writeln!(self.0, "{gap}# {words}");
    }

    fn table(&mut self, name: &str) {
        let _ = writeln!(self.0, "\n[{name}]");
    }

    fn line(&mut self, key: &str, value: String) {
        let _ = writeln!(self.0, "{key} = {value}");
    }

    fn may(&mut self, key: &str, value: Option<String>) {
        if let Some(value) = value {
            self.line(key, value);
        }
    }
}

/// A basic string (TOML 1.0, "String").
fn text(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            c if c.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// Bare where it may be.
fn key(name: &str) -> String {
    let bare = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if bare { name.to_owned() } else { text(name) }
}

/// As a date of TOML where it is one; else as the text that it is, to be refused in its place.
fn time(at: &str) -> String {
    at.parse::<Timestamp>().map_or_else(|_| text(at), |at| at.to_string())
}

fn list(items: impl Iterator<Item = String>) -> String {
    format!("[{}]", items.collect::<Vec<_>>().join(", "))
}

/// TOML has words of its own for what is no number.
fn float(number: f64) -> String {
    if number.is_nan() {
        return "nan".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 { "inf".to_owned() } else { "-inf".to_owned() };
    }
    format!("{number}")
}
