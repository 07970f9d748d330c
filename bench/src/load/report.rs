//! What a load saw: answers by status, latencies, broken connections.

use std::collections::BTreeMap;
use std::time::Duration;

use hdrhistogram::Histogram;

/// Latencies up to two minutes, in microseconds, three digits.
const LONGEST: u64 = 120_000_000;

/// The sum of a load.
#[derive(Clone, Debug)]
pub struct Report {
    /// From the end of the warm-up to the last answer.
    pub seconds: f64,
    /// All answers, those of the warm-up too.
    pub all: u64,
    /// Answers by status.
    pub answers: BTreeMap<u16, u64>,
    /// Connections that broke while an answer was awaited.
    pub errors: u64,
    /// Connections that could not be opened.
    pub refused: u64,
    /// Microseconds from when a request was due to its whole answer, whatever its status.
    pub latency: Histogram<u64>,
}

impl Report {
    pub fn new() -> Self {
        Self {
            seconds: 0.0,
            all: 0,
            answers: BTreeMap::new(),
            errors: 0,
            refused: 0,
            latency: histogram(),
        }
    }

    pub fn measured(&mut self, status: u16, latency: Duration) {
        *self.answers.entry(status).or_default() += 1;
        note(&mut self.latency, latency);
    }

    /// Answers with this status.
    pub fn with(&self, status: u16) -> u64 {
        self.answers.get(&status).copied().unwrap_or(0)
    }

    /// Answers with this status a second.
    pub fn rate(&self, status: u16) -> f64 {
        if self.seconds > 0.0 { self.with(status) as f64 / self.seconds } else { 0.0 }
    }

    /// The latency that this share of answers stayed under, in milliseconds: 0.99 for the p99.
    pub fn quantile_ms(&self, share: f64) -> f64 {
        milliseconds(&self.latency, share)
    }

    /// One line for people.
    pub fn line(&self) -> String {
        let answers: Vec<String> =
            self.answers.iter().map(|(status, count)| format!("{count} x {status}")).collect();
        format!(
            "{:.1} s: {}; {} broken, {} refused; p50 {:.1} ms, p99 {:.1} ms, max {:.1} ms",
            self.seconds,
            if answers.is_empty() { "no answers".to_owned() } else { answers.join(", ") },
            self.errors,
            self.refused,
            self.quantile_ms(0.5),
            self.quantile_ms(0.99),
            self.latency.max() as f64 / 1000.0,
        )
    }
}

impl Default for Report {
    fn default() -> Self {
        Self::new()
    }
}

/// An empty histogram of microseconds.
pub fn histogram() -> Histogram<u64> {
    // These bounds are right, so this does not fail; a coarser one is right by construction.
    Histogram::new_with_bounds(1, LONGEST, 3)
        .or_else(|_| Histogram::new(3))
        .unwrap_or_else(|_| unreachable!("three digits are within one to five"))
}

/// Adds one latency; what is beyond the bounds counts as the bound.
pub fn note(histogram: &mut Histogram<u64>, latency: Duration) {
    histogram.saturating_record((latency.as_micros() as u64).max(1));
}

/// A quantile of a histogram of microseconds, in milliseconds.
pub fn milliseconds(histogram: &Histogram<u64>, share: f64) -> f64 {
    histogram.value_at_quantile(share) as f64 / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_in_milliseconds_and_rates_a_second() {
        let mut report = Report::new();
        for millisecond in 1..=100 {
            report.measured(201, Duration::from_millis(millisecond));
        }
        report.measured(503, Duration::from_secs(1_000));
        report.seconds = 4.0;
        assert_eq!(report.with(201), 100);
        assert!((report.rate(201) - 25.0).abs() < 1e-9);
        assert!((report.quantile_ms(0.5) - 51.0).abs() < 1.0, "{}", report.quantile_ms(0.5));
        assert!(report.quantile_ms(1.0) >= 119_000.0, "too long counts as the longest");
        assert!(report.line().contains("100 x 201, 1 x 503"), "{}", report.line());
        assert!(Report::new().rate(200).abs() < 1e-9);
    }
}
