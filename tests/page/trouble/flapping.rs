//! Clients that keep reconnecting.

use headcount_page::store::trouble::{
    Card, advice,
    flapping::{CALM, FLAPPERS, Flapper},
};

use super::{Chance, cards, dismiss, event, now, take_over};
use crate::stage::{Stage, at};

/// Comes, stays for `stands`, and is away for `away`.
fn visit(stage: &mut Stage, id: &str, stands: i64, away: i64) {
    event(stage, "connected", id, "");
    stage.advance(stands);
    event(stage, "disconnected", id, r#","reason":"connection-lost""#);
    stage.advance(away);
}

fn flapper(stage: &Stage) -> Flapper {
    match stage.store.trouble().cards()[..] {
        [Card::Flapping(flapper)] => flapper.clone(),
        ref other => panic!("{other:?}"),
    }
}

#[test]
fn five_connects_in_a_minute_are_flapping() {
    for (period, expected) in [(14_000, true), (15_000, true), (15_001, false), (20_000, false)] {
        let mut stage = Stage::live();
        for _ in 0..4 {
            visit(&mut stage, "lamp", 1_000, period - 1_000);
        }
        assert_eq!(cards(&stage), [""; 0]);
        event(&mut stage, "connected", "lamp", "");
        assert_eq!(!cards(&stage).is_empty(), expected, "{period}");
    }
}

#[test]
fn the_rate_and_the_mean_are_of_the_last_minute() {
    let mut stage = Stage::live();
    for _ in 0..30 {
        visit(&mut stage, "lamp", 1_400, 3_600);
    }
    let found = flapper(&stage);
    assert_eq!((found.rate(), found.mean(), found.connects), (12, Some(1_400), 30));
    let card = Card::Flapping(&found);
    assert_eq!(advice::score(card, now(&stage)), "12 times a minute, connected for 1.4 s on average");
    assert_eq!(advice::mark(card), "12/min");
    assert!(advice::advice(card).starts_with("It goes without a goodbye"));
    stage.advance(30_000);
    assert!(advice::score(card, now(&stage)).ends_with(", last 35 s ago"));
    // More often than there is room for.
    for _ in 0..1_000 {
        visit(&mut stage, "fan", 20, 30);
    }
    let trouble = stage.store.trouble();
    let Some(Card::Flapping(fan)) = trouble.card("alice", "fan") else { panic!() };
    assert_eq!((fan.rate(), fan.mean()), (1_200, Some(20)));
}

#[test]
fn who_calms_down_is_forgotten() {
    let mut stage = Stage::live();
    for _ in 0..6 {
        visit(&mut stage, "lamp", 1_000, 1_000);
    }
    let before = stage.store.versions().trouble;
    stage.advance(CALM - 2_001);
    assert_eq!(cards(&stage), ["flapping lamp"]);
    stage.advance(1);
    assert_eq!(cards(&stage), [""; 0]);
    assert!(stage.store.versions().trouble > before);
    assert_eq!(stage.store.next_tick(), None);
    visit(&mut stage, "lamp", 1_000, 1_000);
    assert_eq!(cards(&stage), [""; 0], "one more is none");
}

#[test]
fn a_dismissed_one_stays_marked_and_away() {
    let mut stage = Stage::live();
    for _ in 0..6 {
        visit(&mut stage, "lamp", 1_000, 1_000);
    }
    dismiss(&mut stage, "lamp");
    for _ in 0..6 {
        visit(&mut stage, "lamp", 1_000, 1_000);
    }
    assert_eq!(cards(&stage), [""; 0]);
    assert!(stage.store.trouble().card("alice", "lamp").is_some());
    assert!(stage.store.trouble().card("bob", "lamp").is_none());
}

#[test]
fn of_two_that_fight_the_fight_is_told() {
    let mut stage = Stage::live();
    for number in 1..10 {
        if number == 3 {
            let told = r#","other":{"address":"a:1","transport":"tcp"},"take_overs":3,"within_seconds":2"#;
            event(&mut stage, "conflict", "lamp", told);
        }
        take_over(&mut stage, "lamp");
        stage.advance(1_000);
    }
    assert_eq!(cards(&stage), ["fight lamp"]);
    assert_eq!(advice::mark(stage.store.trouble().card("alice", "lamp").unwrap()), "in conflict");
}

#[test]
fn after_a_reload_the_journal_tells_it() {
    let past = (0..12).map(|number| {
        let (event, reason) = if number % 2 == 0 {
            ("connected", "")
        } else {
            ("disconnected", r#","reason":"keep-alive-timeout""#)
        };
        let at = at(-60_000 + number * 5_000);
        format!(r#"{{"seq":{number},"at":"{at}","event":"{event}"{reason},"client":{{"id":"lamp","account":"alice"}}}}"#)
    });
    let past: Vec<_> = past.collect();
    let mut stage = Stage::new();
    stage.journal = Some(String::leak(format!("[{}]", past.join(","))));
    stage.want("alice");
    stage.connect(|_| 0);
    stage.message("$headcount/server", r#"{"name":"headcount","version":"0.1.0","listeners":[]}"#);
    let found = flapper(&stage);
    assert_eq!((found.rate(), found.mean()), (6, Some(5_000)));
    assert!(advice::advice(Card::Flapping(&found)).contains("Keep Alive"));
}

/// Thousands of names, each once, take no room, and one that keeps coming among them is found.
#[test]
fn a_crowd_hides_nobody() {
    let mut stage = Stage::live();
    let mut chance = Chance(3);
    for _ in 0..4 {
        for _ in 0..1_000 {
            event(&mut stage, "connected", &format!("r{}", chance.below(1 << 40)), "");
            stage.advance(10);
        }
        event(&mut stage, "connected", "lamp", "");
    }
    event(&mut stage, "connected", "lamp", "");
    assert_eq!(cards(&stage), ["flapping lamp"]);
}

#[test]
fn a_crowd_that_flaps_is_bounded() {
    let mut stage = Stage::live();
    for _ in 0..5 {
        for number in 0..1_000 {
            event(&mut stage, "connected", &format!("c{number}"), "");
        }
        stage.advance(1_000);
    }
    assert_eq!(cards(&stage).len(), FLAPPERS);
}

/// The same as a plain count over everything that happened.
#[test]
fn a_random_stream_is_judged_as_by_a_plain_count() {
    let mut chance = Chance(11);
    let mut stage = Stage::live();
    let mut arrivals: Vec<Vec<i64>> = vec![Vec::new(); 6];
    for _ in 0..1_000 {
        let client = chance.below(6);
        // Some come often, some seldom.
        stage.advance(i64::try_from(chance.below(400 * (client + 1) * (client + 1))).unwrap());
        event(&mut stage, "connected", &format!("c{client}"), "");
        arrivals[usize::try_from(client).unwrap()].push(stage.now);
        for (client, times) in arrivals.iter().enumerate() {
            let id = format!("c{client}");
            let is_shown = stage.store.trouble().card("alice", &id).is_some();
            // Since it was calm last, was it ever here five times within a minute?
            let calm = times.windows(2).rposition(|pair| pair[1] - pair[0] >= CALM).map_or(0, |at| at + 1);
            let run = &times[calm..];
            let flaps = run.windows(5).any(|five| five[4] - five[0] <= 60_000);
            let is_recent = times.last().is_some_and(|last| stage.now - last < CALM);
            assert_eq!(is_shown, flaps && is_recent, "{id} at {}", stage.now);
        }
    }
}
