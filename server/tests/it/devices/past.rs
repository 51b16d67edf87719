//! What channels keep, over reloads, restarts and kill -9.

use super::{Desk, entry};
use crate::support::{Folder, PATIENCE, Server, publish};
use rustix::process::Signal;
use serde_json::Value;
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::time::Instant;

const REALM: &str = "[[realm]]\nname = \"home\"\nlisten = [\"127.0.0.1:0\"]\ndevices = true\n\
                     [realm.accounts]\nvy = \"test\"\n[realm.limits]\n";

fn start(folder: &Folder) -> Server {
    let (config, store) = (folder.path("headcount.toml"), folder.path("store"));
    let options: [&OsStr; 4] =
        ["--config".as_ref(), config.as_os_str(), "--store".as_ref(), store.as_os_str()];
    Server::with(options)
}

/// Puts other limits in the place of the old ones, and waits until channel 7 begins there.
fn limit(
    folder: &Folder,
    server: &Server,
    limits: &str,
    desk: &mut Desk,
    first: u64,
) -> BTreeMap<u64, Value> {
    std::fs::write(folder.path("beside"), format!("{REALM}{limits}\n")).unwrap();
    std::fs::rename(folder.path("beside"), folder.path("headcount.toml")).unwrap();
    server.signal(Signal::HUP);
    let begun = Instant::now();
    loop {
        let ((begins, _), entries) = desk.past();
        if begins == first {
            return entries;
        }
        assert!(begun.elapsed() < PATIENCE, "it begins with {begins}");
    }
}

#[test]
fn it_is_the_same_after_a_kill_and_trimmed_for_good_by_a_reload() {
    let folder = Folder::with(&[("headcount.toml", REALM)]);
    let mut server = start(&folder);
    let mut desk = Desk::enter(server.tcp("home"));
    desk.add();
    desk.0.subscribe("channels/7/subscribe");
    let mut relayed = BTreeMap::new();
    for number in 1..=60 {
        desk.0.send(&publish("channels/7/publish", format!("field1={number}&status=%C3%B6")));
        relayed.insert(number, entry(&desk.0.receive_publish()));
    }
    assert_eq!(desk.past(), ((1, 60), relayed.clone()));
    server.kill();
    server = start(&folder);
    desk = Desk::enter(server.tcp("home"));
    assert_eq!(desk.past(), ((1, 60), relayed.clone()));

    let kept = limit(&folder, &server, "max_channel_entries = 10", &mut desk, 51);
    assert_eq!(kept, relayed.split_off(&51));
    // What a reload took does not come back with other limits.
    server.kill();
    std::fs::write(folder.path("headcount.toml"), REALM).unwrap();
    server = start(&folder);
    desk = Desk::enter(server.tcp("home"));
    assert_eq!(desk.past(), ((51, 60), kept));

    let last = limit(&folder, &server, "max_account_entry_bytes = 0", &mut desk, 60);
    assert_eq!(last.len(), 1, "the newest carries the count");
    limit(&folder, &server, "max_channel_entries = 3", &mut desk, 60);
    desk.0.subscribe("channels/7/subscribe");
    for number in 61..=90 {
        desk.0.send(&publish("channels/7/publish", "field1=1"));
        assert_eq!(entry(&desk.0.receive_publish())["entry_id"], number);
    }
    assert_eq!(desk.past().0, (88, 90));
    server.stop();
    server = start(&folder);
    assert_eq!(Desk::enter(server.tcp("home")).past().0, (88, 90));
}
