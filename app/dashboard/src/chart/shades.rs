//! Which shade a country gets.

/// Shades, from few to many. 0 is for none.
pub const SHADES: u8 = 5;

/// Steps of equal factors between the fewest and the most: one large country does not leave the
/// rest of the world pale.
pub fn shade(counted: u64, fewest: u64, most: u64) -> u8 {
    if counted == 0 || most == 0 {
        return 0;
    }
    let (fewest, most, counted) = (fewest.max(1) as f64, most as f64, counted as f64);
    if most <= fewest {
        return SHADES;
    }
    let part = (counted / fewest).ln() / (most / fewest).ln();
    1 + (part.clamp(0.0, 1.0) * f64::from(SHADES)).floor().min(f64::from(SHADES - 1)) as u8
}

/// The least number of each shade that a number has, for the key below the map.
pub fn limits(fewest: u64, most: u64) -> Vec<(u64, u8)> {
    let (fewest, most) = (fewest.max(1), most.max(1));
    let ratio = most as f64 / fewest as f64;
    let begins = |n: u8| {
        let limit = (fewest as f64 * ratio.powf(f64::from(n) / f64::from(SHADES))).ceil() as u64;
        // What was rounded in between may be one off.
        let least = [limit.saturating_sub(1), limit, limit + 1].into_iter();
        let mut least = least.filter(|limit| (fewest..=most).contains(limit));
        least.find(|limit| shade(*limit, fewest, most) > n)
    };
    let mut limits: Vec<(u64, u8)> =
        (0..SHADES).filter_map(begins).map(|limit| (limit, shade(limit, fewest, most))).collect();
    limits.dedup();
    limits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shades_rise_with_the_count_and_nobody_is_no_shade() {
        assert_eq!(shade(0, 5, 48_000), 0);
        assert_eq!(shade(5, 5, 48_000), 1);
        assert_eq!(shade(48_000, 5, 48_000), SHADES);
        let all: Vec<u8> = [5, 50, 500, 5_000, 48_000].map(|n| shade(n, 5, 48_000)).to_vec();
        assert!(all.windows(2).all(|pair| pair[0] < pair[1]), "{all:?}");
        assert_eq!(shade(7, 7, 7), SHADES);
    }

    #[test]
    fn each_limit_begins_its_shade() {
        let shades: Vec<u8> = limits(5, 48_000).into_iter().map(|(_, shade)| shade).collect();
        assert_eq!(shades, [1, 2, 3, 4, 5]);
        assert_eq!(limits(3, 3), [(3, SHADES)], "as the map has it");
        assert_eq!(limits(40, 41), [(40, 1), (41, SHADES)]);
    }

    #[test]
    fn the_key_says_of_every_number_the_shade_that_the_map_has() {
        for (fewest, most) in
            (1..40).flat_map(|fewest| (fewest..60).map(move |most| (fewest, most)))
        {
            let limits = limits(fewest, most);
            for counted in fewest..=most {
                let said = limits.iter().rev().find(|(limit, _)| *limit <= counted);
                let shown = shade(counted, fewest, most);
                assert_eq!(said.map(|(_, shade)| *shade), Some(shown), "{fewest} {most} {counted}");
            }
        }
    }
}
