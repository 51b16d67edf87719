//! What follows signals, behind one type for each kind of value.
//!
//! Leptos is compiled anew for every type that it is given, and each closure has a type of its own: the view's hundred
//! closures were a third of the page. Boxed, they share one copy of the code, and a call through a pointer costs
//! nothing beside the DOM.

use leptos::prelude::*;

use super::part::{Part, part};

/// A text, an attribute, a property or a part that follows the signals it reads.
pub(super) type Live<T> = Box<dyn FnMut() -> T + Send>;

/// Follows what `read` reads.
pub(super) fn live<T>(read: impl FnMut() -> T + Send + 'static) -> Live<T> {
    Box::new(read)
}

/// Follows what `read` reads, as `true` or `false` for an attribute.
pub(super) fn flag(read: impl Fn() -> bool + Send + 'static) -> Live<String> {
    live(move || read().to_string())
}

/// A value that is passed on only when it changed.
pub(super) fn memo<T>(read: impl Fn() -> T + Send + Sync + 'static) -> Memo<T>
where
    T: PartialEq + Send + Sync + 'static,
{
    boxed_memo(Box::new(read))
}

// The compiler would write it out again at each call.
#[inline(never)]
fn boxed_memo<T>(read: Box<dyn Fn() -> T + Send + Sync>) -> Memo<T>
where
    T: PartialEq + Send + Sync + 'static,
{
    Memo::new(move |_| read())
}

/// A part of the page that is there while `holds` says so, drawn anew each time.
pub(super) fn when(
    holds: impl Fn() -> bool + Send + Sync + 'static,
    draw: impl Fn() -> Part + Send + 'static,
) -> Live<Part> {
    boxed_when(memo(holds), Box::new(draw))
}

#[inline(never)]
fn boxed_when(holds: Memo<bool>, draw: Box<dyn Fn() -> Part + Send>) -> Live<Part> {
    live(move || if holds.get() { draw() } else { Part::none() })
}

/// Runs `act` now and whenever what it reads changes.
pub(super) fn effect(act: impl FnMut() + 'static) {
    boxed_effect(Box::new(act));
}

#[inline(never)]
fn boxed_effect(mut act: Box<dyn FnMut()>) {
    Effect::new(move |_| act());
}

/// Handles an event.
pub(super) fn on<E>(act: impl FnMut(E) + 'static) -> Box<dyn FnMut(E)> {
    Box::new(act)
}

/// One of a list.
pub(super) struct Item {
    key: String,
    draw: Box<dyn FnOnce(ReadSignal<usize>) -> Part + Send>,
}

impl Item {
    /// An item that is told from the others by `key`, and drawn with its place in the list.
    pub(super) fn new(key: String, draw: impl FnOnce(ReadSignal<usize>) -> Part + Send + 'static) -> Self {
        Self { key, draw: Box::new(draw) }
    }
}

/// A list that follows what `items` reads; an item whose key stays keeps its nodes.
pub(super) fn list(items: impl Fn() -> Vec<Item> + Send + 'static) -> Part {
    boxed_list(Box::new(items))
}

#[inline(never)]
fn boxed_list(items: Box<dyn Fn() -> Vec<Item> + Send>) -> Part {
    part(
        view! { <ForEnumerate each=items key=|item| item.key.clone() children=|index, item| (item.draw)(index) /> },
    )
}
