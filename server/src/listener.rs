//! Listening sockets: opening them, and accepting without ever giving up.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;

/// Connections that the system completes before we accept them. Linux's own limit; a thousand clients that come back
/// at once after a restart must not wait for a second SYN.
const BACKLOG: u32 = 4096;
/// First pause after the system had no descriptor or memory for a connection, doubled up to the greatest.
const FIRST_PAUSE: Duration = Duration::from_millis(10);
/// Greatest pause: the backlog holds what comes in that time.
const GREATEST_PAUSE: Duration = Duration::from_secs(1);

/// Opens a listener. The port can be taken again as soon as an earlier server has ended.
///
/// # Errors
/// A sentence that names the address and `option`, and says what to do.
pub(crate) fn bind(address: SocketAddr, option: &str) -> Result<TcpListener, String> {
    let open = || {
        let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
        socket.set_reuseaddr(true)?;
        socket.bind(address)?;
        socket.listen(BACKLOG)
    };
    open().map_err(|error: io::Error| match error.kind() {
        io::ErrorKind::AddrInUse => format!(
            "port {} of {} is taken by another program; stop that program, or choose another port with {option}",
            address.port(),
            address.ip()
        ),
        io::ErrorKind::PermissionDenied => format!(
            "port {} of {} may not be opened by this user; choose one above 1023 with {option}",
            address.port(),
            address.ip()
        ),
        io::ErrorKind::AddrNotAvailable => {
            format!("{} is no address of this machine; choose another with {option}", address.ip())
        }
        _ => format!("{address} cannot be listened on: {error}; choose another address with {option}"),
    })
}

/// Accepts until `stop`, and gives each connection to `serve` with its place under the limit.
pub(crate) async fn accept(
    listener: TcpListener,
    places: Arc<Semaphore>,
    stop: CancellationToken,
    serve: impl Fn(TcpStream, SocketAddr, OwnedSemaphorePermit),
) {
    let mut pause = FIRST_PAUSE;
    // Told once, and not for each of those who are turned away.
    let mut is_full = false;
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stop.cancelled() => return,
        };
        match accepted {
            Ok((tcp, peer)) => {
                pause = FIRST_PAUSE;
                // Coalescing small packets is done above, per turn; the system's way costs 40 ms.
                let _ = tcp.set_nodelay(true);
                // A client that asks for no Keep Alive and vanishes is found by the system in its own time.
                let _ = rustix::net::sockopt::set_socket_keepalive(&tcp, true);
                if let Ok(place) = Arc::clone(&places).try_acquire_owned() {
                    is_full = false;
                    // On a listener for both families, IPv4 peers come as ::ffff:127.0.0.1.
                    serve(tcp, SocketAddr::new(peer.ip().to_canonical(), peer.port()), place);
                } else if !std::mem::replace(&mut is_full, true) {
                    tracing::warn!(%peer, "turned away, and whoever comes next: max_connections are there");
                }
            }
            Err(error) if is_shortage(&error) => {
                tracing::error!(%error, pause_ms = pause.as_millis(), "cannot accept");
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(GREATEST_PAUSE);
            }
            // The peer has gone between its SYN and our accept.
            Err(error) => tracing::debug!(%error, "not accepted"),
        }
    }
}

/// Whether the process or the system has run out of something, so that trying again at once would spin.
fn is_shortage(error: &io::Error) -> bool {
    use rustix::io::Errno;
    let shortages = [Errno::MFILE, Errno::NFILE, Errno::NOBUFS, Errno::NOMEM];
    Errno::from_io_error(error).is_some_and(|error| shortages.contains(&error))
}
