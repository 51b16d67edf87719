//! Reason Strings (3.2.2.3.9 and its like): a refusal says why, where the client wants that and has room for it.

use crate::{Bench, Client, Script, V5, V311, message, script, subscription};
use headcount_mqtt::QoS::AtMostOnce;
use headcount_mqtt::{Ack, Packet, PacketId, ReasonCode};

pub(crate) const SCRIPTS: &[Script] = &[
    script!(a_refused_connect_says_why, V5, ["MQTT-3.2.2-19"]).configured(deaf_to_strangers),
    script!(connack_keeps_to_the_clients_maximum, V5, ["MQTT-3.2.2-19", "MQTT-3.2.2-20"]),
    script!(a_disconnect_says_why, V5, ["MQTT-3.14.2-3"]).configured(|_| {}),
    script!(disconnect_keeps_to_the_clients_maximum, V5, ["MQTT-3.14.2-3", "MQTT-3.14.2-4"]),
    script!(disconnect_has_no_session_expiry, V5, ["MQTT-3.14.2-2"]),
    script!(a_disconnect_without_reasons_has_none, V5, ["MQTT-3.1.2-29"]).configured(|_| {}),
    script!(a_refused_message_says_why, V5, ["MQTT-3.4.2-2", "MQTT-3.5.2-2"]).configured(small),
    script!(puback_keeps_to_the_clients_maximum, V5, ["MQTT-3.4.2-2", "MQTT-3.4.2-3"]).configured(small),
    script!(pubrec_keeps_to_the_clients_maximum, V5, ["MQTT-3.5.2-2", "MQTT-3.5.2-3"]).configured(small),
    script!(pubrel_keeps_to_the_clients_maximum, V5, ["MQTT-3.6.2-2", "MQTT-3.6.2-3"]),
    script!(pubcomp_keeps_to_the_clients_maximum, V5, ["MQTT-3.7.2-2", "MQTT-3.7.2-3"]),
    script!(a_refused_filter_says_why, V5, ["MQTT-3.9.2-1"]).configured(shallow),
    script!(suback_keeps_to_the_clients_maximum, V5, ["MQTT-3.9.2-1", "MQTT-3.9.2-2"]).configured(shallow),
    script!(unsuback_keeps_to_the_clients_maximum, V5, ["MQTT-3.11.2-1", "MQTT-3.11.2-2"]),
    script!(a_refused_id_is_free_for_another_message, V5, ["MQTT-4.3.3-9"]).configured(small),
    script!(a_payload_that_is_not_what_it_says_is_refused, V5, ["3.3.2.3.2"])
        .configured(|config| config.limits.check_payload_format = true),
    script!(nothing_is_said_in_3_1_1, V311, ["MQTT-3.3.5-2 (3.1.1)"]).configured(small),
];

fn deaf_to_strangers(config: &mut headcount_broker::Config) {
    config.access.allow_anonymous = false;
}

fn small(config: &mut headcount_broker::Config) {
    config.limits.max_payload_size = Some(10);
}

fn shallow(config: &mut headcount_broker::Config) {
    config.limits.max_topic_levels = 3;
}

fn id(number: u16) -> PacketId {
    PacketId::new(number).expect("not zero")
}

/// A client that takes packets of few bytes: no sentence has room.
fn cramped(b: &Bench) -> Client {
    b.connecting("cramped").with(|properties| properties.maximum_packet_size = Some(30)).open()
}

fn a_refused_connect_says_why(b: &Bench) {
    let a = b.connecting("a").sent();
    let ack = a.expect_connack();
    b.check(ack.reason == ReasonCode::NotAuthorized, &format!("CONNACK {:?}", ack.reason));
    b.check(ack.properties.reason_string.is_some(), "no Reason String");
    a.expect_closed();
}

fn connack_keeps_to_the_clients_maximum(b: &Bench) {
    let method = Some("x".try_into().expect("a text"));
    let refused = b.connecting("a").with(|properties| {
        properties.maximum_packet_size = Some(20);
        properties.authentication_method = method;
    });
    let a = refused.sent();
    let ack = a.expect_connack();
    let brief = ack.properties.reason_string.is_none() && ack.properties.user_properties.is_empty();
    b.check(brief, "a CONNACK of more than 20 bytes");
    a.expect_closed();
}

fn a_disconnect_says_why(b: &Bench) {
    let a = b.connect("a");
    a.send(&b.connecting("a").packet());
    let said = goodbye(&a);
    b.check(said.is_some_and(|said| said.contains("CONNECT")), "no Reason String names the second CONNECT");
}

fn disconnect_keeps_to_the_clients_maximum(b: &Bench) {
    let a = b.connecting("a").with(|properties| properties.maximum_packet_size = Some(30)).open();
    too_great_an_alias(&a);
    b.check(goodbye(&a).is_none(), "a Reason String in few bytes");
}

fn disconnect_has_no_session_expiry(b: &Bench) {
    let a = b.connecting("a").kept().open();
    too_great_an_alias(&a);
    match a.next("DISCONNECT") {
        Packet::Disconnect(it) => {
            let expiry = it.properties.and_then(|properties| properties.session_expiry_interval);
            b.check(expiry.is_none(), "a Session Expiry Interval");
        }
        other => a.fail(&format!("{other:?} came; DISCONNECT was expected")),
    }
}

fn a_disconnect_without_reasons_has_none(b: &Bench) {
    let a = b.connecting("a").with(|properties| properties.request_problem_information = Some(false)).open();
    a.send(&b.connecting("a").packet());
    b.check(goodbye(&a).is_none(), "a Reason String that nobody wants");
}

fn too_great_an_alias(client: &Client) {
    client.send_message(&message("t", "").with(|properties| properties.topic_alias = Some(u16::MAX)));
}

/// The Reason String of the DISCONNECT that comes.
fn goodbye(client: &Client) -> Option<String> {
    match client.next("DISCONNECT") {
        Packet::Disconnect(it) => {
            client.expect_closed();
            it.properties.and_then(|properties| Some(properties.reason_string?.as_str().to_owned()))
        }
        other => client.fail(&format!("{other:?} came; DISCONNECT was expected")),
    }
}

fn a_refused_message_says_why(b: &Bench) {
    let a = b.connect("a");
    for message in [message("t", "eleven chars").at_least_once(), message("t", "eleven chars").exactly_once()]
    {
        let id = a.send_message(&message);
        let said = a.expect_ack(id, ReasonCode::QuotaExceeded);
        b.check(
            said.is_some_and(|said| said.as_str().contains("12 bytes")),
            "no Reason String says how large",
        );
    }
}

fn puback_keeps_to_the_clients_maximum(b: &Bench) {
    let a = cramped(b);
    let id = a.send_message(&message("t", "eleven chars").at_least_once());
    a.expect(&Packet::PubAck(Ack::with(id, ReasonCode::QuotaExceeded)));
}

fn pubrec_keeps_to_the_clients_maximum(b: &Bench) {
    let a = cramped(b);
    let id = a.send_message(&message("t", "eleven chars").exactly_once());
    a.expect(&Packet::PubRec(Ack::with(id, ReasonCode::QuotaExceeded)));
}

fn pubrel_keeps_to_the_clients_maximum(b: &Bench) {
    let a = b.connecting("a").with(|properties| properties.maximum_packet_size = Some(30)).open();
    a.send(&Packet::PubRec(Ack::new(id(9))));
    match a.next("PUBREL") {
        Packet::PubRel(ack) => b.check(ack.properties.is_none(), "a sentence without room"),
        other => a.fail(&format!("{other:?} came; PUBREL was expected")),
    }
}

fn pubcomp_keeps_to_the_clients_maximum(b: &Bench) {
    let a = b.connecting("a").with(|properties| properties.maximum_packet_size = Some(30)).open();
    a.send(&Packet::PubRel(Ack::new(id(9))));
    match a.next("PUBCOMP") {
        Packet::PubComp(ack) => b.check(ack.properties.is_none(), "a sentence without room"),
        other => a.fail(&format!("{other:?} came; PUBCOMP was expected")),
    }
}

fn a_refused_filter_says_why(b: &Bench) {
    let a = b.connect("a");
    a.send(&Packet::Subscribe(headcount_mqtt::Subscribe {
        packet_id: id(7),
        subscription_identifier: None,
        user_properties: Vec::new(),
        subscriptions: vec![subscription(b, "a/b/c", AtMostOnce)],
    }));
    match a.next("SUBACK") {
        Packet::SubAck(ack) => {
            let said = ack.properties.reason_string;
            b.check(
                said.is_some_and(|said| said.as_str().contains("3 levels")),
                "no Reason String says how deep",
            );
        }
        other => a.fail(&format!("{other:?} came; SUBACK was expected")),
    }
}

fn suback_keeps_to_the_clients_maximum(b: &Bench) {
    let a = b.connecting("a").with(|properties| properties.maximum_packet_size = Some(30)).open();
    let codes = a.subscribe_all(vec![subscription(b, "a/b/c", AtMostOnce)], None);
    b.check(codes == [ReasonCode::TopicFilterInvalid], &format!("SUBACK {codes:?}"));
}

fn unsuback_keeps_to_the_clients_maximum(b: &Bench) {
    let a = b.connecting("a").with(|properties| properties.maximum_packet_size = Some(30)).open();
    let codes = a.unsubscribe(&["nothing"]);
    b.check(codes == [ReasonCode::NoSubscriptionExisted], &format!("UNSUBACK {codes:?}"));
}

fn a_refused_id_is_free_for_another_message(b: &Bench) {
    let s = b.connect("s");
    s.subscribe("t", AtMostOnce);
    let p = b.connect("p");
    let id = p.send_message(&message("t", "eleven chars").exactly_once());
    p.expect_ack(id, ReasonCode::QuotaExceeded);
    p.publish(&message("t", "short").exactly_once().id(id.get()));
    s.receive(&message("t", "short"));
    s.expect_nothing();
}

fn a_payload_that_is_not_what_it_says_is_refused(b: &Bench) {
    let s = b.connect("s");
    s.subscribe("t", AtMostOnce);
    let p = b.connect("p");
    let says = |text| {
        move |properties: &mut headcount_mqtt::PublishProperties| {
            properties.payload_format_indicator = Some(text);
        }
    };
    let id = p.send_message(&message("t", b"\xC3\x28").at_least_once().with(says(true)));
    p.expect_ack(id, ReasonCode::PayloadFormatInvalid);
    p.send_message(&message("t", b"\xC3\x28").with(says(true)));
    s.expect_nothing();
    p.publish(&message("t", "ü").at_least_once().with(says(true)));
    s.receive(&message("t", "ü").with(says(true)));
    b.connecting("w")
        .will(&message("t", b"\xC3\x28").with(says(true)))
        .refused(ReasonCode::PayloadFormatInvalid);
    p.publish(&message("t", b"\xC3\x28").with(says(false)));
    s.receive(&message("t", b"\xC3\x28").with(says(false)));
}

fn nothing_is_said_in_3_1_1(b: &Bench) {
    let a = b.connect("a");
    let id = a.send_message(&message("t", "eleven chars").at_least_once());
    a.expect(&Packet::PubAck(Ack::new(id)));
}
