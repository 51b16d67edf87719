//! Regular expressions. The browser has an engine, so the page carries none.
//!
//! Where there is no browser, which is where the store is tested, the crate `regex` takes its place: both read the
//! expressions that people type alike, but for look-around and back-references, which are the browser's alone.

#[cfg(target_arch = "wasm32")]
pub use browser::Pattern;
#[cfg(not(target_arch = "wasm32"))]
pub use host::Pattern;

#[cfg(target_arch = "wasm32")]
mod browser {
    use wasm_bindgen::prelude::*;

    #[wasm_bindgen]
    extern "C" {
        #[derive(Debug)]
        type RegExp;
        // `js_sys` has one that ends the program where the pattern is none.
        #[wasm_bindgen(constructor, catch)]
        fn new(source: &str, flags: &str) -> Result<RegExp, js_sys::Error>;
        #[wasm_bindgen(method)]
        fn test(this: &RegExp, text: &str) -> bool;
    }

    /// A regular expression, ready to be tried.
    #[derive(Debug)]
    pub struct Pattern(RegExp);

    impl Pattern {
        /// `flags` are some of `i`, `m`, `s`, `u`, `v`.
        ///
        /// # Errors
        /// The engine's own words.
        pub fn new(source: &str, flags: &str) -> Result<Self, String> {
            RegExp::new(source, flags).map(Self).map_err(|error| error.message().into())
        }

        /// Whether some part of the text matches.
        pub fn is_in(&self, text: &str) -> bool {
            self.0.test(text)
        }
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod host {
    use regex::{Regex, RegexBuilder};

    /// A regular expression, ready to be tried.
    #[derive(Debug)]
    pub struct Pattern(Regex);

    impl Pattern {
        /// `flags` are some of `i`, `m`, `s`, `u`, `v`.
        ///
        /// # Errors
        /// The engine's own words.
        pub fn new(source: &str, flags: &str) -> Result<Self, String> {
            let has = |flag| flags.contains(flag);
            RegexBuilder::new(source)
                .case_insensitive(has('i'))
                .multi_line(has('m'))
                .dot_matches_new_line(has('s'))
                .build()
                .map(Self)
                .map_err(|error| error.to_string())
        }

        /// Whether some part of the text matches.
        pub fn is_in(&self, text: &str) -> bool {
            self.0.is_match(text)
        }
    }
}
