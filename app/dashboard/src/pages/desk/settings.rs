//! A campaign's settings: a form, a preview that is the real widget, and its life.

use countersign_shared::admin::campaigns::{
    CampaignCheck, CampaignDetail, CampaignSettings, SaveCampaign,
};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::kit::{press, work_or};
use crate::browser::api::{self, Fault};
use crate::browser::history::{self, unsaved};
use crate::browser::js::Timer;
use crate::pages::top;
use crate::parts::live::{effect, live};
use crate::parts::{Loaded, card, dialog, load, shown};
use crate::route::{Route, Tab};
use crate::session;
use crate::words::settings::w;
use crate::words::shell;

mod form;
mod life;
mod look;
mod new;
mod preview;
pub mod rules;
mod texts;
pub mod when;

pub use form::{Form, part};
pub use new::page as new;

/// What the form knows beside its settings.
#[derive(Clone, Copy)]
pub struct Editor {
    pub form: Form,
    /// What there is without this form: the settings as the server has them, or as a new campaign
    /// begins.
    kept: RwSignal<CampaignSettings>,
    /// `None` for a campaign that is not there yet.
    revision: RwSignal<Option<i64>>,
    pub check: RwSignal<Option<CampaignCheck>>,
    /// The language that is edited and previewed.
    pub language: RwSignal<String>,
    conflict: RwSignal<bool>,
    pub busy: RwSignal<bool>,
    /// Faults are shown once somebody tried to save, and always where there is something to lose.
    strict: RwSignal<bool>,
}

impl Editor {
    fn new(settings: CampaignSettings, detail: Option<&CampaignDetail>) -> Self {
        let language = settings.default_locale.clone();
        Self {
            kept: RwSignal::new(settings.clone()),
            form: Form { settings: RwSignal::new(settings), faults: RwSignal::default() },
            revision: RwSignal::new(detail.map(|detail| detail.revision)),
            check: RwSignal::new(None),
            language: RwSignal::new(language),
            conflict: RwSignal::new(false),
            busy: RwSignal::new(false),
            strict: RwSignal::new(detail.is_some()),
        }
    }

    pub fn of(detail: &CampaignDetail) -> Self {
        Self::new(detail.settings.clone(), Some(detail))
    }

    /// Whether something is not saved.
    pub fn dirty(self) -> bool {
        self.form.settings.with(|now| self.kept.with(|kept| kept != now))
    }

    /// Has the server look at the form a moment after the last change, and asks who leaves.
    pub fn watch(self) {
        let timer = StoredValue::new_local(None::<Timer>);
        effect(move || {
            self.form.settings.track();
            timer.set_value(Some(Timer::after(350, move |_| spawn_local(self.look()))));
        });
        unsaved::guard(Memo::new(move |_| self.dirty()));
    }

    /// Does what is about the campaign as it is saved, unless that is not what the form shows.
    fn when_saved(self, act: impl FnOnce()) {
        if untrack(move || self.dirty()) {
            return session::say(w().life_save_first);
        }
        act();
    }

    /// Takes over what a file says. Where the campaign is stays as it is: its name never changes,
    /// and its stage has buttons of its own, which ask first.
    fn fill_in(self, file: CampaignSettings) {
        self.language.set(file.default_locale.clone());
        let (slug, stage) = self.kept.with_untracked(|kept| (kept.slug.clone(), kept.stage));
        self.form.settings.set(CampaignSettings { slug, stage, ..file });
    }

    async fn look(self) {
        let Some(settings) = self.form.settings.try_get_untracked() else { return };
        let found = api::post::<CampaignCheck>(&api::admin("campaigns/check"), &settings).await;
        let Ok(found) = found else { return };
        // An answer about what has changed since is old.
        if self.form.settings.try_with_untracked(|now| *now != settings) != Some(false) {
            return;
        }
        if self.strict.get_untracked() {
            self.show(&found);
        }
        self.check.set(Some(found));
    }

    fn show(self, found: &CampaignCheck) {
        let faults = found.faults.iter().map(|it| (it.field.clone(), it.reason.clone()));
        self.form.faults.set(faults.collect());
    }

    /// Saves, or says what is in the way. `over` puts it over what somebody else has saved.
    pub fn save(self, over: bool) {
        let settings = self.form.settings.get_untracked();
        let revision = self.revision.get_untracked().filter(|_| !over);
        let new = self.revision.with_untracked(Option::is_none);
        let slug = settings.slug.clone();
        self.strict.set(true);
        let body = SaveCampaign { settings, revision };
        let ask = async move {
            if new {
                return api::post::<CampaignDetail>(&api::admin("campaigns"), &body).await;
            }
            api::send("PUT", &api::admin(&format!("campaigns/{slug}")), &body).await
        };
        work_or(
            self.busy,
            ask,
            move |detail| self.saved_as(&detail, new),
            move |fault| self.refuse(fault),
        );
    }

    fn saved_as(self, detail: &CampaignDetail, new: bool) {
        self.form.faults.set(Vec::new());
        self.conflict.set(false);
        self.revision.set(Some(detail.revision));
        self.kept.set(detail.settings.clone());
        self.form.settings.set(detail.settings.clone());
        session::refresh_campaigns();
        if new {
            session::say(w().made);
            history::go(&Route::Campaign(detail.settings.slug.clone(), Tab::Settings).path());
        } else {
            session::say(w().saved_live);
        }
    }

    fn refuse(self, fault: Fault) {
        if fault.code == "changed_meanwhile" {
            return self.conflict.set(true);
        }
        if fault.fields.is_empty() {
            return session::say_fault(&fault);
        }
        let faults = fault.fields.into_iter().map(|field| (field.field, field.message));
        self.form.faults.set(faults.collect());
        session::say_fault(&Fault::new(422, w().faults));
    }

    /// The button, and whether there is anything to save.
    pub fn bar(self, verb: &'static str) -> AnyView {
        view! {
            <span class="sub" role="status">
                {live(move || if self.dirty() { w().unsaved } else { w().all_saved })}
            </span>
            {press(verb, "btn primary", self.busy, move || self.save(false))}
        }
        .into_any()
    }

    /// Somebody else was faster.
    pub fn conflict(self, loaded: Loaded<CampaignDetail>) -> AnyView {
        dialog(self.conflict, w().conflict_title, move || {
            let theirs = move || {
                self.conflict.set(false);
                loaded.again();
            };
            view! {
                <p>{w().conflict_text}</p>
                <div class="row ends">
                    {press(shell::w().cancel, "btn", self.busy, move || self.conflict.set(false))}
                    {press(w().conflict_theirs, "btn", self.busy, theirs)}
                    {press(w().conflict_mine, "btn danger", self.busy, move || self.save(true))}
                </div>
            }
        })
    }
}

/// The settings of a campaign.
pub fn page(slug: String) -> AnyView {
    let loaded = details(&slug);
    let shown_top = slug.clone();
    view! {
        {live(move || match loaded.value() {
            Some(_) => ().into_any(),
            None => top(&shown_top, Tab::Settings, shell::w().settings, ()),
        })}
        {shown(loaded, move |detail| edit(&detail, loaded))}
    }
    .into_any()
}

/// A campaign's settings from the server.
pub fn details(slug: &str) -> Loaded<CampaignDetail> {
    let path = api::admin(&format!("campaigns/{slug}"));
    load(move || path.clone())
}

fn edit(detail: &CampaignDetail, loaded: Loaded<CampaignDetail>) -> AnyView {
    let editor = Editor::of(detail);
    editor.watch();
    let slug = detail.settings.slug.clone();
    view! {
        {top(&slug, Tab::Settings, shell::w().settings, editor.bar(shell::w().save))}
        {form(editor)}
        <div class="grid">{life::cards(editor, detail, loaded)}</div>
        {editor.conflict(loaded)}
    }
    .into_any()
}

fn form(editor: Editor) -> AnyView {
    view! {
        <div class="editor">
            <div class="stack">
                {card(w().texts, 12, texts::texts(editor))}
                {card(w().fields, 12, rules::fields(editor.form))}
                {card(w().goal, 12, rules::goal(editor.form))}
                {card(w().look, 12, look::look(editor))}
                {card(w().dates, 12, rules::dates(editor.form))}
                {card(w().sites, 12, rules::sites(editor.form))}
                {card(w().care, 12, rules::care(editor.form))}
            </div>
            {preview::preview(editor)}
        </div>
    }
    .into_any()
}
