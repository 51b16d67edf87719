//! Medians, and the table.

use std::fmt::Write;
use std::time::Duration;

/// One run of one row.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Run {
    /// CPU of the broker.
    pub(crate) broker: Duration,
    /// CPU of the load generator.
    pub(crate) generator: Duration,
    pub(crate) wall: Duration,
    pub(crate) deliveries: u64,
}

/// A row: the runs of both brokers, in the order they were made.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) mosquitto: Vec<Run>,
    pub(crate) headcount: Vec<Run>,
}

impl Run {
    /// CPU seconds of the broker for a million deliveries, which are microseconds for one.
    fn cost(&self) -> f64 {
        self.broker.as_secs_f64() * 1e6 / float(self.deliveries)
    }

    /// How busy the generator was: near 1 it, and not the broker, sets the pace.
    fn busy(&self) -> f64 {
        self.generator.as_secs_f64() / self.wall.as_secs_f64()
    }
}

impl Row {
    /// The middle of the ratios of runs that stood beside each other.
    pub(crate) fn ratio(&self) -> f64 {
        let pairs = self.headcount.iter().zip(&self.mosquitto);
        median(pairs.map(|(ours, theirs)| ours.cost() / theirs.cost()))
    }
}

/// Counts of a bench are far below 2^52.
#[allow(clippy::cast_precision_loss, reason = "see above")]
pub(crate) fn float(count: u64) -> f64 {
    count as f64
}

/// The middle value; of an even number the upper of the two in the middle.
pub(crate) fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// What stands above the table in a file.
pub(crate) const TITLE: &str = "\
# What a delivery costs

Written by `cargo xtask bench`: CPU seconds of the broker for a million deliveries of 64 bytes over MQTT 3.1.1, the
median of three runs of each broker in turn, on one processor of the machine that wrote it; the ratios count. Mosquitto
is Debian's, without persistence; Headcount runs as it comes, with its event feeds and its store.

";

pub(crate) const HEADER: &str = "\
| Work | mosquitto | Headcount | ratio | generator busy |
| --- | --- | --- | --- | --- |
";

/// A row of the table.
pub(crate) fn line(row: &Row) -> String {
    let cost = |runs: &[Run]| median(runs.iter().map(Run::cost));
    let busy = |runs: &[Run]| median(runs.iter().map(Run::busy)) * 100.0;
    let mut line = String::new();
    let _ = writeln!(
        line,
        "| {} | {:.2} | {:.2} | {:.2} | {:.0} % / {:.0} % |",
        row.name,
        cost(&row.mosquitto),
        cost(&row.headcount),
        row.ratio(),
        busy(&row.mosquitto),
        busy(&row.headcount),
    );
    line
}

#[cfg(test)]
mod tests {
    use super::{Row, Run, line, median};
    use std::time::Duration;

    fn run(milliseconds: u64) -> Run {
        Run {
            broker: Duration::from_millis(milliseconds),
            generator: Duration::from_millis(500),
            wall: Duration::from_secs(1),
            deliveries: 100_000,
        }
    }

    #[test]
    fn the_middle_of_three() {
        assert!((median([3.0, 1.0, 2.0].into_iter()) - 2.0).abs() < f64::EPSILON);
    }

    #[test]
    fn a_row_shows_costs_and_the_middle_of_the_ratios() {
        let row = Row {
            name: "TCP".to_owned(),
            mosquitto: vec![run(400), run(800), run(500)],
            headcount: vec![run(100), run(100), run(250)],
        };
        assert_eq!(line(&row), "| TCP | 5.00 | 1.00 | 0.25 | 50 % / 50 % |\n");
    }
}
