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

use leptos::{ev, prelude::*};
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{Element, HtmlElement};

use crate::{
    link::Beat,
    store::query,
    view::{
        live::{effect, live},
        part::{Part, part},
        place,
        search::query_string,
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

impl Page {
    /// The page that an address names: `?use=channels&channel=7`.
    fn of(query: &str) -> Option<Self> {
        let (_, name) = query::parse(query).into_iter().find(|(name, _)| name == "use")?;
        match name.as_str() {
            "devices" => Some(Self::Devices),
            "channels" => Some(Self::Channels),
            _ => None,
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Devices => "Devices",
            Self::Channels => "Channels",
        }
    }

    fn lead(self) -> &'static str {
        match self {
            Self::Devices => devices::LEAD,
            Self::Channels => channels::LEAD,
        }
    }
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
    let page = RwSignal::new(page);
    follow_links(page);
    desk.come_back();
    // Whoever leaves with a password that nobody saved is asked by the browser.
    window_event_listener_untyped("beforeunload", move |event| {
        if desk.peek(|things| things.credentials().is_some()) {
            event.prevent_default();
        }
    });
    let is_in = Memo::new(move |_| desk.is_in());
    let body = move || match (is_in.get(), page.get()) {
        (false, _) => login::form(desk),
        (true, Page::Devices) => devices::devices(desk),
        (true, Page::Channels) => channels::channels(desk),
    };
    part(view! {
        <main class="demo use">
            <div class="use-head">
                <h2 class="use-title">{live(move || page.get().title().to_owned())}</h2>
                <p class="use-lead">{live(move || page.get().lead().to_owned())}</p>
            </div>
            {live(body)}
        </main>
    })
}

/// Goes from one page to the other within this program, so that whoever is logged in stays so.
fn follow_links(page: RwSignal<Page>) {
    window_event_listener(ev::click, move |event| {
        let is_plain = event.button() == 0 && !(event.ctrl_key() || event.meta_key() || event.shift_key());
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let link = target.and_then(|target| target.closest("a[href^='?']").ok().flatten());
        let Some(address) = link.filter(|_| is_plain).and_then(|link| link.get_attribute("href")) else {
            return;
        };
        let Some(next) = Page::of(&address) else { return };
        // The realm stays.
        let realm = query::parse(&query_string()).into_iter().find(|(name, _)| name == "address");
        let address = realm.map_or(address.clone(), |(name, value)| query::with(&address, &name, &value));
        let history = window().history();
        // A page in a sandbox may be refused it: then the link does what links do.
        if history
            .is_ok_and(|history| history.push_state_with_url(&JsValue::NULL, "", Some(&address)).is_ok())
        {
            event.prevent_default();
            page.set(next);
        }
    });
    window_event_listener_untyped("popstate", move |_| {
        let location = window().location();
        match Page::of(&location.search().unwrap_or_default()) {
            Some(next) => page.set(next),
            None => {
                let _ = location.reload();
            }
        }
    });
    effect(move || {
        let title = page.get().title();
        document().set_title(&format!("Headcount: {title}"));
        let Ok(links) = document().query_selector_all(".views a") else { return };
        for link in (0..links.length()).filter_map(|at| links.get(at)?.dyn_into::<Element>().ok()) {
            let is_current = link.text_content().as_deref() == Some(title);
            // It fails for names that are none.
            let _ = if is_current {
                link.set_attribute("aria-current", "page")
            } else {
                link.remove_attribute("aria-current")
            };
        }
    });
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
