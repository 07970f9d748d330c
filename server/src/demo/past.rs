//! The weeks before the demo opens: the same people through the same door, on a clock that runs
//! behind, so that charts have something to show.

use std::sync::atomic::{AtomicI64, Ordering};

use anyhow::Context as _;
use countersign_shared::PledgeForm;
use countersign_shared::pledge::Source;
use futures_util::{TryStreamExt as _, stream};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::{AT_ONCE, SLUG, pace::Pace, people, sign};
use crate::App;
use crate::clock::{Clock, SystemClock};
use crate::insight::visits::Happening;
use crate::organizer::{Caller, audit};
use crate::store::CampaignId;

/// The machine's clock, or behind it while the past is played.
#[derive(Default)]
pub struct DemoClock {
    behind: AtomicI64,
}

impl DemoClock {
    fn go_behind(&self, by: SignedDuration) {
        let by = i64::try_from(by.as_millis()).unwrap_or_default();
        self.behind.store(by, Ordering::SeqCst);
    }
}

impl Clock for DemoClock {
    fn now(&self) -> Timestamp {
        SystemClock.now() - SignedDuration::from_millis(self.behind.load(Ordering::SeqCst))
    }
}

/// What moved the number: when, as a share of the time, and which share of all signed because of it.
struct Event {
    label: &'static str,
    at: f64,
    share: f64,
}

const EVENTS: [Event; 2] = [
    Event { label: "UN speech", at: 0.13, share: 0.27 },
    Event { label: "Radio interview", at: 0.64, share: 0.47 },
];
/// A newsletter went out an hour before the demo opens.
const LAST_HOUR: f64 = 0.06;

/// Half of the people are in the countries of the real initiative, which is a European one; the
/// pledge is not, and the other half is in these, in invented proportions.
const WORLD: &[(&str, usize)] = &[
    ("US", 24),
    ("IN", 20),
    ("KE", 16),
    ("BR", 14),
    ("GB", 14),
    ("ZA", 10),
    ("NG", 10),
    ("CA", 8),
    ("MX", 8),
    ("AU", 7),
    ("ID", 7),
    ("EG", 5),
    ("AR", 5),
    ("JP", 5),
    ("TZ", 4),
    ("PH", 4),
    ("MA", 4),
    ("CO", 3),
    ("CL", 3),
    ("NZ", 3),
    ("ET", 3),
    ("PE", 2),
    ("TR", 2),
    ("NO", 2),
];

/// Where people came from: of twenty, so many each.
const SOURCES: &[(Option<&str>, Option<&str>, usize)] = &[
    (None, None, 5),
    (Some("newsletter"), None, 5),
    (Some(Source::SHARED), None, 4),
    (None, Some("equal-futures.example"), 3),
    (Some("instagram"), None, 2),
    (None, Some("radio-one.example"), 1),
];

/// Has people sign over so many days, up to now.
pub async fn play(app: &App, clock: &DemoClock, wanted: usize, days: u16) -> anyhow::Result<()> {
    let campaign = app.campaigns.get(SLUG).context("the demo's campaign is missing")?.id;
    if days == 0 || app.store.counters(campaign).await?.total > 0 {
        return Ok(());
    }
    let forms = forms(wanted);
    let played = steps(forms.len(), days);
    let mut forms = forms.into_iter().enumerate();
    for Step { before_now, due } in played {
        clock.go_behind(before_now);
        let now: Vec<(usize, PledgeForm)> = forms.by_ref().take(due).collect();
        visit(app, campaign, &now);
        stream::iter(now.into_iter().map(Ok::<_, anyhow::Error>))
            .try_for_each_concurrent(AT_ONCE, |(number, form)| sign(app, SLUG, form, number as u64))
            .await?;
    }
    clock.go_behind(SignedDuration::ZERO);
    app.write_visits().await;
    for Event { label, at, .. } in EVENTS {
        let at = app.clock.now() - ago(days, at);
        let (caller, detail) = (Caller::command_line(), json!({ "label": label }));
        let entry = audit::entry(app, &caller, "mark.add", SLUG, detail);
        app.store.add_mark(campaign, at, label, EVENTS.len() as i64, &entry).await?;
    }
    Ok(())
}

/// So many sign at once, so long before now.
#[derive(Debug)]
struct Step {
    before_now: SignedDuration,
    due: usize,
}

fn ago(days: u16, share: f64) -> SignedDuration {
    SignedDuration::from_secs((f64::from(days) * 86_400.0 * (1.0 - share)) as i64)
}

/// Hour by hour, and the last one minute by minute.
fn steps(people: usize, days: u16) -> Vec<Step> {
    let (pace, hours) = (Pace::of_the_petition(), u32::from(days) * 24);
    let newest = (people as f64 * LAST_HOUR) as usize;
    let mut signed = 0;
    let mut step = |before_now, all: f64| {
        let due = (all.round() as usize).saturating_sub(signed);
        signed += due;
        Step { before_now, due }
    };
    let mut steps = Vec::new();
    for hour in 1..hours {
        let all = (people - newest) as f64 * moved(&pace, f64::from(hour) / f64::from(hours - 1));
        let half_past = SignedDuration::from_mins(i64::from(hours - hour) * 60 + 30);
        steps.push(step(half_past, all));
    }
    for minute in 1..=60 {
        let all = (people - newest) as f64 + newest as f64 * pace.share(f64::from(minute) / 60.0);
        steps.push(step(SignedDuration::from_secs(i64::from(60 - minute) * 60 + 5), all));
    }
    steps.retain(|step| step.due > 0);
    steps
}

/// The share of all who have signed after this share of the time: a few every day, and after each
/// event as the real petition grew.
fn moved(pace: &Pace, at: f64) -> f64 {
    let steady = 1.0 - EVENTS.iter().map(|event| event.share).sum::<f64>();
    let wave = |event: &Event| event.share * pace.share((at - event.at) / (1.0 - event.at));
    steady * at + EVENTS.iter().map(wave).sum::<f64>()
}

/// The forms of the people, in the order in which they sign.
fn forms(wanted: usize) -> Vec<PledgeForm> {
    let people = people::people();
    let europe = people::countries(people.len());
    let world = spread(WORLD.iter().map(|(code, count)| (*code, *count)));
    let sources = spread(SOURCES.iter().map(|(utm, site, count)| ((*utm, *site), *count)));
    let form = |(number, person): (usize, &people::Person)| {
        let country = match number % 2 {
            0 => europe[number],
            _ => world[number / 2 % world.len()],
        };
        let (utm, site) = sources[number % sources.len()];
        let source = Source {
            utm_source: utm.map(str::to_owned),
            referrer: site.map(str::to_owned),
            ..Source::default()
        };
        PledgeForm { source, ..people::form(*person, country) }
    };
    people.iter().enumerate().take(wanted).map(form).collect()
}

/// Each so many times, well mixed.
fn spread<T: Copy>(counted: impl Iterator<Item = (T, usize)>) -> Vec<T> {
    let mut all: Vec<T> = counted.flat_map(|(one, n)| std::iter::repeat_n(one, n)).collect();
    people::mix(&mut all);
    all
}

/// Those who sign, and others: some begin and go, most only see it; some pass it on.
fn visit(app: &App, campaign: CampaignId, signing: &[(usize, PledgeForm)]) {
    for (number, form) in signing {
        let times = |what, times| {
            for _ in 0..times {
                app.visits.count(campaign, what, &form.source, app.clock.now());
            }
        };
        times(
            Happening::Seen,
            4 + number % 5 + if form.source.utm_source.is_some() { 0 } else { 5 },
        );
        times(Happening::Started, 1 + number % 2);
        times(Happening::Shared, usize::from(number % 5 == 0));
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::sync::Arc;

    use super::*;
    use crate::clock::SystemEntropy;
    use crate::config::Config;

    #[test]
    fn everybody_has_signed_at_the_end_and_time_runs_forward() {
        for (people, days) in [(3000, 30), (200, 30), (10, 1), (0, 2)] {
            let steps = steps(people, days);
            assert_eq!(steps.iter().map(|step| step.due).sum::<usize>(), people);
            assert!(steps.is_sorted_by(|a, b| a.before_now > b.before_now), "{steps:?}");
            let begun = SignedDuration::from_hours(i64::from(days) * 24);
            assert!(steps.iter().all(|it| it.before_now < begun && it.before_now.is_positive()));
        }
        let last: usize = steps(3000, 30)
            .iter()
            .filter(|step| step.before_now < SignedDuration::from_hours(1))
            .map(|step| step.due)
            .sum();
        assert_eq!(last, 180);
    }

    #[tokio::test]
    async fn the_past_of_the_demo_is_counted_as_if_it_had_been() {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(DemoClock::default());
        let on = Arc::clone(&clock);
        let config = Config::for_data_dir(folder.path());
        let app = App::start(config, on, Arc::new(SystemEntropy)).await.unwrap();
        super::super::apply(&app, &super::super::CAMPAIGNS, "http://a.example", "http://b.example")
            .await
            .unwrap();
        play(&app, &clock, 60, 30).await.unwrap();
        let campaign = app.campaigns.get(SLUG).unwrap().id;
        assert_eq!(app.store.counters(campaign).await.unwrap().total, 60);
        assert!(app.store.recount(false).await.unwrap().iter().all(|it| !it.drifts()));
        let marks = app.store.marks(campaign, app.clock.now()).await.unwrap();
        let labels: Vec<&str> = marks.iter().map(|mark| mark.label.as_str()).collect();
        assert_eq!(labels, EVENTS.map(|event| event.label));
        assert!(marks.iter().all(|mark| mark.after > mark.before), "{marks:?}");
        // A folder that has its people gets no others.
        play(&app, &clock, 60, 30).await.unwrap();
        assert_eq!(app.store.counters(campaign).await.unwrap().total, 60);
        app.stop().await;
    }
}
