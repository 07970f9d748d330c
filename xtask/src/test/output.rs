//! What a test runner printed, as numbers and as the failures by name.

use crate::shell;

/// Passed, failed and skipped tests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) passed: u64,
    pub(super) failed: u64,
    pub(super) skipped: u64,
}

/// Sums the closing lines of cargo's test runner and of Playwright.
pub(super) fn count(output: &str) -> Counts {
    let mut counts = Counts::default();
    for line in output.lines().map(str::trim) {
        if let Some(rest) = line.strip_prefix("test result: ") {
            let parts = rest.split_once(". ").map_or("", |(_, parts)| parts);
            parts.split("; ").for_each(|part| add(&mut counts, part));
        } else {
            // Playwright: `12 passed (31.0s)`, `1 failed`, `2 did not run`.
            add(&mut counts, line.split(" (").next().unwrap_or_default());
        }
    }
    counts
}

fn add(counts: &mut Counts, part: &str) {
    let Some((number, word)) = part.split_once(' ') else { return };
    let Ok(number) = number.parse::<u64>() else { return };
    match word {
        "passed" => counts.passed += number,
        "failed" | "did not run" | "interrupted" => counts.failed += number,
        "ignored" | "skipped" => counts.skipped += number,
        _ => {}
    }
}

/// So many failures of a step are named in the summary.
const NAMED: usize = 20;

/// The tests that failed, and where and why they panicked; errors of the compiler; Playwright's.
pub(super) fn failures(output: &str) -> Vec<String> {
    let mut lines = output.lines().map(shell::plain);
    let mut found = Vec::new();
    while let Some(line) = lines.next() {
        let line = line.trim();
        let failed = line.starts_with("test ") && line.ends_with("... FAILED");
        if line.contains(" panicked at ") {
            let why = lines.next().unwrap_or_default();
            found.push(format!("{line} {}", why.trim()));
        } else if failed || line.starts_with("error") || line.starts_with('✘') {
            found.push(line.to_owned());
        }
    }
    found.truncate(NAMED);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargo_and_playwright_closing_lines_are_summed() {
        let output = "running 3 tests\n\
            test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out\n\
            test result: FAILED. 2 passed; 1 failed; 0 ignored; 0 filtered out\n\
              2 failed\n    tests/a.spec.ts:3:1\n  1 did not run\n  4 skipped\n  30 passed (1.2m)\n";
        assert_eq!(count(output), Counts { passed: 35, failed: 4, skipped: 5 });
    }

    #[test]
    fn failures_are_named_with_their_reason() {
        let output = "test a::good ... ok\ntest a::bad ... FAILED\n\n---- a::bad stdout ----\n\
            thread 'a::bad' (7) panicked at server/tests/a.rs:8:5:\nnever: it is ready\n\
            note: run with `RUST_BACKTRACE=1`\n\u{1b}[31m  ✘  3 tests/a.spec.ts:4:1 › it counts\u{1b}[0m\n";
        let expected = [
            "test a::bad ... FAILED",
            "thread 'a::bad' (7) panicked at server/tests/a.rs:8:5: never: it is ready",
            "✘  3 tests/a.spec.ts:4:1 › it counts",
        ];
        assert_eq!(failures(output), expected);
    }

    #[test]
    fn other_lines_that_begin_with_a_number_count_nothing() {
        assert_eq!(count("12 packages failed to build\n3 errors\n"), Counts::default());
    }
}
