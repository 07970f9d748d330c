//! Who is signed in, which campaigns there are, and what is said in passing.

use std::cell::Cell;

use countersign_shared::admin::Permission;
use countersign_shared::admin::account::Me;
use countersign_shared::admin::campaigns::{CampaignSummary, Stage};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser::api::{self, Fault};
use crate::browser::intl;

/// Who looks at this.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Who {
    /// The server was not asked yet.
    #[default]
    Unknown,
    Nobody,
    Known(Box<Me>),
}

/// A line that comes and goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Toast {
    pub id: u32,
    pub text: String,
    /// Read out at once, and stays until it is closed.
    pub bad: bool,
}

#[derive(Clone, Copy)]
struct Session {
    who: RwSignal<Who>,
    campaigns: RwSignal<Option<Vec<CampaignSummary>>>,
    toasts: RwSignal<Vec<Toast>>,
    boxes: RwSignal<Vec<String>>,
}

thread_local! {
    static SESSION: Cell<Option<Session>> = const { Cell::new(None) };
    static NEXT: Cell<u32> = const { Cell::new(1) };
}

fn session() -> Session {
    SESSION.get().unwrap_or_else(|| {
        let made = Session {
            who: RwSignal::default(),
            campaigns: RwSignal::default(),
            toasts: RwSignal::default(),
            boxes: RwSignal::default(),
        };
        SESSION.set(Some(made));
        made
    })
}

/// Makes the session under the owner of the whole page, which outlives every part of it.
pub fn start() {
    let _ = session();
}

pub fn who() -> RwSignal<Who> {
    session().who
}

/// The campaigns of the organization, once they are here.
pub fn campaigns() -> RwSignal<Option<Vec<CampaignSummary>>> {
    session().campaigns
}

pub fn toasts() -> RwSignal<Vec<Toast>> {
    session().toasts
}

/// The boxes above the page that are open, by their ids, the topmost last.
pub fn boxes() -> RwSignal<Vec<String>> {
    session().boxes
}

/// Who is signed in, for pages that only they see. Follows changes where it is read reactively.
pub fn me() -> Option<Me> {
    who().with(|who| match who {
        Who::Known(me) => Some((**me).clone()),
        _ => None,
    })
}

/// The same, without following changes.
pub fn known() -> Option<Me> {
    who().with_untracked(|who| match who {
        Who::Known(me) => Some((**me).clone()),
        _ => None,
    })
}

/// Whether the signed-in organizer may do this. The server decides; this hides what it would refuse.
pub fn may(permission: Permission) -> bool {
    who().with(|who| matches!(who, Who::Known(me) if me.role.allows(permission)))
}

/// Takes in who the server says it is.
pub fn enter(me: Me) {
    intl::read_as(&me.locale, &me.time_zone);
    who().set(Who::Known(Box::new(me)));
    refresh_campaigns();
}

/// Goes on in another organization, whose campaigns are others.
pub fn move_to(me: Me) {
    campaigns().set(None);
    crate::frame::forget();
    enter(me);
}

/// Asks the server who this is.
pub async fn recognise() {
    match api::get::<Me>(&api::admin("session")).await {
        Ok(me) => enter(me),
        Err(fault) if fault.status == 401 || fault.status == 403 => who().set(Who::Nobody),
        Err(fault) => {
            say_fault(&fault);
            who().set(Who::Nobody);
        }
    }
}

/// The server does not know the session any more.
pub fn lost() {
    let session = session();
    session.campaigns.set(None);
    if session.who.with_untracked(|who| *who != Who::Nobody) {
        session.who.set(Who::Nobody);
    }
}

/// Reads the list of campaigns again.
pub fn refresh_campaigns() {
    spawn_local(async {
        let list = api::get::<Vec<CampaignSummary>>(&api::admin("campaigns")).await;
        match list {
            Ok(list) => campaigns().set(Some(list)),
            Err(fault) => say_fault(&fault),
        }
    });
}

/// The campaign of this slug, once the list is here.
pub fn campaign(slug: &str) -> Option<CampaignSummary> {
    campaigns().with(|all| all.as_ref()?.iter().find(|one| one.slug == slug).cloned())
}

/// The campaign to begin with, once the list is here: none where all are archived.
pub fn first() -> Option<String> {
    campaigns().with(|all| {
        let first = all.as_ref()?.iter().find(|one| one.stage != Stage::Archived);
        Some(first?.slug.clone())
    })
}

/// Says something in passing.
pub fn say(text: impl Into<String>) {
    push(text.into(), false);
}

/// Says what went wrong. Being signed out is said by the page that follows.
pub fn say_fault(fault: &Fault) {
    if fault.status != 401 {
        push(fault.text.clone(), true);
    }
}

fn push(text: String, bad: bool) {
    let id = NEXT.replace(NEXT.get() + 1);
    toasts().update(|all| {
        all.retain(|toast| toast.text != text);
        all.push(Toast { id, text, bad });
        // More than four would cover the page.
        let over = all.len().saturating_sub(4);
        all.drain(..over);
    });
}
