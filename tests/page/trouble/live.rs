//! Against the broker core: what it says is what the page shows.

use headcount_broker::AccountLimits;
use headcount_mqtt::{Delivery, Packet, Publish, TopicName};
use headcount_page::store::{
    Settings,
    trouble::{
        Card, Topic, advice,
        complaints::{Item, Line},
        fights::Fight,
    },
};
use std::time::Duration;

use crate::{
    town::{Town, open, secure},
    wire::settings,
};

fn publish(topic: &str) -> Packet {
    Packet::Publish(Publish {
        dup: false,
        delivery: Delivery::AtMostOnce,
        retain: false,
        topic: Some(TopicName::try_from(topic).unwrap()),
        payload: "x".into(),
        properties: None,
    })
}

fn lines(town: &Town) -> Vec<Line> {
    let items = town.store.trouble().complaints().list();
    items.filter_map(|item| if let Item::Line(line) = item { Some(line.clone()) } else { None }).collect()
}

fn fight(town: &Town) -> Option<Fight> {
    match town.store.trouble().card("anonymous", "lamp") {
        Some(Card::Fight(fight)) => Some(fight.clone()),
        _ => None,
    }
}

fn as_user(name: &str) -> Settings {
    Settings { user_name: name.to_owned(), password: "test".to_owned(), ..settings() }
}

#[test]
fn a_denial_is_a_line_and_a_misdeed_of_its_client() {
    for observer in ["admin", "peter"] {
        let mut town = Town::new(secure(), &as_user(observer));
        assert_eq!(town.store.connection().name(), "live");
        let lamp = town.connect("lamp: a", Some("peter"), 0);
        for _ in 0..3 {
            town.send(lamp, publish("theirs/x"));
        }
        town.advance(Duration::from_secs(1));
        let lines = lines(&town);
        assert_eq!(lines.len(), 1, "{observer}: {lines:?}");
        let line = &lines[0];
        assert_eq!((&*line.account, line.times, line.topic), ("peter", 3, Topic::Errors));
        assert_eq!(line.client.as_deref(), Some("lamp: a"));
        assert!(
            line.text.starts_with("lamp: a may not publish to theirs/x: denied by default"),
            "{}",
            line.text
        );
        let record = town.store.trouble().conduct().of("peter", "lamp: a").unwrap();
        assert_eq!(record.words(), "3 denied");
    }
}

#[test]
fn another_accounts_lines_are_not_told() {
    let mut town = Town::new(secure(), &as_user("peter"));
    let lamp = town.connect("lamp", Some("hannes"), 0);
    town.send(lamp, publish("theirs/x"));
    town.advance(Duration::from_secs(1));
    assert_eq!(lines(&town), []);
}

#[test]
fn a_limit_that_is_hit_is_told_of_its_client() {
    let mut config = open();
    config.limits.account = AccountLimits { max_publish_rate: 2, ..config.limits.account };
    let mut town = Town::new(config, &settings());
    let lamp = town.connect("lamp", Some("alice"), 0);
    for _ in 0..100 {
        town.send(lamp, publish("a"));
    }
    town.advance(Duration::from_secs(1));
    let lines = lines(&town);
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert_eq!((lines[0].topic, lines[0].client.as_deref()), (Topic::Throttle, Some("lamp")));
    assert!(lines[0].text.contains("more than 2 messages a second"), "{}", lines[0].text);
    assert!(town.store.trouble().conduct().of("alice", "lamp").unwrap().words().ends_with("throttled"));
}

#[test]
fn who_is_refused_is_named_by_its_line_and_its_event() {
    let mut town = Town::new(secure(), &as_user("admin"));
    let taken = town.connect("mine", Some("hannes"), 0);
    town.connect("mine", Some("peter"), 0);
    let lines = lines(&town);
    assert_eq!(lines.len(), 1);
    assert_eq!(
        (&*lines[0].account, lines[0].client.as_deref()),
        ("peter", Some("mine")),
        "{}",
        lines[0].text
    );
    let conduct = town.store.trouble().conduct();
    assert_eq!(conduct.of("peter", "mine").unwrap().words(), "1 refused");
    assert_eq!(conduct.of("hannes", "mine"), None, "it is the other one's identifier");
    town.leave(taken);
}

#[test]
fn a_fight_is_one_card_from_its_third_take_over_to_its_end() {
    let mut town = Town::new(open(), &settings());
    for number in 0..30 {
        town.connect("lamp", None, 0);
        town.advance(Duration::from_secs(1));
        assert_eq!(fight(&town).is_some(), number >= 3, "{number}");
    }
    let told = fight(&town).unwrap();
    assert_eq!((told.take_overs, told.last.0 - told.since.0), (29, 28_000));
    let address =
        |side: &Option<headcount_page::store::event::Client>| side.clone().unwrap().address.unwrap();
    assert_eq!(&*address(&told.holder), "127.0.0.1:50030");
    assert_eq!(&*address(&told.ousted), "127.0.0.1:50029");
    assert!(!told.is_over);
    assert_eq!(town.store.trouble().cards().len(), 1);
    assert!(advice::advice(Card::Fight(&told)).starts_with("Both come from 127.0.0.1, in the same way"));

    town.advance(Duration::from_secs(70));
    let told = fight(&town).unwrap();
    assert_eq!((told.is_over, told.take_overs), (true, 29), "the broker says so");
    town.advance(Duration::from_mins(5));
    assert_eq!(fight(&town), None);
}

#[test]
fn a_page_that_opens_in_the_midst_of_it_knows_all_of_it() {
    let mut town = Town::without_page(open(), &settings());
    for _ in 0..15 {
        town.connect("lamp", None, 0);
        town.advance(Duration::from_secs(1));
    }
    town.act(headcount_page::link::session::Session::connect);
    town.advance(Duration::from_secs(1));
    let told = fight(&town).unwrap();
    assert_eq!((told.take_overs, told.last.0 - told.since.0), (14, 13_000));
}

#[test]
fn a_client_that_comes_and_goes_is_marked_with_its_rate() {
    let mut town = Town::new(open(), &settings());
    for _ in 0..12 {
        let lamp = town.connect("lamp", None, 0);
        town.advance(Duration::from_secs(2));
        town.cut(lamp);
        town.advance(Duration::from_secs(3));
    }
    let trouble = town.store.trouble();
    let Some(Card::Flapping(lamp)) = trouble.card("anonymous", "lamp") else { panic!() };
    assert_eq!((lamp.rate(), lamp.mean(), lamp.connects), (12, Some(2_000), 12));
    assert_eq!(lamp.reason.as_deref(), Some("connection-lost"));
}
