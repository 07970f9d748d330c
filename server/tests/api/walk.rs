//! Every route of the organizers, asked for things that are there: what changes something, or gives
//! something away, is one line of the audit log; and what is another organization's is not there.

use std::sync::atomic::{AtomicU8, Ordering};

use countersign::http::admin::access::Rule;
use countersign::organizer::Role;
use countersign::organizer::session::Entrant;
use countersign::store::OrganizationId;
use countersign_shared::routes;
use http::Method;
use serde_json::{Value, json};

use crate::access::{real, rules};
use crate::harness::{Answer, Authenticator, Browser, Server, Setup, campaign, eventually, person};
use crate::{osdi, paper, passkeys};

const OURS: OrganizationId = OrganizationId(1);
const PASSWORD: &str = "correct horse battery";

/// They change nothing: they check, paint, read, or begin what another route ends.
const HARMLESS: &[&str] = &[
    routes::ADMIN_CAMPAIGN_CHECK,
    routes::ADMIN_CAMPAIGN_PREVIEW,
    routes::ADMIN_CAMPAIGN_IMPORT,
    routes::ADMIN_PASSKEYS_BEGIN,
    routes::ADMIN_SESSION_PASSKEY_BEGIN,
];

/// They change nothing and give away more than a page shows.
const EXPORTS: &[&str] = &[
    routes::EXPORT_CSV,
    routes::EXPORT_NDJSON,
    routes::EXPORT_XLSX,
    routes::ADMIN_CAMPAIGN_TOML,
    routes::OSDI_SIGNATURES,
];

/// An owner, and a campaign of theirs.
struct Desk<'a> {
    server: &'a Server,
    organization: OrganizationId,
    slug: &'static str,
    entrant: Entrant,
    browser: Browser,
}

/// What a request is to be.
struct Asked {
    path: String,
    body: Option<Value>,
    browser: Browser,
}

impl<'a> Desk<'a> {
    async fn of(server: &'a Server, organization: OrganizationId, slug: &'static str) -> Self {
        let entrant = server.account(Role::Owner, organization).await;
        let browser = server.signed_in(entrant).await;
        Self { server, organization, slug, entrant, browser }
    }

    fn path(&self, below: &str) -> String {
        format!("/api/v1/admin/campaigns/{}/{below}", self.slug)
    }

    async fn make(&self, path: &str, body: Value) -> Value {
        let answer = self.browser.post(path, &body).await;
        assert!([200, 201, 202].contains(&answer.status), "{path}: {}", answer.text);
        if answer.text.is_empty() { json!(null) } else { answer.json() }
    }

    async fn settings(&self) -> Value {
        let path = format!("/api/v1/admin/campaigns/{}", self.slug);
        self.browser.get(&path).await.json()["settings"].clone()
    }

    /// A thing that is there, by the route that asks for it.
    async fn thing(&self, path: &str) -> String {
        let made = match path {
            routes::ADMIN_MARK => {
                let mark = json!({ "at": "2027-03-01T12:00:00Z", "label": "a mark" });
                self.make(&self.path("marks"), mark).await["id"].clone()
            }
            routes::ADMIN_LABELLED_COUNT => {
                self.make(&self.path("labelled"), labelled()).await["id"].clone()
            }
            routes::ADMIN_IMPORT_UNDO => {
                let file = paper::file(paper::CSV, false);
                self.make(&self.path("imports"), file).await["id"].clone()
            }
            routes::ADMIN_BULK_JOB | routes::ADMIN_BULK_UNDO => self.job().await,
            // What is in the number is released by nobody.
            routes::ADMIN_RELEASE => {
                let id = self.supporter().await;
                self.make(&self.path(&format!("supporters/{id}/refuse")), json!({})).await;
                id
            }
            _ if path.starts_with(routes::ADMIN_SUPPORTER) => self.supporter().await,
            _ if path.starts_with(routes::ADMIN_WEBHOOK) => {
                self.make(&self.path("webhooks"), webhook()).await["webhook"]["id"].clone()
            }
            routes::ADMIN_TOKEN => {
                let token = json!({ "name": self.server.web.random_id(), "role": "analyst" });
                self.make(routes::ADMIN_TOKENS, token).await["made"]["id"].clone()
            }
            routes::ADMIN_TEAM_INVITATION => {
                let email = format!("{}@example.org", self.server.web.random_id());
                self.server.invite(&email, Role::Analyst, self.organization).await.id.into()
            }
            routes::ADMIN_PASSKEY => self.passkey().await,
            _ if path.starts_with(routes::ADMIN_TEAM_MEMBER) => {
                self.server.account(Role::Editor, self.organization).await.organizer.into()
            }
            _ => panic!("{path}: this walk does not know how to make what is asked for here"),
        };
        made.to_string()
    }

    async fn supporter(&self) -> Value {
        let email = format!("{}@example.org", self.server.web.random_id());
        self.server.sign_at(self.slug, &person(&email), &[]).await.assert_taken();
        let path = self.path(&format!("supporters?q={email}"));
        self.browser.get(&path).await.json()["items"][0]["id"].clone()
    }

    /// A job that has ended.
    async fn job(&self) -> Value {
        let job = json!({ "filter": { "domain": "flood.example" }, "reason": "a flood" });
        let job = self.make(&self.path("bulk"), job).await["id"].clone();
        let path = self.path(&format!("bulk/{job}"));
        eventually("the job ends", || async {
            self.browser.get(&path).await.json()["state"] != "running"
        })
        .await;
        job
    }

    /// One of two: the last way in stays.
    async fn passkey(&self) -> Value {
        for _ in 0..2 {
            static SEED: AtomicU8 = AtomicU8::new(20);
            let mut device = Authenticator::new(SEED.fetch_add(1, Ordering::Relaxed));
            passkeys::add(self.server, &self.browser, &mut device).await;
        }
        self.browser.get(routes::ADMIN_PASSKEYS).await.json()[0]["id"].clone()
    }

    /// A message that was sent to the webhook.
    async fn delivery(&self, webhook: &str) -> String {
        let test = self.path(&format!("webhooks/{webhook}/test"));
        self.make(&test, json!({})).await["id"].as_str().unwrap().to_owned()
    }

    /// What to send so that the route does what it is for.
    async fn body(&self, method: &Method, path: &str) -> Option<Value> {
        let body = match (method.as_str(), path) {
            ("POST", routes::ADMIN_CAMPAIGNS) => {
                let mut settings = self.settings().await;
                settings["slug"] = json!(slug(self.server));
                json!({ "settings": settings })
            }
            ("PUT", routes::ADMIN_CAMPAIGN) => {
                let mut settings = self.settings().await;
                settings["texts"]["en"]["title"] = json!("Another title");
                json!({ "settings": settings })
            }
            ("POST", routes::ADMIN_CAMPAIGN_CHECK) => self.settings().await,
            ("POST", routes::ADMIN_CAMPAIGN_PREVIEW) => {
                let settings = self.settings().await;
                json!({ "settings": settings, "locale": "en", "scheme": "light", "total": 7 })
            }
            ("POST", routes::ADMIN_CAMPAIGN_IMPORT) => {
                json!({ "toml": self.browser.get(&self.path("campaign.toml")).await.text })
            }
            ("POST", routes::ADMIN_CAMPAIGN_DUPLICATE) => {
                json!({ "slug": slug(self.server) })
            }
            ("POST", routes::ADMIN_CAMPAIGN_STAGE) => json!({ "to": "closed" }),
            ("POST", routes::ADMIN_MARKS) | ("PUT", routes::ADMIN_MARK) => {
                json!({ "at": "2027-03-01T12:00:00Z", "label": "a mark" })
            }
            ("POST", routes::ADMIN_WEBHOOKS) => webhook(),
            ("PATCH", routes::ADMIN_WEBHOOK) => json!({ "enabled": false }),
            ("PATCH", routes::ADMIN_SUPPORTER) => json!({ "country": "FR" }),
            // A preview: what is found is taken out later, and is a line of its own then.
            ("POST", routes::ADMIN_BULK) => json!({
                "filter": { "domain": "flood.example" }, "reason": "a flood", "preview": true,
            }),
            ("POST", routes::ADMIN_IMPORTS) => paper::file(paper::CSV, false),
            ("POST", routes::ADMIN_LABELLED) => labelled(),
            ("POST", routes::OSDI_RECORD) => osdi::given(),
            ("POST", routes::ADMIN_TEAM_INVITATIONS) => {
                json!({ "email": "bob@example.org", "role": "analyst" })
            }
            ("PATCH", routes::ADMIN_TEAM_MEMBER) => json!({ "role": "analyst" }),
            ("POST", routes::ADMIN_TOKENS) => json!({ "name": "script", "role": "analyst" }),
            ("PATCH", routes::ADMIN_SESSION) => json!({ "name": "Ada" }),
            ("POST", routes::ADMIN_SESSION_ORGANIZATION) => {
                json!({ "organization": self.organization.0 })
            }
            ("POST", routes::ADMIN_INVITATION) => json!({ "name": "Ada" }),
            _ => return None,
        };
        Some(body)
    }

    /// The request of a rule, with things that are there.
    async fn asked(&self, rule: &Rule) -> Asked {
        let mut path = rule.path.replace("{slug}", self.slug);
        if path.contains("{id}") {
            path = path.replace("{id}", &self.thing(rule.path).await);
        }
        if path.contains("{delivery}") {
            let webhook = path.split('/').nth(7).unwrap().to_owned();
            path = path.replace("{delivery}", &self.delivery(&webhook).await);
        }
        if path.contains("{token}") {
            let email = format!("{}@example.org", self.server.web.random_id());
            let issued = self.server.invite(&email, Role::Analyst, self.organization).await;
            path = path.replace("{token}", &issued.ticket);
        }
        assert!(!path.contains('{'), "{path}: a parameter that this walk does not know");
        // A session of its own: some routes end sessions.
        let browser = self.server.signed_in(self.entrant).await;
        let body = match (rule.method.as_str(), rule.path) {
            ("POST", routes::ADMIN_SESSION) => Some(self.way_in().await),
            ("POST", routes::ADMIN_PASSKEYS) => {
                let options = passkeys::begin(&browser, routes::ADMIN_PASSKEYS).await;
                let made = Authenticator::new(7).create(&options, &passkeys::origin(self.server));
                Some(json!({ "name": "a key", "credential": made }))
            }
            ("POST", routes::ADMIN_SESSION_PASSKEY) => {
                let mut device = Authenticator::new(9);
                passkeys::add(self.server, &browser, &mut device).await;
                let options = passkeys::begin(&browser, routes::ADMIN_SESSION_PASSKEY).await;
                Some(device.get(&options, &passkeys::origin(self.server)))
            }
            _ => self.body(&rule.method, rule.path).await,
        };
        Asked { path, body, browser }
    }

    /// Address and password of an account.
    async fn way_in(&self) -> Value {
        let email = format!("{}@example.org", self.server.web.random_id());
        let issued = self.server.invite(&email, Role::Analyst, self.organization).await;
        let form = json!({ "name": "Ada", "password": PASSWORD });
        let path = format!("/api/v1/admin/invitations/{}", issued.ticket);
        assert_eq!(self.server.browser().post(&path, &form).await.status, 200);
        json!({ "email": email, "password": PASSWORD })
    }
}

impl Asked {
    async fn send(&self, browser: &Browser, method: &Method) -> Answer {
        browser.send(method.as_str(), &self.path, self.body.as_ref()).await
    }
}

/// A name that no campaign has.
fn slug(server: &Server) -> String {
    format!("campaign-{}", server.web.random_id())
}

fn labelled() -> Value {
    json!({ "label": "the town hall", "country": "KE", "counted": 7 })
}

fn webhook() -> Value {
    // Nobody listens there.
    json!({ "url": "http://127.0.0.1:9/hook", "events": ["pledge.signed"] })
}

async fn server() -> Server {
    Server::with(Setup { allow_local_webhooks: true, ..Setup::default() }).await
}

async fn lines(server: &Server) -> Vec<String> {
    let lines = server.web.app.store.lines_after(0, 10_000).await.unwrap();
    let ours = lines.into_iter().filter(|line| line.line.organization == OURS);
    ours.map(|line| format!("{} {}", line.line.action, line.line.subject)).collect()
}

#[tokio::test]
async fn every_route_that_changes_something_writes_one_line_of_the_log() {
    let server = server().await;
    for rule in rules().filter(|rule| !rule.method.is_safe()) {
        // One of its own: what one route changes is nothing to the next.
        let slug: &'static str = slug(&server).leak();
        server.apply(&campaign(slug)).await;
        let desk = Desk::of(&server, OURS, slug).await;
        let who = format!("{} {}", rule.method, rule.path);
        let asked = desk.asked(rule).await;
        let before = lines(&server).await.len();
        let answer = asked.send(&asked.browser, &rule.method).await;
        assert!([200, 201, 202, 204].contains(&answer.status), "{who}: {}", answer.text);
        let new = lines(&server).await.split_off(before);
        let expected = match rule.path {
            path if HARMLESS.contains(&path) => 0,
            // The invitation, and the session that it begins.
            routes::ADMIN_INVITATION => 2,
            _ => 1,
        };
        assert_eq!(new.len(), expected, "{who}: {new:?}");
        // The log tells whom or what, also when it is not there any more.
        for line in new {
            let subject = line.split_once(' ').unwrap().1;
            assert!(subject.parse::<i64>().is_err() && !subject.is_empty(), "{who}: {line}");
        }
    }
    let desk = Desk::of(&server, OURS, "example").await;
    let proof = desk.browser.get(routes::ADMIN_AUDIT_PROOF).await.json();
    assert_eq!(
        (&proof["intact"], &proof["entries"]),
        (&json!(true), &json!(lines(&server).await.len()))
    );
}

#[tokio::test]
async fn every_export_writes_one_line_of_the_log_and_looking_writes_none() {
    let server = server().await;
    let desk = Desk::of(&server, OURS, "example").await;
    for rule in rules().filter(|rule| rule.method.is_safe()) {
        let before = lines(&server).await.len();
        let answer = desk.browser.get(&real(rule.path)).await;
        assert!([200, 404, 422].contains(&answer.status), "{}: {}", rule.path, answer.text);
        let new = lines(&server).await.split_off(before);
        let expected = usize::from(EXPORTS.contains(&rule.path));
        assert_eq!(new.len(), expected, "{}: {new:?}", rule.path);
    }
}
