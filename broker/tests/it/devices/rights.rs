//! The matrix of rights: who may publish, subscribe and hear what.

use super::*;

/// Everybody there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Who {
    Owner,
    /// A device with these rights in channel 7: to publish, to subscribe.
    Device(bool, bool),
    OthersDevice,
    Stranger,
    Admin,
    Nobody,
}

impl Who {
    const ALL: [Self; 9] = [
        Self::Owner,
        Self::Device(false, false),
        Self::Device(true, false),
        Self::Device(false, true),
        Self::Device(true, true),
        Self::OthersDevice,
        Self::Stranger,
        Self::Admin,
        Self::Nobody,
    ];

    fn may_publish(self) -> bool {
        matches!(self, Self::Owner | Self::Device(true, _))
    }

    fn may_hear(self) -> bool {
        matches!(self, Self::Owner | Self::Device(_, true))
    }

    fn is_device(self) -> bool {
        matches!(self, Self::Device(..) | Self::OthersDevice)
    }
}

/// Comes in as somebody; devices are added first.
fn come(net: &mut Net, who: Who, version: ProtocolVersion) -> ConnectionId {
    let device = |net: &mut Net, owner: &str, channels: &Value| {
        let desk = desk_of(net, owner, "maker");
        let added = ask_of(net, desk, owner, "add", &json!({"name": "Lamp", "channels": channels}));
        net.disconnect(desk, ReasonCode::Success);
        plug_in(net, added["device"]["id"].as_str().unwrap(), version)
    };
    let account = |net: &mut Net, name: &str| {
        let (id, reason) = try_enter(net, named(connect("somebody", version), name));
        assert_eq!(reason, ReasonCode::Success);
        id
    };
    match who {
        Who::Device(publish, subscribe) => {
            device(net, "vy", &json!([{"id": 7, "publish": publish, "subscribe": subscribe}]))
        }
        Who::OthersDevice => device(net, "minh", &json!([both(8)])),
        Who::Owner => account(net, "vy"),
        Who::Stranger => account(net, "minh"),
        Who::Admin => account(net, "admin"),
        Who::Nobody => net.connect("somebody"),
    }
}

/// A realm in which vy has channel 7.
fn town() -> (Net, ConnectionId) {
    let mut net = net();
    let vy = desk(&mut net, "vy");
    add(&mut net, vy, &json!([both(7)]));
    (net, vy)
}

#[test]
fn who_may_publish() {
    for who in Who::ALL {
        let (mut net, vy) = town();
        net.subscribe(vy, "channels/7/subscribe", AtMostOnce);
        let id = come(&mut net, who, V5);
        for topic in ["channels/7/publish", "channels/7/publish/fields/field1"] {
            let body = if topic.ends_with("publish") { "field1=1" } else { "1" };
            net.publish_qos1(id, topic, body);
            let expected = if who.may_publish() { ReasonCode::Success } else { ReasonCode::NotAuthorized };
            assert_eq!(net.take_ack(id), expected, "{who:?} {topic}");
            assert_eq!(net.payloads(vy).len(), usize::from(who.may_publish()), "{who:?} {topic}");
        }
        for topic in ["channels/7/subscribe", "channels/7/subscribe/fields/field1"] {
            net.publish_qos1(id, topic, "field1=1");
            assert_eq!(net.take_ack(id), ReasonCode::NotAuthorized, "{who:?} {topic}: the broker's alone");
        }
        for topic in [
            "lamp/state",
            "vy/clients",
            "$headcount/vy/journal",
            "$headcount/vy/devices/list",
            "$headcount/vy/rules",
        ] {
            if who.is_device() {
                net.publish_qos1(id, topic, "{}");
                assert_eq!(net.take_ack(id), ReasonCode::NotAuthorized, "{who:?} {topic}");
            }
        }
        assert_eq!(net.payloads(vy), [] as [&str; 0], "{who:?}");
    }
}

/// Whoever may hear a channel may ask for its past.
#[test]
fn who_may_ask_for_the_past() {
    for who in Who::ALL {
        for version in [V311, V5] {
            let (mut net, vy) = town();
            net.publish(vy, "channels/7/publish", "field1=1");
            let id = come(&mut net, who, version);
            for filter in ["channels/+/feeds/+", "channels/7/feeds/+"] {
                let _ = net.try_subscribe(id, filter);
            }
            net.publish(id, "channels/7/feeds", "");
            let heard = net.messages(id).len();
            assert_eq!(heard, usize::from(who.may_hear()), "{who:?} {version:?}");
            if version == V5 {
                net.publish_qos1(id, "channels/7/feeds", "");
                let reason = std::iter::from_fn(|| net.take(id)).find_map(|packet| match packet {
                    Packet::PubAck(ack) => Some(ack.reason),
                    _ => None,
                });
                let expected = if who.may_hear() { ReasonCode::Success } else { ReasonCode::NotAuthorized };
                assert_eq!(reason, Some(expected), "{who:?}");
            }
        }
    }
}

/// What a filter brings is what may be read; a filter that can bring nothing is refused.
#[test]
fn who_may_subscribe() {
    let feeds = [
        "channels/7/subscribe",
        "channels/7/subscribe/fields/field1",
        "channels/7/subscribe/fields/+",
        "channels/7/#",
        "$share/g/channels/7/subscribe",
    ];
    let wide =
        ["channels/+/subscribe", "channels/#", "+/+/subscribe", "#", "channels/+/subscribe/fields/field1"];
    for who in Who::ALL {
        for version in [V311, V5] {
            for filter in feeds.iter().chain(&wide) {
                if version == V311 && filter.starts_with("$share") {
                    continue;
                }
                let (mut net, vy) = town();
                let id = come(&mut net, who, version);
                let code = net.try_subscribe(id, filter);
                let expected = match who {
                    _ if who.may_hear() => true,
                    Who::Device(..) => false,
                    // It may hear its own, and others may hear theirs and what is no channel's.
                    _ => wide.contains(filter),
                };
                let is_granted = !code.is_error();
                assert_eq!(is_granted, expected, "{who:?} {version:?} {filter}: {code:?}");
                net.publish(vy, "channels/7/publish", "field1=1&field2=2");
                let heard = net.messages(id).len();
                assert_eq!(heard > 0, who.may_hear(), "{who:?} {version:?} {filter}: {heard}");
            }
        }
    }
}

/// Of what is the owner's a device hears nothing, however it asks.
#[test]
fn a_device_has_none_of_its_owners_rights() {
    let (mut net, vy) = town();
    let lamp = come(&mut net, Who::Device(true, true), V5);
    net.subscribe(vy, "vy/errors", AtMostOnce);
    net.send(vy, retained("lamp/state", "on"));
    for filter in [
        "vy/clients",
        "vy/errors",
        "$headcount/vy/#",
        "$headcount/vy/devices/+/x",
        "$SYS/#",
        "lamp/#",
        "$CONTROL/#",
        "$headcount/server",
        "+/state",
        "channels/7",
        "channels/7/publish",
        "channels/8/subscribe",
    ] {
        assert_eq!(net.try_subscribe(lamp, filter), ReasonCode::NotAuthorized, "{filter}");
    }
    let lines = net.payloads(vy);
    assert_eq!(lines.len(), 12);
    assert!(lines[11].ends_with("the device has no right to subscribe to channel 8"), "{}", lines[11]);
    assert!(lines[0].ends_with("the device may subscribe to its channels alone"), "{}", lines[0]);
    assert_eq!(net.try_subscribe(lamp, "#"), ReasonCode::Success);
    net.publish(vy, "lamp/state", "off");
    net.publish(vy, "channels/7/publish/fields/field1", "1");
    let topics: Vec<_> = net.messages(lamp).into_iter().map(|(topic, _)| topic).collect();
    assert_eq!(topics, ["channels/7/subscribe", "channels/7/subscribe/fields/field1"]);
}

/// The rule that a denial names, for events and for people.
#[test]
fn a_denial_names_its_rule() {
    let (mut net, vy) = town();
    let minh = enter(&mut net, "minh", "m");
    net.subscribe(minh, "minh/errors", AtMostOnce);
    net.subscribe(minh, "$headcount/minh/events", AtMostOnce);
    net.publish(minh, "channels/7/publish", "field1=1");
    let told = net.messages(minh);
    assert_eq!(
        told[0].1,
        "m may not publish to channels/7/publish: denied by channel:7; channel 7 is none of this account's; a device \
         that names it makes it"
    );
    assert!(
        told[1].1.contains(
            r#""event":"denied","action":"publish","topic":"channels/7/publish","rule":"channel:7""#
        ),
        "{}",
        told[1].1
    );
    // Whether somebody else has it is nobody's to know.
    net.publish(minh, "channels/9/publish", "field1=1");
    assert_eq!(net.payloads(minh)[0], told[0].1.replace('7', "9"));
    let _ = vy;
}

/// A key of Emitter's interface opens nothing to a device, whoever knows it.
#[test]
fn a_key_opens_nothing_to_a_device() {
    let mut net = Net::new(realm(|config| config.access.emitter_keys = Some(vec!["demo".to_owned()].into())));
    let vy = desk(&mut net, "vy");
    let device = add(&mut net, vy, &json!([both(7)]));
    net.subscribe(vy, "demo/room/", AtMostOnce);
    let lamp = plug_in(&mut net, &device, V5);
    for filter in ["demo/room/", "emitter/presence/", "demo/channels/8/subscribe/"] {
        assert_eq!(net.try_subscribe(lamp, filter), ReasonCode::NotAuthorized, "{filter}");
    }
    for (topic, payload) in [
        ("demo/room/", "x"),
        ("demo/room/?last=7", "x"),
        ("emitter/presence/", r#"{"key":"demo","channel":"room/","status":true}"#),
        ("emitter/keygen/", r#"{"key":"demo","channel":"room/","type":"rw"}"#),
        ("emitter/me/", ""),
    ] {
        net.publish_qos1(lamp, topic, payload);
        assert_eq!(net.take_ack(lamp), ReasonCode::NotAuthorized, "{topic}");
    }
    assert_eq!(net.messages(lamp), []);
    assert_eq!(net.messages(vy), []);
}

/// Asks for rules; the answer.
fn rules(net: &mut Net, id: ConnectionId, account: &str, request: &str) -> Value {
    net.subscribe(id, &format!("$headcount/{account}/rules/+"), AtMostOnce);
    net.publish(id, &format!("$headcount/{account}/rules"), request);
    let heard = net.messages(id);
    let answer = heard.into_iter().find(|(topic, _)| topic.contains("/rules/")).expect("an answer");
    serde_json::from_str(&answer.1).unwrap()
}

/// What is told of the rules of a device is what it can do.
#[test]
fn the_rules_of_a_device_are_told_to_its_account() {
    let mut net = Net::new(realm(|config| config.access.acl = Some("user vy\ntopic vys/#\n".to_owned())));
    let desk = desk(&mut net, "vy");
    let channels = json!([{"id": 7, "publish": true, "subscribe": false}, both(8)]);
    let device = add(&mut net, desk, &channels);
    let told = rules(&mut net, desk, "vy", &json!({"client": device}).to_string());
    let rule = format!("device:{device}");
    let line = |text: &str, topic: &str, action: &str, allow: bool| json!({"rule": rule, "text": text, "topic": topic, "action": action, "allow": allow, "source": "device"});
    let default = json!({"rule":"default","publish":false,"read":false,"subscribe":false,"unsubscribe":true});
    let expected = json!({"account": "vy", "client": device, "device": "Lamp", "rules": [
        line("channel 7: publish allowed", "channels/7/publish/#", "write", true),
        line("channel 7: subscribe not allowed", "channels/7/subscribe/#", "read", false),
        line("channel 8: publish allowed", "channels/8/publish/#", "write", true),
        line("channel 8: subscribe allowed", "channels/8/subscribe/#", "read", true),
    ], "default": default});
    assert_eq!(told, expected);
    // An observer sees the same; another account sees nothing.
    let admin = enter(&mut net, "admin", "admin");
    assert_eq!(rules(&mut net, admin, "vy", &json!({"client": device}).to_string()), expected);
    let minh = enter(&mut net, "minh", "minh");
    net.subscribe(minh, "$headcount/minh/rules/+", AtMostOnce);
    let told = rules(&mut net, minh, "minh", &json!({"client": device}).to_string());
    assert_eq!(
        (&told["account"], &told["client"], told.get("device")),
        (&json!("minh"), &json!("minh"), None)
    );

    // The account's own: its channels before its file's.
    let told = rules(&mut net, desk, "vy", "");
    let lines: Vec<_> =
        told["rules"].as_array().unwrap().iter().map(|it| (&it["rule"], &it["topic"])).collect();
    let lines: Vec<_> =
        lines.iter().map(|(rule, topic)| format!("{rule} {topic}").replace('"', "")).collect();
    assert_eq!(
        lines,
        ["channel:7 channels/7/#", "channel:8 channels/8/#", "channels channels/#", "acl:2 vys/#"]
    );

    // What is told is what holds.
    let lamp = plug_in(&mut net, &device, V5);
    for it in expected["rules"].as_array().unwrap() {
        let topic = it["topic"].as_str().unwrap().replace("/#", "");
        let done = if it["action"] == "write" {
            net.publish_qos1(lamp, &topic, "field1=1");
            net.take_ack(lamp)
        } else {
            net.subscribe(lamp, &topic, AtMostOnce)
        };
        assert_eq!(done == ReasonCode::Success, it["allow"] == true, "{it}");
        net.messages(lamp);
    }
}
