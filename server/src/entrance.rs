//! The way of a connection from its listener to MQTT or HTTP.

use crate::config::ListenerConfig;
use crate::network::Networks;
use crate::proxy;
use crate::realm::Realm;
use crate::socket::Socket;
use crate::tls::{Certificates, Secured};
use headcount_broker::{Peer, Transport};
use headcount_mqtt::Text;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;

/// What a listener asks of its connections before they may speak.
#[derive(Debug, Clone)]
pub(crate) struct Entrance {
    /// Who may say whose connection it is.
    trusted: Arc<Networks>,
    /// Whether each connection begins with a PROXY header.
    proxy_protocol: bool,
    tls: Option<Arc<Certificates>>,
    /// Whose door a peer passes before its TLS handshake, which costs more than a CONNECT.
    realm: Option<Arc<Realm>>,
    /// For all of it. A peer that is not through by then is a descriptor lost.
    patience: Duration,
    stop: CancellationToken,
    /// Counts those who do not get through.
    failures: Arc<AtomicU64>,
}

/// A connection that may speak.
#[derive(Debug)]
pub(crate) struct Visitor {
    pub(crate) socket: Socket,
    pub(crate) address: SocketAddr,
    /// Whether that is the client's: not where a proxy has not said whom it brings.
    pub(crate) is_known: bool,
    /// What its certificate says, where the listener takes that for the account.
    pub(crate) account: Option<Text>,
    /// Whether it has passed the realm's door.
    pub(crate) is_admitted: bool,
}

impl Entrance {
    pub(crate) fn new(
        config: &ListenerConfig,
        trusted: &Arc<Networks>,
        patience: Duration,
        stop: CancellationToken,
        failures: Arc<AtomicU64>,
    ) -> Self {
        let (trusted, proxy_protocol) = (Arc::clone(trusted), config.proxy_protocol.is_some());
        Self { trusted, proxy_protocol, tls: config.tls.clone(), patience, stop, failures, realm: None }
    }

    /// The same by the door of one realm; over HTTP, that of the first path.
    pub(crate) fn of(self, realm: &Arc<Realm>) -> Self {
        Self { realm: Some(Arc::clone(realm)), ..self }
    }

    /// Whether nothing is asked: there is nothing to wait for then.
    pub(crate) fn is_open(&self) -> bool {
        self.tls.is_none() && !self.proxy_protocol
    }

    pub(crate) fn is_secure(&self) -> bool {
        self.tls.is_some()
    }

    /// Lets a connection through, or ends it. Boxed, so that a connection's task does not keep the room of a handshake
    /// as long as it lives.
    pub(crate) fn admit(
        &self,
        tcp: TcpStream,
        peer: SocketAddr,
    ) -> impl Future<Output = Option<Visitor>> + Send + use<> {
        let entrance = self.clone();
        Box::pin(async move {
            let admitted = tokio::select! {
                admitted = tokio::time::timeout(entrance.patience, entrance.pass(tcp, peer)) => admitted,
                () = entrance.stop.cancelled() => return None,
            };
            match admitted {
                Ok(Ok(visitor)) => return Some(visitor),
                Ok(Err(error)) => tracing::debug!(%peer, %error, "not let in"),
                Err(_) => tracing::debug!(%peer, "not let in: it took too long"),
            }
            entrance.failures.fetch_add(1, Ordering::Relaxed);
            None
        })
    }

    async fn pass(&self, mut tcp: TcpStream, peer: SocketAddr) -> io::Result<Visitor> {
        let (mut address, mut is_known) = (peer, true);
        if self.proxy_protocol {
            if !self.trusted.contains(peer.ip()) {
                // An operator who forgot a proxy sees why nobody comes in.
                tracing::warn!(%peer, "not let in: it is none of trusted_proxies, and this listener is for them");
                return Err(io::ErrorKind::PermissionDenied.into());
            }
            let client = proxy::read_header(&mut tcp).await?;
            (address, is_known) = (client.unwrap_or(peer), client.is_some());
        }
        let Some(tls) = &self.tls else {
            return Ok(Visitor {
                socket: Socket::Plain(tcp),
                address,
                is_known,
                account: None,
                is_admitted: false,
            });
        };
        // A proxy brings many clients, whom the door sees one by one later.
        let door = self.realm.as_ref().filter(|_| !self.trusted.contains(address.ip()));
        if let Some(realm) = door
            && !realm.admit(&Peer::new(address.to_string(), Transport::Tls)).await
        {
            return Err(io::ErrorKind::QuotaExceeded.into());
        }
        let Secured { stream, account } = tls.accept(tcp).await?;
        Ok(Visitor {
            socket: Socket::Secure(stream),
            address,
            is_known,
            account,
            is_admitted: door.is_some(),
        })
    }
}
