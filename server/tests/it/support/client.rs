//! An MQTT client that does what a test tells it, over either transport.

use super::{PATIENCE, Stream, TlsStream};
use bytes::{Bytes, BytesMut};
use headcount_mqtt::{
    ConnAck, Connect, ConnectProperties, Decoder, Delivery, Packet, PacketId, ProtocolVersion, Publish, QoS,
    ReasonCode, Subscribe, Subscription, encode,
};
use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message, WebSocket, client};

/// A transport that a client speaks over.
#[derive(Debug)]
pub(crate) enum Transport {
    Tcp(TcpStream),
    Tls(Box<TlsStream>),
    WebSocket(Box<WebSocket<TcpStream>>),
    SecureWebSocket(Box<WebSocket<TlsStream>>),
}

/// A client of MQTT 5.0.
#[derive(Debug)]
pub(crate) struct Client {
    transport: Transport,
    decoder: Decoder,
}

/// A CONNECT of MQTT 5.0 with a clean start and no Keep Alive.
pub(crate) fn connect(client_id: &str) -> Connect {
    Connect {
        version: ProtocolVersion::V5,
        clean_start: true,
        keep_alive: 0,
        client_id: client_id.try_into().unwrap(),
        will: None,
        user_name: None,
        password: None,
        properties: ConnectProperties::default(),
    }
}

/// A PUBLISH at `QoS` 0.
pub(crate) fn publish(topic: &str, payload: impl Into<Bytes>) -> Packet {
    Packet::Publish(Publish {
        dup: false,
        delivery: Delivery::AtMostOnce,
        retain: false,
        topic: Some(topic.try_into().unwrap()),
        payload: payload.into(),
        properties: None,
    })
}

/// The packet's bytes in MQTT 5.0.
pub(crate) fn bytes(packet: &Packet) -> Bytes {
    let mut bytes = BytesMut::new();
    encode(packet, ProtocolVersion::V5, &mut bytes).unwrap();
    bytes.freeze()
}

/// A WebSocket connection after its handshake.
pub(crate) fn websocket(address: SocketAddr, path: &str) -> WebSocket<TcpStream> {
    websocket_over(Stream::open(address).0, &format!("ws://{address}{path}"))
}

/// The same over a connection that is there.
pub(crate) fn websocket_over<S: Read + Write + std::fmt::Debug>(stream: S, url: &str) -> WebSocket<S> {
    let mut request = url.into_client_request().unwrap();
    request.headers_mut().insert("sec-websocket-protocol", "mqtt".parse().unwrap());
    client(request, stream).unwrap().0
}

impl Client {
    pub(crate) fn over(transport: Transport) -> Self {
        Self::speaking(ProtocolVersion::V5, transport)
    }

    /// A client of either version; what it sends is bytes.
    pub(crate) fn speaking(version: ProtocolVersion, transport: Transport) -> Self {
        Self { transport, decoder: Decoder::client(version, 16 << 20) }
    }

    /// A client that is welcome, over TCP.
    pub(crate) fn tcp(address: SocketAddr, client_id: &str) -> Self {
        let mut client = Self::over(Transport::Tcp(Stream::open(address).0));
        assert_eq!(client.connect(connect(client_id)).reason, ReasonCode::Success);
        client
    }

    /// A client that is welcome, over WebSocket.
    pub(crate) fn websocket(address: SocketAddr, client_id: &str) -> Self {
        let mut client = Self::over(Transport::WebSocket(Box::new(websocket(address, "/mqtt"))));
        assert_eq!(client.connect(connect(client_id)).reason, ReasonCode::Success);
        client
    }

    pub(crate) fn connect(&mut self, connect: Connect) -> ConnAck {
        self.send(&Packet::Connect(Box::new(connect)));
        match self.receive() {
            Packet::ConnAck(answer) => *answer,
            other => panic!("{other:?} instead of CONNACK"),
        }
    }

    pub(crate) fn subscribe(&mut self, filter: &str) {
        self.send(&Packet::Subscribe(Subscribe {
            packet_id: PacketId::new(1).unwrap(),
            subscription_identifier: None,
            user_properties: Vec::new(),
            subscriptions: vec![Subscription::new(filter.try_into().unwrap(), QoS::AtMostOnce)],
        }));
        match self.receive() {
            Packet::SubAck(answer) => assert_eq!(answer.reasons, [ReasonCode::Success]),
            other => panic!("{other:?} instead of SUBACK"),
        }
    }

    pub(crate) fn send(&mut self, packet: &Packet) {
        self.send_bytes(&bytes(packet));
    }

    /// Bytes as they are, in one write or one message.
    pub(crate) fn send_bytes(&mut self, bytes: &[u8]) {
        match &mut self.transport {
            Transport::Tcp(stream) => stream.write_all(bytes).unwrap(),
            Transport::Tls(stream) => stream.write_all(bytes).unwrap(),
            Transport::WebSocket(socket) => socket.send(Message::binary(bytes.to_vec())).unwrap(),
            Transport::SecureWebSocket(socket) => socket.send(Message::binary(bytes.to_vec())).unwrap(),
        }
    }

    /// The next packet.
    pub(crate) fn receive(&mut self) -> Packet {
        self.next().expect("the server ended the connection")
    }

    /// The topic and payload of the next packet, which is a PUBLISH.
    pub(crate) fn receive_publish(&mut self) -> (String, Bytes) {
        match self.receive() {
            Packet::Publish(publish) => (publish.topic.unwrap().as_str().to_owned(), publish.payload),
            other => panic!("{other:?} instead of PUBLISH"),
        }
    }

    /// Expects DISCONNECT with this reason and then the end of the connection.
    pub(crate) fn receive_end(&mut self, reason: ReasonCode) {
        match self.receive() {
            Packet::Disconnect(disconnect) => assert_eq!(disconnect.reason, reason),
            other => panic!("{other:?} instead of DISCONNECT"),
        }
        assert_eq!(self.next(), None);
    }

    /// The next packet, or `None` at the end of the connection.
    pub(crate) fn next(&mut self) -> Option<Packet> {
        loop {
            if let Some(packet) = self.decoder.decode().unwrap() {
                return Some(packet);
            }
            let piece = match &mut self.transport {
                Transport::Tcp(stream) => read(stream),
                Transport::Tls(stream) => read(&mut **stream),
                Transport::WebSocket(socket) => read_message(socket),
                Transport::SecureWebSocket(socket) => read_message(socket),
            };
            self.decoder.feed(&piece?);
        }
    }

    /// Proves that the server still serves: a message goes there and comes back.
    pub(crate) fn prove(&mut self) {
        let topic = "proof/of/life";
        self.subscribe(topic);
        self.send(&publish(topic, "x"));
        let begun = std::time::Instant::now();
        assert_eq!(self.receive_publish(), (topic.to_owned(), "x".into()));
        assert!(begun.elapsed() < PATIENCE);
    }
}

/// Some bytes, or `None` at the end of the connection; inside TLS the server has to announce it.
fn read(stream: &mut impl Read) -> Option<Vec<u8>> {
    let mut piece = vec![0; 16 * 1024];
    match stream.read(&mut piece) {
        Ok(0) => None,
        Ok(length) => {
            piece.truncate(length);
            Some(piece)
        }
        Err(error) if error.kind() == ErrorKind::ConnectionReset => None,
        Err(error) => panic!("{error}"),
    }
}

/// A message's bytes, or `None` at the end of the connection.
fn read_message<S: Read + Write>(socket: &mut WebSocket<S>) -> Option<Vec<u8>> {
    match socket.read() {
        Ok(Message::Binary(piece)) => Some(piece.to_vec()),
        Ok(Message::Text(text)) => panic!("a text frame: {text}"),
        Ok(_) => Some(Vec::new()),
        Err(Error::ConnectionClosed | Error::AlreadyClosed) => None,
        Err(error) => panic!("{error}"),
    }
}
