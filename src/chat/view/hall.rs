//! What both windows share: the stage, by the page's address, and the time.

use leptos::prelude::*;
use wasm_bindgen::JsValue;

use crate::{
    chat::{
        login::Login,
        store::{address::Address, stage::Stage},
    },
    link,
    store::Millis,
};

/// A copy of it is the same one.
#[derive(Clone, Copy)]
pub(super) struct Hall {
    pub(super) address: RwSignal<Address>,
    /// Whether the second window is open.
    pub(super) second: RwSignal<bool>,
    /// The window that a narrow page shows.
    pub(super) shown: RwSignal<usize>,
    now: RwSignal<Millis>,
    /// `ws://127.0.0.1:8080`
    host: StoredValue<String>,
}

impl Hall {
    pub(super) fn new(address: Address, origin: &str) -> Self {
        Self {
            address: RwSignal::new(address),
            second: RwSignal::new(false),
            shown: RwSignal::new(1),
            now: RwSignal::new(link::clock()),
            // `http` becomes `ws`, and `https` becomes `wss`.
            host: StoredValue::new(origin.replacen("http", "ws", 1)),
        }
    }

    /// Moves the clock on.
    pub(super) fn tick(self) {
        self.now.set(link::clock());
    }

    /// The moment, followed second by second.
    pub(super) fn now(self) -> Millis {
        self.now.get()
    }

    /// The stage, followed.
    pub(super) fn stage(self) -> Stage {
        self.address.with(|address| address.stage)
    }

    /// Whether copies are left out, followed.
    pub(super) fn removes_duplicates(self) -> bool {
        self.address.with(|address| address.removes_duplicates)
    }

    /// Changes what the page's address says, and the address with it.
    pub(super) fn change(self, change: impl FnOnce(&mut Address)) {
        self.address.update(change);
        let beside = window().location().search().unwrap_or_default();
        let query = self.address.with_untracked(|address| address.to_query(&beside));
        // A browser may refuse it to a page in a sandbox: then it lasts as long as the page.
        let _ = window()
            .history()
            .and_then(|history| history.replace_state_with_url(&JsValue::NULL, "", Some(&query)));
    }

    /// A login at the present stage.
    pub(super) fn login(self, user: &str, password: &str) -> Login {
        let (stage, version) = self.address.with_untracked(|address| (address.stage, address.version));
        let (user, password) = (user.trim().to_owned(), password.to_owned());
        Login { host: self.host.get_value(), user, password, stage, version }
    }
}
