//! Where a broker listens.

use super::Transport;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use std::path::Path;
use std::sync::Arc;

/// A broker's address, and whom to trust there.
#[derive(Debug, Clone)]
pub struct Url {
    text: String,
    transport: Transport,
    host: String,
    port: u16,
    tls: Option<Arc<ClientConfig>>,
}

impl Url {
    /// Reads `mqtt://host[:port]` (1883), `mqtts://host[:port]` (8883), `ws://host[:port][/path]` (80) or
    /// `wss://host[:port][/path]` (443).
    ///
    /// # Errors
    /// A sentence that says what is wrong.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (transport, default_port, rest) = match text.split_once("://") {
            Some(("mqtt" | "tcp", rest)) => (Transport::Tcp, 1883, rest),
            Some(("mqtts", rest)) => (Transport::Tls, 8883, rest),
            Some(("ws", rest)) => (Transport::WebSocket, 80, rest),
            Some(("wss", rest)) => (Transport::SecureWebSocket, 443, rest),
            _ => return Err(format!("{text}: give mqtt[s]://host:port or ws[s]://host:port/path")),
        };
        let authority = rest.split('/').next().unwrap_or_default();
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => {
                let port = port.parse().map_err(|_| format!("{text}: {port} is no port"))?;
                (host, port)
            }
            _ => (authority, default_port),
        };
        let host = host.trim_matches(['[', ']']);
        if host.is_empty() {
            return Err(format!("{text}: names no host"));
        }
        Ok(Self { text: text.to_owned(), transport, host: host.to_owned(), port, tls: None })
    }

    /// Trusts the certificate authorities in this PEM file. Without one, nobody is trusted inside TLS.
    ///
    /// # Errors
    /// A sentence that names the file.
    pub fn with_authorities(mut self, file: &Path) -> Result<Self, String> {
        let fails = |error: &dyn std::fmt::Display| format!("{}: {error}", file.display());
        let mut roots = RootCertStore::empty();
        for authority in CertificateDer::pem_file_iter(file).map_err(|error| fails(&error))? {
            let authority = authority.map_err(|error| fails(&error))?;
            roots.add(authority).map_err(|error| fails(&error))?;
        }
        let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| fails(&error))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        self.tls = Some(Arc::new(config));
        Ok(self)
    }

    /// How it is reached.
    pub fn transport(&self) -> Transport {
        self.transport
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn host(&self) -> &str {
        &self.host
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }

    /// What to go by inside TLS; `None` over plain transports.
    pub(super) fn tls(&self) -> Result<Option<(Arc<ClientConfig>, ServerName<'static>)>, String> {
        if matches!(self.transport, Transport::Tcp | Transport::WebSocket | Transport::Memory) {
            return Ok(None);
        }
        let config = self.tls.clone().ok_or("TLS needs a file of authorities; give --cafile")?;
        let name = ServerName::try_from(self.host.clone()).map_err(|error| error.to_string())?;
        Ok(Some((config, name)))
    }
}

impl std::fmt::Display for Url {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}
