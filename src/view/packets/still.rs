//! Elements that change only as a whole, made by hand: Leptos would be compiled anew for each of their shapes.

use leptos::prelude::document;
use web_sys::Element;

use crate::view::part::Part;

/// An element that is being made.
pub(super) struct Still(Element);

impl Still {
    /// An element of this tag and class.
    pub(super) fn new(tag: &str, class: &str) -> Self {
        let element = document().create_element(tag).expect("a tag of HTML");
        element.set_class_name(class);
        Self(element)
    }

    /// With an attribute.
    pub(super) fn with(self, name: &str, value: &str) -> Self {
        // It fails for names that are none.
        let _ = self.0.set_attribute(name, value);
        self
    }

    /// With this text, whatever is in it.
    pub(super) fn says(self, text: &str) -> Self {
        self.0.set_text_content(Some(text));
        self
    }

    /// With others inside.
    pub(super) fn holds(self, inside: impl IntoIterator<Item = Self>) -> Self {
        for Self(element) in inside {
            // It fails for an ancestor only.
            let _ = self.0.append_child(&element);
        }
        self
    }
}

/// What `draw` makes, as a part of the page.
pub(super) fn still(draw: impl FnOnce() -> Still + Send + 'static) -> Part {
    Part::new(move || Box::new(draw().0))
}
