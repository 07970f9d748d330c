//! The disk that can lose power or run full: `bench/shim`, compiled here and preloaded into one
//! server.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use countersign_bench::node::Setup;

use crate::dice::Dice;
use crate::loss::{self, Lost};

const SOURCES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../bench/shim");

/// What the disk does while it is ill.
#[derive(Clone, Copy, Debug)]
pub enum Ill {
    /// No file grows and none is made.
    Full,
    /// Nothing is written at all, as on a full disk that never writes in place.
    FullToTheBrim,
    /// Writes go somewhere, but no sync works.
    NoSync,
    /// Syncs take long: death often finds something that is not synced.
    Slow,
}

/// The disk of one folder.
pub struct Disk {
    watched: PathBuf,
    beside: PathBuf,
}

impl Disk {
    /// Under `watched`; notes are kept in `beside`, which lies elsewhere on the same file system.
    pub fn of(watched: &Path, beside: &Path) -> Self {
        std::fs::create_dir_all(beside).unwrap();
        Self { watched: watched.to_owned(), beside: beside.to_owned() }
    }

    /// The same server, on this disk. Its notes begin anew.
    pub fn under(&self, setup: Setup) -> Setup {
        let text = |path: &Path| path.to_str().unwrap().to_owned();
        let _ = std::fs::remove_file(self.log());
        setup
            .env("LD_PRELOAD", text(library()))
            .env("POWERLOSS_FOLDER", text(&self.watched))
            .env("POWERLOSS_LOG", text(&self.log()))
            .env("POWERLOSS_FAULT", text(&self.fault()))
    }

    pub fn fall_ill(&self, ill: Ill) {
        let letter = match ill {
            Ill::Full => "g",
            Ill::FullToTheBrim => "t",
            Ill::NoSync => "i",
            Ill::Slow => "s",
        };
        // Whole at once, so that no empty letter is read.
        let draft = self.beside.join("fault.draft");
        std::fs::write(&draft, letter).unwrap();
        std::fs::rename(draft, self.fault()).unwrap();
    }

    pub fn get_well(&self) {
        std::fs::remove_file(self.fault()).unwrap();
    }

    /// The power fails: what the server that was just killed had not synced is gone, or, where
    /// there are dice, torn: each block and each name survives by chance.
    pub fn lose_power(&self, dice: Option<&mut Dice>) -> Lost {
        let lost = loss::strike(&self.watched, &self.log(), dice).unwrap();
        assert!(lost.seen > 0, "the shim saw no write: this test is blind");
        lost
    }

    fn log(&self) -> PathBuf {
        self.beside.join("undo")
    }

    fn fault(&self) -> PathBuf {
        self.beside.join("fault")
    }
}

/// Compiled once a run.
fn library() -> &'static Path {
    static LIBRARY: OnceLock<PathBuf> = OnceLock::new();
    LIBRARY.get_or_init(|| {
        let sources = Path::new(SOURCES);
        let library = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .join(format!("powerloss-{}.so", std::process::id()));
        let compiled = Command::new("cc")
            .args(["-Wall", "-Wextra", "-Werror", "-O1", "-shared", "-fPIC", "-o"])
            .arg(&library)
            .args(["powerloss.c", "names.c", "log.c"].map(|file| sources.join(file)))
            .args(["-ldl", "-lpthread"])
            .output()
            .expect("there is a C compiler");
        let said = String::from_utf8_lossy(&compiled.stderr);
        assert!(compiled.status.success(), "the shim does not compile: {said}");
        library
    })
}
