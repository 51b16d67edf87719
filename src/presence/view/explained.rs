//! What is happening, and how to take part from elsewhere.

use leptos::prelude::*;

use super::Hall;
use crate::{
    presence::store::{Seat, snippet},
    view::{
        copy::copy_button,
        live::live,
        part::{Part, part},
    },
};

pub(super) fn explained(hall: Hall) -> Part {
    let Hall { channel, settings, watcher, .. } = hall;
    let from = move |write: fn(_, &_, Option<&_>) -> String| {
        live(move || watcher.read(|seat: &Seat| settings.with_value(|it| write(channel, it, seat.heard()))))
    };
    let sdk = settings.with_value(|settings| snippet::sdk(channel, settings));
    part(view! {
        <section class="panel" aria-labelledby="explained-title">
            <h3 class="panel-title" id="explained-title">"What is happening"</h3>
            <ol class="steps">
                <li>"The watcher publishes to "<code>"emitter/presence/"</code>", with the key and the channel."</li>
                <li>"The broker answers with a "<code>"status"</code>": the occupancy, and who is there."</li>
                <li>
                    "A client joins by subscribing to "<code>"<key>/<channel>/"</code>". The broker takes the key off and \
                     tells the watcher: "<code>"subscribe"</code>"."
                </li>
                <li>
                    "It leaves by unsubscribing, by disconnecting, by a closed tab or a lost network, or because \
                     another took its name: "<code>"unsubscribe"</code>", once."
                </li>
            </ol>
            <details class="elsewhere">
                <summary>"Join from elsewhere"</summary>
                <h4 class="field-label">"With Emitter's SDK for JavaScript"</h4>
                <pre class="elsewhere-text" id="sdk" tabindex="0">{sdk}</pre>
                {copy_button(move || hall.now.get(), "sdk", "the program")}
                <h4 class="field-label">"On the channel, with Mosquitto"</h4>
                <pre class="elsewhere-text" id="join" tabindex="0">{from(snippet::join)}</pre>
                {copy_button(move || hall.now.get(), "join", "the command that joins")}
                <h4 class="field-label">"Who is there, with Mosquitto"</h4>
                <pre class="elsewhere-text" id="ask" tabindex="0">{from(snippet::ask)}</pre>
                {copy_button(move || hall.now.get(), "ask", "the command that asks")}
            </details>
        </section>
    })
}
