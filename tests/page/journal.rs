//! The broker's journal, joined to the live events.

use headcount_page::store::row::Body;

use crate::stage::{Stage, at};

/// An event of this number, at that second.
fn numbered(seq: u64) -> String {
    let at = at(i64::try_from(seq).unwrap() * 1_000);
    format!(r#"{{"seq":{seq},"at":"{at}","event":"connected","client":{{"id":"c{seq}","account":"alice"}}}}"#)
}

fn array(seqs: impl IntoIterator<Item = u64>) -> String {
    format!("[{}]", seqs.into_iter().map(numbered).collect::<Vec<_>>().join(","))
}

fn live(stage: &mut Stage, seq: u64) {
    stage.message("$headcount/alice/events", numbered(seq));
}

/// Takes the page's request and answers it.
fn answer(stage: &mut Stage, expected: &'static str, seqs: impl IntoIterator<Item = u64>) {
    let asked = stage.store.take_request();
    assert_eq!(asked, Some(("$headcount/journal".to_owned(), expected)));
    stage.message("$headcount/journal/page", array(seqs));
}

/// A broker whose journal the script answers for.
fn asking() -> Stage {
    let mut stage = Stage::new();
    stage.journal = None;
    stage.want("anonymous");
    come_back(&mut stage);
    stage
}

fn come_back(stage: &mut Stage) {
    stage.connect(|_| 0);
    stage.message("$headcount/server", r#"{"name":"headcount","version":"0.1.0","listeners":[]}"#);
}

/// What the rows say, oldest first: numbers, and words for the page's own rows.
fn rows(stage: &Stage) -> Vec<String> {
    let rows = stage.rows();
    let words = rows.iter().rev().map(|row| match &row.body {
        Body::Event(event) => event.seq.unwrap().to_string(),
        Body::Started(_) => "started".to_owned(),
        Body::Gap(gap) => gap.why.to_string(),
    });
    words.collect()
}

#[test]
fn the_past_comes_first_and_each_event_once() {
    let mut stage = asking();
    live(&mut stage, 8);
    live(&mut stage, 9);
    assert_eq!(rows(&stage), ["started"], "live events wait for the past");
    answer(&mut stage, r#"{"limit":500}"#, 3..=8);
    assert_eq!(rows(&stage), ["3", "4", "5", "6", "7", "8", "started", "9"]);
    live(&mut stage, 10);
    assert_eq!(rows(&stage).last().unwrap(), "10");
    assert_eq!(stage.here().len(), 8);
    stage.message("$headcount/journal/page", array(1..=4));
    assert_eq!(rows(&stage).len(), 9, "an answer that nobody asked for tells nothing");
}

#[test]
fn after_an_absence_what_was_missed_is_told_and_the_gap_closes() {
    let mut stage = asking();
    answer(&mut stage, r#"{"limit":500}"#, 1..=3);
    stage.lose("away");
    stage.advance(60_000);
    come_back(&mut stage);
    live(&mut stage, 6);
    answer(&mut stage, r#"{"limit":1000}"#, 1..=6);
    live(&mut stage, 7);
    assert_eq!(rows(&stage), ["1", "2", "3", "started", "4", "5", "6", "7"]);
}

#[test]
fn what_the_journal_has_not_is_still_a_gap() {
    let mut stage = asking();
    answer(&mut stage, r#"{"limit":500}"#, 1..=3);
    stage.lose("away");
    come_back(&mut stage);
    answer(&mut stage, r#"{"limit":1000}"#, 2_001..=3_000);
    assert_eq!(rows(&stage)[..6], ["1", "2", "3", "started", "away", "2001"]);
}

#[test]
fn a_broker_that_counts_anew_is_told_whole() {
    let mut stage = asking();
    answer(&mut stage, r#"{"limit":500}"#, 40..=50);
    stage.lose("away");
    come_back(&mut stage);
    answer(&mut stage, r#"{"limit":1000}"#, 1..=2);
    live(&mut stage, 3);
    assert_eq!(rows(&stage)[11..], ["started", "away", "1", "2", "3"]);
}

/// The same address again, or another: what was shown is told apart by number and time.
#[test]
fn connecting_anew_repeats_nothing_of_the_same_broker() {
    let mut stage = asking();
    answer(&mut stage, r#"{"limit":500}"#, 1..=3);
    stage.want("anonymous");
    come_back(&mut stage);
    answer(&mut stage, r#"{"limit":500}"#, 1..=5);
    assert_eq!(rows(&stage), ["1", "2", "3", "started", "4", "5"]);

    stage.want("anonymous");
    come_back(&mut stage);
    let other = numbered(5).replace("T12", "T13");
    stage.store.take_request();
    stage.message("$headcount/journal/page", format!("[{},{other}]", numbered(4)));
    assert_eq!(rows(&stage)[6..], ["you connected anew", "4", "5"]);
}

#[test]
fn the_pages_own_arrival_is_no_row() {
    let mut stage = asking();
    let own = numbered(7).replace("c7", "page");
    stage.store.take_request();
    stage.message("$headcount/journal/page", format!("[{},{own}]", numbered(6)));
    assert_eq!(rows(&stage), ["6", "started"]);
    live(&mut stage, 8);
    assert_eq!(rows(&stage)[2..], ["8"], "and no event is missed in its place");
}

#[test]
fn without_an_answer_live_events_do_not_wait_for_good() {
    let mut stage = asking();
    live(&mut stage, 8);
    stage.advance(2_999);
    assert_eq!(rows(&stage), ["started"]);
    stage.advance(1);
    assert_eq!(rows(&stage), ["started", "8"]);
    stage.lose("away");
    assert_eq!(rows(&stage).len(), 3);

    let mut stage = asking();
    live(&mut stage, 8);
    stage.lose("away");
    assert_eq!(rows(&stage), ["started", "8", "away"], "what came is shown before the gap");
}

#[test]
fn an_account_asks_for_its_own() {
    let mut stage = Stage::new();
    stage.journal = None;
    stage.want("al/ice");
    stage.connect(|filter| if filter.contains("ice") || filter.ends_with("server") { 0 } else { 0x87 });
    stage.message("$headcount/server", r#"{"name":"headcount","version":"0.1.0","listeners":[]}"#);
    let (topic, _) = stage.store.take_request().unwrap();
    assert_eq!(topic, "$headcount/al%2Fice/journal");
    stage.message("$headcount/al%2Fice/journal/page", array([5]));
    assert_eq!(rows(&stage), ["5", "started"]);
}

#[test]
fn a_broker_without_a_journal_is_not_asked() {
    let mut stage = Stage::new();
    stage.journal = None;
    stage.want("alice");
    stage.connect(|_| 0);
    stage.advance(3_000);
    stage.feed("connected", "lamp");
    assert_eq!(stage.store.take_request(), None);
    assert_eq!(stage.says(), ["connected lamp"]);
}
