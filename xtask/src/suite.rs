//! `cargo xtask test`: the steps in order, each timed, and what came of them.

use std::env;
use std::os::unix::process::CommandExt;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::process::{say, seconds};
use crate::steps::{ALL, Step};
use crate::tally::Tally;
use crate::workspace::Workspace;

/// Which steps to run (none named: all), and whether to go on after one has failed.
#[derive(Default)]
pub(crate) struct Selection {
    pub(crate) steps: Vec<&'static Step>,
    pub(crate) keep_going: bool,
}

/// A step that ran.
struct Outcome {
    step: &'static Step,
    took: Duration,
    tally: Tally,
    passed: bool,
}

pub(crate) fn list() {
    for step in &ALL {
        println!("{:<10} {}", step.name, step.what);
    }
}

pub(crate) fn run(workspace: &Workspace, selection: &Selection) -> Result<()> {
    let all: Vec<&'static Step> = ALL.iter().collect();
    let steps = if selection.steps.is_empty() { &all } else { &selection.steps };
    let mut outcomes = Vec::new();
    for step in steps {
        say(format!("{}: {}", step.name, step.what));
        let began = Instant::now();
        let mut tally = Tally::default();
        let result = (step.run)(workspace, &mut tally);
        let passed = result.is_ok();
        outcomes.push(Outcome { step, took: began.elapsed(), tally, passed });
        if let Err(error) = result {
            say(format!("{}: FAILED: {error:#}", step.name));
            if !selection.keep_going {
                break;
            }
        }
    }
    conclude(&outcomes, steps)
}

/// What the build server runs: this program again, with what tells tests that nobody watches.
pub(crate) fn run_ci() -> Result<()> {
    let own = env::current_exe().context("finding xtask's own path")?;
    Err(Command::new(own).arg("test").env("CI", "true").exec()).context("starting `xtask test`")
}

/// Prints the table, and the count of all tests as the last line.
fn conclude(outcomes: &[Outcome], steps: &[&Step]) -> Result<()> {
    println!();
    let mut all = Tally::default();
    for Outcome { step, took, tally, passed } in outcomes {
        let verdict = if *passed { "passed" } else { "FAILED" };
        let count = if *tally == Tally::default() { String::new() } else { counts(*tally) };
        println!("{:<10} {verdict} {:>10}  {count}", step.name, seconds(*took));
        all.add(*tally);
    }
    for step in &steps[outcomes.len()..] {
        println!("{:<10} not run", step.name);
    }
    if all != Tally::default() {
        println!("\n{}", counts(all));
    }
    let failed: Vec<&str> =
        outcomes.iter().filter(|outcome| !outcome.passed).map(|outcome| outcome.step.name).collect();
    if !failed.is_empty() {
        bail!("failed: {}", failed.join(", "));
    }
    Ok(())
}

fn counts(tally: Tally) -> String {
    format!("{} passed, {} failed", tally.passed, tally.failed)
}
