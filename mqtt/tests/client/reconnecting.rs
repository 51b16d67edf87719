//! When the client tries again, and when it does not.

use crate::script::*;
use headcount_mqtt::client::{Cause, Event, Options, Reconnect, State};
use headcount_mqtt::{ConnAckProperties, Disconnect, DisconnectProperties, Packet, ReasonCode};
use std::time::Duration;

impl Script {
    /// Takes the `Reconnecting` event: the attempt's number and its delay.
    fn reconnecting(&mut self) -> (u32, Duration) {
        match self.event() {
            Event::Reconnecting { at, attempt } => {
                assert_eq!(self.client.state(), State::Waiting { until: at, attempt });
                assert_eq!(self.client.poll_timeout(), Some(at));
                (attempt, at.checked_sub(self.now).expect("an attempt lies ahead"))
            }
            other => panic!("expected Reconnecting, got {other:?}"),
        }
    }

    /// Lets the next attempt fail at once.
    fn fail(&mut self) -> (u32, Duration) {
        self.wait();
        self.expect_open();
        self.closed();
        self.expect_end(&Cause::OpenFailed, false);
        self.reconnecting()
    }
}

#[test]
fn attempts_go_on_with_delays_inside_a_window_that_grows_to_its_cap() {
    let mut script = Script::connected(V5);
    script.closed();
    script.expect_end(&Cause::ConnectionLost, false);
    let mut schedule = vec![script.reconnecting()];
    schedule.extend((0..20).map(|_| script.fail()));
    let windows = [1, 2, 4, 8, 16, 32].into_iter().chain(std::iter::repeat(60));
    for (at, ((attempt, delay), window)) in schedule.iter().zip(windows).enumerate() {
        assert_eq!(*attempt as usize, at + 1);
        assert!(*delay <= secs(window), "attempt {attempt} after {delay:?}");
    }
    assert!(schedule.iter().any(|(_, delay)| *delay > secs(30)), "the cap is reached: {schedule:?}");
    script.expect_quiet();
}

#[test]
fn clients_of_different_seeds_do_not_come_back_together() {
    use headcount_mqtt::client::Client;
    let delays: std::collections::BTreeSet<Duration> = (0..100)
        .map(|seed| {
            let mut client = Client::new(options(V5), seed).unwrap();
            client.connect(Duration::ZERO);
            client.handle_closed(Duration::ZERO);
            client.poll_timeout().expect("it waits")
        })
        .collect();
    assert_eq!(delays.len(), 100);
}

#[test]
fn only_a_stable_connection_starts_the_schedule_over() {
    let mut script = Script::connected(V5);
    let after = |script: &mut Script, lasted: u64| {
        script.advance(secs(lasted));
        script.closed();
        script.expect_end(&Cause::ConnectionLost, false);
        let (attempt, _) = script.reconnecting();
        script.wait();
        script.open();
        script.accept(false, ConnAckProperties::default());
        attempt
    };
    assert_eq!(after(&mut script, 0), 1);
    assert_eq!(after(&mut script, 9), 2);
    assert_eq!(after(&mut script, 9), 3);
    assert_eq!(after(&mut script, 10), 1);
    assert_eq!(after(&mut script, 1), 2);
}

#[test]
fn a_person_does_not_wait() {
    let mut script = Script::connected(V5);
    script.closed();
    script.expect_end(&Cause::ConnectionLost, false);
    script.reconnecting();
    for attempt in 2..6 {
        script.client.reconnect_now(script.now);
        script.expect_open();
        script.closed();
        script.expect_end(&Cause::OpenFailed, false);
        assert_eq!(script.reconnecting().0, attempt);
    }
    // `connect` starts the schedule over as well.
    script.client.connect(script.now);
    script.expect_open();
    script.closed();
    script.expect_end(&Cause::OpenFailed, false);
    assert_eq!(script.reconnecting().0, 1);
    script.client.connect(script.now);
    script.open();
    script.accept(false, ConnAckProperties::default());
    // Neither does anything to a connection that stands, nor to a client at rest.
    script.client.connect(script.now);
    script.client.reconnect_now(script.now);
    script.expect_quiet();
    script.client.disconnect(script.now);
    script.packet();
    script.expect_close();
    script.event();
    script.client.reconnect_now(script.now);
    script.expect_quiet();
}

#[test]
fn without_a_schedule_an_end_is_an_end() {
    let mut script =
        Script::connected_with(Options { reconnect: None, ..options(V5) }, ConnAckProperties::default());
    script.closed();
    script.expect_end(&Cause::ConnectionLost, true);
    script.advance(secs(1_000));
    script.expect_quiet();
    assert_eq!(script.client.state(), State::Disconnected);
    script.connect();
    script.send(connack(false, ReasonCode::ServerBusy, ConnAckProperties::default()));
    script.expect_close();
    assert!(matches!(script.event(), Event::Refused(refused) if !refused.terminal));
    script.advance(secs(1_000));
    script.expect_quiet();
}

#[test]
fn a_schedule_that_cannot_work_is_turned_down() {
    use headcount_mqtt::client::{Client, InvalidOptions};
    for (base, cap) in [(0, 1), (2, 1)] {
        let reconnect = Reconnect { base: secs(base), cap: secs(cap), ..Reconnect::default() };
        let options = Options { reconnect: Some(reconnect), ..options(V5) };
        assert_eq!(Client::new(options, 1).map(drop), Err(InvalidOptions::Window));
    }
}

// [MQTT-3.14.4-1], 4.13
#[test]
fn the_servers_disconnect_is_reported_and_some_reasons_end_the_attempts() {
    use ReasonCode::*;
    for (reason, terminal) in [
        (Success, false),
        (UnspecifiedError, false),
        (ServerBusy, false),
        (ServerShuttingDown, false),
        (KeepAliveTimeout, false),
        (AdministrativeAction, false),
        (MessageRateTooHigh, false),
        (QuotaExceeded, false),
        (ConnectionRateExceeded, false),
        (MaximumConnectTime, false),
        (SessionTakenOver, true),
        (NotAuthorized, true),
        (UseAnotherServer, true),
        (ServerMoved, true),
    ] {
        let mut script = Script::connected(V5);
        let (why, elsewhere) = (Some(text("because")), Some(text("elsewhere")));
        script.send(Packet::Disconnect(Disconnect {
            reason,
            properties: Some(Box::new(DisconnectProperties {
                reason_string: why.clone(),
                server_reference: elsewhere.clone(),
                ..Default::default()
            })),
        }));
        script.expect_close();
        script
            .expect_end(&Cause::Server { reason, reason_string: why, server_reference: elsewhere }, terminal);
        if terminal {
            assert_eq!(script.client.state(), State::Disconnected);
            script.advance(secs(1_000));
        } else {
            script.reconnecting();
            script.wait();
            script.open();
        }
        script.expect_quiet();
    }
}

#[test]
fn after_a_take_over_the_connection_can_be_taken_back() {
    let mut script = Script::connected(V5);
    script.send(Packet::Disconnect(Disconnect::with(ReasonCode::SessionTakenOver)));
    script.expect_close();
    script.event();
    script.connect();
    script.accept(false, ConnAckProperties::default());
    script.expect_quiet();
}
