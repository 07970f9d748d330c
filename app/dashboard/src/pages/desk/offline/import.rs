//! A file, step by step: choose it, say which column holds what, try it, import it.

use countersign_shared::admin::offline::{
    BadRow, ImportMapping, ImportReport, ImportRequest, Offline,
};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;

use super::super::kit::{Faults, hinted, line, press, refuse, row, some, table, text, work_or};
use crate::browser::api::{self, Fault};
use crate::browser::{intl, js};
use crate::columns;
use crate::parts::live::{hear, live};
use crate::parts::{About, Loaded, choice, unique};
use crate::session;
use crate::words::fill;
use crate::words::people::w;

/// What the server takes at most.
const LARGEST: f64 = 20_000_000.0;

#[derive(Clone, Copy)]
struct Wizard {
    path: StoredValue<String>,
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
        let read = move |event: leptos::ev::Event| {
            let input: web_sys::HtmlInputElement = event_target(&event);
            let Some(file) = input.files().and_then(|files| files.get(0)) else { return };
            if file.size() > LARGEST {
                return session::say_fault(&Fault::new(413, w().file_too_large));
            }
            let name = file.name();
            spawn_local(async move {
                let read = js::wait(file.unchecked_ref(), "text", &[]).await;
                let read = read.ok().and_then(|text| text.as_string()).unwrap_or_default();
                self.take(&name, read);
            });
        };
        view! {
            <div class="form"><div class="field">
                <label for=id.clone()>{w().choose_file}</label>
                <input id=id type="file" accept=".csv,.tsv,.txt,text/csv" aria-describedby=hint.clone()
                    on:change=hear(read) />
                <span class="hint" id=hint>{w().choose_file_hint}</span>
            </div></div>
        }
        .into_any()
    }

    fn take(self, name: &str, text: String) {
        let heads = columns::heads(&text);
        if heads.is_empty() {
            return session::say_fault(&Fault::new(422, w().file_empty));
        }
        self.label.set(name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_owned());
        let guess = |words: &[&str]| columns::guess(&heads, words);
        self.email.set(guess(&["email", "e-mail", "mail", "courriel"]));
        self.name.set(guess(&["full name", "name", "nom"]));
        self.country.set(guess(&["country", "pays", "land"]));
        self.message.set(guess(&["message", "comment"]));
        self.updates.set(guess(&["updates", "newsletter", "opt"]));
        self.heads.set(heads);
        self.faults.set(Vec::new());
        self.report.set(None);
        self.file.set(Some(text));
    }

    fn columns(self) -> AnyView {
        let heads = self.heads.get_untracked();
        let column = |label: &'static str, value: RwSignal<String>, optional: bool| {
            let none = optional.then(|| (String::new(), w().column_none.to_owned()));
            let all = heads.iter().map(|head| (head.clone(), head.clone()));
            choice(label, value, none.into_iter().chain(all).collect())
        };
        let about =
            |hint: &str| About { hint: hint.to_owned(), required: true, ..About::default() };
        view! {
            <div class="form">
                {line(w().label, self.label, about(w().label_hint), self.faults, "label")}
                <fieldset class="stack">
                    <legend>{w().columns}</legend>
                    {column(w().name, self.name, false)}
                    {column(w().email, self.email, false)}
                    {column(w().country, self.country, true)}
                    {hinted(w().country_default, self.country_default, "text", w().country_hint)}
                    {column(w().message, self.message, true)}
                    {column(w().updates, self.updates, true)}
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

    /// Faults of the mapping as a whole.
    fn unplaced(self) -> AnyView {
        let said = move || {
            let all = self.faults.get();
            let rest = all.into_iter().filter(|fault| fault.field != "label");
            let lines = rest.map(|fault| {
                view! { <p class="fault">{format!("{}: {}", fault.field, fault.message)}</p> }
            });
            lines.collect::<Vec<_>>()
        };
        view! { <div role="alert">{said}</div> }.into_any()
    }

    fn again(self) {
        self.report.set(None);
        self.file.set(None);
    }

    fn send(self, dry_run: bool) {
        let body = ImportRequest {
            label: self.label.get_untracked(),
            csv: self.file.get_untracked().unwrap_or_default(),
            mapping: ImportMapping {
                name: self.name.get_untracked(),
                email: self.email.get_untracked(),
                country: some(self.country),
                country_default: some(self.country_default).map(|code| code.to_uppercase()),
                message: some(self.message),
                updates: some(self.updates),
            },
            dry_run,
        };
        let path = self.path.get_value();
        let ask = async move { api::post::<ImportReport>(&path, &body).await };
        let done = move |report: ImportReport| {
            if !dry_run {
                let added = intl::number(report.added);
                session::say(fill(w().imported, &[("added", &added)]));
                self.loaded.again();
            }
            self.report.set(Some(report));
        };
        work_or(self.busy, ask, done, move |fault| refuse(self.faults, fault));
    }

    fn outcome(self) -> AnyView {
        let Some(report) = self.report.get_untracked() else { return ().into_any() };
        let number = intl::number;
        let (rows, good) = (number(report.rows), number(report.good));
        let (added, known) = (number(report.added), number(report.duplicates));
        let values =
            [("rows", &*rows), ("good", &*good), ("added", &*added), ("duplicates", &*known)];
        let stored = report.id.is_some();
        let go = (!stored && report.added > 0).then(|| {
            press(fill(w().import_go, &values), "btn primary", self.busy, move || self.send(false))
        });
        let back =
            (!stored).then(|| press(w().back, "btn", self.busy, move || self.report.set(None)));
        view! {
            <h3>{if stored { w().imports } else { w().report }}</h3>
            <p role="status">{fill(w().report_good, &values)}</p>
            {bad_rows(report.bad, report.bad_rows)}
            <div class="row">
                {back}
                {press(w().start_over, "btn", self.busy, move || self.again())}
                {go}
            </div>
        }
        .into_any()
    }
}

fn bad_rows(bad: Vec<BadRow>, all: u64) -> AnyView {
    if all == 0 {
        return ().into_any();
    }
    let shown = bad.len() as u64;
    let first = (shown < all).then(|| {
        view! { <p class="sub">{fill(w().report_first, &[("n", &intl::number(shown))])}</p> }
    });
    let line = |row_: BadRow| {
        row(vec![
            text(row_.line.to_string()),
            text(row_.column),
            text(row_.value),
            text(row_.message),
        ])
    };
    let heads = [w().line, w().column, w().value, w().problem];
    view! {
        <p>{fill(w().report_bad, &[("bad", &intl::number(all))])}</p>
        {first}
        {table(w().problem, &heads, bad.into_iter().map(line).collect())}
    }
    .into_any()
}
