//! A broker reached over TCP or WebSocket.

use super::{Frames, Read, Target, Transport, Wire};
use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{Shutdown, TcpStream, ToSocketAddrs};
use std::time::{Duration, Instant};
use tungstenite::client::IntoClientRequest;
use tungstenite::http::HeaderValue;
use tungstenite::protocol::WebSocketConfig;
use tungstenite::protocol::frame::Frame;
use tungstenite::protocol::frame::coding::{Data, OpCode};
use tungstenite::{Message, WebSocket};

/// How long a broker may take to accept, or to notice that a client is gone.
const PATIENCE: Duration = Duration::from_secs(5);

/// Where a broker listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Url {
    text: String,
    transport: Transport,
    host: String,
    port: u16,
}

impl Url {
    /// Reads `mqtt://host[:port]` (1883) or `ws://host[:port][/path]` (80).
    ///
    /// # Errors
    /// A sentence that says what is wrong.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (transport, default_port, rest) = match text.split_once("://") {
            Some(("mqtt" | "tcp", rest)) => (Transport::Tcp, 1883, rest),
            Some(("ws", rest)) => (Transport::WebSocket, 80, rest),
            _ => return Err(format!("{text}: give mqtt://host:port or ws://host:port/path")),
        };
        let authority = rest.split('/').next().unwrap_or_default();
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => {
                let port = port.parse().map_err(|_| format!("{text}: {port} is no port"))?;
                (host, port)
            }
            _ => (authority, default_port),
        };
        let host = host.trim_matches(['[', ']']);
        if host.is_empty() {
            return Err(format!("{text}: names no host"));
        }
        Ok(Self { text: text.to_owned(), transport, host: host.to_owned(), port })
    }

    /// How it is reached.
    pub fn transport(&self) -> Transport {
        self.transport
    }
}

impl std::fmt::Display for Url {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}

/// A broker by URL; waiting is really waiting.
#[derive(Debug, Clone)]
pub struct Socket {
    url: Url,
}

impl Socket {
    /// The broker at this address.
    pub fn new(url: Url) -> Self {
        Self { url }
    }

    fn connect(&self) -> Result<TcpStream, String> {
        let url = &self.url;
        let mut error = format!("{url}: {} has no address", url.host);
        for address in
            (url.host.as_str(), url.port).to_socket_addrs().map_err(|error| format!("{url}: {error}"))?
        {
            match TcpStream::connect_timeout(&address, PATIENCE) {
                Ok(stream) => return Ok(stream),
                Err(refused) => error = format!("{url}: {refused}"),
            }
        }
        Err(error)
    }
}

impl Target for Socket {
    fn open(&self) -> Result<Box<dyn Wire>, String> {
        let stream = self.connect()?;
        let fails = |error: &dyn std::fmt::Display| format!("{}: {error}", self.url);
        stream.set_nodelay(true).map_err(|error| fails(&error))?;
        stream.set_read_timeout(Some(PATIENCE)).map_err(|error| fails(&error))?;
        stream.set_write_timeout(Some(PATIENCE)).map_err(|error| fails(&error))?;
        if self.url.transport == Transport::Tcp {
            return Ok(Box::new(Tcp { stream }));
        }
        let mut request = self.url.text.as_str().into_client_request().map_err(|error| fails(&error))?;
        request.headers_mut().insert("Sec-WebSocket-Protocol", HeaderValue::from_static("mqtt"));
        let config = WebSocketConfig::default();
        let (socket, answer) = tungstenite::client::client_with_config(request, stream, Some(config))
            .map_err(|error| fails(&error))?;
        // [MQTT-6.0.0-4]
        if answer.headers().get("Sec-WebSocket-Protocol").is_none_or(|name| name != "mqtt") {
            return Err(fails(&"the broker did not choose the subprotocol mqtt [MQTT-6.0.0-4]"));
        }
        Ok(Box::new(Web { socket }))
    }

    fn advance(&self, time: Duration) {
        std::thread::sleep(time);
    }

    fn transport(&self) -> Transport {
        self.url.transport
    }
}

struct Tcp {
    stream: TcpStream,
}

impl Wire for Tcp {
    fn write(&mut self, bytes: &[u8]) {
        // A broker may close after the first bad byte of many; what it said before is still to be read.
        let _ = self.stream.write_all(bytes);
    }

    fn read(&mut self, patience: Duration) -> Read {
        let mut bytes = vec![0; 64 * 1024];
        let _ = self.stream.set_read_timeout(Some(patience.max(Duration::from_millis(1))));
        match self.stream.read(&mut bytes) {
            Ok(0) => Read::Closed,
            Ok(length) => {
                bytes.truncate(length);
                Read::Bytes(bytes)
            }
            Err(error) => after(&error),
        }
    }

    fn vanish(&mut self) {
        let _ = self.stream.shutdown(Shutdown::Write);
        read_to_the_end(self);
    }
}

struct Web {
    socket: WebSocket<TcpStream>,
}

impl Wire for Web {
    fn write(&mut self, bytes: &[u8]) {
        let _ = self.socket.send(Message::binary(bytes.to_vec()));
    }

    fn write_frames(&mut self, frames: Frames<'_>) {
        let (bytes, size) = match frames {
            Frames::Text(text) => return drop(self.socket.send(Message::text(text))),
            Frames::Empty => return self.write(&[]),
            Frames::Fragments(bytes, size) => (bytes, size.max(1)),
        };
        let pieces = bytes.chunks(size);
        let last = pieces.len().saturating_sub(1);
        for (at, piece) in pieces.enumerate() {
            let code = OpCode::Data(if at == 0 { Data::Binary } else { Data::Continue });
            let frame = Frame::message(piece.to_vec(), code, at == last);
            let _ = self.socket.send(Message::Frame(frame));
            if at == 0 && last > 0 {
                let _ = self.socket.send(Message::Ping(b"between"[..].into()));
            }
        }
    }

    fn read(&mut self, patience: Duration) -> Read {
        let until = Instant::now() + patience;
        loop {
            let left = until.saturating_duration_since(Instant::now()).max(Duration::from_millis(1));
            let _ = self.socket.get_ref().set_read_timeout(Some(left));
            match self.socket.read() {
                Ok(Message::Binary(bytes)) if bytes.is_empty() => {}
                Ok(Message::Binary(bytes)) => return Read::Bytes(bytes.to_vec()),
                // [MQTT-6.0.0-1]
                Ok(Message::Text(_)) => return Read::Nonsense("a text message over WebSocket".to_owned()),
                Ok(Message::Close(_)) => return Read::Closed,
                Ok(_) => {}
                Err(tungstenite::Error::Io(error)) => return after(&error),
                Err(_) => return Read::Closed,
            }
        }
    }

    fn vanish(&mut self) {
        let _ = self.socket.get_ref().shutdown(Shutdown::Write);
        read_to_the_end(self);
    }
}

fn after(error: &std::io::Error) -> Read {
    match error.kind() {
        ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted => Read::Quiet,
        _ => Read::Closed,
    }
}

fn read_to_the_end(wire: &mut dyn Wire) {
    let until = Instant::now() + PATIENCE;
    while Instant::now() < until && wire.read(PATIENCE) != Read::Closed {}
}
