//! The form. Without script it posts to the campaign's page, which answers with the same view.

use countersign_shared::widget::CountryName;
use countersign_shared::{CampaignStatus, WidgetState, routes};
use leptos::prelude::*;

use super::field::{bad, choice, label, no_hint, note};
use super::privacy::privacy;
use crate::form::{Form, Phase};
use crate::ui::Ui;
use crate::words::Words;

/// The fields, the button and what happens to the data.
pub fn form(ui: Ui, state: &WidgetState) -> impl IntoView + use<> {
    let campaign = &state.campaign;
    let typed = state.posted.as_ref().map(|posted| posted.form.clone()).unwrap_or_default();
    let asked = campaign.fields;
    let (form, count) = (ui.form, ui.count);
    let away = move || {
        form.with(|form| form.signed.is_some())
            || count.with(|count| count.status != CampaignStatus::Open)
    };
    let message = asked.message.then(|| {
        view! {
            <div class="cs-field" part="field">
                {label(ui, "message", "field-message")}
                <textarea
                    class="cs-input"
                    part="input"
                    id="cs-message"
                    name="message"
                    rows="3"
                    aria-invalid=bad(ui, "message")
                    aria-describedby="cs-message-note"
                >
                    {typed.message.clone().unwrap_or_default()}
                </textarea>
                {note(ui, "message", |words| words.say("field-message-hint"))}
            </div>
        }
    });
    view! {
        <form
            class="cs-form"
            part="form"
            method="post"
            action=format!("{}{}", state.server, routes::page(&campaign.slug))
            novalidate
            hidden=away
        >
            <div class="cs-field" part="field">
                {label(ui, "name", "field-name")}
                <input
                    class="cs-input"
                    part="input"
                    id="cs-name"
                    name="name"
                    autocomplete="name"
                    required
                    value=typed.name
                    aria-invalid=bad(ui, "name")
                    aria-describedby="cs-name-note"
                />
                {note(ui, "name", no_hint)}
            </div>
            <div class="cs-field" part="field">
                {label(ui, "email", "field-email")}
                <input
                    class="cs-input"
                    part="input"
                    id="cs-email"
                    name="email"
                    type="email"
                    inputmode="email"
                    autocomplete="email"
                    autocapitalize="none"
                    spellcheck="false"
                    placeholder="you@example.org"
                    dir="ltr"
                    required
                    value=typed.email
                    aria-invalid=bad(ui, "email")
                    aria-describedby="cs-email-note cs-suggest"
                />
                <div class="cs-under">
                    {note(ui, "email", |words| words.say("field-email-hint"))}
                    <button
                        class="cs-suggest"
                        id="cs-suggest"
                        type="button"
                        data-do="suggest"
                        hidden=ui.when(|form| form.suggestion.is_none())
                    >
                        {ui.told(suggestion)}
                    </button>
                </div>
            </div>
            <div class="cs-field" part="field">
                {label(ui, "country", "field-country")}
                <select
                    class="cs-input cs-select"
                    part="input"
                    id="cs-country"
                    name="country"
                    autocomplete="country"
                    required
                    aria-invalid=bad(ui, "country")
                    aria-describedby="cs-country-note"
                    inner_html=options(
                        &ui.words.with_untracked(|words| words.say("field-country-choose")),
                        &state.countries,
                        &typed.country,
                    )
                ></select>
                {note(ui, "country", no_hint)}
            </div>
            {message}
            {asked
                .public_name
                .then(|| choice("public_name", typed.public_name, ui.say("field-public-name")))}
            {asked
                .updates
                .then(|| choice("updates", typed.consents.updates, ui.say("field-updates")))}
            <div class="cs-trap" aria-hidden="true">
                <label>
                    "Website" <input name="website" tabindex="-1" autocomplete="off" />
                </label>
            </div>
            <input type="hidden" name="rendered" value=campaign.rendered.clone() />
            <input type="hidden" name="locale" value=ui.text(|words| words.locale.clone()) />
            <p class="cs-notice" part="notice" role="alert" hidden=ui.when(|form| notice_key(form).is_none())>
                {ui.told(notice)}
            </p>
            <button
                class="cs-button"
                part="button"
                type="submit"
                aria-busy=ui.told(|_, form| form.busy().to_string())
                aria-disabled=ui.told(|_, form| (form.busy() || waits(form)).to_string())
            >
                {ui.told(button)}
            </button>
            {privacy(ui, state)}
        </form>
    }
}

/// The country list as HTML. Not as views: a list of 250 lines is dear to hydrate, and no line of
/// it ever changes by itself.
pub fn options(choose: &str, countries: &[CountryName], chosen: &str) -> String {
    let mut html = String::with_capacity(countries.len() * 48);
    html.push_str("<option value=\"\">");
    escape(&mut html, choose);
    html.push_str("</option>");
    for country in countries {
        html.push_str("<option value=\"");
        escape(&mut html, &country.code);
        html.push('"');
        if country.code == chosen {
            html.push_str(" selected");
        }
        html.push('>');
        escape(&mut html, &country.name);
        html.push_str("</option>");
    }
    html
}

fn escape(html: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '<' => html.push_str("&lt;"),
            '&' => html.push_str("&amp;"),
            '"' => html.push_str("&quot;"),
            c => html.push(c),
        }
    }
}

fn suggestion(words: &Words, form: &Form) -> String {
    form.suggestion.as_deref().map_or(String::new(), |to| words.with("did-you-mean", "email", to))
}

fn button(words: &Words, form: &Form) -> String {
    if form.phase == Phase::Sending { words.say("sending") } else { words.texts.button.clone() }
}

fn waits(form: &Form) -> bool {
    form.phase == Phase::Limited && form.live && form.wait > 0
}

/// What is said above the button, as a message key.
fn notice_key(form: &Form) -> Option<&'static str> {
    match form.phase {
        Phase::Offline => Some("notice-offline"),
        Phase::Retrying => Some("notice-retrying"),
        Phase::Limited => Some("notice-limited"),
        Phase::Ready | Phase::Sending => form.problem.as_ref().map(|_| ""),
    }
}

fn notice(words: &Words, form: &Form) -> String {
    match (notice_key(form), &form.problem) {
        (Some(""), Some(code)) => words.error(code),
        (Some("notice-limited"), _) if form.wait >= 60 => {
            words.count("notice-limited-minutes", "count", form.wait.div_ceil(60))
        }
        (Some(key), _) => words.count(key, "count", form.wait),
        (None, _) => String::new(),
    }
}
