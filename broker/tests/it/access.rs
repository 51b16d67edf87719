//! Who may come in, and what the rules of a file allow.

use crate::support::*;
use headcount_broker::{Access, Broker, Config};
use headcount_mqtt::{Packet, ReasonCode};

/// The rules of the chat, with some of each kind.
const RULES: &str = "\
# above the first user: clients without a name
topic read news/#
topic deny news/secret

user admin
topic read chat/messages/+/+
topic chat/rooms/#
topic write only-in

user empty

# for everybody
pattern read chat/messages/%u/+
pattern write chat/messages/+/%u
pattern write devices/%c/up
pattern write old/%s
pattern read 100%/%x
";

fn guarded() -> Net {
    Net::with(|config| {
        config.access.acl = Some(RULES.to_owned());
    })
}

/// User, Client Identifier, what it does, topic, and whether it may.
#[test]
fn rules_are_judged_as_mosquitto_does() {
    let table = [
        ("", "c", "write", "news/today", false),
        ("", "c", "read", "news/today", true),
        ("", "c", "read", "news/secret", false),
        ("", "c", "read", "other", false),
        ("", "c", "write", "devices/c/up", true),
        ("", "c", "write", "devices/d/up", false),
        ("", "c", "read", "devices/c/up", false),
        ("", "c", "write", "old/c", true),
        ("admin", "c", "read", "chat/messages/peter/hannes", true),
        ("admin", "c", "write", "chat/messages/peter/hannes", false),
        ("admin", "c", "write", "chat/messages/peter/admin", true),
        ("admin", "c", "read", "chat/rooms", true),
        ("admin", "c", "write", "chat/rooms/1", true),
        ("admin", "c", "write", "only-in", true),
        ("admin", "c", "read", "only-in", false),
        ("admin", "c", "read", "news/today", false),
        ("peter", "c", "read", "chat/messages/peter/hannes", true),
        ("peter", "c", "read", "chat/messages/hannes/peter", false),
        ("peter", "c", "write", "chat/messages/hannes/peter", true),
        ("peter", "c", "write", "chat/messages/hannes/minh", false),
        ("peter", "c", "read", "100%/%x", true),
        ("empty", "c", "read", "news/today", false),
        // A name that would add a wildcard or a level fills no pattern, and one with a wildcard has no patterns at all.
        ("a+b", "c", "read", "100%/%x", false),
        ("peter", "c#", "write", "chat/messages/hannes/peter", false),
        ("admin#", "c", "write", "chat/rooms/1", false),
        ("+", "c", "read", "chat/messages/+/x", false),
        ("", "c/d", "write", "devices/c/d/up", false),
        ("a/b", "c", "write", "chat/messages/x/a/b", false),
    ];
    for (user, client_id, action, topic, allowed) in table {
        // No Topic Name holds a wildcard: such a row asks for another reader's topic.
        let topic = topic.replace('+', "peter");
        let judged = if action == "write" {
            may_write(user, client_id, &topic)
        } else {
            may_read(user, client_id, &topic)
        };
        assert_eq!(judged, allowed, "{user:?} {client_id:?} {action} {topic}");
    }
}

/// A name of several levels does not slip through a denial of it.
#[test]
fn a_denial_holds_for_every_name() {
    let rules = "user a/b\ntopic #\nuser x+y\ntopic #\npattern deny private/%u\npattern deny closed\n";
    let mut net = Net::with(|config| config.access.acl = Some(rules.to_owned()));
    for (user, topic) in [("a/b", "private/a/b"), ("a/b", "closed"), ("x+y", "closed")] {
        let client = enter(&mut net, user, "c");
        net.publish_qos1(client, topic, "x");
        assert_eq!(net.take_ack(client), ReasonCode::NotAuthorized, "{user} {topic}");
        net.publish_qos1(client, "open", "x");
        assert_eq!(net.take_ack(client), ReasonCode::Success);
        net.disconnect(client, ReasonCode::Success);
    }
}

#[test]
fn rules_are_read_as_mosquitto_reads_them() {
    let rules = "\r\n  # a comment\r\ntopic  read   a topic with spaces  \r\nuser  John Smith \r\ntopic readwrite %u\r\n\
                 topic read\r\ntopic write\r\ntopic #\u{31}\r\n";
    assert_eq!(headcount_broker::rule_mistakes(rules).len(), 1, "a topic with # in its middle");
    let rules = rules.replace("topic #1\r\n", "");
    assert_eq!(headcount_broker::rule_mistakes(&rules), Vec::<String>::new());
    let mut net = Net::with(|config| config.access.acl = Some(rules));
    let nameless = enter(&mut net, "", "c");
    assert_eq!(net.subscribe(nameless, "a topic with spaces", AtMostOnce), ReasonCode::Success);
    let john = enter(&mut net, "John Smith", "d");
    for (topic, code) in [
        ("%u", ReasonCode::Success),
        ("John Smith", ReasonCode::NotAuthorized),
        ("read", ReasonCode::Success),
        ("write", ReasonCode::Success),
    ] {
        net.publish_qos1(john, topic, "x");
        assert_eq!(net.take_ack(john), code, "{topic}");
    }
}

fn enter(net: &mut Net, user: &str, client_id: &str) -> headcount_broker::ConnectionId {
    let connect = connect(client_id, V5);
    let connect = if user.is_empty() { connect } else { named(connect, user) };
    let (id, ack) = net.connect_with(connect);
    assert_eq!(ack.reason, ReasonCode::Success);
    id
}

fn may_write(user: &str, client_id: &str, topic: &str) -> bool {
    let mut net = guarded();
    let client = enter(&mut net, user, client_id);
    net.publish_qos1(client, topic, "x");
    match net.take_ack(client) {
        ReasonCode::Success => true,
        ReasonCode::NotAuthorized => false,
        other => panic!("{other:?}"),
    }
}

/// The broker itself publishes, so that only the reader is judged; `#` is wider than every rule.
fn may_read(user: &str, client_id: &str, topic: &str) -> bool {
    let mut net = guarded();
    let client = enter(&mut net, user, client_id);
    assert_eq!(net.subscribe(client, "#", AtMostOnce), ReasonCode::Success);
    net.act(|broker, now| broker.publish_fact(now, topic, "x".into()));
    !net.messages(client).is_empty()
}

#[test]
fn a_filter_beside_all_rules_is_refused_and_a_wider_one_is_not() {
    let mut net = guarded();
    let peter = enter(&mut net, "peter", "c");
    for (filter, code) in [
        ("#", ReasonCode::Success),
        ("chat/#", ReasonCode::Success),
        ("chat/messages/peter/+", ReasonCode::Success),
        ("$share/g/chat/messages/peter/+", ReasonCode::Success),
        ("chat/messages/hannes/+", ReasonCode::NotAuthorized),
        ("news/today", ReasonCode::NotAuthorized),
    ] {
        assert_eq!(net.try_subscribe(peter, filter), code, "{filter}");
    }
    let nameless = enter(&mut net, "", "d");
    assert_eq!(net.subscribe(nameless, "news/secret", AtMostOnce), ReasonCode::NotAuthorized);
    let (old, _) = net.connect_with(named(connect("e", V311), "peter"));
    assert_eq!(net.subscribe(old, "news/today", AtMostOnce), ReasonCode::UnspecifiedError, "0x80 in 3.1.1");
}

/// 3.1.1 has no word for it: the message is acknowledged, and goes nowhere.
#[test]
fn a_denied_publish_is_acknowledged_in_311() {
    let mut net = Net::with(|config| config.access.acl = Some("topic read a\n".to_owned()));
    let reader = net.connect("reader");
    net.subscribe(reader, "a", ExactlyOnce);
    let (writer, _) = net.connect_with(connect("writer", V311));
    net.publish_qos1(writer, "a", "x");
    assert_eq!(net.take_ack(writer), ReasonCode::Success);
    let id = headcount_mqtt::PacketId::new(3).unwrap();
    net.send(writer, publish("a", "x", headcount_mqtt::Delivery::ExactlyOnce(id)));
    assert_eq!(net.take(writer), Some(Packet::PubRec(ack(id))));
    net.send(writer, Packet::PubRel(ack(id)));
    assert_eq!(net.take(writer), Some(Packet::PubComp(ack(id))));
    net.publish(writer, "a", "x");
    assert_eq!((net.take(writer), net.take(reader)), (None, None));
}

/// What waits in a session is judged again when it is sent.
#[test]
fn revoked_rights_hold_back_queued_messages() {
    let mut net = Net::with(|config| config.access.acl = Some("topic a\ntopic b\n".to_owned()));
    let (reader, _) = net.connect_with(lasting("reader", 100));
    net.subscribe(reader, "+", AtLeastOnce);
    net.lose(reader);
    let writer = net.connect("writer");
    net.publish_qos1(writer, "a", "1");
    net.publish_qos1(writer, "b", "2");
    let fewer = Access { acl: Some("topic read b\n".to_owned()), ..Access::open() };
    net.act(|broker, now| broker.set_access(now, fewer).unwrap());
    let (reader, ack) = net.connect_with(lasting("reader", 100));
    assert!(ack.session_present);
    assert_eq!(net.payloads(reader), ["2"]);
    // The writer is connected all the while, and its memory of the last topic is void.
    net.take_ack(writer);
    net.take_ack(writer);
    net.publish_qos1(writer, "b", "3");
    assert_eq!(net.take_ack(writer), ReasonCode::NotAuthorized);
}

#[test]
fn rules_that_cannot_be_read_leave_the_old_ones() {
    let mut net = Net::with(|config| config.access.acl = Some("topic read a\n".to_owned()));
    let client = net.connect("c");
    let broken = Access { acl: Some("topic read a\n\nfoo".to_owned()), ..Access::open() };
    let now = net.now();
    let error = net.broker.set_access(now, broken).unwrap_err();
    assert!(error.starts_with("acl:3:1: `foo` is no rule"), "{error}");
    net.publish_qos1(client, "a", "x");
    assert_eq!(net.take_ack(client), ReasonCode::NotAuthorized);
    let mut config = Config::open("r");
    config.access.acl = Some("user\n".to_owned());
    assert!(Broker::new(config, net.now()).unwrap_err().starts_with("acl:1:1: "));
}

#[test]
fn a_realm_without_anonymous_clients_asks_for_a_name() {
    for (version, user_name) in [(V311, None), (V5, None), (V5, Some("alice"))] {
        let mut net = Net::with(|config| {
            config.access.allow_anonymous = false;
            config.access.trust_user_names = false;
        });
        let client = net.attach(version);
        let connect = connect("c", version);
        let connect = user_name.map_or(connect.clone(), |name| named(connect, name));
        net.send(client, connect.into_packet());
        if user_name.is_none() {
            let Some(Packet::ConnAck(ack)) = net.take(client) else { panic!() };
            assert_eq!(ack.reason, ReasonCode::NotAuthorized);
            assert!(net.is_closed(client));
            continue;
        }
        // Packets behind CONNECT wait for the verdict, and are served after it.
        assert_eq!(net.questions, [client]);
        net.send(client, Packet::PingReq);
        assert_eq!(net.take(client), None);
        net.answer(client, Ok(()));
        assert!(matches!(net.take(client), Some(Packet::ConnAck(ack)) if ack.reason == ReasonCode::Success));
        assert_eq!(net.take(client), Some(Packet::PingResp));
    }
}

#[test]
fn what_waits_behind_connect_is_bounded() {
    let mut net = Net::with(|config| config.access.trust_user_names = false);
    let client = net.attach(V5);
    net.send(client, named(connect("c", V5), "alice").into_packet());
    for _ in 0..1_001 {
        net.send(client, Packet::PingReq);
    }
    assert!(
        matches!(net.take(client), Some(Packet::ConnAck(ack)) if ack.reason == ReasonCode::QuotaExceeded)
    );
    assert!(net.is_closed(client));
    net.answer(client, Ok(()));
    assert_eq!(net.take(client), None, "a verdict that comes too late changes nothing");
}

#[test]
fn an_account_that_the_transport_proved_needs_no_password_and_bears_no_other_name() {
    let mut net = Net::with(|config| {
        config.access.allow_anonymous = false;
        config.access.trust_user_names = false;
        config.access.acl = Some(RULES.to_owned());
    });
    for (claimed, reason) in [
        (None, ReasonCode::Success),
        (Some("peter"), ReasonCode::Success),
        (Some("admin"), ReasonCode::NotAuthorized),
    ] {
        let id = net.attach_as("peter");
        let mut connect = connect("certified", V5);
        connect.user_name = claimed.map(|name| name.try_into().unwrap());
        net.send(id, Packet::Connect(Box::new(connect)));
        let Some(Packet::ConnAck(ack)) = net.take(id) else { panic!("no CONNACK") };
        assert_eq!(ack.reason, reason, "{claimed:?}");
        if reason != ReasonCode::Success {
            assert!(net.is_closed(id) && net.questions.is_empty());
            continue;
        }
        assert_eq!(net.subscribe(id, "chat/messages/peter/+", AtMostOnce), ReasonCode::Success);
        assert_eq!(net.try_subscribe(id, "chat/messages/hannes/minh"), ReasonCode::NotAuthorized);
    }
}
