//! Where words beside a chart find room.

/// A label of a mark: where its line is, and how wide it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Label {
    pub x: f64,
    pub width: f64,
}

/// Where a label is put.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spot {
    /// From the top, 0 first.
    pub row: usize,
    /// Whether it stands before its line, because there is no room behind.
    pub before: bool,
}

/// Puts labels into as few rows as they need, none over another. `end` is the edge of the picture.
pub fn arrange(labels: &[Label], end: f64, rows: usize) -> Vec<Spot> {
    let mut taken: Vec<Vec<(f64, f64)>> = vec![Vec::new(); rows.max(1)];
    let spots = labels.iter().map(|label| {
        let before = label.x + label.width > end;
        let span = if before {
            (label.x - label.width, label.x)
        } else {
            (label.x, label.x + label.width)
        };
        let free =
            |row: &Vec<(f64, f64)>| row.iter().all(|(from, to)| span.1 <= *from || span.0 >= *to);
        let row = taken.iter().position(free).unwrap_or(rows.max(1) - 1);
        taken[row].push(span);
        Spot { row, before }
    });
    spots.collect()
}

/// Which of so many places along an axis get a word: the first, the last, and evenly between.
pub fn sparse(count: usize, words: usize) -> Vec<usize> {
    if count <= words || words < 2 {
        return (0..count).collect();
    }
    let last = count - 1;
    (0..words).map(|n| n * last / (words - 1)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_that_would_touch_go_to_the_next_row() {
        let labels = [(100.0, 80.0), (150.0, 80.0), (200.0, 80.0), (700.0, 80.0)];
        let labels = labels.map(|(x, width)| Label { x, width });
        let spots = arrange(&labels, 750.0, 3);
        assert_eq!(spots.iter().map(|spot| spot.row).collect::<Vec<_>>(), [0, 1, 0, 0]);
        assert_eq!(
            spots.iter().map(|spot| spot.before).collect::<Vec<_>>(),
            [false, false, false, true]
        );
    }

    #[test]
    fn the_ends_of_an_axis_have_words() {
        assert_eq!(sparse(31, 3), [0, 15, 30]);
        assert_eq!(sparse(2, 5), [0, 1]);
        assert!(sparse(0, 5).is_empty());
    }
}
