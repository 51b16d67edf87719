//! The sessions as a table, for those who cannot see the bars.

use leptos::{ev, prelude::*};

use super::{sight::Sight, words};
use crate::{
    store::lanes::Scene,
    view::{
        board::offset_minutes,
        labels::{counted, short_id},
        list::{Item, list},
        live::{live, on, when},
        part::{Part, part},
    },
};

/// Sessions in the table at most: more are for the search, and a phone should not hold their nodes.
const MOST: usize = 200;

/// The table, which is there while it is open.
pub(super) fn table(sight: Sight) -> Part {
    let open = RwSignal::new(false);
    let toggled = move |event: ev::Event| {
        open.set(event_target::<web_sys::HtmlDetailsElement>(&event).open());
    };
    part(view! {
        <details class="lanes-table" on:toggle=on(toggled)>
            <summary>"Show as table"</summary>
            {when(move || open.get(), move || sessions(sight))}
        </details>
    })
}

fn sessions(sight: Sight) -> Part {
    let note = move || {
        let all = sight.scene.with(|scene| scene.sessions(usize::MAX).len());
        let shown = counted(all.min(MOST) as u64, "session", "sessions");
        if all > MOST { format!("The newest {shown} of {all}.") } else { shown }
    };
    let rows = move || {
        sight.scene.with(|scene| {
            let offset = offset_minutes(scene.edge);
            scene
                .sessions(MOST)
                .into_iter()
                .map(|(lane, session)| row(scene, lane, session, offset))
                .collect()
        })
    };
    part(view! {
        <p class="lanes-note">{live(note)}</p>
        <div class="lanes-sessions" tabindex="0" role="group" aria-label="Sessions, the newest end first">
            <table aria-label="Sessions">
                <thead>
                    <tr>
                        <th scope="col">"Client"</th>
                        <th scope="col">"Connected"</th>
                        <th scope="col">"Ended"</th>
                        <th scope="col">"How long"</th>
                        <th scope="col">"Reason"</th>
                    </tr>
                </thead>
                {list("tbody", "rowgroup", rows)}
            </table>
        </div>
    })
}

/// A session's row; its key is what it says, but for the length of one that stands, which its own clock moves on.
fn row(scene: &Scene, lane: usize, session: &crate::store::lanes::Session, offset: i32) -> Item {
    let lane = &scene.lanes.lanes[lane];
    let name = short_id(&lane.id);
    let cells = [
        words::began(session, offset),
        words::ended(session, offset),
        words::lasted(session, scene.edge),
        words::reason(session).to_owned(),
    ];
    let key = format!("{}.{}", lane.key, cells.join("."));
    Item::new(key, move |_| {
        let cells = cells.map(|cell| view! { <td>{cell}</td> });
        part(view! {
            <tr>
                <th scope="row" dir="auto">{name}</th>
                {cells.into_iter().collect::<Vec<_>>()}
            </tr>
        })
    })
}
