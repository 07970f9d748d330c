//! The demo's mail server: it takes every e-mail and delivers none. Its letters can be read at
//! `/mail` of the other site, so that confirming can be tried without a mail server. Tests use it too.

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicU16, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Html;
use axum::routing::get;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

use super::hostsite::escape;

/// So many are kept.
const MOST: usize = 200;
/// No line and no e-mail of ours is longer.
const MOST_BYTES: u64 = 1 << 20;

/// A mail server on a port of its own.
#[derive(Clone)]
pub struct Post {
    url: String,
    taken: Arc<Taken>,
}

struct Taken {
    /// What is answered to a recipient: 250, 451, 550 …; 0 hangs up.
    answer: AtomicU16,
    /// How often it was asked to take one.
    asked: AtomicU64,
    letters: Mutex<VecDeque<Letter>>,
}

/// An e-mail as it arrived.
#[derive(Clone, Debug)]
pub struct Letter {
    pub to: String,
    /// Headers and all, as they were sent.
    pub raw: String,
}

impl Post {
    pub async fn open() -> std::io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("smtp://{}", listener.local_addr()?);
        let taken = Arc::new(Taken {
            answer: AtomicU16::new(250),
            asked: AtomicU64::new(0),
            letters: Mutex::default(),
        });
        let shared = Arc::clone(&taken);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&shared)));
            }
        });
        Ok(Self { url, taken })
    }

    /// As `COUNTERSIGN_SMTP_URL` has it.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// What is answered to recipients from now on: 250 takes them, 0 hangs up.
    pub fn answer(&self, code: u16) {
        self.taken.answer.store(code, Ordering::SeqCst);
    }

    /// How often it was asked to take an e-mail, whatever it answered.
    pub fn asked(&self) -> u64 {
        self.taken.asked.load(Ordering::SeqCst)
    }

    /// The oldest first.
    pub fn letters(&self) -> Vec<Letter> {
        self.taken.letters().iter().cloned().collect()
    }

    /// The pages to read them at.
    pub(super) fn router(self) -> Router {
        Router::new().route("/mail", get(list)).route("/mail/{number}", get(one)).with_state(self)
    }
}

impl Taken {
    fn letters(&self) -> MutexGuard<'_, VecDeque<Letter>> {
        self.letters.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// RFC 5321, as far as a client needs it. `None` where the client is gone.
async fn serve(stream: TcpStream, taken: Arc<Taken>) -> Option<()> {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read.take(MOST_BYTES)).lines();
    let mut to = String::new();
    write.write_all(b"220 demo\r\n").await.ok()?;
    loop {
        let line = lines.next_line().await.ok()??;
        let verb = line.get(..4).unwrap_or_default().to_ascii_uppercase();
        let answer = match verb.as_str() {
            "EHLO" => "250-demo\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n".to_owned(),
            "RCPT" => {
                line.split(['<', '>']).nth(1)?.clone_into(&mut to);
                taken.asked.fetch_add(1, Ordering::SeqCst);
                match taken.answer.load(Ordering::SeqCst) {
                    0 => return None,
                    250 => "250 ok\r\n".to_owned(),
                    code => format!("{code} not {to}\r\n"),
                }
            }
            "DATA" => {
                write.write_all(b"354 go on\r\n").await.ok()?;
                let mut raw = String::new();
                loop {
                    let line = lines.next_line().await.ok()??;
                    if line == "." {
                        break;
                    }
                    raw.push_str(line.strip_prefix('.').unwrap_or(&line));
                    raw.push('\n');
                }
                let mut letters = taken.letters();
                letters.push_back(Letter { to: to.clone(), raw });
                if letters.len() > MOST {
                    letters.pop_front();
                }
                drop(letters);
                // The next one has as much room again.
                let read = lines.into_inner().into_inner().into_inner();
                lines = BufReader::new(read.take(MOST_BYTES)).lines();
                "250 taken\r\n".to_owned()
            }
            "QUIT" => return None,
            _ => "250 ok\r\n".to_owned(),
        };
        write.write_all(answer.as_bytes()).await.ok()?;
    }
}

impl Letter {
    /// A header of the whole e-mail, unfolded; empty where there is none.
    pub fn header(&self, name: &str) -> String {
        let head = self.raw.split("\n\n").next().unwrap_or_default().replace("\n ", " ");
        let of = |line: &str| {
            let (it, value) = line.split_once(": ")?;
            it.eq_ignore_ascii_case(name).then(|| value.to_owned())
        };
        head.lines().find_map(of).unwrap_or_default()
    }

    /// The parts in plain text and in HTML, decoded.
    pub fn parts(&self) -> (String, String) {
        let boundary = self.raw.split("boundary=\"").nth(1).and_then(|rest| rest.split('"').next());
        let between = format!("--{}", boundary.unwrap_or("none"));
        let mut parts = self.raw.split(&between).skip(1).map(decoded);
        (parts.next().unwrap_or_default(), parts.next().unwrap_or_default())
    }
}

/// The text of a part (RFC 2045, 6).
fn decoded(part: &str) -> String {
    let (head, body) = part.split_once("\n\n").unwrap_or_default();
    let bytes = if head.contains("base64") {
        STANDARD.decode(body.split_whitespace().collect::<String>()).unwrap_or_default()
    } else if head.contains("quoted-printable") {
        quoted_printable::decode(body, quoted_printable::ParseMode::Robust).unwrap_or_default()
    } else {
        body.as_bytes().to_vec()
    };
    String::from_utf8_lossy(&bytes).replace("\r\n", "\n")
}

/// The latest first.
async fn list(State(post): State<Post>) -> Html<String> {
    let mut lines = String::new();
    for (number, letter) in post.letters().iter().enumerate().rev() {
        let (plain, _) = letter.parts();
        let first = plain.lines().next().unwrap_or_default();
        let _ = write!(
            lines,
            "<li><a href=\"/mail/{number}\">To {}</a><br>{}</li>",
            escape(&letter.to),
            escape(first)
        );
    }
    if lines.is_empty() {
        "<li>None yet. Let a campaign ask for confirmation, and sign it.</li>"
            .clone_into(&mut lines);
    }
    Html(format!(
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport \
         content=\"width=device-width\"><title>E-mails of the demo</title>\
         <style>body{{font:16px/1.5 sans-serif;max-width:40em;margin:2em auto;padding:0 1em}}\
         li{{margin:.7em 0}}</style><h1>E-mails of the demo</h1>\
         <p>What would have been sent. Nothing was.</p><ul>{lines}</ul></html>"
    ))
}

/// An e-mail as a mail program shows it.
async fn one(
    State(post): State<Post>,
    Path(number): Path<usize>,
) -> Result<Html<String>, StatusCode> {
    let letters = post.letters();
    letters.get(number).map(|letter| Html(letter.parts().1)).ok_or(StatusCode::NOT_FOUND)
}
