//! A stable face for a Client Identifier: a colour and two letters.

use crate::locale;

/// Hues in the palette: CSS defines `--hue-0` to `--hue-11`, each a pair that keeps contrast in light and dark.
pub const HUES: u8 = 12;

/// A colour and two letters; the same id has the same face on every page and every day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Face {
    /// Index into the palette, below [`HUES`].
    pub hue: u8,
    /// One or two letters, `∅` for the empty id.
    pub letters: String,
}

/// The face of a Client Identifier.
pub fn face(client_id: &str) -> Face {
    Face { hue: hue(client_id), letters: letters(client_id) }
}

/// FNV-1a with a final mix, since its low bits alone repeat for ids that differ in the last letter.
fn hue(client_id: &str) -> u8 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in client_id.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    hash ^= hash >> 32;
    hash = hash.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
    (hash % u64::from(HUES)).to_le_bytes()[0]
}

/// The initials of the first and last word that has a letter: `io-mqtt-39dc5a71` is `IM`, `lamp` is `LA`.
///
/// Words of digits, and long words of hexadecimal digits only, are serial numbers: they count when there is nothing else.
fn letters(client_id: &str) -> String {
    let words: Vec<&str> = client_id
        .split(|c: char| c.is_ascii() && !c.is_ascii_alphanumeric())
        .filter(|w| !w.is_empty())
        .collect();
    let named: Vec<&str> = words.iter().copied().filter(|word| !is_serial(word)).collect();
    let words = if named.is_empty() { words } else { named };
    match words.as_slice() {
        [] => clusters(client_id).next().unwrap_or("∅").to_owned(),
        [word] => upper(clusters(word).take(2)),
        [first, .., last] => upper(clusters(first).take(1).chain(clusters(last).take(1))),
    }
}

fn is_serial(word: &str) -> bool {
    word.bytes().all(|b| b.is_ascii_digit())
        || (word.len() >= 6
            && word.bytes().all(|b| b.is_ascii_hexdigit())
            && word.bytes().any(|b| b.is_ascii_digit()))
}

fn upper<'a>(clusters: impl Iterator<Item = &'a str>) -> String {
    clusters.map(locale::upper).collect()
}

/// Characters with what belongs to them: combining marks, joiners, variation selectors, skin tones, flag pairs.
/// A small part of UAX 29, enough that a face never shows half an emoji or a lone accent.
fn clusters(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let mut chars = rest.char_indices();
        let (_, mut last) = chars.next()?;
        let mut flag_open = is_flag_letter(last);
        let mut end = rest.len();
        for (at, c) in chars {
            let joined = last == '\u{200d}' || extends(c) || (flag_open && is_flag_letter(c));
            if !joined {
                end = at;
                break;
            }
            flag_open = false;
            last = c;
        }
        let (cluster, after) = rest.split_at_checked(end)?;
        rest = after;
        Some(cluster)
    })
}

fn is_flag_letter(c: char) -> bool {
    matches!(c, '\u{1f1e6}'..='\u{1f1ff}')
}

fn extends(c: char) -> bool {
    matches!(c,
        '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{591}'..='\u{5c7}' | '\u{610}'..='\u{61a}'
        | '\u{64b}'..='\u{65f}' | '\u{93a}'..='\u{94f}' | '\u{e31}' | '\u{e34}'..='\u{e3a}' | '\u{e47}'..='\u{e4e}'
        | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{200c}' | '\u{200d}' | '\u{20d0}'..='\u{20ff}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{fe20}'..='\u{fe2f}' | '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0020}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials() {
        let cases = [
            ("io-mqtt-39dc5a71", "IM"),
            ("lamp", "LA"),
            ("x", "X"),
            ("mosq-000123", "MO"),
            ("kitchen/lamp 2", "KL"),
            ("39dc5a71", "39"),
            ("facade", "FA"),
            ("", "∅"),
            ("---", "-"),
            ("مصباح", "مص"),
            ("👩‍🔧bench", "👩‍🔧B"),
            ("🇩🇪🇫🇷🇮🇹", "🇩🇪🇫🇷"),
            ("e\u{301}t\u{e9}", "E\u{301}T"),
            ("ßtraße", "SST"),
        ];
        for (id, want) in cases {
            assert_eq!(face(id).letters, want, "{id:?}");
        }
    }

    #[test]
    fn hues_are_stable_and_spread() {
        assert_eq!(face("lamp").hue, face("lamp").hue);
        let mut count = [0_u32; HUES as usize];
        for n in 0..1_200 {
            count[usize::from(face(&format!("sensor-{n}")).hue)] += 1;
        }
        assert!(count.iter().all(|&n| (60..=140).contains(&n)), "{count:?}");
    }
}
