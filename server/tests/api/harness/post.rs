//! The mail server of a test.

use std::ops::Deref;

use countersign::demo::post::{Letter, Post as Server};

use super::eventually;

pub struct Post(Server);

impl Deref for Post {
    type Target = Server;

    fn deref(&self) -> &Server {
        &self.0
    }
}

impl Post {
    pub async fn open() -> Self {
        Self(Server::open().await.unwrap())
    }

    /// Waits for so many e-mails in all, and gives the last one.
    pub async fn has(&self, letters: usize) -> Letter {
        eventually("as many e-mails", || async { self.letters().len() >= letters }).await;
        let all = self.letters();
        assert_eq!(all.len(), letters, "{all:?}");
        all.last().unwrap().clone()
    }
}

/// The path that its link leads to.
pub fn path(letter: &Letter, server: &str) -> String {
    let (plain, html) = letter.parts();
    let link = plain.lines().find(|line| line.starts_with(server)).unwrap();
    assert!(html.contains(&format!("href=\"{link}\"")), "{html}");
    link[server.len()..].to_owned()
}
