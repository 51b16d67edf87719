//! The frame: a landmark per panel.

use leptos::prelude::*;

use super::{
    banner::Banners, board::Board, connect::Connect, feeds::Feeds, presence::Presence, timeline::Timeline,
    trouble,
};
use crate::store::Settings;

/// The Monitor page, below its masthead.
#[component]
pub fn Page(
    /// The way to the store.
    board: Board,
    /// The connect form as the page opens.
    settings: Settings,
) -> impl IntoView {
    let settings = RwSignal::new(settings);
    trouble::dress();
    view! {
        <section class="notices" aria-label="Connection">
            <Connect board settings />
            <Banners board />
            <Feeds board />
            {trouble::cards(board)}
        </section>
        <Timeline board settings />
        <Presence board />
        {trouble::panel(board)}
    }
}
