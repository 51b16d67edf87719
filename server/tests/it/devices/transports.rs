//! A device comes in over every transport, in both versions.

use super::{Desk, Device, entry};
use crate::support::{
    Authority, Client, Folder, HTTP_BOTH_WAYS, LISTENERS_BOTH_WAYS, Server, Stream, Transport, secured,
    websocket, websocket_over,
};
use bytes::BytesMut;
use headcount_mqtt::{Connect, Packet, ProtocolVersion, ReasonCode, encode};

const REALM: &str = "[[realm]]\nname = \"secure\"\nwebsocket_paths = [\"/secure/mqtt\"]\ndevices = true\n\
                     [realm.accounts]\nvy = \"test\"\n";

fn bytes(packet: &Packet, version: ProtocolVersion) -> BytesMut {
    let mut bytes = BytesMut::new();
    encode(packet, version, &mut bytes).unwrap();
    bytes
}

/// Comes in, publishes, and is refused with anything else in the place of its password or its name.
fn visit(version: ProtocolVersion, open: &dyn Fn() -> Transport, device: &Device) {
    let attempt = |connect: Connect| {
        let mut client = Client::speaking(version, open());
        client.send_bytes(&bytes(&Packet::Connect(Box::new(Connect { version, ..connect })), version));
        match client.receive() {
            Packet::ConnAck(answer) => (client, answer.reason),
            other => panic!("{other:?}"),
        }
    };
    let (_, code) = attempt(Connect { password: Some("wrong".into()), ..device.connect() });
    assert_eq!(code, ReasonCode::BadUserNameOrPassword);
    let (_, code) = attempt(Connect { client_id: "another".try_into().unwrap(), ..device.connect() });
    assert_eq!(code, ReasonCode::NotAuthorized);
    let (mut client, code) = attempt(device.connect());
    assert_eq!(code, ReasonCode::Success);
    client.send_bytes(&bytes(&crate::support::publish("channels/7/publish", "field1=1"), version));
    // Served before the next one takes the name over.
    client.send_bytes(&bytes(&Packet::PingReq, version));
    assert_eq!(client.receive(), Packet::PingResp);
}

#[test]
fn a_device_comes_in_by_every_door() {
    let folder = Folder::with(&[]);
    let authority = Authority::new("Test");
    authority.write(&folder);
    let server = Server::configured(&folder, &[HTTP_BOTH_WAYS, REALM, LISTENERS_BOTH_WAYS].concat());
    let at = |transport| server.listener("secure", transport);
    let trusted = authority.trusted(None);
    let doors: [&dyn Fn() -> Transport; 4] = [
        &|| Transport::Tcp(Stream::open(at("tcp")).0),
        &|| Transport::Tls(Box::new(secured(at("tls"), &trusted).unwrap())),
        &|| Transport::WebSocket(Box::new(websocket(at("websocket"), "/secure/mqtt"))),
        &|| {
            let address = at("secure-websocket");
            let stream = secured(address, &trusted).unwrap();
            let socket = websocket_over(stream, &format!("wss://{address}/secure/mqtt"));
            Transport::SecureWebSocket(Box::new(socket))
        },
    ];
    let mut desk = Desk::enter(server.tcp("secure"));
    let device = desk.add();
    desk.0.subscribe("channels/+/subscribe");
    let mut count = 0;
    for door in doors {
        for version in [ProtocolVersion::V311, ProtocolVersion::V5] {
            visit(version, door, &device);
            count += 1;
            assert_eq!(entry(&desk.0.receive_publish())["entry_id"], count);
        }
    }
}
