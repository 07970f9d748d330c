//! `deploy/systemd`, as systemd itself reads it.

use std::process::Command;

use crate::site::{changed, example, program};

#[test]
fn systemd_knows_every_line_of_the_unit_and_finds_the_service_well_shut_in() {
    let Some(analyze) = program("systemd-analyze", "systemd") else { return };
    let folder = tempfile::tempdir().unwrap();
    let server = env!("CARGO_BIN_EXE_countersign");
    let unit = changed(
        &example("systemd/countersign.service"),
        [("ExecStart=/usr/local/bin/countersign serve", format!("ExecStart={server} serve"))],
    );
    let file = folder.path().join("countersign.service");
    std::fs::write(&file, unit).unwrap();
    let ask = |args: &[&str]| Command::new(&analyze).args(args).arg(&file).output().unwrap();
    for args in [
        &["verify", "--man=no", "--recursive-errors=no"][..],
        // In tenths: a service that nobody has shut in has 96.
        &["security", "--offline=yes", "--no-pager", "--threshold=15"],
    ] {
        let output = ask(args);
        let said = String::from_utf8_lossy(&output.stderr);
        let shown = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{args:?}: {said}{shown}");
        assert!(!said.contains("countersign.service:"), "{args:?}: {said}");
    }
}

#[test]
fn systemd_makes_the_user_that_the_unit_runs_as() {
    let Some(sysusers) = program("systemd-sysusers", "systemd") else { return };
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("countersign.conf");
    std::fs::write(&file, example("systemd/countersign.sysusers.conf")).unwrap();
    let root = folder.path().join("root");
    std::fs::create_dir_all(root.join("etc")).unwrap();
    let output = Command::new(sysusers).arg("--root").arg(&root).arg(&file).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    let users = std::fs::read_to_string(root.join("etc/passwd")).unwrap();
    assert!(users.contains(":/var/lib/countersign:/usr/sbin/nologin"), "{users}");
    let user = users.lines().find_map(|line| line.split(':').next()).unwrap();
    assert!(example("systemd/countersign.service").contains(&format!("\nUser={user}\n")), "{user}");
}
