//! The mail server, and what it said.

use std::net::Ipv4Addr;
use std::time::Duration;

use anyhow::{Context as _, bail};
use lettre::message::Mailbox;
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::{AsyncSmtpTransport, Error};
use lettre::{Address, AsyncTransport as _, Message, Tokio1Executor};
use secrecy::ExposeSecret as _;

use crate::Config;

/// For the connection, and for all of an e-mail. One that is given up takes its connection with it:
/// nothing that was half said is gone on with.
const TIMEOUT: Duration = Duration::from_secs(15);
const PATIENCE: Duration = Duration::from_secs(45);

/// A way to the mail server.
#[derive(Clone)]
pub struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Address,
    host: String,
}

/// Why an e-mail was not sent. Never with what the server said: it may hold the address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    #[error("the address cannot be written to")]
    Address,
    #[error("the seal of the person does not open with this key")]
    Sealed,
    #[error("the campaign is not there")]
    Campaign,
    #[error("the mail server refused it ({0})")]
    Refused(u16),
    #[error("the mail server refuses our user name and password ({0})")]
    Login(u16),
    #[error("the mail server asks to try again later ({0})")]
    Later(u16),
    #[error("the mail server did not answer in time")]
    Timeout,
    #[error("no TLS with the mail server: see its certificate, and tls= in COUNTERSIGN_SMTP_URL")]
    Tls,
    #[error("the mail server cannot be reached, or its certificate is not right")]
    Unreachable,
    #[error(
        "it does not offer what COUNTERSIGN_SMTP_URL asks for: STARTTLS, or this kind of login"
    )]
    Setup,
    /// What was said to many in a row.
    #[error("nothing gets through: {0}")]
    Nothing(String),
}

impl SendError {
    /// Whether no other try is of use.
    pub fn is_final(&self) -> bool {
        matches!(self, Self::Address | Self::Refused(_))
    }

    /// Whether it says something about the server, and not about one e-mail.
    pub fn is_of_the_server(&self) -> bool {
        match self {
            // 421: it closes the channel (RFC 5321, 4.2.1).
            Self::Later(code) => *code == 421,
            Self::Login(_) | Self::Timeout | Self::Tls | Self::Unreachable => true,
            Self::Setup | Self::Nothing(_) => true,
            Self::Address | Self::Sealed | Self::Campaign | Self::Refused(_) => false,
        }
    }

    /// `plain`: every server takes the address, since it is written in ASCII.
    fn of(error: &Error, plain: bool) -> Self {
        match error.status().map(u16::from) {
            // RFC 4954, 6: they are about us, and not about the e-mail.
            Some(code @ (530 | 534 | 535 | 538)) => Self::Login(code),
            Some(code) if error.is_permanent() => Self::Refused(code),
            Some(code) => Self::Later(code),
            None if error.is_timeout() => Self::Timeout,
            None if error.is_tls() => Self::Tls,
            None if error.is_client() && plain => Self::Setup,
            // The server does not take such an address.
            None if error.is_client() => Self::Address,
            None => Self::Unreachable,
        }
    }
}

impl Smtp {
    /// `None` where no server is set.
    ///
    /// # Errors
    /// What is wrong with the settings, and what they should look like.
    pub fn of(config: &Config) -> anyhow::Result<Option<Self>> {
        let host = host(&config.public_url);
        let from = from(config.mail_from.as_deref(), &host)?;
        let Some(url) = &config.smtp_url else { return Ok(None) };
        let url = url.expose_secret();
        // The library's own words may hold the password.
        let Ok(builder) = AsyncSmtpTransport::<Tokio1Executor>::from_url(url) else {
            bail!(
                "smtp-url must look like smtps://user:password@mail.example.org, or \
                 smtp://mail.example.org:587?tls=required"
            );
        };
        let local = ["127.0.0.1", "localhost", "[::1]"];
        let is_local = local.iter().any(|name| url_host(url).starts_with(name));
        if url.starts_with("smtp://") && !url.contains("tls=") && !is_local {
            tracing::warn!("E-MAILS GO TO THE MAIL SERVER UNENCRYPTED: add ?tls=required");
        }
        let transport =
            builder.hello_name(ClientId::Domain(host.clone())).timeout(Some(TIMEOUT)).build();
        Ok(Some(Self { transport, from, host }))
    }

    /// Who writes: the address of this server under the name of the campaign's organizers.
    pub(super) fn sender(&self, name: &str) -> Mailbox {
        Mailbox::new(Some(name.to_owned()), self.from.clone())
    }

    /// What names e-mails of this server.
    pub(super) fn host(&self) -> &str {
        &self.host
    }

    pub(super) async fn send(&self, message: Message) -> Result<(), SendError> {
        let plain = message.envelope().to().iter().all(|it| it.to_string().is_ascii());
        match tokio::time::timeout(PATIENCE, self.transport.send(message)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(SendError::of(&error, plain)),
            Err(_) => Err(SendError::Timeout),
        }
    }
}

fn url_host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    authority.rsplit('@').next().unwrap_or_default()
}

/// The host of an origin as mail has it: addresses of numbers are in brackets (RFC 5321, 4.1.3).
fn host(origin: &str) -> String {
    let authority = url_host(origin);
    if let Some((address, _)) = authority.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        return format!("[IPv6:{address}]");
    }
    let name = authority.split(':').next().unwrap_or_default();
    name.parse::<Ipv4Addr>().map_or_else(|_| name.to_owned(), |address| format!("[{address}]"))
}

fn from(given: Option<&str>, host: &str) -> anyhow::Result<Address> {
    if let Some(address) = given {
        return address
            .parse()
            .context("mail-from must be an address such as no-reply@example.org");
    }
    // A machine without a name is where somebody tries it out.
    let domain = if host.starts_with('[') { "localhost" } else { host };
    let ours = Address::new("no-reply", domain);
    ours.context("set mail-from: the public URL gives no address to write from")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn config() -> Config {
        let public_url = "https://pledge.example.org".to_owned();
        Config { public_url, ..Config::for_data_dir("nowhere") }
    }

    #[tokio::test]
    async fn a_url_that_is_none_is_refused_without_its_password() {
        for bad in ["mail.example.org", "https://u:s3cret@mail.example.org", "u:s3cret@h"] {
            let wrong = Config { smtp_url: Some(bad.into()), ..config() };
            let said = format!("{:#}", Smtp::of(&wrong).err().unwrap());
            assert!(said.contains("must look like") && !said.contains("s3cret"), "{said}");
        }
        for good in
            ["smtps://u:p@mail.example.org", "smtp://localhost:2525", "smtp://h:587?tls=required"]
        {
            let right = Config { smtp_url: Some(good.into()), ..config() };
            assert!(Smtp::of(&right).unwrap().is_some(), "{good}");
        }
        assert!(Smtp::of(&config()).unwrap().is_none());
        let wrong = Config { mail_from: Some("nobody".into()), ..config() };
        assert!(Smtp::of(&wrong).is_err());
    }

    #[test]
    fn without_another_address_we_write_from_our_own_host() {
        for (url, address) in [
            ("https://pledge.example.org", "no-reply@pledge.example.org"),
            ("http://localhost:3000", "no-reply@localhost"),
            ("http://127.0.0.1:3000", "no-reply@localhost"),
            ("http://[::1]:3000", "no-reply@localhost"),
        ] {
            assert_eq!(from(None, &host(url)).unwrap().to_string(), address);
        }
        assert_eq!(from(Some("us@example.org"), "x").unwrap().to_string(), "us@example.org");
    }
}
