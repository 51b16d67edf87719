//! What the shapes mean.

use std::fmt::Write as _;

use leptos::prelude::*;

use super::draw;
use crate::{
    store::lanes::shape::Shape,
    view::part::{Part, part},
};

/// Those beside the bars.
const MARKS: [(&str, &str); 3] =
    [("refused", "attempt refused"), ("denied", "action denied"), ("conflict", "fight over the id")];

/// The legend, folded until somebody asks.
pub(super) fn legend() -> Part {
    let mut out = String::new();
    let mut item = |class: &str, shape: &str, bar: &str, path: &str, words: &str| {
        let _ = write!(
            out,
            "<li><svg class=\"lane-bars\" viewBox=\"0 0 32 24\" aria-hidden=\"true\">{bar}<path class=\"{class}\" \
             data-shape=\"{shape}\" d=\"M16 12{path}\"/></svg>{words}</li>"
        );
    };
    let bar = "<path class=\"lane-bar\" d=\"M0 7h16v10h-16z\"/>";
    for shape in Shape::ALL {
        item("lane-end", shape.name(), bar, draw::end_path(shape), shape.words());
    }
    for (kind, words) in MARKS {
        item("lane-end", "mark", "", draw::mark_path(kind), words);
    }
    out.push_str(
        "<li><svg class=\"lane-bars\" viewBox=\"0 0 32 24\" aria-hidden=\"true\"><rect class=\"lanes-gap\" \
         fill=\"url(#unknown)\" width=\"32\" height=\"24\"/></svg>not watched</li>",
    );
    part(view! {
        <details class="lanes-legend">
            <summary>"Legend"</summary>
            <ul inner_html=out></ul>
        </details>
    })
}
