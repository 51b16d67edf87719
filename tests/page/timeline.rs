//! Ring, follow, pause, search.

use headcount_page::store::intent::Intent;

use crate::stage::{Stage, event_json};

fn with_events(cap: usize, count: usize) -> Stage {
    let mut stage = Stage::with_cap(cap);
    more(&mut stage, 0, count);
    stage
}

fn more(stage: &mut Stage, from: usize, count: usize) {
    for n in from..from + count {
        stage.event("connected", &format!("c{n}"));
    }
}

#[test]
fn newest_first_with_numbers_that_stay() {
    let mut stage = with_events(100, 3);
    assert_eq!(stage.says(), ["connected c2", "connected c1", "connected c0"]);
    let numbers: Vec<u64> = stage.rows().iter().map(|row| row.number).collect();
    assert_eq!(numbers, [2, 1, 0]);
    more(&mut stage, 3, 1);
    assert_eq!(stage.rows()[1].number, 2);
    assert_eq!(stage.store.timeline().position(0), Some(3));
    assert_eq!(stage.store.timeline().position(9), None);
}

#[test]
fn the_ring_trims_the_oldest_and_counts_them() {
    let stage = with_events(10, 25);
    let timeline = stage.store.timeline();
    assert_eq!((timeline.len(), timeline.recorded(), timeline.trimmed(), timeline.cap()), (10, 10, 15, 10));
    assert_eq!(stage.says().last().unwrap(), "connected c15");
}

#[test]
fn the_ring_is_bounded_in_bytes_too() {
    let mut stage = Stage::with_cap(5_000);
    let huge = "x".repeat(65_535);
    for _ in 0..600 {
        stage.event("connected", &huge);
    }
    let timeline = stage.store.timeline();
    assert!(timeline.recorded() < 300, "{} rows of 130 kB", timeline.recorded());
    assert_eq!(timeline.recorded() as u64 + timeline.trimmed(), 600);
}

#[test]
fn a_window_is_cut_at_the_ends() {
    let stage = with_events(100, 5);
    let window =
        |range| stage.store.timeline().window(range).iter().map(|row| row.number).collect::<Vec<_>>();
    assert_eq!(window(1..3), [3, 2]);
    assert_eq!(window(4..90), [0]);
    assert_eq!(window(7..9), [0; 0]);
}

#[test]
fn scrolled_away_it_holds_still_and_counts_what_is_new() {
    let mut stage = with_events(10, 8);
    stage.send(Intent::Scrolled { at_top: false });
    let before = stage.rows();
    more(&mut stage, 8, 37);
    let timeline = stage.store.timeline();
    assert_eq!((timeline.is_following(), timeline.is_paused(), timeline.new_count()), (false, false, 37));
    assert_eq!(stage.rows(), before, "the ring trimmed these, and still the reader keeps them");

    stage.send(Intent::Scrolled { at_top: true });
    assert_eq!(stage.store.timeline().new_count(), 0);
    assert_eq!(stage.says()[0], "connected c44");
    more(&mut stage, 45, 1);
    assert_eq!(stage.says()[0], "connected c45");
}

#[test]
fn follow_jumps_to_the_top() {
    let mut stage = with_events(10, 3);
    stage.send(Intent::Scrolled { at_top: false });
    more(&mut stage, 3, 1);
    let requests = stage.store.timeline().top_requests();
    stage.send(Intent::Follow);
    assert_eq!(stage.store.timeline().top_requests(), requests + 1);
    assert_eq!(stage.says()[0], "connected c3");
}

#[test]
fn pause_records_and_resume_shows() {
    let mut stage = with_events(10, 2);
    stage.send(Intent::Pause);
    more(&mut stage, 2, 5);
    stage.send(Intent::Scrolled { at_top: false });
    stage.send(Intent::Scrolled { at_top: true });
    assert!(stage.store.timeline().is_paused(), "scrolling to the top does not end a pause");
    assert_eq!((stage.says().len(), stage.store.timeline().new_count()), (2, 5));
    assert_eq!(stage.store.timeline().recorded(), 7);
    stage.send(Intent::Resume);
    assert_eq!((stage.says().len(), stage.store.timeline().new_count()), (7, 0));
    assert!(stage.store.timeline().is_following());
}

#[test]
fn clear_forgets_rows_but_not_numbers() {
    let mut stage = with_events(2, 5);
    stage.send(Intent::Pause);
    stage.send(Intent::Clear);
    assert!(stage.store.timeline().is_empty() && stage.store.timeline().is_paused());
    assert_eq!(stage.store.timeline().trimmed(), 0);
    more(&mut stage, 5, 1);
    assert_eq!(stage.store.timeline().new_count(), 1);
    stage.send(Intent::Resume);
    assert_eq!(stage.rows()[0].number, 5);
}

#[test]
fn search_finds_words_in_every_column() {
    let mut stage = Stage::live();
    stage.event("connected", "Küchen-Lampe");
    stage.event("disconnected", "door");
    let denied =
        r#"{"event":"denied","action":"publish","topic":"a/b","rule":"acl:12","client":{"id":"door"}}"#;
    stage.message("$headcount/alice/events", denied);
    let cases = [
        ("küchen", 1),
        ("LAMPE", 1),
        ("alice", 3),
        ("connection-lost", 1),
        ("lost goodbye", 1),
        ("tcp", 2),
        ("127.0.0.1:5", 2),
        ("disconnected door", 1),
        ("acl:12", 1),
        ("3.1.1", 2),
        ("nowhere", 0),
        ("  ", 3),
    ];
    for (text, count) in cases {
        stage.send(Intent::Search(text.to_owned()));
        assert_eq!(stage.events().len(), count, "{text:?}");
    }
}

#[test]
fn a_search_is_kept_in_step_with_pushes_trims_and_holds() {
    let mut stage = with_events(20, 10);
    stage.send(Intent::Search("c1".to_owned()));
    assert_eq!(stage.says(), ["connected c1"]);
    more(&mut stage, 10, 3);
    assert_eq!(stage.says(), ["connected c12", "connected c11", "connected c10", "connected c1"]);
    stage.send(Intent::Scrolled { at_top: false });
    more(&mut stage, 13, 90);
    assert_eq!(stage.store.timeline().new_count(), 7 + 3, "c13 to c19 and c100 to c102");
    assert_eq!(stage.says().len(), 4);
    stage.send(Intent::Search("c2".to_owned()));
    assert_eq!(stage.says(), ["connected c2"], "the search goes on in what is held");
    stage.send(Intent::Search(String::new()));
    assert_eq!(
        (stage.says().len(), stage.store.timeline().new_count()),
        (13, 20),
        "new are those that are still kept"
    );
    stage.send(Intent::Follow);
    stage.send(Intent::Search("c10".to_owned()));
    assert_eq!(stage.says(), ["connected c102", "connected c101", "connected c100"], "c10 was trimmed");
}

#[test]
fn a_flood_under_a_search_stays_cheap() {
    let mut stage = Stage::live();
    stage.send(Intent::Search("needle".to_owned()));
    let started = std::time::Instant::now();
    for n in 0..50_000 {
        let id = if n % 1_000 == 0 { format!("needle-{n}") } else { format!("client-{n}") };
        stage.message("$headcount/alice/events", event_json("disconnected", &id, n));
    }
    assert_eq!(stage.says().len(), 5, "the last 5,000 hold five of them");
    // Quadratic work would take minutes; a slow machine without optimisation takes a second or two.
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
}
