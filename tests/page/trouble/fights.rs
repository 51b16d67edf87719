//! Fights over a Client Identifier: one card for each.

use headcount_page::store::{
    Millis,
    trouble::{
        Card, advice,
        fights::{FIGHTS, Fight, SHOWN},
    },
};

use super::{cards, dismiss, event, now, take_over};
use crate::stage::{NOON, Stage, at, feed_json};

fn conflict(stage: &mut Stage, id: &str, take_overs: u64, seconds: u64, over: bool) {
    let over = if over { r#","over":true"# } else { "" };
    let other = r#","other":{"address":"10.0.0.9:7","transport":"websocket"}"#;
    event(
        stage,
        "conflict",
        id,
        &format!(r#"{other},"take_overs":{take_overs},"within_seconds":{seconds}{over}"#),
    );
}

fn fight(stage: &Stage) -> Fight {
    match stage.store.trouble().cards()[..] {
        [Card::Fight(fight)] => fight.clone(),
        ref other => panic!("{other:?}"),
    }
}

fn score(stage: &Stage) -> String {
    let trouble = stage.store.trouble();
    advice::score(trouble.cards()[0], now(stage))
}

/// As the broker tells a fight of this many take-overs, one a second; it tells the third and the thirteenth.
fn brawl(stage: &mut Stage, id: &str, take_overs: u64) {
    for number in 1..=take_overs {
        if number == 3 || number == 13 {
            conflict(stage, id, number, number - 1, false);
        }
        take_over(stage, id);
        stage.advance(1_000);
    }
}

#[test]
fn one_card_for_all_that_is_told_of_a_fight() {
    let mut stage = Stage::live();
    brawl(&mut stage, "lamp", 2);
    assert_eq!(cards(&stage), [""; 0], "two may be a device that came back");
    stage = Stage::live();
    brawl(&mut stage, "lamp", 20);
    assert_eq!(cards(&stage), ["fight lamp"]);
    let told = fight(&stage);
    assert_eq!((told.take_overs, told.since.0 - NOON, told.last.0 - NOON), (20, 0, 19_000));
    assert_eq!((told.is_guess, told.is_over), (false, false));
    assert_eq!(told.holder.unwrap().address.as_deref(), Some("10.0.0.5:1"));
    assert_eq!(score(&stage), "20 take-overs in 19 s, still going on");
    stage.advance(40_000);
    assert_eq!(score(&stage), "20 take-overs in 19 s, quiet for 41 s");
    conflict(&mut stage, "lamp", 20, 19, true);
    assert_eq!(score(&stage), "20 take-overs in 19 s, over for 41 s");
    stage.advance(SHOWN);
    assert_eq!(cards(&stage), [""; 0], "and forgotten");
    assert_eq!(stage.store.next_tick(), None);
}

#[test]
fn the_conflict_alone_names_both_sides() {
    let mut stage = Stage::live();
    stage.advance(9_000);
    conflict(&mut stage, "lamp", 3, 4, false);
    let told = fight(&stage);
    assert_eq!(told.since.0 - NOON, 5_000);
    let sides = [told.ousted, told.holder].map(|side| advice::side(&side.unwrap()));
    assert_eq!(sides, ["10.0.0.5:1 by TCP", "10.0.0.9:7 by WebSocket"]);
    let trouble = stage.store.trouble();
    assert_eq!(advice::title(trouble.cards()[0]), "Two connections fight over");
    assert!(advice::advice(trouble.cards()[0]).starts_with("Two devices, at 10.0.0.9 and at 10.0.0.5:"));
}

#[test]
fn who_comes_back_where_the_other_side_left_has_taken_nothing_over() {
    let mut stage = Stage::live();
    conflict(&mut stage, "lamp", 3, 2, false);
    take_over(&mut stage, "lamp");
    let board = fight(&stage).holder;
    let by_websocket = |stage: &mut Stage, event: &str, more: &str| {
        let client = r#"{"id":"lamp","account":"alice","address":"10.0.0.9:7","transport":"websocket"}"#;
        let at = at(stage.now);
        stage.message(
            "$headcount/alice/events",
            format!(r#"{{"seq":1,"at":"{at}","event":"{event}"{more},"client":{client}}}"#),
        );
    };
    event(&mut stage, "disconnected", "lamp", r#","reason":"taken-over""#);
    by_websocket(&mut stage, "connected", "");
    by_websocket(&mut stage, "disconnected", r#","reason":"client-disconnect""#);
    assert_eq!(fight(&stage).holder, None);
    event(&mut stage, "connected", "lamp", "");
    let told = fight(&stage);
    assert_eq!((told.take_overs, &told.holder), (4, &board));
    assert_eq!(advice::side(&told.ousted.unwrap()), "10.0.0.9:7 by WebSocket");
}

#[test]
fn the_take_over_that_is_told_is_counted_once() {
    let mut stage = Stage::live();
    conflict(&mut stage, "lamp", 3, 2, false);
    take_over(&mut stage, "lamp");
    assert_eq!(fight(&stage).take_overs, 3);
    take_over(&mut stage, "lamp");
    assert_eq!(fight(&stage).take_overs, 4);
    conflict(&mut stage, "lamp", 5, 12, false);
    take_over(&mut stage, "lamp");
    assert_eq!(fight(&stage).take_overs, 5);
}

#[test]
fn what_was_dismissed_stays_away_until_it_begins_anew() {
    let mut stage = Stage::live();
    brawl(&mut stage, "lamp", 5);
    let before = stage.store.versions().trouble;
    dismiss(&mut stage, "lamp");
    assert!(stage.store.versions().trouble > before);
    brawl(&mut stage, "lamp", 5);
    assert_eq!(cards(&stage), [""; 0]);
    assert!(stage.store.trouble().card("alice", "lamp").is_some(), "its rows stay marked");
    stage.advance(61_000);
    brawl(&mut stage, "lamp", 3);
    assert_eq!(cards(&stage), ["fight lamp"]);
    assert_eq!(fight(&stage).take_overs, 3);
}

#[test]
fn who_leaves_holds_nothing() {
    let mut stage = Stage::live();
    brawl(&mut stage, "lamp", 5);
    event(&mut stage, "disconnected", "lamp", r#","reason":"client-disconnect""#);
    assert_eq!(fight(&stage).holder, None);
    stage.advance(5_000);
    event(&mut stage, "connected", "lamp", "");
    assert_eq!(fight(&stage).holder, None, "who comes later took nothing over");
}

#[test]
fn after_a_reload_the_journal_tells_it() {
    let event = |seq: u64, ago: i64, event: &str, more: &str| {
        let client = r#"{"id":"lamp","account":"alice","address":"10.0.0.5:1","transport":"tcp"}"#;
        format!(r#"{{"seq":{seq},"at":"{}","event":"{event}"{more},"client":{client}}}"#, at(-ago))
    };
    let score = r#","other":{"address":"10.0.0.9:7","transport":"tcp"},"take_overs":3,"within_seconds":2"#;
    for (ago, expected) in [(30_000, &["fight lamp"][..]), (SHOWN, &[])] {
        let past = [
            event(1, ago, "conflict", score),
            event(2, ago, "disconnected", r#","reason":"taken-over""#),
            event(3, ago, "connected", ""),
        ];
        let mut stage = Stage::new();
        stage.journal = Some(String::leak(format!("[{}]", past.join(","))));
        stage.want("alice");
        stage.connect(|_| 0);
        stage.message("$headcount/server", r#"{"name":"headcount","version":"0.1.0","listeners":[]}"#);
        assert_eq!(cards(&stage), expected, "{ago}");
    }
}

/// The page's clock is an hour ahead of the broker's.
#[test]
fn clocks_that_differ_change_nothing() {
    for ahead in [3_600_000, -3_600_000] {
        let mut stage = Stage::live();
        let clock = stage.now;
        stage.now += ahead;
        let said = at(clock);
        let client = r#"{"id":"lamp","account":"alice","address":"10.0.0.5:1","transport":"tcp"}"#;
        let more = r#""other":{"address":"10.0.0.9:7","transport":"tcp"},"take_overs":3,"within_seconds":2"#;
        stage.message(
            "$headcount/alice/events",
            format!(r#"{{"seq":1,"at":"{said}","event":"conflict",{more},"client":{client}}}"#),
        );
        stage.advance(SHOWN - 1);
        assert_eq!(cards(&stage), ["fight lamp"]);
        assert_eq!(stage.store.trouble().on_page(fight(&stage).last), Millis(NOON + ahead));
        stage.advance(1);
        assert_eq!(cards(&stage), [""; 0]);
    }
}

/// Where no reasons are told, the new connection that comes in the instant in which the old one goes tells it.
#[test]
fn a_feed_alone_makes_a_guess() {
    let mut stage = Stage::on_another_broker();
    stage.advance(3_000);
    let connect =
        |stage: &mut Stage| stage.message("alice/clients", feed_json("connected", "lamp", stage.now));
    let leave =
        |stage: &mut Stage| stage.message("alice/clients", feed_json("disconnected", "lamp", stage.now));
    connect(&mut stage);
    for number in 1..=6 {
        stage.advance(2_000);
        leave(&mut stage);
        stage.advance(3);
        connect(&mut stage);
        let expected: &[&str] = if number < 3 { &[] } else { &["fight lamp"] };
        assert_eq!(cards(&stage), expected, "{number}");
    }
    let guess = fight(&stage);
    assert_eq!((guess.is_guess, guess.take_overs, guess.since.0 - NOON), (true, 6, 5_003));
    let trouble = stage.store.trouble();
    assert!(advice::title(trouble.cards()[0]).contains("seem to"));
    assert!(advice::advice(trouble.cards()[0]).starts_with("It goes and comes back in the same instant"));
}

#[test]
fn who_waits_before_it_comes_back_is_no_fight() {
    // How long each connection stands, and how long it takes to come back.
    for (stands, back) in [(2_000, 200), (5, 3), (30_000, 3)] {
        let mut stage = Stage::on_another_broker();
        stage.advance(3_000);
        for _ in 0..20 {
            stage.message("alice/clients", feed_json("connected", "lamp", stage.now));
            stage.advance(stands);
            stage.message("alice/clients", feed_json("disconnected", "lamp", stage.now));
            stage.advance(back);
        }
        assert!(!cards(&stage).contains(&"fight lamp".to_owned()), "{stands} {back}");
    }
}

#[test]
fn fights_are_bounded_and_the_calmest_gives_way() {
    let mut stage = Stage::live();
    for number in 0..1_000 {
        conflict(&mut stage, &format!("c{number}"), 3, 2, false);
        stage.advance(10);
        conflict(&mut stage, "lamp", 3 + number, 2, false);
    }
    let cards = cards(&stage);
    assert_eq!(cards.len(), FIGHTS);
    assert!(cards.contains(&"fight lamp".to_owned()));
    assert_eq!(cards[0], "fight c999", "the newest first");
}
