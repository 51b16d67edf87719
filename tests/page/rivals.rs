//! Another connection with the page's own Client Identifier: the page gives way at the first take-over.

use headcount_mqtt::{Delivery, Packet, Publish, TopicName};
use headcount_page::{
    link::session::Session,
    store::{Connection, DemoState, Settings, row::Body, settings::VersionChoice},
};
use std::time::Duration;

use crate::{
    town::{Town, open},
    wire::{Asked, Wire, settings},
};

const fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs)
}

fn speaking(version: VersionChoice) -> Settings {
    Settings { version, ..settings() }
}

fn why(wire: &Wire) -> String {
    let rows = wire.store.timeline().window(0..1);
    let Body::Gap(gap) = &rows[0].body else { panic!("{rows:?}") };
    gap.why.to_string()
}

#[test]
fn one_take_over_and_no_fight_in_either_version() {
    for version in [VersionChoice::V5, VersionChoice::V311] {
        let mut town = Town::new(open(), &speaking(version));
        let watcher = town.connect("watcher", None, 0);
        town.advance(secs(60));
        let other = town.connect("page", None, 0);
        assert_eq!(*town.store.connection(), Connection::TakenOver, "{version:?}");
        assert!(!town.store.guesses_take_over(), "the broker said so");
        town.advance(secs(600));
        assert_eq!(*town.store.connection(), Connection::TakenOver, "{version:?}: it does not come back");

        town.act(Session::connect);
        assert_eq!(town.store.connection().name(), "live", "{version:?}: unless it is told to");
        town.advance(secs(600));
        assert_eq!(town.store.connection().name(), "live");
        let rows = town.store.timeline().window(0..99);
        let ends: Vec<_> = rows
            .iter()
            .filter_map(|row| row.event())
            .filter(|event| event.reason.as_deref() == Some("taken-over"))
            .collect();
        assert_eq!(ends.len(), 2, "one each way, by the journal: {ends:?}");
        town.leave(watcher);
        town.cut(other);
    }
}

#[test]
fn the_demo_client_does_not_fight_either() {
    let mut town = Town::new(open(), &settings());
    town.start_demo(&settings());
    let DemoState::Connected(id) = town.store.demo().clone() else { panic!("{:?}", town.store.demo()) };
    town.connect(&id, None, 0);
    town.advance(secs(600));
    let DemoState::Failed(why) = town.store.demo() else { panic!("{:?}", town.store.demo()) };
    assert!(why.contains("another connection took"), "{why}");
    assert_eq!(town.store.connection().name(), "live", "the page itself goes on");
}

/// A state of somebody else, or an older one of the page's own account, takes nothing over.
#[test]
fn only_its_own_state_makes_the_page_give_way() {
    let mut wire = Wire::live(&speaking(VersionChoice::V311));
    let state = |wire: &mut Wire, topic: &str, reason: &str| {
        let payload =
            format!(r#"{{"status":"disconnected","at":"2026-11-21T12:00:00.000Z","reason":"{reason}"}}"#);
        wire.send(&Packet::Publish(Publish {
            dup: false,
            delivery: Delivery::AtMostOnce,
            retain: false,
            topic: Some(TopicName::try_from(topic).unwrap()),
            payload: payload.into(),
            properties: None,
        }));
    };
    state(&mut wire, "$headcount/anonymous/clients/lamp", "taken-over");
    state(&mut wire, "$headcount/alice/clients/page", "taken-over");
    state(&mut wire, "$headcount/anonymous/clients/page", "connection-lost");
    assert_eq!(wire.store.connection().name(), "live");
    state(&mut wire, "$headcount/anonymous/clients/page", "taken-over");
    assert_eq!(*wire.store.connection(), Connection::TakenOver);
    assert_eq!(why(&wire), "another connection took over this page's client id");
    wire.advance(secs(3_600));
    while wire.party_asks() {
        assert_ne!(wire.asked(), Asked::Open);
    }
}

/// Elsewhere 3.1.1 tells nothing: the third live connection that is lost within a quarter of a minute is one too many.
#[test]
fn where_nothing_is_told_the_page_guesses() {
    let mut wire = Wire::live(&speaking(VersionChoice::V311));
    for loss in 1..=3 {
        wire.advance(secs(1));
        wire.closed();
        let name = if loss < 3 { "reconnecting" } else { "taken-over" };
        assert_eq!(wire.store.connection().name(), name, "{loss}");
        if loss < 3 {
            wire.advance(secs(2));
            wire.skip_to_open();
            wire.accept();
            wire.grant();
        }
    }
    assert!(wire.store.guesses_take_over());
    assert_eq!(why(&wire), "it seems that another connection has this page's client id");
    wire.advance(secs(3_600));
    while wire.party_asks() {
        assert_ne!(wire.asked(), Asked::Open);
    }
    wire.act(Session::connect);
    wire.skip_to_open();
    wire.accept();
    wire.grant();
    assert_eq!(wire.store.connection().name(), "live", "the user may take it back");
    assert!(!wire.store.guesses_take_over());
}

#[test]
fn a_poor_network_is_no_rival() {
    // Seldom, or under an identifier that nobody else has.
    let made_up = Settings::preset("http://127.0.0.1:8080", 1, "?version=3.1.1");
    for (settings, stands) in
        [(speaking(VersionChoice::V311), 10), (made_up, 1), (speaking(VersionChoice::V5), 1)]
    {
        let mut wire = Wire::live(&settings);
        for loss in 1..=5 {
            wire.advance(secs(stands));
            wire.closed();
            assert_eq!(wire.store.connection().name(), "reconnecting", "{loss} {settings:?}");
            wire.skip_to_open();
            while !wire.party_asks() {
                wire.advance(secs(1));
                wire.skip_to_open();
            }
            wire.accept();
            wire.grant();
        }
    }
}
