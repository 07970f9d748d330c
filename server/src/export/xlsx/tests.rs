#![allow(clippy::unwrap_used)]

use std::io::Read as _;
use std::sync::Arc;

use countersign_shared::Slug;

use super::*;
use crate::clock::SystemEntropy;
use crate::export::Columns;
use crate::secrets::{Master, Person, Secrets};

fn slug() -> Slug {
    Slug::parse("one").unwrap()
}

/// Rows as the database writes them, one a name.
fn rows(secrets: &Secrets, names: &[&str]) -> ExportedRows {
    let fingerprint = [7; 16];
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let line = |(id, name): (usize, &&str)| {
        let (name, message) = ((*name).to_owned(), Some((*name).to_owned()));
        let person = Person { name, email: "a@example.org".into(), message, network: None };
        let sealed = secrets.seal(&slug(), &fingerprint, &person, &SystemEntropy).unwrap();
        [
            &(id + 1).to_string(),
            "1000",
            "counted",
            "",
            "KE",
            "en",
            "0",
            "1",
            "0",
            "{}",
            "R",
            "",
            "1",
            &hex(&fingerprint),
            &hex(&sealed),
        ]
        .join("\u{1f}")
    };
    let lines: Vec<_> = names.iter().enumerate().map(line).collect();
    ExportedRows::from_text(lines.join("\u{1e}"))
}

/// The sheets of a workbook of these people.
async fn sheets(names: &[&str], columns: Columns, rows_a_sheet: u32) -> Vec<String> {
    let secrets = Arc::new(Secrets::derive(&Master::from_bytes([1; 32])));
    let stream = futures_util::stream::iter([Ok(rows(&secrets, names))]).boxed();
    let people = columns.hold_people();
    let opener =
        Opener { secrets, slug: slug(), columns, filter: Default::default(), people, _place: None };
    let folder = tempfile::tempdir().unwrap();
    let building = Building { folder: folder.path().to_owned(), counted: Arc::default() };
    let book = build_with(stream, opener, building, rows_a_sheet).await.unwrap();
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
    assert!(left.is_empty(), "nothing of it has a name: {left:?}");
    let (length, rows) = (book.length, book.rows);
    let mut chunks = book.chunks();
    let mut bytes = Vec::new();
    while let Some(chunk) = chunks.next().await {
        bytes.extend_from_slice(&chunk.unwrap().bytes);
    }
    assert_eq!((bytes.len() as u64, rows), (length, names.len() as u64));
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut sheets = Vec::new();
    for n in 1.. {
        let Ok(mut file) = archive.by_name(&format!("xl/worksheets/sheet{n}.xml")) else { break };
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        sheets.push(text);
    }
    sheets
}

/// The texts of the string cells, row by row.
fn strings(sheet: &str) -> Vec<Vec<&str>> {
    let rows = sheet.split("<row ").skip(1);
    let cells = |row| -> Vec<&str> {
        let cells = str::split(row, "t=\"inlineStr\"").skip(1);
        cells.map(|cell| text(cell).unwrap_or_default()).collect()
    };
    rows.map(cells).collect()
}

fn text(cell: &str) -> Option<&str> {
    cell.split_once("<t")?.1.split_once('>')?.1.split_once("</t>").map(|(text, _)| text)
}

#[tokio::test]
async fn fault_39_cell_starting_with_equals_plus_minus_at_tab_nul_is_a_string_in_xlsx() {
    let names = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "=cmd|' /C calc'!A0", "\0=1", "<&\">"];
    let sheets = sheets(&names, Columns::parse("name,message").unwrap(), ROWS_A_SHEET).await;
    assert_eq!(sheets.len(), 1);
    assert!(!sheets[0].contains("<f>") && !sheets[0].contains("<f "), "no formula");
    let rows = strings(&sheets[0]);
    assert_eq!(rows[0], ["name", "message"]);
    let written = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "=cmd|' /C calc'!A0"];
    for (row, name) in rows[1..].iter().zip(written) {
        assert_eq!(row, &[name, name]);
    }
    // What XML cannot hold is written as Excel does.
    assert_eq!(rows[7][0].to_lowercase(), "_x0000_=1");
    assert_eq!(rows[8][0], "&lt;&amp;\"&gt;");
}

#[tokio::test]
async fn fault_39_over_the_rows_of_a_sheet_there_are_split_sheets() {
    assert_eq!(ROWS_A_SHEET, 1_048_576);
    let names: Vec<String> = (0..7).map(|n| format!("p{n}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let sheets = sheets(&names, Columns::parse("name").unwrap(), 4).await;
    let all: Vec<_> = sheets.iter().map(|sheet| strings(sheet)).collect();
    let flat: Vec<Vec<&str>> = all.iter().map(|rows| rows.concat()).collect();
    assert_eq!(
        flat,
        [vec!["name", "p0", "p1", "p2"], vec!["name", "p3", "p4", "p5"], vec!["name", "p6"]]
    );
}

#[tokio::test]
async fn without_people_no_seal_is_opened_and_nobody_is_named() {
    let columns = Columns::all().without_people().unwrap();
    let sheets = sheets(&["Amina"], columns, ROWS_A_SHEET).await;
    assert!(!sheets[0].contains("Amina") && !sheets[0].contains("example.org"));
    assert!(sheets[0].contains("<v>1</v>"));
}

#[tokio::test]
async fn times_are_dates_that_a_sheet_can_count_with() {
    let columns = Columns::parse("id,signed_at").unwrap();
    let sheets = sheets(&["Amina"], columns, ROWS_A_SHEET).await;
    assert_eq!(strings(&sheets[0])[0], ["id", "signed_at (UTC)"]);
    let row = sheets[0].split("<row ").nth(2).unwrap();
    // A style of its own, and a number: the first second of 1970.
    let cell = row.split_once("r=\"B2\"").unwrap().1;
    let (head, value) = cell.split_once("<v>").unwrap();
    assert!(head.contains("s=\"1\"") && !head.contains("t="), "{head}");
    let value: f64 = value.split('<').next().unwrap().parse().unwrap();
    assert!((value - (25_569.0 + 1.0 / 86_400.0)).abs() < 1e-9, "{value}");
    let noon = serial("2027-03-01T12:00:00Z".parse().unwrap());
    assert!((noon - 46_447.5).abs() < 1e-9, "{noon}");
}

#[test]
fn a_workbook_that_nobody_waits_for_is_not_written() {
    let secrets = Arc::new(Secrets::derive(&Master::from_bytes([1; 32])));
    let folder = tempfile::tempdir().unwrap();
    let opener = Opener {
        secrets,
        slug: slug(),
        columns: Columns::all(),
        filter: Default::default(),
        people: true,
        _place: None,
    };
    let (send, received) = mpsc::channel(AHEAD);
    drop(send);
    let building = Building { folder: folder.path().to_owned(), counted: Arc::default() };
    let written = write(received, &opener, &building, ROWS_A_SHEET);
    assert!(matches!(written, Err(ExportError::Book(_))), "{written:?}");
}
