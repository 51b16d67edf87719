//! MQTT over WebSocket: one binary message may carry many packets, and one packet many messages
//! [MQTT-6.0.0-2].

use crate::outbox::Outbox;
use crate::socket::Socket;
use crate::wire::{Arrival, READ_SIZE, Wire};
use bytes::{Bytes, BytesMut};
use futures_util::{Sink, Stream};
use headcount_mqtt::ReasonCode;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::error::ProtocolError;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error, Message};

/// Resident per connection; the library's 128 KiB would be most of what an idle connection costs.
const READ_BUFFER: usize = 4 * 1024;
/// Bytes of one message that we send. A larger one saves nothing, and the library keeps a buffer of its size.
const MESSAGE_SIZE: usize = 16 * 1024;

/// A WebSocket connection after its handshake.
#[derive(Debug)]
pub(crate) struct WebSocket {
    stream: WebSocketStream<Socket>,
    /// Whether a message was given to the library and may not have left it.
    unflushed: bool,
    /// The Close frame that fits the end, until it was sent.
    farewell: Option<CloseCode>,
}

impl WebSocket {
    /// `read` are bytes that came right behind the handshake; no packet is larger than `max_packet_size` bytes.
    pub(crate) async fn new(socket: Socket, read: &Bytes, max_packet_size: usize) -> Self {
        // A message may hold the largest packet, and small ones around it.
        let largest = max_packet_size.saturating_add(READ_SIZE);
        let config = WebSocketConfig::default()
            .read_buffer_size(READ_BUFFER)
            .write_buffer_size(0)
            .max_message_size(Some(largest))
            .max_frame_size(Some(largest));
        let stream =
            WebSocketStream::from_partially_read(socket, read.to_vec(), Role::Server, Some(config)).await;
        Self { stream, unflushed: false, farewell: Some(CloseCode::Normal) }
    }

    /// Notes what the Close frame is to say.
    fn broken(&mut self, code: CloseCode, reason: ReasonCode, why: &dyn std::fmt::Display) -> Arrival {
        tracing::debug!(%why, "WebSocket connection is broken");
        self.farewell = Some(code);
        Arrival::Broken(reason)
    }

    fn failed(&mut self, error: &Error) -> Arrival {
        match error {
            Error::Capacity(_) => self.broken(CloseCode::Size, ReasonCode::PacketTooLarge, error),
            // Text that is no UTF-8 is text.
            Error::Utf8(_) => self.broken(CloseCode::Unsupported, ReasonCode::ProtocolError, error),
            Error::Protocol(rule) if *rule != ProtocolError::ResetWithoutClosingHandshake => {
                self.broken(CloseCode::Protocol, ReasonCode::ProtocolError, error)
            }
            _ => Arrival::End,
        }
    }
}

impl Wire for WebSocket {
    fn poll_read(&mut self, cx: &mut Context<'_>, stream: &mut BytesMut) -> Poll<Arrival> {
        let before = stream.len();
        loop {
            let Poll::Ready(message) = Pin::new(&mut self.stream).poll_next(cx) else {
                return if stream.len() > before { Poll::Ready(Arrival::Bytes) } else { Poll::Pending };
            };
            match message {
                Some(Ok(Message::Binary(piece))) => {
                    stream.extend_from_slice(&piece);
                    if stream.len() - before >= READ_SIZE {
                        return Poll::Ready(Arrival::Bytes);
                    }
                }
                Some(Ok(Message::Text(_))) => {
                    let why = "a text frame [MQTT-6.0.0-1]";
                    return Poll::Ready(self.broken(CloseCode::Unsupported, ReasonCode::ProtocolError, &why));
                }
                Some(Err(error)) => return Poll::Ready(self.failed(&error)),
                // The library answers a Ping by itself, and a Close, after which it gives `None`.
                Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Close(_) | Message::Frame(_))) => {}
                None => return Poll::Ready(Arrival::End),
            }
        }
    }

    fn poll_write(
        &mut self,
        cx: &mut Context<'_>,
        outbox: &mut Outbox,
        progress: &mut bool,
    ) -> Poll<io::Result<()>> {
        loop {
            if self.unflushed {
                ready!(Pin::new(&mut self.stream).poll_flush(cx)).map_err(io::Error::other)?;
                self.unflushed = false;
                *progress = true;
            }
            if outbox.is_empty() {
                return Poll::Ready(Ok(()));
            }
            ready!(Pin::new(&mut self.stream).poll_ready(cx)).map_err(io::Error::other)?;
            let message = Message::Binary(outbox.take(MESSAGE_SIZE));
            Pin::new(&mut self.stream).start_send(message).map_err(io::Error::other)?;
            self.unflushed = true;
        }
    }

    fn poll_farewell(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if let Some(code) = self.farewell.take() {
            let frame = CloseFrame { code, reason: "".into() };
            if Pin::new(&mut self.stream).start_send(Message::Close(Some(frame))).is_err() {
                return Poll::Ready(());
            }
            self.unflushed = true;
        }
        if self.unflushed {
            if ready!(Pin::new(&mut self.stream).poll_flush(cx)).is_err() {
                return Poll::Ready(());
            }
            self.unflushed = false;
        }
        // What still comes is discarded until the peer's Close, then until the end of its side.
        while let Some(Ok(_)) = ready!(Pin::new(&mut self.stream).poll_next(cx)) {}
        self.stream.get_mut().poll_farewell(cx)
    }
}
