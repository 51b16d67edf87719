//! A list whose items keep their nodes while their keys stay.

use std::{cell::RefCell, rc::Rc};

use leptos::{
    prelude::*,
    reactive::{effect::RenderEffect, graph::untrack},
    tachys::view::Mountable,
};
use web_sys::{Element, Node};

use super::part::{Drawn, Part};

/// One of a list.
pub(crate) struct Item {
    key: String,
    draw: Box<dyn FnOnce(RwSignal<usize>) -> Part + Send>,
}

impl Item {
    /// An item of one element that is told from the others by `key`, and drawn with its place in the list.
    pub(crate) fn new(key: String, draw: impl FnOnce(RwSignal<usize>) -> Part + Send + 'static) -> Self {
        Self { key, draw: Box::new(draw) }
    }
}

/// An element of this tag and role with a list inside, which follows what `items` reads.
pub(crate) fn list(
    tag: &'static str,
    role: &'static str,
    items: impl Fn() -> Vec<Item> + Send + 'static,
) -> Part {
    let items: Box<dyn Fn() -> Vec<Item> + Send> = Box::new(items);
    Part::new(move || {
        let element = document().create_element(tag).expect("a tag of HTML");
        // It fails for names that are none.
        let _ = element.set_attribute("role", role);
        // What an item owns lasts as long as the item; an effect's own ends when it runs again.
        let page = Owner::current().expect("a part is drawn by the page");
        let kept = Rc::new(RefCell::new(Vec::new()));
        let follow = {
            let (element, kept) = (element.clone(), Rc::clone(&kept));
            RenderEffect::new(move |_| {
                let items = items();
                untrack(|| update(&element, &mut kept.borrow_mut(), items, &page));
            })
        };
        Box::new(List { element, kept, _follow: follow })
    })
}

/// An item in the page.
struct Kept {
    key: String,
    index: RwSignal<usize>,
    drawn: Drawn,
    _owner: Owner,
}

impl Kept {
    fn new(item: Item, index: usize, page: &Owner) -> Self {
        let owner = page.with(Owner::new);
        let (index, drawn) = owner.with(|| {
            let index = RwSignal::new(index);
            (index, (item.draw)(index).build())
        });
        Self { key: item.key, index, drawn, _owner: owner }
    }
}

/// Makes the list these items: draws those that are new, takes away those that are gone, and moves only what changed its
/// place among those that stay.
fn update(element: &Element, list: &mut Vec<Kept>, items: Vec<Item>, page: &Owner) {
    let mut before: Vec<Option<Kept>> = list.drain(..).map(Some).collect();
    let mut places = Vec::with_capacity(items.len());
    for (index, item) in items.into_iter().enumerate() {
        let place = before.iter().position(|kept| kept.as_ref().is_some_and(|kept| kept.key == item.key));
        let kept = place.and_then(|place| before[place].take());
        if let Some(kept) = &kept
            && kept.index.get_untracked() != index
        {
            kept.index.set(index);
        }
        list.push(kept.unwrap_or_else(|| Kept::new(item, index, page)));
        places.push(place);
    }
    for mut gone in before.into_iter().flatten() {
        gone.drawn.unmount();
    }
    let mut next: Option<Node> = None;
    let mut bound = usize::MAX;
    for (kept, place) in list.iter_mut().zip(places).rev() {
        match place {
            Some(place) if place < bound => bound = place,
            _ => kept.drawn.mount(element, next.as_ref()),
        }
        next = kept.drawn.elements().into_iter().next().map(Into::into);
    }
}

struct List {
    element: Element,
    kept: Rc<RefCell<Vec<Kept>>>,
    _follow: RenderEffect<()>,
}

/// The items end with the list. The effect would keep them for a turn of the event loop more, in which they would
/// follow what is gone.
impl Drop for List {
    fn drop(&mut self) {
        self.kept.take();
    }
}

impl Mountable for List {
    fn unmount(&mut self) {
        self.element.remove();
    }

    fn mount(&mut self, parent: &Element, marker: Option<&Node>) {
        self.element.mount(parent, marker);
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        self.element.insert_before_this(child)
    }

    fn elements(&self) -> Vec<Element> {
        vec![self.element.clone()]
    }
}
