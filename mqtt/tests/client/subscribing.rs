//! SUBSCRIBE and UNSUBSCRIBE (3.8 to 3.11), and subscribing again.

use crate::script::*;
use headcount_mqtt::client::{Event, Limits, Options, SubscribeError, Subscribed, Token};
use headcount_mqtt::{
    AckProperties, ConnAckProperties, EncodeError, Packet, QoS, ReasonCode, SubAck, Subscribe, Subscription,
    TopicFilter, UnsubAck, Unsubscribe,
};

use ReasonCode::{GrantedQoS1, NotAuthorized, Success};

fn to(name: &str) -> Subscription {
    Subscription::new(filter(name), QoS::AtLeastOnce)
}

fn subscribe_packet(number: u16, identifier: Option<u32>, filters: &[&str]) -> Packet {
    Packet::Subscribe(Subscribe {
        packet_id: id(number),
        subscription_identifier: identifier,
        user_properties: Vec::new(),
        subscriptions: filters.iter().map(|name| to(name)).collect(),
    })
}

fn unsubscribe_packet(number: u16, filters: &[&str]) -> Packet {
    Packet::Unsubscribe(Unsubscribe {
        packet_id: id(number),
        user_properties: Vec::new(),
        filters: filters.iter().map(|name| filter(name)).collect(),
    })
}

fn suback(number: u16, reasons: &[ReasonCode]) -> Packet {
    Packet::SubAck(SubAck {
        packet_id: id(number),
        reasons: reasons.to_vec(),
        properties: AckProperties::default(),
    })
}

fn unsuback(number: u16, reasons: &[ReasonCode]) -> Packet {
    Packet::UnsubAck(UnsubAck {
        packet_id: id(number),
        reasons: reasons.to_vec(),
        properties: AckProperties::default(),
    })
}

fn subscribed(token: Option<Token>, results: &[(&str, ReasonCode)]) -> Event {
    let results = results.iter().map(|(name, reason)| (filter(name), *reason)).collect();
    Event::Subscribed(Subscribed { token, results, reason_string: None })
}

impl Script {
    fn subscribe(&mut self, filters: &[&str], identifier: Option<u32>) -> Token {
        let subscriptions = filters.iter().map(|name| to(name)).collect();
        self.client.subscribe(self.now, subscriptions, identifier).expect("the client takes it")
    }

    fn unsubscribe(&mut self, filters: &[&str]) -> Token {
        let filters = filters.iter().map(|name| filter(name)).collect();
        self.client.unsubscribe(self.now, filters).expect("the client takes it")
    }

    /// Subscribes and is granted everything, under this Packet Identifier.
    fn granted(&mut self, number: u16, filters: &[&str], identifier: Option<u32>) {
        self.subscribe(filters, identifier);
        self.expect(subscribe_packet(number, identifier, filters));
        self.send(suback(number, &vec![GrantedQoS1; filters.len()]));
        assert!(matches!(self.event(), Event::Subscribed(_)));
    }
}

// [MQTT-3.8.4-1] [MQTT-3.8.4-2] [MQTT-3.8.4-6] [MQTT-3.10.4-4]
#[test]
fn requests_are_answered_filter_by_filter() {
    for version in [V5, V311] {
        let mut script = Script::connected(version);
        let token = script.subscribe(&["a/+", "b"], None);
        script.expect(subscribe_packet(1, None, &["a/+", "b"]));
        script.send(suback(1, &[GrantedQoS1, ReasonCode::UnspecifiedError]));
        let results = [("a/+", GrantedQoS1), ("b", ReasonCode::UnspecifiedError)];
        script.expect_event(&subscribed(Some(token), &results));
        let token = script.unsubscribe(&["a/+", "c"]);
        script.expect(unsubscribe_packet(2, &["a/+", "c"]));
        let second = if version == V5 { ReasonCode::NoSubscriptionExisted } else { Success };
        script.send(unsuback(
            2,
            if version == V5 { &[Success, ReasonCode::NoSubscriptionExisted] } else { &[] },
        ));
        let results = vec![(filter("a/+"), Success), (filter("c"), second)];
        script.expect_event(&Event::Unsubscribed { token, results });
        script.expect_quiet();
    }
}

#[test]
fn a_subscription_identifier_goes_with_its_filters() {
    let mut script = Script::connected(V5);
    script.granted(1, &["a", "b"], Some(42));
    script.expect_quiet();
}

#[test]
fn requests_wait_for_the_connection_in_order() {
    let mut script = Script::new(options(V5));
    script.subscribe(&["a"], None);
    script.unsubscribe(&["a"]);
    script.subscribe(&["b"], None);
    script.connect();
    script.accept(false, ConnAckProperties::default());
    script.expect(subscribe_packet(1, None, &["a"]));
    script.expect(unsubscribe_packet(2, &["a"]));
    script.expect(subscribe_packet(3, None, &["b"]));
    script.expect_quiet();
}

#[test]
fn a_request_without_an_answer_is_sent_again_on_the_next_connection() {
    for session_present in [true, false] {
        let mut script = Script::connected_with(kept(V5), ConnAckProperties::default());
        let token = script.subscribe(&["a"], None);
        script.packet();
        script.reconnect(session_present, ConnAckProperties::default());
        script.expect(subscribe_packet(2, None, &["a"]));
        // The old identifier means nothing any more.
        script.send(suback(1, &[NotAuthorized]));
        script.expect_quiet();
        script.send(suback(2, &[GrantedQoS1]));
        script.expect_event(&subscribed(Some(token), &[("a", GrantedQoS1)]));
    }
}

#[test]
fn a_resumed_session_needs_no_subscribing_again() {
    let mut script = Script::connected_with(kept(V5), ConnAckProperties::default());
    script.granted(1, &["a"], None);
    script.reconnect(true, ConnAckProperties::default());
    script.expect_quiet();
}

#[test]
fn a_lost_session_is_subscribed_again_as_it_was_granted() {
    let mut script = Script::connected(V5);
    script.granted(1, &["a", "b"], None);
    script.granted(2, &["c"], Some(7));
    script.granted(3, &["d"], Some(7));
    // Refused: forgotten.
    script.subscribe(&["no"], None);
    script.packet();
    script.send(suback(4, &[NotAuthorized]));
    script.event();
    // Given up: forgotten.
    script.unsubscribe(&["b"]);
    script.packet();
    script.send(unsuback(5, &[Success]));
    script.event();
    // Replaced: with its last identifier.
    script.granted(6, &["d"], Some(8));

    script.reconnect(false, ConnAckProperties::default());
    script.expect(subscribe_packet(7, None, &["a"]));
    script.expect(subscribe_packet(8, Some(7), &["c"]));
    script.expect(subscribe_packet(9, Some(8), &["d"]));
    script.expect_quiet();
    script.send(suback(7, &[GrantedQoS1]));
    script.expect_event(&subscribed(None, &[("a", GrantedQoS1)]));
    script.send(suback(8, &[NotAuthorized]));
    script.expect_event(&subscribed(None, &[("c", NotAuthorized)]));

    // `c` is refused since; the answer for `d` did not come.
    script.reconnect(false, ConnAckProperties::default());
    script.expect(subscribe_packet(10, None, &["a"]));
    script.expect(subscribe_packet(11, Some(8), &["d"]));
    script.expect_quiet();
}

#[test]
fn a_resubscription_without_an_answer_is_repeated_even_when_the_session_is_resumed() {
    let mut script = Script::connected_with(kept(V5), ConnAckProperties::default());
    script.granted(1, &["a"], None);
    script.reconnect(false, ConnAckProperties::default());
    script.expect(subscribe_packet(2, None, &["a"]));
    script.reconnect(true, ConnAckProperties::default());
    script.expect(subscribe_packet(3, None, &["a"]));
    script.expect_quiet();
}

#[test]
fn what_a_waiting_request_speaks_of_is_left_to_it() {
    let mut script = Script::connected(V5);
    script.granted(1, &["a", "b"], None);
    script.lose();
    script.unsubscribe(&["a"]);
    script.wait();
    script.open();
    script.accept(false, ConnAckProperties::default());
    script.expect(subscribe_packet(2, None, &["b"]));
    script.expect(unsubscribe_packet(3, &["a"]));
    script.expect_quiet();
}

#[test]
fn subscribing_again_keeps_to_the_servers_maximum_packet_size() {
    let names: Vec<String> = (0..100).map(|n| format!("level/{n:03}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut script = Script::connected(V5);
    script.granted(1, &names, None);
    // Each filter takes 12 bytes: 7 beside the 13 of the rest.
    script.reconnect(false, ConnAckProperties { maximum_packet_size: Some(100), ..Default::default() });
    let mut asked = Vec::new();
    while asked.len() < names.len() {
        let Packet::Subscribe(subscribe) = script.packet() else { panic!("expected SUBSCRIBE") };
        let left = names.len() - asked.len();
        assert_eq!(subscribe.subscriptions.len(), left.min(7));
        asked.extend(subscribe.subscriptions.into_iter().map(|s| s.filter));
    }
    assert!(asked.iter().map(TopicFilter::as_str).eq(names));
    script.expect_quiet();
}

#[test]
fn calls_that_cannot_work_are_turned_down() {
    let now = secs(0);
    let mut script = Script::connected(V5);
    let client = &mut script.client;
    assert_eq!(client.subscribe(now, vec![], None), Err(SubscribeError::Empty));
    assert_eq!(client.unsubscribe(now, vec![]), Err(SubscribeError::Empty));
    for wrong in [0, 268_435_456] {
        assert_eq!(client.subscribe(now, vec![to("a")], Some(wrong)), Err(SubscribeError::Identifier));
    }
    // [MQTT-3.8.3-4]
    let shared = Subscription { no_local: true, ..to("$share/g/a") };
    assert_eq!(client.subscribe(now, vec![shared], None), Err(SubscribeError::NoLocalShared));
    script.expect_quiet();
}

// 3.2.2.3.11 to 3.2.2.3.13
#[test]
fn what_the_server_does_not_take_is_turned_down() {
    let properties = ConnAckProperties {
        wildcard_subscription_available: Some(false),
        shared_subscription_available: Some(false),
        subscription_identifiers_available: Some(false),
        maximum_packet_size: Some(20),
        ..Default::default()
    };
    let cases = [
        ("a/+", None, ReasonCode::WildcardSubscriptionsNotSupported),
        ("a/#", None, ReasonCode::WildcardSubscriptionsNotSupported),
        ("$share/g/a", None, ReasonCode::SharedSubscriptionsNotSupported),
        ("a", Some(1), ReasonCode::SubscriptionIdentifiersNotSupported),
    ];
    let long = "0123456789";
    let mut script = Script::connected_with(options(V5), properties.clone());
    for (name, identifier, reason) in cases {
        let refused = script.client.subscribe(script.now, vec![to(name)], identifier);
        assert_eq!(refused, Err(SubscribeError::Unsupported(reason)));
    }
    let refused = script.client.subscribe(script.now, vec![to(long), to("a")], None);
    assert_eq!(refused, Err(SubscribeError::Encode(EncodeError::TooLarge { size: 22, maximum: 20 })));
    script.expect_quiet();

    // The same, accepted before the server was known, is answered on its behalf.
    let mut script = Script::new(options(V5));
    let tokens = cases.map(|(name, identifier, _)| script.subscribe(&[name], identifier));
    let too_long = script.subscribe(&[long, "a"], None);
    script.subscribe(&["b"], None);
    script.connect();
    script.accept(false, properties);
    for (token, (name, _, reason)) in tokens.into_iter().zip(cases) {
        script.expect_event(&subscribed(Some(token), &[(name, reason)]));
    }
    let reason = ReasonCode::PacketTooLarge;
    script.expect_event(&subscribed(Some(too_long), &[(long, reason), ("a", reason)]));
    script.expect(subscribe_packet(1, None, &["b"]));
    script.expect_quiet();
}

#[test]
fn subscriptions_and_requests_are_bounded() {
    let limits = Limits { subscriptions: 3, requests: 2, ..Limits::default() };
    let mut script = Script::connected_with(Options { limits, ..options(V5) }, ConnAckProperties::default());
    let too_many = |script: &mut Script, name: &str| {
        assert_eq!(script.client.subscribe(script.now, vec![to(name)], None), Err(SubscribeError::TooMany));
        script.expect_quiet();
    };
    script.granted(1, &["a", "b"], None);
    script.granted(2, &["c"], None);
    too_many(&mut script, "d");
    // One that is there is replaced, not added.
    script.granted(3, &["b"], Some(9));
    script.unsubscribe(&["a"]);
    script.packet();
    script.unsubscribe(&["b"]);
    script.packet();
    let third = script.client.unsubscribe(script.now, vec![filter("c")]);
    assert_eq!(third, Err(SubscribeError::TooMany));
    script.send(unsuback(4, &[Success]));
    script.event();
    script.send(unsuback(5, &[Success]));
    script.event();
    script.granted(6, &["d"], None);
}

// [MQTT-3.8.4-6] [MQTT-3.11.3-1]
#[test]
fn answers_that_do_not_fit_are_protocol_errors() {
    type Wrong = fn(&mut Script) -> Packet;
    let cases: [Wrong; 5] = [
        |_| suback(1, &[GrantedQoS1]),
        |_| unsuback(1, &[Success, Success]),
        |_| suback(1, &[GrantedQoS1, GrantedQoS1, GrantedQoS1]),
        |script| {
            script.unsubscribe(&["a"]);
            script.packet();
            suback(2, &[GrantedQoS1])
        },
        |script| {
            script.unsubscribe(&["a"]);
            script.packet();
            unsuback(2, &[Success, Success])
        },
    ];
    for case in cases {
        let mut script = Script::connected(V5);
        script.subscribe(&["a", "b"], None);
        script.packet();
        let wrong = case(&mut script);
        script.send(wrong);
        script.expect_rejection(ReasonCode::ProtocolError);
    }
}
