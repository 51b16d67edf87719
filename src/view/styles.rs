//! Styles that come with a program: those of the first paint stand in index.html, those of a view that is loaded later
//! come with it.

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    type CSSStyleSheet;
    #[wasm_bindgen(constructor)]
    fn new() -> CSSStyleSheet;
    #[wasm_bindgen(method, js_name = replaceSync)]
    fn replace_sync(this: &CSSStyleSheet, text: &str);

    #[wasm_bindgen(js_namespace = ["document", "adoptedStyleSheets"], js_name = push)]
    fn adopt_sheet(sheet: &CSSStyleSheet);
}

/// Adds a stylesheet to the document. The Content-Security-Policy is about what a document's markup brings; a
/// stylesheet made by an allowed script passes it.
pub fn adopt(text: &str) {
    let sheet = CSSStyleSheet::new();
    sheet.replace_sync(text);
    adopt_sheet(&sheet);
}
