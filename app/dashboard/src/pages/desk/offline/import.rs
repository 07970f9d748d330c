//! A file, step by step: choose it, say which column holds what, try it, import it.

use countersign_shared::admin::offline::{
    IMPORT_MOST, ImportMapping, ImportReport, ImportRequest, Offline,
};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::{JsCast, JsValue};

use super::super::kit::{Faults, fault_at, line, press, refuse, some, work_or};
use crate::browser::api::{self, Fault};
use crate::browser::{intl, js};
use crate::columns;
use crate::parts::live::{effect, hear, live};
use crate::parts::{About, Loaded, choice, choice_or, unique};
use crate::session;
use crate::words::fill;
use crate::words::people::w;

mod decode;
mod report;

use decode::{ENCODINGS, decode, read};

/// What is sent beside the file: its label and which column holds what.
const BESIDE: usize = 64 * 1024;

#[derive(Clone, Copy)]
struct Wizard {
    path: StoredValue<String>,
    /// As it was chosen.
    bytes: StoredValue<JsValue, LocalStorage>,
    /// Not UTF-8: which encoding it is read in.
    encoding: RwSignal<String>,
    file: RwSignal<Option<String>>,
    heads: RwSignal<Vec<String>>,
    label: RwSignal<String>,
    name: RwSignal<String>,
    email: RwSignal<String>,
    country: RwSignal<String>,
    country_default: RwSignal<String>,
    message: RwSignal<String>,
    updates: RwSignal<String>,
    report: RwSignal<Option<ImportReport>>,
    busy: RwSignal<bool>,
    faults: Faults,
    loaded: Loaded<Offline>,
}

pub fn wizard(slug: String, loaded: Loaded<Offline>) -> AnyView {
    let empty = || RwSignal::new(String::new());
    let wizard = Wizard {
        path: StoredValue::new(api::of(&slug, "imports")),
        bytes: StoredValue::new_local(JsValue::UNDEFINED),
        encoding: empty(),
        file: RwSignal::default(),
        heads: RwSignal::default(),
        label: empty(),
        name: empty(),
        email: empty(),
        country: empty(),
        country_default: empty(),
        message: empty(),
        updates: empty(),
        report: RwSignal::default(),
        busy: RwSignal::new(false),
        faults: RwSignal::default(),
        loaded,
    };
    let step = Memo::new(move |_| {
        let report = wizard.report.with(|report| report.as_ref().map(|report| report.id.is_some()));
        match (wizard.file.with(Option::is_some), report) {
            (false, _) => 1,
            (true, None) => 2,
            (true, Some(false)) => 3,
            (true, Some(true)) => 4,
        }
    });
    wizard.follow_encoding();
    view! {
        <p class="sub" role="status">
            {live(move || fill(w().step, &[("n", &step.get().to_string())]))}
        </p>
        {live(move || match step.get() {
            1 => wizard.choose(),
            2 => wizard.columns(),
            _ => wizard.outcome(),
        })}
    }
    .into_any()
}

impl Wizard {
    fn choose(self) -> AnyView {
        let id = unique("csv");
        let hint = format!("{id}-hint");
        let chosen = move |event: leptos::ev::Event| {
            let input: web_sys::HtmlInputElement = event_target(&event);
            let Some(file) = input.files().and_then(|files| files.get(0)) else { return };
            if file.size() > IMPORT_MOST as f64 {
                return too_large(file.size());
            }
            let name = file.name();
            self.label.set(name.rsplit_once('.').map_or(&*name, |(stem, _)| stem).to_owned());
            spawn_local(async move {
                let bytes = js::wait(file.unchecked_ref(), "arrayBuffer", &[]).await;
                let (text, encoding) = bytes.as_ref().map(read).unwrap_or_default();
                self.bytes.try_set_value(bytes.unwrap_or_default());
                let _ = self.encoding.try_set(encoding.to_owned());
                self.take(text);
            });
        };
        view! {
            <div class="form"><div class="field">
                <label for=id.clone()>{w().choose_file}</label>
                <input id=id type="file" accept=".csv,.tsv,.txt,text/csv" aria-describedby=hint.clone()
                    on:change=hear(chosen) />
                <span class="hint" id=hint>{w().choose_file_hint}</span>
            </div></div>
        }
        .into_any()
    }

    /// Reads the file anew in the encoding that was chosen.
    fn follow_encoding(self) {
        let used = StoredValue::new(String::new());
        effect(move || {
            let encoding = self.encoding.get();
            let before = used.try_update_value(|used| std::mem::replace(used, encoding.clone()));
            // The first one is that in which the file was read when it was chosen.
            let chosen = before.is_some_and(|before| !before.is_empty() && before != encoding);
            if chosen && !encoding.is_empty() {
                self.take(
                    self.bytes.with_value(|bytes| decode(bytes, &encoding)).unwrap_or_default(),
                );
            }
        });
    }

    fn take(self, text: String) {
        let heads = columns::heads(&text);
        if heads.is_empty() {
            return session::say_fault(&Fault::new(422, w().file_empty));
        }
        let size = columns::as_json(&text) + BESIDE;
        if size > IMPORT_MOST {
            return too_large(size as f64);
        }
        // What was chosen stays where another encoding gives the same columns.
        if self.heads.with_untracked(|before| *before != heads) {
            let guess = |words: &[&str]| columns::guess(&heads, words);
            self.email.set(guess(&["email", "e-mail", "mail", "courriel"]));
            self.name.set(guess(&["full name", "name", "nom"]));
            self.country.set(guess(&["country", "pays", "land"]));
            self.message.set(guess(&["message", "comment"]));
            self.updates.set(guess(&["updates", "newsletter", "opt"]));
            self.heads.set(heads);
        }
        self.faults.set(Vec::new());
        self.report.set(None);
        self.file.set(Some(text));
    }

    fn columns(self) -> AnyView {
        let about = About { hint: w().label_hint.to_owned(), required: true, ..About::default() };
        view! {
            <div class="form">
                {line(w().label, self.label, about, self.faults, "label")}
                {self.encodings()}
                <fieldset class="stack">
                    <legend>{w().columns}</legend>
                    {live(move || self.mapping())}
                </fieldset>
                {self.unplaced()}
                <div class="row">
                    {press(w().start_over, "btn", self.busy, move || self.again())}
                    {press(w().dry_run, "btn primary", self.busy, move || self.send(true))}
                </div>
            </div>
        }
        .into_any()
    }

    /// For a file that is not in UTF-8: what its letters look like, and how to read it otherwise.
    fn encodings(self) -> AnyView {
        // Not followed: a list that is made anew loses the focus of whoever chooses from it.
        if self.encoding.with_untracked(String::is_empty) {
            return ().into_any();
        }
        let all = ENCODINGS.map(|(name, words)| (name.to_owned(), words.to_owned()));
        let line = move || self.file.with(|text| columns::telling(text.as_deref()?));
        view! {
            <p class="alarm warn" role="status">{w().encoding_guessed}</p>
            <p class="breaks"><code dir="auto">{live(line)}</code></p>
            {choice(w().encoding, self.encoding, all.to_vec())}
        }
        .into_any()
    }

    fn mapping(self) -> AnyView {
        let heads = self.heads.get();
        let column = |label, value, none: &str, name: &'static str| {
            let all = heads.iter().map(|head| (head.clone(), head.clone()));
            let options = std::iter::once((String::new(), none.to_owned())).chain(all).collect();
            choice_or(label, value, options, move || fault_at(self.faults, name))
        };
        let (must, may) = (w().column_choose, w().column_none);
        let all = About { hint: w().country_hint.to_owned(), ..About::default() };
        let default = self.country_default;
        view! {
            {column(w().name, self.name, must, "mapping.name")}
            {column(w().email, self.email, must, "mapping.email")}
            {column(w().country, self.country, may, "mapping.country")}
            {line(w().country_default, default, all, self.faults, "mapping.country_default")}
            {column(w().message, self.message, may, "mapping.message")}
            {column(w().updates, self.updates, may, "mapping.updates")}
        }
        .into_any()
    }

    /// What is wrong with the file itself.
    fn unplaced(self) -> AnyView {
        let said =
            move || fault_at(self.faults, "csv").map(|why| [w().the_file, ": ", &why].concat());
        view! { <p class="fault" role="alert">{live(said)}</p> }.into_any()
    }

    fn again(self) {
        self.report.set(None);
        self.file.set(None);
        self.encoding.set(String::new());
    }

    fn send(self, dry_run: bool) {
        let body = ImportRequest {
            label: self.label.get_untracked(),
            csv: self.file.get_untracked().unwrap_or_default(),
            mapping: ImportMapping {
                name: self.name.get_untracked(),
                email: self.email.get_untracked(),
                country: some(self.country),
                country_default: some(self.country_default).map(|code| code.to_ascii_uppercase()),
                message: some(self.message),
                updates: some(self.updates),
            },
            dry_run,
        };
        let path = self.path.get_value();
        let ask = async move { api::post::<ImportReport>(&path, &body).await };
        let done = move |report: ImportReport| {
            self.faults.set(Vec::new());
            if !dry_run {
                let added = intl::number(report.added);
                session::say(fill(w().imported, &[("added", &added)]));
                self.loaded.again();
            }
            self.report.set(Some(report));
        };
        work_or(self.busy, ask, done, move |fault| refuse(self.faults, fault));
    }
}

/// Says how much would be sent, in bytes, and how much may be.
fn too_large(size: f64) {
    let mb = |bytes: f64| intl::decimal((bytes / 1_048_576.0 * 10.0).ceil() / 10.0);
    let values = [("mb", &*mb(size)), ("most", &*mb(IMPORT_MOST as f64))];
    session::say_fault(&Fault::new(413, fill(w().file_too_large, &values)));
}
