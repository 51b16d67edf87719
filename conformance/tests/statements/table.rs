//! The tables for people: `docs/statements-5.0.md` and `docs/statements-3.1.1.md`.

use crate::citation::Citation;
use crate::list::{List, Statement};
use std::fmt::Write as _;

/// Places named in one cell; the rest is counted.
const NAMED: usize = 4;

/// A table as text.
pub(crate) fn text(list: &List, citations: &[Citation]) -> String {
    let mut text = format!(
        "# The normative statements of MQTT {}\n\n\
         Written by `UPDATE=1 cargo test -p headcount-conformance --test statements` from the citations in code and \
         tests.\nThe words are ours and only say which statement is meant. A *script* is one of \
         `conformance/src/scripts`: it is\nplayed against the core, against the server over each of its transports, \
         and against Debian's mosquitto.\n\n\
         | Statement | Binds | What it asks | Obeyed in | Proved by |\n| --- | --- | --- | --- | --- |\n",
        list.version
    );
    for it in &list.statements {
        let (obeyed, proved) = (it.places(citations, false), it.places(citations, true));
        let obeyed = match (it.left_out, obeyed.is_empty()) {
            (Some(reason), _) => format!("left out: {reason}"),
            (None, true) => "-".to_owned(),
            (None, false) => cell(&obeyed),
        };
        let _ =
            writeln!(text, "| {} | {} | {} | {obeyed} | {} |", number(it), it.binds, it.asks, cell(&proved));
    }
    text
}

fn number(it: &Statement) -> String {
    let twins: Vec<&str> = it.same_as.iter().map(|twin| twin.text.as_str()).collect();
    match twins[..] {
        [] => it.number.text.clone(),
        [twin] if twin == it.number.text => it.number.text.clone(),
        _ => format!("{} (5.0: {})", it.number.text, twins.join(", ")),
    }
}

fn cell(places: &[&str]) -> String {
    let mut names: Vec<String> = places.iter().take(NAMED).map(|place| format!("`{place}`")).collect();
    if places.len() > NAMED {
        names.push(format!("and {} more", places.len() - NAMED));
    }
    names.join(", ")
}

/// Each row without what grows by itself: the number of places that are not named.
pub(crate) fn row_names(line: &str) -> Vec<&str> {
    line.split('`').skip(1).step_by(2).collect()
}
