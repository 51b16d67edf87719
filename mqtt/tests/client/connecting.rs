//! CONNECT and CONNACK, DISCONNECT (3.1, 3.2 and 3.14).

use crate::script::*;
use bytes::Bytes;
use headcount_mqtt::client::{Cause, Client, Event, InvalidOptions, Limits, Options, State};
use headcount_mqtt::{
    ConnAckProperties, Connect, ConnectProperties, Packet, PacketType, QoS, ReasonCode, Will, WillProperties,
};
use std::num::{NonZeroU16, NonZeroU32};

fn will(payload: &'static str) -> Will {
    Will {
        topic: topic("status"),
        payload: Bytes::from_static(payload.as_bytes()),
        qos: QoS::AtLeastOnce,
        retain: true,
        properties: WillProperties::default(),
    }
}

fn connect_of(packet: Packet) -> Connect {
    match packet {
        Packet::Connect(connect) => *connect,
        other => panic!("expected CONNECT, saw {other:?}"),
    }
}

// [MQTT-3.1.0-1]
#[test]
fn connect_is_the_first_packet_and_carries_the_options() {
    for version in [V5, V311] {
        let options = Options {
            clean_start: false,
            keep_alive: 17,
            user_name: Some(text("jenny")),
            password: Some(Bytes::from_static(b"secret")),
            will: Some(will("offline")),
            session_expiry_interval: 60,
            receive_maximum: NonZeroU16::new(5).unwrap(),
            maximum_packet_size: NonZeroU32::new(9_000).unwrap(),
            topic_alias_maximum: 3,
            user_properties: if version == V5 { vec![(text("k"), text("v"))] } else { Vec::new() },
            ..options(version)
        };
        let mut script = Script::new(options);
        assert_eq!(script.client.state(), State::Disconnected);
        let connect = connect_of(script.connect());
        let properties = match version {
            V311 => ConnectProperties::default(),
            V5 => ConnectProperties {
                session_expiry_interval: Some(60),
                receive_maximum: Some(5),
                maximum_packet_size: Some(9_000),
                topic_alias_maximum: Some(3),
                user_properties: vec![(text("k"), text("v"))],
                ..ConnectProperties::default()
            },
        };
        assert_eq!(
            connect,
            Connect {
                version,
                clean_start: false,
                keep_alive: 17,
                client_id: text("counter"),
                will: Some(will("offline")),
                user_name: Some(text("jenny")),
                password: Some(Bytes::from_static(b"secret")),
                properties,
            }
        );
        let since = script.now;
        assert_eq!(script.client.state(), State::Connecting { until: since + secs(20) });
        let connected = script.accept(true, ConnAckProperties::default());
        assert!(connected.session_present);
        assert_eq!((connected.keep_alive, connected.client_id), (17, text("counter")));
        assert_eq!(script.client.state(), State::Connected { since });
        script.expect_quiet();
    }
}

// 3.2.2.3.7 of MQTT 5.0
#[test]
fn an_assigned_client_identifier_is_kept_for_reconnects() {
    let mut script = Script::new(Options { client_id: text(""), ..kept(V5) });
    assert_eq!(connect_of(script.connect()).client_id, text(""));
    let assigned =
        ConnAckProperties { assigned_client_identifier: Some(text("auto-1")), ..Default::default() };
    assert_eq!(script.accept(false, assigned).client_id, text("auto-1"));
    script.lose();
    script.wait();
    assert_eq!(connect_of(script.open()).client_id, text("auto-1"));
    assert_eq!(script.accept(true, ConnAckProperties::default()).client_id, text("auto-1"));
}

#[test]
fn clean_start_drops_nothing_that_the_client_itself_began() {
    let clean = |version, keep: u32| {
        let options = Options { clean_start: true, session_expiry_interval: keep, ..options(version) };
        let mut script = Script::new(options);
        let first = connect_of(script.connect()).clean_start;
        script.accept(false, ConnAckProperties::default());
        script.lose();
        script.wait();
        (first, connect_of(script.open()).clean_start)
    };
    assert_eq!(clean(V5, 3_600), (true, false));
    // A session without expiry ends with its connection (3.1.2.11.2).
    assert_eq!(clean(V5, 0), (true, true));
    // In 3.1.1 Clean Session also ends the session with the connection [MQTT-3.1.2-6].
    assert_eq!(clean(V311, 0), (true, true));
}

// [MQTT-3.2.2-1] [MQTT-3.2.2-2]
/// [MQTT-3.2.2-4]
#[test]
fn session_present_after_clean_start_is_a_protocol_error() {
    for version in [V5, V311] {
        let mut script = Script::new(options(version));
        script.connect();
        script.send(connack(true, ReasonCode::Success, ConnAckProperties::default()));
        script.expect_rejection(ReasonCode::ProtocolError);
        script.expect_quiet();
    }
}

#[test]
fn connack_may_come_byte_by_byte() {
    let mut script = Script::new(options(V311));
    script.connect();
    for byte in [0x20, 0x02, 0x00] {
        script.send_bytes(&[byte]);
        script.expect_quiet();
    }
    script.send_bytes(&[0x00]);
    assert!(matches!(script.event(), Event::Connected(_)));
}

#[test]
fn refusals_are_terminal_where_waiting_does_not_help() {
    use ReasonCode::*;
    let both = [
        (UnsupportedProtocolVersion, true),
        (ClientIdentifierNotValid, true),
        (ServerUnavailable, false),
        (BadUserNameOrPassword, true),
        (NotAuthorized, true),
    ];
    let v5 = [
        (UnspecifiedError, false),
        (MalformedPacket, true),
        (ProtocolError, true),
        (ImplementationSpecificError, false),
        (ServerBusy, false),
        (Banned, true),
        (BadAuthenticationMethod, true),
        (TopicNameInvalid, true),
        (PacketTooLarge, true),
        (QuotaExceeded, false),
        (PayloadFormatInvalid, true),
        (RetainNotSupported, true),
        (QoSNotSupported, true),
        (UseAnotherServer, true),
        (ServerMoved, true),
        (ConnectionRateExceeded, false),
    ];
    let cases = both.map(|case| (V311, case)).into_iter().chain(both.into_iter().chain(v5).map(|c| (V5, c)));
    for (version, (reason, terminal)) in cases {
        let mut script = Script::new(options(version));
        script.connect();
        let properties = ConnAckProperties {
            reason_string: (version == V5).then(|| text("because")),
            server_reference: (version == V5).then(|| text("elsewhere")),
            ..Default::default()
        };
        script.send(connack(false, reason, properties.clone()));
        script.expect_close();
        match script.event() {
            Event::Refused(refused) => {
                assert_eq!((refused.reason, refused.terminal), (reason, terminal));
                assert_eq!(refused.reason_string, properties.reason_string);
                assert_eq!(refused.server_reference, properties.server_reference);
            }
            other => panic!("expected Refused, got {other:?}"),
        }
        if terminal {
            assert_eq!(script.client.state(), State::Disconnected);
        } else {
            assert!(matches!(script.event(), Event::Reconnecting { attempt: 1, .. }));
            script.wait();
            script.open();
        }
        script.expect_quiet();
    }
}

// [MQTT-3.1.2-2]: a server of 3.1.1 alone answers in its own form, which is malformed in MQTT 5.0.
#[test]
fn an_old_servers_refusal_of_mqtt_5_is_understood() {
    let mut script = Script::new(options(V5));
    script.connect();
    script.send_bytes(&[0x20, 0x02]);
    script.send_bytes(&[0x00, 0x01]);
    script.expect_close();
    match script.event() {
        Event::Refused(refused) => {
            assert_eq!((refused.reason, refused.terminal), (ReasonCode::UnsupportedProtocolVersion, true));
        }
        other => panic!("expected Refused, got {other:?}"),
    }
    script.expect_quiet();

    // Also after a connection that stood: the server was replaced by an older one.
    let mut script = Script::connected(V5);
    script.lose();
    script.wait();
    script.open();
    script.send_bytes(&[0x20, 0x02, 0x00, 0x01]);
    script.expect_close();
    assert!(matches!(script.event(), Event::Refused(refused) if refused.terminal));
}

#[test]
fn a_server_that_does_not_answer_in_time_is_given_up() {
    // The transport does not open.
    let mut script = Script::new(options(V5));
    script.client.connect(script.now);
    script.expect_open();
    script.advance(secs(19));
    script.expect_quiet();
    script.advance(secs(1));
    script.expect_close();
    script.expect_end(&Cause::ConnectTimeout, false);
    // It opens, and CONNACK does not come: the time counts from the opening.
    let mut script = Script::new(options(V5));
    script.client.connect(script.now);
    script.expect_open();
    script.advance(secs(15));
    script.opened();
    assert_eq!(script.packet().packet_type(), PacketType::Connect);
    script.advance(secs(5));
    script.expect_close();
    script.expect_end(&Cause::ConnectTimeout, false);
    assert!(matches!(script.event(), Event::Reconnecting { attempt: 1, .. }));
}

#[test]
fn a_transport_that_fails_says_in_which_step() {
    let mut script = Script::new(options(V5));
    script.client.connect(script.now);
    script.expect_open();
    script.closed();
    script.expect_end(&Cause::OpenFailed, false);
    assert!(matches!(script.event(), Event::Reconnecting { attempt: 1, .. }));
    script.wait();
    script.open();
    script.closed();
    script.expect_end(&Cause::ConnectionLost, false);
    assert!(matches!(script.event(), Event::Reconnecting { attempt: 2, .. }));
    script.expect_quiet();
}

#[test]
fn nothing_is_left_to_send_once_the_transport_has_ended() {
    let mut script = Script::connected(V5);
    script.client.ping(script.now);
    script.closed();
    script.expect_end(&Cause::ConnectionLost, false);
    assert!(matches!(script.event(), Event::Reconnecting { attempt: 1, .. }));
    script.expect_quiet();
}

#[test]
fn the_will_is_sent_again_at_every_reconnect_and_may_be_replaced() {
    let mut script = Script::new(Options { will: Some(will("first")), ..options(V5) });
    assert_eq!(connect_of(script.connect()).will, Some(will("first")));
    script.accept(false, ConnAckProperties::default());
    script.lose();
    script.wait();
    assert_eq!(connect_of(script.open()).will, Some(will("first")));
    script.accept(false, ConnAckProperties::default());
    script.client.set_will(Some(will("second"))).unwrap();
    script.lose();
    script.wait();
    assert_eq!(connect_of(script.open()).will, Some(will("second")));
    script.closed();
    let too_long = Will { payload: Bytes::from(vec![0; 65_536]), ..will("") };
    assert!(matches!(script.client.set_will(Some(too_long)), Err(InvalidOptions::Connect(_))));
    assert_eq!(script.client.options().will, Some(will("second")));
}

/// [MQTT-3.1.3-7 (3.1.1)]
#[test]
fn options_that_cannot_work_are_turned_down() {
    let check = |options: Options| Client::new(options, 0).map(drop).unwrap_err();
    let empty = Options { client_id: text(""), clean_start: false, ..options(V311) };
    assert_eq!(check(empty), InvalidOptions::EmptyClientId);
    let bare = Options { password: Some(Bytes::from_static(b"x")), ..options(V311) };
    assert_eq!(check(bare.clone()), InvalidOptions::PasswordWithoutUserName);
    // MQTT 5.0 allows it.
    assert!(Client::new(Options { version: V5, ..bare }, 0).is_ok());
    let limits = Limits { in_flight: 0, ..Limits::default() };
    assert_eq!(check(Options { limits, ..options(V5) }), InvalidOptions::ZeroLimit("in_flight"));
    let long = Options { password: Some(Bytes::from(vec![0; 65_536])), ..options(V5) };
    assert!(matches!(check(long), InvalidOptions::Connect(_)));
}

#[test]
fn what_comes_for_no_connection_is_not_heard() {
    let mut script = Script::new(options(V5));
    script.send(connack(false, ReasonCode::Success, ConnAckProperties::default()));
    script.closed();
    script.opened();
    script.advance(secs(1_000));
    script.expect_quiet();
    assert_eq!(script.client.state(), State::Disconnected);
}
