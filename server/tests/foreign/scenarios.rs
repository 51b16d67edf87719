//! What every client has to live through.

use crate::Cast;
use crate::devices::{Desk, Device};
use crate::peer::{Hello, Peer};
use crate::place::Place;
use serde_json::{Value, json};

/// A scenario for a peer of the open realm, which scenarios share: each has names of its own for its clients.
pub(crate) type Scenario = fn(&Place, Cast, &mut Peer) -> Result<(), String>;

pub(crate) const SCENARIOS: [(&str, Scenario); 7] = [
    ("every_qos", every_qos),
    ("retained_messages", retained_messages),
    ("a_will_when_it_is_killed", a_will_when_it_is_killed),
    ("a_kept_session", a_kept_session),
    ("a_take_over", a_take_over),
    ("refused_logins", refused_logins),
    ("a_device_in_its_channel", a_device_in_its_channel),
];

/// Client Identifiers and topics of this cast alone: all of them share a server.
fn own(cast: Cast, name: &str) -> String {
    format!("{}-{}-{}-{name}", cast.library.name, cast.version.replace('.', ""), cast.scheme)
}

fn hello<'a>(name: &'a str, id: &'a str) -> Hello<'a> {
    Hello { name, id, kept: false, filter: None, more: Value::Null }
}

fn every_qos(_: &Place, cast: Cast, peer: &mut Peer) -> Result<(), String> {
    let (s, p, topic) = (own(cast, "qos-s"), own(cast, "qos-p"), own(cast, "qos"));
    peer.connect(&Hello { filter: Some((&format!("{topic}/#"), 2)), ..hello("q", &s) })?;
    peer.connect(&hello("qp", &p))?;
    for qos in 0..=2 {
        let topic = format!("{topic}/{qos}");
        peer.publish("qp", &topic, "häuser", qos, false)?;
        peer.receives("q", &topic, "häuser", qos, false)?;
    }
    peer.disconnect("q")
}

fn retained_messages(_: &Place, cast: Cast, peer: &mut Peer) -> Result<(), String> {
    let (p, topic) = (own(cast, "retained-p"), own(cast, "retained"));
    peer.connect(&hello("rp", &p))?;
    peer.publish("rp", &topic, "first", 1, true)?;
    peer.publish("rp", &topic, "last", 1, true)?;
    let late = own(cast, "retained-late");
    peer.connect(&Hello { filter: Some((&topic, 1)), ..hello("late", &late) })?;
    peer.receives("late", &topic, "last", 1, true)?;
    peer.publish("rp", &topic, "live", 1, false)?;
    peer.receives("late", &topic, "live", 1, false)?;
    peer.publish("rp", &topic, "", 1, true)?;
    peer.receives("late", &topic, "", 1, false)?;
    let later = own(cast, "retained-later");
    peer.connect(&Hello { filter: Some((&topic, 1)), ..hello("later", &later) })?;
    peer.publish("rp", &topic, "nothing was retained", 1, false)?;
    peer.receives("later", &topic, "nothing was retained", 1, false)
}

fn a_will_when_it_is_killed(place: &Place, cast: Cast, peer: &mut Peer) -> Result<(), String> {
    let (w, id, topic) = (own(cast, "will-w"), own(cast, "will"), own(cast, "will"));
    peer.connect(&Hello { filter: Some((&topic, 2)), ..hello("w", &w) })?;
    let mut victim = Peer::start(place, cast, "open")?;
    let will = json!({ "will": { "topic": topic, "payload": "gone", "qos": 1, "retain": false } });
    // mosquitto_sub lives for as long as it subscribes.
    let own_topic = own(cast, "will-own");
    victim.connect(&Hello { filter: Some((&own_topic, 0)), more: will.clone(), ..hello("v", &id) })?;
    victim.kill();
    peer.receives("w", &topic, "gone", 1, false)?;
    peer.connect(&Hello { filter: Some((&own_topic, 0)), more: will, ..hello("v", &id) })?;
    peer.disconnect("v")?;
    if cast.library.name == "mosquitto" && cast.version == "5.0" {
        // mosquitto_sub takes its leave with 0x04: it wants its Will said.
        peer.receives("w", &topic, "gone", 1, false)?;
    }
    let p = own(cast, "will-p");
    peer.connect(&hello("wp", &p))?;
    peer.publish("wp", &topic, "no Will came before", 1, false)?;
    peer.receives("w", &topic, "no Will came before", 1, false)
}

fn a_kept_session(_: &Place, cast: Cast, peer: &mut Peer) -> Result<(), String> {
    let (s, p, topic) = (own(cast, "kept"), own(cast, "kept-p"), own(cast, "kept"));
    let kept = || Hello { kept: true, filter: Some((&topic, 1)), ..hello("k", &s) };
    let first = peer.connect(&kept())?;
    if first == Some(true) {
        return Err("Session Present is set for a new session".to_owned());
    }
    peer.disconnect("k")?;
    peer.connect(&hello("kp", &p))?;
    for number in ["1", "2", "3"] {
        peer.publish("kp", &topic, number, 1, false)?;
    }
    // mosquitto_sub cannot come back without a filter; the others could, and subscribe all the same.
    let again = peer.connect(&kept())?;
    if again == Some(false) {
        return Err("Session Present is clear for a stored session".to_owned());
    }
    for number in ["1", "2", "3"] {
        peer.receives("k", &topic, number, 1, false)?;
    }
    peer.disconnect("k")
}

fn a_take_over(_: &Place, cast: Cast, peer: &mut Peer) -> Result<(), String> {
    let (id, topic) = (own(cast, "twin"), own(cast, "twin"));
    let twin = |name| Hello { filter: Some((&topic, 1)), ..hello(name, &id) };
    peer.connect(&twin("older"))?;
    peer.connect(&twin("newer"))?;
    peer.expect("older", "lost")?;
    let p = own(cast, "twin-p");
    peer.connect(&hello("tp", &p))?;
    peer.publish("tp", &topic, "to one of them", 1, false)?;
    peer.receives("newer", &topic, "to one of them", 1, false)
}

fn refused_logins(place: &Place, cast: Cast, _: &mut Peer) -> Result<(), String> {
    let mut peer = Peer::start(place, cast, "secure")?;
    let id = own(cast, "burglar");
    peer.is_refused(&id, json!({ "username": "peter", "password": "wrong" }))?;
    peer.is_refused(&id, json!({ "username": "nobody", "password": "test" }))?;
    peer.is_refused(&id, Value::Null)?;
    let right = json!({ "username": "peter", "password": "test" });
    peer.connect(&Hello { more: right, ..hello("peter", &id) }).map(drop)
}

/// Two devices in one channel: one measures, the other hears the entry.
fn a_device_in_its_channel(place: &Place, cast: Cast, _: &mut Peer) -> Result<(), String> {
    let mut desk = Desk::new(place);
    let (listens, channel) = desk.add(None);
    let (measures, _) = desk.add(Some(channel));
    let mut peer = Peer::start(place, cast, "secure")?;
    let login =
        |device: &Device| json!({ "username": device.id, "password": device.password, "bound": true });
    let feed = format!("channels/{channel}/subscribe");
    let filter = Some(("channels/+/subscribe", 1));
    peer.connect(&Hello { filter, more: login(&listens), ..hello("listens", &listens.id) })?;
    peer.connect(&Hello { more: login(&measures), ..hello("measures", &measures.id) })?;
    let body = "field1=21.5&field3=h%C3%A4user&created_at=2026-11-21T12:00:00Z";
    peer.publish("measures", &format!("channels/{channel}/publish"), body, 1, false)?;
    let entry = format!(
        r#"{{"channel_id":{channel},"created_at":"2026-11-21T12:00:00Z","entry_id":1,"field1":"21.5","field2":null,"field3":"häuser","field4":null,"field5":null,"field6":null,"field7":null,"field8":null,"status":null}}"#
    );
    peer.receives("listens", &feed, &entry, 1, false)?;
    // Its credentials open no other Client Identifier.
    peer.is_refused(&own(cast, "another"), login(&listens))
}
