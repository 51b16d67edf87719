//! What changes while a device is connected.

use super::*;

#[test]
fn rights_hold_at_once() {
    let mut net = net();
    let vy = desk(&mut net, "vy");
    let device = add(&mut net, vy, &json!([both(7)]));
    let lamp = plug_in(&mut net, &device, V5);
    net.subscribe(lamp, "channels/+/subscribe", AtMostOnce);
    let update = |net: &mut Net, publish: bool, subscribe: bool| {
        let channels = json!([{"id": 7, "publish": publish, "subscribe": subscribe}]);
        let answer = ask(net, vy, "update", &json!({"id": device, "channels": channels}));
        assert_eq!(answer.get("error"), None);
    };
    for (publish, subscribe) in [(true, true), (false, true), (true, false), (false, false), (true, true)] {
        update(&mut net, publish, subscribe);
        net.publish_qos1(lamp, "channels/7/publish", "field1=1");
        let heard = net.take(lamp);
        let (ack, more) = match heard {
            Some(Packet::Publish(_)) => (net.take_ack(lamp), 1),
            Some(Packet::PubAck(ack)) => (ack.reason, 0),
            other => panic!("{other:?}"),
        };
        assert_eq!(ack == ReasonCode::Success, publish);
        assert_eq!(more, usize::from(publish && subscribe));
        net.publish(vy, "channels/7/publish", "field1=2");
        assert_eq!(net.messages(lamp).len(), usize::from(subscribe), "the subscription stays, and is judged");
    }
    assert!(!net.is_closed(lamp));
}

/// What waits for a device that lost the right meanwhile is held back.
#[test]
fn what_waits_is_judged_again() {
    let mut net = net();
    let vy = desk(&mut net, "vy");
    let device = add(&mut net, vy, &json!([both(7)]));
    let (lamp, _) = try_enter(&mut net, named(lasting(&device, 60), &device));
    net.subscribe(lamp, "channels/7/subscribe", AtLeastOnce);
    net.lose(lamp);
    net.publish_qos1(vy, "channels/7/publish", "field1=1");
    net.take_ack(vy);
    ask(&mut net, vy, "update", &json!({"id": device, "channels": [{"id": 7, "publish": true}]}));
    let (lamp, _) = try_enter(&mut net, named(lasting(&device, 60), &device));
    assert_eq!(net.messages(lamp), []);
}

/// A channel that comes by an update is the owner's at once, and one that is removed is nobody's.
#[test]
fn the_owner_has_a_new_channel_at_once() {
    let mut net = net();
    let vy = desk(&mut net, "vy");
    let display = enter(&mut net, "vy", "display");
    net.subscribe(display, "channels/+/subscribe", AtMostOnce);
    assert_eq!(net.subscribe(display, "channels/9/subscribe", AtMostOnce), ReasonCode::NotAuthorized);
    let device = add(&mut net, vy, &json!([]));
    ask(&mut net, vy, "update", &json!({"id": device, "channels": [{"id": 9, "publish": true}]}));
    let lamp = plug_in(&mut net, &device, V5);
    net.publish(lamp, "channels/9/publish", "field1=1");
    assert_eq!(net.payloads(display).len(), 1);
    ask(&mut net, vy, "update", &json!({"id": device, "channels": []}));
    ask(&mut net, vy, "remove", &json!({"channel": 9}));
    net.publish_qos1(vy, "channels/9/publish", "field1=1");
    assert_eq!(net.take_ack(vy), ReasonCode::NotAuthorized);
    // Whoever names it next owns it, and its numbers begin again.
    let minh = desk(&mut net, "minh");
    ask_of(&mut net, minh, "minh", "add", &json!({"name": "a", "channels": [both(9)]}));
    net.publish(minh, "channels/9/publish", "field1=1");
    assert_eq!(net.messages(display), []);
    let list = ask_of(&mut net, minh, "minh", "list", &json!({}));
    assert_eq!(list["channels"][0]["entries"], 1);
}

/// With its reason, its Will, and nothing of it left behind.
#[test]
fn a_removed_device_is_gone_at_once() {
    let mut net = net();
    let vy = desk(&mut net, "vy");
    let device = add(&mut net, vy, &json!([both(7)]));
    let watcher = enter(&mut net, "vy", "watcher");
    for filter in ["vy/clients", "channels/7/subscribe", "$headcount/vy/clients/+"] {
        net.subscribe(watcher, filter, AtMostOnce);
        net.messages(watcher);
    }
    let mut connect = with_will(named(lasting(&device, 3_600), &device), "channels/7/publish", 0);
    connect.will.as_mut().unwrap().payload = "status=gone".into();
    let (lamp, _) = try_enter(&mut net, connect);
    net.messages(watcher);
    assert_eq!(ask(&mut net, vy, "remove", &json!({"id": device})), json!({"removed": device}));
    match net.take(lamp) {
        Some(Packet::Disconnect(it)) => {
            assert_eq!(it.reason, ReasonCode::AdministrativeAction);
            let said = it.properties.unwrap().reason_string.unwrap();
            assert_eq!(said.as_str(), "the device was removed");
        }
        other => panic!("{other:?}"),
    }
    assert!(net.is_closed(lamp));
    let told = net.messages(watcher);
    let state = format!("$headcount/vy/clients/{device}");
    assert_eq!(told.last(), Some(&(state, String::new())), "its state is cleared");
    assert!(told.iter().any(|(_, it)| it.contains(r#""status":"disconnected""#)), "{told:?}");
    assert!(told.iter().any(|(_, it)| it.contains(r#""status":"gone""#)), "{told:?}");
    assert_eq!(net.broker.stats().sessions, 2, "its session is gone, too");
    let (_, code) = try_enter(&mut net, named(super::connect(&device, V5), &device));
    assert_eq!(code, ReasonCode::Success, "an unknown name is the door's to refuse");
}

/// Its session stays, and its new password is the one that counts.
#[test]
fn a_rotated_device_is_asked_for_its_new_password() {
    let mut net = net();
    let vy = desk(&mut net, "vy");
    let device = add(&mut net, vy, &json!([both(7)]));
    for version in [V311, V5] {
        let lamp = plug_in(&mut net, &device, version);
        ask(&mut net, vy, "rotate", &json!({"id": device}));
        if version == V5 {
            match net.take(lamp) {
                Some(Packet::Disconnect(it)) => {
                    assert_eq!(it.reason, ReasonCode::AdministrativeAction);
                    let said = it.properties.unwrap().reason_string.unwrap();
                    assert_eq!(said.as_str(), "the device has a new password");
                }
                other => panic!("{other:?}"),
            }
        }
        assert!(net.is_closed(lamp));
        plug_in(&mut net, &device, version);
        let hash = net.comparisons.last().unwrap().as_ref().unwrap().hash.clone();
        assert_eq!(hash, if version == V311 { "hash-2" } else { "hash-3" });
    }
}
