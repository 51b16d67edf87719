//! The line below the toolbar: which terms are in force, each to be taken out by a click, and what is wrong with others.
//! Plain words need no such line.

use leptos::prelude::*;

use crate::{
    store::search::{Search, Term, Value},
    view::{
        board::Board,
        icon::{Icon, icon},
        labels::short_id,
        live::{live, memo, when},
        part::{Part, part},
    },
};

/// The line.
pub(in crate::view) fn terms(board: Board) -> Part {
    let text = memo(move || board.timeline(|timeline| timeline.search().text().to_owned()));
    let read = move |about: fn(&Search) -> Part| {
        live(move || {
            // A memo that nobody reads follows nothing.
            drop(text.get());
            board.peek(|store| about(store.timeline().search()))
        })
    };
    let has_chips = move || board.timeline(|timeline| !timeline.search().terms().all(is_plain));
    let chips = move || {
        part(view! {
            <ul class="chips" aria-label="Terms in force">
                {read(|search| part(search.terms().map(chip).collect::<Vec<Part>>()))}
            </ul>
        })
    };
    // The place stands, so that what comes into it is heard.
    part(view! {
        <div class="terms">
            {when(has_chips, chips)} <div class="faults" id="search-faults" aria-live="polite">
                {read(|search| part(search.faults().map(|fault| fault_line(fault.term, fault.why)).collect::<Vec<Part>>()))}
            </div>
        </div>
    })
}

fn is_plain(term: &Term) -> bool {
    term.key.is_none() && !term.excluded && matches!(term.value, Value::Part(_))
}

fn chip(term: &Term) -> Part {
    let text = term.write();
    let shown = short_id(&text);
    part(view! {
        <li>
            <button
                type="button"
                class="chip"
                data-excluded=term.excluded.then_some("true")
                data-term=text
                title="Take this term out. With Alt: turn it round."
            >
                <bdi>{shown}</bdi>
                {icon(Icon::Clear)}
                <span class="unseen">", take out"</span>
            </button>
        </li>
    })
}

fn fault_line(term: &str, why: &str) -> Part {
    let term = short_id(term);
    let why = format!(" is left out: {why}.");
    part(view! {
        <p class="fault">
            <bdi class="fault-term">{term}</bdi>
            {why}
        </p>
    })
}
