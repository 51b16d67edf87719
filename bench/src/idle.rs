//! What an idle connection costs.

use crate::broker::{Broker, Kind, Programs};
use crate::link::{Link, Transport};
use crate::packets;
use crate::table::float;
use anyhow::Result;
use std::fmt::Write;
use std::net::SocketAddr;
use std::ops::Range;

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

/// Clients that connect at a time: Mosquitto takes a tenth of a second for each WebSocket handshake.
const AT_A_TIME: u64 = 100;

fn idle(kind: Kind, transport: Transport, programs: &Programs) -> Result<f64> {
    let broker = Broker::start(kind, programs)?;
    let address = broker.address(transport);
    // The first ones make what serves them all.
    let mut links = open(address, transport, 0..AT_A_TIME)?;
    let before = broker.memory()?;
    for number in (AT_A_TIME..CONNECTIONS + AT_A_TIME).step_by(usize::try_from(AT_A_TIME)?) {
        links.extend(open(address, transport, number..number + AT_A_TIME)?);
    }
    let grown = broker.memory()?.saturating_sub(before);
    Ok(float(grown) / float(CONNECTIONS))
}

/// Connects these clients all at once.
fn open(address: SocketAddr, transport: Transport, numbers: Range<u64>) -> Result<Vec<Link>> {
    std::thread::scope(|scope| {
        let connect = |number| Link::open(address, transport, &packets::connect(&format!("idle-{number}")));
        let opening: Vec<_> = numbers.map(|number| scope.spawn(move || connect(number))).collect();
        opening.into_iter().map(|thread| thread.join().expect("connecting does not panic")).collect()
    })
}
