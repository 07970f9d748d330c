//! The form. Without script it posts to the campaign's page, which answers with the same view.

use countersign_shared::{CampaignStatus, WidgetState, routes};
use leptos::prelude::*;

use super::attrs::{at, escape};
use super::country_list::options;
use super::field::{choice, input, label, no_hint, note};
use super::privacy::privacy;
use crate::form::{Form, Phase};
use crate::ui::{Flag, Ui};
use crate::words::Words;

/// The fields, the button and what happens to the data.
pub fn form(ui: Ui, state: &WidgetState) -> impl IntoView + use<> {
    let campaign = &state.campaign;
    let typed = state.posted.as_ref().map(|posted| posted.form.clone()).unwrap_or_default();
    let asked = campaign.fields;
    view! {
        <form {..at("class='cs-form' part='form' method='post' novalidate")
            .own("action", || format!("{}{}", state.server, routes::page(&campaign.slug)))
            .flag("hidden", away(ui))}>
            <div {..at(FIELD)}>
                {label(ui, "name", "field-name")}
                <input {..input(ui, "name", NAME).own("value", || typed.name.clone())} />
                {note(ui, "name", no_hint)}
            </div>
            <div {..at(FIELD)}>
                {label(ui, "email", "field-email")}
                <input {..input(ui, "email", EMAIL).own("value", || typed.email.clone())} />
                <button {..at("class='cs-suggest' part='suggestion' type='button' data-do='suggest'")
                    .flag("hidden", ui.when(|form| form.suggestion.is_none()))}>
                    {ui.told(suggestion)}
                </button>
                {note(ui, "email", |words| words.say("field-email-hint"))}
            </div>
            <div {..at(FIELD)}>
                {label(ui, "country", "field-country")}
                <select {..input(ui, "country", COUNTRY)
                    .inner(|| {
                        let choose = ui.words.with_untracked(|words| words.say("field-country-choose"));
                        options(&choose, &state.countries, &typed.country)
                    })}></select>
                {note(ui, "country", no_hint)}
            </div>
            {asked.message.then(|| message(ui, typed.message.unwrap_or_default()))}
            {asked
                .public_name
                .then(|| choice("public_name", typed.public_name, ui.say("field-public-name")))}
            {asked
                .updates
                .then(|| choice("updates", typed.consents.updates, ui.say("field-updates")))}
            <div {..at("class='cs-trap' aria-hidden='true'")
                .inner(|| TRAP.to_owned())}></div>
            <input {..at("type='hidden' name='rendered'").own("value", || campaign.rendered.clone())} />
            <input {..at("type='hidden' name='locale'")
                .text("value", ui.text(|words| words.locale.clone()))} />
            <p {..at("class='cs-notice' part='notice' role='alert'")
                .text("aria-live", ui.told(|_, form| spoken(form).to_owned()))
                .flag("hidden", ui.when(|form| notice_key(form).is_none()))}>
                {ui.told(notice)}
            </p>
            <button {..at("class='cs-button' part='button' type='submit' data-do='sign'")
                .text("aria-busy", ui.told(|_, form| form.busy().to_string()))
                .text("aria-disabled", ui.told(|_, form| (form.busy() || waits(form)).to_string()))}>
                {ui.told(button)}
            </button>
            {privacy(ui, state)}
        </form>
    }
}

const FIELD: &str = "class='cs-field' part='field'";
const NAME: &str = "class='cs-input' part='input' autocomplete='name' required";
const EMAIL: &str = "class='cs-input' part='input' type='email' inputmode='email' \
    autocomplete='email' autocapitalize='none' spellcheck='false' \
    placeholder='you@example.org' dir='ltr' required";
const COUNTRY: &str = "class='cs-input cs-select' part='input' autocomplete='country' required";
const MESSAGE: &str = "class='cs-input' part='input' rows='3'";
/// People do not see it, screen readers do not read it, robots fill it.
const TRAP: &str =
    r#"<label>Website <input name="website" tabindex="-1" autocomplete="off"></label>"#;

/// The form gives way to the thanks, and to the word that the campaign is not open.
fn away(ui: Ui) -> Flag {
    let (form, count) = (ui.form, ui.count);
    Box::new(move || {
        form.with(|form| form.signed.is_some())
            || count.with(|count| count.status != CampaignStatus::Open)
    })
}

fn message(ui: Ui, typed: String) -> impl IntoView {
    let escaped = move || {
        let mut html = String::new();
        escape(&mut html, &typed);
        html
    };
    view! {
        <div {..at(FIELD)}>
            {label(ui, "message", "field-message")}
            <textarea {..input(ui, "message", MESSAGE).inner(escaped)}></textarea>
            {note(ui, "message", |words| words.say("field-message-hint"))}
        </div>
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

/// Said once, when it begins: a countdown that is read aloud every second helps nobody.
fn spoken(form: &Form) -> &'static str {
    if form.ticking { "off" } else { "assertive" }
}
