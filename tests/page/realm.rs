//! The page against the broker core: what happens there is what the page shows.

use headcount_mqtt::{Delivery, Packet, Publish, TopicName};
use headcount_page::{
    link::session::Session,
    store::{
        Connection, DemoState, Settings, Trust,
        event::{Event, Kind, Source, Transport},
        row::{Body, Gap},
        settings::VersionChoice,
    },
};
use std::time::Duration;

use crate::{
    town::{Town, open, secure},
    wire::settings,
};

const fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs)
}

/// Every event on the timeline but those of the page itself, newest first.
fn events(town: &Town) -> Vec<Event> {
    let rows = town.store.timeline().window(0..usize::MAX);
    let events = rows.iter().filter_map(|row| row.event().cloned());
    events.filter(|event| &*event.client.id != "page").collect()
}

/// `disconnected lamp client-disconnect`, newest first.
fn says(town: &Town) -> Vec<String> {
    let word = |event: &Event| {
        let reason = event.reason.as_deref().unwrap_or_default();
        format!("{} {} {reason}", event.kind.name(), event.client.id).trim_end().to_owned()
    };
    events(town).iter().map(word).collect()
}

fn gap(town: &Town) -> Option<Gap> {
    let rows = town.store.timeline().window(0..usize::MAX);
    rows.iter().find_map(|row| if let Body::Gap(gap) = &row.body { Some(gap.clone()) } else { None })
}

fn here(town: &Town) -> Vec<String> {
    town.store.present().list(99).iter().map(|here| here.client.id.to_string()).collect()
}

#[test]
fn the_page_sees_itself_and_who_was_there_before() {
    for version in [VersionChoice::V5, VersionChoice::V311] {
        let mut town = Town::without_page(open(), &Settings { version, ..settings() });
        town.connect("lamp", Some("alice"), 0);
        town.advance(secs(100));
        town.act(Session::connect);
        assert_eq!(town.store.connection().name(), "live", "{version:?}");
        assert_eq!((town.store.trust(), town.store.missing()), (Trust::Events, None));
        assert_eq!(here(&town), ["page", "lamp"], "newest first");
        assert_eq!(town.store.present().get("alice", "lamp").unwrap().since.0, crate::stage::NOON);
        assert_eq!(says(&town), ["connected lamp"], "what happened before stands in the journal");
        let rows = town.store.timeline().window(0..usize::MAX);
        let started = rows.iter().position(|row| matches!(row.body, Body::Started(_)));
        assert_eq!((rows.len(), started), (2, Some(0)), "the past, then the page's own start");
        assert_eq!(town.store.server().unwrap().listeners[0].port, 21_883);
    }
}

#[test]
fn each_end_has_its_reason_and_no_fact_is_doubled() {
    let mut town = Town::new(open(), &settings());
    let lamp = town.connect("lamp", Some("alice"), 60);
    town.advance(Duration::from_millis(2_139));
    town.leave(lamp);
    let door = town.connect("door", None, 60);
    town.cut(door);
    town.connect("silent", None, 10);
    town.advance(secs(16));
    town.connect("twice", None, 0);
    town.connect("twice", None, 0);
    town.advance(secs(5));
    let mut said = says(&town);
    said.reverse();
    assert_eq!(
        said,
        [
            "connected lamp",
            "disconnected lamp client-disconnect",
            "connected door",
            "disconnected door connection-lost",
            "connected silent",
            "disconnected silent keep-alive-timeout",
            "connected twice",
            "disconnected twice taken-over",
            "connected twice",
        ]
    );
    let first = &events(&town)[7];
    assert_eq!((first.lasted, &*first.client.account), (Some(2_139), "alice"));
    assert_eq!(first.client.transport, Some(Transport::Tcp));
    assert_eq!(first.client.address.as_deref(), Some("127.0.0.1:50001"));
    assert_eq!(here(&town), ["twice", "page"]);
}

#[test]
fn ids_of_every_kind_come_and_go() {
    let mut town = Town::new(open(), &settings());
    let long = "l".repeat(60_000);
    for id in ["a/b+c#d%e", "$dollar", "🪔", "مصباح", " ", &long] {
        let connection = town.connect(id, Some("al/ice"), 0);
        assert_eq!(here(&town).len(), 2, "{id:.20}");
        assert!(town.store.present().get("al/ice", id).is_some(), "{id:.20}");
        town.advance(secs(1));
        town.leave(connection);
        town.advance(secs(1));
        assert_eq!(here(&town), ["page"], "{id:.20}");
    }
    assert_eq!(events(&town).len(), 12);
    assert_eq!(town.store.unreadable(), 0);
}

#[test]
fn a_crash_of_the_broker_is_a_gap_and_a_new_list() {
    let mut town = Town::new(open(), &settings());
    town.connect("lamp", None, 0);
    town.advance(secs(10));
    town.crash();
    assert_eq!(town.store.connection().name(), "reconnecting");
    assert_eq!(gap(&town).unwrap().to, None);
    assert_eq!(here(&town), ["lamp", "page"], "as of then");
    assert!(town.store.present().as_of().is_some());
    town.advance(secs(2));
    assert_eq!(town.store.connection().name(), "live");
    assert_eq!(&*gap(&town).unwrap().why, "the connection was lost");
    assert!(gap(&town).unwrap().to.is_some());
    assert_eq!(here(&town), ["page"]);
    town.connect("door", None, 0);
    assert_eq!(says(&town)[0], "connected door", "events flow again");
}

#[test]
fn a_shut_down_broker_says_so_and_is_found_again() {
    let mut town = Town::new(open(), &settings());
    town.advance(secs(5));
    town.shut_down();
    let Gap { from, why, .. } = gap(&town).unwrap();
    assert_eq!((from.0 - crate::stage::NOON, &*why), (5_000, "the broker is shutting down"));
    town.advance(secs(300));
    let Connection::Reconnecting { attempt, .. } = town.store.connection() else { panic!() };
    assert!(*attempt > 5);
    town.reachable = true;
    town.crash();
    town.advance(secs(61));
    assert_eq!(town.store.connection().name(), "live");
    assert_eq!(events(&town).len(), 0);
}

#[test]
fn bad_credentials_are_terminal() {
    let form = |password: &str| Settings {
        user_name: "peter".to_owned(),
        password: password.to_owned(),
        ..settings()
    };
    for version in [VersionChoice::V5, VersionChoice::V311, VersionChoice::Auto] {
        let mut town = Town::new(secure(), &Settings { version, ..form("wrong") });
        let Connection::Refused(refusal) = town.store.connection() else { panic!("{version:?}") };
        assert!(refusal.words.starts_with("bad user name or password"), "{}", refusal.words);
        town.advance(secs(600));
        assert_eq!(town.store.connection().name(), "refused");
    }
    let town = Town::new(secure(), &form("test"));
    assert_eq!(town.store.connection().name(), "live");
    let town = Town::new(secure(), &settings());
    assert_eq!(town.store.connection().name(), "refused", "nobody is anonymous here");
}

#[test]
fn an_account_sees_its_own_and_an_observer_sees_all() {
    for (user, sees) in [("peter", 1), ("admin", 2)] {
        let form = Settings { user_name: user.to_owned(), password: "test".to_owned(), ..settings() };
        let mut town = Town::new(secure(), &form);
        let own = town.connect("lamp", Some("peter"), 0);
        town.connect("door", Some("minh"), 0);
        assert_eq!(events(&town).len(), sees, "{user}");
        assert_eq!(here(&town).len(), sees + 1);
        let topic = TopicName::try_from("others/x").unwrap();
        town.send(own, publish(topic));
        let event = events(&town).remove(0);
        assert_eq!(event.kind, Kind::Denied);
        let detail = event.detail.unwrap();
        assert!(detail.starts_with("publish others/x, by default"), "{detail}");
    }
}

fn publish(topic: TopicName) -> Packet {
    Packet::Publish(Publish {
        dup: false,
        delivery: Delivery::AtMostOnce,
        retain: false,
        topic: Some(topic),
        payload: "x".into(),
        properties: None,
    })
}

#[test]
fn two_that_fight_over_one_id_are_a_conflict() {
    let mut town = Town::new(open(), &settings());
    for _ in 0..10 {
        town.connect("lamp", None, 0);
        town.advance(Duration::from_millis(100));
    }
    let conflict = events(&town).into_iter().find(|event| event.kind == Kind::Conflict).expect("a conflict");
    let detail = conflict.detail.unwrap();
    assert!(detail.contains("(TCP) and 127.0.0.1:") && detail.contains("take-overs in"), "{detail}");
}

#[test]
fn taken_over_the_page_does_not_fight() {
    let mut town = Town::new(open(), &settings());
    town.connect("page", None, 0);
    assert_eq!(*town.store.connection(), Connection::TakenOver);
    town.advance(secs(600));
    assert_eq!(*town.store.connection(), Connection::TakenOver);
    town.act(Session::connect);
    assert_eq!(town.store.connection().name(), "live");
    assert_eq!(gap(&town), None, "the journal tells what happened meanwhile");
}

#[test]
fn the_demo_client_comes_and_goes_on_the_timeline() {
    let mut town = Town::new(open(), &settings());
    town.start_demo(&settings());
    assert_eq!(*town.store.demo(), DemoState::Connected("demo-00000abc".into()));
    assert_eq!(says(&town), ["connected demo-00000abc"]);
    town.advance(secs(3));
    town.stop_demo();
    assert_eq!(says(&town)[0], "disconnected demo-00000abc client-disconnect");
    assert_eq!(events(&town)[0].client.transport, Some(Transport::WebSocket));
    assert_eq!(*town.store.demo(), DemoState::Off);
}

#[test]
fn what_the_broker_drops_for_a_slow_page_is_counted() {
    let mut config = open();
    config.limits.max_outbox_bytes = 64 * 1024;
    let mut town = Town::new(config, &settings());
    town.slow(true);
    for n in 0..500 {
        let client = town.connect(&format!("c{n}"), Some("alice"), 0);
        town.leave(client);
    }
    town.slow(false);
    town.connect("last", None, 0);
    town.advance(secs(1));
    let told = events(&town).iter().filter(|event| event.source == Source::Events).count();
    let rows = town.store.timeline().window(0..usize::MAX);
    let gaps =
        rows.iter().filter_map(|row| if let Body::Gap(gap) = &row.body { Some(&*gap.why) } else { None });
    let lost = gaps.map(|why| why.strip_suffix(" events did not reach this page").expect(why));
    let lost: usize = lost.map(|count| count.parse::<usize>().expect("a number")).sum();
    assert!(lost > 0, "64 KiB do not hold 1,000 events");
    assert_eq!(told + lost, 1_001);
}

#[test]
fn an_idle_page_stays_connected_for_hours() {
    let mut town = Town::new(open(), &settings());
    town.advance(secs(6 * 3_600));
    assert_eq!(town.store.connection().name(), "live");
    assert_eq!(gap(&town), None);
}
