//! What each stage adds, and what still breaks.

use headcount_page::{
    chat::{login::Leave, store::stage::Stage},
    store::{Connection, settings::VersionChoice},
};

use crate::town::{Town, secs};

#[test]
fn at_stage_10_two_talk_and_whoever_is_away_misses_it() {
    let mut town = Town::new();
    let (vy, jo) = (town.open("vy", Stage::Ten), town.open("jo", Stage::Ten));
    town.say(vy, "jo", "hello");
    town.say(jo, "vy", "hi");
    assert_eq!(town.shows(vy, "jo"), [">hello", "hi"]);
    assert_eq!(town.marks(vy, "jo"), ["sent", "received"]);
    assert_eq!(town.shows(jo, "vy"), ["hello", ">hi"]);
    town.log_out(jo, Leave::KeepSession);
    town.say(vy, "jo", "are you there?");
    town.return_to(jo);
    assert_eq!(town.shows(jo, "vy"), ["hello", ">hi"], "what was sent meanwhile is gone");
    town.log_out(jo, Leave::KeepSession);
    town.say(jo, "vy", "nobody hears this");
    assert_eq!(town.marks(jo, "vy")[2], "lost");
}

#[test]
fn names_of_any_kind_are_levels() {
    let mut town = Town::new();
    let names = ["io-mqtt", "a/b", "a+b", "#1", "100%", "$SYS", "👩‍🔧", "مريم", "a b"];
    let ids = names.map(|name| town.open(name, Stage::Thirty));
    for (from, to) in [(0, 1), (1, 2), (2, 3), (3, 4), (4, 5), (5, 6), (6, 7), (7, 8), (8, 0)] {
        town.say(ids[from], names[to], names[from]);
        assert_eq!(town.shows(ids[to], names[from]), [names[from]]);
        assert_eq!(town.badge(ids[to], names[from]), headcount_page::chat::store::presence::Badge::Online);
    }
    for (at, id) in ids.into_iter().enumerate() {
        let name = names[at];
        assert_eq!(town.store(id).threads().len(), 2, "{name} hears its own alone");
    }
}

#[test]
fn a_note_to_oneself_arrives_beside_what_was_sent() {
    let mut town = Town::new();
    let vy = town.open("vy", Stage::Twenty);
    town.say(vy, "vy", "milk");
    assert_eq!(town.shows(vy, "vy"), [">milk", "milk"]);
}

#[test]
fn a_stage_changes_what_is_subscribed() {
    for version in [VersionChoice::V5, VersionChoice::V311] {
        let mut town = Town::new();
        let shelf = <_>::default();
        let vy = town.open_with("vy", Stage::Twenty, version, &shelf);
        let jo = town.open("jo", Stage::Thirty);
        town.set_stage(vy, Stage::Thirty);
        assert_eq!(town.badge(jo, "vy").name(), "online");
        assert_eq!(town.badge(vy, "jo").name(), "online");
        town.set_stage(vy, Stage::Twenty);
        assert_eq!(town.badge(jo, "vy").name(), "offline", "who stops telling says so");
        assert_eq!(town.store(vy).badge("jo"), None);
        let heard = town.heard(vy);
        town.publish("chat/status/jo", r#"{"status":"offline","lastOnlineTimestamp":""}"#, false);
        assert_eq!(town.heard(vy), heard, "statuses are not subscribed to any longer");
        town.say(jo, "vy", "still there?");
        assert_eq!(town.shows(vy, "jo"), ["still there?"]);
    }
}

#[test]
fn payloads_by_hand_are_shown() {
    let mut town = Town::new();
    let vy = town.open("vy", Stage::Ten);
    town.publish("chat/messages/vy/lamp", "I am on", false);
    town.publish("chat/messages/vy/lamp", "I am on", false);
    assert_eq!(town.shows(vy, "lamp"), ["I am on", "I am on"]);
    assert_eq!(town.store(vy).unread(), 2);
}

#[test]
fn a_session_of_3_1_1_is_ended_when_it_is_not_wanted_any_longer() {
    for version in [VersionChoice::V5, VersionChoice::V311] {
        let mut town = Town::new();
        let shelf = <_>::default();
        let vy = town.open_with("vy", Stage::Twenty, version, &shelf);
        let jo = town.open("jo", Stage::Twenty);
        town.log_out(vy, Leave::EndSession);
        assert_eq!(*town.store(vy).connection(), Connection::Offline);
        town.advance(secs(1));
        town.say(jo, "vy", "to nobody");
        town.return_to(vy);
        assert!(town.shows(vy, "jo").is_empty(), "{version:?}");
    }
}
