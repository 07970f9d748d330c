use std::collections::BTreeMap;
use std::sync::Mutex;

use countersign::clock::SystemEntropy;
use countersign::organizer::invitation::{self, Guest, Issued};
use countersign::organizer::session::{self, Entrant};
use countersign::organizer::token::{self, Wish};
use countersign::organizer::{Caller, Role, audit};
use countersign::store::OrganizationId;
use countersign::store::audit::Entry;
use countersign::store::organizers::{Acceptance, Purpose};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Answer, Server, header_map};

impl Server {
    /// A new API token.
    pub async fn token_of(&self, role: Role, organization: OrganizationId) -> String {
        let (app, name) = (&self.web.app, self.web.random_id());
        let wish = Wish { name, role, days: None };
        let (now, by) = (app.clock.now(), Caller { organization, ..Caller::command_line() });
        let made = token::make(&*app.store, &app.secrets, &SystemEntropy, now, &by, wish).await;
        made.unwrap().token
    }

    /// A new one-time link for somebody.
    pub async fn invite(&self, email: &str, role: Role, organization: OrganizationId) -> Issued {
        let app = &self.web.app;
        let guest = Guest { organization, email: email.into(), role, purpose: Purpose::Join };
        let now = app.clock.now();
        invitation::issue(&*app.store, &app.secrets, &SystemEntropy, now, &guest).await.unwrap()
    }

    /// A new organizer of the first organization.
    pub async fn organizer(&self, role: Role) -> Browser {
        self.organizer_of(role, OrganizationId(1)).await
    }

    pub async fn organizer_of(&self, role: Role, organization: OrganizationId) -> Browser {
        let entrant = self.account(role, organization).await;
        self.signed_in(entrant).await
    }

    /// A line for what a test does by itself. Of no organization: each reads only what is its own.
    pub fn entry(&self) -> Entry {
        let nobody = Caller::server(OrganizationId(0));
        audit::entry(&self.web.app, &nobody, "test", "test", json!({}))
    }

    /// Deletes what is past its retention at that time; says how many people.
    pub async fn expire(&self, now: Timestamp) -> u64 {
        self.web.app.store.expire(now, &self.entry()).await.unwrap().people()
    }

    /// An account without a password: hashing takes a while.
    pub async fn account(&self, role: Role, organization: OrganizationId) -> Entrant {
        let app = &self.web.app;
        let email = format!("{}@example.org", self.web.random_id());
        let issued = self.invite(&email, role, organization).await;
        let (hash, _) = invitation::find(app, &issued.ticket).await.unwrap();
        let acceptance = Acceptance {
            hash,
            name: "Somebody".into(),
            password: None,
            proved: None,
            now: app.clock.now(),
        };
        Entrant::from(&app.store.accept(&acceptance, &self.entry()).await.unwrap().unwrap())
    }

    /// A browser in which an account is signed in.
    pub async fn signed_in(&self, entrant: Entrant) -> Browser {
        let ticket = session::begin(&self.web.app, entrant, "a test", None).await.unwrap();
        let browser = self.browser();
        browser.set("__Host-countersign", &ticket);
        browser
    }

    /// Another organization.
    pub async fn another_organization(&self) -> OrganizationId {
        let app = &self.web.app;
        app.store.organization("Another", app.clock.now()).await.unwrap()
    }

    /// A browser that has our page open.
    pub fn browser(&self) -> Browser {
        Browser { url: self.url.clone(), client: self.client.clone(), jar: Mutex::default() }
    }
}

/// A browser on our own pages: keeps cookies, and says where requests come from.
pub struct Browser {
    url: String,
    client: reqwest::Client,
    jar: Mutex<BTreeMap<String, String>>,
}

impl Browser {
    pub async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, None).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send("POST", path, Some(body)).await
    }

    pub async fn patch(&self, path: &str, body: &Value) -> Answer {
        self.send("PATCH", path, Some(body)).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send("DELETE", path, None).await
    }

    /// Signs in with a password.
    pub async fn sign_in(&self, email: &str, password: &str) -> Answer {
        let form = json!({ "email": email, "password": password });
        self.post("/api/v1/admin/session", &form).await
    }

    pub async fn send(&self, method: &str, path: &str, body: Option<&Value>) -> Answer {
        let origin = self.url.clone();
        let own = [("origin", &*origin), ("sec-fetch-site", "same-origin")];
        self.send_as(method, path, body, if method == "GET" { &[] } else { &own }).await
    }

    /// With other headers than those of our own page.
    pub async fn send_as(
        &self,
        method: &str,
        path: &str,
        body: Option<&Value>,
        headers: &[(&str, &str)],
    ) -> Answer {
        let cookies = self.cookies();
        let mut headers = headers.to_vec();
        if !cookies.is_empty() {
            headers.push(("cookie", &cookies));
        }
        if body.is_some() {
            headers.push(("content-type", "application/json"));
        }
        let request = self.client.request(method.parse().unwrap(), format!("{}{path}", self.url));
        let request = request.headers(header_map(&headers));
        let request = match body {
            Some(body) => request.body(body.to_string()),
            None => request,
        };
        let answer = Answer::of(request.send().await.unwrap()).await;
        for line in answer.headers.get_all("set-cookie") {
            let (pair, attributes) = line.to_str().unwrap().split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            if attributes.contains("Max-Age=0") {
                self.jar.lock().unwrap().remove(name);
            } else {
                self.set(name, value);
            }
        }
        answer
    }

    pub fn set(&self, name: &str, value: &str) {
        self.jar.lock().unwrap().insert(name.into(), value.into());
    }

    pub fn cookie(&self, name: &str) -> Option<String> {
        self.jar.lock().unwrap().get(name).cloned()
    }

    fn cookies(&self) -> String {
        let jar = self.jar.lock().unwrap();
        let pairs: Vec<_> = jar.iter().map(|(name, value)| format!("{name}={value}")).collect();
        pairs.join("; ")
    }
}
