//! Where a broker is and who asks: `mqtt://user:password@host:port`.

use bytes::Bytes;
use headcount_mqtt::{Text, client::Options};
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, InvalidDnsNameError, ServerName, pem::PemObject};
use rustls::{ClientConfig, RootCertStore};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A broker's address, with the credentials that belong to it. Its `Debug` and `Display` hide the password.
#[derive(Clone)]
pub struct Broker {
    pub(crate) host: String,
    pub(crate) port: u16,
    /// The name that the certificate has to bear, and what handshakes go by.
    pub(crate) tls: Option<(ServerName<'static>, Arc<ClientConfig>)>,
    user_name: Option<Text>,
    password: Option<Bytes>,
}

/// Why a URL names no broker. Blame: the caller.
#[derive(Debug)]
pub enum InvalidBroker {
    /// It is no such URL; what is wrong with it.
    Url(String),
    /// The file of authorities cannot be used.
    Authorities(PathBuf, String),
}

/// Where Debian, and most others, keep the authorities that the system trusts.
const SYSTEM_AUTHORITIES: &str = "/etc/ssl/certs/ca-certificates.crt";

impl Broker {
    /// Reads `mqtt://host`, `mqtts://user:password@host:8883` and the like. User name and password are
    /// percent-encoded where they hold `:`, `@`, `/` or `%`. The port is 1883, inside TLS 8883, unless it is named.
    /// `authorities` is a PEM file with the certificates that TLS trusts instead of the system's.
    ///
    /// # Errors
    /// [`InvalidBroker`], with what to write instead.
    pub fn parse(url: &str, authorities: Option<&Path>) -> Result<Self, InvalidBroker> {
        let wrong = |what: &str| InvalidBroker::Url(format!("`{}`: {what}", hidden(url)));
        let (scheme, rest) =
            url.split_once("://").ok_or_else(|| wrong("write mqtt://host:port, or mqtts:// for TLS"))?;
        let secure = match scheme {
            "mqtt" => false,
            "mqtts" => true,
            _ => return Err(wrong("the scheme is mqtt, or mqtts for TLS")),
        };
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        if rest.contains(['/', '?', '#']) {
            return Err(wrong("nothing follows the port; in a password write %2F, %3F, %23 for /, ?, #"));
        }
        let (credentials, place) = match rest.rsplit_once('@') {
            Some((credentials, place)) => (Some(credentials), place),
            None => (None, rest),
        };
        let (host, port) = split_port(place).ok_or_else(|| wrong("the port is a number from 1 to 65535"))?;
        if host.is_empty() {
            return Err(wrong("it names no host"));
        }
        let (user_name, password) = match credentials.map(|both| both.split_once(':').unwrap_or((both, ""))) {
            None => (None, None),
            Some((user_name, password)) => {
                let decode = |text| decoded(text).ok_or_else(|| wrong("% is followed by two hex digits"));
                let name =
                    String::from_utf8(decode(user_name)?).ok().and_then(|name| Text::try_from(&*name).ok());
                let name = name.ok_or_else(|| wrong("the user name is no text of MQTT"))?;
                let password = decode(password)?;
                (Some(name), (!password.is_empty()).then(|| Bytes::from(password)))
            }
        };
        let tls = secure.then(|| {
            let name = ServerName::try_from(host.to_owned())
                .map_err(|error: InvalidDnsNameError| wrong(&error.to_string()))?;
            let file = authorities.unwrap_or(Path::new(SYSTEM_AUTHORITIES));
            let config = trusting(file).map_err(|why| InvalidBroker::Authorities(file.to_owned(), why))?;
            Ok((name, Arc::new(config)))
        });
        let port = port.unwrap_or(if secure { 8883 } else { 1883 });
        Ok(Self { host: host.to_owned(), port, tls: tls.transpose()?, user_name, password })
    }

    /// The user name, where the URL has one.
    pub fn user_name(&self) -> Option<&str> {
        self.user_name.as_ref().map(Text::as_str)
    }

    /// Puts the URL's credentials into what CONNECT carries.
    pub(crate) fn identify(&self, options: &mut Options) {
        if self.user_name.is_some() {
            options.user_name.clone_from(&self.user_name);
            options.password.clone_from(&self.password);
        }
    }
}

/// `host`, `host:port`, `[::1]:port`.
fn split_port(place: &str) -> Option<(&str, Option<u16>)> {
    let (host, port) = match place.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((host, "")) => (host, None),
        Some((host, rest)) => (host, Some(rest.strip_prefix(':')?)),
        None => match place.rsplit_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (place, None),
        },
    };
    let Some(port) = port else { return Some((host, None)) };
    port.parse().ok().filter(|port| *port != 0).map(|port| (host, Some(port)))
}

fn decoded(text: &str) -> Option<Vec<u8>> {
    let mut bytes = text.bytes();
    let mut decoded = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        decoded.push(if byte == b'%' {
            let mut digit = || char::from(bytes.next()?).to_digit(16);
            let (high, low) = (digit()?, digit()?);
            u8::try_from(high * 16 + low).ok()?
        } else {
            byte
        });
    }
    Some(decoded)
}

/// The URL without the password.
fn hidden(url: &str) -> String {
    let (Some((front, place)), Some(scheme)) = (url.rsplit_once('@'), url.find("://")) else {
        return url.to_owned();
    };
    match front.get(scheme + 3..).and_then(|credentials| credentials.split_once(':')) {
        Some((user_name, _)) => format!("{}://{user_name}:…@{place}", &url[..scheme]),
        None => url.to_owned(),
    }
}

fn trusting(file: &Path) -> Result<ClientConfig, String> {
    let mut roots = RootCertStore::empty();
    for authority in CertificateDer::pem_file_iter(file).map_err(|error| error.to_string())? {
        // A bundle may hold one that rustls does not know how to use; the others still count.
        let _ = roots.add(authority.map_err(|error| error.to_string())?);
    }
    if roots.is_empty() {
        return Err("it holds no certificate of an authority".to_owned());
    }
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}

impl std::fmt::Display for Broker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let scheme = if self.tls.is_some() { "mqtts" } else { "mqtt" };
        if self.host.contains(':') {
            write!(f, "{scheme}://[{}]:{}", self.host, self.port)
        } else {
            write!(f, "{scheme}://{}:{}", self.host, self.port)
        }
    }
}

impl std::fmt::Debug for Broker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Broker({self}, user name {:?})", self.user_name)
    }
}

impl std::fmt::Display for InvalidBroker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Url(what) => f.write_str(what),
            Self::Authorities(file, why) => {
                write!(f, "{}: {why}; name a PEM file with the broker's authority", file.display())
            }
        }
    }
}

impl std::error::Error for InvalidBroker {}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(url: &str, expect: &str) {
        let broker = Broker::parse(url, None).unwrap();
        let password = broker.password.as_ref().map(|password| String::from_utf8_lossy(password));
        let shown = format!(
            "{} {} {} {}",
            broker.host,
            broker.port,
            broker.user_name().unwrap_or("-"),
            password.as_deref().unwrap_or("-")
        );
        assert_eq!(shown, expect, "{url}");
        assert!(!format!("{broker:?} {broker}").contains("s3cret"));
    }

    #[test]
    fn urls_name_host_port_and_credentials() {
        check("mqtt://localhost", "localhost 1883 - -");
        check("mqtt://127.0.0.1:1884/", "127.0.0.1 1884 - -");
        check("mqtt://[::1]:1885", "::1 1885 - -");
        check("mqtt://[::1]", "::1 1883 - -");
        check("mqtt://backend:s3cret@broker:1884", "broker 1884 backend s3cret");
        check("mqtt://backend@broker", "broker 1883 backend -");
        check("mqtt://a%40b:p%3A%2f%25@broker", "broker 1883 a@b p:/%");
    }

    #[test]
    fn other_urls_are_refused_without_telling_the_password() {
        for (url, part) in [
            ("localhost:1883", "mqtt://host:port"),
            ("http://localhost", "the scheme is mqtt"),
            ("mqtt://", "no host"),
            ("mqtt://host:0", "1 to 65535"),
            ("mqtt://host:65536", "1 to 65535"),
            ("mqtt://[::1]1883", "1 to 65535"),
            ("mqtt://host/path", "nothing follows"),
            ("mqtt://a:s3cret@host:x", "1 to 65535"),
            ("mqtt://a:s3cret%2@host", "two hex digits"),
        ] {
            let error = Broker::parse(url, None).unwrap_err().to_string();
            assert!(error.contains(part), "{url}: {error}");
            assert!(!error.contains("s3cret"), "{error}");
        }
    }

    #[test]
    fn tls_needs_authorities() {
        let missing = Broker::parse("mqtts://localhost", Some(Path::new("/no/such.pem"))).unwrap_err();
        assert!(missing.to_string().contains("/no/such.pem"), "{missing}");
        let empty = Broker::parse("mqtts://localhost", Some(Path::new("/dev/null"))).unwrap_err();
        assert!(empty.to_string().contains("no certificate"), "{empty}");
    }
}
