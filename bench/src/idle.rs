//! What an idle connection costs.

use crate::broker::{Broker, Kind, Programs};
use crate::link::{Link, Transport};
use crate::packets;
use crate::table::float;
use anyhow::Result;
use std::fmt::Write;

/// Enough that the broker's own memory does not count.
const CONNECTIONS: u64 = 5_000;

/// The table of KiB for each of 5,000 connections that have said CONNECT and nothing since.
pub(crate) fn measure(programs: &Programs) -> Result<String> {
    let mut table =
        "| KiB for each of 5,000 idle connections | mosquitto | Headcount |\n| --- | --- | --- |\n"
            .to_owned();
    for (name, transport) in [("TCP", Transport::Tcp), ("WebSocket", Transport::WebSocket)] {
        let theirs = idle(Kind::Mosquitto, transport, programs)?;
        let ours = idle(Kind::Headcount, transport, programs)?;
        let _ = writeln!(table, "| {name} | {theirs:.1} | {ours:.1} |");
    }
    Ok(table)
}

fn idle(kind: Kind, transport: Transport, programs: &Programs) -> Result<f64> {
    let broker = Broker::start(kind, programs)?;
    let address = broker.address(transport);
    let open = |number: u64| Link::open(address, transport, &packets::connect(&format!("idle-{number}")));
    // The first ones make what serves them all.
    let mut links = (0..100).map(open).collect::<Result<Vec<_>>>()?;
    let before = broker.memory()?;
    for number in 100..100 + CONNECTIONS {
        links.push(open(number)?);
    }
    let grown = broker.memory()?.saturating_sub(before);
    Ok(float(grown) / float(CONNECTIONS))
}
