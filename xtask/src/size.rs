//! Holds what browsers load against its budgets: most of all what a supporter's phone downloads.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, bail};

use crate::packed;

/// What is loaded together.
struct Sum {
    name: &'static str,
    /// Of the files; what no other sum names is the widget's.
    start: &'static str,
    ending: &'static str,
    /// Brotli 11, in KB of 1,000 bytes.
    budget: u64,
}

const fn sum(name: &'static str, start: &'static str, ending: &'static str, budget: u64) -> Sum {
    Sum { name, start, ending, budget }
}

const WIDGET: &str = "";

const BUDGETS: &[Sum] = &[
    sum("wasm", WIDGET, ".wasm.br", 88),
    sum("script", WIDGET, ".js.br", 8),
    sum("style", WIDGET, ".css.br", 6),
    sum("dashboard's wasm", "dashboard-", ".wasm.br", 350),
    sum("dashboard's script", "dashboard-", ".js.br", 15),
    sum("dashboard's style", "dashboard-", ".css.br", 15),
    sum("dashboard's map", "map-", ".json.br", 60),
];

/// Prints every file and every sum; fails where a sum is over its budget.
pub fn check(root: &Path) -> Result<()> {
    let folder = packed::dist(root);
    let mut files = Vec::new();
    let entries = fs::read_dir(&folder).context("nothing is built: cargo xtask widget")?;
    for entry in entries {
        let entry = entry?;
        files.push((entry.file_name().to_string_lossy().into_owned(), entry.metadata()?.len()));
    }
    files.sort();
    let (lines, over) = hold(&files);
    println!("packed with brotli 11, KB of 1,000 bytes\n{}", lines.join("\n"));
    if !over.is_empty() {
        bail!("over budget: {}", over.join("; "));
    }
    Ok(())
}

/// The table, and what is over its budget. A kind without any file is over too: nothing was packed.
fn hold(files: &[(String, u64)]) -> (Vec<String>, Vec<String>) {
    let (mut lines, mut over) = (Vec::new(), Vec::new());
    for Sum { name: kind, start, ending, budget } in BUDGETS {
        let is_in = |name: &str| match *start {
            WIDGET => !BUDGETS.iter().any(|sum| sum.start != WIDGET && name.starts_with(sum.start)),
            start => name.starts_with(start),
        };
        let parts: Vec<_> =
            files.iter().filter(|(name, _)| name.ends_with(ending) && is_in(name)).collect();
        for (name, size) in &parts {
            lines.push(format!("  {:<34}{:>8.1}", name.trim_end_matches(".br"), kilobytes(*size)));
        }
        let sum: u64 = parts.iter().map(|(_, size)| size).sum();
        let good = !parts.is_empty() && sum <= budget * 1000;
        let verdict = if good { "ok" } else { "OVER" };
        lines.push(format!("  {kind:<34}{:>8.1} of {budget} {verdict}", kilobytes(sum)));
        if !good {
            over.push(format!("{kind} {:.1} KB, budget {budget} KB", kilobytes(sum)));
        }
    }
    (lines, over)
}

fn kilobytes(bytes: u64) -> f64 {
    bytes as f64 / 1000.0
}

#[cfg(test)]
mod tests {
    use super::hold;

    fn files(wasm: u64, script: u64) -> Vec<(String, u64)> {
        [
            ("widget-a.wasm.br", wasm),
            ("widget-a.wasm", 900_000),
            ("widget-a.js.br", script),
            ("embed.js.br", 1000),
            ("widget-a.css.br", 100),
            ("dashboard-a.wasm.br", 300_000),
            ("dashboard-a.js.br", 12_000),
            ("dashboard-a.css.br", 9_000),
            ("map-a.json.br", 40_000),
        ]
        .map(|(name, size)| (name.to_owned(), size))
        .to_vec()
    }

    #[test]
    fn only_packed_files_count_and_a_kind_is_summed() {
        assert!(hold(&files(88 * 1000, 7 * 1000)).1.is_empty());
        assert_eq!(hold(&files(88 * 1000 + 1, 7 * 1000 + 1)).1.len(), 2);
    }

    #[test]
    fn nothing_packed_is_not_within_budget() {
        assert_eq!(hold(&[]).1.len(), 7);
    }
}
