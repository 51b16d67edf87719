//! Lengths of time: `90` seconds, `"90s"`, `"10m"`, `"1h"`, `"14d"`.

use super::error::Source;
use serde::Deserialize;
use std::ops::RangeInclusive;
use toml::Spanned;

/// A length of time, as written.
#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "a time: seconds (90), or a number with s, m, h or d (\"1h\")")]
pub(super) enum Period {
    Seconds(u64),
    Text(String),
}

/// Seconds within their range; a mistake is noted, and the default stands in its place meanwhile.
pub(super) fn period(
    source: &Source<'_>,
    name: &str,
    field: Option<&Spanned<Period>>,
    range: RangeInclusive<u64>,
) -> Option<u64> {
    let field = field?;
    let seconds = match field.get_ref() {
        Period::Seconds(seconds) => Some(*seconds),
        Period::Text(text) => seconds(text),
    };
    let sentence = match seconds {
        Some(seconds) if range.contains(&seconds) => return Some(seconds),
        Some(seconds) => {
            let (least, most) = (range.start(), range.end());
            format!("{name}: {seconds} seconds are out of range; write {least} to {most}")
        }
        None => format!("{name}: not a time; write seconds (90), or a number with s, m, h or d (\"1h\")"),
    };
    source.note(source.error(&field.span(), &sentence));
    None
}

fn seconds(text: &str) -> Option<u64> {
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let factor = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        "d" => 86_400,
        _ => return None,
    };
    number.parse::<u64>().ok()?.checked_mul(factor)
}
