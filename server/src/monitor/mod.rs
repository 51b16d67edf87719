//! What operators' programs ask over HTTP: `/metrics`, `/healthz`, `/readyz`.

mod metrics;
mod process;

use crate::answer::{Body, text};
use crate::network::Networks;
use crate::proxy::Forwarded;
use crate::realm::Realm;
use crate::tls::Certificates;
use hyper::{Method, Response, StatusCode};
use metrics::Counters;
use prometheus_client::registry::Registry;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use tokio_util::sync::CancellationToken;

/// What is to be told, shared by all listeners.
#[derive(Debug)]
pub(crate) struct Monitor {
    registry: Registry,
    stop: CancellationToken,
}

/// Who may see the metrics on one listener.
#[derive(Debug, Clone)]
pub(crate) enum Readers {
    /// Nobody: they have a listener of their own.
    Nobody,
    /// Programs on this machine: numbers of clients and messages are not the public's.
    ThisMachine,
    /// Whoever comes from these networks.
    Networks(Networks),
    /// Everybody who reaches the listener.
    Everybody,
}

/// A listener's part of it.
#[derive(Debug, Clone)]
pub(crate) struct Window {
    pub(crate) monitor: Arc<Monitor>,
    /// Where the metrics are.
    pub(crate) path: String,
    pub(crate) readers: Readers,
}

impl Monitor {
    /// `failures` counts connections that ended before MQTT or HTTP was spoken.
    pub(crate) fn new(
        realms: Vec<Arc<Realm>>,
        certificates: Vec<Arc<Certificates>>,
        failures: Arc<AtomicU64>,
        stop: CancellationToken,
    ) -> Self {
        let mut registry = Registry::default();
        registry.register_collector(Box::new(Counters::new(realms, certificates, failures)));
        registry.register_collector(Box::new(process::Process::new()));
        Self { registry, stop }
    }

    fn metrics(&self) -> Response<Body> {
        let mut told = String::new();
        if prometheus_client::encoding::text::encode(&mut told, &self.registry).is_err() {
            return text(
                StatusCode::INTERNAL_SERVER_ERROR,
                "text/plain",
                "The metrics have no text.\n".to_owned(),
            );
        }
        text(StatusCode::OK, "application/openmetrics-text; version=1.0.0; charset=utf-8", told)
    }

    /// Ready from the first listener to the signal that ends the server: what is stored has been restored before.
    fn readiness(&self) -> Response<Body> {
        if self.stop.is_cancelled() {
            let sentence = "The server is ending: it takes no more clients.\n".to_owned();
            return text(StatusCode::SERVICE_UNAVAILABLE, "text/plain; charset=utf-8", sentence);
        }
        text(StatusCode::OK, "text/plain; charset=utf-8", "ready\n".to_owned())
    }
}

impl Window {
    /// The answer, where the path is one of ours.
    pub(crate) fn answer(
        &self,
        method: &Method,
        path: &str,
        asker: impl FnOnce() -> Forwarded,
    ) -> Option<Response<Body>> {
        if method != Method::GET && method != Method::HEAD {
            return None;
        }
        match path {
            "/healthz" => Some(text(StatusCode::OK, "text/plain; charset=utf-8", "ok\n".to_owned())),
            "/readyz" => Some(self.monitor.readiness()),
            path if path == self.path => self.readers.answer(&asker(), || self.monitor.metrics()),
            _ => None,
        }
    }
}

impl Readers {
    fn answer(&self, asker: &Forwarded, metrics: impl FnOnce() -> Response<Body>) -> Option<Response<Body>> {
        let may_read = match self {
            Self::Nobody => return None,
            Self::ThisMachine => asker.is_here,
            Self::Networks(networks) => asker.is_believed && networks.contains(asker.ip),
            Self::Everybody => true,
        };
        let sentence = "Metrics are for this machine, or the networks in `allow` of the [metrics] table.\n";
        Some(if may_read {
            metrics()
        } else {
            text(StatusCode::FORBIDDEN, "text/plain; charset=utf-8", sentence.to_owned())
        })
    }
}
