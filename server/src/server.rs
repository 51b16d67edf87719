//! The whole server: opening every listener, serving until told to end, ending in order.

use crate::address::{Addresses, SERVER_TOPIC};
use crate::clock::Clock;
use crate::config::{Config, HEADER_TIMEOUT, HttpConfig, ListenerConfig, MetricsConfig};
use crate::connection;
use crate::entrance::{Entrance, Visitor};
use crate::http::Http;
use crate::listener::{accept, bind};
use crate::monitor::{Monitor, Readers, Window};
use crate::network::Networks;
use crate::page::Site;
use crate::realm::Realm;
use crate::reload::{Load, Realms, Reload, keep_current};
use crate::service;
use crate::socket::Socket;
use crate::storage::{Opening, Store, Word};
use crate::tcp::Tcp;
use crate::tls::Tls;
use headcount_broker::{Peer, Transport};
use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How long connections may take for their last bytes at shutdown. A slow link gets most of what waits for it, and with
/// the store's end it stays below the ten seconds after which managers of containers kill.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(8);
/// Descriptors that are no connections: standard streams, listeners, the runtime's own, a file being read.
const SPARE_DESCRIPTORS: u64 = 64;

/// A running server.
#[derive(Debug)]
pub(crate) struct Server {
    realms: Vec<Arc<Realm>>,
    /// `None`: nothing is kept.
    store: Option<Store>,
    addresses: Addresses,
    tasks: TaskTracker,
    stop: CancellationToken,
    places: Arc<Semaphore>,
    /// Connections that ended before MQTT or HTTP was spoken.
    failures: Arc<AtomicU64>,
}

impl Server {
    /// Opens everything that the configuration names; from then on clients are served.
    ///
    /// # Errors
    /// A sentence that names the setting and what to do. Nothing is served then.
    pub(crate) fn start(config: Config, load: Load) -> Result<Self, String> {
        let mut server = Self {
            realms: Vec::new(),
            store: None,
            addresses: Addresses::default(),
            tasks: TaskTracker::new(),
            stop: CancellationToken::new(),
            places: Arc::new(Semaphore::new(connection_limit(config.max_connections))),
            failures: Arc::default(),
        };
        let mut certificates = Vec::new();
        let realms = Realms::new(&config, load);
        let trusted = Arc::new(config.trusted_proxies);
        let clock = Clock::start();
        let mut opening = config.store.resolve()?.as_ref().map(Opening::new).transpose()?;
        let mut listeners = Vec::new();
        let mut paths = Vec::new();
        for realm in config.realms {
            let name = realm.broker.realm.clone();
            let connect_timeout = realm.broker.limits.connect_timeout;
            let past = opening.as_mut().map(|store| store.realm(&name, clock.now())).transpose()?;
            let core = Realm::new(realm.broker, realm.door, realm.accounts, clock, past)
                .map_err(|error| format!("realm `{name}`: acl_file: {error}"))?;
            let core = Arc::new(core);
            for config in realm.listeners {
                certificates.extend(config.tls.clone());
                let ip = config.listen.ip();
                let option = format!("--listen-tcp {name}={ip}:PORT (in the file: listen of the realm)");
                let entrance = Entrance::new(
                    &config,
                    &trusted,
                    connect_timeout,
                    server.stop.clone(),
                    Arc::clone(&server.failures),
                );
                listeners.push((bind(config.listen, &option)?, entrance, Arc::clone(&core)));
            }
            paths.extend(realm.websocket_paths.into_iter().map(|path| (path, Arc::clone(&core))));
            server.realms.push(core);
        }
        // Everything is opened before anything is served: a port that is taken leaves no half of a server.
        for http in &config.http {
            certificates.extend(http.listener.tls.clone());
        }
        let (failures, stop) = (Arc::clone(&server.failures), server.stop.clone());
        let monitor = Monitor::new(server.realms.clone(), certificates.clone(), failures, stop);
        let (window, own) = windows(monitor, config.metrics);
        let mut opened: Vec<_> = config
            .http
            .into_iter()
            .map(|http| server.open_http(http, &paths, &trusted, &window))
            .collect::<Result<_, _>>()?;
        if let Some((address, window)) = own {
            opened.push(server.open_metrics(address, window, &trusted)?);
        }
        for (listener, entrance, realm) in listeners {
            server.serve_tcp(listener, entrance.of(&realm), realm)?;
        }
        for (listener, entrance, http) in opened {
            server.serve_http(listener, entrance, http);
        }
        let mut reloads: Vec<Arc<dyn Reload>> =
            certificates.into_iter().map(|tls| tls as Arc<dyn Reload>).collect();
        reloads.push(Arc::new(realms.with(server.realms.clone())));
        server.store = opening.map(|store| store.begin(listeners_of_store(&server.realms))).transpose()?;
        server.tasks.spawn(service::prove(server.realms.clone(), server.stop.clone()));
        server.tasks.spawn(keep_current(reloads, server.stop.clone())?);
        for realm in &server.realms {
            realm.start_checking()?;
            realm.publish_fact(SERVER_TOPIC, server.addresses.fact().into());
            server.tasks.spawn(Arc::clone(realm).keep_time(server.stop.clone()));
        }
        Ok(server)
    }

    pub(crate) fn addresses(&self) -> &Addresses {
        &self.addresses
    }

    /// Takes no more connections, tells every client, and waits until what was said to them has left, but not long.
    pub(crate) async fn shut_down(self) {
        service::stopping();
        self.stop.cancel();
        for realm in &self.realms {
            realm.shut_down();
        }
        self.tasks.close();
        if tokio::time::timeout(SHUTDOWN_TIMEOUT, self.tasks.wait()).await.is_err() {
            tracing::warn!(connections = self.tasks.len(), "left behind: they did not read their last bytes");
        }
        if let Some(store) = self.store
            && tokio::task::spawn_blocking(|| store.end()).await.is_err()
        {
            tracing::error!("the store was not closed in order");
        }
    }

    fn open_http(
        &mut self,
        config: HttpConfig,
        paths: &[(String, Arc<Realm>)],
        trusted: &Arc<Networks>,
        window: &Window,
    ) -> Result<(TcpListener, Entrance, Http), String> {
        let site = config.page_dir.as_deref().map_or_else(|| Ok(Site::embedded()), Site::folder)?;
        let listener = bind(config.listener.listen, "--listen-http (in the file: listen of [http])")?;
        let address = local_address(&listener)?;
        let is_secure = config.listener.tls.is_some();
        self.addresses.add_page(address, is_secure);
        for (path, realm) in paths {
            self.addresses.add_websocket(realm.name(), address, path, is_secure);
        }
        let realms: HashMap<_, _> = paths.iter().cloned().collect();
        let entrance = Entrance::new(
            &config.listener,
            trusted,
            config.header_timeout,
            self.stop.clone(),
            Arc::clone(&self.failures),
        );
        let entrance = match paths.first() {
            Some((_, realm)) => entrance.of(realm),
            None => entrance,
        };
        let http = Http {
            site: Some(site),
            window: window.clone(),
            realms,
            trusted: Arc::clone(trusted),
            allowed_origins: config.allowed_origins,
            header_timeout: config.header_timeout,
            tasks: self.tasks.clone(),
        };
        Ok((listener, entrance, http))
    }

    /// A listener that gives the metrics alone.
    fn open_metrics(
        &mut self,
        address: SocketAddr,
        window: Window,
        trusted: &Arc<Networks>,
    ) -> Result<(TcpListener, Entrance, Http), String> {
        let listener = bind(address, "listen of [metrics] in the file")?;
        self.addresses.add_metrics(local_address(&listener)?, &window.path);
        let config = ListenerConfig::plain(address);
        let stop = self.stop.clone();
        let entrance = Entrance::new(&config, trusted, HEADER_TIMEOUT, stop, Arc::clone(&self.failures));
        let http = Http {
            site: None,
            window,
            realms: HashMap::new(),
            trusted: Arc::clone(trusted),
            allowed_origins: Vec::new(),
            header_timeout: HEADER_TIMEOUT,
            tasks: self.tasks.clone(),
        };
        Ok((listener, entrance, http))
    }

    fn serve_tcp(
        &mut self,
        listener: TcpListener,
        entrance: Entrance,
        realm: Arc<Realm>,
    ) -> Result<(), String> {
        self.addresses.add_tcp(realm.name(), local_address(&listener)?, entrance.is_secure());
        let tasks = self.tasks.clone();
        let serve = move |tcp, peer: SocketAddr, place| {
            let realm = Arc::clone(&realm);
            if entrance.is_open() {
                let peer = Peer::new(peer.to_string(), Transport::Tcp);
                tasks.spawn(async move {
                    let _place = place;
                    connection::serve(realm, Tcp(tcp), peer).await;
                });
                return;
            }
            let admitted = entrance.admit(tcp, peer);
            tasks.spawn(async move {
                let _place = place;
                let Some(Visitor { socket, address, account, is_admitted, .. }) = admitted.await else {
                    return;
                };
                let is_secure = matches!(socket, Socket::Secure(_));
                let transport = if is_secure { Transport::Tls } else { Transport::Tcp };
                let peer = Peer { account, ..Peer::new(address.to_string(), transport) };
                if !is_admitted && !realm.admit(&peer).await {
                    return;
                }
                match socket {
                    Socket::Plain(tcp) => connection::serve_admitted(realm, Tcp(tcp), peer).await,
                    Socket::Secure(tls) => connection::serve_admitted(realm, Tls(tls), peer).await,
                }
            });
        };
        self.tasks.spawn(accept(listener, Arc::clone(&self.places), self.stop.clone(), serve));
        Ok(())
    }

    fn serve_http(&self, listener: TcpListener, entrance: Entrance, http: Http) {
        let (http, tasks, stop) = (Arc::new(http), self.tasks.clone(), self.stop.clone());
        let serve = move |tcp, peer, place| {
            let (http, stop, admitted) = (Arc::clone(&http), stop.clone(), entrance.admit(tcp, peer));
            tasks.spawn(async move {
                if let Some(visitor) = admitted.await {
                    http.serve(visitor, place, stop).await;
                }
            });
        };
        self.tasks.spawn(accept(listener, Arc::clone(&self.places), self.stop.clone(), serve));
    }
}

/// What the listeners of HTTP show, and a listener of the metrics' own where there is one.
fn windows(monitor: Monitor, config: MetricsConfig) -> (Window, Option<(SocketAddr, Window)>) {
    let MetricsConfig { listen, path, readers } = config;
    let all = Window { monitor: Arc::new(monitor), path, readers };
    match listen {
        None => (all, None),
        Some(address) => (Window { readers: Readers::Nobody, ..all.clone() }, Some((address, all))),
    }
}

/// The realms, as the storage tells them what became of their records.
fn listeners_of_store(realms: &[Arc<Realm>]) -> Vec<Box<dyn Fn(Word) + Send>> {
    let tell = |realm: &Arc<Realm>| {
        let realm = Arc::clone(realm);
        Box::new(move |word| realm.hear(word)) as Box<dyn Fn(Word) + Send>
    };
    realms.iter().map(tell).collect()
}

fn local_address(listener: &TcpListener) -> Result<SocketAddr, String> {
    listener.local_addr().map_err(|error| format!("an open listener has no address: {error}"))
}

/// Connections at a time: what was configured, as far as the process may open descriptors. Raises the soft limit of
/// descriptors to the hard one.
fn connection_limit(configured: Option<usize>) -> usize {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit { current: limit.maximum, maximum: limit.maximum };
    let descriptors = match setrlimit(Resource::Nofile, raised) {
        Ok(()) => limit.maximum,
        Err(_) => limit.current,
    };
    let most = descriptors.map_or(Semaphore::MAX_PERMITS, |descriptors| {
        usize::try_from(descriptors.saturating_sub(SPARE_DESCRIPTORS).max(1)).unwrap_or(usize::MAX)
    });
    if let Some(wanted) = configured.filter(|wanted| *wanted > most) {
        tracing::warn!(wanted, most, "max_connections is more than the limit of open files allows");
    }
    configured.unwrap_or(most).min(most).min(Semaphore::MAX_PERMITS)
}
