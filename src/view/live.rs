//! What follows signals, behind one type for each kind of value.
//!
//! Leptos is compiled anew for every type that it is given, and each closure has a type of its own: the view's hundred
//! closures were a third of the page. Boxed, they share one copy of the code, and a call through a pointer costs
//! nothing beside the DOM.

use leptos::prelude::*;

use super::part::Part;

/// A text, an attribute, a property or a part that follows the signals it reads.
pub(crate) type Live<T> = Box<dyn FnMut() -> T + Send>;

/// Follows what `read` reads.
pub(crate) fn live<T>(read: impl FnMut() -> T + Send + 'static) -> Live<T> {
    Box::new(read)
}

/// Follows what `read` reads, as `true` or `false` for an attribute.
pub(crate) fn flag(read: impl Fn() -> bool + Send + 'static) -> Live<String> {
    live(move || read().to_string())
}

/// A value that is passed on only when it changed.
pub(crate) fn memo<T>(read: impl Fn() -> T + Send + Sync + 'static) -> Memo<T>
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
pub(crate) fn when(
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
pub(crate) fn effect(act: impl FnMut() + 'static) {
    boxed_effect(Box::new(act));
}

#[inline(never)]
fn boxed_effect(mut act: Box<dyn FnMut()>) {
    Effect::new(move |_| act());
}

/// Handles an event.
pub(crate) fn on<E>(act: impl FnMut(E) + 'static) -> Box<dyn FnMut(E)> {
    Box::new(act)
}
