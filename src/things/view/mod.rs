//! The view of devices and channels: one file a panel. It reads the store through the [`desk`] and sends wishes.

// Leptos' component macro writes the properties' struct as `pub`, whatever the component is.
#![allow(unreachable_pub)]

mod card;
mod channels;
mod chart;
mod credentials;
mod desk;
mod devices;
mod dialog;
mod entries;
mod form;
mod login;
mod publish;
mod snippets;

use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use web_sys::HtmlElement;

use crate::{
    link::Beat,
    view::{
        live::live,
        part::{Part, part},
        place,
        standing::standing,
        styles,
    },
};
use desk::Desk;

/// Which of both.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Page {
    Devices,
    Channels,
}

/// Draws a page in the place of index.html's frame, and logs in whoever was logged in before a reload.
pub(super) fn mount(page: Page) {
    for sheet in [
        include_str!("../../../style/login.css"),
        include_str!("../../../style/badge.css"),
        include_str!("../../../style/check.css"),
        include_str!("../../../style/things.css"),
        include_str!("../../../style/channels.css"),
    ] {
        styles::adopt(sheet);
    }
    place::page(move || draw(page));
}

fn draw(page: Page) -> Part {
    let now = RwSignal::new(crate::link::clock());
    StoredValue::new_local(Beat::new(move || now.set(crate::link::clock())));
    let desk = Desk::open(now);
    place::fill("standing", move || {
        standing(move || desk.read(|things| things.connection().clone()), move || desk.connect())
    });
    let (title, lead) = match page {
        Page::Devices => ("Devices", devices::LEAD),
        Page::Channels => ("Channels", channels::LEAD),
    };
    document().set_title(&format!("Headcount: {title}"));
    desk.come_back();
    // Whoever leaves with a password that nobody saved is asked by the browser.
    window_event_listener_untyped("beforeunload", move |event| {
        if desk.peek(|things| things.credentials().is_some()) {
            event.prevent_default();
        }
    });
    let is_in = Memo::new(move |_| desk.is_in());
    let body = move || match (is_in.get(), page) {
        (false, _) => login::form(desk),
        (true, Page::Devices) => devices::devices(desk),
        (true, Page::Channels) => channels::channels(desk),
    };
    part(view! {
        <main class="demo use">
            <div class="use-head">
                <h2 class="use-title">{title}</h2>
                <p class="use-lead">{lead}</p>
            </div>
            {live(body)}
        </main>
    })
}

/// Goes to the element of this id, once it is drawn.
fn focus(id: &str) {
    let id = id.to_owned();
    request_animation_frame(move || {
        let element = document().get_element_by_id(&id);
        let element = element.and_then(|element| element.dyn_into::<HtmlElement>().ok());
        // It fails for detached elements only.
        let _ = element.map(|element| element.focus());
    });
}
