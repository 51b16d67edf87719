//! Stage 20: what is written without a connection, over reloads.

use headcount_page::{
    chat::store::{Wish, outbox::ENTRIES_MAX, shelf::Memory, stage::Stage},
    store::settings::VersionChoice,
};

use crate::town::{Town, person, secs};

#[test]
fn what_is_written_offline_is_sent_once_in_order_also_after_a_reload() {
    for version in [VersionChoice::V5, VersionChoice::V311] {
        let mut town = Town::new();
        let shelf = Memory::default();
        let vy = town.open_with("vy", Stage::Twenty, version, &shelf);
        let jo = town.open("jo", Stage::Twenty);
        town.say(vy, "jo", "0");
        town.kill_broker(false);
        for content in ["1", "2"] {
            town.say(vy, "jo", content);
        }
        let vy = town.reload(vy, &shelf, secs(1));
        town.say(vy, "jo", "3");
        assert_eq!(town.marks(vy, "jo"), ["acknowledged", "sending", "sending", "sending"]);
        assert_eq!(town.store(vy).outbox().len(), 3);
        town.start();
        town.advance(secs(70));
        assert_eq!(town.marks(vy, "jo"), ["acknowledged"; 4]);
        assert!(town.store(vy).outbox().is_empty());
        assert_eq!(town.shows(jo, "vy"), ["0", "1", "2", "3"]);
        let vy = town.reload(vy, &shelf, secs(1));
        assert_eq!(town.shows(jo, "vy").len(), 4, "nothing is sent again");
        assert_eq!(town.marks(vy, "jo"), ["acknowledged"; 4]);
    }
}

#[test]
fn an_acknowledgement_that_was_lost_makes_a_copy_that_is_known() {
    let mut town = Town::new();
    let shelf = Memory::default();
    let vy = town.open_with("vy", Stage::Twenty, VersionChoice::Auto, &shelf);
    let jo = town.open("jo", Stage::Twenty);
    // The broker gets the PUBLISH; nothing comes back.
    town.deafen(vy, true);
    town.say(vy, "jo", "hello");
    assert_eq!(town.marks(vy, "jo"), ["sending"]);
    assert_eq!(town.shows(jo, "vy"), ["hello"]);
    let vy = town.reload(vy, &shelf, secs(1));
    assert_eq!(town.marks(vy, "jo"), ["acknowledged"]);
    assert_eq!(town.shows(jo, "vy"), ["hello", "~hello"]);
}

#[test]
fn a_received_message_is_stored_before_it_is_acknowledged() {
    let mut town = Town::new();
    let shelf = Memory::default();
    let vy = town.open_with("vy", Stage::Twenty, VersionChoice::Auto, &shelf);
    let jo = town.open("jo", Stage::Twenty);
    // Whatever leaves the page is lost: so the broker has no acknowledgement, and the page dies.
    town.mute(vy, true);
    town.say(jo, "vy", "hello");
    let vy = town.reload(vy, &shelf, secs(1));
    assert_eq!(town.shows(vy, "jo"), ["hello", "~hello"], "stored, and delivered again");
    // The other way round there is no gap: what was acknowledged is stored.
    town.say(jo, "vy", "again");
    let vy = town.reload(vy, &shelf, secs(1));
    assert_eq!(town.shows(vy, "jo"), ["hello", "~hello", "again"]);
}

#[test]
fn a_full_outbox_takes_no_more_and_says_so() {
    let mut town = Town::new();
    let vy = town.open("vy", Stage::Twenty);
    town.kill_broker(false);
    for number in 0..=ENTRIES_MAX {
        town.say(vy, "jo", &number.to_string());
    }
    assert_eq!(town.store(vy).outbox().len(), ENTRIES_MAX);
    assert_eq!(town.marks(vy, "jo")[ENTRIES_MAX - 1..], ["sending", "lost"]);
    let jo = town.open("jo", Stage::Twenty);
    town.start();
    town.advance(secs(70));
    assert_eq!(town.shows(jo, "vy").len(), ENTRIES_MAX);
}

#[test]
fn drafts_are_kept() {
    let mut town = Town::new();
    let shelf = Memory::default();
    let vy = town.open_with("vy", Stage::Twenty, VersionChoice::Auto, &shelf);
    town.wish(vy, &Wish::Open(person("jo")));
    town.wish(vy, &Wish::Draft { with: person("jo"), text: "half a sen".to_owned() });
    let vy = town.reload(vy, &shelf, secs(1));
    assert_eq!(town.store(vy).thread(&person("jo")).unwrap().draft, "half a sen");
}
