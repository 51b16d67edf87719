//! Two feeds tell one truth: nothing is doubled, nothing is lost.

use headcount_page::store::{Trust, event::Source};

use crate::stage::Stage;

#[test]
fn twins_make_one_row_in_either_order() {
    let mut stage = Stage::live();
    stage.feed("connected", "lamp");
    stage.event("connected", "lamp");
    stage.advance(10);
    stage.event("disconnected", "lamp");
    stage.feed("disconnected", "lamp");
    stage.advance(60_000);
    assert_eq!(stage.says(), ["disconnected lamp", "connected lamp"]);
    assert!(stage.events().iter().all(|event| event.source == Source::Events));
    assert_eq!(stage.events()[0].reason.as_deref(), Some("connection-lost"));
}

#[test]
fn the_feeds_cut_id_is_recognised() {
    let mut stage = Stage::live();
    let id = "sensor-in-the-cellar-number-00\u{e9}\u{e9}-long";
    let cut = "sensor-in-the-cellar-number-00\u{e9}";
    assert_eq!(cut.len(), 32);
    stage.feed("connected", cut);
    stage.event("connected", id);
    stage.advance(1_000);
    assert_eq!(stage.says(), [format!("connected {id}")]);
    assert_eq!(stage.here(), [id]);
}

#[test]
fn the_same_fact_twice_is_two_facts() {
    let mut stage = Stage::live();
    for _ in 0..2 {
        stage.event("connected", "lamp");
        stage.feed("connected", "lamp");
    }
    stage.feed("connected", "lamp");
    stage.advance(1_000);
    assert_eq!(stage.says().len(), 3, "two pairs, and a row of the feed alone");
}

#[test]
fn a_feed_row_without_twin_is_shown_after_the_wait() {
    let mut stage = Stage::live();
    stage.feed("connected", "lamp");
    stage.advance(499);
    assert_eq!(stage.says().len(), 0);
    stage.advance(1);
    assert_eq!(stage.says(), ["connected lamp"]);
    assert_eq!(stage.events()[0].source, Source::Feed);
    assert_eq!(stage.store.trust(), Trust::Events, "one row without twin does not unmake a Headcount broker");
}

#[test]
fn another_account_is_no_twin() {
    let mut stage = Stage::live();
    stage.event("connected", "lamp");
    stage.message("bob/clients", crate::stage::feed_json("connected", "lamp", stage.now));
    stage.advance(1_000);
    assert_eq!(stage.says().len(), 2);
}

#[test]
fn a_flood_beyond_the_bound_doubles_rather_than_loses() {
    let mut stage = Stage::live();
    for n in 0..20_000 {
        stage.feed("connected", &format!("c{n}"));
    }
    for n in 0..20_000 {
        stage.event("connected", &format!("c{n}"));
    }
    stage.advance(1_000);
    let timeline = stage.store.timeline();
    let recorded = timeline.recorded() as u64 + timeline.trimmed() - 1;
    assert_eq!(recorded, 20_000 + 20_000 - 8_192, "each event, and the feed rows that could not wait");
    assert_eq!(stage.store.present().count(), 20_000);
}

#[test]
fn as_many_events_are_remembered_as_rows_may_wait() {
    let mut stage = Stage::live();
    for n in 0..8_192 {
        stage.event("connected", &format!("c{n}"));
    }
    for n in 0..8_192 {
        stage.feed("connected", &format!("c{n}"));
    }
    stage.advance(1_000);
    let timeline = stage.store.timeline();
    assert_eq!(timeline.recorded() as u64 + timeline.trimmed() - 1, 8_192);
}

#[test]
fn on_another_broker_only_the_first_rows_wait() {
    let mut stage = Stage::on_another_broker();
    assert_eq!(stage.store.trust(), Trust::Undecided);
    stage.feed("connected", "io-mqtt-39dc5a71");
    stage.advance(100);
    stage.feed("connected", "door");
    stage.advance(400);
    assert_eq!(stage.store.trust(), Trust::FeedAlone);
    stage.feed("connected", "lamp");
    assert_eq!(
        stage.says(),
        ["connected lamp", "connected door", "connected io-mqtt-39dc5a71"],
        "in their order"
    );
    assert_eq!(stage.store.next_tick(), None);
}

#[test]
fn silence_under_headcount_means_there_is_none() {
    let mut stage = Stage::on_another_broker();
    stage.advance(2_999);
    assert_eq!(stage.store.trust(), Trust::Undecided);
    stage.advance(1);
    assert_eq!(stage.store.trust(), Trust::FeedAlone);
}

#[test]
fn refused_events_need_no_wait() {
    let mut stage = Stage::new();
    stage.want("alice");
    stage.connect(|filter| if filter.starts_with('$') { 0x80 } else { 0 });
    assert_eq!(stage.store.trust(), Trust::FeedAlone);
    stage.feed("connected", "lamp");
    assert_eq!(stage.says(), ["connected lamp"]);
}

#[test]
fn a_broker_that_speaks_late_is_believed() {
    let mut stage = Stage::on_another_broker();
    stage.advance(5_000);
    stage.feed("connected", "lamp");
    stage.event("connected", "door");
    assert_eq!(stage.store.trust(), Trust::Events);
    stage.feed("connected", "door");
    stage.advance(1_000);
    assert_eq!(stage.says(), ["connected door", "connected lamp"]);
}

#[test]
fn what_waits_is_shown_before_a_gap() {
    let mut stage = Stage::live();
    stage.feed("connected", "lamp");
    stage.lose("the connection broke");
    assert_eq!(stage.says(), ["connected lamp"]);
    assert!(stage.rows()[0].event().is_none(), "the gap is on top");
}

#[test]
fn session_length_comes_from_the_event_or_from_the_own_row() {
    let mut stage = Stage::live();
    let ended = r#"{"event":"disconnected","at":"2026-11-21T12:00:10.500Z","client":{"id":"a","account":"alice"},
        "session":{"connected_at":"2026-11-21T12:00:00.000Z"}}"#;
    stage.message("$headcount/alice/events", ended);
    assert_eq!(stage.events()[0].lasted, Some(10_500));

    let mut stage = Stage::on_another_broker();
    stage.advance(3_000);
    stage.feed("connected", "b");
    stage.advance(2_139);
    stage.feed("disconnected", "b");
    assert_eq!(stage.events()[0].lasted, Some(2_139));
    stage.feed("disconnected", "never-seen");
    assert_eq!(stage.events()[0].lasted, None);
}

#[test]
fn own_topics_only_after_a_broker_hangs_up_twice_over_wildcards() {
    let mut stage = Stage::new();
    stage.want("alice");
    for _ in 0..2 {
        assert!(!stage.store.is_narrow());
        stage.begin();
        assert_eq!(stage.store.take_asks()[4], "+/clients");
        stage.lose("the broker closed the connection");
    }
    assert!(stage.store.is_narrow());
    stage.connect(|_| 0);
    let filters: Vec<&str> = stage.store.plan().wants().iter().map(|want| want.filter.as_str()).collect();
    let own = [
        "$headcount/alice/clients/+",
        "$headcount/alice/events",
        "$headcount/alice/journal/page",
        "alice/clients",
        "alice/errors",
        "alice/throttle",
    ];
    assert_eq!(filters[1..], own);
    stage.want("alice");
    assert!(!stage.store.is_narrow(), "a new wish begins anew");
}
