//! What a proxy in front says about its client: the PROXY protocol, and `X-Forwarded-For`.

mod forwarded;
mod header;

pub(crate) use forwarded::{Forwarded, client};

use header::{Step, Told, step};
use std::io;
use std::net::SocketAddr;
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;

/// Reads the PROXY header off the front of a connection, and not one byte more. The client's address; `None` where the
/// proxy speaks for itself (a health check), or does not know.
///
/// # Errors
/// The connection ended, or it does not begin with such a header.
pub(crate) async fn read_header(tcp: &mut TcpStream) -> io::Result<Option<SocketAddr>> {
    let mut header = Vec::new();
    loop {
        match step(&header).map_err(|sentence| io::Error::new(io::ErrorKind::InvalidData, sentence))? {
            Step::Need(more) => {
                let length = header.len();
                header.resize(length + more, 0);
                tcp.read_exact(&mut header[length..]).await?;
            }
            Step::Done { told, skip } => {
                let mut rest = tcp.take(skip);
                tokio::io::copy(&mut rest, &mut tokio::io::sink()).await?;
                if rest.limit() > 0 {
                    return Err(io::ErrorKind::UnexpectedEof.into());
                }
                return Ok(match told {
                    Told::Client(address) => Some(address),
                    Told::Nothing => None,
                });
            }
        }
    }
}
