//! What devices say of themselves.

use headcount_page::store::{
    Millis,
    event::{Kind, Source, Timed},
    lanes::Lanes,
};

use super::{on_foreign, told};
use crate::stage::{NOON, Stage};

const ALL: &str = "homeassistant,tasmota,zigbee2mqtt,esphome,sparkplug,homie";

#[test]
fn words_by_their_topics() {
    for (topic, payload, says, label) in [
        ("homeassistant/status", "online", "connected homeassistant", "Home Assistant"),
        ("homeassistant/status", "offline", "disconnected homeassistant", "Home Assistant"),
        ("home/cellar/pump/availability", "offline", "disconnected home/cellar/pump", "Home Assistant"),
        ("pump/availability", r#"{"state":"online"}"#, "connected pump", "Home Assistant"),
        ("tele/lamp/LWT", "Online", "connected lamp", "Tasmota LWT"),
        ("tele/lamp/LWT", "Offline", "disconnected lamp", "Tasmota LWT"),
        ("lamp/tele/LWT", "Online", "connected lamp", "Tasmota LWT"),
        ("zigbee2mqtt/bridge/state", "online", "connected bridge", "Zigbee2MQTT"),
        ("zigbee2mqtt/bridge/state", r#"{"state":"offline"}"#, "disconnected bridge", "Zigbee2MQTT"),
        ("zigbee2mqtt/lamp/availability", r#"{"state":"online"}"#, "connected lamp", "Zigbee2MQTT"),
        ("zigbee2mqtt/hall/lamp/availability", "offline", "disconnected hall/lamp", "Zigbee2MQTT"),
        ("kitchen/status", "online", "connected kitchen", "ESPHome"),
        ("homie/lamp/$state", "init", "connected lamp", "Homie"),
        ("homie/5/lamp/$state", "lost", "disconnected lamp connection-lost", "Homie"),
        ("homie/lamp/$state", "disconnected", "disconnected lamp client-disconnect", "Homie"),
        ("STATE/scada", "ONLINE", "connected scada", "Sparkplug B"),
        ("STATE/scada", "OFFLINE", "disconnected scada", "Sparkplug B"),
    ] {
        let mut stage = on_foreign(ALL);
        stage.message(topic, payload);
        assert_eq!(told(&stage), [says], "{topic}");
        let event = stage.events().remove(0);
        assert_eq!((event.source.label(), event.timed), (label, Timed::ByReceipt), "{topic}");
        assert_eq!((&*event.client.account, event.client.address), ("", None), "{topic}");
        assert_eq!(stage.here().len(), usize::from(event.kind == Kind::Connected), "{topic}");
    }
}

#[test]
fn other_words_are_somebody_elses() {
    let mut stage = on_foreign(ALL);
    for (topic, payload) in [
        ("printer/status", "printing"),
        ("printer/status", "Online"),
        ("printer/status", r#"{"state":"online"}"#),
        ("printer/status", ""),
        ("tele/lamp/LWT", "online"),
        ("pump/availability", r#"{"state":1}"#),
        ("pump/availability", r#"{"state":"on"#),
        ("homie/lamp/$state", "READY"),
        ("STATE/scada", "MAYBE"),
    ] {
        stage.message(topic, payload);
    }
    assert_eq!((told(&stage).len(), stage.store.unreadable()), (0, 0));
}

#[test]
fn without_being_chosen_no_device_is_asked() {
    let stage = on_foreign("");
    assert!(stage.store.plan().adapters().iter().all(|adapter| !adapter.is_device()));
}

#[test]
fn a_retained_word_is_a_state() {
    let mut stage = on_foreign(ALL);
    stage.retained("tele/lamp/LWT", "Online");
    stage.retained("tele/fan/LWT", "Offline");
    assert_eq!((told(&stage), stage.here()), (vec![], vec!["lamp".to_owned()]));
    let here = &stage.store.present().list(1)[0];
    assert!(here.earlier);
    assert_eq!((here.since, here.by.label()), (Millis(NOON + 3_000), "Tasmota LWT"));
    stage.retained("tele/lamp/LWT", "Offline");
    assert_eq!(stage.here(), [""; 0]);
}

#[test]
fn a_device_and_a_client_of_one_name_are_two() {
    let mut stage = on_foreign(ALL);
    stage.message("$SYS/broker/log/N", "New client connected from 127.0.0.1:1 as lamp (p2, c1, k60).");
    stage.message("tele/lamp/LWT", "Online");
    stage.message("lamp/status", "online");
    assert_eq!(stage.here(), ["lamp", "lamp", "lamp"]);
    stage.message("$SYS/broker/log/N", "Client lamp closed its connection.");
    stage.message("tele/lamp/LWT", "Offline");
    let left: Vec<_> = stage.store.present().list(9).iter().map(|here| here.by.label()).collect();
    assert_eq!(left, ["ESPHome"]);
    assert_eq!(told(&stage).len(), 5, "each as it was told");
    let rows = stage.rows();
    let lanes = Lanes::of(rows.iter().map(|row| (row, true)));
    assert_eq!(lanes.lanes.len(), 3, "a lane each");
}

#[test]
fn on_a_headcount_broker_too() {
    let mut stage = Stage::new();
    super::choose(&mut stage, "tasmota");
    stage.want("anonymous");
    stage.connect(|_| 0);
    stage.message("$headcount/server", r#"{"name":"headcount","version":"0.1.0","listeners":[]}"#);
    stage.answer(|_| 0);
    assert_eq!(stage.store.plan().adapters().len(), 1);
    stage.event("connected", "lamp");
    stage.message("tele/lamp/LWT", "Online");
    assert_eq!(told(&stage), ["connected lamp", "connected lamp"]);
    assert_eq!(stage.here(), ["lamp", "lamp"]);
    assert_eq!(stage.store.present().get("alice", "lamp").unwrap().by, Source::Events);
}

#[test]
fn homie_states_of_a_device_that_has_not_gone() {
    let mut stage = on_foreign(ALL);
    for state in ["init", "ready", "sleeping", "alert", "ready", "lost"] {
        stage.message("homie/lamp/$state", state);
        assert_eq!(stage.here().len(), usize::from(state != "lost"), "{state}");
    }
    let words: Vec<_> = stage.events().iter().rev().map(|event| event.kind.name().to_owned()).collect();
    assert_eq!(words, ["connected", "ready", "sleeping", "alert", "ready", "disconnected"]);
    stage.message("homie/fan/$state", "ready");
    assert_eq!(told(&stage)[0], "connected fan", "its init was before the page came");
    stage.retained("homie/5/door/$state", "sleeping");
    assert_eq!(stage.here(), ["door", "fan"]);
}

/// A payload of Sparkplug B: a timestamp, the metric `bdSeq`, another metric, `seq`.
fn payload(timestamp: u64, birth: Option<u64>) -> Vec<u8> {
    fn number(out: &mut Vec<u8>, mut value: u64) {
        while value > 0x7f {
            out.push(value.to_le_bytes()[0] | 0x80);
            value >>= 7;
        }
        out.push(value.to_le_bytes()[0]);
    }
    fn metric(out: &mut Vec<u8>, name: &str, value: u64) {
        let mut inner = vec![0x0a, u8::try_from(name.len()).unwrap()];
        inner.extend(name.as_bytes());
        // timestamp, datatype 8, is_null, a double that nobody asked for, long_value
        inner.extend([0x18, 5, 0x20, 8, 0x38, 0, 0x69, 1, 2, 3, 4, 5, 6, 7, 8, 0x58]);
        number(&mut inner, value);
        out.extend([0x12, u8::try_from(inner.len()).unwrap()]);
        out.extend(inner);
    }
    let mut out = vec![0x08];
    number(&mut out, timestamp);
    if let Some(birth) = birth {
        metric(&mut out, "bdSeq", birth);
    }
    metric(&mut out, "Temperature", 7);
    out.extend([0x18, 0]);
    out
}

#[test]
fn sparkplug_nodes_and_devices() {
    let mut stage = on_foreign(ALL);
    let ms = u64::try_from(NOON).unwrap() + 100;
    stage.message("spBv1.0/plant/NBIRTH/press", payload(ms, Some(3)));
    stage.message("spBv1.0/plant/DBIRTH/press/arm", payload(ms + 5, None));
    let [device, node] = <[_; 2]>::try_from(stage.events()).unwrap();
    assert_eq!(
        (&*node.client.id, node.at, node.timed),
        ("plant/press", Millis(NOON + 100), Timed::ByMessage)
    );
    assert_eq!(node.detail.as_deref(), Some("NBIRTH, bdSeq 3"));
    assert_eq!((&*device.client.id, device.detail.as_deref()), ("plant/press/arm", Some("DBIRTH")));
    stage.message("spBv1.0/plant/DDEATH/press/arm", payload(ms + 900, None));
    assert_eq!(stage.events()[0].lasted, Some(895));
    // The node comes again before the Will of its old connection does.
    stage.advance(1_000);
    stage.message("spBv1.0/plant/NBIRTH/press", payload(ms + 3_500, Some(4)));
    stage.message("spBv1.0/plant/NDEATH/press", payload(ms, Some(3)));
    assert_eq!(told(&stage)[0], "late end plant/press");
    assert_eq!(stage.here(), ["plant/press"]);
    stage.message("spBv1.0/plant/NDEATH/press", payload(ms + 3_500, Some(4)));
    let death = stage.events().remove(0);
    assert_eq!(
        (death.kind, death.timed),
        (Kind::Disconnected, Timed::ByReceipt),
        "the Will's time is its making"
    );
    assert_eq!(stage.here(), [""; 0]);
}

#[test]
fn sparkplug_hosts() {
    let mut stage = on_foreign(ALL);
    let says = |online: bool, at: i64| format!(r#"{{"online":{online},"timestamp":{}}}"#, NOON + at);
    stage.message("spBv1.0/STATE/scada", says(true, 100));
    assert_eq!(stage.store.present().list(1)[0].since, Millis(NOON + 100));
    stage.message("spBv1.0/STATE/scada", says(true, 200));
    stage.message("spBv1.0/STATE/scada", says(false, 100));
    assert_eq!(stage.here(), ["scada"], "the Will of the one before");
    stage.message("spBv1.0/STATE/scada", says(false, 200));
    assert_eq!(stage.here(), [""; 0]);
    stage.message("spBv1.0/STATE/scada", "ONLINE");
    assert!(told(&stage)[0].starts_with("unreadable"));
    stage.message("spBv1.0/plant/NBIRTH/press", [0xff; 12]);
    assert!(
        matches!(&stage.events()[0].kind, Kind::Unreadable(why) if &**why == "the payload is no Sparkplug B")
    );
}
