//! What a benchmark found: figures of each round, goals, and whether they were met.

use std::collections::BTreeMap;

use countersign_bench::stats::{median, median_difference, median_ratio, shown};

use crate::machine::Machine;

/// The whole of one benchmark, as it is kept in JSON.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct Outcome {
    /// As in `--only`, and in the marks of the document.
    pub name: String,
    pub title: String,
    /// Small counts: proves that it works, and nothing else.
    pub quick: bool,
    pub rounds: usize,
    pub machine: Machine,
    /// The columns.
    pub metrics: Vec<Metric>,
    /// Who was measured: the first is ours.
    pub sides: Vec<Side>,
    pub goals: Vec<Goal>,
    /// What could not be measured, and why.
    pub skipped: Vec<String>,
}

/// Something that is measured.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct Metric {
    pub id: String,
    /// With its unit: `p99, ms`.
    pub title: String,
    /// Digits after the point.
    pub digits: usize,
    /// Whether more is better.
    pub more: bool,
    /// Whether the picture shows it.
    pub drawn: bool,
}

/// One that was measured: a figure of each metric and round.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct Side {
    pub id: String,
    pub title: String,
    pub values: BTreeMap<String, Vec<f64>>,
}

/// What was hoped for.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct Goal {
    pub metric: String,
    /// Whose figure.
    pub side: String,
    pub bound: Bound,
}

/// Where the figure has to be.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub enum Bound {
    /// At least so many times the figure of this side.
    TimesAtLeast(f64, String),
    /// At most so many times the figure of this side.
    TimesAtMost(f64, String),
    /// At most so much more than the figure of this side.
    MoreAtMost(f64, String),
    /// At most this.
    AtMost(f64),
}

/// A goal held against the figures.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    pub goal: String,
    pub measured: String,
    pub met: bool,
    /// `met, by 12 %`.
    pub verdict: String,
}

/// The figures of one side in one round, by metric.
pub type Figures = Vec<(&'static str, f64)>;

impl Outcome {
    /// Adds a round of one side.
    pub fn add(&mut self, side: &str, figures: Figures) {
        if let Some(side) = self.sides.iter_mut().find(|it| it.id == side) {
            for (metric, value) in figures {
                side.values.entry(metric.to_owned()).or_default().push(value);
            }
        }
    }

    /// The median over the rounds.
    pub fn median(&self, side: &str, metric: &str) -> Option<f64> {
        median(self.values(side, metric)?)
    }

    /// Every goal that can be judged; one whose peer was absent cannot.
    pub fn judged(&self) -> Vec<Judged> {
        self.goals.iter().filter_map(|goal| self.judge(goal)).collect()
    }

    fn values(&self, side: &str, metric: &str) -> Option<&[f64]> {
        let side = self.sides.iter().find(|it| it.id == side)?;
        side.values.get(metric).map(Vec::as_slice).filter(|values| !values.is_empty())
    }

    fn judge(&self, goal: &Goal) -> Option<Judged> {
        let ours = self.values(&goal.side, &goal.metric)?;
        let metric = self.metrics.iter().find(|it| it.id == goal.metric)?;
        let title = |side: &str| {
            let found = self.sides.iter().find(|it| it.id == side);
            found.map_or_else(|| side.to_owned(), |it| it.title.clone())
        };
        let beside = |side: &str| self.values(side, &goal.metric);
        // Only where it is not plain whose figure is meant.
        let whose = if self.sides.first().is_some_and(|first| first.id == goal.side) {
            String::new()
        } else {
            format!(" ({})", title(&goal.side))
        };
        let goal_bound = &goal.bound;
        let (value, bound, at_least, goal, measured) = match goal_bound {
            Bound::TimesAtLeast(times, side) => {
                let ratio = median_ratio(ours, beside(side)?)?;
                (ratio, *times, true, format!("at least {times} × {}", title(side)), factor(ratio))
            }
            Bound::TimesAtMost(times, side) => {
                let ratio = median_ratio(ours, beside(side)?)?;
                (ratio, *times, false, format!("at most {times} × {}", title(side)), factor(ratio))
            }
            Bound::MoreAtMost(more, side) => {
                let difference = median_difference(ours, beside(side)?)?;
                let measured = shown(difference, metric.digits);
                let sign = if difference >= 0.0 { "+" } else { "" };
                let goal = format!("at most {more} more than {}", title(side));
                (difference, *more, false, goal, format!("{sign}{measured}"))
            }
            Bound::AtMost(most) => {
                let value = median(ours)?;
                let goal = format!("at most {}", shown(*most, 0));
                (value, *most, false, goal, shown(value, metric.digits))
            }
        };
        let met = if at_least { value >= bound } else { value <= bound };
        let by = match goal_bound {
            Bound::MoreAtMost(..) => shown((value - bound).abs(), metric.digits),
            _ => format!("{:.0} %", (value / bound - 1.0).abs() * 100.0),
        };
        let verdict = format!("{}, by {by}", if met { "met" } else { "not met" });
        Some(Judged { goal: format!("{}{whose}: {goal}", metric.title), measured, met, verdict })
    }
}

/// `17.3 ×`, with as many digits as say something.
fn factor(ratio: f64) -> String {
    format!("{} ×", shown(ratio, if ratio >= 10.0 { 1 } else { 2 + usize::from(ratio < 0.1) }))
}

impl Metric {
    pub fn new(id: &str, title: &str, digits: usize, more: bool) -> Self {
        Self { id: id.into(), title: title.into(), digits, more, drawn: false }
    }

    pub fn drawn(self) -> Self {
        Self { drawn: true, ..self }
    }
}

impl Side {
    pub fn new(id: &str, title: &str) -> Self {
        Self { id: id.into(), title: title.into(), values: BTreeMap::new() }
    }
}

impl Goal {
    pub fn new(side: &str, metric: &str, bound: Bound) -> Self {
        Self { metric: metric.into(), side: side.into(), bound }
    }
}

#[cfg(test)]
pub mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// Two sides, one of them absent from the goals.
    pub fn example() -> Outcome {
        let mut outcome = Outcome {
            name: "example".into(),
            title: "An example".into(),
            quick: true,
            rounds: 3,
            machine: Machine::default(),
            metrics: vec![
                Metric::new("rate", "pledges a second", 0, true).drawn(),
                Metric::new("p99", "p99, ms", 1, false),
            ],
            sides: vec![Side::new("ours", "Countersign"), Side::new("usual", "the usual way")],
            goals: vec![
                Goal::new("ours", "rate", Bound::TimesAtLeast(15.0, "usual".into())),
                Goal::new("ours", "p99", Bound::TimesAtMost(0.1, "usual".into())),
                Goal::new("ours", "p99", Bound::MoreAtMost(20.0, "usual".into())),
                Goal::new("ours", "p99", Bound::AtMost(20.0)),
                Goal::new("ours", "rate", Bound::TimesAtLeast(1.0, "absent".into())),
            ],
            skipped: vec!["absent: not installed".into()],
        };
        for round in 1..=3 {
            let speed = f64::from(round);
            outcome.add("ours", vec![("rate", 18_000.0 * speed), ("p99", 25.0)]);
            outcome.add("usual", vec![("rate", 1_000.0 * speed), ("p99", 400.0)]);
        }
        outcome
    }

    #[test]
    fn goals_say_whether_they_are_met_and_by_how_much() {
        let judged = example().judged();
        let said: Vec<_> =
            judged.iter().map(|it| (it.measured.as_str(), it.verdict.as_str())).collect();
        assert_eq!(
            said,
            [
                ("18.0 ×", "met, by 20 %"),
                ("0.062 ×", "met, by 38 %"),
                ("-375.0", "met, by 395.0"),
                ("25.0", "not met, by 25 %"),
            ]
        );
        assert_eq!(judged[0].goal, "pledges a second: at least 15 × the usual way");
    }

    #[test]
    fn medians_are_over_the_rounds() {
        assert_eq!(example().median("ours", "rate"), Some(36_000.0));
        assert_eq!(example().median("absent", "rate"), None);
    }
}
