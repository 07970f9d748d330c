//! A path that a document names must be in the tree.

use super::{Finding, Tree};

const DOCUMENTS: &[&str] = &["ARCHITECTURE.md", "README.md", "CONTRIBUTING.md", "CHANGELOG.md"];

/// What builds make, and what is therefore not in the tree.
const MADE: &[&str] = &["target/", "end2end/screenshots", "end2end/test-results", "node_modules"];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let documents = tree.files.iter().filter(|file| {
        DOCUMENTS.contains(&file.as_str()) || (file.starts_with("docs/") && file.ends_with(".md"))
    });
    let mut findings = Vec::new();
    for file in documents {
        for (number, line) in tree.text(file).lines().enumerate() {
            for path in paths(line) {
                let made = MADE.iter().any(|made| path.starts_with(made));
                if !made && !exists(tree, file, &path) {
                    let what =
                        format!("names `{path}`, which is not in the tree: correct the name");
                    findings.push(Finding::new(file, number + 1, what));
                }
            }
        }
    }
    findings
}

/// From the top folder, or from the document's own.
fn exists(tree: &Tree, document: &str, path: &str) -> bool {
    let folder = document.rsplit_once('/').map_or("", |(folder, _)| folder);
    tree.has(path) || tree.has(format!("{folder}/{path}").trim_start_matches('/'))
}

/// What stands in backticks and looks like a path of this project.
fn paths(line: &str) -> Vec<String> {
    line.split('`').skip(1).step_by(2).filter_map(path).collect()
}

fn path(quoted: &str) -> Option<String> {
    const TOPS: &[&str] = &[
        ".cargo/",
        ".ci/",
        "app/",
        "bench/",
        "campaigns/",
        "data/",
        "deploy/",
        "docs/",
        "end2end/",
        "server/",
        "shared/",
        "style/",
        "target/",
        "xtask/",
    ];
    let path = quoted.split("::").next().unwrap_or_default().split(':').next().unwrap_or_default();
    let plain = !path.is_empty()
        && path.chars().all(|letter| letter.is_ascii_alphanumeric() || "./_-".contains(letter));
    let within = TOPS.iter().any(|top| path.starts_with(top));
    let beside = path.ends_with(".md") && !path.contains('/');
    let named = within || beside;
    (plain && named && !is_placeholder(path)).then(|| path.to_owned())
}

/// `shared/locales/xx.ftl`, `NNNN_what.sql`: a pattern of names to come, not a name.
fn is_placeholder(path: &str) -> bool {
    path.contains("NNNN") || path.split(['/', '.']).any(|part| part == "xx")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_looks_like_a_path_is_held_against_the_tree() {
        let line = "See `server/src/pledge.rs`, `pledge::accept`, `cargo xtask run`, `server/src/http/`, \
                    `text/event-stream`, `docs/embedding.md`, `bench/peers/node-sse.mjs`, \
                    `deploy/caddy/Caddyfile` and `/api/v1/campaigns/{slug}`.";
        let named = [
            "server/src/pledge.rs",
            "server/src/http/",
            "docs/embedding.md",
            "bench/peers/node-sse.mjs",
            "deploy/caddy/Caddyfile",
        ];
        assert_eq!(paths(line), named);
    }

    #[test]
    fn a_pattern_of_names_to_come_is_left_alone() {
        assert!(
            paths("`shared/locales/xx.ftl` `server/migrations/sqlite/NNNN_what.sql`").is_empty()
        );
    }

    #[test]
    fn a_line_number_or_an_item_after_the_path_is_cut() {
        assert_eq!(paths("`server/src/lib.rs:12`"), ["server/src/lib.rs"]);
        assert_eq!(paths("`server/src/pledge.rs::accept`"), ["server/src/pledge.rs"]);
    }
}
