//! The demo connection comes and goes when the user says so.

use headcount_mqtt::{ConnAck, Disconnect, Packet, ProtocolVersion, ReasonCode};
use headcount_page::{
    link::demo::DemoClient,
    store::{DemoState, Settings, Store, connection::Protocol},
};
use std::time::Duration;

use crate::wire::{Asked, Wire, moment, settings};

fn demo(protocol: Protocol) -> Wire<DemoClient> {
    let form = Settings { user_name: "alice".to_owned(), ..settings() };
    let client = DemoClient::new(moment(Duration::ZERO), &form, protocol, 0x39dc_5a71).unwrap();
    assert_eq!(client.client_id(), "demo-39dc5a71");
    Wire::with(client, Store::default())
}

#[test]
fn connects_as_the_pages_account_and_leaves_with_a_goodbye() {
    let mut wire = demo(Protocol::V311);
    wire.opened();
    let Asked::Packet(Packet::Connect(connect)) = wire.asked() else { panic!() };
    assert_eq!((connect.version, connect.client_id.as_str()), (ProtocolVersion::V311, "demo-39dc5a71"));
    assert_eq!(connect.user_name.unwrap().as_str(), "alice");
    wire.send(&Packet::ConnAck(Box::default()));
    assert_eq!(*wire.store.demo(), DemoState::Connected("demo-39dc5a71".into()));
    wire.act(DemoClient::disconnect);
    assert_eq!(wire.asked(), Asked::Packet(Packet::Disconnect(Disconnect::default())));
    assert_eq!(wire.asked(), Asked::Close);
    assert_eq!(*wire.store.demo(), DemoState::Off);
}

#[test]
fn tries_once_and_says_what_went_wrong() {
    let mut wire = demo(Protocol::V5);
    wire.opened();
    wire.asked();
    wire.send(&Packet::ConnAck(Box::new(ConnAck { reason: ReasonCode::ServerBusy, ..ConnAck::default() })));
    assert_eq!(*wire.store.demo(), DemoState::Failed("the broker is busy".into()));
    assert_eq!(wire.asked(), Asked::Close);
    wire.advance(Duration::from_hours(1));
    wire.quiet();

    let mut wire = demo(Protocol::V5);
    assert_eq!(wire.asked(), Asked::Open);
    wire.closed();
    assert_eq!(*wire.store.demo(), DemoState::Failed("the server could not be reached".into()));
}
