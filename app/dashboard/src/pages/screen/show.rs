//! What the screen knows, and what it does while it is left alone for days.

use std::sync::Arc;

use countersign_shared::locale::negotiate;
use countersign_shared::{Code, PublicCampaign, Totals, i18n, routes};
use leptos::prelude::*;

use super::tongue::{Messages, Tongue};
use super::update;
use crate::browser::history;
use crate::browser::js::Timer;
use crate::browser::stream::{self, Heard};
use crate::parts::live::effect;
use crate::parts::{Loaded, load, load_if};
use crate::pulse::Pulse;

/// Milliseconds for which the stream may be gone before anybody is told: servers close streams on
/// purpose now and then.
const GRACE: f64 = 5_000.0;
/// Milliseconds for which a number that fell says why.
const TELLS_FOR: f64 = 60_000.0;
/// Milliseconds between two requests for what changed.
const ASK_EVERY: f64 = 5_000.0;

#[derive(Clone, Copy)]
pub struct Show {
    pub pulse: RwSignal<Pulse>,
    /// The newest that came. It stays when a later request fails.
    pub campaign: RwSignal<Option<Arc<PublicCampaign>>>,
    tongue: RwSignal<Option<Arc<Tongue>>>,
    /// The message that says why the number fell, while that is news.
    pub why: RwSignal<Option<&'static str>>,
    /// How old the number is in seconds, while the stream is lost.
    pub age: RwSignal<Option<u32>>,
    loaded: Loaded<PublicCampaign>,
    messages: Loaded<Messages>,
    times: StoredValue<Times>,
}

/// When what happened.
#[derive(Clone, Copy)]
struct Times {
    /// The number was last known to be right.
    right_at: f64,
    lost_at: Option<f64>,
    fell_at: f64,
    asked_at: f64,
    /// The newest edition of the settings that was heard of.
    revision: u64,
}

impl Show {
    pub fn new(slug: String) -> Self {
        let asked = history::query("lang").unwrap_or_default();
        let path = routes::campaign(&slug);
        let loaded = load::<PublicCampaign>(move || path.clone());
        let campaign = RwSignal::new(None::<Arc<PublicCampaign>>);
        effect(move || {
            if let Some(came) = loaded.value() {
                campaign.set(Some(Arc::new(came)));
            }
        });
        let locale = Memo::new(move |_| {
            campaign.with(|known| match known {
                Some(campaign) => Some(language(campaign, &asked)),
                None => loaded.fault().map(|_| asked.clone()),
            })
        });
        let messages = load_if::<Messages>(move || {
            locale.with(|tag| tag.as_deref().map(|tag| routes::locale(i18n::supported(tag))))
        });
        let times =
            Times { right_at: now(), lost_at: None, fell_at: 0.0, asked_at: now(), revision: 0 };
        let show = Self {
            pulse: RwSignal::default(),
            campaign,
            tongue: RwSignal::default(),
            why: RwSignal::default(),
            age: RwSignal::default(),
            loaded,
            messages,
            times: StoredValue::new(times),
        };
        effect(move || {
            let (Some(messages), Some(tag)) = (messages.value(), locale.get()) else { return };
            let tongue =
                campaign.with(|campaign| Tongue::new(&tag, &messages, campaign.as_deref()));
            show.tongue.set(Some(Arc::new(tongue)));
        });
        let followed = stream::follow(slug, move |heard| match heard {
            Heard::Frame(frame) => show.take(&frame),
            Heard::Link(true) => show.back(),
            Heard::Link(false) => {
                show.times.try_update_value(|times| *times.lost_at.get_or_insert_with(now));
            }
        });
        let clock = Timer::every(1_000, move |_| show.tick());
        StoredValue::new_local((followed, clock));
        show
    }

    /// Something in the language shown. `None` until that is here.
    pub fn say<T>(&self, what: impl FnOnce(&Tongue) -> T) -> Option<T> {
        self.tongue.get().map(|tongue| what(&tongue))
    }

    /// Whether there is no such campaign.
    pub fn missing(&self) -> bool {
        let none = self.campaign.with(Option::is_none);
        none && self.loaded.fault().is_some_and(|it| it.code == Code::CampaignNotFound.as_str())
    }

    fn take(&self, frame: &Totals) {
        self.times.try_update_value(|times| {
            times.right_at = now();
            times.revision = times.revision.max(frame.revision);
        });
        let falls = |pulse: &Pulse| pulse.falls;
        let before = self.pulse.try_with_untracked(falls);
        self.pulse.try_update(|pulse| pulse.take(frame));
        if self.pulse.try_with_untracked(falls) > before {
            self.times.try_update_value(|times| times.fell_at = now());
            let _ = self.why.try_set(frame.reason_key());
        }
    }

    /// The stream is there. Where it was gone, the server may be another by now.
    fn back(&self) {
        let lost = self.times.try_update_value(|times| times.lost_at.take()).flatten();
        if lost.is_some() {
            self.mend();
            update::look();
        }
    }

    /// Asks again for what did not come.
    fn mend(&self) {
        if self.loaded.fault().is_some() {
            self.loaded.again();
        }
        if self.messages.fault().is_some() {
            self.messages.again();
        }
    }

    fn tick(&self) {
        let Some(times) = self.times.try_get_value() else { return };
        let now = now();
        let lost = times.lost_at.is_some_and(|at| now - at > GRACE);
        let age = lost.then(|| ((now - times.right_at) / 1_000.0) as u32);
        if self.age.get_untracked() != age {
            self.age.set(age);
        }
        if now - times.fell_at > TELLS_FOR && self.why.get_untracked().is_some() {
            self.why.set(None);
        }
        // Totals hear of new settings a moment before the campaign does.
        let shown = self.campaign.with_untracked(|it| it.as_ref().map(|it| it.totals.revision));
        let older = shown.is_some_and(|shown| shown < times.revision);
        if older && now - times.asked_at > ASK_EVERY {
            self.times.update_value(|times| times.asked_at = now);
            self.loaded.again();
        }
    }
}

/// The language of the campaign's texts that was asked for, or the campaign's own.
fn language(campaign: &PublicCampaign, asked: &str) -> String {
    let available: Vec<&str> = campaign.texts.keys().map(String::as_str).collect();
    negotiate(&[asked], &available).unwrap_or(&campaign.default_locale).to_owned()
}

fn now() -> f64 {
    js_sys::Date::now()
}
