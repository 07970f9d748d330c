//! The rules of a campaign: what it asks, its goal, its dates, who may embed it, and robots.

use countersign_shared::admin::campaigns::{CampaignSettings, GoalSettings};
use leptos::prelude::*;

use super::form::{Form, part};
use super::when;
use crate::browser::{intl, js};
use crate::parts::live::live;
use crate::words::fill;
use crate::words::settings::w;

pub fn fields(form: Form) -> AnyView {
    view! {
        <p class="sub">{w().fields_lead}</p>
        <div class="stack">
            {form.check(w().ask_message, |it| it.fields.message, |it, yes| it.fields.message = yes)}
            {form.check(
                w().ask_public_name,
                |it| it.fields.public_name,
                |it, yes| it.fields.public_name = yes,
            )}
            {form.check(w().ask_updates, |it| it.fields.updates, |it, yes| it.fields.updates = yes)}
        </div>
    }
    .into_any()
}

fn kind(settings: &CampaignSettings) -> &'static str {
    match settings.goal {
        GoalSettings::None => "none",
        GoalSettings::Fixed { .. } => "fixed",
        GoalSettings::Steps { .. } => "steps",
    }
}

pub fn goal(form: Form) -> AnyView {
    let choice = form.select(
        w().goal_kind,
        &[("none", w().goal_none), ("fixed", w().goal_fixed), ("steps", w().goal_steps)],
        Box::new(|settings| kind(settings).to_owned()),
        Box::new(|settings, text| {
            settings.goal = match text.as_str() {
                "fixed" => GoalSettings::Fixed { goal: 10_000 },
                "steps" => GoalSettings::Steps { steps: vec![100, 1000, 10_000], rise_at: 0.9 },
                _ => GoalSettings::None,
            };
        }),
    );
    let shown = Memo::new(move |_| form.settings.with(kind));
    let rest = move || match shown.get() {
        "fixed" => fixed(form),
        "steps" => steps(form),
        _ => ().into_any(),
    };
    view! { <div class="form">{choice} {live(rest)}</div> }.into_any()
}

fn fixed(form: Form) -> AnyView {
    form.number(
        part(w().goal_number, "goal.goal", "number"),
        |settings| match settings.goal {
            GoalSettings::Fixed { goal } => goal,
            _ => 0,
        },
        |settings, goal| settings.goal = GoalSettings::Fixed { goal },
    )
}

fn steps(form: Form) -> AnyView {
    let of = |settings: &CampaignSettings| match &settings.goal {
        GoalSettings::Steps { steps, .. } => {
            steps.iter().map(u64::to_string).collect::<Vec<_>>().join(", ")
        }
        _ => String::new(),
    };
    let list = form.field(
        part(w().goal_list, "goal.steps", "list").hint(w().goal_list_hint),
        Box::new(of),
        Box::new(|settings, text| {
            if let GoalSettings::Steps { steps, .. } = &mut settings.goal {
                let numbers = text.split([',', ' ', '\n', ';']).filter(|part| !part.is_empty());
                *steps = numbers.filter_map(|part| part.parse().ok()).collect();
            }
        }),
    );
    let share = form.field(
        part(w().rise_at, "goal.rise_at", "number"),
        Box::new(|settings| match settings.goal {
            GoalSettings::Steps { rise_at, .. } => js::number_text(rise_at),
            _ => String::new(),
        }),
        Box::new(|settings, text| {
            if let (GoalSettings::Steps { rise_at, .. }, Some(share)) =
                (&mut settings.goal, js::number(&text))
            {
                *rise_at = share;
            }
        }),
    );
    view! { {list} {share} }.into_any()
}

pub fn dates(form: Form) -> AnyView {
    let hint = || fill(w().dates_hint, &[("zone", &intl::zone())]);
    let opens = form.field(
        part(w().opens, "opens", "datetime-local").hint(hint()),
        Box::new(|settings| when::local(settings.opens.as_deref())),
        Box::new(|settings, text| settings.opens = when::utc(&text)),
    );
    let closes = form.field(
        part(w().closes, "closes", "datetime-local").hint(hint()),
        Box::new(|settings| when::local(settings.closes.as_deref())),
        Box::new(|settings, text| settings.closes = when::utc(&text)),
    );
    view! { <div class="pairs">{opens}{closes}</div> }.into_any()
}

pub fn sites(form: Form) -> AnyView {
    form.field(
        part(w().origins, "origins", "list").hint(w().origins_hint),
        Box::new(|settings| settings.origins.join("\n")),
        Box::new(|settings, text| {
            let lines = text.split_whitespace().map(|line| line.trim_end_matches('/').to_owned());
            settings.origins = lines.collect();
        }),
    )
}

pub fn care(form: Form) -> AnyView {
    let limit = form.select(
        w().rate_limit,
        &[("strict", w().rate_strict), ("class", w().rate_class), ("event", w().rate_event)],
        Box::new(|settings| settings.rate_limit.clone()),
        Box::new(|settings, text| settings.rate_limit = text),
    );
    let hide = form.number(
        part(w().hide_count, "hide_count_below", "number").hint(w().hide_count_hint),
        |settings| settings.hide_count_below,
        |settings, number| settings.hide_count_below = number,
    );
    view! {
        <div class="form">
            {limit}
            {form.check(
                w().require_rendered,
                |it| it.require_rendered,
                |it, yes| it.require_rendered = yes,
            )}
            {form.check(w().confirm_email, |it| it.confirm_email, |it, yes| it.confirm_email = yes)}
            <p class="hint">{w().confirm_email_hint}</p>
            {hide}
        </div>
    }
    .into_any()
}

pub fn controller(form: Form) -> AnyView {
    form.field(
        part(w().controller, "privacy.controller", "text"),
        Box::new(|settings| settings.privacy.controller.clone()),
        Box::new(|settings, text| settings.privacy.controller = text),
    )
}

pub fn contact(form: Form) -> AnyView {
    form.field(
        part(w().contact, "privacy.contact", "text").hint(w().contact_hint),
        Box::new(|settings| settings.privacy.contact.clone()),
        Box::new(|settings, text| settings.privacy.contact = text.trim().to_owned()),
    )
}

pub fn policy(form: Form) -> AnyView {
    form.field(
        part(w().policy, "privacy.policy_url", "text"),
        Box::new(|settings| settings.privacy.policy_url.clone().unwrap_or_default()),
        Box::new(|settings, text| {
            settings.privacy.policy_url = Some(text.trim().to_owned()).filter(|it| !it.is_empty());
        }),
    )
}

pub fn retention(form: Form) -> AnyView {
    form.number(
        part(w().retention, "privacy.retention_days", "number").hint(w().retention_hint),
        |settings| settings.privacy.retention_days.into(),
        |settings, days| settings.privacy.retention_days = u32::try_from(days).unwrap_or(u32::MAX),
    )
}

pub fn k(form: Form) -> AnyView {
    form.number(
        part(w().k, "hide_groups_below", "number").hint(w().k_hint),
        |settings| settings.hide_groups_below,
        |settings, k| settings.hide_groups_below = k,
    )
}
