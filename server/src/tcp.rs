//! MQTT over plain TCP, an ordered and lossless stream of bytes both ways [MQTT-4.2.0-1].

use crate::outbox::{Outbox, SLICES};
use crate::wire::{Arrival, READ_SIZE, Wire};
use bytes::BytesMut;
use std::cell::RefCell;
use std::io::{self, ErrorKind, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

thread_local! {
    /// One buffer a thread, so that a silent connection has none. Boxed: thread-local storage is small.
    static SCRATCH: RefCell<Box<[u8]>> = RefCell::new(vec![0; READ_SIZE].into_boxed_slice());
}

/// A TCP connection.
#[derive(Debug)]
pub(crate) struct Tcp(pub(crate) TcpStream);

/// One read into the thread's buffer; what came goes to `take`.
fn poll_scratch(
    tcp: &mut TcpStream,
    cx: &mut Context<'_>,
    take: impl FnOnce(&[u8]),
) -> Poll<io::Result<usize>> {
    SCRATCH.with_borrow_mut(|scratch| {
        // `poll_read` knows that a read which did not fill its buffer was the last; `try_read` asks the system again.
        let mut buffer = ReadBuf::new(scratch);
        ready!(Pin::new(tcp).poll_read(cx, &mut buffer))?;
        take(buffer.filled());
        Poll::Ready(Ok(buffer.filled().len()))
    })
}

/// Ends our side and discards what still comes until the peer ends its own.
pub(crate) fn poll_farewell(tcp: &mut TcpStream, cx: &mut Context<'_>) -> Poll<()> {
    // Shutting down twice is harmless.
    if let Poll::Ready(Err(_)) = Pin::new(&mut *tcp).poll_shutdown(cx) {
        return Poll::Ready(());
    }
    while let Ok(1..) = ready!(poll_scratch(tcp, cx, |_| {})) {}
    Poll::Ready(())
}

impl Wire for Tcp {
    fn poll_read(&mut self, cx: &mut Context<'_>, stream: &mut BytesMut) -> Poll<Arrival> {
        match ready!(poll_scratch(&mut self.0, cx, |piece| stream.extend_from_slice(piece))) {
            Ok(0) | Err(_) => Poll::Ready(Arrival::End),
            Ok(_) => Poll::Ready(Arrival::Bytes),
        }
    }

    fn poll_write(
        &mut self,
        cx: &mut Context<'_>,
        outbox: &mut Outbox,
        progress: &mut bool,
    ) -> Poll<io::Result<()>> {
        while !outbox.is_empty() {
            ready!(self.0.poll_write_ready(cx))?;
            let mut slices = [IoSlice::new(&[]); SLICES];
            let count = outbox.slices(&mut slices);
            match self.0.try_write_vectored(&slices[..count]) {
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(error) => return Poll::Ready(Err(error)),
                Ok(written) => {
                    outbox.advance(written);
                    *progress = true;
                }
            }
        }
        Poll::Ready(Ok(()))
    }

    fn poll_farewell(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        poll_farewell(&mut self.0, cx)
    }
}
