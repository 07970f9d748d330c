//! Builds the widget with Trunk and packs it into `target/widget-dist`, where the server's build
//! takes it in. Left alone when nothing it is made of changed.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash as _, Hasher as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::progress::Job;
use crate::shell;

/// Everything the packed widget is made of.
const MADE_OF: &[&str] = &[
    "Cargo.lock",
    "Cargo.toml",
    "Trunk.toml",
    "app/embed",
    "app/widget",
    "shared",
    "style",
    "xtask/pack.mjs",
];

/// Where Trunk.toml has Trunk put what it built.
const BUILT: &str = "target/trunk-dist";

/// Where the packed widget lies.
pub fn dist(root: &Path) -> PathBuf {
    root.join("target/widget-dist")
}

/// The build, where it is needed.
pub fn job(root: &Path) -> Result<Option<Job<'_>>> {
    let stamp = root.join("target/widget-dist.stamp");
    let fingerprint = fingerprint(root)?;
    let packed = dist(root).join("embed.js").is_file();
    if packed && fs::read_to_string(&stamp).is_ok_and(|text| text == fingerprint) {
        return Ok(None);
    }
    Ok(Some(Job {
        name: "the widget".into(),
        guess: 150,
        mend: "cargo xtask widget".into(),
        work: Box::new(move |screen| {
            // Trunk keeps what earlier builds left; stale files would be packed.
            let _ = fs::remove_dir_all(root.join(BUILT));
            let _ = fs::remove_file(&stamp);
            let mut trunk = shell::command(root, "trunk", &["build", "--skip-version-check"]);
            // Trunk takes this variable for a boolean and refuses the usual `1`.
            trunk.env_remove("NO_COLOR").env("TRUNK_COLOR", "never");
            trunk.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", without_paths(root));
            screen.run(trunk)?;
            let out = dist(root);
            let words = ["xtask/pack.mjs", BUILT, &out.to_string_lossy()];
            screen.run(shell::command(root, "node", &words))?;
            fs::write(stamp, fingerprint).context("cannot write the widget's stamp")
        }),
    }))
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

/// Names the contents of [`MADE_OF`].
fn fingerprint(root: &Path) -> Result<String> {
    let mut hasher = DefaultHasher::new();
    for part in MADE_OF {
        add(&root.join(part), &mut hasher)?;
    }
    Ok(format!("{:016x}", hasher.finish()))
}

fn add(path: &Path, hasher: &mut DefaultHasher) -> Result<()> {
    if path.is_file() {
        path.hash(hasher);
        fs::read(path)?.hash(hasher);
    } else if path.is_dir() {
        let mut entries: Vec<PathBuf> = fs::read_dir(path)?
            .map(|entry| entry.map(|entry| entry.path()))
            .collect::<Result<_, _>>()?;
        entries.sort();
        for entry in entries {
            if !entry.ends_with("node_modules") && !entry.ends_with("tests") {
                add(&entry, hasher)?;
            }
        }
    }
    Ok(())
}
