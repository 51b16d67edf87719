//! What the page may weigh on the wire.

use std::fmt::Write;

use anyhow::{Result, bail};

use crate::compress::Asset;

/// All files of the page together, with brotli. At a slow phone's 1.6 Mbit/s they take three quarters of a second.
const LIMIT: usize = 150_000;

/// The sizes of all files, and whether they are within the budget.
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
    let total = |size: fn(&Asset) -> usize| assets.iter().map(size).sum::<usize>();
    let brotli = total(|asset| asset.brotli);
    row(
        "all files",
        &kilobytes(total(|asset| asset.plain)),
        &kilobytes(total(|asset| asset.gzip)),
        &kilobytes(brotli),
    );
    row("the budget", "", "", &kilobytes(LIMIT));
    Report { table, verdict: verdict(brotli) }
}

fn verdict(brotli: usize) -> Result<()> {
    if brotli > LIMIT {
        bail!(
            "the page is {} over its budget of {} with brotli",
            kilobytes(brotli - LIMIT),
            kilobytes(LIMIT)
        );
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
    fn the_sum_decides_to_the_byte() {
        assert!(weigh(&[asset("page.wasm", LIMIT - 1), asset("page.js", 1)]).verdict.is_ok());
        let report = weigh(&[asset("page.wasm", LIMIT), asset("page.js", 1)]);
        let error = report.verdict.unwrap_err().to_string();
        assert!(error.contains("0.1 kB over its budget of 150.0 kB"), "{error}");
    }

    #[test]
    fn the_table_names_each_file_and_the_sum() {
        let table = weigh(&[asset("page.wasm", 90_000), asset("page.js", 12_345)]).table;
        for expect in ["page.wasm", "360.0 kB", "180.0 kB", "90.0 kB", "12.4 kB", "102.4 kB", "150.0 kB"] {
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
