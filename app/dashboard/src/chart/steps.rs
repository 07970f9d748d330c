//! From buckets, the empty ones left out, to the points of a line.

/// A bucket: its start in milliseconds, what was counted in it, and the total at its end.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bucket {
    pub start: f64,
    pub counted: u64,
    pub total: u64,
}

/// A point of the line, and the bucket that ends in it, by its number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    pub at: f64,
    pub total: u64,
    pub bucket: Option<usize>,
}

/// The total over time. Where nobody signed the line is level; it goes on to `end`.
pub fn totals(buckets: &[Bucket], length: f64, start: Option<f64>, end: f64) -> Vec<Point> {
    let mut points: Vec<Point> = Vec::with_capacity(buckets.len() + 2);
    let level = |at, total| Point { at, total, bucket: None };
    if let Some(first) = buckets.first() {
        let before = first.total.saturating_sub(first.counted);
        if let Some(start) = start.filter(|start| *start < first.start) {
            points.push(level(start, before));
        }
        points.push(level(first.start, before));
    }
    for (number, bucket) in buckets.iter().enumerate() {
        if let Some(last) = points.last().filter(|last| bucket.start - last.at > length / 2.0) {
            points.push(level(bucket.start, last.total));
        }
        let at = (bucket.start + length).min(end).max(bucket.start);
        points.push(Point { at, total: bucket.total, bucket: Some(number) });
    }
    if let Some(last) = points.last().filter(|last| end > last.at) {
        points.push(level(end, last.total));
    }
    points
}

/// The same from 0 at the start: what was counted since.
pub fn since(points: &[Point]) -> Vec<Point> {
    let first = points.first().map_or(0, |point| point.total);
    points
        .iter()
        .map(|point| Point { total: point.total.saturating_sub(first), ..*point })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_is_level_where_nobody_signed() {
        let bucket = |start: f64, counted, total| Bucket { start, counted, total };
        let points = totals(&[bucket(10.0, 5, 105), bucket(40.0, 1, 106)], 10.0, Some(0.0), 70.0);
        let line: Vec<(f64, u64)> = points.iter().map(|point| (point.at, point.total)).collect();
        let expected =
            [(0.0, 100), (10.0, 100), (20.0, 105), (40.0, 105), (50.0, 106), (70.0, 106)];
        assert_eq!(line, expected);
        let since: Vec<u64> = since(&points).iter().map(|point| point.total).collect();
        assert_eq!(since, [0, 0, 5, 5, 6, 6]);
        assert!(totals(&[], 10.0, Some(0.0), 70.0).is_empty());
    }

    #[test]
    fn the_present_bucket_ends_now() {
        let points = totals(&[Bucket { start: 60.0, counted: 2, total: 2 }], 10.0, None, 63.0);
        assert_eq!(points.last().map(|point| point.at), Some(63.0));
    }
}
