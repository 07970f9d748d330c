//! Runs other programs: their output goes to a log, one live line to the screen.

use std::fs::{self, File, OpenOptions};
use std::io::{IsTerminal as _, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

/// The workspace's top folder.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// Where the output of long commands is kept.
pub fn logs(root: &Path) -> PathBuf {
    root.join("target/xtask-logs")
}

/// The project's own tools first, then the machine's.
pub fn path_with_tools(root: &Path) -> std::ffi::OsString {
    let mut folders = vec![root.join("target/tools/bin")];
    folders.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
    std::env::join_paths(folders).unwrap_or_default()
}

/// A command in the workspace's top folder that finds the project's tools.
pub fn command(root: &Path, program: &str, args: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(args).current_dir(root).env("PATH", path_with_tools(root)).stdin(Stdio::null());
    // What cargo told this program about this program. Build scripts that look at such variables
    // would run again, and all that needs them, whenever cargo is started from here and by hand in
    // turns.
    for (name, _) in std::env::vars_os() {
        let of_ours = ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_"];
        if name.to_str().is_some_and(|name| of_ours.iter().any(|start| name.starts_with(start))) {
            command.env_remove(&name);
        }
    }
    command
}

/// `cargo`, the very one that started this program.
pub fn cargo(root: &Path, args: &[&str]) -> Command {
    command(root, &std::env::var("CARGO").unwrap_or_else(|_| "cargo".into()), args)
}

/// What a short command prints, trimmed; `None` where it is missing or fails.
pub fn ask(root: &Path, program: &str, args: &[&str]) -> Option<String> {
    let output = command(root, program, args).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Whether a program of this name is on the path.
pub fn found(root: &Path, program: &str) -> bool {
    std::env::split_paths(&path_with_tools(root)).any(|folder| folder.join(program).is_file())
}

/// Runs the command to its end, its output appended to `log`; `live` is told what is going on. Where
/// `stopped` is set meanwhile, the command is ended.
pub fn logged(
    command: &mut Command,
    log: &Path,
    stopped: &AtomicBool,
    mut live: impl FnMut(Duration, &str),
) -> Result<ExitStatus> {
    if let Some(folder) = log.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut file = OpenOptions::new().create(true).append(true).open(log)?;
    writeln!(file, "$ {}", shown(command))?;
    command.stdout(file.try_clone()?).stderr(file);
    let started = Instant::now();
    let mut child = command.spawn().with_context(|| format!("cannot start {}", shown(command)))?;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        if stopped.load(Ordering::Relaxed) {
            let _ = child.kill();
            child.wait()?;
            bail!("ended, for something else failed");
        }
        std::thread::sleep(Duration::from_millis(120));
        live(started.elapsed(), &last_line(log));
    }
}

/// The command as one could type it.
pub fn shown(command: &Command) -> String {
    let mut words = vec![command.get_program().to_string_lossy().into_owned()];
    words.extend(command.get_args().map(|word| word.to_string_lossy().into_owned()));
    words.join(" ")
}

/// The last `count` lines of a file, without colours; empty where there is no file.
pub fn tail(file: &Path, count: usize) -> String {
    let text = String::from_utf8_lossy(&fs::read(file).unwrap_or_default()).into_owned();
    let lines: Vec<String> = text.lines().map(plain).collect();
    lines[lines.len().saturating_sub(count)..].join("\n")
}

fn last_line(file: &Path) -> String {
    let read = || -> std::io::Result<String> {
        let mut file = File::open(file)?;
        let size = file.metadata()?.len();
        file.seek(SeekFrom::Start(size.saturating_sub(600)))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    };
    let text = read().unwrap_or_default();
    let shown = text.lines().rev().map(plain).find(|line| !line.trim().is_empty());
    shown.unwrap_or_default().trim().chars().take(SHOWN).collect()
}

/// As much of a line as fits beside the rest of the live line.
const SHOWN: usize = 70;

/// Without colours and control characters.
pub fn plain(line: &str) -> String {
    let mut text = String::new();
    let mut escaped = false;
    for character in line.chars() {
        match character {
            '\u{1b}' => escaped = true,
            letter if escaped => escaped = !letter.is_ascii_alphabetic(),
            control if control.is_control() => {}
            shown => text.push(shown),
        }
    }
    text
}

/// One line that is written over and over on a terminal, and seldom anywhere else.
pub struct LiveLine {
    terminal: bool,
    last: Instant,
}

impl LiveLine {
    pub fn new() -> Self {
        Self { terminal: std::io::stdout().is_terminal(), last: Instant::now() }
    }

    pub fn show(&mut self, text: &str) {
        let pause = if self.terminal { 200 } else { 20_000 };
        if self.last.elapsed() < Duration::from_millis(pause) {
            return;
        }
        self.last = Instant::now();
        if self.terminal {
            print!("\r\u{1b}[2K{text}");
        } else {
            println!("{text}");
        }
        let _ = std::io::stdout().flush();
    }

    pub fn clear(&self) {
        if self.terminal {
            print!("\r\u{1b}[2K");
            let _ = std::io::stdout().flush();
        }
    }
}

/// `95` as `1 min 35 s`.
pub fn duration(seconds: f64) -> String {
    let whole = seconds.round().max(0.0) as u64;
    match (whole / 60, whole % 60) {
        (0, _) if seconds < 10.0 => format!("{seconds:.1} s"),
        (0, rest) => format!("{rest} s"),
        (minutes, 0) => format!("{minutes} min"),
        (minutes, rest) => format!("{minutes} min {rest} s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_like_speech() {
        assert_eq!(duration(3.21), "3.2 s");
        assert_eq!(duration(42.0), "42 s");
        assert_eq!(duration(95.0), "1 min 35 s");
        assert_eq!(duration(120.0), "2 min");
    }

    #[test]
    fn live_lines_lose_colour_and_control_characters() {
        assert_eq!(plain("\u{1b}[32m  Compiling\u{1b}[0m leptos\r"), "  Compiling leptos");
    }
}
