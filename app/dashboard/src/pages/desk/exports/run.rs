//! An export that runs, whoever takes the file: this page, which then knows how much has come; or the
//! browser by itself, and then the server tells how much it has given.

use countersign_shared::admin::exports::{ExportProgress, ExportState};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsValue;

use super::bar::{Bar, all_rows};
use super::coming::{self, Come};
use crate::browser::api::{self, Fault};
use crate::browser::{download, intl, js};
use crate::pages::desk::kit::{pause, press};
use crate::parts::live::live;
use crate::saving::{At, LOOK_EVERY, Saving};
use crate::words::fill;
use crate::words::people::w;

/// What is asked for.
pub struct Wish {
    pub slug: String,
    /// The name of the file.
    pub name: String,
    /// Where it comes from, with a query.
    pub path: String,
    /// Whether rows are lines.
    pub lines: bool,
    /// Whether the browser takes it: a page would keep all of it in memory.
    pub large: bool,
}

#[derive(Clone, Copy)]
pub struct Run {
    pub running: RwSignal<bool>,
    /// The export that is looked after; empty where there is none.
    id: StoredValue<String>,
    bar: RwSignal<Option<Bar>>,
    /// What was said last, and whether it is bad news.
    said: RwSignal<(String, bool)>,
    /// Whether this page can stop it.
    stoppable: RwSignal<bool>,
    control: StoredValue<Option<JsValue>, LocalStorage>,
    /// Who fills the bar: what has come here, or else what the server tells.
    from_here: StoredValue<bool>,
    from_there: StoredValue<bool>,
}

impl Run {
    pub fn new() -> Self {
        let run = Self {
            running: RwSignal::new(false),
            id: StoredValue::new(String::new()),
            bar: RwSignal::default(),
            said: RwSignal::default(),
            stoppable: RwSignal::new(false),
            control: StoredValue::new_local(None),
            from_here: StoredValue::new(false),
            from_there: StoredValue::new(false),
        };
        on_cleanup(move || run.stop());
        run
    }

    /// The bar, and what can be done about it.
    pub fn bar(self) -> AnyView {
        let stop = move || {
            let shown = self.stoppable.get();
            shown.then(|| press(w().export_stop, "btn", RwSignal::new(false), move || self.stop()))
        };
        view! {
            {live(move || self.bar.get().map(Bar::view))}
            {live(stop)}
        }
        .into_any()
    }

    /// Beginning and end in words: there from the start, so that it is read out.
    pub fn words(self) -> AnyView {
        let class = move || self.said.with(|(_, bad)| if *bad { "problem" } else { "sub" });
        let text = move || self.said.with(|(text, _)| text.clone());
        view! { <p class=class role="status">{live(text)}</p> }.into_any()
    }

    pub fn begin(self, wish: Wish) {
        if self.running.get_untracked() {
            return;
        }
        // Only the same caller may ask, so it need not be a secret.
        let part = || format!("{:016x}", js_sys::Math::random().to_bits());
        let id = [part(), part()].concat();
        self.id.set_value(id.clone());
        self.running.set(true);
        self.bar.set(Some(Bar::at(At::Waiting)));
        self.from_here.set_value(false);
        self.from_there.set_value(false);
        let path = format!("{}&export={id}", wish.path);
        spawn_local(self.follow(api::of(&wish.slug, &format!("exports/{id}")), id, wish.large));
        if wish.large {
            self.say(w().export_begun_saving);
            return download::save_from(&wish.name, &path);
        }
        self.say(w().export_begun);
        self.stoppable.set(true);
        let control = js::construct(&js_sys::global(), "AbortController", &[]).ok();
        self.control.set_value(control);
        spawn_local(self.take(Wish { path, ..wish }));
    }

    fn stop(self) {
        if let Some(Some(control)) = self.control.try_get_value() {
            let _ = js::call(&control, "abort", &[]);
        }
    }

    /// Takes the file, and has it saved once it is whole.
    async fn take(self, wish: Wish) {
        let tell = move |come| self.has_come(come);
        let read = coming::read(&wish.path, wish.lines, self.signal(), &tell).await;
        let stopped = self.is_stopped();
        // Who left the page stopped it.
        if self.running.try_set(false).is_some() {
            return;
        }
        self.id.set_value(String::new());
        self.stoppable.set(false);
        match read {
            Ok((blob, rows)) => {
                download::save_blob(&wish.name, &blob);
                let number = intl::number(rows);
                let said = |known, unknown: &'static str| match rows {
                    0 => unknown.to_owned(),
                    _ => fill(known, &[("rows", &number)]),
                };
                self.bar.set(Some(Bar::whole(said(w().export_all, "100%"), rows)));
                self.say(said(w().exported, w().exported_some));
            }
            Err(_) if stopped => {
                self.bar.set(None);
                self.say(w().export_stopped);
            }
            Err(fault) => {
                self.bar.set(None);
                self.regret(fault.map_or_else(|| w().export_broke.to_owned(), |fault| fault.text));
            }
        }
    }

    fn has_come(self, come: Come) {
        match come.bar() {
            Some(bar) => {
                self.from_here.try_set_value(true);
                self.bar.try_set(Some(bar));
            }
            None if self.from_there.try_get_value() == Some(false) => {
                self.bar.try_set(Some(come.some()));
            }
            None => {}
        }
    }

    /// Asks the server how far it is until it is over, or another one is begun.
    async fn follow(self, path: String, id: String, alone: bool) {
        let mut saving = Saving::default();
        loop {
            pause(LOOK_EVERY).await;
            if !self.is(&id) {
                return;
            }
            let seen = api::get::<ExportProgress>(&path).await;
            if !self.is(&id) {
                return;
            }
            match seen {
                Ok(progress) => saving.told(progress),
                // The way in is shown by now.
                Err(Fault { status: 401, .. }) => return,
                Err(_) => saving.missed(),
            }
            if alone {
                self.show(&saving);
            } else if !self.from_here.get_value() && saving.is_running() {
                self.from_there.set_value(true);
                self.bar.set(Some(Bar::at(saving.at())));
            }
            if saving.is_over() {
                return;
            }
        }
    }

    /// What the server tells of a file that the browser takes.
    fn show(self, saving: &Saving) {
        let at = saving.at();
        let (filled, running) = match saving.end() {
            Some(end) => (self.show_end(end, at), false),
            None if saving.is_unseen() => {
                self.regret(w().export_unseen);
                (None, false)
            }
            None => {
                self.say(w().export_begun_saving);
                (Some(Bar::at(at)), true)
            }
        };
        self.bar.set(filled);
        if self.running.get_untracked() != running {
            self.running.set(running);
        }
    }

    fn show_end(self, end: &ExportProgress, at: At) -> Option<Bar> {
        match end.state {
            ExportState::Done => {
                self.say(fill(w().export_sent, &[("rows", &intl::number(end.rows))]));
                Some(Bar::whole(all_rows(end), at.filled().1))
            }
            ExportState::Failed => {
                let reason = end.reason.as_deref().unwrap_or_default();
                self.regret(fill(w().export_failed, &[("reason", reason)]));
                None
            }
            // As far as it came.
            _ => {
                self.regret(w().export_cut);
                (at != At::Waiting).then(|| Bar::at(at))
            }
        }
    }

    fn is(self, id: &str) -> bool {
        self.id.try_with_value(|it| it == id) == Some(true)
    }

    fn say(self, text: impl Into<String>) {
        self.put(text.into(), false);
    }

    fn regret(self, text: impl Into<String>) {
        self.put(text.into(), true);
    }

    /// Said once: what stays is not read out again.
    fn put(self, text: String, bad: bool) {
        if self.said.with_untracked(|(said, _)| *said != text) {
            self.said.set((text, bad));
        }
    }

    fn signal(self) -> Option<JsValue> {
        let control = self.control.try_get_value().flatten()?;
        Some(js::get(&control, "signal"))
    }

    fn is_stopped(self) -> bool {
        self.signal().is_some_and(|signal| js::get(&signal, "aborted").as_bool() == Some(true))
    }
}
