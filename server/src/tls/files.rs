//! Certificates, keys and revocation lists in PEM files.

use super::Protocol;
use super::x509::not_after;
use rustls::crypto::ring;
use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, CertificateRevocationListDer, PrivateKeyDer};
use rustls::server::{ServerSessionMemoryCache, WebPkiClientVerifier};
use rustls::{RootCertStore, ServerConfig, SupportedProtocolVersion, version};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Sessions of TLS 1.2 that may be resumed. Those of 1.3 are in tickets, which the client keeps.
const RESUMABLE_SESSIONS: usize = 4096;

/// A listener's TLS options, by Mosquitto's names.
#[derive(Debug, Clone)]
pub(crate) struct TlsFiles {
    /// The server's certificate, then those that lead to its authority.
    pub(crate) certfile: PathBuf,
    pub(crate) keyfile: PathBuf,
    /// Authorities of client certificates.
    pub(crate) cafile: Option<PathBuf>,
    /// Client certificates that their authority has called back.
    pub(crate) crlfile: Option<PathBuf>,
    pub(crate) require_certificate: bool,
    pub(crate) use_identity_as_username: bool,
    /// Whether TLS 1.2 is refused.
    pub(crate) only_tls13: bool,
}

impl TlsFiles {
    /// Every file that is there.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &Path> {
        let always = [&self.certfile, &self.keyfile].into_iter();
        always.chain(&self.cafile).chain(&self.crlfile).map(PathBuf::as_path)
    }

    /// What handshakes go by, and when the certificate ends, in seconds since 1970 or 0.
    ///
    /// # Errors
    /// A sentence that names the option, the file and what to do.
    pub(super) fn read(&self, protocol: Protocol) -> Result<(Arc<ServerConfig>, u64), String> {
        const BOTH: &[&SupportedProtocolVersion] = &[&version::TLS13, &version::TLS12];
        const NEWEST: &[&SupportedProtocolVersion] = &[&version::TLS13];
        let chain: Vec<CertificateDer<'static>> = read_all("certfile", &self.certfile, "CERTIFICATE")?;
        let key = PrivateKeyDer::from_pem_file(&self.keyfile).map_err(|error| {
            sentence("keyfile", &self.keyfile, &error, "a PRIVATE KEY without a pass phrase")
        })?;
        let versions = if self.only_tls13 { NEWEST } else { BOTH };
        let provider = Arc::new(ring::default_provider());
        let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_protocol_versions(versions)
            .map_err(|error| format!("tls_version: {error}"))?;
        let builder = match &self.cafile {
            None => builder.with_no_client_auth(),
            Some(cafile) => {
                let mut roots = RootCertStore::empty();
                for authority in read_all("cafile", cafile, "CERTIFICATE")? {
                    roots.add(authority).map_err(|error| format!("cafile: {}: {error}", cafile.display()))?;
                }
                let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
                let verifier = match &self.crlfile {
                    None => verifier,
                    Some(crlfile) => verifier
                        .with_crls(read_all::<CertificateRevocationListDer<'_>>(
                            "crlfile", crlfile, "X509 CRL",
                        )?)
                        // As OpenSSL does for Mosquitto: the client's own certificate, by a list that is in date.
                        .only_check_end_entity_revocation()
                        .enforce_revocation_expiration(),
                };
                let verifier =
                    if self.require_certificate { verifier } else { verifier.allow_unauthenticated() };
                let verifier = verifier.build();
                builder.with_client_cert_verifier(
                    verifier.map_err(|error| format!("cafile: {}: {error}", cafile.display()))?,
                )
            }
        };
        let expiry = chain.first().and_then(|certificate| not_after(certificate)).unwrap_or(0);
        let mut config = builder.with_single_cert(chain, key).map_err(|error| {
            format!(
                "certfile, keyfile: {} and {} do not belong together, or cannot be used: {error}",
                self.certfile.display(),
                self.keyfile.display()
            )
        })?;
        config.alpn_protocols = vec![match protocol {
            Protocol::Mqtt => b"mqtt".to_vec(),
            Protocol::Http => b"http/1.1".to_vec(),
        }];
        config.session_storage = ServerSessionMemoryCache::new(RESUMABLE_SESSIONS);
        config.ticketer = ring::Ticketer::new().map_err(|error| format!("no keys for tickets: {error}"))?;
        Ok((Arc::new(config), expiry))
    }
}

/// Everything of one kind in a file, at least one.
fn read_all<T: PemObject>(option: &str, path: &Path, kind: &str) -> Result<Vec<T>, String> {
    let wanted = format!("at least one {kind}");
    let fails = |error: pem::Error| sentence(option, path, &error, &wanted);
    let items = T::pem_file_iter(path).map_err(fails)?.collect::<Result<Vec<T>, _>>().map_err(fails)?;
    if items.is_empty() { Err(fails(pem::Error::NoItemsFound)) } else { Ok(items) }
}

fn sentence(option: &str, path: &Path, error: &pem::Error, wanted: &str) -> String {
    let path = path.display();
    match error {
        pem::Error::Io(error) => format!("{option}: {path} cannot be read: {error}"),
        error => format!("{option}: {path} is not what it has to be, a PEM file with {wanted}: {error}"),
    }
}
