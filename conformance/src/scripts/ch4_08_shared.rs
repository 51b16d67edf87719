//! 4.8.2 Shared Subscriptions: each message to one of a group.

use crate::{Bench, Client, Script, V5, message, script};
use headcount_mqtt::Packet;
use headcount_mqtt::QoS::{AtLeastOnce, AtMostOnce, ExactlyOnce};

pub(crate) const SCRIPTS: &[Script] = &[
    script!(each_message_reaches_one_member, V5, ["4.8.2"]),
    script!(messages_are_spread_out, V5, ["4.8.2"]),
    script!(each_member_has_its_turn, V5, ["4.8.2"]).configured(|_| {}),
    script!(what_a_member_leaves_behind_goes_to_another, V5, ["4.8.2"]),
    script!(each_group_gets_its_own_copy, V5, ["4.8.2"]),
    script!(one_filter_is_one_group, V5, ["4.8.2"]),
    script!(a_plain_subscription_gets_its_copy_too, V5, ["4.8.2"]),
    script!(wildcards_work_behind_the_name, V5, ["MQTT-4.8.2-1"]),
    script!(a_filter_may_begin_with_a_slash, V5, ["MQTT-4.8.2-1"]),
    script!(the_qos_of_the_member_counts, V5, ["MQTT-4.8.2-3"]),
    script!(no_retained_message_is_sent, V5, ["4.8.2"]),
    script!(unsubscribing_leaves_the_rest, V5, ["4.8.2"]),
    script!(unsubscribing_needs_the_whole_filter, V5, ["MQTT-3.10.4-1"]),
    script!(a_member_that_left_gets_none, V5, ["4.8.2"]),
    script!(a_membership_is_kept_with_the_session, V5, ["MQTT-4.1.0-1"]),
    script!(a_member_that_is_away_is_passed_over, V5, ["4.8.2"]),
    script!(an_identifier_comes_with_the_message, V5, ["MQTT-3.3.4-3"]),
    script!(a_refused_message_reaches_no_other_member, V5, ["MQTT-4.8.2-6"]),
    script!(a_message_of_an_ended_session_reaches_no_other_member, V5, ["MQTT-4.8.2-5"]),
    script!(a_message_on_its_way_stays_with_its_member, V5, ["MQTT-4.8.2-4"]),
];

/// How many of `count` messages come to this client, none of them twice.
fn drain(c: &Client, count: usize) -> Vec<bytes::Bytes> {
    let mut got = Vec::new();
    c.send(&Packet::PingReq);
    loop {
        match c.next("PUBLISH or PINGRESP") {
            Packet::PingResp => return got,
            Packet::Publish(publish) => {
                if let Some(id) = publish.delivery.packet_id() {
                    c.send(&Packet::PubAck(headcount_mqtt::Ack::new(id)));
                }
                got.push(publish.payload);
                if got.len() > count {
                    c.fail("more messages than were sent");
                }
            }
            _ => c.fail("neither PUBLISH nor PINGRESP came"),
        }
    }
}

fn publish_many(b: &Bench, topic: &str, count: usize) {
    let p = b.connect("p");
    for n in 0..count {
        p.publish(&message(topic, n.to_string()).at_least_once());
    }
}

fn each_message_reaches_one_member(b: &Bench) {
    let members = [b.connect("one"), b.connect("two"), b.connect("three")];
    for member in &members {
        member.subscribe("$share/g/{}/t", AtMostOnce);
    }
    publish_many(b, "t", 30);
    let mut all: Vec<_> = members.iter().flat_map(|member| drain(member, 30)).collect();
    all.sort_by_key(|payload| (payload.len(), payload.clone()));
    let wanted: Vec<_> = (0..30).map(|n| bytes::Bytes::from(n.to_string())).collect();
    b.check(all == wanted, &format!("{} messages of 30 came, or some twice", all.len()));
}

fn messages_are_spread_out(b: &Bench) {
    let members = [b.connect("one"), b.connect("two"), b.connect("three")];
    for member in &members {
        member.subscribe("$share/g/{}/t", AtMostOnce);
    }
    publish_many(b, "t", 30);
    for member in &members {
        let got = drain(member, 30).len();
        b.check(got > 0, &format!("{} of 30 messages for {}", got, member.name()));
    }
}

fn each_member_has_its_turn(b: &Bench) {
    let members = [b.connect("one"), b.connect("two"), b.connect("three")];
    for member in &members {
        member.subscribe("$share/g/{}/t", AtLeastOnce);
    }
    publish_many(b, "t", 30);
    for member in &members {
        let got = drain(member, 30).len();
        b.check(got == 10, &format!("{} of 30 messages for one of three, {}", got, member.name()));
    }
}

fn what_a_member_leaves_behind_goes_to_another(b: &Bench) {
    let leaving = b.connect("leaving");
    leaving.subscribe("$share/g/{}/t", AtLeastOnce);
    b.connect("p").publish(&message("t", "x").at_least_once());
    leaving.expect_message(&message("t", "x").at_least_once());
    let staying = b.connect("staying");
    staying.subscribe("$share/g/{}/t", AtLeastOnce);
    leaving.vanish();
    staying.receive(&message("t", "x").at_least_once());
    staying.expect_nothing();
}

fn each_group_gets_its_own_copy(b: &Bench) {
    let (g, h) = (b.connect("g"), b.connect("h"));
    g.subscribe("$share/g/{}/t", AtMostOnce);
    h.subscribe("$share/h/{}/t", AtMostOnce);
    publish_many(b, "t", 3);
    for client in [&g, &h] {
        b.check(drain(client, 3) == ["0", "1", "2"], "a group misses messages");
    }
}

fn one_filter_is_one_group(b: &Bench) {
    let (one, two) = (b.connect("one"), b.connect("two"));
    one.subscribe("$share/g/{}/t", AtMostOnce);
    two.subscribe("$share/g/{}/+", AtMostOnce);
    publish_many(b, "t", 3);
    for client in [&one, &two] {
        b.check(drain(client, 3) == ["0", "1", "2"], "the same name with two filters is two groups");
    }
}

fn a_plain_subscription_gets_its_copy_too(b: &Bench) {
    let (plain, member) = (b.connect("plain"), b.connect("member"));
    plain.subscribe("t", AtMostOnce);
    member.subscribe("$share/g/{}/t", AtMostOnce);
    publish_many(b, "t", 2);
    for client in [&plain, &member] {
        b.check(drain(client, 2) == ["0", "1"], "a subscription misses messages");
    }
}

fn wildcards_work_behind_the_name(b: &Bench) {
    let s = b.connect("s");
    s.subscribe("$share/g/{}/+/b/#", AtLeastOnce);
    b.connect("p").publish(&message("a/b/c", "x").at_least_once());
    s.receive(&message("a/b/c", "x").at_least_once());
}

fn a_filter_may_begin_with_a_slash(b: &Bench) {
    let s = b.connect("s");
    s.subscribe("$share/g//{}/t", AtLeastOnce);
    let p = b.connect("p");
    p.publish(&message("t", "x").at_least_once());
    s.expect_nothing();
    p.publish(&message("/{}/t", "y").at_least_once());
    s.receive(&message("/{}/t", "y").at_least_once());
}

fn the_qos_of_the_member_counts(b: &Bench) {
    for qos in [AtMostOnce, AtLeastOnce, ExactlyOnce] {
        let s = b.connect("s");
        s.subscribe("$share/g/{}/t", qos);
        b.connect("p").publish(&message("t", "x").exactly_once());
        s.receive(&message("t", "x").qos(qos));
        s.disconnect();
    }
}

fn no_retained_message_is_sent(b: &Bench) {
    b.connect("p").publish(&message("t", "x").at_least_once().retain());
    let s = b.connect("s");
    s.subscribe("$share/g/{}/t", AtLeastOnce);
    s.expect_nothing();
}

fn unsubscribing_leaves_the_rest(b: &Bench) {
    let (one, two) = (b.connect("one"), b.connect("two"));
    for member in [&one, &two] {
        member.subscribe("$share/g/{}/t", AtMostOnce);
    }
    one.unsubscribe(&["$share/g/{}/t"]);
    publish_many(b, "t", 6);
    b.check(drain(&two, 6).len() == 6, "the member that stayed misses messages");
    one.expect_nothing();
}

fn unsubscribing_needs_the_whole_filter(b: &Bench) {
    let s = b.connect("s");
    s.subscribe("$share/g/{}/t", AtMostOnce);
    s.unsubscribe(&["t", "$share/h/{}/t"]);
    b.connect("p").publish(&message("t", "x"));
    s.receive(&message("t", "x"));
}

fn a_member_that_left_gets_none(b: &Bench) {
    let (one, two) = (b.connect("one"), b.connect("two"));
    for member in [&one, &two] {
        member.subscribe("$share/g/{}/t", AtMostOnce);
    }
    one.vanish();
    publish_many(b, "t", 6);
    b.check(drain(&two, 6).len() == 6, "the member that stayed misses messages");
}

fn a_membership_is_kept_with_the_session(b: &Bench) {
    let s = b.connecting("s").kept().open();
    s.subscribe("$share/g/{}/t", AtLeastOnce);
    s.disconnect();
    let s = b.connecting("s").kept().resumed();
    b.connect("p").publish(&message("t", "x").at_least_once());
    s.receive(&message("t", "x").at_least_once());
}

fn a_member_that_is_away_is_passed_over(b: &Bench) {
    let (away, here) = (b.connecting("away").kept().open(), b.connect("here"));
    for member in [&away, &here] {
        member.subscribe("$share/g/{}/t", AtLeastOnce);
    }
    away.disconnect();
    publish_many(b, "t", 6);
    b.check(drain(&here, 6).len() == 6, "messages wait for a member that is away although another is here");
}

fn an_identifier_comes_with_the_message(b: &Bench) {
    let s = b.connect("s");
    s.subscribe_identified("$share/g/{}/t", AtMostOnce, 5);
    b.connect("p").publish(&message("t", "x"));
    s.receive(&message("t", "x").with(|properties| properties.subscription_identifiers = vec![5]));
}

fn a_message_on_its_way_stays_with_its_member(b: &Bench) {
    let one = b.connecting("one").kept().open();
    one.subscribe("$share/g/{}/t", ExactlyOnce);
    b.connect("p").publish(&message("t", "x").exactly_once());
    let publish = one.expect_message(&message("t", "x").exactly_once());
    let id = publish.delivery.packet_id().expect("QoS 2").get();
    one.vanish();
    let two = b.connect("two");
    two.subscribe("$share/g/{}/t", ExactlyOnce);
    two.expect_nothing();
    let one = b.connecting("one").kept().resumed();
    one.receive(&message("t", "x").exactly_once().id(id).dup());
    two.expect_nothing();
}

fn a_refused_message_reaches_no_other_member(b: &Bench) {
    let (one, two) = (b.connect("one"), b.connect("two"));
    one.subscribe("$share/g/{}/t", AtLeastOnce);
    b.connect("p").publish(&message("t", "x").at_least_once());
    let publish = one.expect_message(&message("t", "x").at_least_once());
    two.subscribe("$share/g/{}/t", AtLeastOnce);
    let id = publish.delivery.packet_id().expect("QoS 1");
    one.send(&Packet::PubAck(headcount_mqtt::Ack::with(id, headcount_mqtt::ReasonCode::UnspecifiedError)));
    two.expect_nothing();
    one.expect_nothing();
}

fn a_message_of_an_ended_session_reaches_no_other_member(b: &Bench) {
    let (one, two) = (b.connect("one"), b.connect("two"));
    one.subscribe("$share/g/{}/t", ExactlyOnce);
    b.connect("p").publish(&message("t", "x").exactly_once());
    one.expect_message(&message("t", "x").exactly_once());
    two.subscribe("$share/g/{}/t", ExactlyOnce);
    one.vanish();
    two.expect_nothing();
}
