//! Clients that nobody here wrote, against the binary: each library in each version over each transport that it has.
//!
//! ```text
//! scenarios → peer (a process for each library, version and transport, led by lines of JSON) → headcount
//! ```
//!
//! `HEADCOUNT_PYTHON` names a Python with the packages of `e2e/requirements.txt`; `cargo xtask test rust` makes one.

mod devices;
mod peer;
mod place;
mod rumqttc;
mod scenarios;
mod snippets;
#[path = "../it/support/mod.rs"]
#[allow(dead_code, unused_imports, reason = "of the other tests, which need more of it")]
mod support;

use libtest_mimic::{Arguments, Trial};
use peer::{LIBRARIES, Library, Peer};
use place::Place;
use scenarios::SCENARIOS;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

/// Peers at a time: they mostly wait for the server.
const SIDE_BY_SIDE: usize = 4;

/// A library in a version over a transport.
#[derive(Debug, Clone, Copy)]
struct Cast {
    library: &'static Library,
    version: &'static str,
    scheme: &'static str,
}

fn main() {
    if let Some(url) = std::env::var_os(rumqttc::LED) {
        return rumqttc::led(url.to_str().expect("a URL"));
    }
    let arguments = Arguments::from_args();
    let casts = LIBRARIES.iter().flat_map(|library| {
        let of_scheme = move |scheme| ["3.1.1", "5.0"].map(|version| Cast { library, version, scheme });
        library.schemes.iter().copied().flat_map(of_scheme)
    });
    let casts: VecDeque<Cast> = casts.collect();
    let trials = if arguments.list { Vec::new() } else { played(casts) };
    libtest_mimic::run(&arguments, trials).exit();
}

/// Plays every scenario with every cast; each result as a test that says it.
fn played(casts: VecDeque<Cast>) -> Vec<Trial> {
    peer::interpreter();
    let place = Arc::new(Place::new());
    let (left, trials) = (Mutex::new(casts), Mutex::new(Vec::new()));
    let next = || left.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
    std::thread::scope(|scope| {
        for _ in 0..SIDE_BY_SIDE {
            scope.spawn(|| {
                while let Some(cast) = next() {
                    let mut peer = Peer::start(&place, cast, "open");
                    for (name, scenario) in SCENARIOS {
                        let Cast { library, version, scheme } = cast;
                        let result = peer
                            .as_mut()
                            .map_err(|why| why.clone())
                            .and_then(|peer| scenario(&place, cast, peer));
                        if result.is_err() {
                            // What one scenario leaves in disorder is not the next one's.
                            peer = Peer::start(&place, cast, "open");
                        }
                        let name = format!("{} {version} over {scheme}::{name}", library.name);
                        let trial = Trial::test(name, move || result.map_err(Into::into));
                        trials.lock().unwrap_or_else(PoisonError::into_inner).push(trial);
                    }
                }
            });
        }
    });
    let mut trials = trials.into_inner().unwrap_or_else(PoisonError::into_inner);
    trials.extend(snippets::trials(&place));
    trials
}
