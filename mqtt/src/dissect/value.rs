//! Values as text.

use std::fmt::Write as _;

/// Bytes of a text or payload that are shown at most; the hex dump has all of them.
const TEXT_MAX: usize = 1_024;
/// Bytes of binary data that are shown at most.
const HEX_MAX: usize = 32;

/// `12 bytes`
pub(super) fn counted(count: usize, what: &str) -> String {
    let end = if count == 1 { "" } else { "s" };
    format!("{count} {what}{end}")
}

/// `0x1f`
pub(super) fn byte(byte: u8) -> String {
    format!("0x{byte:02x}")
}

pub(super) fn hidden(length: usize) -> String {
    format!("hidden ({})", counted(length, "byte"))
}

/// `00 ff`, shortened where it is long.
pub(super) fn hex(bytes: &[u8]) -> String {
    let mut text = String::new();
    for byte in bytes.iter().take(HEX_MAX) {
        // It fails for no `String`.
        let _ = write!(text, "{byte:02x} ");
    }
    text.truncate(text.trim_end().len());
    if bytes.len() > HEX_MAX {
        text.push_str(" … ");
        text.push_str(&counted(bytes.len(), "byte"));
    }
    text
}

/// The text that these bytes are, shortened where it is long; bytes that are none in hex.
pub(super) fn text(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) if !text.contains(is_unseen) => shortened(text),
        _ => hex(bytes),
    }
}

/// Characters of control that no line of text has.
fn is_unseen(c: char) -> bool {
    c.is_control() && !matches!(c, '\n' | '\r' | '\t')
}

fn shortened(text: &str) -> String {
    if text.len() <= TEXT_MAX {
        return text.to_owned();
    }
    let end = text.floor_char_boundary(TEXT_MAX);
    format!("{} … {}", &text[..end], counted(text.len(), "byte"))
}

/// What the lowest two bits say.
pub(super) fn qos(bits: u8) -> &'static str {
    match bits & 3 {
        0 => "at most once",
        1 => "at least once",
        2 => "exactly once",
        _ => "not allowed",
    }
}

pub(super) fn yes(flag: bool) -> &'static str {
    if flag { "yes" } else { "no" }
}
