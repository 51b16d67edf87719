//! Upper and lower case in every script. The browser has the tables, so the page carries none.

#[cfg(target_arch = "wasm32")]
use js_sys::JsString;

/// In lower case.
#[cfg(target_arch = "wasm32")]
pub fn lower(text: &str) -> String {
    JsString::from(text).to_lower_case().into()
}

/// In upper case.
#[cfg(target_arch = "wasm32")]
pub fn upper(text: &str) -> String {
    JsString::from(text).to_upper_case().into()
}

/// In lower case.
#[cfg(not(target_arch = "wasm32"))]
pub fn lower(text: &str) -> String {
    text.to_lowercase()
}

/// In upper case.
#[cfg(not(target_arch = "wasm32"))]
pub fn upper(text: &str) -> String {
    text.to_uppercase()
}
