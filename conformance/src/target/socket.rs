//! A broker reached over TCP, TLS, WebSocket or secure WebSocket.

use super::secure::Stream;
use super::url::Url;
use super::{Frames, Read, Target, Transport, Wire};
use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::{Duration, Instant};
use tungstenite::client::IntoClientRequest;
use tungstenite::http::HeaderValue;
use tungstenite::protocol::WebSocketConfig;
use tungstenite::protocol::frame::Frame;
use tungstenite::protocol::frame::coding::{Data, OpCode};
use tungstenite::{Message, WebSocket};

/// How long a broker may take to accept, or to notice that a client is gone.
const PATIENCE: Duration = Duration::from_secs(5);

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
        let mut error = format!("{url}: {} has no address", url.host());
        for address in
            (url.host(), url.port()).to_socket_addrs().map_err(|error| format!("{url}: {error}"))?
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
        let stream = Stream::new(&self.url, stream).map_err(|error| fails(&error))?;
        if !self.url.transport().is_websocket() {
            return Ok(Box::new(Plain { stream }));
        }
        let mut request = self.url.text().into_client_request().map_err(|error| fails(&error))?;
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
        self.url.transport()
    }
}

/// MQTT's bytes as they are.
struct Plain {
    stream: Stream,
}

impl Wire for Plain {
    fn write(&mut self, bytes: &[u8]) {
        // A broker may close after the first bad byte of many; what it said before is still to be read.
        let _ = self.stream.write_all(bytes);
    }

    fn read(&mut self, patience: Duration) -> Read {
        let mut bytes = vec![0; 64 * 1024];
        self.stream.set_patience(patience);
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
        self.stream.vanish();
        read_to_the_end(self);
    }
}

struct Web {
    socket: WebSocket<Stream>,
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
            let left = until.saturating_duration_since(Instant::now());
            self.socket.get_ref().set_patience(left);
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
        self.socket.get_ref().vanish();
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
