//! Counting tests by the closing lines of the runners: Rust's own, wasm-bindgen's (the same words) and Node's.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::thread;

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
    run_and_show(command, tally, |text| println!("{text}"))
}

/// Runs two test runners at a time; what the second prints is shown after the first's.
///
/// # Errors
/// As [`run_tests`], of either.
pub(crate) fn run_tests_beside(first: &mut Command, second: &mut Command, tally: &mut Tally) -> Result<()> {
    let (mut printed, mut others) = (Vec::new(), Tally::default());
    let (mine, theirs) = thread::scope(|scope| {
        let beside = scope.spawn(|| run_and_show(second, &mut others, |text| printed.push(text.to_owned())));
        (run_tests(first, tally), beside.join().expect("it does not panic"))
    });
    for text in printed {
        println!("{text}");
    }
    tally.add(others);
    mine.and(theirs)
}

fn run_and_show(command: &mut Command, tally: &mut Tally, mut show: impl FnMut(&str)) -> Result<()> {
    let mut child =
        command.stdout(Stdio::piped()).spawn().with_context(|| format!("starting `{}`", line(command)))?;
    let printed = child.stdout.take().expect("its standard output is piped");
    let mut here = Tally::default();
    for text in BufReader::new(printed).split(b'\n') {
        let text = text.context("reading what the tests print")?;
        let text = String::from_utf8_lossy(&text);
        here.read(text.trim_end());
        show(&text);
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

    #[test]
    fn of_two_runners_each_counts_and_each_may_fail() {
        let run = |first: &str, second: &str| {
            let mut tally = Tally::default();
            let script = |text: &str| {
                let mut command = Command::new("sh");
                command.args(["-c", text]);
                command
            };
            let outcome = run_tests_beside(&mut script(first), &mut script(second), &mut tally);
            (outcome.is_ok(), tally)
        };
        let (good, bad) = ("echo 'ℹ pass 2'", "echo 'ℹ pass 1'; echo 'ℹ fail 1'; exit 1");
        assert_eq!(run(good, good), (true, Tally { passed: 4, failed: 0 }));
        assert_eq!(run(bad, good), (false, Tally { passed: 3, failed: 1 }));
        assert_eq!(run(good, bad), (false, Tally { passed: 3, failed: 1 }));
    }
}
