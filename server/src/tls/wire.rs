//! MQTT inside TLS.

use crate::outbox::{Outbox, SLICES};
use crate::wire::{Arrival, READ_SIZE, Wire};
use bytes::BytesMut;
use std::io::{self, ErrorKind, IoSlice, Write};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncBufRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::server::TlsStream;

/// A TLS connection after its handshake. Boxed: rustls keeps some KiB of keys for each.
#[derive(Debug)]
pub(crate) struct Tls(pub(crate) Box<TlsStream<TcpStream>>);

/// A socket that can be written to just now, or not.
struct Ready<'a>(&'a TcpStream);

impl Write for Ready<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.try_write(bytes)
    }

    fn write_vectored(&mut self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        self.0.try_write_vectored(slices)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Wire for Tls {
    fn poll_read(&mut self, cx: &mut Context<'_>, stream: &mut BytesMut) -> Poll<Arrival> {
        let before = stream.len();
        loop {
            let mut tls = Pin::new(&mut *self.0);
            let length = match tls.as_mut().poll_fill_buf(cx) {
                Poll::Ready(Ok(piece)) if !piece.is_empty() => {
                    stream.extend_from_slice(piece);
                    piece.len()
                }
                Poll::Ready(_) => return Poll::Ready(Arrival::End),
                Poll::Pending if stream.len() > before => return Poll::Ready(Arrival::Bytes),
                Poll::Pending => return Poll::Pending,
            };
            tls.consume(length);
            if stream.len() - before >= READ_SIZE {
                return Poll::Ready(Arrival::Bytes);
            }
        }
    }

    fn poll_write(
        &mut self,
        cx: &mut Context<'_>,
        outbox: &mut Outbox,
        progress: &mut bool,
    ) -> Poll<io::Result<()>> {
        let (tcp, session) = self.0.get_mut();
        loop {
            while session.wants_write() {
                ready!(tcp.poll_write_ready(cx))?;
                match session.write_tls(&mut Ready(tcp)) {
                    Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                    Err(error) => return Poll::Ready(Err(error)),
                    Ok(0) => return Poll::Ready(Err(ErrorKind::WriteZero.into())),
                    Ok(_) => *progress = true,
                }
            }
            if outbox.is_empty() {
                return Poll::Ready(Ok(()));
            }
            let mut slices = [IoSlice::new(&[]); SLICES];
            let count = outbox.slices(&mut slices);
            // As much as the library's bound lets in, some 64 KiB.
            let taken = session.writer().write_vectored(&slices[..count])?;
            if taken == 0 {
                // Nothing waits in the session, so it takes some; else this would turn for ever.
                return Poll::Ready(Err(ErrorKind::WriteZero.into()));
            }
            outbox.advance(taken);
        }
    }

    fn poll_farewell(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        poll_farewell(&mut self.0, cx)
    }
}

/// Says `close_notify`, ends our side, and discards what still comes until the peer ends its own.
pub(crate) fn poll_farewell(tls: &mut TlsStream<TcpStream>, cx: &mut Context<'_>) -> Poll<()> {
    let mut tls = Pin::new(tls);
    // Shutting down twice is harmless.
    if ready!(tls.as_mut().poll_shutdown(cx)).is_err() {
        return Poll::Ready(());
    }
    loop {
        let length = match ready!(tls.as_mut().poll_fill_buf(cx)) {
            Ok(piece) if !piece.is_empty() => piece.len(),
            _ => return Poll::Ready(()),
        };
        tls.as_mut().consume(length);
    }
}
