//! What the live page watches: the stream, the range, and when to ask the server again.

use countersign_shared::Totals;
use countersign_shared::admin::json::FromJson;
use leptos::prelude::*;

use super::kept::Kept;
use crate::beat::{Beat, TICK};
use crate::browser::js::Timer;
use crate::browser::stream::{self, Heard};
use crate::browser::{api, history, intl};
use crate::day::Day;
use crate::parts::live::live;
use crate::pulse::Pulse;
use crate::range::{Against, Range, Span};
use crate::words::fill;
use crate::words::live::w;

#[derive(Clone, Copy)]
pub struct Watch {
    pub slug: StoredValue<String>,
    pub pulse: RwSignal<Pulse>,
    /// Whether the stream is there.
    pub linked: RwSignal<bool>,
    pub range: Memo<Range>,
    /// What the range is compared with.
    pub against: Memo<Option<Against>>,
    /// Rises whenever the cards are to ask: all at once, so that they agree.
    pub beat: RwSignal<u32>,
    pace: StoredValue<Beat>,
}

impl Watch {
    pub fn new(slug: String) -> Self {
        let range = Memo::new(|_| {
            let asked = history::query("range");
            asked.and_then(|text| Range::parse(&text)).unwrap_or(Range::Last(30))
        });
        let against = Memo::new(move |_| {
            let asked = history::query("compare").and_then(|text| Against::parse(&text));
            asked.filter(|_| range.get() != Range::All)
        });
        let watch = Self {
            slug: StoredValue::new(slug.clone()),
            pulse: RwSignal::default(),
            linked: RwSignal::new(true),
            range,
            against,
            beat: RwSignal::default(),
            pace: StoredValue::default(),
        };
        let follow = stream::follow(slug, move |heard| match heard {
            Heard::Frame(frame) => watch.take(&frame),
            Heard::Link(linked) => {
                let _ = watch.linked.try_set(linked);
            }
        });
        let timer = Timer::every(TICK, move |_| {
            let hidden = watch.pulse.try_with_untracked(|pulse| pulse.total.is_none());
            let blind =
                hidden.unwrap_or(false) || !watch.linked.try_get_untracked().unwrap_or(true);
            if watch.pace.try_update_value(|pace| pace.is_due(blind)).unwrap_or(false) {
                watch.beat.try_update(|beat| *beat += 1);
            }
        });
        StoredValue::new_local((follow, timer));
        watch
    }

    fn take(&self, frame: &Totals) {
        self.pulse.try_update(|pulse| {
            let moved = pulse.is_known() && pulse.lacks(frame);
            if pulse.take(frame).is_some() && moved {
                self.pace.try_update_value(Beat::moved);
            }
        });
    }

    /// A request brought nothing: soon all are asked again.
    pub fn failed(&self) {
        self.pace.try_update_value(Beat::failed);
    }

    pub fn span(&self, range: Range) -> Option<Span> {
        range.span(intl::today())
    }

    /// The days in UTC that cover the range. Countries, funnel and sources are counted by them.
    pub fn utc_span(&self, range: Range) -> Option<Span> {
        let span = self.span(range)?;
        let end = intl::midnight(span.to).min(js_sys::Date::now());
        Some(Span::utc(intl::midnight(span.from), end))
    }

    /// Says which days those are, where they are not the organizer's own.
    pub fn utc_note(&self) -> AnyView {
        let watch = *self;
        live(move || {
            let range = watch.range.get();
            let (span, days) = (watch.span(range)?, watch.utc_span(range)?);
            let starts = |day: Day| intl::midnight(day) == day.0 as f64 * 86_400_000.0;
            if starts(span.from) && starts(span.to) {
                return None;
            }
            let text = fill(w().utc_days, &[("days", &intl::plain_days(days))]);
            Some(view! { <p class="sub">{text}</p> })
        })
        .into_any()
    }

    pub fn bucket(&self, range: Range) -> &'static str {
        range.bucket(intl::today())
    }

    /// Whether the present is in the range, so that the stream moves its end.
    pub fn is_now(&self, range: Range) -> bool {
        let tomorrow: Day = intl::today().plus(1);
        self.span(range).is_none_or(|span| span.to >= tomorrow)
    }

    /// Asks for a room of the campaign as it is now.
    pub fn now<T>(&self, room: &'static str) -> Kept<T>
    where
        T: FromJson + Send + Sync + Clone + 'static,
    {
        let watch = *self;
        Kept::new(watch, move || api::of(&watch.slug.get_value(), room))
    }

    /// Asks for a room of the campaign, for the days in UTC that cover the range.
    pub fn days<T>(&self, room: &'static str) -> Kept<T>
    where
        T: FromJson + Send + Sync + Clone + 'static,
    {
        let watch = *self;
        Kept::new(watch, move || {
            let span = watch.utc_span(watch.range.get());
            let query = span.map(|span| format!("?{}", span.query())).unwrap_or_default();
            api::of(&watch.slug.get_value(), &[room, &query].concat())
        })
    }

    /// Asks for the series of a span.
    pub fn series<T>(&self, of: impl Fn(Span) -> Span + 'static) -> Kept<T>
    where
        T: FromJson + Send + Sync + Clone + 'static,
    {
        let watch = *self;
        Kept::new(watch, move || {
            let range = watch.range.get();
            let span = watch.span(range).map(&of);
            let days = span.map(|span| format!("&{}", span.query())).unwrap_or_default();
            let zone = api::encoded(&intl::zone());
            let bucket = watch.bucket(range);
            let asked = format!("series?bucket={bucket}&time_zone={zone}{days}");
            api::of(&watch.slug.get_value(), &asked)
        })
    }
}
