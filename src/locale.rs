//! Upper and lower case in every script, and decimals. The browser has the tables, so the page carries none.

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

/// The shortest decimal that reads as this number.
#[cfg(target_arch = "wasm32")]
pub fn decimal(number: f64) -> String {
    // It fails for a base other than ten only.
    js_sys::Number::from(number).to_string_with_radix(10).map(String::from).unwrap_or_default()
}

/// The number of a decimal, which this is.
#[cfg(target_arch = "wasm32")]
pub fn number(decimal: &str) -> f64 {
    js_sys::parse_float(decimal)
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

/// The shortest decimal that reads as this number.
#[cfg(not(target_arch = "wasm32"))]
pub fn decimal(number: f64) -> String {
    number.to_string()
}

/// The number of a decimal, which this is.
#[cfg(not(target_arch = "wasm32"))]
pub fn number(decimal: &str) -> f64 {
    decimal.parse().unwrap_or(f64::NAN)
}
