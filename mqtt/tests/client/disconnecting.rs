//! DISCONNECT from the client, and what a server must not send (3.14, 4.13).

use crate::script::*;
use headcount_mqtt::client::{Cause, DisconnectError, Event, State};
use headcount_mqtt::{Auth, ConnAckProperties, Disconnect, DisconnectProperties, Packet, ReasonCode};

// [MQTT-3.2.0-1] [MQTT-3.2.0-2] [MQTT-4.12.0-6] [MQTT-4.13.2-1]
#[test]
fn packets_out_of_place_end_the_connection() {
    for version in [V5, V311] {
        let mut script = Script::new(options(version));
        script.connect();
        script.send(Packet::PingResp);
        script.expect_rejection(ReasonCode::ProtocolError);
        script.expect_quiet();

        let mut script = Script::connected(version);
        script.send(connack(false, ReasonCode::Success, ConnAckProperties::default()));
        script.expect_rejection(ReasonCode::ProtocolError);
    }
    for packet in [Packet::Auth(Auth::default()), Packet::PingReq] {
        let mut script = Script::connected(V5);
        script.send(packet);
        script.expect_rejection(ReasonCode::ProtocolError);
    }
}

// 3.1.1 has no DISCONNECT from a server.
#[test]
fn disconnect_from_a_server_of_3_1_1_is_a_violation() {
    let mut script = Script::connected(V311);
    script.send(Packet::Disconnect(Disconnect::default()));
    script.expect_close();
    assert!(matches!(script.event(), Event::Disconnected { cause: Cause::Violation(_), terminal: false }));
}

#[test]
fn malformed_bytes_end_the_connection_with_0x81() {
    let mut script = Script::connected(V5);
    // PINGRESP with reserved flags [MQTT-2.1.3-1].
    script.send_bytes(&[0xD1, 0x00]);
    script.expect_rejection(ReasonCode::MalformedPacket);
    script.send_bytes(&[0xD0, 0x00]);
    script.expect_quiet();
}

// [MQTT-3.14.4-1] [MQTT-3.14.4-2]
#[test]
fn disconnect_says_so_and_closes_in_every_state() {
    let end = |script: &mut Script| {
        script.expect_end(&Cause::Requested, true);
        assert_eq!(script.client.state(), State::Disconnected);
        script.client.disconnect(script.now);
        script.expect_quiet();
        assert_eq!(script.client.poll_timeout(), None);
    };
    for version in [V5, V311] {
        let mut script = Script::connected(version);
        script.client.disconnect(script.now);
        script.expect(Packet::Disconnect(Disconnect::default()));
        script.expect_close();
        end(&mut script);
    }
    let mut script = Script::new(options(V5));
    script.connect();
    script.client.disconnect(script.now);
    script.expect(Packet::Disconnect(Disconnect::default()));
    script.expect_close();
    end(&mut script);

    let mut script = Script::new(options(V5));
    script.client.connect(script.now);
    script.expect_open();
    script.client.disconnect(script.now);
    script.expect_close();
    end(&mut script);

    let mut script = Script::connected(V5);
    script.lose();
    script.client.disconnect(script.now);
    end(&mut script);
}

#[test]
fn disconnect_may_ask_for_the_will_and_another_expiry() {
    let expiry = |seconds| Disconnect {
        reason: ReasonCode::DisconnectWithWillMessage,
        properties: Some(Box::new(DisconnectProperties {
            session_expiry_interval: Some(seconds),
            ..Default::default()
        })),
    };
    let mut script = Script::connected_with(kept(V5), ConnAckProperties::default());
    script.client.disconnect_with(script.now, &expiry(5)).unwrap();
    script.expect(Packet::Disconnect(expiry(5)));
    script.expect_close();
    // Not from 0 (3.14.2.2.2).
    let mut script = Script::connected(V5);
    let refused = script.client.disconnect_with(script.now, &expiry(5));
    assert_eq!(refused, Err(DisconnectError::SessionExpiry));
    script.expect_quiet();
    assert!(matches!(script.client.state(), State::Connected { .. }));
}
