//! The commands that read and mend what is stored.

use std::collections::HashMap;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::{Context as _, bail};
use countersign_shared::Slug;
use futures_util::StreamExt as _;
use serde_json::json;

use super::{Opened, for_owners_of};
use crate::clock::SystemEntropy;
use crate::config::Config;
use crate::export::{self, Chunks, Format};
use crate::store::{CampaignId, Recount, Renew};

pub(super) async fn migrate(config: Config) -> anyhow::Result<()> {
    let opened = Opened::with(config).await?;
    opened.store.close().await;
    println!("{} is of this version", opened.config.database);
    Ok(())
}

pub(super) async fn export(
    config: Config,
    slug: &str,
    format: Format,
    output: Option<&Path>,
) -> anyhow::Result<()> {
    let opened = Opened::with(config).await?;
    let campaign = opened.campaign(slug).await?;
    let file = output.map(create).transpose().with_context(|| {
        let path = output.unwrap_or(Path::new("")).display();
        format!("{path} cannot be made: it must not exist yet")
    })?;
    // Before the first byte: what cannot be written down is not given away.
    let detail = json!({ "format": format.extension() });
    opened.note(&for_owners_of(&campaign), "export", slug, detail).await?;
    let secrets = Arc::clone(&opened.secrets);
    let chunks =
        export::stream(format, &*opened.store, secrets, &campaign, &opened.config.data_dir).await?;
    let copied = match file {
        Some(file) => copy(chunks, file).await,
        None => copy(chunks, std::io::stdout()).await,
    };
    opened.store.close().await;
    copied
}

pub(super) async fn rekey(config: Config) -> anyhow::Result<()> {
    let opened = Opened::with(config).await?;
    let edition = format!("edition {}", opened.secrets.version());
    opened.note_everywhere("key.rekey", &edition).await?;
    let Opened { store, secrets, .. } = opened;
    let slugs: HashMap<CampaignId, Slug> = store
        .campaigns()
        .await?
        .into_iter()
        .map(|stored| (stored.id, stored.campaign.slug))
        .collect();
    let version = secrets.version();
    let (done, shut) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
    let renew: Renew = {
        let (done, shut) = (Arc::clone(&done), Arc::clone(&shut));
        Arc::new(move |campaign, kept| {
            let renewed = secrets.renew(slugs.get(&campaign)?, kept, &SystemEntropy);
            match &renewed {
                Ok(Some(_)) => done.fetch_add(1, Ordering::Relaxed),
                Ok(None) => 0,
                Err(_) => shut.fetch_add(1, Ordering::Relaxed),
            };
            renewed.ok().flatten()
        })
    };
    let mut after = Some(0);
    while let Some(id) = after {
        after = store.rekey(id, Arc::clone(&renew)).await?;
    }
    store.close().await;
    let (done, shut) = (done.load(Ordering::Relaxed), shut.load(Ordering::Relaxed));
    println!("{done} people are under edition {version} of the key now");
    if shut > 0 {
        bail!("{shut} people open with none of the keys that were given, and stay as they are");
    }
    Ok(())
}

pub(super) async fn backup(config: Config, file: &Path) -> anyhow::Result<()> {
    let opened = Opened::with(config).await?;
    // Before it: the copy has the line as well. Where nodes share a database it has better tools.
    if !opened.store.shared() {
        opened.note_everywhere("backup", "").await?;
    }
    let copied = opened.store.backup(file).await;
    opened.store.close().await;
    copied.with_context(|| format!("there is no backup {}", file.display()))?;
    println!("{} is a whole copy. Keep the secret key in another place.", file.display());
    Ok(())
}

/// Names and addresses: for the eyes of whoever asked.
fn create(path: &Path) -> std::io::Result<std::fs::File> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Writes in place: this process does nothing else.
async fn copy(mut chunks: Chunks, mut to: impl Write) -> anyhow::Result<()> {
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.context("the export broke off: what was written is not whole")?;
        to.write_all(&chunk.bytes).context("the export cannot be written")?;
    }
    to.flush().context("the export cannot be written")
}

pub(super) async fn recount(config: Config, repair: bool) -> anyhow::Result<ExitCode> {
    let opened = Opened::with(config).await?;
    if repair {
        note_repairs(&opened).await?;
    }
    let recounts = opened.store.recount(repair).await?;
    opened.store.close().await;
    recounts.iter().for_each(print);
    if recounts.iter().any(|recount| recount.drifts() && !recount.repaired) {
        eprintln!("Counters differ from the rows. `countersign recount --repair` mends them.");
        return Ok(ExitCode::FAILURE);
    }
    Ok(ExitCode::SUCCESS)
}

/// Before the public number changes: from what to what.
async fn note_repairs(opened: &Opened) -> anyhow::Result<()> {
    for drift in opened.store.recount(false).await?.iter().filter(|it| it.drifts()) {
        let slug = drift.slug.as_str();
        let caller = for_owners_of(&opened.campaign(slug).await?);
        let detail = json!({ "counter": drift.stored, "rows": drift.rows });
        opened.note(&caller, "recount.repair", slug, detail).await?;
    }
    Ok(())
}

fn print(recount: &Recount) {
    let slug = recount.slug.as_str();
    if !recount.drifts() {
        println!("{slug}\tok\t{}", recount.rows);
        return;
    }
    let done = if recount.repaired { "repaired" } else { "drift" };
    println!("{slug}\t{done}\tcounter {}\trows {}", recount.stored, recount.rows);
    if recount.days > 0 {
        println!("{slug}\t{done}\tdays\t{}", recount.days);
    }
    for (country, stored, rows) in &recount.countries {
        println!("{slug}\t{done}\t{country}\tcounter {stored}\trows {rows}");
    }
}
