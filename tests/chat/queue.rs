//! Stage 20: what waits at the broker, and messages that come twice.

use headcount_page::{
    chat::{
        login::Leave,
        store::{Wish, shelf::Memory, stage::Stage, thread::MESSAGES_MAX},
    },
    store::settings::VersionChoice,
};
use std::time::Duration;

use crate::town::{Town, keys, person, secs};

#[test]
fn what_was_sent_while_away_waits_and_comes_once_in_order() {
    for version in [VersionChoice::V5, VersionChoice::V311] {
        let mut town = Town::new();
        let shelf = Memory::default();
        let vy = town.open_with("vy", Stage::Twenty, version, &shelf);
        let jo = town.open("jo", Stage::Twenty);
        assert_eq!(town.store(vy).waited(), 0);
        town.close(vy);
        for number in 1..=3 {
            town.advance(secs(1));
            town.say(jo, "vy", &format!("message {number}"));
        }
        assert_eq!(town.marks(jo, "vy"), ["acknowledged"; 3], "the broker has them");
        town.advance(secs(3_600));
        let vy = town.open_with("vy", Stage::Twenty, version, &shelf);
        assert_eq!(town.shows(vy, "jo"), ["message 1", "message 2", "message 3"]);
        assert_eq!(town.store(vy).waited(), 3);
        assert_eq!(town.store(vy).unread(), 3);
        town.wish(vy, &Wish::Dismiss);
        assert_eq!(town.store(vy).waited(), 0);
        let vy = town.reload(vy, &shelf, secs(1));
        assert_eq!(town.shows(vy, "jo").len(), 3, "a reload keeps the history");
        assert_eq!(town.store(vy).waited(), 0);
    }
}

#[test]
fn the_broker_knows_better_how_many_waited() {
    let mut town = Town::new();
    let vy = town.open("vy", Stage::Twenty);
    let event = |id: &str, queued: u64| {
        format!(
            r#"{{"event":"connected","client":{{"id":"{id}"}},"session":{{"present":true,"queued":{queued}}}}}"#
        )
    };
    town.tell("$headcount/vy/events", &event("mqtt-chat-client-vy", 7));
    town.tell("$headcount/vy/events", &event("mqtt-chat-client-vyvyan", 9));
    assert_eq!(town.store(vy).waited(), 7);
}

#[test]
fn the_queue_outlives_the_broker() {
    let mut town = Town::new();
    let shelf = Memory::default();
    let vy = town.open_with("vy", Stage::Twenty, VersionChoice::Auto, &shelf);
    let jo = town.open("jo", Stage::Twenty);
    town.log_out(vy, Leave::KeepSession);
    town.say(jo, "vy", "before the crash");
    town.kill_broker(false);
    town.say(jo, "vy", "without a broker");
    assert_eq!(town.marks(jo, "vy"), ["acknowledged", "sending"]);
    town.advance(secs(1));
    town.start();
    town.advance(secs(60));
    assert_eq!(town.marks(jo, "vy"), ["acknowledged"; 2]);
    town.return_to(vy);
    assert_eq!(town.shows(vy, "jo"), ["before the crash", "without a broker"]);
}

#[test]
fn a_message_that_comes_twice_is_a_copy_however_long_ago_it_came() {
    let mut town = Town::new();
    let shelf = Memory::default();
    let vy = town.open_with("vy", Stage::Twenty, VersionChoice::Auto, &shelf);
    let jo = town.open("jo", Stage::Twenty);
    town.say(jo, "vy", "once");
    let serial = town.store(jo).thread(&person("vy")).unwrap().latest().unwrap().serial;
    town.wish(jo, &Wish::Repeat(serial));
    assert_eq!(town.shows(vy, "jo"), ["once", "~once"]);
    assert_eq!(town.shows(jo, "vy"), [">once"]);
    assert_eq!(town.store(vy).unread(), 1);
    let vy = town.reload(vy, &shelf, secs(1));
    town.wish(jo, &Wish::Repeat(serial));
    assert_eq!(town.shows(vy, "jo"), ["once", "~once", "~once"], "the ids are kept over a reload");
}

#[test]
fn a_thousand_messages_are_bounded_and_the_rest_is_said() {
    let mut town = Town::new();
    let shelf = Memory::default();
    let vy = town.open_with("vy", Stage::Twenty, VersionChoice::Auto, &shelf);
    let jo = town.open("jo", Stage::Twenty);
    town.log_out(vy, Leave::KeepSession);
    for number in 0..1_000 {
        town.say(jo, "vy", &number.to_string());
    }
    town.return_to(vy);
    let shown = town.shows(vy, "jo");
    let newest: Vec<String> = (1_000 - MESSAGES_MAX..1_000).map(|number| number.to_string()).collect();
    assert_eq!(shown, newest);
    assert_eq!(town.store(vy).thread(&person("jo")).unwrap().dropped, 700);
    assert_eq!(town.store(vy).unread(), 1_000);
}

#[test]
fn unread_ends_with_a_look() {
    let mut town = Town::new();
    let (vy, jo) = (town.open("vy", Stage::Twenty), town.open("jo", Stage::Twenty));
    town.wish(vy, &Wish::Open(person("jo")));
    town.say(jo, "vy", "looked at");
    assert_eq!(town.store(vy).unread(), 0);
    town.wish(vy, &Wish::LookedAt(false));
    town.say(jo, "vy", "in a hidden tab");
    assert_eq!(town.store(vy).unread(), 1);
    town.wish(vy, &Wish::LookedAt(true));
    assert_eq!(town.store(vy).unread(), 0);
    town.wish(vy, &Wish::Close);
    town.say(jo, "vy", "closed");
    town.wish(vy, &Wish::Open(person("jo")));
    assert_eq!(town.store(vy).unread(), 0);
}

#[test]
fn forgetting_leaves_nothing_behind() {
    let mut town = Town::new();
    let shelf = Memory::default();
    let vy = town.open_with("vy", Stage::Twenty, VersionChoice::Auto, &shelf);
    let jo = town.open_with("jo", Stage::Twenty, VersionChoice::Auto, &shelf);
    town.say(vy, "jo", "a secret");
    town.wish(vy, &Wish::Draft { with: person("jo"), text: "half a".to_owned() });
    town.advance(Duration::from_millis(1));
    assert!(keys(&shelf).iter().any(|key| key.contains("/vy/")));
    town.log_out(vy, Leave::EndSession);
    town.forget(vy);
    assert!(keys(&shelf).iter().all(|key| !key.contains("/vy/")), "{:?}", keys(&shelf));
    assert!(keys(&shelf).iter().any(|key| key.contains("/jo/")), "others keep theirs");
    town.say(jo, "vy", "to nobody");
    town.return_to(vy);
    assert!(town.shows(vy, "jo").is_empty());
}
