//! A file of signatures, read: its good rows as pledges, and every bad one explained.

use countersign_shared::admin::offline::{BadRow, ImportRequest};
use countersign_shared::{Code, FieldError, FormFields, Pledge};
use csv::{ReaderBuilder, StringRecord, Trim};

use super::columns::Columns;

/// Once so many faults are explained, further rows are only counted.
const EXPLAINED: usize = 1_000;

/// Paper may have what the campaign's form does not ask for.
const ASKED: FormFields = FormFields { message: true, public_name: true, updates: true };

#[derive(Default)]
pub(super) struct Table {
    pub(super) rows: u64,
    pub(super) pledges: Vec<Pledge>,
    pub(super) bad: Vec<BadRow>,
    pub(super) bad_rows: u64,
}

impl Table {
    /// # Errors
    /// What is wrong with the file as a whole: no first line, or columns that it does not have.
    pub(super) fn read(request: &ImportRequest) -> Result<Self, Vec<FieldError>> {
        let text = request.csv.trim_start_matches('\u{feff}');
        let broken = |_| vec![FieldError::new("csv", Code::FieldInvalid)];
        let mut reader = ReaderBuilder::new()
            .delimiter(delimiter(text))
            .flexible(true)
            .trim(Trim::All)
            .from_reader(text.as_bytes());
        let head = reader.headers().map_err(broken)?.clone();
        if head.iter().all(str::is_empty) {
            return Err(vec![FieldError::new("csv", Code::FieldMissing)]);
        }
        let columns = Columns::of(&head, &request.mapping)?;
        let mut table = Self::default();
        let mut row = StringRecord::new();
        let mut lines = Lines::of(text);
        while reader.read_record(&mut row).map_err(broken)? {
            if row.iter().all(str::is_empty) {
                continue;
            }
            table.rows += 1;
            let (form, unclear) = columns.form(&row);
            match (form.parse(ASKED), unclear) {
                (Ok(pledge), None) => table.pledges.push(pledge),
                (parsed, unclear) => {
                    let mut faults = parsed.err().unwrap_or_default();
                    faults.extend(unclear);
                    let line = lines.at(row.position().map_or(0, csv::Position::byte));
                    table.explain(line, &columns, &row, faults);
                }
            }
        }
        Ok(table)
    }

    fn explain(
        &mut self,
        line: u64,
        columns: &Columns,
        row: &StringRecord,
        faults: Vec<FieldError>,
    ) {
        self.bad_rows += 1;
        // All of a row or nothing: whoever mends what is told must not find more in the same row.
        if self.bad.len() >= EXPLAINED {
            return;
        }
        for FieldError { field, code, message } in faults {
            let (column, value) = columns.blame(&field, row);
            self.bad.push(BadRow { line, column, value, code, message });
        }
    }
}

/// Counts lines. The reader's own number is that of the line before, where lines end in CRLF: it
/// stops between the two.
struct Lines<'a> {
    text: &'a [u8],
    counted: usize,
    line: u64,
}

impl<'a> Lines<'a> {
    fn of(text: &'a str) -> Self {
        Self { text: text.as_bytes(), counted: 0, line: 1 }
    }

    /// The line of a row that begins at this byte or after the line breaks there. Rows come in order.
    fn at(&mut self, byte: u64) -> u64 {
        let from = usize::try_from(byte).unwrap_or(usize::MAX).min(self.text.len());
        let breaks = |byte: &&u8| matches!(byte, b'\r' | b'\n');
        let start = from + self.text[from..].iter().take_while(breaks).count();
        let passed = self.text.get(self.counted..start).unwrap_or_default();
        self.line += passed.iter().filter(|byte| **byte == b'\n').count() as u64;
        self.counted = self.counted.max(start);
        self.line
    }
}

/// Whatever the first line has most of: spreadsheets write commas, semicolons or tabs, by the
/// language they speak.
fn delimiter(text: &str) -> u8 {
    let head = text.lines().next().unwrap_or_default().as_bytes();
    let count = |mark: u8| head.iter().filter(|byte| **byte == mark).count();
    let most = |a: u8, b: u8| if count(b) > count(a) { b } else { a };
    most(most(b',', b';'), b'\t')
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use countersign_shared::admin::offline::ImportMapping;

    use super::*;

    fn request(csv: &str, change: impl FnOnce(&mut ImportMapping)) -> ImportRequest {
        let mut mapping = ImportMapping {
            name: "Name".into(),
            email: "E-Mail".into(),
            country: Some("Land".into()),
            country_default: None,
            message: None,
            updates: Some("Newsletter".into()),
        };
        change(&mut mapping);
        ImportRequest { label: "x".into(), csv: csv.into(), mapping, dry_run: true }
    }

    #[test]
    fn good_rows_are_pledges_and_every_bad_one_is_explained() {
        let csv = "\u{feff}name;E-MAIL;Land;Newsletter\r\n\
                   Amina Otieno;amina@example.org;Kenya;x\r\n\
                   ;;;\r\n\
                   \"Two\nLines\";not an address;Atlantis;no\r\n\
                   ;c@example.org;FR;maybe\r\n\
                   Short;d@example.org\r\n";
        let table = Table::read(&request(csv, |_| {})).unwrap();
        assert_eq!((table.rows, table.bad_rows, table.pledges.len()), (4, 3, 1));
        assert!(table.pledges[0].updates);
        let bad: Vec<_> = table
            .bad
            .iter()
            .map(|it| (it.line, it.column.as_str(), it.value.as_str(), it.code.as_str()))
            .collect();
        assert_eq!(
            bad,
            [
                (4, "Name", "Two\nLines", "name_forbidden"),
                (4, "E-Mail", "not an address", "email_invalid"),
                (4, "Land", "Atlantis", "country_unknown"),
                (6, "Name", "", "name_missing"),
                (6, "Newsletter", "maybe", "field_invalid"),
                (7, "Land", "", "country_missing"),
            ]
        );
    }

    #[test]
    fn what_a_wrong_decoding_left_behind_is_not_taken() {
        let csv = "Name,E-Mail,Land,Newsletter\nChlo\u{fffd},a@example.org,FR,\n";
        let table = Table::read(&request(csv, |_| {})).unwrap();
        assert_eq!((table.pledges.len(), table.bad[0].code.as_str()), (0, "name_forbidden"));
    }

    #[test]
    fn a_bad_row_is_explained_as_a_whole_or_only_counted() {
        let rows = "x,nobody,Atlantis,maybe\n".repeat(2 * EXPLAINED);
        let table = Table::read(&request(&format!("Name,E-Mail,Land,Newsletter\n{rows}"), |_| {}));
        let table = table.unwrap();
        assert_eq!(table.bad_rows, 2 * EXPLAINED as u64);
        let (first, last) = (&table.bad[0], &table.bad[table.bad.len() - 1]);
        let of = |line| table.bad.iter().filter(|it| it.line == line).count();
        assert_eq!((of(first.line), of(last.line)), (3, 3));
        assert_eq!(table.bad.len(), EXPLAINED.next_multiple_of(3));
    }

    #[test]
    fn a_country_for_all_stands_in_where_none_is_given() {
        let csv = "Name,E-Mail\nAmina,a@example.org\n";
        let mapping = |it: &mut ImportMapping| {
            (it.country, it.updates) = (None, None);
            it.country_default = Some("KE".into());
        };
        let table = Table::read(&request(csv, mapping)).unwrap();
        assert_eq!(table.pledges[0].country.as_str(), "KE");
    }

    #[test]
    fn a_mapping_that_cannot_be_is_refused() {
        let named = |result: Result<Table, Vec<FieldError>>| {
            let errors = result.err().unwrap();
            errors.into_iter().map(|error| error.field).collect::<Vec<_>>()
        };
        let csv = "Name,E-Mail\n";
        assert_eq!(named(Table::read(&request("", |_| {}))), ["csv"]);
        let wrong = |it: &mut ImportMapping| {
            it.email = " ".into();
            it.country = None;
        };
        let expected = ["mapping.updates", "mapping.email", "mapping.country"];
        assert_eq!(named(Table::read(&request(csv, wrong))), expected);
    }
}
