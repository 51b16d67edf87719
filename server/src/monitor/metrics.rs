//! Metrics by Prometheus' rules: base units, `_total` behind what only rises, no label that a client could make up.

use crate::realm::{Realm, Told};
use crate::tls::Certificates;
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::Unit;
use std::fmt::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Reads the realms' own counters when it is asked.
#[derive(Debug)]
pub(super) struct Counters {
    realms: Vec<Arc<Realm>>,
    /// Those of several listeners, each file once.
    certificates: Vec<Arc<Certificates>>,
    failures: Arc<AtomicU64>,
}

/// A number of each realm: name without its unit and `_total`, help, unit, value.
type Row<T> = (&'static str, &'static str, Option<Unit>, fn(&Told) -> T);

const GAUGES: [Row<usize>; 9] = [
    ("headcount_connections", "Open connections, those without CONNECT included", None, |told| {
        told.stats.connections
    }),
    ("headcount_clients", "Connected clients", None, |told| told.stats.clients),
    ("headcount_sessions", "Sessions, those of absent clients included", None, |told| told.stats.sessions),
    ("headcount_subscriptions", "Subscriptions", None, |told| told.stats.subscriptions),
    ("headcount_shared_subscriptions", "Shared Subscriptions among them", None, |told| {
        told.stats.shared_subscriptions
    }),
    ("headcount_retained_messages", "Retained messages", None, |told| told.stats.retained_messages),
    ("headcount_retained", "Size of the retained messages", Some(Unit::Bytes), |told| {
        told.stats.retained_bytes
    }),
    (
        "headcount_waiting_messages",
        "Messages queued for clients or not yet acknowledged by them",
        None,
        |told| told.waiting.messages,
    ),
    ("headcount_queued", "Size of the queued messages", Some(Unit::Bytes), |told| told.waiting.queued_bytes),
];

const COUNTERS: [Row<u64>; 12] = [
    ("headcount_connections_opened", "Connections that were opened", None, |told| {
        told.stats.connections_opened
    }),
    ("headcount_clients_accepted", "Clients that were let in", None, |told| told.stats.connects),
    ("headcount_sessions_expired", "Sessions whose client stayed away", None, |told| {
        told.stats.sessions_expired
    }),
    ("headcount_packets_received", "Control Packets that came", None, |told| told.stats.packets_received),
    ("headcount_packets_sent", "Control Packets that were put out", None, |told| told.stats.packets_sent),
    ("headcount_received", "What came from clients", Some(Unit::Bytes), |told| told.stats.bytes_received),
    ("headcount_sent", "What left for clients", Some(Unit::Bytes), |told| told.stats.bytes_sent),
    ("headcount_messages_received", "PUBLISH packets that came", None, |told| told.stats.publishes_received),
    ("headcount_messages_sent", "PUBLISH packets that were put out, one for each copy", None, |told| {
        told.stats.publishes_sent
    }),
    ("headcount_messages_dropped", "Copies that were not delivered", None, |told| told.stats.dropped),
    ("headcount_payload_received", "Payloads that came", Some(Unit::Bytes), |told| {
        told.stats.publish_bytes_received
    }),
    ("headcount_payload_sent", "Payloads that were put out, of each copy", Some(Unit::Bytes), |told| {
        told.stats.publish_bytes_sent
    }),
];

impl Counters {
    pub(super) fn new(
        realms: Vec<Arc<Realm>>,
        mut certificates: Vec<Arc<Certificates>>,
        failures: Arc<AtomicU64>,
    ) -> Self {
        certificates.sort_by(|a, b| a.certfile().cmp(b.certfile()));
        certificates.dedup_by(|a, b| a.certfile() == b.certfile());
        Self { realms, certificates, failures }
    }
}

impl Collector for Counters {
    fn encode(&self, mut encoder: DescriptorEncoder) -> Result<(), Error> {
        let build = Info::new([("version", env!("CARGO_PKG_VERSION"))]);
        let to =
            encoder.encode_descriptor("headcount_build", "The running program", None, MetricType::Info)?;
        build.encode(to)?;
        let failures = ConstCounter::new(self.failures.load(Ordering::Relaxed));
        let help = "Connections that ended before MQTT or HTTP: in a TLS handshake or a PROXY header";
        failures.encode(encoder.encode_descriptor(
            "headcount_handshakes_failed",
            help,
            None,
            MetricType::Counter,
        )?)?;
        let unit = Some(Unit::Seconds);
        let help = "When the certificate in a file ends, since 1970";
        let name = "headcount_certificate_expiry_timestamp";
        let mut to = encoder.encode_descriptor(name, help, unit.as_ref(), MetricType::Gauge)?;
        for certificate in &self.certificates {
            let file = certificate.certfile().to_string_lossy();
            let gauge = ConstGauge::new(i64::try_from(certificate.expiry()).unwrap_or(i64::MAX));
            gauge.encode(to.encode_family(&[("file", file.as_ref())])?)?;
        }
        // Once for each realm: its lock is taken.
        let told: Vec<_> = self.realms.iter().map(|realm| (realm.name(), realm.told())).collect();
        for (name, help, unit, value) in &GAUGES {
            let mut to = encoder.encode_descriptor(name, help, unit.as_ref(), MetricType::Gauge)?;
            for (realm, told) in &told {
                let gauge = ConstGauge::new(i64::try_from(value(told)).unwrap_or(i64::MAX));
                gauge.encode(to.encode_family(&[("realm", *realm)])?)?;
            }
        }
        for (name, help, unit, value) in &COUNTERS {
            let mut to = encoder.encode_descriptor(name, help, unit.as_ref(), MetricType::Counter)?;
            for (realm, told) in &told {
                ConstCounter::new(value(told)).encode(to.encode_family(&[("realm", *realm)])?)?;
            }
        }
        let ends = [
            ("headcount_disconnects", "Connections that ended, by reason", false),
            ("headcount_refusals", "Attempts to connect that failed, by reason", true),
        ];
        for (name, help, refused) in ends {
            let mut to = encoder.encode_descriptor(name, help, None, MetricType::Counter)?;
            for (realm, told) in &told {
                // A reason that never came has no line yet.
                for (reason, _, count) in told.ends.iter().filter(|end| end.1 == refused && end.2 > 0) {
                    ConstCounter::new(*count)
                        .encode(to.encode_family(&[("realm", *realm), ("reason", *reason)])?)?;
                }
            }
        }
        Ok(())
    }
}
