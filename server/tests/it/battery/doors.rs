//! One server with a door of each kind.

use crate::nonsense::{descriptors, given_back};
use crate::support::{
    Authority, Client, Folder, HTTP_BOTH_WAYS, LISTENERS_BOTH_WAYS, Server, Stream, Transport, secured_over,
    websocket_over,
};
use headcount_mqtt::ProtocolVersion;
use rustls::ClientConfig;
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;

const REALM: &str = r#"
[[realm]]
name = "open"
websocket_paths = ["/mqtt"]
allow_anonymous = true
observers = "everybody"
limits.connect_timeout = 1
limits.max_subscriptions = 5000
"#;

/// How to come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Door {
    Tcp,
    Tls,
    WebSocket,
    SecureWebSocket,
}

pub(super) struct Doors {
    server: Server,
    trusted: Arc<ClientConfig>,
    _folder: Folder,
}

impl Doors {
    pub(super) fn open() -> Self {
        let folder = Folder::with(&[]);
        let authority = Authority::new("Test");
        authority.write(&folder);
        let server = Server::configured(&folder, &[HTTP_BOTH_WAYS, REALM, LISTENERS_BOTH_WAYS].concat());
        Self { server, trusted: authority.trusted(None), _folder: folder }
    }

    /// A connection without a packet, and the address that the server sees it come from.
    pub(super) fn enter(&self, door: Door, version: ProtocolVersion) -> (Client, SocketAddr) {
        let listener = match door {
            Door::Tcp => "tcp",
            Door::Tls => "tls",
            Door::WebSocket => "websocket",
            Door::SecureWebSocket => "secure-websocket",
        };
        let at = self.server.listener("open", listener);
        let stream = Stream::open(at).0;
        stream.set_nodelay(true).unwrap();
        let address = stream.local_addr().unwrap();
        (Client::speaking(version, self.over(door, at, stream)), address)
    }

    /// Waits until nothing is open that was not before.
    pub(super) fn given_back(&self, before: usize) {
        given_back(&self.server, before);
    }

    pub(super) fn descriptors(&self) -> usize {
        descriptors(&self.server)
    }

    fn over(&self, door: Door, at: SocketAddr, stream: TcpStream) -> Transport {
        let secured = |stream| secured_over(stream, &self.trusted).unwrap();
        match door {
            Door::Tcp => Transport::Tcp(stream),
            Door::Tls => Transport::Tls(Box::new(secured(stream))),
            Door::WebSocket => {
                Transport::WebSocket(Box::new(websocket_over(stream, &format!("ws://{at}/mqtt"))))
            }
            Door::SecureWebSocket => {
                let socket = websocket_over(secured(stream), &format!("wss://{at}/mqtt"));
                Transport::SecureWebSocket(Box::new(socket))
            }
        }
    }
}
