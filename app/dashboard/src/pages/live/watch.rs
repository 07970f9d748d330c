//! What the live page watches: the stream, the range, and when to ask the server again.

use countersign_shared::Totals;
use countersign_shared::admin::json::FromJson;
use leptos::prelude::*;

use crate::browser::js::Timer;
use crate::browser::stream::{self, Heard};
use crate::browser::{api, history, intl};
use crate::day::Day;
use crate::parts::{Loaded, load};
use crate::pulse::Pulse;
use crate::range::{Range, Span};

/// What the stream does not carry is asked for so often while the number moves, in milliseconds.
const BEAT: u32 = 3_000;
/// And so often while it does not: views and starts move too. In beats.
const QUIET: u32 = 20;

#[derive(Clone, Copy)]
pub struct Watch {
    pub slug: StoredValue<String>,
    pub pulse: RwSignal<Pulse>,
    /// How many came with the last frame, and a number that rises with each.
    pub came: RwSignal<(u64, u64)>,
    /// Whether the stream is there.
    pub linked: RwSignal<bool>,
    pub range: Memo<Range>,
    beat: RwSignal<u32>,
}

impl Watch {
    pub fn new(slug: String) -> Self {
        let range = Memo::new(|_| {
            let asked = history::query("range");
            asked.and_then(|text| Range::parse(&text)).unwrap_or(Range::Last(30))
        });
        let watch = Self {
            slug: StoredValue::new(slug.clone()),
            pulse: RwSignal::default(),
            came: RwSignal::default(),
            linked: RwSignal::new(true),
            range,
            beat: RwSignal::default(),
        };
        let (moved, quiet) = (StoredValue::new(false), StoredValue::new(0_u32));
        let follow = stream::follow(slug, move |heard| match heard {
            Heard::Frame(frame) => {
                if watch.take(&frame) {
                    moved.try_update_value(|moved| *moved = true);
                }
            }
            Heard::Link(linked) => {
                let _ = watch.linked.try_set(linked);
            }
        });
        let timer = Timer::every(BEAT, move |_| {
            let mut due = moved.try_update_value(std::mem::take).unwrap_or(false);
            quiet.try_update_value(|beats| {
                *beats = if due { 0 } else { *beats + 1 };
                if *beats >= QUIET {
                    (*beats, due) = (0, true);
                }
            });
            if due {
                watch.beat.try_update(|beat| *beat += 1);
            }
        });
        StoredValue::new_local((follow, timer));
        watch
    }

    fn take(&self, frame: &Totals) -> bool {
        let mut moved = false;
        self.pulse.try_update(|pulse| {
            let before = pulse.total;
            let Some(came) = pulse.take(frame) else { return };
            moved = before.is_some() && before != pulse.total;
            self.came.try_update(|(turn, count)| {
                *turn += 1;
                *count = came;
            });
        });
        moved
    }

    pub fn compares(&self) -> bool {
        history::query("compare").is_some() && self.span(self.range.get()).is_some()
    }

    pub fn span(&self, range: Range) -> Option<Span> {
        range.span(intl::today())
    }

    pub fn bucket(&self, range: Range) -> &'static str {
        range.bucket(intl::today())
    }

    /// Whether the present is in the range, so that the stream moves its end.
    pub fn is_now(&self, range: Range) -> bool {
        let tomorrow: Day = intl::today().plus(1);
        self.span(range).is_none_or(|span| span.to >= tomorrow)
    }

    /// Asks for a room of the campaign, for the range, again whenever it moves.
    pub fn ask<T>(&self, room: &'static str) -> Loaded<T>
    where
        T: FromJson + Send + Sync + 'static,
    {
        let watch = *self;
        load(move || {
            watch.beat.track();
            let span = watch.span(watch.range.get());
            let query = span.map(|span| format!("?{}", span.query())).unwrap_or_default();
            api::of(&watch.slug.get_value(), &[room, &query].concat())
        })
    }

    /// Asks for the series of a span.
    pub fn series<T>(&self, of: fn(Span) -> Span) -> Loaded<T>
    where
        T: FromJson + Send + Sync + 'static,
    {
        let watch = *self;
        load(move || {
            watch.beat.track();
            let range = watch.range.get();
            let span = watch.span(range).map(of);
            let days = span.map(|span| format!("&{}", span.query())).unwrap_or_default();
            let zone = api::encoded(&intl::zone());
            let bucket = watch.bucket(range);
            let asked = format!("series?bucket={bucket}&time_zone={zone}{days}");
            api::of(&watch.slug.get_value(), &asked)
        })
    }
}
