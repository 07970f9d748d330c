//! The geometry of charts: from numbers to places in a picture. Nothing here knows a browser.

use crate::digits::px;

pub mod labels;
pub mod shades;
pub mod steps;

/// From values to places, evenly.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    pub from: f64,
    pub to: f64,
    /// Where `from` and `to` are in the picture.
    pub start: f64,
    pub end: f64,
}

impl Scale {
    pub fn place(&self, value: f64) -> f64 {
        let span = self.to - self.from;
        if span <= 0.0 {
            return self.start;
        }
        self.start + (value - self.from) / span * (self.end - self.start)
    }

    /// The value at a place.
    pub fn value(&self, place: f64) -> f64 {
        let span = self.end - self.start;
        if span == 0.0 {
            return self.from;
        }
        self.from + (place - self.start) / span * (self.to - self.from)
    }
}

/// Round numbers from 0 to at least `most`, about `count` of them: 0, 100, 200, 300.
pub fn ticks(most: f64, count: usize) -> Vec<f64> {
    if most <= 0.0 || !most.is_finite() || count == 0 {
        return vec![0.0, 1.0];
    }
    let rough = most / count as f64;
    // People come one by one: no step is below 1.
    let mut power = 1.0;
    while power * 10.0 <= rough {
        power *= 10.0;
    }
    let steps = [1.0, 2.0, 2.5, 5.0].map(|part| part * power);
    let step = steps.into_iter().find(|step| *step >= rough).unwrap_or(power * 10.0);
    let steps = (most / step).ceil() as u32;
    (0..=steps).map(|n| f64::from(n) * step).collect()
}

/// A line through points, as an SVG path.
pub fn line(points: &[(f64, f64)]) -> String {
    let mut path = String::with_capacity(points.len() * 12);
    for (at, (x, y)) in points.iter().enumerate() {
        path.push(if at == 0 { 'M' } else { 'L' });
        path.push_str(&format!("{},{}", px(*x), px(*y)));
    }
    path
}

/// The area between a line and a level below it.
pub fn area(points: &[(f64, f64)], level: f64) -> String {
    let (Some(first), Some(last)) = (points.first(), points.last()) else { return String::new() };
    let (last, first, level) = (px(last.0), px(first.0), px(level));
    format!("{}L{last},{level}L{first},{level}Z", line(points))
}

/// The index of the point nearest to a place along the picture.
pub fn nearest(points: &[(f64, f64)], x: f64) -> Option<usize> {
    let far = |at: &usize| (points[*at].0 - x).abs();
    (0..points.len()).min_by(|a, b| far(a).total_cmp(&far(b)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_begin_at_nothing_and_cover_the_most() {
        assert_eq!(ticks(297_418.0, 3), [0.0, 100_000.0, 200_000.0, 300_000.0]);
        assert_eq!(ticks(3.0, 4), [0.0, 1.0, 2.0, 3.0]);
        assert_eq!(ticks(0.0, 4), [0.0, 1.0]);
        for most in [1.0, 7.0, 99.0, 1234.0, 5e9] {
            let ticks = ticks(most, 4);
            assert!(ticks.last().is_some_and(|last| *last >= most) && ticks.len() <= 6, "{most}");
        }
    }

    #[test]
    fn places_and_values_are_each_others_way_back() {
        let scale = Scale { from: 10.0, to: 20.0, start: 100.0, end: 0.0 };
        assert_eq!((scale.place(10.0), scale.place(20.0), scale.value(50.0)), (100.0, 0.0, 15.0));
        let flat = Scale { from: 5.0, to: 5.0, start: 40.0, end: 700.0 };
        assert_eq!(flat.place(5.0), 40.0);
    }

    #[test]
    fn an_area_is_closed_at_its_level() {
        assert_eq!(area(&[(0.0, 5.0), (10.0, 2.0)], 9.0), "M0,5L10,2L10,9L0,9Z");
        assert_eq!(area(&[], 9.0), "");
        assert_eq!(nearest(&[(0.0, 0.0), (10.0, 0.0)], 6.0), Some(1));
        assert_eq!(nearest(&[], 6.0), None);
    }
}
