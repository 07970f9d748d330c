//! `countersign organizer`, `countersign token`, `countersign audit`.

use std::process::ExitCode;

use anyhow::{bail, ensure};
use serde_json::json;

use super::{Opened, now};
use crate::clock::SystemEntropy;
use crate::config::Config;
use crate::organizer::invitation::{self, Guest, Issued};
use crate::organizer::token::{self, Wish};
use crate::organizer::{Caller, Refusal, Role, audit};
use crate::store::audit::Line;
use crate::store::organizers::Purpose;

pub(super) async fn invite(
    config: Config,
    email: &str,
    role: Role,
    organization: Option<&str>,
) -> anyhow::Result<()> {
    let email = canonical(email)?;
    let opened = Opened::with(config).await?;
    let mut caller = Caller::command_line();
    if let Some(name) = organization {
        let name = name.trim();
        ensure!(
            (1..=80).contains(&name.chars().count()) && !name.chars().any(char::is_control),
            "an organization's name has 1 to 80 visible characters"
        );
        caller.organization = opened.store.organization(name, now()).await?;
    }
    let guest = Guest { organization: caller.organization, email, role, purpose: Purpose::Join };
    if invitation::is_member(&*opened.store, &guest).await? {
        opened.store.close().await;
        bail!(
            "{email} is an organizer already; `countersign organizer reset {email}` lets them in \
             again",
            email = guest.email
        );
    }
    issue(&opened, &caller, &guest).await?;
    opened.store.close().await;
    Ok(())
}

pub(super) async fn reset(
    config: Config,
    email: &str,
    forget_passkeys: bool,
) -> anyhow::Result<()> {
    let email = canonical(email)?;
    let opened = Opened::with(config).await?;
    let account = opened.store.organizer_by_email(&email).await?;
    let memberships = opened.store.memberships(&email).await?;
    let (Some(account), Some((organization, role))) = (account, memberships.first().copied())
    else {
        opened.store.close().await;
        bail!("there is no organizer {email}; `countersign organizer list` shows who there is");
    };
    let caller = Caller { organization, ..Caller::command_line() };
    let detail = json!({ "role": role, "forget_passkeys": forget_passkeys });
    let entry = opened.entry(&caller, "account.reset", &email, &detail);
    let ended = opened.store.end_sessions(account.id, &entry).await?;
    let guest = Guest { organization, email, role, purpose: Purpose::Reset };
    // Before the link, which is a way in where there was none but the passkeys.
    let forgotten = match forget_passkeys {
        true => opened.store.forget_passkeys(account.id).await?,
        false => 0,
    };
    give(&opened, &guest, issued(&opened, &guest).await?);
    eprintln!("They were signed out of {ended} places.");
    match account.passkeys {
        kept if kept > forgotten => eprintln!(
            "{kept} of their passkeys still open the account. Where one may be in other hands, run \
             this again with --forget-passkeys."
        ),
        _ if forgotten > 0 => eprintln!("{forgotten} of their passkeys open nothing any more."),
        _ => {}
    }
    opened.store.close().await;
    Ok(())
}

/// The link is given when the log knows of it.
async fn issue(opened: &Opened, caller: &Caller, guest: &Guest) -> anyhow::Result<()> {
    let issued = issued(opened, guest).await?;
    let detail = json!({ "role": guest.role });
    opened.note(caller, "invitation.create", &guest.email, detail).await?;
    give(opened, guest, issued);
    Ok(())
}

async fn issued(opened: &Opened, guest: &Guest) -> anyhow::Result<Issued> {
    let (store, secrets) = (&*opened.store, &opened.secrets);
    Ok(invitation::issue(store, secrets, &SystemEntropy, now(), guest).await?)
}

fn give(opened: &Opened, guest: &Guest, issued: Issued) {
    eprintln!("For {}, once, until {}:", guest.email, issued.expires_at);
    println!("{}", issued.link(&opened.config.public_url));
}

fn canonical(email: &str) -> anyhow::Result<String> {
    invitation::canonical(email).map_err(|code| anyhow::anyhow!("{email:?}: {}", code.title()))
}

pub(super) async fn list(config: Config) -> anyhow::Result<()> {
    let opened = Opened::with(config).await?;
    let everybody = opened.store.everybody().await?;
    if everybody.is_empty() {
        println!("There is no organizer yet: `countersign organizer invite EMAIL` makes a link.");
    }
    for one in everybody {
        println!("{}\t{}\t{}\t{}", one.email, one.role.as_str(), one.organization, one.name);
    }
    opened.store.close().await;
    Ok(())
}

pub(super) async fn create_token(
    config: Config,
    name: String,
    role: Role,
    days: Option<u32>,
) -> anyhow::Result<()> {
    let opened = Opened::with(config).await?;
    let caller = Caller::command_line();
    let wish = Wish { name: name.clone(), role, days };
    let made =
        token::make(&*opened.store, &opened.secrets, &SystemEntropy, now(), &caller, wish).await;
    let made = match made {
        Ok(made) => made,
        Err(refusal) => {
            opened.store.close().await;
            return Err(explain(refusal, &name));
        }
    };
    let detail = json!({ "role": role, "days": days });
    opened.note(&caller, "token.create", name.trim(), detail).await?;
    opened.store.close().await;
    if days.is_none() {
        eprintln!("It does not end by itself: `--days 90` would end it after 90 days.");
    }
    eprintln!("This is shown once. Send it as `Authorization: Bearer …`:");
    println!("{}", made.token);
    Ok(())
}

fn explain(refusal: Refusal, name: &str) -> anyhow::Error {
    match refusal {
        Refusal::Field("name", countersign_shared::Code::NameTaken) => {
            anyhow::anyhow!("there is a token named {name:?}; give this one another name")
        }
        Refusal::Field("name", _) => anyhow::anyhow!(
            "a token's name has 1 to 64 visible characters, such as \"newsletter script\""
        ),
        Refusal::Field("days", _) => anyhow::anyhow!("--days is 1 to 3650"),
        other => other.into(),
    }
}

pub(super) async fn audit(config: Config) -> anyhow::Result<()> {
    let opened = Opened::with(config).await?;
    let mut after = 0;
    loop {
        let lines = opened.store.lines_after(after, 1_000).await?;
        let Some(last) = lines.last() else { break };
        after = last.id;
        lines.iter().for_each(print);
    }
    opened.store.close().await;
    Ok(())
}

fn print(Line { id, line, .. }: &Line) {
    // As it is kept: an object, or what somebody made of it.
    let detail = serde_json::from_str(&line.detail).unwrap_or_else(|_| json!(line.detail));
    let shown = json!({
        "id": id,
        "at": line.at.to_string(),
        "organization": line.organization.0,
        "actor": line.actor,
        "action": line.action,
        "subject": line.subject,
        "detail": detail,
    });
    println!("{shown}");
}

pub(super) async fn verify(config: Config) -> anyhow::Result<ExitCode> {
    let opened = Opened::with(config).await?;
    let proof = audit::verify(&*opened.store, &opened.secrets).await?;
    opened.store.close().await;
    if let Some(line) = proof.broken_at {
        eprintln!("The audit log is not as it was written: line {line} is the first that differs.");
        return Ok(ExitCode::FAILURE);
    }
    let head: String = proof.head.hash.iter().map(|byte| format!("{byte:02x}")).collect();
    println!("{} lines, as they were written", proof.lines);
    println!("the last is {} {head}", proof.head.id);
    Ok(ExitCode::SUCCESS)
}
