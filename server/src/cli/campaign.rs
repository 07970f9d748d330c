//! `countersign campaign`.

use std::path::Path;

use anyhow::{Context as _, bail};
use serde_json::json;

use super::{Opened, for_owners_of, now};
use crate::campaign::Campaign;
use crate::config::Config;
use crate::organizer::Caller;
use crate::store::Written;

pub(super) async fn apply(config: Config, file: &Path) -> anyhow::Result<()> {
    let text = std::fs::read_to_string(file)
        .with_context(|| format!("{} cannot be read", file.display()))?;
    let campaign = match Campaign::from_toml(&text) {
        Ok(campaign) => campaign,
        Err(errors) => {
            for error in &errors {
                eprintln!("{}: {error}", file.display());
            }
            let things = if errors.len() == 1 { "one thing" } else { "some things" };
            bail!("nothing was changed: {things} in {} must be mended first", file.display());
        }
    };
    let opened = Opened::with(config).await?;
    let slug = campaign.slug.as_str();
    match write(&opened, &campaign).await? {
        Written::Created => println!("created {slug}"),
        Written::Updated => println!("updated {slug}"),
        Written::Unchanged => println!("unchanged {slug}"),
        Written::Taken | Written::ChangedMeanwhile | Written::Missing => {
            bail!("somebody else has made {slug} at this moment; run this again to change it")
        }
    }
    print_ways_in(&opened, &campaign);
    opened.store.close().await;
    Ok(())
}

async fn write(opened: &Opened, campaign: &Campaign) -> anyhow::Result<Written> {
    let (store, slug, detail) = (&opened.store, campaign.slug.as_str(), json!({ "file": true }));
    let stored = store.campaigns().await?.into_iter().find(|it| it.campaign.slug == campaign.slug);
    let written = match stored {
        Some(stored) => {
            let entry = opened.entry(&for_owners_of(&stored), "campaign.update", slug, &detail);
            store.save_campaign(campaign, None, now(), &entry).await?
        }
        None => {
            let caller = Caller::command_line();
            let entry = opened.entry(&caller, "campaign.create", slug, &detail);
            store.create_campaign(caller.organization, campaign, now(), &entry).await?
        }
    };
    Ok(written)
}

fn print_ways_in(opened: &Opened, campaign: &Campaign) {
    let url = &opened.config.public_url;
    let slug = campaign.slug.as_str();
    println!(
        "
Its own page:
  {url}{page}

On any page of its origins:
  <script type=\"module\" src=\"{url}/embed.js\"></script>
  <pledge-widget campaign=\"{slug}\"></pledge-widget>

For a sandboxed frame, whose origin is null, the embed token:
  {token}",
        page = countersign_shared::routes::page(slug),
        token = opened.secrets.embed_token(&campaign.slug),
    );
}

pub(super) async fn list(config: Config) -> anyhow::Result<()> {
    let opened = Opened::with(config).await?;
    let campaigns = opened.store.campaigns().await?;
    if campaigns.is_empty() {
        println!("There is no campaign yet: make one with `countersign campaign apply FILE`.");
    }
    for stored in campaigns {
        let counters = opened.store.counters(stored.id).await?;
        let status = stored.campaign.status(now()).as_str();
        println!("{}\t{status}\t{}", stored.campaign.slug.as_str(), counters.total);
    }
    opened.store.close().await;
    Ok(())
}
