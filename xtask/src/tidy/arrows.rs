//! Who may import whom: the arrows of ARCHITECTURE.md, held against the sources.

use super::{Finding, Tree};

/// `(files that begin with, words they may not hold, why)`.
const SOURCES: &[(&str, &[&str], &str)] = &[
    (
        "server/src/store",
        &["axum", "crate::http", "crate::pledge::"],
        "the store knows no HTTP and no use case: move it up",
    ),
    (
        "server/src/pledge",
        &["axum", "crate::http"],
        "use cases know no HTTP: move it to server/src/http",
    ),
    (
        "server/src/campaign",
        &["axum", "crate::http"],
        "campaigns know no HTTP: move it to server/src/http",
    ),
    (
        "server/src/totals",
        &["axum", "crate::http"],
        "totals know no HTTP: move it to server/src/http",
    ),
    (
        "server/src/export",
        &["axum", "crate::http"],
        "exports know no HTTP: move it to server/src/http",
    ),
    (
        "server/src/insight",
        &["axum", "crate::http"],
        "what is watched knows no HTTP: move it to server/src/http",
    ),
    (
        "server/src/organizer",
        &["axum", "crate::http"],
        "who organizers are knows no HTTP: move it to server/src/http",
    ),
    (
        "server/src/supporters",
        &["axum", "crate::http"],
        "finding people knows no HTTP: move it to server/src/http",
    ),
    (
        "server/src/hooks",
        &["axum", "crate::http"],
        "the courier of webhooks serves no HTTP: move it to server/src/http",
    ),
    (
        "server/src/mail",
        &["axum", "crate::http"],
        "the mailer serves no HTTP: move it to server/src/http",
    ),
    (
        "server/src/secrets",
        &["axum", "crate::http"],
        "secrets know no HTTP: move it to server/src/http",
    ),
    (
        "server/src/state.rs",
        &["axum", "crate::http"],
        "what runs without HTTP is started without it: move it to server/src/http",
    ),
    (
        "shared/src",
        &["axum", "sqlx", "tokio", "std::fs", "std::net"],
        "shared has no I/O: move it to the server",
    ),
    ("app/", &["sqlx", "axum", "countersign::"], "the widget imports only shared: move it there"),
];

/// `(manifest, packages it may not depend on, why)`.
const MANIFESTS: &[(&str, &[&str], &str)] = &[
    ("shared/Cargo.toml", &["axum", "sqlx", "tokio", "countersign"], "shared has no I/O"),
    (
        "app/widget/Cargo.toml",
        &["axum", "sqlx", "tokio", "countersign"],
        "the widget imports only shared",
    ),
    (
        "xtask/Cargo.toml",
        &["countersign", "countersign-shared", "countersign-widget"],
        "the developer's tasks import nothing of ours",
    ),
];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.files.iter().filter(|file| file.ends_with(".rs")) {
        for &(start, words, why) in SOURCES {
            if file.starts_with(start) {
                findings.extend(imports(file, &tree.text(file), words, why));
            }
        }
    }
    for &(manifest, packages, why) in MANIFESTS {
        findings.extend(dependencies(manifest, &tree.text(manifest), packages, why));
    }
    findings
}

fn imports(file: &str, text: &str, words: &[&str], why: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let code = line.split("//").next().unwrap_or_default();
        for &word in words {
            if names(code, word) {
                let what = format!("imports {}: {why}", word.trim_end_matches(':'));
                findings.push(Finding::new(file, number + 1, what));
            }
        }
    }
    findings
}

/// Whether the code uses this crate or path, at a word's start: `axum::…`, `use axum`.
fn names(code: &str, word: &str) -> bool {
    code.match_indices(word).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        let after = &code[at + word.len()..];
        let starts =
            before.is_none_or(|letter| !letter.is_alphanumeric() && !"_\"-".contains(letter));
        starts && (word.ends_with(':') || after.starts_with("::") || after.starts_with(';'))
    })
}

fn dependencies(manifest: &str, text: &str, packages: &[&str], why: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut inside = false;
    for (number, line) in text.lines().enumerate() {
        if line.starts_with('[') {
            inside = line.contains("dependencies");
        }
        let name = line.split(['=', '.', ' ']).next().unwrap_or_default();
        if inside && packages.contains(&name) {
            findings.push(Finding::new(manifest, number + 1, format!("depends on {name}: {why}")));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_import_against_the_arrows_is_found_with_its_line() {
        let text = "use std::fmt;\nuse axum::Router; // no\n// axum::Router in a comment\nlet a = my_axum::b;\n";
        let findings = imports("server/src/store.rs", text, &["axum"], "why");
        assert_eq!(findings, [Finding::new("server/src/store.rs", 2, "imports axum: why")]);
        assert_eq!(imports("x", "use crate::http;", &["crate::http"], "why").len(), 1);
        assert!(imports("x", "use crate::httpdate::A;", &["crate::http"], "why").is_empty());
    }

    #[test]
    fn a_forbidden_dependency_is_found_in_every_table() {
        let text = "[package]\nname = \"tokio\"\n[target.'cfg(unix)'.dependencies]\ntokio.workspace = true\n";
        let findings = dependencies("shared/Cargo.toml", text, &["tokio"], "why");
        assert_eq!(findings[0].line, 4);
        assert_eq!(findings.len(), 1);
    }
}
