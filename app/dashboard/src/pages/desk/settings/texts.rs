//! The texts, a language at a time, and how much of each is there.

use countersign_shared::admin::campaigns::CampaignSettings;
use countersign_shared::campaign::Texts;
use leptos::prelude::*;

use super::super::kit::press;
use super::form::{Reads, Writes, part};
use super::{Editor, Form};
use crate::browser::intl;
use crate::parts::live::{hear, live};
use crate::parts::{About, field};
use crate::session;
use crate::words::fill;
use crate::words::settings::{listed, w};

/// The choice of languages, and the fields of the one that is chosen.
pub fn texts(editor: Editor) -> AnyView {
    // The fields are made anew for another language, and stay while somebody types in one.
    let language = Memo::new(move |_| editor.language.get());
    let fields = move || language_fields(editor, &language.get());
    view! {
        <div class="tabs" role="group" aria-label=w().languages>{tabs(editor)}</div>
        {live(fields)}
        <hr class="rule"/>
        <div class="form">
            {default_language(editor.form)}
            {another(editor)}
        </div>
    }
    .into_any()
}

fn tabs(editor: Editor) -> AnyView {
    let tags = Memo::new(move |_| {
        editor.form.settings.with(|it| it.texts.keys().cloned().collect::<Vec<_>>())
    });
    live(move || {
        let tab = |tag: String| {
            let (shown, counted, chosen) = (tag.clone(), tag.clone(), tag.clone());
            let count = move || {
                editor.check.with(|check| {
                    let all = &check.as_ref()?.completeness;
                    let one = all.iter().find(|one| one.locale == counted)?;
                    let (translated, of) = (one.translated.to_string(), one.of.to_string());
                    Some(fill(w().complete, &[("translated", &translated), ("of", &of)]))
                })
            };
            view! {
                <button
                    type="button"
                    class="tab"
                    aria-pressed=move || {
                        editor.language.with(|language| *language == shown).to_string()
                    }
                    on:click=hear(move |_| editor.language.set(chosen.clone()))
                >
                    {intl::language(&tag)} <span class="chip">{live(count)}</span>
                </button>
            }
            .into_any()
        };
        tags.get().into_iter().map(tab).collect_view()
    })
    .into_any()
}

type Pick = fn(&mut Texts) -> &mut String;

fn language_fields(editor: Editor, tag: &str) -> AnyView {
    let form = editor.form;
    let one = |label, name: &str, kind, pick: Pick| {
        let (key, to) = (tag.to_owned(), tag.to_owned());
        let get: Reads = Box::new(move |settings| {
            let texts = settings.texts.get(&key).cloned();
            texts.map_or_else(String::new, |mut texts| std::mem::take(pick(&mut texts)))
        });
        let set: Writes = Box::new(move |settings: &mut CampaignSettings, text| {
            if let Some(texts) = settings.texts.get_mut(&to) {
                *pick(texts) = text;
            }
        });
        (part(label, format!("texts.{tag}.{name}"), kind), get, set)
    };
    let show = |(part, get, set)| form.field(part, get, set);
    let (pledge, get, set) = one(w().pledge, "pledge", "lines", |it| &mut it.pledge);
    let missing = {
        let tag = tag.to_owned();
        move || {
            editor.check.with(|check| {
                let all = &check.as_ref()?.completeness;
                let one = all.iter().find(|one| one.locale == tag)?;
                let from = form.settings.with(|it| intl::language(&it.default_locale));
                let lacks = |names: &[String], words| {
                    let what = listed(names);
                    let said = [("what", &*what), ("language", &*from)];
                    (!names.is_empty()).then(|| fill(words, &said))
                };
                let said = [
                    lacks(&one.missing, w().missing),
                    lacks(&one.untranslated, w().untranslated),
                    (!one.widget_speaks_it).then(|| w().not_spoken.to_owned()),
                ];
                let said = said.into_iter().flatten().collect::<Vec<_>>();
                (!said.is_empty()).then(|| said.join(". "))
            })
        }
    };
    let (tag, gone) = (tag.to_owned(), tag.to_owned());
    let removable =
        move || form.settings.with(|it| it.texts.len() > 1 && it.default_locale != gone);
    let remove = {
        let tag = tag.clone();
        move || {
            form.settings.update(|it| {
                it.texts.remove(&tag);
            });
            editor.language.set(form.settings.with_untracked(|it| it.default_locale.clone()));
        }
    };
    let words = fill(w().remove_language, &[("language", &intl::language(&tag))]);
    let remove = StoredValue::new_local(remove);
    view! {
        <p class="sub">{live(missing)}</p>
        <div class="stack" lang=tag>
            {show(one(w().title, "title", "text", |it| &mut it.title))}
            {form.field(pledge.hint(w().pledge_hint), get, set)}
            {show(one(w().lead, "lead", "lines", |it| &mut it.lead))}
            {show(one(w().thanks, "thanks", "lines", |it| &mut it.thanks))}
            {show(one(w().button, "button", "text", |it| &mut it.button))}
            {show(one(w().privacy_text, "privacy", "lines", |it| &mut it.privacy))}
        </div>
        {live(move || removable().then(|| {
            press(words.clone(), "quiet", RwSignal::new(false), move || remove.with_value(|it| it()))
        }))}
    }
    .into_any()
}

fn default_language(form: Form) -> AnyView {
    let tags =
        Memo::new(move |_| form.settings.with(|it| it.texts.keys().cloned().collect::<Vec<_>>()));
    let select = move || {
        let options = tags.get().into_iter().map(|tag| {
            let chosen = tag.clone();
            let is = move || form.settings.with(|it| it.default_locale == chosen);
            view! { <option value=tag.clone() prop:selected=is>{intl::language(&tag)}</option> }
        });
        let options = options.collect::<Vec<_>>();
        view! {
            <div class="field">
                <label for="default-language">{w().default_language}</label>
                <select id="default-language" on:change=hear(move |event| {
                    let tag = event_target_value(&event);
                    form.settings.update(|it| it.default_locale = tag);
                })>{options}</select>
            </div>
        }
    };
    live(select).into_any()
}

fn another(editor: Editor) -> AnyView {
    let tag = RwSignal::new(String::new());
    let add = move || {
        let wanted = tag.get_untracked().trim().to_owned();
        if !intl::knows_locale(&wanted) {
            return session::say_fault(&crate::browser::api::Fault::new(422, w().bad_language));
        }
        editor.form.settings.update(|it| {
            if let Some(copy) = it.texts.get(&it.default_locale).cloned() {
                it.texts.entry(wanted.clone()).or_insert(copy);
            }
        });
        editor.language.set(wanted);
        tag.set(String::new());
    };
    let about = About { hint: w().add_language_hint.to_owned(), ..About::default() };
    view! {
        <div class="beside">
            {field(w().add_language, tag, about, || None)}
            {press(crate::words::shell::w().add, "btn", RwSignal::new(false), add)}
        </div>
    }
    .into_any()
}
