//! Checks what compilers do not see: documents that drifted, locales without a key, imports
//! against the arrows, files that grew too long.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

mod arrows;
mod documents;
mod locales;
mod text;

/// One thing that is wrong: where, what, and what to do.
#[derive(Debug, PartialEq, Eq)]
struct Finding {
    file: String,
    line: usize,
    what: String,
}

impl Finding {
    fn new(file: &str, line: usize, what: impl Into<String>) -> Self {
        Self { file: file.to_owned(), line, what: what.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}: {}", self.file, self.line, self.what)
    }
}

/// The tree as git sees it: relative paths, and the text of those that are text.
struct Tree {
    root: PathBuf,
    files: Vec<String>,
}

impl Tree {
    fn load(root: &Path) -> Result<Self> {
        let output = Command::new("git")
            .args([
                "-c",
                "core.quotepath=off",
                "ls-files",
                "--cached",
                "--others",
                "--exclude-standard",
            ])
            .current_dir(root)
            .output()?;
        if !output.status.success() {
            bail!("git ls-files failed: {}", String::from_utf8_lossy(&output.stderr).trim());
        }
        let mut files: Vec<String> = String::from_utf8_lossy(&output.stdout)
            .lines()
            .filter(|file| root.join(file).is_file())
            .map(str::to_owned)
            .collect();
        files.sort();
        Ok(Self { root: root.to_owned(), files })
    }

    fn text(&self, file: &str) -> String {
        fs::read_to_string(self.root.join(file)).unwrap_or_default()
    }

    /// Whether the tree has this file or folder.
    fn has(&self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        let folder = format!("{path}/");
        self.files.iter().any(|file| file == path || file.starts_with(&folder))
    }
}

/// Prints every finding; fails when there is one.
pub fn check(root: &Path) -> Result<()> {
    let tree = Tree::load(root)?;
    let mut findings = Vec::new();
    findings.extend(documents::check(&tree));
    findings.extend(locales::check(&tree));
    findings.extend(arrows::check(&tree));
    findings.extend(text::check(&tree));
    findings.extend(migrations(&tree));
    for finding in &findings {
        println!("{finding}");
    }
    match findings.len() {
        0 => {
            println!("tidy: {} files, nothing to mend", tree.files.len());
            Ok(())
        }
        1 => bail!("tidy: 1 thing to mend"),
        count => bail!("tidy: {count} things to mend"),
    }
}

/// Every engine has the same migrations, by name.
fn migrations(tree: &Tree) -> Vec<Finding> {
    let names = |engine: &str| -> Vec<String> {
        let folder = format!("server/migrations/{engine}/");
        tree.files.iter().filter_map(|file| file.strip_prefix(&folder)).map(str::to_owned).collect()
    };
    let (sqlite, postgres) = (names("sqlite"), names("postgres"));
    if sqlite.is_empty() || postgres.is_empty() {
        return Vec::new();
    }
    let lacking = |have: &[String], other: &[String], engine: &str| -> Vec<Finding> {
        other
            .iter()
            .filter(|name| !have.contains(name))
            .map(|name| {
                let file = format!("server/migrations/{engine}/{name}");
                Finding::new(&file, 1, "missing here, the other engine has it: add it")
            })
            .collect()
    };
    let mut findings = lacking(&sqlite, &postgres, "sqlite");
    findings.extend(lacking(&postgres, &sqlite, "postgres"));
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(files: &[&str]) -> Tree {
        Tree { root: PathBuf::new(), files: files.iter().map(|&file| file.to_owned()).collect() }
    }

    #[test]
    fn a_migration_that_one_engine_lacks_is_named() {
        let same = ["server/migrations/sqlite/1_a.sql", "server/migrations/postgres/1_a.sql"];
        assert!(migrations(&tree(&same)).is_empty());
        let less = [same[0], same[1], "server/migrations/sqlite/2_b.sql"];
        assert_eq!(migrations(&tree(&less))[0].file, "server/migrations/postgres/2_b.sql");
        assert!(migrations(&tree(&less[..1])).is_empty(), "one engine alone is fine");
    }

    #[test]
    fn a_tree_knows_its_folders() {
        let tree = tree(&["server/src/http/cors.rs"]);
        assert!(tree.has("server/src/http/") && tree.has("server/src/http/cors.rs"));
        assert!(!tree.has("server/src/htt"));
    }
}
