//! Builds what browsers load, the widget and the dashboard, with Trunk, and packs it into
//! `target/widget-dist`, where the server's build takes it in. A part is left alone while nothing
//! that it is made of changed.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::progress::Job;
use crate::shell;

/// Something that Trunk builds and `pack.mjs` packs.
struct Part {
    /// As `pack.mjs` knows it.
    name: &'static str,
    /// What Trunk is told.
    trunk: &'static [&'static str],
    /// Where its Trunk.toml has Trunk put what it built.
    built: &'static str,
    /// Everything it is made of.
    made_of: &'static [&'static str],
    /// Files and folders of these names are not in it.
    without: &'static [&'static str],
    /// For the compiler.
    flags: &'static str,
    /// How many seconds a build takes.
    guess: u64,
}

const PARTS: &[Part] = &[
    Part {
        name: "widget",
        trunk: &[],
        built: "target/trunk-dist",
        made_of: &[
            "Cargo.lock",
            "Cargo.toml",
            "Trunk.toml",
            "app/embed",
            "app/widget",
            "shared",
            "style",
            "xtask/pack.mjs",
        ],
        without: &["admin", "admin.rs", "dashboard"],
        flags: "",
        guess: 150,
    },
    Part {
        name: "dashboard",
        trunk: &["--config", "app/dashboard/Trunk.toml"],
        built: "target/trunk-dist-dashboard",
        made_of: &[
            "Cargo.lock",
            "Cargo.toml",
            "app/dashboard",
            "app/widget/mend.mjs",
            "data/map",
            "shared",
            "style",
            "xtask/pack.mjs",
        ],
        without: &["locales", "page", "tokens", "widget"],
        // Leptos' own: attributes and children lose their types, which saves a tenth of the size.
        flags: "--cfg=erase_components",
        guess: 240,
    },
];

/// Where everything packed lies.
pub fn dist(root: &Path) -> PathBuf {
    root.join("target/widget-dist")
}

/// The builds, where they are needed.
pub fn jobs(root: &Path) -> Result<Vec<Job<'_>>> {
    let jobs = PARTS.iter().map(|part| job(root, part));
    Ok(jobs.collect::<Result<Vec<_>>>()?.into_iter().flatten().collect())
}

fn job<'a>(root: &'a Path, part: &'static Part) -> Result<Option<Job<'a>>> {
    let stamp = root.join(format!("target/{}-dist.stamp", part.name));
    let fingerprint = fingerprint(root, part)?;
    if is_packed(root, part) && fs::read_to_string(&stamp).is_ok_and(|text| text == fingerprint) {
        return Ok(None);
    }
    Ok(Some(Job {
        name: format!("the {}", part.name),
        guess: part.guess,
        mend: "cargo xtask widget".into(),
        work: Box::new(move |screen| {
            // Trunk keeps what earlier builds left; stale files would be packed.
            let _ = fs::remove_dir_all(root.join(part.built));
            let _ = fs::remove_file(&stamp);
            let words = [&["build", "--skip-version-check"], part.trunk].concat();
            let mut trunk = shell::command(root, "trunk", &words);
            // Trunk takes this variable for a boolean and refuses the usual `1`.
            trunk.env_remove("NO_COLOR").env("TRUNK_COLOR", "never");
            trunk.env(RUSTFLAGS, flags(root, part));
            screen.run(trunk)?;
            let out = dist(root);
            let words = ["xtask/pack.mjs", part.name, part.built, &out.to_string_lossy()];
            screen.run(shell::command(root, "node", &words))?;
            fs::write(stamp, fingerprint).context("cannot write the stamp of what was packed")
        }),
    }))
}

/// Whether its WebAssembly lies there, and the list that the server's build reads; who removes files
/// by hand gets them again.
fn is_packed(root: &Path, part: &Part) -> bool {
    let list = fs::read_to_string(dist(root).join("assets.rs")).unwrap_or_default();
    let names = fs::read_dir(dist(root)).into_iter().flatten().flatten();
    let start = format!("{}-", part.name);
    names
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .any(|name| name.starts_with(&start) && name.ends_with(".wasm.br") && list.contains(&name))
}

/// Where cargo looks for the compiler's flags.
const RUSTFLAGS: &str = "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS";

/// Has a command of cargo take what the widget's build has compiled already.
pub fn like_the_widget(root: &Path, command: &mut Command) {
    command.env(RUSTFLAGS, without_paths(root));
}

fn flags(root: &Path, part: &Part) -> String {
    [&without_paths(root), part.flags].join(" ").trim_end().to_owned()
}

/// Keeps the folders of the machine that builds out of the messages in the widget.
fn without_paths(root: &Path) -> String {
    let home = std::env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cargo")));
    let sources = home.and_then(|home| fs::read_dir(home.join("registry/src")).ok());
    let mut folders: Vec<PathBuf> =
        sources.into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path())).collect();
    folders.push(root.to_owned());
    let flags = folders.iter().map(|folder| format!("--remap-path-prefix={}=", folder.display()));
    flags.collect::<Vec<_>>().join(" ")
}

/// Names the contents of a part.
fn fingerprint(root: &Path, part: &Part) -> Result<String> {
    let mut hasher = DefaultHasher::new();
    part.flags.hash(&mut hasher);
    for path in part.made_of {
        add(&root.join(path), part.without, &mut hasher)?;
    }
    Ok(format!("{:016x}", hasher.finish()))
}

fn add(path: &Path, without: &[&str], hasher: &mut DefaultHasher) -> Result<()> {
    if path.is_file() {
        path.hash(hasher);
        fs::read(path)?.hash(hasher);
    } else if path.is_dir() {
        let mut entries: Vec<PathBuf> = fs::read_dir(path)?
            .map(|entry| entry.map(|entry| entry.path()))
            .collect::<Result<_, _>>()?;
        entries.sort();
        for entry in entries {
            let name = entry.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if !["node_modules", "tests"].contains(&name.as_str()) && !is_without(&name, without) {
                add(&entry, without, hasher)?;
            }
        }
    }
    Ok(())
}

/// `widget` stands for `widget`, `widget.css` and `widget-form.css`; not for `widgets`.
fn is_without(name: &str, without: &[&str]) -> bool {
    without.iter().any(|&word| {
        let rest = name.strip_prefix(word);
        rest.is_some_and(|rest| {
            rest.is_empty() || (name.ends_with(".css") && rest.starts_with(['.', '-']))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::is_without;

    #[test]
    fn a_change_in_one_parts_style_is_none_in_the_other() {
        for name in ["dashboard.css", "dashboard-parts.css", "admin", "admin.rs"] {
            assert!(is_without(name, &["admin", "admin.rs", "dashboard"]), "{name}");
        }
        for name in ["tokens.css", "administration.rs", "dashboards.css", "widget.rs"] {
            assert!(!is_without(name, &["admin", "admin.rs", "dashboard"]), "{name}");
        }
    }
}
