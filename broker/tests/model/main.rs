//! Random scripts against the core on a virtual clock, beside a simple model of MQTT that says what has to come.
//!
//! A script is a list of [`step::Step`]s made from a seed; each runs on both, and what clients get is checked after
//! each. A script that fails is made shorter as long as it fails, and printed as the plain test that it is to become
//! in `found.rs`. `HEADCOUNT_MODEL_STEPS=5000000 cargo test --release -p headcount-broker --test model` goes further.

mod chance;
mod check;
mod clients;
mod filter;
mod found;
mod model;
mod play;
mod routing;
mod session;
mod shared;
mod shrink;
mod step;

use chance::Chance;
use play::play;
use step::Step;

/// Steps of one script: long enough for sessions to come, wait and expire several times.
const LENGTH: usize = 250;

/// Steps of an ordinary run: some seconds, unoptimized.
const STEPS: usize = 100_000;

fn script(seed: u64) -> Vec<Step> {
    let mut chance = Chance::new(seed);
    (0..LENGTH).map(|_| Step::any(&mut chance)).collect()
}

#[test]
fn the_core_does_what_the_model_says() {
    let steps =
        std::env::var("HEADCOUNT_MODEL_STEPS").ok().map_or(STEPS, |text| text.parse().expect("a number"));
    let first: u64 =
        std::env::var("HEADCOUNT_MODEL_SEED").ok().map_or(1, |text| text.parse().expect("a number"));
    let mut heard = 0;
    for seed in (first..).take(steps.div_ceil(LENGTH)) {
        let Ok(messages) = play(&script(seed)) else { failed(seed) };
        heard += messages;
    }
    // Scripts in which nothing is delivered would prove nothing.
    assert!(heard > steps / 6, "{heard} messages in {steps} steps");
}

/// Panics with the plain test that this script is to become.
fn failed(seed: u64) -> ! {
    let short = shrink::shrunk(script(seed));
    let why = play(&short).expect_err("it fails, however short");
    let lines: Vec<String> = short.iter().map(|step| format!("        {step:?},")).collect();
    panic!("seed {seed}: {why}\n#[test]\nfn found() {{\n    holds(&[\n{}\n    ]);\n}}", lines.join("\n"));
}
