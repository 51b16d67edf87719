//! A certificate authority of a test's own, and clients that trust it.

use super::{Folder, PATIENCE};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DistinguishedName, DnType, ExtendedKeyUsagePurpose,
    IsCa, KeyPair, KeyUsagePurpose,
};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use std::io::Write;
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::sync::Arc;

/// Two listeners for HTTP and WebSocket, the second inside TLS by the files of [`Authority::write`].
pub(crate) const HTTP_BOTH_WAYS: &str = r#"
[[http]]
listen = "127.0.0.1:0"

[[http]]
listen = "127.0.0.1:0"
tls = { certfile = "server.pem", keyfile = "server.key" }
"#;

/// Two listeners of a realm likewise.
pub(crate) const LISTENERS_BOTH_WAYS: &str = r#"
[[realm.listener]]
listen = "127.0.0.1:0"

[[realm.listener]]
listen = "127.0.0.1:0"
tls = { certfile = "server.pem", keyfile = "server.key" }
"#;

/// A TLS connection, blocking.
pub(crate) type TlsStream = StreamOwned<ClientConnection, TcpStream>;

/// Signs for a server on 127.0.0.1 and for its clients.
#[derive(Debug)]
pub(crate) struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
}

/// A certificate and its key in PEM.
#[derive(Debug)]
pub(crate) struct Certified {
    pub(crate) certificate: String,
    pub(crate) key: String,
}

impl Authority {
    pub(crate) fn new(name: &str) -> Self {
        let mut params = named(name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        Self { issuer: CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap() }
    }

    /// Its own certificate in PEM.
    pub(crate) fn pem(&self) -> String {
        self.issuer.pem()
    }

    /// A certificate for a server at 127.0.0.1.
    pub(crate) fn server(&self) -> Certified {
        let mut params = CertificateParams::new(["127.0.0.1".to_owned(), "localhost".to_owned()]).unwrap();
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        self.sign(&params)
    }

    /// A certificate for a client with this common name.
    pub(crate) fn client(&self, common_name: &str) -> Certified {
        let mut params = named(common_name);
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        self.sign(&params)
    }

    /// What a client of TLS goes by that trusts this authority alone, and shows this certificate.
    pub(crate) fn trusted(&self, shown: Option<&Certified>) -> Arc<ClientConfig> {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(self.pem().as_bytes()).unwrap()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots);
        Arc::new(match shown {
            None => builder.with_no_client_auth(),
            Some(shown) => {
                let chain = vec![CertificateDer::from_pem_slice(shown.certificate.as_bytes()).unwrap()];
                let key = PrivateKeyDer::from_pem_slice(shown.key.as_bytes()).unwrap();
                builder.with_client_auth_cert(chain, key).unwrap()
            }
        })
    }

    /// Writes `ca.pem`, `server.pem` and `server.key` into the folder.
    pub(crate) fn write(&self, folder: &Folder) {
        std::fs::write(folder.path("ca.pem"), self.pem()).unwrap();
        self.server().write(folder, "server");
    }

    fn sign(&self, params: &CertificateParams) -> Certified {
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        Certified { certificate: certificate.pem(), key: key.serialize_pem() }
    }
}

impl Certified {
    /// Writes `NAME.pem` and `NAME.key`; their paths.
    pub(crate) fn write(&self, folder: &Folder, name: &str) -> (PathBuf, PathBuf) {
        let paths = (folder.path(&format!("{name}.pem")), folder.path(&format!("{name}.key")));
        std::fs::write(&paths.0, &self.certificate).unwrap();
        std::fs::write(&paths.1, &self.key).unwrap();
        paths
    }
}

fn named(common_name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, common_name);
    params
}

/// A TLS connection whose handshake is done. With TLS 1.3 a server may still refuse the client's certificate.
///
/// # Errors
/// What the handshake failed with.
pub(crate) fn secured(address: SocketAddr, config: &Arc<ClientConfig>) -> std::io::Result<TlsStream> {
    secured_over(super::Stream::open(address).0, config)
}

/// The same over a connection that is there.
pub(crate) fn secured_over(mut tcp: TcpStream, config: &Arc<ClientConfig>) -> std::io::Result<TlsStream> {
    tcp.set_read_timeout(Some(PATIENCE))?;
    let name = tcp.peer_addr()?.ip().into();
    let mut session = ClientConnection::new(Arc::clone(config), name).map_err(std::io::Error::other)?;
    while session.is_handshaking() {
        session.complete_io(&mut tcp)?;
    }
    let mut stream = StreamOwned::new(session, tcp);
    stream.flush()?;
    Ok(stream)
}
