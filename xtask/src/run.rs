//! `cargo xtask run`: from whatever is there to a demo that people can sign.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use crate::progress::{self, Job};
use crate::{packed, setup, shell};

#[derive(clap::Args)]
pub struct Options {
    /// The server's port; the host page of the other origin gets the next one.
    #[arg(long, default_value_t = 3000)]
    port: u16,
    /// Keep the demo's data here; without it, the folder is thrown away at the end.
    #[arg(long, value_name = "DIR")]
    data_dir: Option<String>,
    /// Start, see that both sites answer, and stop.
    #[arg(long)]
    check: bool,
}

pub fn run(root: &Path, options: &Options) -> Result<()> {
    let started = Instant::now();
    let mut jobs = setup::jobs(root, setup::Wanted::Build)?;
    jobs.extend(packed::jobs(root)?);
    // What browsers load goes in at the very end, so all else is compiled while that is made.
    let lanes = if jobs.is_empty() { Vec::new() } else { vec![jobs, vec![library(root)]] };
    progress::side_by_side(root, lanes, vec![server(root)])?;
    println!("built in {}; starting the demo", shell::duration(started.elapsed().as_secs_f64()));

    let mut demo = Command::new(root.join("target/release/countersign"));
    demo.args(["demo", "--port", &options.port.to_string()]).current_dir(root);
    if let Some(folder) = &options.data_dir {
        demo.args(["--data-dir", folder]);
    }
    if options.check { check(demo, options.port) } else { become_the_demo(demo) }
}

/// The server without its last step.
fn library(root: &Path) -> Job<'_> {
    let built = root.join("target/release/libcountersign.rlib").is_file();
    build(root, "the server's code", if built { 5 } else { 300 }, &["--lib"])
}

fn server(root: &Path) -> Job<'_> {
    build(root, "the server", 5, &[])
}

fn build<'a>(root: &'a Path, name: &str, guess: u64, more: &[&str]) -> Job<'a> {
    let words = [&["build", "--release", "--locked", "-p", "countersign"], more].concat();
    Job {
        name: name.into(),
        guess,
        mend: format!("cargo {}", words.join(" ")),
        work: Box::new({
            let command = shell::cargo(root, &words);
            move |screen| screen.run(command)
        }),
    }
}

/// The demo takes this process's place, so Ctrl-C and signals reach it and nothing is left over.
/// It prints its own links once it answers.
#[cfg(unix)]
fn become_the_demo(mut demo: Command) -> Result<()> {
    use std::os::unix::process::CommandExt as _;
    Err(demo.exec()).context("the demo did not start")
}

#[cfg(not(unix))]
fn become_the_demo(mut demo: Command) -> Result<()> {
    let status = demo.status().context("the demo did not start")?;
    if !status.success() {
        bail!("the demo ended with {status}");
    }
    Ok(())
}

fn check(mut demo: Command, port: u16) -> Result<()> {
    let mut child = demo.spawn().context("the demo did not start")?;
    let outcome =
        wait_for(&mut child, port, "/readyz").and_then(|()| wait_for(&mut child, port + 1, "/"));
    let _ = child.kill();
    let _ = child.wait();
    outcome?;
    println!("both sites answer");
    Ok(())
}

fn wait_for(child: &mut Child, port: u16, path: &str) -> Result<()> {
    let patience = Instant::now() + Duration::from_secs(60);
    while Instant::now() < patience {
        if let Some(status) = child.try_wait()? {
            bail!("the demo ended with {status}");
        }
        if answers(port, path) {
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    bail!("no answer from http://127.0.0.1:{port}{path} within a minute")
}

fn answers(port: u16, path: &str) -> bool {
    let ask = || -> std::io::Result<String> {
        let mut stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_read_timeout(Some(Duration::from_secs(2)))?;
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n"
        )?;
        let mut head = [0; 12];
        stream.read_exact(&mut head)?;
        Ok(String::from_utf8_lossy(&head).into_owned())
    };
    ask().is_ok_and(|head| head == "HTTP/1.1 200")
}
