//! Counting tests by the closing lines of the runners: Rust's own, wasm-bindgen's (the same words) and Node's.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::process::line;

/// How many tests there were.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
}

impl Tally {
    pub(crate) fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }

    fn read(&mut self, line: &str) {
        if let Some(counts) = line.strip_prefix("test result: ") {
            // `ok. 12 passed; 0 failed; 0 ignored; ...`
            let counts = counts.split_once(". ").map_or("", |(_, counts)| counts);
            self.add(Self { passed: before(counts, " passed"), failed: before(counts, " failed") });
        } else if let Some(count) = line.strip_prefix("ℹ pass ") {
            self.passed += count.trim().parse().unwrap_or(0);
        } else if let Some(count) = line.strip_prefix("ℹ fail ") {
            self.failed += count.trim().parse().unwrap_or(0);
        }
    }
}

fn before(counts: &str, word: &str) -> u64 {
    counts
        .split("; ")
        .find_map(|count| count.strip_suffix(word))
        .and_then(|count| count.trim().parse().ok())
        .unwrap_or(0)
}

/// Runs a test runner, shows what it prints, and adds its tests to the tally.
///
/// # Errors
/// Where it fails, or runs no test at all: a suite that lost its tests must not pass for one that passed.
pub(crate) fn run_tests(command: &mut Command, tally: &mut Tally) -> Result<()> {
    let mut child =
        command.stdout(Stdio::piped()).spawn().with_context(|| format!("starting `{}`", line(command)))?;
    let printed = child.stdout.take().expect("its standard output is piped");
    let mut here = Tally::default();
    for text in BufReader::new(printed).split(b'\n') {
        let text = text.context("reading what the tests print")?;
        let text = String::from_utf8_lossy(&text);
        here.read(text.trim_end());
        println!("{text}");
    }
    let status = child.wait().with_context(|| format!("waiting for `{}`", line(command)))?;
    tally.add(here);
    if !status.success() {
        bail!("`{}` failed ({status})", line(command));
    }
    if here == Tally::default() {
        bail!("`{}` ran no test", line(command));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(printed: &str, passed: u64, failed: u64) {
        let mut tally = Tally::default();
        printed.lines().for_each(|line| tally.read(line));
        assert_eq!(tally, Tally { passed, failed }, "{printed}");
    }

    #[test]
    fn the_closing_lines_of_each_runner_are_read() {
        check(
            "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 3 filtered out; finished in 0.02s",
            12,
            0,
        );
        check("test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out", 3, 2);
        check(
            "test result: ok. 1 passed; 0 failed\ntest decode ... ok\ntest result: ok. 2 passed; 0 failed",
            3,
            0,
        );
        check("ℹ tests 7\nℹ pass 6\nℹ fail 1\nℹ cancelled 0", 6, 1);
        check("running 3 tests\nok 3 passed", 0, 0);
    }

    #[test]
    fn a_runner_without_tests_fails() {
        let mut tally = Tally::default();
        let mut script = |text: &str| run_tests(Command::new("sh").args(["-c", text]), &mut tally);
        assert!(script("echo 'test result: ok. 0 passed; 0 failed; 0 ignored'").is_err());
        assert!(script("echo 'test result: ok. 2 passed; 0 failed; 0 ignored'").is_ok());
        assert!(script("echo 'test result: FAILED. 1 passed; 1 failed; 0 ignored'; exit 101").is_err());
        assert_eq!(tally, Tally { passed: 3, failed: 1 });
    }
}
