//! The transport of one connection: TCP, or TLS over it.

use crate::Broker;
use std::io;
use std::sync::Arc;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

/// Either transport.
pub(crate) trait Transport: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Transport for T {}

/// Opens one. The session's time-out for connecting bounds it.
pub(crate) async fn open(broker: Broker) -> io::Result<Box<dyn Transport>> {
    let stream = TcpStream::connect((broker.host.as_str(), broker.port)).await?;
    // Acknowledgements are small and wanted at once.
    stream.set_nodelay(true)?;
    match broker.tls {
        None => Ok(Box::new(stream)),
        Some((name, config)) => {
            let connector = TlsConnector::from(Arc::clone(&config));
            Ok(Box::new(connector.connect(name, stream).await?))
        }
    }
}
