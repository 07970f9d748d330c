//! The command line, as people and scripts use it.

#![allow(clippy::unwrap_used)]

use std::path::Path;
use std::process::{Command, Output};

const EXAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../campaigns/example.toml");

fn countersign(data_dir: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_countersign"))
        .args(arguments)
        .env_remove("COUNTERSIGN_SECRET_KEY")
        .env("COUNTERSIGN_DATA_DIR", data_dir)
        .output()
        .unwrap()
}

fn stdout(output: &Output) -> String {
    assert!(output.status.success(), "{}", stderr(output));
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn a_campaign_is_created_then_unchanged_then_updated() {
    let folder = tempfile::tempdir().unwrap();
    let created = stdout(&countersign(folder.path(), &["campaign", "apply", EXAMPLE]));
    assert!(created.starts_with("created example\n"), "{created}");
    assert!(created.contains("<pledge-widget campaign=\"example\"></pledge-widget>"), "{created}");
    let again = stdout(&countersign(folder.path(), &["campaign", "apply", EXAMPLE]));
    assert!(again.starts_with("unchanged example\n"), "{again}");
    let changed = folder.path().join("changed.toml");
    let text = std::fs::read_to_string(EXAMPLE).unwrap().replace("rise_at = 0.9", "rise_at = 0.8");
    std::fs::write(&changed, text).unwrap();
    let updated =
        stdout(&countersign(folder.path(), &["campaign", "apply", changed.to_str().unwrap()]));
    assert!(updated.starts_with("updated example\n"), "{updated}");
    assert_eq!(stdout(&countersign(folder.path(), &["campaign", "list"])), "example\topen\t0\n");
}

#[test]
fn a_bad_campaign_file_changes_nothing_and_says_line_and_reason() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bad.toml");
    let text = std::fs::read_to_string(EXAMPLE).unwrap().replace("accent =", "acent =");
    std::fs::write(&file, text).unwrap();
    let output = countersign(folder.path(), &["campaign", "apply", file.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    let said = stderr(&output);
    assert!(
        said.contains("column 1: theme.acent is not a key here; did you mean accent?"),
        "{said}"
    );
    assert!(!folder.path().join("countersign.db").exists());
}

#[test]
fn recount_ends_with_1_on_drift_and_repairs_it() {
    let folder = tempfile::tempdir().unwrap();
    stdout(&countersign(folder.path(), &["campaign", "apply", EXAMPLE]));
    assert_eq!(stdout(&countersign(folder.path(), &["recount"])), "example\tok\t0\n");
    damage(&folder.path().join("countersign.db"), "UPDATE campaign_totals SET total = 3, peak = 3");
    let drift = countersign(folder.path(), &["recount"]);
    assert_eq!(drift.status.code(), Some(1));
    assert!(stderr(&drift).contains("countersign recount --repair"));
    stdout(&countersign(folder.path(), &["recount", "--repair"]));
    assert_eq!(stdout(&countersign(folder.path(), &["recount"])), "example\tok\t0\n");
}

/// Does to a database what no command would.
fn damage(database: &Path, statement: &'static str) {
    use sqlx::Connection as _;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let url = format!("sqlite://{}", database.display());
        let mut connection = sqlx::SqliteConnection::connect(&url).await.unwrap();
        sqlx::raw_sql(statement).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    });
}

#[test]
fn a_token_is_shown_once_and_its_name_is_taken() {
    let folder = tempfile::tempdir().unwrap();
    let token = stdout(&countersign(folder.path(), &["token", "create", "script"]));
    assert!(token.starts_with("cs_") && token.trim_end().len() == 46, "{token}");
    let taken = countersign(folder.path(), &["token", "create", "script"]);
    assert!(stderr(&taken).contains("give this one another name"));
    assert_eq!(taken.status.code(), Some(1));
}

#[test]
fn an_export_is_a_new_file_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    stdout(&countersign(folder.path(), &["campaign", "apply", EXAMPLE]));
    let file = folder.path().join("export.csv");
    let arguments = ["export", "example", "--format", "csv", "--output", file.to_str().unwrap()];
    stdout(&countersign(folder.path(), &arguments));
    assert!(std::fs::read_to_string(&file).unwrap().starts_with("id,signed_at,state,name,email,"));
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(stderr(&countersign(folder.path(), &arguments)).contains("must not exist yet"));
    let book = folder.path().join("export.xlsx");
    let arguments = ["export", "example", "--format", "xlsx", "--output", book.to_str().unwrap()];
    stdout(&countersign(folder.path(), &arguments));
    assert!(std::fs::read(&book).unwrap().starts_with(b"PK"), "a workbook is a ZIP");
    assert!(
        stderr(&countersign(folder.path(), &["export", "nobody"])).contains("there are: example")
    );
}

#[test]
fn a_healthcheck_without_a_server_fails() {
    let folder = tempfile::tempdir().unwrap();
    let output = countersign(folder.path(), &["healthcheck", "--listen", "127.0.0.1:1"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("--listen"));
}

#[test]
fn an_invitation_is_a_link_that_is_shown_once_and_the_log_knows() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| countersign(folder.path(), arguments);
    let url = ["--public-url", "https://pledge.example.org"];
    let link = stdout(&run(&[&["organizer", "invite", "Ada@Example.org"], &url[..]].concat()));
    let ticket = link.strip_prefix("https://pledge.example.org/admin/invitation/").unwrap();
    assert_eq!(ticket.trim_end().len(), 43, "{link}");
    assert!(stderr(&run(&["organizer", "invite", "nobody"])).contains("not an e-mail address"));
    assert!(
        stderr(&run(&["organizer", "invite", "a@b.co", "--role", "king"]))
            .contains("a role is owner, editor, moderator or analyst")
    );
    assert!(stderr(&run(&["organizer", "reset", "ada@example.org"])).contains("no organizer"));
    assert!(stdout(&run(&["organizer", "list"])).contains("no organizer yet"));
    stdout(&run(&["token", "create", "script", "--role", "analyst", "--days", "7"]));
    let log = stdout(&run(&["audit", "list"]));
    let lines: Vec<serde_json::Value> =
        log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0]["action"], "invitation.create");
    assert_eq!(lines[0]["subject"], "ada@example.org");
    assert_eq!(lines[0]["actor"], "command line");
    assert_eq!(lines[1]["detail"]["role"], "analyst");
    assert!(!log.contains(ticket.trim_end()));
}

/// The log, line by line: action, subject, organization.
fn log(data_dir: &Path) -> Vec<(String, String, i64)> {
    let log = stdout(&countersign(data_dir, &["audit", "list"]));
    let lines = log.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    lines
        .map(|it| (text(&it["action"]), text(&it["subject"]), it["organization"].as_i64().unwrap()))
        .collect()
}

#[test]
fn what_the_command_line_takes_or_changes_is_in_the_log_of_those_whose_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("countersign.db");
    let run = |arguments: &[&str]| countersign(folder.path(), arguments);
    stdout(&run(&["campaign", "apply", EXAMPLE]));
    damage(
        &database,
        "INSERT INTO organizations (id, name, created_at) VALUES (2, 'Another', 0);
         UPDATE campaigns SET organization_id = 2;
         UPDATE campaign_totals SET total = 3, peak = 3",
    );
    // An export that nobody can read to its end has given something away all the same.
    let broken = Command::new(env!("CARGO_BIN_EXE_countersign"))
        .args(["export", "example"])
        .env_remove("COUNTERSIGN_SECRET_KEY")
        .env("COUNTERSIGN_DATA_DIR", folder.path())
        .stdout(std::fs::File::options().write(true).open("/dev/full").unwrap())
        .output()
        .unwrap();
    assert_eq!(broken.status.code(), Some(1));
    stdout(&run(&["recount", "--repair"]));
    stdout(&run(&["recount", "--repair"]));
    stdout(&run(&["backup", folder.path().join("copy.db").to_str().unwrap()]));
    stdout(&run(&["rekey"]));
    let line = |action: &str, subject: &str, organization: i64| {
        (action.to_owned(), subject.to_owned(), organization)
    };
    assert_eq!(
        log(folder.path()),
        [
            line("campaign.create", "example", 1),
            line("export", "example", 2),
            // Once: there was nothing to repair then.
            line("recount.repair", "example", 2),
            line("backup", "", 1),
            line("backup", "", 2),
            line("key.rekey", "edition 1", 1),
            line("key.rekey", "edition 1", 2),
        ]
    );
    stdout(&run(&["audit", "verify"]));
}

#[test]
fn a_reset_says_how_many_passkeys_still_open_the_account_and_takes_them_away() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| countersign(folder.path(), arguments);
    stdout(&run(&["organizer", "invite", "ada@example.org"]));
    damage(
        &folder.path().join("countersign.db"),
        "INSERT INTO organizers (id, email, created_at) VALUES (1, 'ada@example.org', 0);
         INSERT INTO members (organization_id, organizer_id, role, joined_at)
         VALUES (1, 1, 'owner', 0);
         INSERT INTO passkeys (organizer_id, credential_id, credential, name, created_at)
         VALUES (1, x'01', '{}', 'laptop', 0), (1, x'02', '{}', 'phone', 0)",
    );
    let kept = run(&["organizer", "reset", "ada@example.org"]);
    assert!(stderr(&kept).contains("2 of their passkeys still open the account"), "{kept:?}");
    let all = ["organizer", "reset", "ada@example.org", "--forget-passkeys"];
    assert!(stderr(&run(&all)).contains("2 of their passkeys open nothing any more"));
    let none = run(&["organizer", "reset", "ada@example.org"]);
    assert!(!stderr(&none).contains("passkeys"), "{none:?}");
}

#[test]
fn fault_47_an_edited_audit_log_is_revealed_by_its_hash_chain() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| countersign(folder.path(), arguments);
    for name in ["one", "two", "three"] {
        stdout(&run(&["token", "create", name]));
    }
    let proof = stdout(&run(&["audit", "verify"]));
    assert!(proof.starts_with("3 lines, as they were written\nthe last is 3 "), "{proof}");
    damage(
        &folder.path().join("countersign.db"),
        "UPDATE audit_log SET subject = 'four' WHERE id = 2",
    );
    let broken = run(&["audit", "verify"]);
    assert_eq!(broken.status.code(), Some(1));
    assert!(stderr(&broken).contains("line 2 is the first that differs"), "{}", stderr(&broken));
}
