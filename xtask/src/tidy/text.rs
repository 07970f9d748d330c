//! Files that grew too long, and words that belong to one machine.

use super::{Finding, Tree};

/// A source file beyond this many lines is split by what changes together.
const LONGEST: usize = 500;

/// Assembled here, so that this file does not hold what it looks for.
fn unwelcome() -> Vec<String> {
    ["work", "root", "farm"].iter().map(|folder| format!("/{folder}/")).collect()
}

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in &tree.files {
        if !is_text(file) {
            continue;
        }
        let text = tree.text(file);
        findings.extend(too_long(file, &text));
        findings.extend(machine_words(file, &text));
    }
    findings
}

fn is_source(file: &str) -> bool {
    [".rs", ".ts", ".js", ".mjs", ".css", ".sql", ".sh"].iter().any(|ending| file.ends_with(ending))
}

fn is_text(file: &str) -> bool {
    let text = [".md", ".toml", ".html", ".ftl", ".json", ".yml", ".yaml"];
    is_source(file) || file.starts_with(".ci/") || text.iter().any(|ending| file.ends_with(ending))
}

fn too_long(file: &str, text: &str) -> Option<Finding> {
    let lines = text.lines().count();
    (is_source(file) && lines > LONGEST).then(|| {
        Finding::new(file, LONGEST + 1, format!("{lines} lines, {LONGEST} at most: split it"))
    })
}

fn machine_words(file: &str, text: &str) -> Vec<Finding> {
    let words = unwelcome();
    let lines = text.lines().enumerate();
    lines
        .flat_map(|(number, line)| {
            words.iter().filter(|word| stands_alone(line, word)).map(move |word| {
                let what = format!(
                    "holds `{word}`, a path of one machine: name it from the project's top"
                );
                Finding::new(file, number + 1, what)
            })
        })
        .collect()
}

/// Not as a part of a longer path, such as `target/work/`.
fn stands_alone(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        line[..at]
            .chars()
            .next_back()
            .is_none_or(|letter| !letter.is_alphanumeric() && letter != '.')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_sources_are_found_and_long_data_is_not() {
        let text = "x\n".repeat(LONGEST + 1);
        assert!(too_long("server/src/a.rs", &text).is_some());
        assert!(too_long("data/demo/people.csv", &text).is_none());
        assert!(too_long("server/src/a.rs", &text[2..]).is_none());
    }

    #[test]
    fn machine_paths_are_found_where_they_stand_alone() {
        let path = ["", "work", "main"].join("/");
        assert_eq!(machine_words("a.md", &format!("see {path} there"))[0].line, 1);
        assert!(machine_words("a.md", &format!("target{path}")).is_empty());
    }
}
