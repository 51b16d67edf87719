//! Entries and how they are relayed.

use super::*;

#[test]
fn a_body_becomes_an_entry_and_its_fields() {
    let mut net = net();
    let vy = desk(&mut net, "vy");
    let device = add(&mut net, vy, &json!([both(7)]));
    let lamp = plug_in(&mut net, &device, V311);
    net.subscribe(lamp, "channels/7/subscribe", AtMostOnce);
    net.subscribe(lamp, "channels/7/subscribe/fields/+", AtMostOnce);
    net.publish(lamp, "channels/7/publish", "field1=21.5&field2=a+b&status=MQTTPUBLISH");
    let entry = r#"{"channel_id":7,"created_at":"2017-10-24T16:08:38Z","entry_id":1,"field1":"21.5","field2":"a b","field3":null,"field4":null,"field5":null,"field6":null,"field7":null,"field8":null,"status":"MQTTPUBLISH"}"#;
    let expected = [
        ("channels/7/subscribe", entry),
        ("channels/7/subscribe/fields/field1", "21.5"),
        ("channels/7/subscribe/fields/field2", "a b"),
    ];
    let expected = expected.map(|(topic, payload)| (topic.to_owned(), payload.to_owned()));
    assert_eq!(net.messages(lamp), expected);

    net.publish(lamp, "channels/7/publish/fields/field3", "a=b&c");
    let messages = net.messages(lamp);
    assert_eq!(messages.len(), 2);
    let entry: Value = serde_json::from_str(&messages[0].1).unwrap();
    assert_eq!(
        (&entry["entry_id"], &entry["field3"], &entry["field1"]),
        (&json!(2), &json!("a=b&c"), &json!(null))
    );
    assert_eq!(messages[1], ("channels/7/subscribe/fields/field3".to_owned(), "a=b&c".to_owned()));
    let list = ask(&mut net, vy, "list", &json!({}));
    assert_eq!(list["channels"], json!([{"id": 7, "entries": 2, "last": entry}]));
}

#[test]
fn a_given_time_and_place_are_relayed() {
    let mut net = net();
    let vy = desk(&mut net, "vy");
    add(&mut net, vy, &json!([both(7)]));
    net.subscribe(vy, "channels/+/subscribe", AtMostOnce);
    let body = "created_at=2026-11-21T13:00:00%2B01:00&latitude=48.2&longitude=16.4&elevation=190&field8=x";
    net.publish(vy, "channels/7/publish", body);
    let entry = r#"{"channel_id":7,"created_at":"2026-11-21T12:00:00Z","entry_id":1,"field1":null,"field2":null,"field3":null,"field4":null,"field5":null,"field6":null,"field7":null,"field8":"x","status":null,"latitude":"48.2","longitude":"16.4","elevation":"190"}"#;
    assert_eq!(net.payloads(vy), [entry]);
}

/// Each channel counts for itself, whoever writes.
#[test]
fn numbers_rise_by_one_in_each_channel() {
    let mut net = net();
    let vy = desk(&mut net, "vy");
    let device = add(&mut net, vy, &json!([both(7), both(9)]));
    let lamp = plug_in(&mut net, &device, V5);
    net.subscribe(vy, "channels/+/subscribe", AtMostOnce);
    for (id, channel) in [(lamp, 7), (vy, 7), (lamp, 9), (lamp, 7), (vy, 9)] {
        net.publish(id, &format!("channels/{channel}/publish"), "field1=1");
    }
    net.publish(lamp, "channels/7/publish", "nonsense");
    net.publish(lamp, "channels/7/publish", "field1=1");
    let numbers: Vec<_> = net
        .payloads(vy)
        .iter()
        .map(|entry| serde_json::from_str::<Value>(entry).unwrap())
        .map(|entry| (entry["channel_id"].as_u64().unwrap(), entry["entry_id"].as_u64().unwrap()))
        .collect();
    assert_eq!(numbers, [(7, 1), (7, 2), (9, 1), (7, 3), (9, 2), (7, 4)]);
}

/// 5.0 hears a code and a sentence, 3.1.1 has no word for it; both are told on errors.
#[test]
fn mistakes_are_refused_in_words() {
    let mut net = net();
    let vy = desk(&mut net, "vy");
    let device = add(&mut net, vy, &json!([both(7)]));
    let errors = enter(&mut net, "vy", "errors");
    net.subscribe(errors, "vy/errors", AtMostOnce);
    net.subscribe(errors, "channels/7/subscribe", AtMostOnce);
    for version in [V311, V5] {
        let lamp = plug_in(&mut net, &device, version);
        for (topic, body, code, why) in [
            (
                "channels/7/publish",
                "21.5",
                ReasonCode::PayloadFormatInvalid,
                "`21.5` has no value; write field1=21.5&field2=48",
            ),
            (
                "channels/7/publish",
                "",
                ReasonCode::PayloadFormatInvalid,
                "the body has no field; write field1=21.5&field2=48",
            ),
            ("channels/7/publish/fields/field9", "1", ReasonCode::NotAuthorized, ""),
        ] {
            net.publish_qos1(lamp, topic, body);
            let expected = if version == V5 { code } else { ReasonCode::Success };
            match net.take(lamp) {
                Some(Packet::PubAck(ack)) => {
                    assert_eq!(ack.reason, expected);
                    let said = ack.properties.and_then(|it| it.reason_string);
                    assert_eq!(said.is_some(), version == V5);
                    assert!(said.is_none_or(|said| said.as_str().contains(why)));
                }
                other => panic!("{other:?}"),
            }
            let lines = net.payloads(errors);
            assert!(lines.len() == 1 && lines[0].contains(why) && lines[0].starts_with(&device), "{lines:?}");
        }
        net.disconnect(lamp, ReasonCode::Success);
    }
    // An account's own is told the same, and where to publish.
    net.publish_qos1(vy, "channels/7/publish/fields/field9", "1");
    assert_eq!(net.take_ack(vy), ReasonCode::TopicNameInvalid);
    let lines = net.payloads(errors);
    assert!(lines[0].contains("publish to channels/<number>/publish or"), "{lines:?}");
}

/// A value of the wrong length, at the bound.
#[test]
fn values_are_bounded() {
    let mut net = Net::new(realm(|config| config.limits.devices.max_field_bytes = 4));
    let vy = desk(&mut net, "vy");
    add(&mut net, vy, &json!([both(7)]));
    for (body, code) in [
        ("field1=%C3%B6%C3%B6", ReasonCode::Success),
        ("field1=%C3%B6%C3%B6x", ReasonCode::PayloadFormatInvalid),
    ] {
        net.publish_qos1(vy, "channels/7/publish", body);
        assert_eq!(net.take_ack(vy), code, "{body}");
    }
}

/// A lasting subscription gets what came while its client was away, at QoS 1, as often as others.
#[test]
fn entries_wait_for_those_who_are_away() {
    let mut net = net();
    let vy = desk(&mut net, "vy");
    let device = add(&mut net, vy, &json!([both(7)]));
    let (display, _) = try_enter(&mut net, named(lasting("display", 60), "vy"));
    net.subscribe(display, "channels/7/subscribe", AtLeastOnce);
    net.lose(display);
    let lamp = plug_in(&mut net, &device, V5);
    net.publish_qos1(lamp, "channels/7/publish", "field1=1");
    net.take_ack(lamp);
    net.publish(lamp, "channels/7/publish", "field1=2");
    let (display, _) = try_enter(&mut net, named(lasting("display", 60), "vy"));
    let payloads = net.payloads(display);
    assert!(payloads.len() == 1 && payloads[0].contains(r#""entry_id":1"#), "{payloads:?}");
}

/// A device's last word is an entry, too.
#[test]
fn a_will_becomes_an_entry() {
    let mut net = net();
    let vy = desk(&mut net, "vy");
    let device = add(&mut net, vy, &json!([both(7)]));
    net.subscribe(vy, "channels/7/subscribe", AtMostOnce);
    net.subscribe(vy, "vy/errors", AtMostOnce);
    let mut connect = with_will(named(connect(&device, V5), &device), "channels/7/publish", 0);
    connect.will.as_mut().unwrap().payload = "status=lost+power".into();
    let (lamp, _) = try_enter(&mut net, connect.clone());
    net.lose(lamp);
    let entries = net.payloads(vy);
    assert!(entries.len() == 1 && entries[0].contains(r#""status":"lost power""#), "{entries:?}");
    connect.will.as_mut().unwrap().payload = "gone".into();
    let (lamp, _) = try_enter(&mut net, connect.clone());
    net.lose(lamp);
    assert_eq!(
        net.payloads(vy),
        [format!(
            "{device}: its Will to channels/7/publish is no entry: `gone` has no value; write field1=21.5&field2=48"
        )]
    );
    connect.will.as_mut().unwrap().topic = "lamp/state".try_into().unwrap();
    let (lamp, _) = try_enter(&mut net, connect);
    net.lose(lamp);
    let said = format!(
        "{device} may not publish its Will to lamp/state: denied by device:{device}; the device may publish to its channels alone"
    );
    assert_eq!(net.payloads(vy), [said]);
}

/// RETAIN is no matter of channels: what was published is not kept, and what is relayed is not either.
#[test]
fn nothing_of_a_channel_is_retained() {
    let mut net = net();
    let vy = desk(&mut net, "vy");
    add(&mut net, vy, &json!([both(7)]));
    net.send(vy, retained("channels/7/publish", "field1=1"));
    assert_eq!(net.broker.stats().retained_messages, 0);
    net.subscribe(vy, "channels/#", AtMostOnce);
    assert_eq!(net.messages(vy), []);
}
