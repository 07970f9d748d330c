//! A database with something of everything in it that organizers change.

use countersign::organizer::session::horizon;
use countersign::store::audit::Entry;
use countersign::store::hooks::{Health, HookChange, NewDelivery, NewHook, Settled, WEBHOOKS_MOST};
use countersign::store::offline::{NewImport, NewLabelled};
use countersign::store::organizers::{Acceptance, NewProfile};
use countersign::store::sessions::{NewPasskey, NewSession, Removed};
use countersign::store::supporters::{Act, Acted, Corrected, Lease, NewJob, Place, Progress};
use countersign::store::{OrganizationId, Result, Written};
use countersign_shared::Country;
use countersign_shared::admin::Role;

use super::organizing::{invitation, member};
use crate::harness::{DAY, Engine, Fixture, Said as _, at, campaign, entry};

/// Six who signed, of whom a job took one out and one was refused; one whom the screen held back; and two
/// from paper, beside forty who are only a number.
pub struct World {
    pub fixture: Fixture,
    rows: Vec<i64>,
    job: i64,
    import: i64,
    label: i64,
    mark: i64,
    hook: i64,
    going: i64,
    ada: i64,
    passkey: i64,
}

impl World {
    pub async fn on(engine: &dyn Engine) -> Self {
        let fixture = Fixture::on(engine).await;
        let (store, id, set_up) = (&fixture.store, fixture.id, entry("set up"));
        fixture.record((1..=6).map(|mailbox| fixture.pledge(mailbox)).collect()).await;
        fixture.record(vec![fixture.pledge(7).quarantined()]).await;
        let rows: Vec<i64> = fixture.rows().await.iter().map(|row| row.id).collect();
        let job = store.create_job(new_job(&fixture), at(0), &set_up).await.unwrap();
        let lease = Lease { worker: 1, now: at(0), until: at(1) };
        let mine = store.claim_job(lease).await.unwrap().unwrap();
        let found = Progress { reached: Place::END, looked_at: 1, matched: vec![rows[4]] };
        assert!(store.progress_job(&mine, found, lease).await.unwrap());
        store.finish_job(&mine, false, lease, &set_up).await.unwrap();
        store.act(id, rows[5], Act::Refuse, at(0), &set_up).await.unwrap();
        let import = store.import(file(&fixture, 8), at(0), &set_up).await.unwrap().id;
        let (label, _) = store.add_labelled(labelled(&fixture), at(0), &set_up).await.unwrap();
        let mark = store.add_mark(id, at(0), "a mark", 9, &set_up).await.unwrap().unwrap();
        let mut hooks = Vec::new();
        for _ in 1..WEBHOOKS_MOST {
            hooks.push(store.create_webhook(hook(&fixture), at(0), &set_up).await.unwrap());
        }
        let (hook, going) = (hooks[0].unwrap(), hooks[1].unwrap());
        store.write_delivery(id, hook, message("msg_1"), at(0), &set_up).await.unwrap();
        let ada = member(&**store, "ada@example.org", 1, Role::Owner).await;
        store.invite(&invitation("eve@example.org", 2, Role::Editor)).await.unwrap();
        let passkey = store.add_passkey(&new_passkey(ada, 1), &set_up).await.unwrap().unwrap();
        for session in [1, 2, 3] {
            store.begin_session(&new_session(ada, session), None).await.unwrap();
        }
        Self { fixture, rows, job, import, label, mark, hook, going, ada, passkey }
    }

    /// All that there is to see.
    pub async fn seen(&self) -> String {
        let (store, id) = (&self.fixture.store, self.fixture.id);
        let mut seen = format!("{:?}", self.fixture.rows().await);
        for part in [
            format!("{:?}", self.fixture.counters().await),
            format!("{:?}", store.jobs(id).await.unwrap()),
            format!("{:?}", store.imports(id).await.unwrap()),
            format!("{:?}", store.labelled(id).await.unwrap()),
            format!("{:?}", store.campaigns().await.unwrap()),
            format!("{:?}", store.marks(id, at(0)).await.unwrap()),
            format!("{:?}", store.webhooks(id, None).await.unwrap()),
            format!("{:?}", store.deliveries(id, self.hook, None, 99).await.unwrap()),
            format!("{:?}", store.everybody().await.unwrap()),
            format!("{:?}", store.organizer(self.ada).await.unwrap()),
            format!("{:?}", store.passkeys(self.ada).await.unwrap()),
            format!("{:?}", store.sessions(self.ada, horizon(at(0))).await.unwrap()),
        ] {
            seen = format!("{seen}\n{part}");
        }
        seen
    }

    /// Whether something was done.
    pub async fn change(&self, what: &str, entry: &Entry) -> Result<bool> {
        let (store, id, now) = (&self.fixture.store, self.fixture.id, at(0));
        Ok(match what {
            "correct" => is_done(store.correct(id, self.corrected(), now, entry).await?),
            "withdraw" => is_done(store.act(id, self.rows[0], Act::Withdraw, now, entry).await?),
            "refuse" => is_done(store.act(id, self.rows[6], Act::Refuse, now, entry).await?),
            "release" => is_done(store.act(id, self.rows[5], Act::Release, now, entry).await?),
            "erase" => is_done(store.erase(id, self.rows[2], now, entry).await?),
            "begin a job" => store.create_job(new_job(&self.fixture), now, entry).await? > 0,
            "undo a job" => is_done(store.undo_job(id, self.job, now, entry).await?),
            "import" => store.import(file(&self.fixture, 9), now, entry).await?.id > 0,
            "undo an import" => is_done(store.undo_import(id, self.import, now, entry).await?),
            "label" => store.add_labelled(labelled(&self.fixture), now, entry).await?.0 > 0,
            "unlabel" => is_done(store.delete_labelled(id, self.label, now, entry).await?),
            "make a campaign" => {
                let new = campaign("new", "");
                let made = store.create_campaign(OrganizationId(1), &new, now, entry).await?;
                made == Written::Created
            }
            "save a campaign" => {
                let mut changed = campaign("one", "");
                changed.hide_count_below = 5;
                store.save_campaign(&changed, None, now, entry).await? == Written::Updated
            }
            "add a mark" => store.add_mark(id, now, "another", 2, entry).await?.is_some(),
            "change a mark" => {
                let mark = self.mark_once().await;
                store.change_mark(id, mark, now, "changed", entry).await?
            }
            "delete a mark" => store.delete_mark(id, self.mark, entry).await?,
            "accept an invitation" => store.accept(&acceptance(), entry).await?.is_some(),
            "add a passkey" => store.add_passkey(&new_passkey(self.ada, 2), entry).await?.is_some(),
            "remove a passkey" => {
                store.remove_passkey(self.ada, self.passkey, entry).await? == Removed::Done
            }
            "change a password" => self.change_password(entry).await?,
            "end a session" => store.end_session([2; 32], entry).await?,
            "end all sessions" => {
                store.end_sessions(self.ada, entry).await?;
                true
            }
            "delete what is past its retention" => {
                store.expire(at(40 * DAY), entry).await?.people() > 0
            }
            webhook => self.change_webhook(webhook, entry).await?,
        })
    }

    async fn change_webhook(&self, what: &str, entry: &Entry) -> Result<bool> {
        let (store, id, now) = (&self.fixture.store, self.fixture.id, at(0));
        let hooks = store.webhooks(id, None).await?;
        let of = |hook: i64| hooks.iter().find(|it| it.id == hook);
        // Once; then one that is not there.
        let unless = |done: bool| if done { -1 } else { self.hook };
        let sent = store.deliveries(id, self.hook, None, 99).await?;
        Ok(match what {
            "make a webhook" => {
                store.create_webhook(hook(&self.fixture), now, entry).await?.is_some()
            }
            "change a webhook" => {
                let url = "https://another.example/".to_owned();
                let hook = unless(of(self.hook).is_some_and(|it| it.url == url));
                let change = HookChange { url: Some(url), ..HookChange::default() };
                store.change_webhook(id, hook, change, entry).await?
            }
            "rotate a webhook" => {
                let hook = unless(of(self.hook).is_some_and(|it| it.secret == [2]));
                store.rotate_webhook(id, hook, vec![2], now, entry).await?
            }
            "test a webhook" => {
                let hook = unless(sent.iter().any(|it| it.id == "msg_2"));
                store.write_delivery(id, hook, message("msg_2"), now, entry).await?.is_some()
            }
            "replay a message" => {
                let again = sent.iter().any(|it| it.next_at == at(7));
                let message = if again { "msg_9" } else { "msg_1" };
                store.replay(id, self.hook, message.into(), at(7), entry).await?.is_some()
            }
            "find a receiver gone" => {
                let was_on = of(self.going).is_some_and(|it| it.enabled);
                let (settled, health) = gone();
                store.settle_deliveries(self.going, settled, health, now, entry).await?;
                was_on
            }
            "delete a webhook" => store.delete_webhook(id, self.hook, entry).await?,
            _ => panic!("{what}: nobody knows how"),
        })
    }

    /// The mark, or none where it was changed.
    async fn mark_once(&self) -> i64 {
        let marks = self.fixture.store.marks(self.fixture.id, at(0)).await.unwrap();
        let changed = marks.iter().any(|mark| mark.label == "changed");
        if changed { -1 } else { self.mark }
    }

    /// Ada's, once; then that of nobody.
    async fn change_password(&self, entry: &Entry) -> Result<bool> {
        let password = Some("another".to_owned());
        let ada = self.fixture.store.organizer(self.ada).await?;
        let changed = ada.is_none_or(|ada| ada.password == password);
        let profile = NewProfile {
            name: "Ada".into(),
            time_zone: "UTC".into(),
            locale: "en".into(),
            password,
            kept: Some([3; 32]),
        };
        let id = if changed { -1 } else { self.ada };
        self.fixture.store.update_organizer(id, &profile, entry).await
    }

    fn corrected(&self) -> Corrected {
        let signed = self.fixture.pledge(2).identity;
        Corrected {
            id: self.rows[1],
            fingerprint: signed.fingerprint,
            sealed_before: Some(signed.sealed),
            sealed: Some(vec![7, 7]),
            country: "FR".into(),
            updates: false,
            public_name: true,
        }
    }
}

fn is_done(acted: Acted) -> bool {
    matches!(acted, Acted::Done(_))
}

fn new_job(fixture: &Fixture) -> NewJob {
    NewJob {
        campaign: fixture.id,
        preview: false,
        filter: "{}".into(),
        reason: "a robot".into(),
        out_of: 7,
        created_by: "ada@example.org".into(),
    }
}

/// Who had signed, and two who had not, from this mailbox on.
fn file(fixture: &Fixture, from: u8) -> NewImport {
    let mailboxes = [2, from, from + 10];
    NewImport {
        campaign: fixture.id,
        label: "the town hall".into(),
        created_by: "ada@example.org".into(),
        pledges: mailboxes.into_iter().map(|mailbox| fixture.pledge(mailbox)).collect(),
        twice: 0,
    }
}

fn labelled(fixture: &Fixture) -> NewLabelled {
    NewLabelled {
        campaign: fixture.id,
        label: "a box".into(),
        country: Country::parse("FR").unwrap(),
        counted: 40,
        created_by: "ada@example.org".into(),
    }
}

fn hook(fixture: &Fixture) -> NewHook {
    NewHook {
        campaign: fixture.id,
        url: "https://receiver.example/".into(),
        events: vec!["goal.reached".into()],
        secret: vec![1],
    }
}

fn message(id: &str) -> NewDelivery {
    NewDelivery { id: id.into(), event: "webhook.test", payload: "{}".into() }
}

/// A receiver that says that it is gone.
fn gone() -> (Vec<Settled>, Health) {
    let health = Health {
        is_up: false,
        paused_until: at(0),
        disabled: Some("410".into()),
        status: Some(410),
        error: None,
    };
    (Vec::new(), health)
}

fn new_passkey(organizer: i64, id: u8) -> NewPasskey {
    NewPasskey {
        organizer,
        credential_id: vec![id],
        credential: "{}".into(),
        name: "laptop".into(),
        now: at(0),
    }
}

fn new_session(organizer: i64, hash: u8) -> NewSession {
    NewSession {
        hash: [hash; 32],
        organizer,
        organization: OrganizationId(1),
        agent: "a test".into(),
        since: at(0),
        now: at(0),
    }
}

fn acceptance() -> Acceptance {
    Acceptance {
        hash: [2; 32],
        name: "Eve".into(),
        password: Some("a hash".into()),
        proved: None,
        now: at(0),
    }
}
