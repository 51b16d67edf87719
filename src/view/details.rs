//! What a row opens to: every field by its name, and the message as it came.

use leptos::prelude::*;

use super::{
    board::{Board, offset_minutes},
    copy::copy_button,
    labels::facts,
    part::{Part, part},
    search::value,
    trouble::conduct,
};
use crate::store::{
    event::Event,
    search::{Key, Term},
};

/// The cell with the details of an event.
pub(super) fn details(board: Board, event: &Event) -> Part {
    let facts = facts(event, offset_minutes(event.at)).into_iter().map(|fact| {
        view! {
            <dt>{fact.label}</dt>
            <dd data-mono=fact.mono.then_some("true")>{value("", fact.value, fact.term.as_ref(), None)}</dd>
        }
    });
    let topic = Term::exact(Key::Topic, &event.topic);
    part(view! {
        <td role="cell" class="row-details"><div class="details">
            <div class="facts" role="group" tabindex="0" aria-label="Fields">
                {conduct(board, &event.client.account, &event.client.id)}
                <dl>{facts.collect_view()}</dl>
            </div>
            <div class="wire">
                <div class="wire-head">
                    <code class="wire-topic">{value("", event.topic.to_string(), Some(&topic), None)}</code>
                    {copy_button(move || board.now(), "message", "the message")}
                </div>
                <pre class="wire-payload" role="group" tabindex="0" aria-label="Message">
                    <code id="message">{event.pretty()}</code>
                </pre>
            </div>
        </div></td>
    })
}
