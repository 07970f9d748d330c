//! How fast people sign: as fast as a real petition grew, with its week played in hours.

/// Samples of a real petition's total. Origin and licence: `data/README.md`.
const SAMPLES: &str = include_str!("../../../data/demo/pace.csv");

/// One person of the demo stands for so many of the petition. With a week in under three hours it
/// makes two signatures a second, on average.
const PEOPLE_A_SIGNATURE: u64 = 160;

/// The growth of the real petition: seconds since its first sample, signatures since then.
///
/// Where fraud was removed the total fell; a fall is left out, so this only rises.
pub struct Pace {
    samples: Vec<(f64, u64)>,
}

impl Pace {
    pub fn of_the_petition() -> Self {
        let mut samples: Vec<(f64, u64)> = Vec::new();
        let (mut start, mut before, mut grown) = (None, None, 0);
        for line in SAMPLES.lines().skip(1) {
            let Some((time, total)) = line.split_once(',') else { continue };
            let (Ok(time), Ok(total)) = (time.parse::<f64>(), total.parse::<u64>()) else {
                continue;
            };
            grown += total.saturating_sub(before.unwrap_or(total));
            before = Some(total);
            samples.push((time - *start.get_or_insert(time), grown));
        }
        Self { samples }
    }

    /// How many people have signed after `seconds` of the demo, at `speed` times the real pace.
    /// When the week is over it begins again.
    pub fn signed_after(&self, seconds: f64, speed: f64) -> u64 {
        let (Some(&(length, all)), true) = (self.samples.last(), seconds > 0.0) else { return 0 };
        let real = seconds * speed;
        let weeks = (real / length).floor();
        let within = real - weeks * length;
        let grown = (self.share(within / length) * all as f64) as u64;
        (weeks as u64 * all + grown) / PEOPLE_A_SIGNATURE
    }

    /// The share of a week's signatures that have come after this share of the week, from 0 to 1.
    pub fn share(&self, of_week: f64) -> f64 {
        let Some(&(length, all)) = self.samples.last() else { return of_week };
        let within = of_week.clamp(0.0, 1.0) * length;
        let next = self.samples.partition_point(|sample| sample.0 <= within);
        let grown = match (self.samples.get(next.wrapping_sub(1)), self.samples.get(next)) {
            (Some(a), Some(b)) => a.1 as f64 + (b.1 - a.1) as f64 * (within - a.0) / (b.0 - a.0),
            (Some(a), None) => a.1 as f64,
            _ => 0.0,
        };
        grown / all as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_share_of_a_week_rises_from_nothing_to_all() {
        let pace = Pace::of_the_petition();
        let shares: Vec<f64> = (0..=50).map(|n| pace.share(f64::from(n) / 50.0)).collect();
        assert!(shares.is_sorted() && shares[0] == 0.0 && shares[50] == 1.0, "{shares:?}");
    }

    #[test]
    fn it_only_rises_and_goes_on_after_the_week() {
        let pace = Pace::of_the_petition();
        let counts: Vec<u64> =
            (0..400).map(|minute| pace.signed_after(f64::from(minute) * 60.0, 60.0)).collect();
        assert!(counts.is_sorted());
        assert!(counts[399] > counts[200] && counts[200] > counts[100]);
    }

    #[test]
    fn the_number_is_alive() {
        let pace = Pace::of_the_petition();
        let first_minute = pace.signed_after(60.0, 60.0);
        assert!((60..1200).contains(&first_minute), "{first_minute} signatures in a minute");
    }
}
