//! Where a window's past is kept: text by key, like a browser's `localStorage`.

use std::{cell::RefCell, collections::BTreeMap, fmt, rc::Rc};

/// Text by key that outlives the page. A browser may refuse any of it.
pub trait Shelf: fmt::Debug {
    /// What stands under a key.
    fn read(&self, key: &str) -> Option<String>;

    /// Puts it under a key; whether it is there.
    fn write(&self, key: &str, text: &str) -> bool;

    /// Takes it away.
    fn remove(&self, key: &str);

    /// All keys, the chat's and others.
    fn keys(&self) -> Vec<String>;
}

/// A shelf that lasts as long as its copies: for tests, and where a browser grants no storage.
#[derive(Clone, Debug, Default)]
pub struct Memory(Rc<RefCell<BTreeMap<String, String>>>);

impl Shelf for Memory {
    fn read(&self, key: &str) -> Option<String> {
        self.0.borrow().get(key).cloned()
    }

    fn write(&self, key: &str, text: &str) -> bool {
        self.0.borrow_mut().insert(key.to_owned(), text.to_owned());
        true
    }

    fn remove(&self, key: &str) {
        self.0.borrow_mut().remove(key);
    }

    fn keys(&self) -> Vec<String> {
        self.0.borrow().keys().cloned().collect()
    }
}
