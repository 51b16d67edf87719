//! The HTTP listener: the page, and WebSocket beside it on the same port.

mod handshake;

use crate::answer::{Answer, Body};
use crate::connection;
use crate::entrance::Visitor;
use crate::monitor::Window;
use crate::network::Networks;
use crate::page::Site;
use crate::proxy::{self, Forwarded};
use crate::realm::Realm;
use crate::socket::Socket;
use crate::websocket::WebSocket;
use bytes::Bytes;
use headcount_broker::{Peer, Transport};
use headcount_mqtt::Text;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::header::UPGRADE;
use hyper::service::service_fn;
use hyper::upgrade::OnUpgrade;
use hyper::{Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::collections::HashMap;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::OwnedSemaphorePermit;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// For all requests of one connection, so that a peer that does not read its answer is not kept for ever. A browser
/// opens another.
const CONNECTION_TIMEOUT: Duration = Duration::from_mins(5);
/// Bytes of a request's header. Browsers send up to 2 KiB without cookies; more gets 431.
const HEADER_SIZE: usize = 16 * 1024;

/// What the HTTP listener knows.
#[derive(Debug)]
pub(crate) struct Http {
    /// The page; not on the listener of metrics alone.
    pub(crate) site: Option<Site>,
    pub(crate) window: Window,
    /// The realm behind each WebSocket path.
    pub(crate) realms: HashMap<String, Arc<Realm>>,
    /// Whose `X-Forwarded-For` is believed.
    pub(crate) trusted: Arc<Networks>,
    /// `Origin` values that may connect beside the server's own.
    pub(crate) allowed_origins: Vec<String>,
    /// For a request's header, and for the pause between two requests.
    pub(crate) header_timeout: Duration,
    /// Where connections run on after their upgrade.
    pub(crate) tasks: TaskTracker,
}

/// Whose request it is.
#[derive(Debug, Clone)]
struct Caller {
    address: SocketAddr,
    /// Whether that is the client's.
    is_known: bool,
    is_secure: bool,
    /// What its certificate says, where the listener takes that for the account.
    account: Option<Text>,
    /// Under the limit of connections, until the last task of this one ends.
    _place: Arc<OwnedSemaphorePermit>,
}

impl Http {
    /// Serves one connection until it ends or becomes a WebSocket connection.
    pub(crate) async fn serve(
        self: Arc<Self>,
        visitor: Visitor,
        place: OwnedSemaphorePermit,
        stop: CancellationToken,
    ) {
        let Visitor { socket, address: peer, is_known, account, .. } = visitor;
        let is_secure = matches!(socket, Socket::Secure(_));
        let caller = Caller { address: peer, is_known, is_secure, account, _place: Arc::new(place) };
        let service = service_fn(|request| {
            let answer = self.answer(request, &caller);
            std::future::ready(Ok::<_, Infallible>(answer))
        });
        let connection = hyper::server::conn::http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.header_timeout)
            .max_header_size(HEADER_SIZE)
            .max_buf_size(HEADER_SIZE)
            .serve_connection(TokioIo::new(socket), service)
            .with_upgrades();
        let mut connection = std::pin::pin!(connection);
        let served = async {
            tokio::select! {
                served = connection.as_mut() => return served,
                () = stop.cancelled() => connection.as_mut().graceful_shutdown(),
            }
            connection.await
        };
        match tokio::time::timeout(CONNECTION_TIMEOUT, served).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::debug!(%peer, %error, "HTTP connection failed"),
            Err(_) => tracing::debug!(%peer, "HTTP connection ended: it was there for too long"),
        }
    }

    fn answer(&self, mut request: Request<Incoming>, caller: &Caller) -> Response<Full<Bytes>> {
        let asker = || {
            let found = proxy::client(request.headers(), caller.address, &self.trusted);
            let (is_here, is_believed) =
                (found.is_here && caller.is_known, found.is_believed && caller.is_known);
            Forwarded { is_believed, is_here, ..found }
        };
        if let Some(answer) = self.window.answer(request.method(), request.uri().path(), asker) {
            return answer;
        }
        let answer = if request.headers().contains_key(UPGRADE) {
            self.upgrade(&mut request, caller)
        } else if self.realms.contains_key(request.uri().path()) && request.uri().path() != "/" {
            let sentence = "MQTT over WebSocket is spoken here: ask for an Upgrade to websocket.";
            Err(Answer::upgrade_required(sentence))
        } else if let Some(site) = &self.site {
            Ok(site.answer(request.method(), request.uri().path(), request.headers()))
        } else {
            Err(Answer::not_found("The page is not on this listener, which is for metrics."))
        };
        answer.unwrap_or_else(Answer::into_response)
    }

    fn upgrade(&self, request: &mut Request<Incoming>, caller: &Caller) -> Result<Response<Body>, Answer> {
        let Some(realm) = self.realms.get(request.uri().path()) else {
            let mut paths: Vec<_> = self.realms.keys().map(String::as_str).collect();
            paths.sort_unstable();
            return Err(Answer::not_found(&format!(
                "No MQTT realm is at this path. MQTT over WebSocket is spoken at {}.",
                paths.join(", ")
            )));
        };
        let Forwarded { address, is_secure, .. } =
            proxy::client(request.headers(), caller.address, &self.trusted);
        let is_secure = caller.is_secure || is_secure;
        let response = handshake::accept(request, is_secure, &self.allowed_origins)?;
        let upgrade = hyper::upgrade::on(request);
        self.tasks.spawn(continue_as_mqtt(upgrade, Arc::clone(realm), address, caller.clone()));
        Ok(response)
    }
}

/// Waits until the 101 has left, then speaks MQTT on the socket behind it.
async fn continue_as_mqtt(upgrade: OnUpgrade, realm: Arc<Realm>, address: String, caller: Caller) {
    let socket = match upgrade.await {
        Ok(upgraded) => {
            let parts = upgraded.downcast::<TokioIo<Socket>>().expect("the listener gave hyper a Socket");
            // The rest of hyper's parts goes here, and its read buffer with it.
            WebSocket::new(parts.io.into_inner(), &parts.read_buf, realm.max_packet_size()).await
        }
        Err(error) => return tracing::debug!(peer = address, %error, "the peer left during the handshake"),
    };
    let transport = if caller.is_secure { Transport::SecureWebSocket } else { Transport::WebSocket };
    let peer = Peer { account: caller.account.clone(), ..Peer::new(address, transport) };
    connection::serve(realm, socket, peer).await;
}
