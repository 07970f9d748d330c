//! Puts the figures into the document: between `<!-- bench:NAME -->` and `<!-- /bench -->`
//! everything is written by this program, and nothing by hand.

use anyhow::{Context as _, Result, bail};
use countersign_bench::stats::shown;

use crate::outcome::{Outcome, Side};

/// The marks of one place.
fn marks(name: &str) -> (String, &'static str) {
    (format!("<!-- bench:{name} -->"), "<!-- /bench -->")
}

/// Puts `text` between the marks of `name`. Fails where the document has no such place.
pub fn put(document: &str, name: &str, text: &str) -> Result<String> {
    let (open, close) = marks(name);
    let (before, rest) =
        document.split_once(&open).with_context(|| format!("the document has no place {open}"))?;
    let (old, after) =
        rest.split_once(close).with_context(|| format!("{open} is never closed by {close}"))?;
    if old.contains("<!-- bench:") {
        bail!("{open} is never closed by {close}");
    }
    Ok(format!("{before}{open}\n{}\n{close}{after}", text.trim()))
}

/// Figures, goals and what was skipped, as Markdown.
pub fn tables(outcome: &Outcome) -> String {
    let mut text = figures(outcome);
    let judged = outcome.judged();
    if !judged.is_empty() {
        text.push_str("\n| Goal | Measured | |\n| --- | --: | --- |\n");
        for row in judged {
            let verdict = if row.met { row.verdict } else { format!("**{}**", row.verdict) };
            text.push_str(&format!("| {} | {} | {verdict} |\n", row.goal, row.measured));
        }
    }
    let machine = &outcome.machine;
    let on = format!("{}, {}", machine.day, machine.processor);
    let rounds = match outcome.rounds {
        1 => format!("One round ({on})."),
        rounds => format!("Medians of {rounds} rounds, the sides taking turns ({on})."),
    };
    let quick = if outcome.quick { " A quick run: these figures prove nothing." } else { "" };
    text.push_str(&format!("\n{rounds}{quick}\n"));
    for skipped in &outcome.skipped {
        text.push_str(&format!("\nNot measured: {skipped}.\n"));
    }
    text
}

fn figures(outcome: &Outcome) -> String {
    let titles: Vec<&str> = outcome.metrics.iter().map(|metric| metric.title.as_str()).collect();
    let mut text =
        format!("| | {} |\n| --- |{}\n", titles.join(" | "), " --: |".repeat(titles.len()));
    for (index, side) in measured(outcome).iter().enumerate() {
        let title = if index == 0 { format!("**{}**", side.title) } else { side.title.clone() };
        let cells: Vec<String> = outcome
            .metrics
            .iter()
            .map(|metric| {
                let value = outcome.median(&side.id, &metric.id);
                value.map_or_else(String::new, |value| shown(value, metric.digits))
            })
            .collect();
        text.push_str(&format!("| {title} | {} |\n", cells.join(" | ")));
    }
    text
}

/// The sides that have figures.
pub fn measured(outcome: &Outcome) -> Vec<&Side> {
    outcome.sides.iter().filter(|side| !side.values.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::outcome::tests::example;

    const DOCUMENT: &str = "# A\n<!-- bench:one -->\nold\n<!-- /bench -->\nprose\n\
                            <!-- bench:two -->\n<!-- /bench -->\nend\n";

    #[test]
    fn only_what_stands_between_the_marks_is_replaced() {
        let once = put(DOCUMENT, "one", "new\n").unwrap();
        assert_eq!(once, DOCUMENT.replace("old", "new"));
        assert_eq!(put(&once, "one", "new").unwrap(), once, "twice is once");
        let two = put(&once, "two", "x").unwrap();
        assert!(two.contains("<!-- bench:two -->\nx\n<!-- /bench -->\nend"));
    }

    #[test]
    fn a_place_that_is_missing_or_never_closed_is_an_error() {
        assert!(put(DOCUMENT, "three", "x").is_err());
        let open = "<!-- bench:one -->\n<!-- bench:two -->\n<!-- /bench -->";
        assert!(put(open, "one", "x").is_err());
        assert!(put("<!-- bench:one -->", "one", "x").is_err());
    }

    #[test]
    fn the_tables_show_medians_goals_and_gaps() {
        let text = tables(&example());
        assert!(text.contains("| | pledges a second | p99, ms |"), "{text}");
        assert!(text.contains("| **Countersign** | 36,000 | 25.0 |"), "{text}");
        assert!(text.contains("| the usual way | 2,000 | 400.0 |"), "{text}");
        assert!(text.contains("at least 15 × the usual way | 18.0 × | met, by 20 % |"), "{text}");
        assert!(text.contains("| **not met, by 25 %** |"), "{text}");
        assert!(text.contains("Not measured: absent: not installed."), "{text}");
    }
}
