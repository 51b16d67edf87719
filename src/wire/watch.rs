//! Wiring: the notebook that feeds the record, and the view that shows it.

use std::{cell::RefCell, rc::Rc};

use leptos::prelude::*;

use super::tap::{self, Tap};
use crate::{
    link::Frame,
    view::{
        packets::{Desk, dock},
        place, styles,
    },
};

/// Pieces that wait for a frame at most: a hidden page has none, and the notebook lets go of the oldest of 2,000.
const WAITING_MAX: u32 = 500;

/// Draws the wire view at the foot of the page, and keeps it up to date while it is open.
pub fn mount() {
    styles::adopt(include_str!("../../style/wire.css"));
    styles::adopt(include_str!("../../style/packet.css"));
    let wire = document().create_element("div").expect("a tag of HTML");
    wire.set_id("wire");
    document().body().and_then(|body| body.append_child(&wire).ok()).expect("a page has a body");
    place::fill("wire", || {
        let desk = Desk::new();
        follow(desk);
        dock(desk)
    });
}

fn follow(desk: Desk) {
    let tap = Rc::new(RefCell::new(Tap::default()));
    let read = {
        let tap = Rc::clone(&tap);
        move || desk.change(|wire| tap.borrow_mut().read(wire))
    };
    let frame = Frame::new(read.clone());
    let look = move || {
        if let Some(find) = tap::take_find() {
            read();
            desk.open(&find);
        } else if !desk.is_open() {
            // What is missed meanwhile is read when it is opened again, as far as the notebook has it.
        } else if tap.borrow().waiting() > WAITING_MAX {
            read();
        } else {
            frame.ask();
        }
    };
    look();
    tap::listen(look);
}
