//! What a row opens to: every field by its name, and the message as it came.

use leptos::{html::Code, prelude::*};

use super::{
    board::{Board, offset_minutes},
    copy::Copy,
    labels::facts,
};
use crate::store::event::Event;

/// The details of an event.
#[component]
pub(super) fn Details<'a>(
    /// The way to the clock.
    board: Board,
    /// The event.
    event: &'a Event,
) -> impl IntoView + use<> {
    let facts = facts(event, offset_minutes(event.at)).into_iter().map(|fact| {
        view! {
            <dt>{fact.label}</dt>
            <dd data-mono=fact.mono.then_some("true")>{fact.value}</dd>
        }
    });
    let payload = event.pretty();
    let shown_in = NodeRef::<Code>::new();
    let text = payload.clone();
    view! {
        <div class="details">
            <div class="facts" role="group" tabindex="0" aria-label="Fields">
                <dl>{facts.collect_view()}</dl>
            </div>
            <div class="wire">
                <div class="wire-head">
                    <code class="wire-topic" title=event.topic.to_string()>
                        {event.topic.to_string()}
                    </code>
                    <Copy board text=Signal::derive(move || text.clone()) shown_in what="the message" />
                </div>
                <pre class="wire-payload" role="group" tabindex="0" aria-label="Message">
                    <code node_ref=shown_in>{payload}</code>
                </pre>
            </div>
        </div>
    }
}
