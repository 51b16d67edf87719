//! Amounts: whole cents, as people write them.

/// Above it the worker takes none.
const MOST: u64 = 100_000_000_000;

/// `12.34`, with the thousands marked.
pub fn shown(cents: u64) -> String {
    format!("{}.{:02}", crate::view::labels::thousands(cents / 100), cents % 100)
}

/// Reads `12`, `12.5`, `12,50`, `1 200.00`.
///
/// # Errors
/// A sentence.
pub fn read(text: &str) -> Result<u64, String> {
    let text: String = text.chars().filter(|c| !c.is_whitespace() && *c != '\'').collect();
    let (whole, part) = text.split_once(['.', ',']).unwrap_or((&text, ""));
    let is_number = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
    if text.is_empty() || !is_number(whole) || !is_number(part) || part.len() > 2 || whole.len() > 12 {
        return Err("Write an amount such as 12 or 12.50.".to_owned());
    }
    let number = |digits: &str| digits.parse::<u64>().unwrap_or(0);
    let cents = number(whole) * 100 + number(part) * if part.len() == 1 { 10 } else { 1 };
    match cents {
        0 => Err("Write an amount above 0.".to_owned()),
        1..=MOST => Ok(cents),
        _ => Err(format!("At most {} is taken.", shown(MOST))),
    }
}
