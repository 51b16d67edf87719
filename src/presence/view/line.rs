//! One connection of the page, with its store.

use leptos::prelude::*;

use crate::{
    link::{
        Drive,
        courier::{Addressee as _, Courier, Told},
        party::Party as _,
        random,
    },
    presence::store::Seat,
    store::connection::Refusal,
};

/// A copy of it is the same one.
#[derive(Clone, Copy)]
pub(super) struct Line {
    drive: StoredValue<Drive<Courier<Seat>>, LocalStorage>,
    version: RwSignal<u64>,
    address: StoredValue<String>,
}

impl Line {
    /// A seat that nobody has taken yet.
    pub(super) fn open(seat: Seat, address: &str) -> Self {
        let version = RwSignal::new(0);
        let drive = Drive::start(seat, move || version.update(|version| *version += 1));
        Self { drive: StoredValue::new_local(drive), version, address: StoredValue::new(address.to_owned()) }
    }

    /// Reads the store, and again whenever it changes.
    pub(super) fn read<R>(self, read: impl FnOnce(&Seat) -> R) -> R {
        self.version.track();
        self.drive.get_value().read(read)
    }

    /// Connects under this Client Identifier, or tries again at once.
    pub(super) fn connect(self, client_id: &str) {
        let drive = self.drive.get_value();
        let mut is_trying = false;
        drive.act(|now, _, party| {
            if let Some(party) = party.filter(|party| !party.is_over()) {
                party.connect(now);
                is_trying = true;
            }
        });
        if is_trying {
            return;
        }
        let client_id = client_id.to_owned();
        drive.replace(&self.address.get_value(), move |now, seat| match Courier::new(&client_id, random()) {
            Ok(mut courier) => {
                courier.connect(now);
                Some(courier)
            }
            Err(why) => {
                seat.fold(now.unix, Told::Refused(Refusal::of_settings(&why)));
                None
            }
        });
    }

    /// Ends the connection, or the attempts for one.
    pub(super) fn disconnect(self) {
        self.drive.get_value().act(|now, _, party| {
            if let Some(party) = party {
                party.disconnect(now);
            }
        });
    }
}
