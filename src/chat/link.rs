//! A chat window in the browser: its drive, what it tells the other tabs, and what it keeps in `localStorage`.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use super::{
    login::{Leave, Login},
    session::Session,
    store::{Chat, Taker, Told, Wish, shelf::Shelf, stage::Feature},
};
use crate::{
    link::{Channel, Drive, random},
    store::connection::Refusal,
};

/// Name of the channel between the tabs of a browser.
const CHANNEL: &str = "headcount.chat";

/// A window; a copy of it is the same one.
#[derive(Clone)]
pub struct Window {
    drive: Drive<Session>,
    channel: Rc<Option<Channel>>,
    login: Rc<RefCell<Login>>,
    /// Whether the other tabs know that this window holds its user's connection.
    is_claimed: Rc<Cell<bool>>,
    /// Of the page, by which its own other window is told from other tabs.
    page: Rc<str>,
}

impl Window {
    /// A window that nobody is logged in to; `page` names the page. `on_frame` is as for [`Drive::start`].
    pub fn start(page: &Rc<str>, on_frame: impl Fn() + 'static) -> Self {
        let drive = Drive::start(Chat::new(Rc::new(Local)), on_frame);
        let login = Rc::new(RefCell::new(Login::default()));
        let hear = {
            let (drive, login, page) = (drive.clone(), Rc::clone(&login), Rc::clone(page));
            move |claim: &str| {
                let Some((theirs, whose)) = claim.split_once('\n') else { return };
                if *whose == *key(&login.borrow()) {
                    let by = if *theirs == *page { Taker::Window } else { Taker::Tab };
                    give_way(&drive, by);
                }
            }
        };
        let channel = Rc::new(Channel::join(CHANNEL, hear));
        let is_claimed = Rc::new(Cell::new(true));
        Self { drive, channel, login, is_claimed, page: Rc::clone(page) }
    }

    /// Reads the store. `read` must not act.
    pub fn read<R>(&self, read: impl FnOnce(&Chat) -> R) -> R {
        self.drive.read(read)
    }

    /// Carries out what the user wants of the store.
    pub fn wish(&self, wish: &Wish) {
        self.drive.act(|now, store, _| {
            store.apply(now.unix, wish);
            store.save();
        });
    }

    /// Who is logged in, or was last.
    pub fn login(&self) -> Login {
        self.login.borrow().clone()
    }

    /// Logs in; who was logged in before is logged out as far as the new login asks for it.
    pub fn log_in(&self, login: Login) {
        self.drive.act(|now, _, session| {
            if let Some(session) = session {
                session.leave(now, session.login().leaves_for(&login));
            }
        });
        *self.login.borrow_mut() = login.clone();
        self.is_claimed.set(false);
        self.claim();
        self.drive.replace(&login.address(), move |now, store| {
            store.begin(&login.user, login.stage);
            match Session::new(&login, random()) {
                Ok(mut session) => {
                    session.connect(now);
                    Some(session)
                }
                Err(why) => {
                    store.fold(now.unix, Told::Refused(Refusal::of_settings(&why)));
                    None
                }
            }
        });
    }

    /// Tells the other tabs that this window holds its user's connection, once: where names are believed at the login, so
    /// that the others are gone before, and else when the broker believes the password.
    pub fn claim(&self) {
        let login = self.login.borrow();
        let is_sure = !login.stage.has(Feature::Authentication) || self.read(Chat::is_connected);
        if is_sure
            && !self.is_claimed.replace(true)
            && let Some(channel) = &*self.channel
        {
            channel.post(&format!("{}\n{}", self.page, key(&login)));
        }
    }

    /// Logs in as before: what another tab or device took over is taken back.
    pub fn take_back(&self) {
        self.log_in(self.login());
    }

    /// Logs out.
    pub fn log_out(&self, leave: Leave) {
        self.drive.act(|now, store, session| {
            store.save();
            if let Some(session) = session {
                session.leave(now, leave);
            }
        });
    }

    /// Logs out, and leaves nothing of the user in this browser and at the broker.
    pub fn forget(&self) {
        self.log_out(Leave::EndSession);
        self.drive.act(|_, store, _| store.forget());
    }

    /// Tries to connect at once.
    pub fn retry(&self) {
        self.drive.act(|now, _, session| {
            if let Some(session) = session {
                session.connect(now);
            }
        });
    }
}

fn give_way(drive: &Drive<Session>, by: Taker) {
    drive.act(|now, store, session| {
        let Some(session) = session else { return };
        // The broker may have been faster to say so, but cannot know who it is.
        if store.taken_by().is_some() || !session.is_at_rest() {
            store.taken(by);
            session.give_way(now);
        }
    });
}

/// Whose connection it is: two of one key are one client to the broker.
fn key(login: &Login) -> String {
    format!("{} {}", login.address(), login.user)
}

/// The browser's `localStorage`, where it grants one.
#[derive(Debug)]
struct Local;

fn storage() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}

impl Shelf for Local {
    fn read(&self, key: &str) -> Option<String> {
        storage()?.get_item(key).ok().flatten()
    }

    fn write(&self, key: &str, text: &str) -> bool {
        storage().is_some_and(|storage| storage.set_item(key, text).is_ok())
    }

    fn remove(&self, key: &str) {
        let _ = storage().map(|storage| storage.remove_item(key));
    }

    fn keys(&self) -> Vec<String> {
        let Some(storage) = storage() else { return Vec::new() };
        let count = storage.length().unwrap_or_default();
        (0..count).filter_map(|at| storage.key(at).ok().flatten()).collect()
    }
}
