//! What every part of one window has at hand.

use std::rc::Rc;

use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use web_sys::HtmlElement;

use super::hall::Hall;
use crate::{
    chat::{
        link::Window,
        login::{Leave, Login},
        store::{Chat, Wish, With},
    },
    store::Connection,
    view::remember,
};

/// The way to a window's store; a copy of it is the same one.
#[derive(Clone, Copy)]
pub(super) struct Seat {
    pub(super) hall: Hall,
    /// 1 or 2.
    pub(super) number: usize,
    /// What the login form holds.
    pub(super) name: RwSignal<String>,
    pub(super) password: RwSignal<String>,
    /// What is wrong with it.
    pub(super) error: RwSignal<String>,
    window: StoredValue<Window, LocalStorage>,
    version: RwSignal<u64>,
    /// Whether somebody is logged in here.
    wanted: RwSignal<bool>,
}

impl Seat {
    pub(super) fn take(hall: Hall, number: usize, page: &Rc<str>) -> Self {
        let version = RwSignal::new(0);
        let window = Window::start(page, move || version.update(|version| *version += 1));
        let name = if number == 1 {
            hall.address.with_untracked(|address| address.user.clone())
        } else {
            String::new()
        };
        Self {
            hall,
            number,
            name: RwSignal::new(name),
            password: RwSignal::new(String::new()),
            error: RwSignal::new(String::new()),
            window: StoredValue::new_local(window),
            version,
            wanted: RwSignal::new(false),
        }
    }

    /// Reads the store, and again whenever it changes.
    pub(super) fn read<R>(self, read: impl FnOnce(&Chat) -> R) -> R {
        self.version.track();
        self.peek(read)
    }

    /// Reads the store once.
    pub(super) fn peek<R>(self, read: impl FnOnce(&Chat) -> R) -> R {
        self.window().read(read)
    }

    /// Asks for something to be done.
    pub(super) fn wish(self, wish: &Wish) {
        self.window().wish(wish);
        // Within this task, so that nobody waits a frame for their own click.
        self.version.update(|version| *version += 1);
    }

    /// Somebody looks at the page, or not.
    pub(super) fn look(self, looked_at: bool) {
        self.wish(&Wish::LookedAt(looked_at));
    }

    /// Shows a conversation, and goes to where one writes; not where that would bring a keyboard onto the screen.
    pub(super) fn open(self, with: With) {
        self.wish(&Wish::Open(with));
        let is_coarse = window().match_media("(pointer: coarse)").ok().flatten();
        if is_coarse.is_none_or(|query| !query.matches()) {
            request_animation_frame(move || focus(self.element(".composer-text")));
        }
    }

    /// Shows no conversation, and goes back to the one that was shown in the list.
    pub(super) fn close(self) {
        let conversation = self.element(".conversation[aria-current=true]");
        self.wish(&Wish::Close);
        request_animation_frame(move || focus(conversation));
    }

    /// The first element of this window that fits.
    fn element(self, selector: &str) -> Option<HtmlElement> {
        let selector = format!(".window[data-number=\"{}\"] {selector}", self.number);
        document().query_selector(&selector).ok().flatten()?.dyn_into().ok()
    }

    /// Whether somebody is logged in, and the broker has not refused them.
    pub(super) fn is_in(self) -> bool {
        self.wanted.get() && !self.read(|chat| matches!(chat.connection(), Connection::Refused(_)))
    }

    pub(super) fn is_wanted(self) -> bool {
        self.wanted.get_untracked()
    }

    pub(super) fn window(self) -> Window {
        self.window.get_value()
    }

    /// Logs in with what the form holds, or says what is wrong with it.
    pub(super) fn submit(self) {
        let login = self.hall.login(&self.name.get_untracked(), &self.password.get_untracked());
        match login.error() {
            Some(error) => self.error.set(error),
            None => self.log_in(login),
        }
    }

    /// Logs in whoever was before a reload, where no password has to be asked for.
    pub(super) fn come_back(self) {
        if let Some((user, password)) = remember::remembered(&self.place()) {
            self.name.set(user.clone());
            let login = self.hall.login(&user, password);
            if login.error().is_none() {
                self.log_in(login);
            }
        }
    }

    fn log_in(self, mut login: Login) {
        if !login.stage.has(crate::chat::store::stage::Feature::Authentication) {
            login.password = String::new();
        }
        self.error.set(String::new());
        self.name.set(login.user.clone());
        remember::remember(&self.place(), &login.user, &login.password);
        self.window().log_in(login);
        self.wanted.set(true);
        self.version.update(|version| *version += 1);
    }

    /// The stage is another one: the connection follows, or asks for the password it lacks.
    pub(super) fn follow_stage(self) {
        if !self.is_wanted() {
            return;
        }
        let was = self.window().login();
        let login = self.hall.login(&was.user, &was.password);
        if login.error().is_some() {
            self.log_out(was.leaves_for(&login));
            self.name.set(login.user.clone());
            self.password.set(remember::demo_password(&login.user).to_owned());
        } else {
            self.log_in(login);
        }
    }

    /// Takes the connection back, or tries again.
    pub(super) fn take_back(self) {
        self.window().take_back();
    }

    pub(super) fn log_out(self, leave: Leave) {
        self.window().log_out(leave);
        self.end();
    }

    pub(super) fn forget(self) {
        self.window().forget();
        self.end();
    }

    /// By which it is remembered who is logged in.
    fn place(self) -> String {
        format!("chat.window.{}", self.number)
    }

    fn end(self) {
        remember::forget(&self.place());
        self.wanted.set(false);
        self.password.set(String::new());
    }
}

fn focus(element: Option<HtmlElement>) {
    // It fails for detached elements only.
    let _ = element.map(|element| element.focus());
}
