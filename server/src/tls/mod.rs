//! TLS 1.2 and 1.3 on a listener: what it shows, what it asks of its peers, and reading both again.

mod files;
mod wire;
mod x509;

pub(crate) use files::TlsFiles;
pub(crate) use wire::{Tls, poll_farewell};

use crate::reload::{Cause, Reload};
use arc_swap::ArcSwap;
use headcount_mqtt::Text;
use rustls::ServerConfig;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use x509::common_name;

/// The TLS side of one listener.
pub(crate) struct Certificates {
    files: TlsFiles,
    protocol: Protocol,
    /// What the next handshake goes by. A connection keeps what it began with.
    current: ArcSwap<ServerConfig>,
    /// When the server's own certificate ends, in seconds since 1970; 0: it does not say.
    expiry: AtomicU64,
}

/// What is spoken inside TLS. A client that asks by ALPN for something else alone is refused, so that nobody can turn
/// one protocol's bytes into the other's (RFC 7301, 3.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Protocol {
    Mqtt,
    Http,
}

/// A connection after its handshake.
#[derive(Debug)]
pub(crate) struct Secured {
    pub(crate) stream: Box<TlsStream<TcpStream>>,
    /// The common name of the peer's certificate, where the listener takes it for the account.
    pub(crate) account: Option<Text>,
}

impl Certificates {
    /// Reads the files.
    ///
    /// # Errors
    /// A sentence that names the option, the file and what to do.
    pub(crate) fn load(files: TlsFiles, protocol: Protocol) -> Result<Self, String> {
        let (current, expiry) = files.read(protocol)?;
        Ok(Self { files, protocol, current: ArcSwap::new(current), expiry: expiry.into() })
    }

    pub(crate) fn certfile(&self) -> &Path {
        &self.files.certfile
    }

    /// When the server's own certificate ends, in seconds since 1970; 0: it does not say.
    pub(crate) fn expiry(&self) -> u64 {
        self.expiry.load(Ordering::Relaxed)
    }

    /// The handshake.
    ///
    /// # Errors
    /// The peer left or broke a rule, or its certificate was not accepted.
    pub(crate) async fn accept(&self, tcp: TcpStream) -> io::Result<Secured> {
        let stream = TlsAcceptor::from(self.current.load_full()).accept(tcp).await?;
        let account = match stream.get_ref().1.peer_certificates() {
            Some([certificate, ..]) if self.files.use_identity_as_username => {
                let name = common_name(certificate).ok_or_else(|| {
                    io::Error::other("the client's certificate has no common name that could be its account")
                })?;
                Some(name)
            }
            _ => None,
        };
        Ok(Secured { stream: Box::new(stream), account })
    }
}

/// As configured, whatever the files hold.
impl std::fmt::Debug for Certificates {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Certificates").field(&self.files).field(&self.protocol).finish()
    }
}

/// Handshakes after a reload go by the new files; connections that are there live on.
impl Reload for Certificates {
    fn name(&self) -> String {
        format!("certificate {}", self.files.certfile.display())
    }

    fn paths(&self) -> Vec<PathBuf> {
        self.files.paths().map(Path::to_owned).collect()
    }

    fn reload(&self, _cause: Cause) -> Result<(), String> {
        let (current, expiry) = self.files.read(self.protocol)?;
        self.current.store(current);
        self.expiry.store(expiry, Ordering::Relaxed);
        Ok(())
    }
}
