//! Stage 30: what others see, and when.

use headcount_page::{
    chat::{
        login::Leave,
        store::{
            presence::{Badge, Last, Seen},
            shelf::Memory,
            stage::Stage,
        },
    },
    store::{Millis, settings::VersionChoice},
};
use std::time::Duration;

use crate::town::{Id, NOON, Town, secs};

/// `vy`, who is watched, and `jo`, who watches.
fn two() -> (Town, Id, Id) {
    let mut town = Town::new();
    let (vy, jo) = (town.open("vy", Stage::Thirty), town.open("jo", Stage::Thirty));
    assert_eq!(town.badge(jo, "vy"), Badge::Online);
    assert_eq!(town.badge(vy, "jo"), Badge::Online);
    (town, vy, jo)
}

/// The names of the badges that `watcher` shows of `name`, whenever they change, within this time.
fn watch(town: &mut Town, watcher: Id, name: &str, length: Duration) -> Vec<&'static str> {
    let mut seen = vec![town.badge(watcher, name).name()];
    let end = town.now + length;
    while town.now < end {
        town.advance(Duration::from_millis(100));
        let badge = town.badge(watcher, name).name();
        if seen.last() != Some(&badge) {
            seen.push(badge);
        }
    }
    seen
}

fn at(town: &Town) -> Millis {
    Millis(NOON + i64::try_from(town.now.as_millis()).unwrap())
}

#[test]
fn a_name_that_was_never_used_is_unknown() {
    let (town, _, jo) = two();
    assert_eq!(town.badge(jo, "nobody"), Badge::Unknown(None));
}

#[test]
fn a_logout_is_told_at_once_and_when() {
    let (mut town, vy, jo) = two();
    town.advance(secs(60));
    let left = at(&town);
    town.log_out(vy, Leave::KeepSession);
    assert_eq!(town.badge(jo, "vy"), Badge::Offline(Seen::At(left)));
    town.advance(secs(60));
    town.return_to(vy);
    assert_eq!(town.badge(jo, "vy"), Badge::Online);
    town.log_out(vy, Leave::KeepSession);
    let mo = town.open("mo", Stage::Thirty);
    assert_eq!(town.badge(mo, "vy"), Badge::Offline(Seen::At(at(&town))), "who comes later is told the same");
}

#[test]
fn a_closed_tab_is_offline_after_the_grace() {
    let (mut town, vy, jo) = two();
    town.advance(secs(60));
    let left = at(&town);
    town.close(vy);
    assert_eq!(watch(&mut town, jo, "vy", secs(10)), ["online", "offline"]);
    assert_eq!(town.badge(jo, "vy"), Badge::Offline(Seen::At(left)));
    let mo = town.open("mo", Stage::Thirty);
    let Badge::Offline(Seen::At(seen)) = town.badge(mo, "vy") else { panic!("{:?}", town.badge(mo, "vy")) };
    assert_eq!(seen, left, "the broker knows better than the Will");
}

#[test]
fn a_reload_does_not_flap() {
    let (mut town, mut vy, jo) = two();
    let shelf = Memory::default();
    for takes in [1, 400, 2_000, 4_500] {
        vy = town.reload(vy, &shelf, Duration::from_millis(takes));
        assert_eq!(watch(&mut town, jo, "vy", secs(20)), ["online"], "{takes} ms");
    }
}

#[test]
fn a_cut_network_is_offline_when_the_broker_misses_it() {
    let (mut town, vy, jo) = two();
    town.advance(secs(7));
    town.cut(vy);
    assert_eq!(watch(&mut town, jo, "vy", secs(60)), ["online", "offline"]);
    assert_eq!(town.badge(vy, "jo"), Badge::Unknown(Some(Last::Online)), "who is cut off knows nothing");
    town.heal(vy);
    town.wake(vy);
    assert_eq!(watch(&mut town, jo, "vy", secs(60)), ["offline", "online"]);
    assert_eq!(town.badge(vy, "jo"), Badge::Online);
}

#[test]
fn a_short_cut_takes_over_from_the_half_open_connection() {
    let (mut town, vy, jo) = two();
    town.advance(secs(7));
    town.cut(vy);
    town.wake(vy);
    town.advance(secs(11));
    town.heal(vy);
    assert_eq!(watch(&mut town, jo, "vy", secs(60)), ["online"], "its Will is older than its birth");
    assert_eq!(town.badge(vy, "jo"), Badge::Online);
}

#[test]
fn a_laptop_asleep_is_offline_and_comes_back() {
    let (mut town, vy, jo) = two();
    town.cut(vy);
    town.freeze(vy, true);
    assert_eq!(watch(&mut town, jo, "vy", secs(3_600)), ["online", "offline"]);
    town.heal(vy);
    town.freeze(vy, false);
    town.wake(vy);
    assert_eq!(watch(&mut town, jo, "vy", secs(30)), ["offline", "online"]);
}

#[test]
fn nobody_knows_anything_without_a_broker_and_all_is_well_after_it() {
    for version in [VersionChoice::V5, VersionChoice::V311] {
        let mut town = Town::new();
        let shelf = Memory::default();
        let vy = town.open_with("vy", Stage::Thirty, version, &shelf);
        let jo = town.open("jo", Stage::Thirty);
        town.advance(secs(30));
        town.kill_broker(false);
        assert_eq!(town.badge(jo, "vy"), Badge::Unknown(Some(Last::Online)));
        town.advance(secs(2));
        town.start();
        let seen = watch(&mut town, jo, "vy", secs(90));
        assert_eq!(seen, ["unknown", "online"], "{version:?}");
        assert_eq!(town.badge(vy, "jo"), Badge::Online);
    }
}

#[test]
fn who_died_with_the_broker_is_offline() {
    let (mut town, vy, jo) = two();
    town.advance(secs(30));
    town.kill_broker(false);
    town.close_dead(vy);
    town.advance(secs(2));
    town.start();
    assert_eq!(watch(&mut town, jo, "vy", secs(90)), ["unknown", "offline"]);
}

#[test]
fn a_broker_that_forgets_everything_leaves_unknown_what_nobody_says() {
    let (mut town, vy, jo) = two();
    town.kill_broker(true);
    town.close_dead(vy);
    town.start();
    assert_eq!(watch(&mut town, jo, "vy", secs(90)), ["unknown"]);
    assert_eq!(town.badge(jo, "vy"), Badge::Unknown(Some(Last::Online)));
}

#[test]
fn a_stale_will_changes_nothing() {
    let (mut town, _, jo) = two();
    let stale = r#"{"status":"offline","lastOnlineTimestamp":"2026-11-21T12:00:00.000Z","session":"1.5.1"}"#;
    town.publish("chat/status/vy", stale, true);
    assert_eq!(watch(&mut town, jo, "vy", secs(20)), ["online"]);
    let mo = town.open("mo", Stage::Thirty);
    assert_eq!(town.badge(mo, "vy"), Badge::Online, "vy has put it right");
}

#[test]
fn an_echo_of_a_birth_raises_nobody() {
    let (mut town, vy, jo) = two();
    let birth = town.last_birth("vy");
    town.close(vy);
    town.advance(secs(10));
    town.publish("chat/status/vy", &birth, true);
    assert_eq!(town.badge(jo, "vy").name(), "offline");
}

#[test]
fn others_without_sessions_are_believed() {
    let (mut town, _, jo) = two();
    let status = |status: &str, at: i64| {
        format!(r#"{{"status":"{status}","lastOnlineTimestamp":"{}"}}"#, Millis(NOON + at).iso())
    };
    town.publish("chat/status/lamp", &status("online", 100), true);
    assert_eq!(town.badge(jo, "lamp"), Badge::Online);
    town.publish("chat/status/lamp", &status("offline", 50), true);
    assert_eq!(watch(&mut town, jo, "lamp", secs(10)), ["online", "offline"]);
    town.publish("chat/status/lamp", &status("online", 100_000), true);
    town.publish("chat/status/lamp", &status("offline", 200_000), true);
    assert_eq!(town.badge(jo, "lamp"), Badge::Offline(Seen::At(Millis(NOON + 200_000))));
    let mo = town.open("mo", Stage::Thirty);
    assert_eq!(town.badge(mo, "lamp"), Badge::Offline(Seen::After(Millis(NOON + 200_000))));
    town.publish("chat/status/lamp", "", true);
    assert_eq!(town.badge(jo, "lamp"), Badge::Unknown(None));
}

/// Another broker than ours may keep a birth over a crash, and forget the Will that belongs to it.
#[test]
fn a_birth_that_is_older_than_the_broker_is_void() {
    let (mut town, _, jo) = two();
    town.advance(secs(600));
    let birth = |at: i64| {
        format!(
            r#"{{"status":"online","lastOnlineTimestamp":"{}","session":"{at:x}.5.1"}}"#,
            Millis(NOON + at).iso()
        )
    };
    town.publish("chat/status/old", &birth(100_000), true);
    town.publish("chat/status/new", &birth(690_000), true);
    assert_eq!(town.badge(jo, "old"), Badge::Online);
    town.tell_uptime(60);
    assert_eq!(town.badge(jo, "old"), Badge::Offline(Seen::After(Millis(NOON + 100_000))));
    assert_eq!(town.badge(jo, "new"), Badge::Online);
    town.publish("chat/status/echo", &birth(200_000), true);
    assert_eq!(town.badge(jo, "echo").name(), "offline");
    let heard = town.badge(jo, "vy");
    town.tell_uptime(7_000_000);
    assert_eq!(town.badge(jo, "vy"), heard);
}
