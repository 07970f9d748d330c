//! Every locale has every key, and every problem code has its text.

use std::collections::BTreeMap;

use super::{Finding, Tree};

const FOLDER: &str = "shared/locales/";
/// E-mails and the pages that they lead to.
const MAIL: &str = "shared/locales/mail/";
const CODES: &str = "shared/src/problem.rs";

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let locales = of_folder(tree, FOLDER);
    let mut findings = unequal(&locales);
    findings.extend(unequal(&of_folder(tree, MAIL)));
    findings.extend(without_text(&codes(&tree.text(CODES)), &locales));
    findings
}

/// The keys of each Fluent file of a folder, without those of folders in it.
fn of_folder<'t>(tree: &'t Tree, folder: &str) -> BTreeMap<&'t str, Vec<String>> {
    tree.files
        .iter()
        .filter(|file| {
            let name = file.strip_prefix(folder).and_then(|name| name.strip_suffix(".ftl"));
            name.is_some_and(|name| !name.contains('/'))
        })
        .map(|file| (file.as_str(), keys(&tree.text(file))))
        .collect()
}

fn unequal(locales: &BTreeMap<&str, Vec<String>>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (&file, have) in locales {
        for (&other, theirs) in locales {
            for key in theirs.iter().filter(|key| !have.contains(key)) {
                let what = format!("lacks the key `{key}`, which {other} has: add it");
                let finding = Finding::new(file, 1, what);
                if !findings.iter().any(|found: &Finding| {
                    found.file == finding.file && found.what.contains(&format!("`{key}`"))
                }) {
                    findings.push(finding);
                }
            }
        }
    }
    findings
}

fn without_text(codes: &[(usize, String)], locales: &BTreeMap<&str, Vec<String>>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (line, code) in codes {
        let key = format!("error-{}", code.replace('_', "-"));
        for (file, _) in locales.iter().filter(|(_, keys)| !keys.contains(&key)) {
            let what = format!("the code `{code}` has no text: add `{key}` to {file}");
            findings.push(Finding::new(CODES, *line, what));
        }
    }
    findings
}

/// The message keys of a Fluent file.
fn keys(text: &str) -> Vec<String> {
    text.lines()
        .filter(|line| line.starts_with(|first: char| first.is_ascii_lowercase()))
        .filter_map(|line| Some(line.split_once('=')?.0.trim().to_owned()))
        .collect()
}

/// The codes of the table `codes! { … }`, each with its line.
fn codes(source: &str) -> Vec<(usize, String)> {
    let lines = source.lines().enumerate().skip_while(|(_, line)| !line.starts_with("codes! {"));
    lines
        .skip(1)
        .take_while(|(_, line)| *line != "}")
        .filter_map(|(number, line)| {
            let text = line.split_once("= \"")?.1.split_once('"')?.0;
            Some((number + 1, text.to_owned()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_one_locale_lacks_is_found_once() {
        let locales = BTreeMap::from([
            ("shared/locales/ar.ftl", keys("a = 1\n")),
            (
                "shared/locales/en.ftl",
                keys("# note\na = 1\nb =\n    { $n ->\n       *[other] x\n    }\n"),
            ),
            ("shared/locales/fr.ftl", keys("a = 1\nb = 2\n")),
        ]);
        let findings = unequal(&locales);
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].file, "shared/locales/ar.ftl");
        assert!(findings[0].what.contains("`b`"));
    }

    #[test]
    fn a_code_without_its_text_is_found_with_its_line() {
        let source =
            "codes! {\n    /// Doc.\n    NameMissing = \"name_missing\", \"Tell us.\";\n}\n";
        let locales = BTreeMap::from([("shared/locales/en.ftl", keys("error-other = x\n"))]);
        let findings = without_text(&codes(source), &locales);
        assert_eq!((findings.len(), findings[0].line), (1, 3));
        assert!(findings[0].what.contains("error-name-missing"));
    }
}
