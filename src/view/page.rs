//! The frame: a landmark per panel.

use leptos::prelude::*;

use super::{
    banner::Banners, board::Board, connect::Connect, masthead::Masthead, presence::Presence,
    timeline::Timeline,
};
use crate::store::Settings;

/// The Monitor page.
#[component]
pub fn Page(
    /// The way to the store.
    board: Board,
    /// The connect form as the page opens.
    settings: Settings,
) -> impl IntoView {
    let settings = RwSignal::new(settings);
    view! {
        <Masthead board />
        <section class="notices" aria-label="Connection">
            <Connect board settings />
            <Banners board />
        </section>
        <Timeline board settings />
        <Presence board />
    }
}
