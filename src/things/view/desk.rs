//! What every part of the devices' and the channels' page has at hand.

use std::sync::Arc;

use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use web_sys::HtmlElement;

use crate::{
    link::{
        Drive,
        courier::{Addressee as _, Courier, Told},
        random,
    },
    store::{Connection, Millis, connection::Refusal, query},
    things::{
        login::{self, Login},
        store::{Things, Wish, request::Stage, snippet::Place},
    },
    view::{
        connect::page_is_secure,
        remember,
        search::{query_string, show_query},
    },
};

/// By which it is remembered who is logged in.
const PLACE: &str = "things";

/// A dialog in front of the page.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Dialog {
    Add,
    Edit(Arc<str>),
    Rotate(Arc<str>),
    Remove(Arc<str>),
    RemoveChannel(u32),
    /// Credentials that are yet to be saved.
    Credentials,
}

/// The way to the store; a copy of it is the same one.
#[derive(Clone, Copy)]
pub(super) struct Desk {
    drive: StoredValue<Drive<Courier<Things>>, LocalStorage>,
    version: RwSignal<u64>,
    now: RwSignal<Millis>,
    /// What the login form holds.
    pub(super) name: RwSignal<String>,
    pub(super) password: RwSignal<String>,
    /// What is wrong with it.
    pub(super) error: RwSignal<String>,
    /// Whether somebody is logged in.
    wanted: RwSignal<bool>,
    login: StoredValue<Login>,
    /// `ws://127.0.0.1:8080/secure/mqtt`, as the form has it.
    pub(super) address: RwSignal<String>,
    dialog: RwSignal<Option<Dialog>>,
    /// Who had the focus before a dialog took it.
    opener: StoredValue<Option<HtmlElement>, LocalStorage>,
}

impl Desk {
    /// A desk that nobody is logged in at; `now` follows the moment.
    pub(super) fn open(now: RwSignal<Millis>) -> Self {
        let version = RwSignal::new(0);
        let drive = Drive::start(Things::new(), move || version.update(|version| *version += 1));
        let text = || RwSignal::new(String::new());
        let address = login::address(&window().location().origin().unwrap_or_default(), &query_string());
        Self {
            drive: StoredValue::new_local(drive),
            version,
            now,
            name: text(),
            password: text(),
            error: text(),
            wanted: RwSignal::new(false),
            login: StoredValue::new(Login::default()),
            address: RwSignal::new(address),
            dialog: RwSignal::new(None),
            opener: StoredValue::new_local(None),
        }
    }

    /// Reads the store, and again whenever it changes.
    pub(super) fn read<R>(self, read: impl FnOnce(&Things) -> R) -> R {
        self.version.track();
        self.peek(read)
    }

    /// Reads the store once.
    pub(super) fn peek<R>(self, read: impl FnOnce(&Things) -> R) -> R {
        self.drive.get_value().read(read)
    }

    /// Asks for something to be done.
    pub(super) fn wish(self, wish: Wish) {
        self.drive.get_value().act(|now, things, _| things.apply(now.unix, wish));
        // Within this task, so that nobody waits a frame for their own click.
        self.version.update(|version| *version += 1);
    }

    /// The moment, followed second by second.
    pub(super) fn now(self) -> Millis {
        self.now.get()
    }

    /// Where a device finds its broker.
    pub(super) fn place(self) -> Place {
        self.read(|things| Place::new(&self.address(), things.server()))
    }

    /// The realm that one is logged in to.
    pub(super) fn address(self) -> String {
        self.login.with_value(|login| login.address.clone())
    }

    /// Whether somebody is logged in, and the broker has not refused them.
    pub(super) fn is_in(self) -> bool {
        self.wanted.get() && !self.read(|things| matches!(things.connection(), Connection::Refused(_)))
    }

    /// Logs in with what the form holds, or says what is wrong with it.
    pub(super) fn submit(self) {
        let login = Login {
            address: self.address.get_untracked().trim().to_owned(),
            account: self.name.get_untracked().trim().to_owned(),
            password: self.password.get_untracked(),
        };
        match login.error(page_is_secure()) {
            Some(error) => self.error.set(error),
            None => self.log_in(login),
        }
    }

    /// Logs in whoever was before a reload, where no password has to be asked for.
    pub(super) fn come_back(self) {
        if let Some((account, password)) = remember::remembered(PLACE) {
            self.name.set(account);
            self.password.set(password.to_owned());
            if !password.is_empty() {
                self.submit();
            }
        }
    }

    fn log_in(self, login: Login) {
        self.error.set(String::new());
        remember::remember(PLACE, &login.account, &login.password);
        self.login.set_value(login.clone());
        let client_id = format!("things-{:08x}", random() >> 32);
        self.end();
        // A reload and a bookmark lead to the same realm.
        let usual = login::address(&window().location().origin().unwrap_or_default(), "");
        let named = if login.address == usual { "" } else { login.address.as_str() };
        show_query(&query::with(&query::with(&query_string(), "realm", ""), "address", named));
        self.drive.get_value().replace(&login.address.clone(), move |now, things| {
            things.begin(&login.account, &client_id);
            let session = login.options(&client_id).and_then(|options| {
                Courier::with(options, crate::store::settings::VersionChoice::Auto, random())
            });
            match session {
                Ok(mut session) => {
                    session.connect(now);
                    Some(session)
                }
                Err(why) => {
                    things.fold(now.unix, Told::Refused(Refusal::of_settings(&why)));
                    None
                }
            }
        });
        self.wanted.set(true);
        self.version.update(|version| *version += 1);
    }

    /// Tries again at once.
    pub(super) fn connect(self) {
        let mut is_trying = false;
        self.drive.get_value().act(|now, _, session| {
            use crate::link::party::Party;
            if let Some(session) = session.filter(|session| !session.is_over()) {
                session.connect(now);
                is_trying = true;
            }
        });
        let login = self.login.get_value();
        if !is_trying && self.wanted.get_untracked() && login.error(page_is_secure()).is_none() {
            self.log_in(login);
        }
    }

    pub(super) fn log_out(self) {
        self.end();
        remember::forget(PLACE);
        self.login.set_value(Login::default());
        self.wanted.set(false);
        self.password.set(String::new());
    }

    fn end(self) {
        self.drive.get_value().act(|now, _, session| {
            if let Some(session) = session {
                session.disconnect(now);
            }
        });
    }

    /// The dialog that stands in front, followed.
    pub(super) fn dialog(self) -> Option<Dialog> {
        if self.read(|things| things.credentials().is_some()) {
            return Some(Dialog::Credentials);
        }
        self.dialog.get()
    }

    /// Shows a dialog.
    pub(super) fn show(self, dialog: Dialog) {
        self.wish(Wish::Close);
        self.opener.set_value(document().active_element().and_then(|element| element.dyn_into().ok()));
        self.dialog.set(Some(dialog));
    }

    /// Takes the dialog away, and goes back to whoever opened it.
    pub(super) fn close(self) {
        self.wish(Wish::Close);
        self.dialog.set(None);
        if self.peek(|things| things.credentials().is_none()) {
            request_animation_frame(move || self.go_back());
        }
    }

    /// What was opened may be gone with what it was about.
    fn go_back(self) {
        let opener = self.opener.get_value().filter(|opener| opener.is_connected());
        let first = || document().query_selector(".things-first").ok().flatten()?.dyn_into().ok();
        // It fails for detached elements only.
        let _ = opener.or_else(first).map(|element: HtmlElement| element.focus());
    }

    /// The broker has done what a dialog asked for.
    pub(super) fn follow(self) {
        if self.read(|things| things.stage() == Some(&Stage::Done)) {
            untrack(|| self.close());
        }
    }
}
