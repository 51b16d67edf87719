//! What the page may weigh on the wire.

use std::fmt::Write;

use anyhow::{Result, bail};

use crate::compress::Asset;

/// What a program of the page loads, with brotli.
struct Budget {
    /// How the names of its files begin.
    program: &'static str,
    /// Whether it opens the page, so that what all visits load counts as well.
    opens: bool,
    /// Bytes, and why so many.
    limit: usize,
}

const BUDGETS: [Budget; 4] = [
    // The front door, with everything one watches clients with. At a slow phone's 1.6 Mbit/s it takes a second and a
    // third, once: its files bear their hashes and are kept.
    Budget { program: "monitor", opens: true, limit: 260_000 },
    // The chat with its stages and the three uses: a second of that line, for those who asked for them.
    Budget { program: "demos", opens: true, limit: 220_000 },
    // Presence, devices and channels, with the forms of an account: as much as the demos, for the same line.
    Budget { program: "things", opens: true, limit: 220_000 },
    // Comes beside a page that stands: under six tenths of a second. The codec of both sides is in it, which says what is
    // wrong with a packet.
    Budget { program: "wire", opens: false, limit: 115_000 },
];

/// The sizes of all files, and whether they are within the budgets.
pub(crate) struct Report {
    pub(crate) table: String,
    pub(crate) verdict: Result<()>,
}

pub(crate) fn weigh(assets: &[Asset]) -> Report {
    let mut table = String::new();
    let mut row = |name: &str, plain: &str, gzip: &str, brotli: &str| {
        writeln!(table, "            {name:<44} {plain:>10} {gzip:>10} {brotli:>10}")
            .expect("a String takes all");
    };
    row("file", "plain", "gzip", "brotli");
    for asset in assets {
        row(&asset.name, &kilobytes(asset.plain), &kilobytes(asset.gzip), &kilobytes(asset.brotli));
    }
    let mut over = Vec::new();
    for budget in &BUDGETS {
        let brotli = assets.iter().filter(|asset| budget.covers(&asset.name)).map(|asset| asset.brotli).sum();
        row(&format!("{} loads", budget.program), "", "", &kilobytes(brotli));
        row("    of", "", "", &kilobytes(budget.limit));
        if brotli > budget.limit {
            let excess = kilobytes(brotli - budget.limit);
            over.push(format!("{excess} over the budget of {}, {}", budget.program, kilobytes(budget.limit)));
        }
    }
    Report { table, verdict: verdict(&over) }
}

impl Budget {
    fn covers(&self, file: &str) -> bool {
        let of = |budget: &Self| file.starts_with(budget.program);
        of(self) || self.opens && !BUDGETS.iter().any(of)
    }
}

fn verdict(over: &[String]) -> Result<()> {
    if !over.is_empty() {
        bail!("with brotli the page is {}", over.join("; "));
    }
    Ok(())
}

/// Kilobytes of 1,000 bytes, rounded up: a page that is over its budget never reads as if it were not.
fn kilobytes(bytes: usize) -> String {
    let tenths = bytes.div_ceil(100);
    format!("{}.{} kB", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asset(name: &str, brotli: usize) -> Asset {
        Asset { name: name.to_owned(), plain: brotli * 4, brotli, gzip: brotli * 2 }
    }

    #[test]
    fn the_sum_of_what_a_visit_loads_decides_to_the_byte() {
        let page = |size| {
            [
                asset("index.html", 1),
                asset("monitor-0.wasm", size),
                asset("demos.js", 20_000),
                asset("things.js", 20_000),
                asset("wire.js", 9),
            ]
        };
        assert!(weigh(&page(259_999)).verdict.is_ok());
        let error = weigh(&page(260_000)).verdict.unwrap_err().to_string();
        assert!(error.contains("0.1 kB over the budget of monitor, 260.0 kB"), "{error}");
    }

    #[test]
    fn a_program_that_comes_later_counts_alone() {
        assert!(weigh(&[asset("index.html", 50_000), asset("wire_bg.wasm", 115_000)]).verdict.is_ok());
        let error = weigh(&[asset("wire_bg.wasm", 115_001)]).verdict.unwrap_err().to_string();
        assert!(error.contains("over the budget of wire"), "{error}");
    }

    #[test]
    fn the_table_names_each_file_and_the_sums() {
        let table = weigh(&[asset("monitor.wasm", 90_000), asset("index.html", 12_345)]).table;
        for expect in ["monitor.wasm", "360.0 kB", "180.0 kB", "90.0 kB", "12.4 kB", "102.4 kB", "260.0 kB"] {
            assert!(table.contains(expect), "{expect} in\n{table}");
        }
    }

    #[test]
    fn kilobytes_round_up() {
        assert_eq!(
            [0, 1, 100, 101, 150_000].map(kilobytes),
            ["0.0 kB", "0.1 kB", "0.1 kB", "0.2 kB", "150.0 kB"]
        );
    }
}
