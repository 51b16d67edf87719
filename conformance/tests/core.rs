//! Every script against the broker core, on a virtual clock.

use headcount_conformance::{Place, plays};
use libtest_mimic::{Arguments, Trial};

fn main() {
    let arguments = Arguments::from_args();
    let trials: Vec<Trial> = plays("")
        .into_iter()
        .filter(|play| play.fits(&Place::Core))
        .map(|play| {
            Trial::test(play.name(), move || {
                let verdict = play.play(&Place::Core, None);
                if verdict.is_right() { Ok(()) } else { Err(verdict.to_string().into()) }
            })
        })
        .collect();
    libtest_mimic::run(&arguments, trials).exit();
}
