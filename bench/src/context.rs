//! What every benchmark is given: the binaries, a folder on the disk, how long to take.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, Result};
use countersign_bench::cluster::{Cluster, Durability};
use countersign_bench::node::Setup;

use crate::machine::Machine;
use crate::outcome::{Figures, Goal, Metric, Outcome, Side};

pub struct Context {
    /// The binary `countersign`, of a release build.
    pub server: PathBuf,
    /// This program, which is also some of the peers.
    pub me: PathBuf,
    /// The campaign file that is signed.
    pub campaign: PathBuf,
    pub scratch: PathBuf,
    pub quick: bool,
    pub rounds: usize,
    pub machine: Machine,
}

impl Context {
    /// `full`, or in a quick run `quick`.
    pub fn pick<T>(&self, full: T, quick: T) -> T {
        if self.quick { quick } else { full }
    }

    /// An empty folder of this name.
    pub fn folder(&self, name: &str) -> Result<PathBuf> {
        let folder = self.scratch.join(name);
        self.clear(name)?;
        fs::create_dir_all(&folder)
            .with_context(|| format!("{} cannot be made", folder.display()))?;
        Ok(folder)
    }

    /// Gives the disk back what lies in this folder.
    pub fn clear(&self, name: &str) -> Result<()> {
        match fs::remove_dir_all(self.scratch.join(name)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(error).with_context(|| format!("{name} cannot be removed"))
            }
            _ => Ok(()),
        }
    }

    /// The product with an empty folder of this name. The campaign is not applied yet.
    pub fn setup(&self, name: &str) -> Result<Setup> {
        Ok(Setup::new(&self.server, self.folder(name)?))
    }

    /// A Postgres with its usual durability, on the disk of the scratch folder where its user can
    /// get there.
    pub fn cluster(&self) -> Result<Cluster> {
        Cluster::start_in(&self.scratch, Durability::Usual).or_else(|error| {
            println!("  Postgres cannot work in {}: {error:#}", self.scratch.display());
            println!("  it works in {} instead", std::env::temp_dir().display());
            Cluster::start(Durability::Usual)
        })
    }

    pub fn outcome(
        &self,
        name: &str,
        title: &str,
        metrics: Vec<Metric>,
        sides: Vec<Side>,
        goals: Vec<Goal>,
    ) -> Outcome {
        Outcome {
            name: name.to_owned(),
            title: title.to_owned(),
            quick: self.quick,
            rounds: self.rounds,
            machine: self.machine.clone(),
            metrics,
            sides,
            goals,
            skipped: Vec::new(),
        }
    }

    /// How long to load a server: the warm-up, and how long is measured after it.
    pub fn times(&self) -> (Duration, Duration) {
        let (warm_up, measured) = self.pick((3_000, 10_000), (300, 1_200));
        (Duration::from_millis(warm_up), Duration::from_millis(measured))
    }
}

/// Says what a round gave, and adds it.
pub fn note(outcome: &mut Outcome, round: usize, side: &str, figures: Figures) {
    let told: Vec<String> =
        figures.iter().map(|(metric, value)| format!("{metric} {value:.2}")).collect();
    println!("  {} round {}: {side}: {}", outcome.name, round + 1, told.join(", "));
    outcome.add(side, figures);
}
