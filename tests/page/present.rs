//! Who is here.

use crate::stage::{Stage, at};

fn state(stage: &mut Stage, id: &str, status: &str, now: i64) {
    let payload = format!(
        r#"{{"status":"{status}","at":"{}","client":{{"id":"{id}","account":"alice","transport":"tcp"}}}}"#,
        at(now)
    );
    stage.message(&format!("$headcount/alice/clients/{id}"), payload);
}

#[test]
fn retained_states_first_then_events() {
    let mut stage = Stage::live();
    state(&mut stage, "door", "connected", -60_000);
    state(&mut stage, "lamp", "connected", -5_000);
    state(&mut stage, "gone", "disconnected", -1_000);
    assert_eq!(stage.here(), ["lamp", "door"]);
    stage.event("connected", "bell");
    assert_eq!(stage.here(), ["bell", "lamp", "door"]);
    stage.event("disconnected", "lamp");
    assert_eq!(stage.events()[0].lasted, Some(5_000));
    assert_eq!(stage.here(), ["bell", "door"]);
    assert_eq!(stage.store.present().count(), 2);
}

#[test]
fn newest_first_then_by_id() {
    let mut stage = Stage::live();
    for id in ["c", "a", "b"] {
        stage.event("connected", id);
    }
    assert_eq!(stage.here(), ["a", "b", "c"]);
}

#[test]
fn an_empty_payload_removes_also_an_encoded_id() {
    let mut stage = Stage::live();
    stage.message(
        "$headcount/alice/clients/a%2Fb",
        r#"{"status":"connected","at":"2026-11-21T11:00:00.000Z","client":{"id":"a/b","account":"alice"}}"#,
    );
    assert_eq!(stage.here(), ["a/b"]);
    stage.message("$headcount/alice/clients/a%2Fb", "");
    assert_eq!(stage.here(), [""; 0]);
}

#[test]
fn a_take_over_leaves_the_new_one() {
    let mut stage = Stage::live();
    stage.event("connected", "lamp");
    stage.advance(100);
    stage.event("disconnected", "lamp");
    stage.event("connected", "lamp");
    assert_eq!(stage.here(), ["lamp"]);
    // The end of the older connection, told late, takes nobody away.
    let late = format!(
        r#"{{"event":"disconnected","reason":"taken-over","at":"{}","client":{{"id":"lamp","account":"alice"}},"session":{{"connected_at":"{}"}}}}"#,
        at(100),
        at(0)
    );
    stage.message("$headcount/alice/events", late);
    assert_eq!(stage.here(), ["lamp"]);
    assert_eq!(stage.events()[0].lasted, Some(100));
}

#[test]
fn the_same_id_in_two_accounts_is_two_clients() {
    let mut stage = Stage::live();
    stage.event("connected", "lamp");
    stage.message("$headcount/bob/clients/lamp", r#"{"status":"connected","client":{"id":"lamp"}}"#);
    assert_eq!(stage.store.present().count(), 2);
    stage.message("$headcount/bob/clients/lamp", "");
    assert!(stage.store.present().get("alice", "lamp").is_some());
    assert!(stage.store.present().get("bob", "lamp").is_none());
}

#[test]
fn what_is_known_already_is_no_news() {
    let mut stage = Stage::live();
    state(&mut stage, "lamp", "connected", -10);
    let before = stage.store.versions().present;
    state(&mut stage, "lamp", "connected", -10);
    state(&mut stage, "lamp", "connected", -20);
    assert_eq!(stage.store.versions().present, before);
}

#[test]
fn while_away_the_list_is_as_of_then_and_a_reconnect_begins_anew() {
    let mut stage = Stage::live();
    state(&mut stage, "lamp", "connected", -10);
    state(&mut stage, "door", "connected", -10);
    stage.advance(5_000);
    stage.fold(headcount_page::store::LinkEvent::Heard);
    stage.advance(60_000);
    stage.lose("the broker closed the connection");
    assert_eq!(stage.here().len(), 2);
    assert_eq!(stage.store.present().as_of().unwrap().0 - crate::stage::NOON, 5_000);
    stage.connect(|_| 0);
    assert_eq!((stage.here().len(), stage.store.present().as_of()), (0, None));
    state(&mut stage, "door", "connected", -10);
    assert_eq!(stage.here(), ["door"], "the lamp left unseen");
}

#[test]
fn the_feed_alone_tells_who_is_here() {
    let mut stage = Stage::on_another_broker();
    stage.advance(3_000);
    stage.feed("connected", "a");
    stage.feed("connected", "b");
    stage.feed("disconnected", "a");
    assert_eq!(stage.here(), ["b"]);
}

#[test]
fn beyond_the_cap_clients_are_counted() {
    let mut stage = Stage::live();
    for n in 0..10_050 {
        stage.event("connected", &format!("c{n}"));
    }
    let present = stage.store.present();
    assert_eq!((present.count(), present.unlisted(), present.list(usize::MAX).len()), (10_050, 50, 10_000));
    let version = stage.store.versions().present;
    stage.event("disconnected", "c10049");
    assert!(stage.store.versions().present > version, "the count is part of the panel");
    stage.event("disconnected", "c7");
    assert_eq!((stage.store.present().count(), stage.store.present().unlisted()), (10_048, 49));
}
