//! A script that fails, made shorter as long as it fails.

use crate::play::play;
use crate::step::Step;

/// Leaves out halves, quarters and so on down to single steps, until none can go.
pub(crate) fn shrunk(mut script: Vec<Step>) -> Vec<Step> {
    let mut size = script.len() / 2;
    while size > 0 {
        let mut from = 0;
        let mut any = false;
        while from < script.len() {
            let mut shorter = script.clone();
            shorter.drain(from..(from + size).min(script.len()));
            if play(&shorter).is_err() {
                script = shorter;
                any = true;
            } else {
                from += size;
            }
        }
        if !any || size > 1 {
            size = if any { size.min(script.len() / 2).max(1) } else { size / 2 };
        }
    }
    script
}
