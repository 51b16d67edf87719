//! A part of the page behind one type, whatever it is made of.
//!
//! Leptos' own `AnyView` also knows how to turn one drawing of a view into the next, for each view anew. A part of this
//! page that changes as a whole is drawn again instead, and what changes within it follows its signals.

use leptos::{
    attr::{Attribute, any_attribute::AnyAttribute},
    prelude::*,
    tachys::{
        hydration::Cursor,
        view::{Mountable, Position, PositionState},
    },
};
use web_sys::{Element, Node};

/// A part, yet to be drawn.
pub(crate) struct Part(Box<dyn FnOnce() -> Drawn + Send>);

/// A part in the page.
pub(crate) struct Drawn(Box<dyn Mountable>);

impl Part {
    /// What `draw` draws.
    pub(crate) fn new(draw: impl FnOnce() -> Box<dyn Mountable> + Send + 'static) -> Self {
        Self(Box::new(move || Drawn(draw())))
    }

    /// Nothing, for now: a place in the page.
    pub(crate) fn none() -> Self {
        part(())
    }
}

/// This view as a part.
pub(crate) fn part(view: impl IntoView + 'static) -> Part {
    Part::new(move || Box::new(view.build()))
}

impl Render for Part {
    type State = Drawn;

    fn build(self) -> Drawn {
        (self.0)()
    }

    fn rebuild(self, state: &mut Drawn) {
        let mut new = self.build();
        state.insert_before_this(&mut new);
        state.unmount();
        *state = new;
    }
}

impl Mountable for Drawn {
    fn unmount(&mut self) {
        self.0.unmount();
    }

    fn mount(&mut self, parent: &Element, marker: Option<&Node>) {
        self.0.mount(parent, marker);
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        self.0.insert_before_this(child)
    }

    fn elements(&self) -> Vec<Element> {
        self.0.elements()
    }
}

impl AddAnyAttr for Part {
    type Output<A: Attribute> = Self;

    fn add_any_attr<A: Attribute>(self, _: A) -> Self {
        self
    }
}

/// What a server would need to write the page, which is drawn in the browser alone.
impl RenderHtml for Part {
    type AsyncOutput = Self;
    type Owned = Self;
    const MIN_LENGTH: usize = 0;

    fn dry_resolve(&mut self) {}

    async fn resolve(self) -> Self {
        self
    }

    fn to_html_with_buf(self, _: &mut String, _: &mut Position, _: bool, _: bool, _: Vec<AnyAttribute>) {}

    fn hydrate<const FROM_SERVER: bool>(self, _: &Cursor, _: &PositionState) -> Drawn {
        self.build()
    }

    fn into_owned(self) -> Self {
        self
    }
}
