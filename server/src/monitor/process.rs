//! The process itself, by the names that every Prometheus client uses.

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::Unit;
use rustix::param::{clock_ticks_per_second, page_size};
use rustix::process::{Resource, getrlimit};
use std::fmt::Error;
use std::time::{SystemTime, UNIX_EPOCH};

#[derive(Debug)]
pub(super) struct Process {
    /// Seconds since 1970.
    began: f64,
}

/// What `/proc/self/stat` says.
struct Used {
    cpu_seconds: f64,
    virtual_bytes: u64,
    resident_bytes: u64,
}

impl Process {
    pub(super) fn new() -> Self {
        Self { began: SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64() }
    }
}

impl Collector for Process {
    fn encode(&self, mut encoder: DescriptorEncoder) -> Result<(), Error> {
        let mut gauge = |name: &str, help: &str, unit: Option<Unit>, value: u64| {
            let gauge = ConstGauge::new(i64::try_from(value).unwrap_or(i64::MAX));
            gauge.encode(encoder.encode_descriptor(name, help, unit.as_ref(), gauge.metric_type())?)
        };
        if let Some(open) = std::fs::read_dir("/proc/self/fd").ok().map(Iterator::count) {
            // Reading the folder opens one more.
            gauge("process_open_fds", "Open file descriptors", None, open.saturating_sub(1) as u64)?;
        }
        if let Some(most) = getrlimit(Resource::Nofile).current {
            gauge("process_max_fds", "The most file descriptors that may be open", None, most)?;
        }
        let used = std::fs::read_to_string("/proc/self/stat").ok().and_then(|stat| used(&stat));
        if let Some(used) = &used {
            let bytes = Some(Unit::Bytes);
            gauge("process_resident_memory", "Memory in use", bytes.clone(), used.resident_bytes)?;
            gauge("process_virtual_memory", "Memory that is addressed", bytes, used.virtual_bytes)?;
        }
        let seconds = Some(Unit::Seconds);
        let began = ConstGauge::new(self.began);
        let help = "When the process began, since 1970";
        let to =
            encoder.encode_descriptor("process_start_time", help, seconds.as_ref(), began.metric_type())?;
        began.encode(to)?;
        if let Some(used) = &used {
            let cpu = ConstCounter::new(used.cpu_seconds);
            let help = "Time on processors, the system's work for it included";
            cpu.encode(encoder.encode_descriptor(
                "process_cpu",
                help,
                seconds.as_ref(),
                cpu.metric_type(),
            )?)?;
        }
        Ok(())
    }
}

/// Fields 14, 15, 23 and 24 of proc(5); the name before them may hold anything but its own end.
fn used(stat: &str) -> Option<Used> {
    let fields: Vec<_> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let field = |number: usize| fields.get(number - 3)?.parse::<u64>().ok();
    #[allow(clippy::cast_precision_loss, reason = "hundredths of seconds")]
    let cpu_seconds = (field(14)? + field(15)?) as f64 / clock_ticks_per_second() as f64;
    let resident_bytes = field(24)? * page_size() as u64;
    Some(Used { cpu_seconds, virtual_bytes: field(23)?, resident_bytes })
}

#[cfg(test)]
mod tests {
    use super::used;

    #[test]
    fn reads_what_the_kernel_writes() {
        let stat =
            "4711 (head) (count) S 1 1 1 0 -1 4194304 500 0 0 0 120 30 0 0 20 0 3 0 100 5000000 300 18446744";
        let used = used(stat).unwrap();
        assert!((used.cpu_seconds - 1.5).abs() < 1e-9);
        assert_eq!((used.virtual_bytes, used.resident_bytes % 300), (5_000_000, 0));
        assert!(super::used("nonsense").is_none());
    }
}
