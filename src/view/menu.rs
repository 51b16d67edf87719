//! A button that opens a panel below the toolbar. It closes by itself when the focus goes elsewhere, and by Escape.

use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast as _;
use web_sys::{Element, HtmlElement, Node};

use super::{
    live::on,
    part::{Part, part},
};

/// A menu: `label` on its button, `name` for those who hear it and above what it opens.
pub(super) fn menu(class: &'static str, label: &'static str, name: &'static str, content: Part) -> Part {
    let on_leave = move |event: ev::FocusEvent| {
        let details: HtmlElement = event_current(&event);
        let to: Option<Node> = event.related_target().and_then(|to| to.dyn_into().ok());
        // A file dialog, another window and a click on nothing take the focus to nowhere.
        if to.is_some_and(|to| !details.contains(Some(&to))) {
            close(&details);
        }
    };
    let on_key = move |event: ev::KeyboardEvent| {
        let details: HtmlElement = event_current(&event);
        if event.key() == "Escape" && details.has_attribute("open") {
            event.prevent_default();
            close(&details);
            if let Ok(Some(summary)) = details.query_selector("summary") {
                // It fails for detached elements only.
                let _ = summary.unchecked_into::<HtmlElement>().focus();
            }
        }
    };
    part(view! {
        <details class=format!("menu {class}") on:focusout=on(on_leave) on:keydown=on(on_key)>
            <summary class="button menu-button" title=name>
                <span aria-hidden="true">{label}</span>
                <span class="unseen">{name}</span>
            </summary>
            <section class="menu-panel" aria-label=name tabindex="0">
                {content}
            </section>
        </details>
    })
}

fn close(details: &Element) {
    // It fails for no name of an attribute.
    let _ = details.remove_attribute("open");
}

/// The menu that the event came up to.
fn event_current(event: &ev::Event) -> HtmlElement {
    event.current_target().expect("a listener's own element").unchecked_into()
}
