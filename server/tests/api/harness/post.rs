//! A mail server of the tests' own: it takes what it is told to take, and keeps it.

use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

use super::eventually;

pub struct Post {
    pub url: String,
    taken: Arc<Taken>,
}

#[derive(Default)]
struct Taken {
    /// What is answered to a recipient: 250, 451, 550 …; 0 hangs up.
    answer: AtomicU16,
    letters: Mutex<Vec<Letter>>,
}

/// An e-mail as it arrived.
#[derive(Clone, Debug)]
pub struct Letter {
    pub to: String,
    /// Headers and all, as they were sent.
    pub raw: String,
}

impl Post {
    pub async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("smtp://{}", listener.local_addr().unwrap());
        let taken = Arc::new(Taken::default());
        taken.answer.store(250, Ordering::SeqCst);
        let shared = Arc::clone(&taken);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&shared)));
            }
        });
        Self { url, taken }
    }

    pub fn answer(&self, code: u16) {
        self.taken.answer.store(code, Ordering::SeqCst);
    }

    pub fn letters(&self) -> Vec<Letter> {
        self.taken.letters.lock().unwrap().clone()
    }

    /// Waits for so many e-mails in all, and gives the last one.
    pub async fn has(&self, letters: usize) -> Letter {
        eventually("as many e-mails", || async { self.letters().len() >= letters }).await;
        let all = self.letters();
        assert_eq!(all.len(), letters, "{all:?}");
        all.last().unwrap().clone()
    }
}

/// RFC 5321, as far as a client needs it.
async fn serve(stream: TcpStream, taken: Arc<Taken>) -> Option<()> {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    let mut to = String::new();
    write.write_all(b"220 post.example\r\n").await.ok()?;
    loop {
        let line = lines.next_line().await.ok()??;
        let verb = line.get(..4).unwrap_or_default().to_ascii_uppercase();
        let answer = match verb.as_str() {
            "EHLO" => "250-post.example\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n".to_owned(),
            "RCPT" => {
                to = line.split(['<', '>']).nth(1)?.to_owned();
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
                taken.letters.lock().unwrap().push(Letter { to: to.clone(), raw });
                "250 taken\r\n".to_owned()
            }
            "QUIT" => return None,
            _ => "250 ok\r\n".to_owned(),
        };
        write.write_all(answer.as_bytes()).await.ok()?;
    }
}

impl Letter {
    /// A header of the whole e-mail, unfolded.
    pub fn header(&self, name: &str) -> String {
        let head = self.raw.split("\n\n").next().unwrap().replace("\n ", " ");
        let found = head.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")));
        found.unwrap_or_else(|| panic!("no {name} in {head}")).to_owned()
    }

    /// The parts in plain text and in HTML, decoded.
    pub fn parts(&self) -> (String, String) {
        let boundary = self.raw.split("boundary=\"").nth(1).unwrap().split('"').next().unwrap();
        let parts: Vec<String> =
            self.raw.split(&format!("--{boundary}")).skip(1).take(2).map(decoded).collect();
        (parts[0].clone(), parts[1].clone())
    }

    /// The path that its link leads to.
    pub fn path(&self, server: &str) -> String {
        let (plain, html) = self.parts();
        let link = plain.lines().find(|line| line.starts_with(server)).unwrap();
        assert!(html.contains(&format!("href=\"{link}\"")), "{html}");
        link[server.len()..].to_owned()
    }
}

fn decoded(part: &str) -> String {
    let (head, body) = part.split_once("\n\n").unwrap();
    let bytes = if head.contains("base64") {
        STANDARD.decode(body.split_whitespace().collect::<String>()).unwrap()
    } else if head.contains("quoted-printable") {
        unquoted(body)
    } else {
        body.as_bytes().to_vec()
    };
    String::from_utf8(bytes).unwrap().replace("\r\n", "\n")
}

/// RFC 2045, 6.7.
fn unquoted(body: &str) -> Vec<u8> {
    let joined = body.replace("=\n", "");
    let mut bytes = Vec::new();
    let mut rest = joined.as_bytes();
    while let [first, more @ ..] = rest {
        if let (b'=', [high, low, after @ ..]) = (*first, more) {
            let hex = [*high, *low];
            bytes.push(u8::from_str_radix(std::str::from_utf8(&hex).unwrap(), 16).unwrap());
            rest = after;
        } else {
            bytes.push(*first);
            rest = more;
        }
    }
    bytes
}
