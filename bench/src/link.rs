//! One client connection: packets in and out, over TCP or over WebSocket with one packet a frame, as most clients do.

use anyhow::{Context, Result, bail, ensure};
use mio::net::TcpStream;
use std::io::{ErrorKind, Read, Write};
use std::net::SocketAddr;
use std::time::Duration;

/// How a client comes to the broker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Transport {
    Tcp,
    WebSocket,
}

/// A connection whose handshakes are done. Its socket does not block.
pub(crate) struct Link {
    pub(crate) socket: TcpStream,
    transport: Transport,
    /// Bytes as they came: of a stream, or of WebSocket frames.
    raw: Vec<u8>,
    /// MQTT's bytes out of WebSocket frames.
    stream: Vec<u8>,
    outgoing: Vec<u8>,
    written: usize,
}

/// A mask of our own choice is as good as a random one to a broker, which has to take it off either way.
const MASK: [u8; 4] = [0x5A, 0xC3, 0x3C, 0xA5];

/// No broker on this machine takes so long for a handshake, unless it hangs.
const PATIENCE: Duration = Duration::from_secs(20);

impl Link {
    /// Connects, says `connect` and waits for a CONNACK that welcomes.
    pub(crate) fn open(address: SocketAddr, transport: Transport, connect: &[u8]) -> Result<Self> {
        let socket =
            std::net::TcpStream::connect(address).with_context(|| format!("connecting to {address}"))?;
        socket.set_nodelay(true)?;
        socket.set_read_timeout(Some(PATIENCE))?;
        let mut link = Self {
            socket: TcpStream::from_std(socket.try_clone()?),
            transport,
            raw: Vec::new(),
            stream: Vec::new(),
            outgoing: Vec::new(),
            written: 0,
        };
        let mut socket = socket;
        if transport == Transport::WebSocket {
            upgrade(&mut socket, address)?;
        }
        let connack = link.ask(&mut socket, connect, 4).context("waiting for CONNACK")?;
        ensure!(connack[0] == 0x20 && connack[3] == 0, "the broker refuses the connection: {connack:02x?}");
        socket.set_nonblocking(true)?;
        Ok(link)
    }

    /// Sends a packet and waits for an answer of so many bytes. For the time before the load.
    pub(crate) fn request(&mut self, packet: &[u8], answer: usize) -> Result<Vec<u8>> {
        use std::os::fd::AsFd;
        let socket = self.socket.as_fd().try_clone_to_owned()?;
        let mut socket = std::net::TcpStream::from(socket);
        socket.set_nonblocking(false)?;
        let answer = self.ask(&mut socket, packet, answer);
        socket.set_nonblocking(true)?;
        answer
    }

    fn ask(&mut self, socket: &mut std::net::TcpStream, packet: &[u8], answer: usize) -> Result<Vec<u8>> {
        self.send(packet);
        socket.write_all(&self.outgoing)?;
        self.outgoing.clear();
        let mut piece = [0; 512];
        loop {
            let length = socket.read(&mut piece)?;
            ensure!(length > 0, "the broker closed the connection");
            self.raw.extend(&piece[..length]);
            self.unframe()?;
            if self.incoming().len() >= answer {
                let answer = self.incoming()[..answer].to_vec();
                self.consume(answer.len());
                return Ok(answer);
            }
        }
    }

    /// Puts a packet behind those that wait.
    pub(crate) fn send(&mut self, packet: &[u8]) {
        if self.transport == Transport::Tcp {
            self.outgoing.extend_from_slice(packet);
            return;
        }
        let length = u8::try_from(packet.len()).ok().filter(|length| *length < 126);
        self.outgoing.extend([0x82, 0x80 | length.expect("packets of the load are short")]);
        self.outgoing.extend(MASK);
        self.outgoing.extend(packet.iter().zip(MASK.iter().cycle()).map(|(byte, mask)| byte ^ mask));
    }

    /// Writes what waits, as far as the socket takes it.
    pub(crate) fn flush(&mut self) -> Result<()> {
        while self.written < self.outgoing.len() {
            match self.socket.write(&self.outgoing[self.written..]) {
                Ok(written) => self.written += written,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
                Err(error) => return Err(error).context("writing to the broker"),
            }
        }
        self.outgoing.clear();
        self.written = 0;
        Ok(())
    }

    /// Reads once; whether there may be more.
    pub(crate) fn read(&mut self, scratch: &mut [u8]) -> Result<bool> {
        match self.socket.read(scratch) {
            Ok(0) => bail!("the broker closed a connection under load"),
            Ok(length) => {
                self.raw.extend_from_slice(&scratch[..length]);
                self.unframe()?;
                Ok(length == scratch.len())
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(false),
            Err(error) => Err(error).context("reading from the broker"),
        }
    }

    /// MQTT's bytes that came and were not consumed.
    pub(crate) fn incoming(&self) -> &[u8] {
        match self.transport {
            Transport::Tcp => &self.raw,
            Transport::WebSocket => &self.stream,
        }
    }

    pub(crate) fn consume(&mut self, count: usize) {
        match self.transport {
            Transport::Tcp => self.raw.drain(..count),
            Transport::WebSocket => self.stream.drain(..count),
        };
    }

    /// Moves the payloads of whole frames into the stream.
    fn unframe(&mut self) -> Result<()> {
        if self.transport == Transport::Tcp {
            return Ok(());
        }
        let mut at = 0;
        while let Some((head, length)) = frame(&self.raw[at..])? {
            let Some(payload) = self.raw.get(at + head..at + head + length) else { break };
            self.stream.extend_from_slice(payload);
            at += head + length;
        }
        self.raw.drain(..at);
        Ok(())
    }
}

/// Lengths of a server's frame: of its head and of its payload.
fn frame(bytes: &[u8]) -> Result<Option<(usize, usize)>> {
    let [first, second, ..] = *bytes else { return Ok(None) };
    ensure!(first & 0x0F <= 2, "the broker sent a WebSocket frame that is none of data: {first:#04x}");
    let extended = match second {
        126 => 2,
        127 => 8,
        length => return Ok(Some((2, length.into()))),
    };
    let Some(bytes) = bytes.get(2..2 + extended) else { return Ok(None) };
    let length = bytes.iter().fold(0, |length, byte| length << 8 | usize::from(*byte));
    Ok(Some((2 + extended, length)))
}

fn upgrade(socket: &mut std::net::TcpStream, address: SocketAddr) -> Result<()> {
    let request = format!(
        "GET /mqtt HTTP/1.1\r\nHost: {address}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\
         Sec-WebSocket-Protocol: mqtt\r\n\r\n"
    );
    socket.write_all(request.as_bytes())?;
    let mut answer = Vec::new();
    let mut byte = [0];
    while !answer.ends_with(b"\r\n\r\n") {
        ensure!(socket.read(&mut byte)? == 1, "the broker closed during the WebSocket handshake");
        answer.push(byte[0]);
    }
    let answer = String::from_utf8_lossy(&answer);
    ensure!(answer.starts_with("HTTP/1.1 101"), "the broker refuses the WebSocket handshake: {answer}");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::frame;

    #[test]
    fn frames_of_every_length() {
        assert_eq!(frame(&[0x82]).unwrap(), None);
        assert_eq!(frame(&[0x82, 5]).unwrap(), Some((2, 5)));
        assert_eq!(frame(&[0x82, 126, 1]).unwrap(), None);
        assert_eq!(frame(&[0x82, 126, 1, 2]).unwrap(), Some((4, 258)));
        assert_eq!(frame(&[0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0]).unwrap(), Some((10, 65_536)));
        assert!(frame(&[0x88, 0]).is_err());
    }
}
