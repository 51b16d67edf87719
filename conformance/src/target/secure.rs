//! A blocking socket, plain or inside TLS.

use super::url::Url;
use rustls::{ClientConnection, StreamOwned};
use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

/// What MQTT or WebSocket stands on.
#[derive(Debug)]
pub(super) enum Stream {
    Plain(TcpStream),
    Secure(Box<StreamOwned<ClientConnection, TcpStream>>),
}

impl Stream {
    pub(super) fn new(url: &Url, mut tcp: TcpStream) -> Result<Self, String> {
        let Some((config, name)) = url.tls()? else { return Ok(Self::Plain(tcp)) };
        let mut session = ClientConnection::new(config, name).map_err(|error| error.to_string())?;
        while session.is_handshaking() {
            session.complete_io(&mut tcp).map_err(|error| error.to_string())?;
        }
        Ok(Self::Secure(Box::new(StreamOwned::new(session, tcp))))
    }

    fn tcp(&self) -> &TcpStream {
        match self {
            Self::Plain(tcp) => tcp,
            Self::Secure(tls) => tls.get_ref(),
        }
    }

    /// How long a read waits.
    pub(super) fn set_patience(&self, patience: Duration) {
        let _ = self.tcp().set_read_timeout(Some(patience.max(Duration::from_millis(1))));
    }

    /// Ends our side without a word of TLS or MQTT.
    pub(super) fn vanish(&self) {
        let _ = self.tcp().shutdown(Shutdown::Write);
    }
}

impl Read for Stream {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(tcp) => tcp.read(bytes),
            Self::Secure(tls) => tls.read(bytes),
        }
    }
}

impl Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(tcp) => tcp.write(bytes),
            Self::Secure(tls) => tls.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(tcp) => tcp.flush(),
            Self::Secure(tls) => tls.flush(),
        }
    }
}
