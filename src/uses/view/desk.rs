//! What every part of one use has at hand.

use leptos::prelude::*;

use crate::{
    link::{
        self, Drive,
        courier::{Addressee as _, Courier, Told},
        random,
    },
    store::{Millis, Settings, connection::Refusal},
    uses::store::{Room, Subject, Wish},
};

/// The way to a room's store; a copy of it is the same one.
#[derive(Clone, Copy)]
pub(super) struct Desk {
    drive: StoredValue<Drive<Courier<Room>>, LocalStorage>,
    version: RwSignal<u64>,
    now: RwSignal<Millis>,
    kind: &'static str,
}

impl Desk {
    /// A room that begins to connect.
    pub(super) fn open(kind: &'static str, subject: Subject, now: RwSignal<Millis>) -> Self {
        let version = RwSignal::new(0);
        let drive = Drive::start(Room::new(subject), move || version.update(|version| *version += 1));
        let desk = Self { drive: StoredValue::new_local(drive), version, now, kind };
        desk.connect();
        desk
    }

    /// Reads the store, and again whenever it changes.
    pub(super) fn read<R>(self, read: impl FnOnce(&Room) -> R) -> R {
        self.version.track();
        self.drive.get_value().read(read)
    }

    /// Reads the store once.
    pub(super) fn peek<R>(self, read: impl FnOnce(&Room) -> R) -> R {
        self.drive.get_value().read(read)
    }

    /// Asks for something to be done.
    pub(super) fn wish(self, wish: Wish) {
        self.drive.get_value().act(|now, room, _| room.apply(now.unix, wish));
        // Within this task, so that nobody waits a frame for their own click.
        self.version.update(|version| *version += 1);
    }

    /// The moment, followed second by second.
    pub(super) fn now(self) -> Millis {
        self.now.get()
    }

    /// The moment's signal, for another desk.
    pub(super) fn clock(self) -> RwSignal<Millis> {
        self.now
    }

    /// Connects under a new Client Identifier, or tries again at once.
    pub(super) fn connect(self) {
        let client_id = format!("{}-{:08x}", self.kind, random() >> 32);
        let tries = |session: Option<&mut Courier<Room>>, now| {
            use crate::link::party::Party;
            session.filter(|session| !session.is_over()).map(|session| session.connect(now)).is_some()
        };
        let drive = self.drive.get_value();
        let mut is_trying = false;
        drive.act(|now, _, session| is_trying = tries(session, now));
        if is_trying {
            return;
        }
        drive.replace(&address(), move |now, room| match Courier::new(&client_id, random()) {
            Ok(mut session) => {
                session.connect(now);
                Some(session)
            }
            Err(why) => {
                room.fold(now.unix, Told::Refused(Refusal::of_settings(&why)));
                None
            }
        });
    }

    /// Ends the connection.
    pub(super) fn disconnect(self) {
        self.drive.get_value().act(|now, _, session| {
            if let Some(session) = session {
                session.disconnect(now);
            }
        });
    }
}

/// 128 bits to name something that is published; nothing secret hangs on them.
pub(super) fn chance() -> u128 {
    u128::from(random()) << 64 | u128::from(random())
}

/// The moment, once.
pub(super) fn moment() -> Millis {
    link::clock()
}

/// The realm `open` of the broker that this page came from.
fn address() -> String {
    Settings::preset(&window().location().origin().unwrap_or_default(), 0, "").address
}
