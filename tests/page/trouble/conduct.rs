//! Who misbehaves.

use headcount_page::store::trouble::conduct::CLIENTS;

use super::{Chance, event};
use crate::stage::Stage;

/// `lamp: 2 denied`, worst first.
fn worst(stage: &Stage, limit: usize) -> Vec<String> {
    let conduct = stage.store.trouble().conduct();
    conduct.worst(limit).iter().map(|record| format!("{}: {}", record.id, record.words())).collect()
}

#[test]
fn each_misdeed_counts_once_whoever_tells_it() {
    let mut stage = Stage::live();
    event(&mut stage, "connected", "lamp", "");
    for _ in 0..2 {
        stage.message("alice/errors", "lamp may not publish to a: denied by default");
        event(&mut stage, "denied", "lamp", r#","action":"publish","topic":"a","rule":"default""#);
    }
    stage.message("alice/errors", "lamp may not publish its Will to a: denied by default");
    stage.message("alice/errors", "lamp: the request to x cannot be answered");
    stage.message("alice/throttle", "lamp: too fast (and 4 more limits were hit)");
    event(&mut stage, "disconnected", "lamp", r#","reason":"malformed-packet""#);
    event(&mut stage, "disconnected", "door", r#","reason":"client-disconnect""#);
    event(&mut stage, "refused", "", r#","reason":"connect-timeout""#);
    event(&mut stage, "refused", "fan", r#","reason":"banned""#);
    assert_eq!(worst(&stage, 9), ["lamp: 3 denied · 5 throttled · 1 mistaken · 1 cut off", "fan: 1 refused"]);
    let record = stage.store.trouble().conduct().of("alice", "lamp").unwrap();
    assert_eq!(record.total(), 10);
    assert_eq!(stage.store.trouble().conduct().of("bob", "lamp"), None);
}

#[test]
fn a_fight_counts_once_however_often_it_is_told() {
    let mut stage = Stage::live();
    for _ in 0..3 {
        let told = r#","other":{"address":"10.0.0.9:7","transport":"tcp"},"take_overs":3,"within_seconds":2"#;
        event(&mut stage, "conflict", "lamp", told);
        stage.advance(1_000);
    }
    assert_eq!(worst(&stage, 9), ["lamp: 1 in conflict"]);
}

#[test]
fn the_journal_counts_as_well() {
    let mut stage = Stage::new();
    stage.journal = Some(
        r#"[{"seq":1,"at":"2026-11-21T11:00:00.000Z","event":"denied","action":"publish","client":{"id":"lamp","account":"alice"}}]"#,
    );
    stage.want("alice");
    stage.connect(|_| 0);
    stage.message("$headcount/server", r#"{"name":"headcount","version":"0.1.0","listeners":[]}"#);
    assert_eq!(worst(&stage, 9), ["lamp: 1 denied"]);
}

/// Thousands of names take no more room, and nobody hides among them.
#[test]
fn who_does_most_stays_among_thousands_of_names() {
    let mut stage = Stage::live();
    let mut chance = Chance(7);
    for round in 0..5_000 {
        event(&mut stage, "denied", &format!("r{}", chance.below(1 << 30)), "");
        if round % 100 == 0 {
            event(&mut stage, "denied", "lamp", "");
        }
    }
    let conduct = stage.store.trouble().conduct();
    assert_eq!(conduct.len(), CLIENTS);
    assert_eq!(worst(&stage, 1), ["lamp: 50 denied"]);
    assert_eq!(conduct.worst(usize::MAX).len(), CLIENTS);
}
