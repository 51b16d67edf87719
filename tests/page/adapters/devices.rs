//! What devices say of themselves.

use headcount_page::store::{
    Millis,
    event::{Kind, Source, Timed},
    lanes::{Asked, Scene, Trace},
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
        ("home/tele/lamp/LWT", "Online", "connected home/lamp", "Tasmota LWT"),
        ("home/lamp/tele/LWT", "Offline", "disconnected home/lamp", "Tasmota LWT"),
        ("zigbee2mqtt/bridge/state", "online", "connected bridge", "Zigbee2MQTT"),
        ("zigbee2mqtt/bridge/state", r#"{"state":"offline"}"#, "disconnected bridge", "Zigbee2MQTT"),
        ("zigbee2mqtt/lamp/availability", r#"{"state":"online"}"#, "connected lamp", "Zigbee2MQTT"),
        ("zigbee2mqtt/hall/lamp/availability", "offline", "disconnected hall/lamp", "Zigbee2MQTT"),
        ("z2m/bridge/state", r#"{"state":"online"}"#, "connected z2m/bridge", "Zigbee2MQTT"),
        ("z2m/lamp/availability", r#"{"state":"online"}"#, "connected z2m/lamp", "Home Assistant"),
        ("kitchen/status", "online", "connected kitchen", "ESPHome"),
        ("esp/kitchen/status", "offline", "disconnected esp/kitchen", "ESPHome"),
        ("homie/lamp/$state", "init", "connected lamp", "Homie"),
        ("homie/5/lamp/$state", "lost", "disconnected lamp connection-lost", "Homie"),
        ("homie/lamp/$state", "disconnected", "disconnected lamp client-disconnect", "Homie"),
        ("garden/5/lamp/$state", "ready", "connected garden/5/lamp", "Homie"),
        ("garden/lamp/$state", "lost", "disconnected garden/lamp connection-lost", "Homie"),
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
        ("tele/lamp/LWT", ""),
        ("zigbee2mqtt/bridge/state", ""),
        ("zigbee2mqtt/bridge/state", r#"{"state":""}"#),
        ("spBv1.0/STATE/scada", ""),
        ("spBv1.0/plant/NBIRTH/press", ""),
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
    let asked = Asked::at(Millis(NOON + stage.now), 1_000);
    let scene = Scene::of(&stage.store, &mut Trace::default(), &asked);
    assert_eq!(scene.lanes.lanes.len(), 3, "a lane each");
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
    for state in ["init", "ready", "sleeping", "alert", "init", "ready", "lost"] {
        stage.message("homie/lamp/$state", state);
        assert_eq!(stage.here().len(), usize::from(state != "lost"), "{state}");
    }
    let words: Vec<_> = stage.events().iter().rev().map(|event| event.kind.name().to_owned()).collect();
    assert_eq!(words, ["connected", "ready", "sleeping", "alert", "init", "ready", "disconnected"]);
    stage.message("homie/fan/$state", "ready");
    assert_eq!(told(&stage)[0], "connected fan", "its init was before the page came");
    stage.retained("homie/5/door/$state", "sleeping");
    assert_eq!(stage.here(), ["door", "fan"]);
}

#[test]
fn an_empty_message_removes_a_device() {
    for (topic, online) in [
        ("homie/5/lamp/$state", "ready"),
        // Renamed: Zigbee2MQTT clears the old name's, Tasmota the old topic's.
        ("zigbee2mqtt/lamp/availability", r#"{"state":"online"}"#),
        ("tele/lamp/LWT", "Online"),
        ("lamp/status", "online"),
        ("lamp/availability", "online"),
        ("STATE/lamp", "ONLINE"),
        ("spBv1.0/STATE/lamp", r#"{"online":true,"timestamp":1795262403000}"#),
    ] {
        let mut stage = on_foreign(ALL);
        stage.retained(topic, online);
        assert_eq!(stage.here(), ["lamp"], "{topic}");
        stage.message(topic, "");
        assert_eq!((told(&stage), stage.here()), (vec!["disconnected lamp".to_owned()], vec![]), "{topic}");
        assert_eq!(stage.events()[0].detail.as_deref(), Some("its state was removed"), "{topic}");
        stage.message(topic, "");
        assert_eq!(stage.events().len(), 1, "{topic}");
    }
}

#[test]
fn zigbee_devices_go_with_their_bridge() {
    let mut stage = on_foreign("zigbee2mqtt,tasmota");
    stage.message("tele/fan/LWT", "Online");
    stage.message("zigbee2mqtt/bridge/state", r#"{"state":"online"}"#);
    stage.message("zigbee2mqtt/hall/availability", r#"{"state":"online"}"#);
    stage.message("zigbee2mqtt/attic/lamp/availability", r#"{"state":"online"}"#);
    stage.message("zigbee2mqtt/bridge/state", r#"{"state":"offline"}"#);
    assert_eq!(stage.here(), ["fan"]);
    assert_eq!(
        told(&stage)[..3],
        ["disconnected bridge", "disconnected hall", "disconnected attic/lamp"],
        "who is no device of the bridge stays"
    );
    assert_eq!(stage.events()[1].detail.as_deref(), Some("with bridge"));
    // What the broker kept: the bridge's word comes last.
    let mut stage = on_foreign("zigbee2mqtt");
    stage.retained("zigbee2mqtt/hall/availability", r#"{"state":"online"}"#);
    stage.retained("zigbee2mqtt/bridge/state", r#"{"state":"offline"}"#);
    assert_eq!((told(&stage).len(), stage.here()), (0, vec![]));
}
