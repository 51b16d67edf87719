//! `$headcount/<account>/events` and the retained states.

use crate::support::*;
use headcount_broker::Broker;
use headcount_mqtt::{Connect, DecodeError, Packet, PacketId, ReasonCode};
use std::time::Duration;

fn watched(change: impl FnOnce(&mut headcount_broker::Config)) -> (Net, headcount_broker::ConnectionId) {
    let mut net = Net::with(change);
    let (watcher, _) = net.connect_with(named(connect("watcher", V5), "watcher"));
    net.subscribe(watcher, "$headcount/anonymous/events", AtMostOnce);
    (net, watcher)
}

/// Keys, their order, counters and times.
#[test]
fn the_events_are_exact() {
    let (mut net, watcher) = watched(|_| {});
    let lamp = Connect { keep_alive: 60, ..connect("lamp", V5) };
    let (lamp, _) = net.connect_with(lamp);
    net.broker.handle_received(lamp, 17);
    net.publish(lamp, "a", "1");
    net.advance(Duration::from_millis(1500));
    net.lose(lamp);
    let client = r#"{"id":"lamp","account":"anonymous","address":"127.0.0.1:50001","transport":"tcp","protocol":"5.0","keep_alive":60,"clean_start":true}"#;
    assert_eq!(
        net.payloads(watcher),
        [
            format!(
                r#"{{"seq":2,"at":"2017-10-24T16:08:38.552Z","event":"connected","client":{client},"session":{{"present":false,"queued":0}}}}"#
            ),
            format!(
                r#"{{"seq":3,"at":"2017-10-24T16:08:40.052Z","event":"disconnected","reason":"connection-lost","client":{client},"session":{{"connected_at":"2017-10-24T16:08:38.552Z","packets_in":2,"packets_out":1,"bytes_in":17,"bytes_out":16}}}}"#
            ),
        ]
    );
}

/// The reason of every end that a connected client can come to.
#[test]
fn every_end_has_its_reason() {
    type End = fn(&mut Net, headcount_broker::ConnectionId);
    let ends: [(&str, End); 13] = [
        ("client-disconnect", |net, id| net.disconnect(id, ReasonCode::Success)),
        ("client-disconnect-with-will", |net, id| {
            net.disconnect(id, ReasonCode::DisconnectWithWillMessage);
        }),
        ("client-disconnect-with-will", |net, id| net.disconnect(id, ReasonCode::UnspecifiedError)),
        ("keep-alive-timeout", |net, _| net.seconds(90)),
        ("connection-lost", |net, id| net.lose(id)),
        ("taken-over", |net, _| {
            net.connect("lamp");
        }),
        ("kicked", |net, _| net.act(|broker, now| assert!(broker.kick(now, "lamp")))),
        ("malformed-packet", |net, id| {
            net.fault(id, DecodeError::Malformed { packet: None, rule: "a test's" });
        }),
        ("protocol-error", |net, id| net.send(id, connect("lamp", V5).into_packet())),
        ("packet-too-large", |net, id| net.fault(id, DecodeError::TooLarge { size: 9, maximum: 8 })),
        ("quota-exceeded", |net, id| {
            for number in 1..=101 {
                let id_of_packet = headcount_mqtt::Delivery::ExactlyOnce(PacketId::new(number).unwrap());
                net.send(id, publish("q", "", id_of_packet));
            }
        }),
        ("idle-timeout", |net, id| {
            for _ in 0..70 {
                net.seconds(55);
                net.send(id, Packet::PingReq);
            }
        }),
        ("malformed-packet", |net, id| {
            net.act(|broker, now| broker.handle_transport_error(now, id, ReasonCode::MalformedPacket));
        }),
    ];
    for (reason, end) in ends {
        let (mut net, watcher) = watched(|config| config.limits.idle_timeout = Some(Duration::from_hours(1)));
        let (lamp, _) = net.connect_with(Connect { keep_alive: 60, ..connect("lamp", V5) });
        net.busy = Some(watcher);
        end(&mut net, lamp);
        let said: Vec<_> = net
            .payloads(watcher)
            .into_iter()
            .filter(|line| line.contains(r#""event":"disconnected""#))
            .collect();
        assert_eq!(said.len(), 1, "{reason}: {said:?}");
        assert!(said[0].contains(&format!(r#""reason":"{reason}""#)), "{reason}: {}", said[0]);
        assert!(net.is_closed(lamp), "{reason}");
    }
}

/// Everybody but the one that is told first sees the others go.
#[test]
fn a_shutdown_is_told_to_those_who_are_still_there() {
    let mut net = Net::open();
    let lamp = net.connect("lamp");
    let watcher = net.connect("watcher");
    net.subscribe(watcher, "$headcount/+/events", AtMostOnce);
    net.act(Broker::handle_shutdown);
    let said = net.payloads_until_closed(watcher);
    assert_eq!(said.len(), 1);
    assert!(said[0].contains(r#""reason":"server-shutdown","client":{"id":"lamp""#), "{}", said[0]);
    assert!(net.is_closed(lamp) && net.is_closed(watcher));
    let late = net.attach(V5);
    net.send(late, connect("late", V5).into_packet());
    assert!(
        matches!(net.take(late), Some(Packet::ConnAck(ack)) if ack.reason == ReasonCode::ServerUnavailable)
    );
}

#[test]
fn refusals_have_their_reasons() {
    let (mut net, watcher) = watched(|config| {
        config.access.trust_user_names = true;
        config.limits.max_connections = 4;
    });
    let level_3 = net.attach(V311);
    net.broker.handle_decode_error(net.now(), level_3, None, DecodeError::UnsupportedVersion { level: 3 });
    net.settle();
    let silent = net.attach(V5);
    net.seconds(10);
    assert!(net.is_closed(silent));
    net.connect_with(connect("", V311).unclean());
    let mut enhanced = connect("lamp", V5);
    enhanced.properties.authentication_method = Some("SCRAM-SHA-1".try_into().unwrap());
    let (_, ack) = net.connect_with(enhanced);
    assert_eq!(ack.reason, ReasonCode::BadAuthenticationMethod);
    let held: Vec<_> = (0..3).map(|number| net.connect(&format!("held-{number}"))).collect();
    let (_, ack) = net.connect_with(connect("one-more", V5));
    assert_eq!(ack.reason, ReasonCode::ServerBusy);
    let reasons: Vec<_> = net
        .payloads(watcher)
        .into_iter()
        .filter(|line| line.contains(r#""event":"refused""#))
        .map(|line| line.split('"').nth(13).unwrap().to_owned())
        .collect();
    assert_eq!(
        reasons,
        ["unsupported-protocol-version", "connect-timeout", "bad-client-id", "not-authorized", "server-busy"]
    );
    assert_eq!(held.len(), 3);
}

/// A refusal goes to the account that the attempt named.
#[test]
fn a_wrong_password_is_told_to_its_account() {
    let mut net = Net::with(|config| config.access.trust_user_names = false);
    let watcher = net.connect("watcher");
    net.subscribe(watcher, "$headcount/alice/events", AtMostOnce);
    let alice = net.attach(V311);
    net.send(alice, named(connect("lamp", V311), "alice").into_packet());
    let question = net.questions.pop().unwrap();
    net.answer(question, Err(ReasonCode::BadUserNameOrPassword));
    assert_eq!(
        net.payloads(watcher),
        [concat!(
            r#"{"seq":2,"at":"2017-10-24T16:08:38.552Z","event":"refused","reason":"bad-user-name-or-password","#,
            r#""client":{"id":"lamp","account":"alice","address":"127.0.0.1:50001","transport":"tcp","#,
            r#""protocol":"3.1.1","keep_alive":0,"clean_start":true}}"#
        )]
    );
}

#[test]
fn a_denial_names_action_topic_and_rule() {
    let (mut net, watcher) = watched(|config| {
        config.access.acl_name = "chat.acl".to_owned();
        config.access.acl = Some("topic read a/#\ntopic deny a/secret\n".to_owned());
    });
    let client = net.connect("lamp");
    net.payloads(watcher);
    net.publish(client, "a/b", "x");
    net.publish(client, "a/secret", "x");
    net.subscribe(client, "b", AtMostOnce);
    let said: Vec<_> =
        net.payloads(watcher).iter().map(|line| cut(line, "\"event\"", ",\"client\"")).collect();
    assert_eq!(
        said,
        [
            r#""event":"denied","action":"publish","topic":"a/b","rule":"default""#,
            r#""event":"denied","action":"publish","topic":"a/secret","rule":"chat.acl:2""#,
            r#""event":"denied","action":"subscribe","topic":"b","rule":"default""#,
        ]
    );
}

/// A late subscriber sees at once who is there; a session's end takes its state away.
#[test]
fn states_are_retained_and_go_with_the_session() {
    let mut net = Net::open();
    let (kept, _) = net.connect_with(lasting("a/b", 100));
    let clean = net.connect("clean");
    net.lose(kept);
    let watcher = net.connect("watcher");
    net.subscribe(watcher, "$headcount/anonymous/clients/+", AtMostOnce);
    let seen: Vec<_> = net
        .messages(watcher)
        .into_iter()
        .map(|(topic, payload)| (topic, cut(&payload, "\"status\"", ",\"at\"")))
        .collect();
    let state = |id: &str, status: &str| {
        (format!("$headcount/anonymous/clients/{id}"), format!(r#""status":"{status}""#))
    };
    assert_eq!(
        seen,
        [state("a%2Fb", "disconnected"), state("clean", "connected"), state("watcher", "connected")]
    );
    net.disconnect(clean, ReasonCode::Success);
    let left = net.payloads(watcher);
    assert!(left[0].ends_with(r#""reason":"client-disconnect"}"#), "{}", left[0]);
    assert_eq!(left[1..], [""], "the state of a session that ended is removed");
    net.seconds(100);
    assert_eq!(net.messages(watcher), [("$headcount/anonymous/clients/a%2Fb".to_owned(), String::new())]);
}

/// The whole state, byte for byte.
#[test]
fn a_state_is_exact() {
    let mut net = Net::open();
    let watcher = net.connect("watcher");
    net.subscribe(watcher, "$headcount/anonymous/clients/lamp", AtMostOnce);
    let (lamp, _) = net.connect_with(lasting("lamp", 9).version_311());
    net.lose(lamp);
    let client = r#"{"id":"lamp","account":"anonymous","address":"127.0.0.1:50001","transport":"tcp","protocol":"3.1.1","keep_alive":0,"clean_start":false}"#;
    assert_eq!(
        net.payloads(watcher),
        [
            format!(
                r#"{{"status":"connected","at":"2017-10-24T16:08:38.552Z","client":{client},"session":{{"present":false,"queued":0}}}}"#
            ),
            format!(
                r#"{{"status":"disconnected","at":"2017-10-24T16:08:38.552Z","client":{client},"reason":"connection-lost"}}"#
            ),
        ]
    );
}

fn cut(text: &str, from: &str, to: &str) -> String {
    let start = text.find(from).unwrap();
    let end = text[start..].find(to).unwrap();
    text[start..start + end].to_owned()
}
