#![allow(clippy::unwrap_used)]

use crate::clock::ManualClock;
use crate::export::Chunk;

use super::*;

const CAMPAIGN: CampaignId = CampaignId(1);

fn caller(name: &str) -> Caller {
    Caller { actor: name.to_owned(), ..Caller::command_line() }
}

fn id(n: usize) -> ExportId {
    ExportId::parse(&format!("export-{n:012}")).unwrap()
}

fn board() -> (Board, ManualClock) {
    let clock = ManualClock::at("2027-03-01T12:00:00Z".parse().unwrap());
    (Board::new(Arc::new(clock.clone())), clock)
}

impl Board {
    fn begun(&self, name: &str, n: usize) -> Tally {
        self.begin(&caller(name), CAMPAIGN, Some(id(n)))
    }

    fn state(&self, name: &str, n: usize) -> Option<ExportState> {
        self.find(&caller(name), CAMPAIGN, id(n)).map(|it| it.state)
    }
}

fn explain(_: &ExportError) -> &'static str {
    "it took too long"
}

/// A file of chunks with so many rows each; half of those that are looked at.
fn file(rows: &[u64]) -> Vec<Result<Chunk, ExportError>> {
    let chunk = |rows: &u64| {
        let bytes = Bytes::from(vec![b'x'; usize::try_from(*rows).unwrap()]);
        Ok(Chunk { bytes, read: rows * 2, rows: *rows })
    };
    rows.iter().map(chunk).collect()
}

fn sent(
    tally: Tally,
    chunks: Vec<Result<Chunk, ExportError>>,
    length: Option<u64>,
) -> std::pin::Pin<Box<dyn Stream<Item = Result<Bytes, ExportError>>>> {
    Box::pin(tally.follow(stream::iter(chunks).boxed(), length, explain))
}

#[test]
fn an_id_is_letters_digits_and_two_signs_and_neither_short_nor_long() {
    for good in ["0123456789abcdef", "A-Z_0123456789abcdef", &"x".repeat(64)] {
        assert!(ExportId::parse(good).is_some(), "{good}");
    }
    for bad in ["", "0123456789abcde", &"x".repeat(65), "0123456789abcde/", "0123456789abcdeé"] {
        assert!(ExportId::parse(bad).is_none(), "{bad}");
    }
}

#[tokio::test]
async fn rows_count_once_they_are_taken_and_all_of_them_in_the_end() {
    let (board, _) = board();
    let tally = board.begun("a", 1);
    tally.expect(8);
    let shown = || board.find(&caller("a"), CAMPAIGN, id(1)).unwrap();
    let told = || (shown().state, shown().rows, shown().read, shown().of, shown().sent);
    assert_eq!(told(), (ExportState::Preparing, 0, 0, 8, 0));
    // The second is of rows that a filter passed over.
    let passed_over = Ok(Chunk { read: 2, ..Chunk::default() });
    let mut chunks = file(&[3, 4]);
    chunks.insert(1, passed_over);
    let mut sent = sent(tally, chunks, None);
    assert_eq!(told(), (ExportState::Sending, 0, 0, 8, 0));
    assert_eq!(sent.next().await.unwrap().unwrap().len(), 3);
    assert_eq!(told(), (ExportState::Sending, 3, 6, 8, 3));
    assert_eq!(sent.next().await.unwrap().unwrap().len(), 4, "nothing empty is sent");
    assert_eq!(told(), (ExportState::Sending, 7, 16, 16, 7), "more than were expected");
    assert!(sent.next().await.is_none());
    assert_eq!(told(), (ExportState::Done, 7, 16, 16, 7));
    drop(sent);
    assert_eq!(shown().state, ExportState::Done, "the first end counts");
}

#[tokio::test]
async fn a_file_of_known_length_is_done_with_its_last_byte_though_nobody_asks_for_more() {
    let (board, _) = board();
    let mut sent = sent(board.begun("a", 1), file(&[3, 4]), Some(7));
    sent.next().await.unwrap().unwrap();
    assert_eq!(board.state("a", 1), Some(ExportState::Sending));
    sent.next().await.unwrap().unwrap();
    drop(sent);
    assert_eq!(board.state("a", 1), Some(ExportState::Done));
}

#[tokio::test]
async fn who_leaves_before_the_end_cut_it_off_and_what_fails_says_why() {
    let (board, _) = board();
    let mut left = sent(board.begun("a", 1), file(&[3, 4]), None);
    left.next().await.unwrap().unwrap();
    drop(left);
    assert_eq!(board.state("a", 1), Some(ExportState::CutOff));
    drop(board.begun("a", 2));
    assert_eq!(board.state("a", 2), Some(ExportState::CutOff), "before its first byte");

    let mut broken = file(&[3]);
    broken.push(Err(ExportError::TooLong));
    let mut failed = sent(board.begun("a", 3), broken, None);
    while failed.next().await.is_some() {}
    let shown = board.find(&caller("a"), CAMPAIGN, id(3)).unwrap();
    assert_eq!((shown.state, shown.rows), (ExportState::Failed, 3));
    assert_eq!(shown.reason.as_deref(), Some("it took too long"));
}

#[test]
fn another_caller_campaign_or_id_finds_nothing() {
    let (board, _) = board();
    let _tally = board.begun("a", 1);
    assert_eq!(board.state("a", 1), Some(ExportState::Preparing));
    assert_eq!(board.state("a", 2), None);
    assert!(board.find(&caller("a"), CampaignId(2), id(1)).is_none());
    let others = [
        caller("b"),
        Caller { organization: OrganizationId(2), ..caller("a") },
        Caller { organizer: Some(7), ..caller("a") },
    ];
    for other in others {
        assert!(board.find(&other, CAMPAIGN, id(1)).is_none(), "{other:?}");
        // Nor can they take its place.
        let _theirs = board.begin(&other, CAMPAIGN, Some(id(1)));
    }
    assert_eq!(board.state("a", 1), Some(ExportState::Preparing));
    drop(board.begin(&caller("a"), CAMPAIGN, None));
    assert_eq!(board.lock().len(), 4, "one without an id is told to nobody");
}

#[test]
fn one_that_is_asked_for_again_under_its_id_takes_the_place_of_the_first() {
    let (board, _) = board();
    let first = board.begun("a", 1);
    let second = board.begun("a", 1);
    second.expect(2);
    drop(first);
    assert_eq!(board.state("a", 1), Some(ExportState::Preparing));
    drop(second);
    assert_eq!(board.state("a", 1), Some(ExportState::CutOff));
}

#[test]
fn what_ended_is_forgotten_after_a_while_and_what_runs_is_not() {
    let (board, clock) = board();
    let _runs = board.begun("a", 1);
    drop(board.begun("a", 2));
    let while_known = i64::try_from(KNOWN_FOR.as_millis()).unwrap();
    clock.advance_ms(while_known - 1);
    assert_eq!(board.state("a", 2), Some(ExportState::CutOff));
    clock.advance_ms(1);
    board.retain_recent();
    assert_eq!(board.lock().len(), 1);
    assert_eq!((board.state("a", 1).is_some(), board.state("a", 2)), (true, None));
    clock.advance_ms(100 * while_known);
    assert!(board.state("a", 1).is_some());
    // A clock that goes back revives nothing, and loses nothing.
    drop(board.begun("a", 3));
    clock.advance_ms(-200 * while_known);
    assert_eq!(board.state("a", 3), Some(ExportState::CutOff));
}

#[test]
fn memory_is_capped_and_what_ended_makes_room_before_what_runs() {
    let (board, _) = board();
    let runs = board.begun("a", 0);
    for n in 1..=10 * MOST_KNOWN_EACH {
        drop(board.begun("a", n));
        assert!(board.lock().len() <= MOST_KNOWN_EACH);
    }
    assert!(board.state("a", 0).is_some(), "it runs");
    assert!(board.state("a", 10 * MOST_KNOWN_EACH).is_some(), "the latest");
    assert!(board.state("a", 1).is_none());
    for n in 0..2 * MOST_KNOWN {
        drop(board.begun(&format!("another {n}"), n));
        assert!(board.lock().len() <= MOST_KNOWN);
    }
    assert!(board.state("a", 0).is_some(), "others do not push out what runs");
    drop(runs);
    // Also where all of them run.
    let all: Vec<_> = (0..2 * MOST_KNOWN).map(|n| board.begun(&format!("runs {n}"), n)).collect();
    assert_eq!(board.lock().len(), MOST_KNOWN);
    assert!(board.state(&format!("runs {}", 2 * MOST_KNOWN - 1), 2 * MOST_KNOWN - 1).is_some());
    drop(all);
}
