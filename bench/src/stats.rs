//! The little arithmetic of a benchmark.

/// The middle value, or the mean of the two in the middle. `None` of nothing.
pub fn median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match sorted.len() {
        0 => None,
        odd if odd % 2 == 1 => sorted.get(middle).copied(),
        _ => Some((sorted[middle - 1] + sorted[middle]) / 2.0),
    }
}

/// Within each round, ours over theirs; of those, the median. What slows a whole round down, such
/// as a neighbour on the machine, slows both and drops out.
pub fn median_ratio(ours: &[f64], theirs: &[f64]) -> Option<f64> {
    let pairs = ours.iter().zip(theirs).filter(|(_, theirs)| **theirs > 0.0);
    median(&pairs.map(|(ours, theirs)| ours / theirs).collect::<Vec<_>>())
}

/// Within each round, ours minus theirs; of those, the median.
pub fn median_difference(ours: &[f64], theirs: &[f64]) -> Option<f64> {
    median(&ours.iter().zip(theirs).map(|(ours, theirs)| ours - theirs).collect::<Vec<_>>())
}

/// `1234567.8` as `1,234,568`; with digits after the point where asked for.
pub fn shown(value: f64, digits: usize) -> String {
    let text = format!("{:.digits$}", value.abs());
    let (whole, rest) = text.split_once('.').map_or((&*text, ""), |(whole, rest)| (whole, rest));
    let mut grouped = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let zero = text.chars().all(|letter| "0.".contains(letter));
    let sign = if value < 0.0 && !zero { "-" } else { "" };
    if rest.is_empty() { format!("{sign}{grouped}") } else { format!("{sign}{grouped}.{rest}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_median_is_the_middle_whatever_the_order() {
        assert_eq!(median(&[]), None);
        assert_eq!(median(&[3.0]), Some(3.0));
        assert_eq!(median(&[9.0, 1.0, 5.0]), Some(5.0));
        assert_eq!(median(&[4.0, 1.0, 3.0, 2.0]), Some(2.5));
    }

    #[test]
    fn a_ratio_is_taken_within_each_round() {
        // The second round ran at half speed for both.
        assert_eq!(median_ratio(&[20.0, 10.0, 22.0], &[10.0, 5.0, 10.0]), Some(2.0));
        assert_eq!(median_ratio(&[1.0], &[0.0]), None);
        assert_eq!(median_difference(&[5.0, 9.0], &[2.0, 4.0]), Some(4.0));
    }

    #[test]
    fn numbers_are_grouped_by_thousands() {
        assert_eq!(shown(1_234_567.8, 0), "1,234,568");
        assert_eq!(shown(999.0, 0), "999");
        assert_eq!(shown(-1234.5, 1), "-1,234.5");
        assert_eq!(shown(0.061_7, 3), "0.062");
        assert_eq!(shown(-0.01, 1), "0.0");
    }
}
