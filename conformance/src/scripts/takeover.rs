//! 3.1.4 Take-over: one Client Identifier, one connection.

use crate::{BOTH, Bench, Script, V5, message, script};
use headcount_mqtt::QoS::{AtLeastOnce, AtMostOnce};
use headcount_mqtt::{Packet, ProtocolVersion, ReasonCode};

pub(crate) const SCRIPTS: &[Script] = &[
    script!(the_older_connection_is_closed, BOTH, ["MQTT-3.1.4-3"]),
    script!(the_session_goes_over, BOTH, ["MQTT-3.1.2-5", "MQTT-3.1.4-3"]),
    script!(a_clean_start_ends_the_session, BOTH, ["MQTT-3.1.2-4", "MQTT-3.1.4-3"]),
    script!(the_will_of_the_older_is_sent_with_its_session, BOTH, ["MQTT-3.1.4-3", "MQTT-3.1.2-8"]),
    script!(a_delayed_will_is_not_sent_when_the_session_goes_on, V5, ["MQTT-3.1.3-9"]),
    script!(unfinished_messages_go_over, BOTH, ["MQTT-4.4.0-1"]),
    script!(a_hundred_leave_one, BOTH, ["MQTT-3.1.4-3"]),
    script!(another_id_is_left_alone, BOTH, ["MQTT-3.1.4-3"]),
];

fn the_older_connection_is_closed(b: &Bench) {
    let old = b.connecting("old").client_id(&b.client_id("same")).open();
    let new = b.connecting("new").client_id(&b.client_id("same")).open();
    old.expect_refusal(&[ReasonCode::SessionTakenOver]);
    new.expect_open();
}

fn the_session_goes_over(b: &Bench) {
    let old = b.connecting("old").client_id(&b.client_id("same")).kept().open();
    old.subscribe("t", AtLeastOnce);
    let new = b.connecting("new").client_id(&b.client_id("same")).kept().resumed();
    old.expect_refusal(&[ReasonCode::SessionTakenOver]);
    b.connect("p").publish(&message("t", "x").at_least_once());
    new.receive(&message("t", "x").at_least_once());
    new.expect_nothing();
}

fn a_clean_start_ends_the_session(b: &Bench) {
    let old = b.connecting("old").client_id(&b.client_id("same")).kept().open();
    old.subscribe("t", AtLeastOnce);
    let new = b.connecting("new").client_id(&b.client_id("same")).open();
    old.expect_refusal(&[ReasonCode::SessionTakenOver]);
    b.connect("p").publish(&message("t", "x").at_least_once());
    new.expect_nothing();
}

fn the_will_of_the_older_is_sent_with_its_session(b: &Bench) {
    let w = b.connect("w");
    w.subscribe("will", AtMostOnce);
    let will = message("will", "taken over");
    b.connecting("old").client_id(&b.client_id("same")).will(&will).open();
    b.connecting("new").client_id(&b.client_id("same")).open();
    w.receive(&will);
    w.expect_nothing();
}

fn a_delayed_will_is_not_sent_when_the_session_goes_on(b: &Bench) {
    let w = b.connect("w");
    w.subscribe("will", AtMostOnce);
    let id = b.client_id("same");
    b.connecting("old").client_id(&id).kept().delayed_will(&message("will", "gone"), 30).open();
    b.connecting("new").client_id(&id).kept().resumed();
    w.expect_nothing();
}

fn unfinished_messages_go_over(b: &Bench) {
    let old = b.connecting("old").client_id(&b.client_id("same")).kept().open();
    old.subscribe("t", AtLeastOnce);
    b.connect("p").publish(&message("t", "x").at_least_once());
    let first = old.expect_message(&message("t", "x").at_least_once());
    let id = first.delivery.packet_id().map_or(0, headcount_mqtt::PacketId::get);
    let new = b.connecting("new").client_id(&b.client_id("same")).kept().resumed();
    new.receive(&message("t", "x").at_least_once().dup().id(id));
    new.expect_nothing();
}

fn a_hundred_leave_one(b: &Bench) {
    let clients: Vec<_> =
        (0..100).map(|_| b.connecting("one").client_id(&b.client_id("same")).sent()).collect();
    for client in &clients {
        b.check(client.expect_connack().reason == ReasonCode::Success, "one of a hundred is refused");
    }
    // A broker may serve connections side by side, so it need not be the last that was opened.
    let mut served = 0;
    for client in &clients {
        client.send(&Packet::PingReq);
        match client.next_or_closed("PINGRESP, or the end") {
            Some(Packet::PingResp) => served += 1,
            Some(Packet::Disconnect(disconnect)) if disconnect.reason == ReasonCode::SessionTakenOver => {
                client.expect_closed();
            }
            None if client.version() == ProtocolVersion::V311 => {}
            other => client.fail(&format!("{other:?} came; PINGRESP or the take-over was expected")),
        }
    }
    b.check(served == 1, &format!("{served} of a hundred are served"));
}

fn another_id_is_left_alone(b: &Bench) {
    let id = b.client_id("same");
    let upper = b.connecting("upper").client_id(&format!("{id}A")).open();
    let lower = b.connecting("lower").client_id(&format!("{id}a")).open();
    upper.expect_open();
    lower.expect_open();
}
