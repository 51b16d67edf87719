//! 3.2.2.3 What a server can't do, said in CONNACK and held to.

use crate::{BOTH, Bench, Script, V5, V311, message, script, subscription};
use headcount_mqtt::QoS::{AtLeastOnce, AtMostOnce, ExactlyOnce};
use headcount_mqtt::{Packet, QoS, ReasonCode};

pub(crate) const SCRIPTS: &[Script] = &[
    script!(a_maximum_qos_is_told, V5, ["MQTT-3.2.2-9"])
        .configured(|config| config.limits.max_qos = QoS::AtLeastOnce),
    script!(a_lower_qos_is_granted, BOTH, ["MQTT-3.8.4-7", "MQTT-3.2.2-10"])
        .configured(|config| config.limits.max_qos = QoS::AtLeastOnce),
    script!(a_message_above_the_maximum_qos_closes, V5, ["MQTT-3.2.2-11"])
        .configured(|config| config.limits.max_qos = QoS::AtMostOnce),
    script!(a_will_above_the_maximum_qos_is_refused, V5, ["MQTT-3.2.2-12"])
        .configured(|config| config.limits.max_qos = QoS::AtLeastOnce),
    script!(that_nothing_is_retained_is_told, V5, ["MQTT-3.2.2-14"])
        .configured(|config| config.limits.retain_available = false),
    script!(a_retained_message_closes_where_none_is_retained, V5, ["MQTT-3.2.2-14"])
        .configured(|config| config.limits.retain_available = false),
    script!(a_retained_will_is_refused_where_none_is_retained, V5, ["MQTT-3.2.2-13"])
        .configured(|config| config.limits.retain_available = false),
    script!(a_retained_message_passes_as_another_in_3_1_1, V311, ["MQTT-3.3.1-5"])
        .configured(|config| config.limits.retain_available = false),
    script!(an_empty_client_id_may_be_refused, BOTH, ["MQTT-3.1.3-8"])
        .configured(|config| config.limits.allow_empty_client_id = false),
    script!(a_shorter_session_expiry_is_told_and_kept, V5, ["3.2.2.3.2"])
        .waits(10)
        .configured(|config| config.limits.max_session_expiry = Some(10)),
    script!(a_session_of_3_1_1_expires_likewise, V311, ["3.1.2.4"])
        .waits(10)
        .configured(|config| config.limits.max_session_expiry = Some(10)),
    script!(a_receive_maximum_is_told_and_enforced, V5, ["MQTT-3.3.4-8"])
        .configured(|config| config.limits.receive_maximum = 2),
    script!(no_alias_is_taken_where_none_is_announced, V5, ["MQTT-3.2.2-17", "MQTT-3.2.2-18"])
        .configured(|config| config.limits.topic_alias_maximum = 0),
    script!(one_connection_too_many_is_refused, BOTH, ["3.2.2.2"])
        .configured(|config| config.limits.max_connections = 2),
    script!(a_full_server_takes_over_all_the_same, BOTH, ["MQTT-3.1.4-3"])
        .configured(|config| config.limits.max_connections = 2),
    script!(one_subscription_too_many_is_refused, BOTH, ["MQTT-3.9.3-2"])
        .configured(|config| config.limits.account.max_subscriptions = 2),
    script!(a_filter_too_deep_is_refused, BOTH, ["MQTT-3.9.3-2"]).configured(|_| {}),
    script!(a_queue_is_bounded_and_keeps_the_oldest, BOTH, ["4.1"])
        .configured(|config| config.limits.account.max_queued_messages = 3),
    script!(a_window_is_bounded, BOTH, ["4.9"])
        .configured(|config| config.limits.account.max_inflight_messages = 4),
    script!(an_idle_connection_is_ended, BOTH, ["4.13"])
        .waits(40)
        .configured(|config| config.limits.idle_timeout = Some(std::time::Duration::from_secs(30))),
];

fn a_maximum_qos_is_told(b: &Bench) {
    let (_, ack) = b.connecting("a").accepted();
    b.check(ack.properties.maximum_qos == Some(AtLeastOnce), "the Maximum QoS is not 1");
}

fn a_lower_qos_is_granted(b: &Bench) {
    let s = b.connect("s");
    let codes = s.subscribe_all(vec![subscription(b, "t", ExactlyOnce)], None);
    b.check(codes == [ReasonCode::GrantedQoS1], &format!("SUBACK grants {codes:?}"));
    b.connect("p").publish(&message("t", "x").at_least_once());
    s.receive(&message("t", "x").at_least_once());
}

fn a_message_above_the_maximum_qos_closes(b: &Bench) {
    let a = b.connect("a");
    a.send_message(&message("t", "x").at_least_once());
    a.expect_refusal(&[ReasonCode::QoSNotSupported]);
}

fn a_will_above_the_maximum_qos_is_refused(b: &Bench) {
    b.connecting("a").will(&message("will", "x").exactly_once()).refused(ReasonCode::QoSNotSupported);
    b.connecting("a").will(&message("will", "x").at_least_once()).open();
}

fn that_nothing_is_retained_is_told(b: &Bench) {
    let (_, ack) = b.connecting("a").accepted();
    b.check(ack.properties.retain_available == Some(false), "Retain Available is not 0");
}

fn a_retained_message_closes_where_none_is_retained(b: &Bench) {
    let a = b.connect("a");
    a.send_message(&message("t", "x").retain());
    a.expect_refusal(&[ReasonCode::RetainNotSupported]);
}

fn a_retained_will_is_refused_where_none_is_retained(b: &Bench) {
    b.connecting("a").will(&message("will", "x").retain()).refused(ReasonCode::RetainNotSupported);
}

fn a_retained_message_passes_as_another_in_3_1_1(b: &Bench) {
    let s = b.connect("s");
    s.subscribe("t", AtMostOnce);
    b.connect("p").publish(&message("t", "x").at_least_once().retain());
    s.receive(&message("t", "x"));
    let late = b.connect("late");
    late.subscribe("t", AtMostOnce);
    late.expect_nothing();
}

fn an_empty_client_id_may_be_refused(b: &Bench) {
    b.connecting("a").client_id("").refused(ReasonCode::ClientIdentifierNotValid);
}

fn a_shorter_session_expiry_is_told_and_kept(b: &Bench) {
    let (a, ack) = b.connecting("a").kept_for(3_600).accepted();
    b.check(ack.properties.session_expiry_interval == Some(10), "the Session Expiry Interval is not 10");
    a.disconnect();
    b.wait(10);
    b.connecting("a").kept().open();
}

fn a_session_of_3_1_1_expires_likewise(b: &Bench) {
    b.connecting("a").kept().open().disconnect();
    b.wait(10);
    b.connecting("a").kept().open();
}

fn a_receive_maximum_is_told_and_enforced(b: &Bench) {
    let (a, ack) = b.connecting("a").accepted();
    b.check(ack.properties.receive_maximum == Some(2), "the Receive Maximum is not 2");
    for number in 1..=3 {
        a.send_message(&message("t", "x").exactly_once().id(number));
    }
    for _ in 0..2 {
        b.check(matches!(a.next("PUBREC"), Packet::PubRec(_)), "no PUBREC came");
    }
    a.expect_refusal(&[ReasonCode::ReceiveMaximumExceeded]);
}

fn no_alias_is_taken_where_none_is_announced(b: &Bench) {
    let (a, ack) = b.connecting("a").accepted();
    b.check(ack.properties.topic_alias_maximum.is_none_or(|most| most == 0), "a Topic Alias Maximum");
    a.send_message(&message("t", "x").with(|properties| properties.topic_alias = Some(1)));
    a.expect_refusal(&[ReasonCode::TopicAliasInvalid]);
}

fn one_connection_too_many_is_refused(b: &Bench) {
    let (one, _two) = (b.connect("one"), b.connect("two"));
    let third = b.connecting("three").sent();
    let reason = third.expect_connack().reason;
    let fits = [ReasonCode::ServerUnavailable, ReasonCode::ServerBusy, ReasonCode::QuotaExceeded];
    b.check(fits.contains(&reason), &format!("CONNACK {reason:?} of a full server"));
    third.expect_closed();
    one.disconnect();
    b.connect("three").expect_open();
}

fn a_full_server_takes_over_all_the_same(b: &Bench) {
    let (one, two) = (b.connect("one"), b.connect("two"));
    let again = b.connecting("one").sent();
    if again.expect_connack().reason == ReasonCode::Success {
        again.connected();
        again.expect_open();
        one.expect_refusal(&[ReasonCode::SessionTakenOver]);
    } else {
        // A server that counts the new connection beside the old may refuse it, and must then keep the old.
        one.expect_open();
    }
    two.expect_open();
}

fn one_subscription_too_many_is_refused(b: &Bench) {
    let a = b.connect("a");
    a.subscribe("one", AtMostOnce);
    a.subscribe("two", AtMostOnce);
    a.subscribe("two", AtLeastOnce);
    let codes = a.subscribe_all(vec![subscription(b, "three", AtMostOnce)], None);
    b.check(codes.iter().all(|code| code.is_error()), &format!("SUBACK grants {codes:?}"));
    a.unsubscribe(&["one"]);
    a.subscribe("three", AtMostOnce);
}

fn a_filter_too_deep_is_refused(b: &Bench) {
    let a = b.connect("a");
    let codes = a.subscribe_all(vec![subscription(b, &"/".repeat(30_000), AtMostOnce)], None);
    b.check(codes.iter().all(|code| code.is_error()), &format!("SUBACK grants {codes:?}"));
    a.expect_open();
}

fn a_queue_is_bounded_and_keeps_the_oldest(b: &Bench) {
    let s = b.connecting("s").kept().open();
    s.subscribe("t", AtLeastOnce);
    s.disconnect();
    let p = b.connect("p");
    for n in 0..10 {
        p.publish(&message("t", n.to_string()).at_least_once());
    }
    let s = b.connecting("s").kept().resumed();
    for n in 0..3 {
        s.receive(&message("t", n.to_string()).at_least_once());
    }
    s.expect_nothing();
    p.publish(&message("t", "again").at_least_once());
    s.receive(&message("t", "again").at_least_once());
}

fn a_window_is_bounded(b: &Bench) {
    let s = b.connect("s");
    s.subscribe("t", AtLeastOnce);
    let p = b.connect("p");
    for n in 0..8 {
        p.publish(&message("t", n.to_string()).at_least_once());
    }
    let window: Vec<_> =
        (0..4).map(|n| s.expect_message(&message("t", n.to_string()).at_least_once())).collect();
    s.expect_nothing();
    for publish in &window {
        s.acknowledge(publish);
    }
    for n in 4..8 {
        s.receive(&message("t", n.to_string()).at_least_once());
    }
    s.expect_nothing();
}

fn an_idle_connection_is_ended(b: &Bench) {
    let (idle, busy) = (b.connect("idle"), b.connect("busy"));
    b.wait(20);
    idle.send(&Packet::PingReq);
    idle.expect(&Packet::PingResp);
    busy.publish(&message("t", "x").at_least_once());
    b.wait(10);
    // PINGREQ alone is no business of a client's.
    if b.is_v5() {
        b.check(matches!(idle.next("DISCONNECT"), Packet::Disconnect(_)), "no DISCONNECT came");
    }
    idle.expect_closed();
    busy.expect_open();
}
