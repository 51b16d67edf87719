//! What a broker costs: its CPU seconds for a million deliveries, and its memory for an idle connection, Headcount
//! beside Debian's Mosquitto in one run.
//!
//! The brokers take turns, run after run, on processor 0; the load generator has processor 1 for itself. Every
//! delivery is counted, and a run that loses or doubles one fails. CPU time is steadier than throughput on machines
//! that others use as well, and ratios are steadier than either.
//!
//! ```text
//! main → broker (start, CPU, memory) → load (clients, counting) → link (TCP, WebSocket) → table
//! ```

mod broker;
mod idle;
mod link;
mod load;
mod packets;
mod shape;
mod table;

use anyhow::{Context, Result, ensure};
use broker::{Broker, Kind, Programs};
use lexopt::prelude::*;
use load::Load;
use rustix::thread::{CpuSet, sched_setaffinity};
use shape::Shape;
use std::path::PathBuf;
use std::time::{Duration, Instant};
use table::{Row, Run};

const HELP: &str = "\
Usage: headcount-bench --headcount <program> [--quick] [--rows <text>] [--out <file>]

  --headcount <program>   The broker, built in release mode
  --mosquitto <program>   Mosquitto; /usr/sbin/mosquitto without it
  --quick                 Some six minutes; without it four times as long
  --rows <text>           Only rows whose name holds this text, such as `WebSocket, QoS 1`
  --out <file>            Where the table is written, too
";

/// What is to be measured.
struct Options {
    programs: Programs,
    scale: f64,
    rows: String,
    out: Option<PathBuf>,
}

/// Runs of each broker for each row.
const RUNS: usize = 3;

fn main() -> Result<()> {
    let Some(options) = parse()? else {
        print!("{HELP}");
        return Ok(());
    };
    raise_open_files();
    let mut processor = CpuSet::new();
    processor.set(1);
    sched_setaffinity(None, &processor).context("taking processor 1; the bench needs two")?;
    let mut text = table::HEADER.to_owned();
    print!("{text}");
    for shape in Shape::all().into_iter().filter(|shape| shape.name().contains(&options.rows)) {
        let row = measure(shape, &options).with_context(|| shape.name())?;
        let line = table::line(&row);
        print!("{line}");
        text += &line;
    }
    if "memory".contains(&options.rows) {
        let memory = idle::measure(&options.programs)?;
        print!("\n{memory}");
        text += "\n";
        text += &memory;
    }
    if let Some(out) = options.out {
        std::fs::write(&out, table::TITLE.to_owned() + &text)
            .with_context(|| format!("writing {}", out.display()))?;
    }
    Ok(())
}

fn parse() -> Result<Option<Options>> {
    let mut parser = lexopt::Parser::from_env();
    let mut headcount = None;
    let mut mosquitto = PathBuf::from("/usr/sbin/mosquitto");
    let (mut scale, mut rows, mut out) = (2.0, String::new(), None);
    while let Some(argument) = parser.next()? {
        match argument {
            Long("headcount") => headcount = Some(PathBuf::from(parser.value()?)),
            Long("mosquitto") => mosquitto = PathBuf::from(parser.value()?),
            Long("quick") => scale = 0.5,
            Long("rows") => rows = parser.value()?.string()?,
            Long("out") => out = Some(PathBuf::from(parser.value()?)),
            Short('h') | Long("help") => return Ok(None),
            other => return Err(other.unexpected().into()),
        }
    }
    let headcount = headcount.context("--headcount is missing; --help tells more")?;
    Ok(Some(Options { programs: Programs { headcount, mosquitto }, scale, rows, out }))
}

fn measure(shape: Shape, options: &Options) -> Result<Row> {
    let mut row = Row { name: shape.name(), mosquitto: Vec::new(), headcount: Vec::new() };
    for _ in 0..RUNS {
        for kind in Kind::BOTH {
            let run = run(shape, kind, options).with_context(|| format!("{kind:?}"))?;
            match kind {
                Kind::Mosquitto => row.mosquitto.push(run),
                Kind::Headcount => row.headcount.push(run),
            }
        }
    }
    Ok(row)
}

/// One run of a fresh broker, after a tenth as much for warming up.
fn run(shape: Shape, kind: Kind, options: &Options) -> Result<Run> {
    let broker = Broker::start(kind, &options.programs)?;
    let mut load = Load::prepare(shape, broker.address(shape.transport))?;
    load.run(shape.deliveries(options.scale / 10.0))?;
    let (begun, cpu, own) = (Instant::now(), broker.cpu()?, own_cpu());
    let deliveries = load.run(shape.deliveries(options.scale))?;
    let run = Run {
        broker: broker.cpu()?.saturating_sub(cpu),
        generator: own_cpu().saturating_sub(own),
        wall: begun.elapsed(),
        deliveries,
    };
    ensure!(!run.broker.is_zero(), "no CPU time was counted");
    Ok(run)
}

/// CPU time of this process.
fn own_cpu() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).expect("below a second"))
}

/// Ten thousand connections need as many descriptors, here and in the broker, which inherits the limit.
fn raise_open_files() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
    // What cannot be raised shows itself when a connection fails.
    let _ = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum });
}
