//! The wire view's place: docked at the foot of whatever page it is opened in.

use leptos::{ev, html, prelude::*};
use wasm_bindgen::JsCast as _;
use web_sys::HtmlElement;

use super::{bar, desk::Desk, file, list, opened};
use crate::view::{
    live::{effect, flag, live, on, when},
    part::{Part, part},
    shortcuts::storage,
};

/// Name of the height in `localStorage`.
const KEY: &str = "headcount.wire.height";
/// Of the window's height, in percent.
const HEIGHTS: std::ops::RangeInclusive<usize> = 20..=90;
const HEIGHT: usize = 46;
/// What an arrow key moves.
const STEP: usize = 4;

/// The wire view.
pub fn dock(desk: Desk) -> impl IntoView {
    let height = RwSignal::new(remembered());
    let scroller = NodeRef::<html::Div>::new();
    let before = StoredValue::new_local(None);
    place(desk, height);
    effect(move || {
        if desk.is_open.get() {
            before.set_value(document().active_element());
            // It is there once this was drawn; without it the focus stays where it was.
            let _ = scroller.get().map(|scroller| scroller.focus());
        } else if let Some(element) =
            before.get_value().and_then(|it: web_sys::Element| it.dyn_into::<HtmlElement>().ok())
        {
            let _ = element.focus();
        }
    });
    let is_opened = move || desk.is_opened.get() && desk.cursor.get().is_some();
    part(view! {
        <section
            class="packets"
            aria-labelledby="wire-title"
            data-open=flag(move || desk.is_open.get())
            on:keydown=on(move |event| press(desk, &event))
        >
            {grip(height)}
            {bar::bar(desk)}
            {file::notice(desk)}
            <div class="packets-body" data-opened=flag(is_opened)>
                {list::packets(desk, scroller)}
                {when(is_opened, move || opened::opened(desk))}
            </div>
        </section>
    })
}

/// Escape steps back: out of a field, out of the opened packet, out of the view. `/` goes to the search.
fn press(desk: Desk, event: &ev::KeyboardEvent) {
    let target = event_target::<web_sys::Element>(event);
    let is_typing = target.matches("input, select").unwrap_or(false);
    match event.key().as_str() {
        "Escape"
            if is_typing
                && !desk.peek(|wire| wire.filter().text.is_empty() && wire.filter().topic.is_empty()) =>
        {
            desk.ask(|filter| {
                filter.text.clear();
                filter.topic.clear();
            });
        }
        "Escape" if desk.is_opened.get_untracked() => {
            desk.is_opened.set(false);
            focus(".packets-list");
        }
        "Escape" => desk.is_open.set(false),
        "/" if !is_typing => {
            focus("#wire-text");
            event.prevent_default();
        }
        _ => {}
    }
    // The keys pressed here are not for the page behind.
    event.stop_propagation();
}

/// Gives the focus to the first element of this selector, if there is one.
pub(super) fn focus(selector: &str) {
    if let Ok(Some(element)) = document().query_selector(selector) {
        let _ = element.unchecked_into::<HtmlElement>().focus();
    }
}

/// The page behind makes room, as style/wire.css says.
fn place(desk: Desk, height: RwSignal<usize>) {
    effect(move || {
        let Some(root) = document().document_element() else { return };
        let root: HtmlElement = root.unchecked_into();
        // Neither fails for an element of a page.
        let _ = root.toggle_attribute_with_force("data-wire", desk.is_open.get());
        let _ = root.style().set_property("--wire", &format!("{}dvh", height.get()));
        let _ = storage().map(|storage| storage.set_item(KEY, &height.get().to_string()));
    });
}

fn remembered() -> usize {
    let stored = storage().and_then(|storage| storage.get_item(KEY).ok().flatten());
    stored.and_then(|stored| stored.parse().ok()).filter(|height| HEIGHTS.contains(height)).unwrap_or(HEIGHT)
}

/// The upper edge, to be moved by pointer and by keyboard.
fn grip(height: RwSignal<usize>) -> Part {
    let set = move |percent: usize| height.set(percent.clamp(*HEIGHTS.start(), *HEIGHTS.end()));
    let down = move |event: ev::PointerEvent| {
        // It fails for a pointer that is gone.
        let _ = event_target::<web_sys::Element>(&event).set_pointer_capture(event.pointer_id());
    };
    let drag = move |event: ev::PointerEvent| {
        let all = document().document_element().map_or(0, |root| root.client_height());
        if event.buttons() & 1 == 1 && all > 0 {
            set(usize::try_from((all - event.client_y()) * 100 / all).unwrap_or_default());
        }
    };
    let press = move |event: ev::KeyboardEvent| {
        let height = height.get_untracked();
        match event.key().as_str() {
            "ArrowUp" => set(height + STEP),
            "ArrowDown" => set(height.saturating_sub(STEP)),
            _ => return,
        }
        event.prevent_default();
    };
    part(view! {
        <div
            class="packets-grip"
            role="separator"
            tabindex="0"
            aria-orientation="horizontal"
            aria-label="Height of the wire view"
            aria-valuemin=HEIGHTS.start().to_string()
            aria-valuemax=HEIGHTS.end().to_string()
            aria-valuenow=live(move || height.get().to_string())
            on:pointerdown=on(down)
            on:pointermove=on(drag)
            on:keydown=on(press)
        ></div>
    })
}
