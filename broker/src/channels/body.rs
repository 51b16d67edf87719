//! What a client publishes to a channel: `application/x-www-form-urlencoded`, or one bare value.

use super::topic::{FIELDS, field};
use chrono::{DateTime, Datelike, SecondsFormat, Utc};

/// Bytes of a body: twelve values of the usual greatest length, each byte of them percent-encoded, fit with their names.
const MAX_BODY: usize = 16 << 10;

/// What was measured.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Reading {
    pub(super) fields: [Option<String>; FIELDS],
    pub(super) status: Option<String>,
    pub(super) latitude: Option<String>,
    pub(super) longitude: Option<String>,
    pub(super) elevation: Option<String>,
    /// UTC to the second.
    pub(super) created_at: Option<String>,
}

/// Reads a body; `most` is the greatest length of a value in bytes.
///
/// # Errors
/// A sentence that names the field and says what to write.
pub(super) fn form(body: &[u8], most: usize) -> Result<Reading, String> {
    if body.len() > MAX_BODY {
        return Err(format!("the body has {} bytes; {MAX_BODY} are the most", body.len()));
    }
    let body = std::str::from_utf8(body).map_err(|_| "the body is not UTF-8".to_owned())?;
    let mut reading = Reading::default();
    for pair in body.split('&').filter(|pair| !pair.is_empty()) {
        let Some((name, value)) = pair.split_once('=') else {
            return Err(format!("`{}` has no value; write field1=21.5&field2=48", shown(pair)));
        };
        let name = decoded(name).map_err(|why| format!("a name cannot be read: {why}"))?;
        let value = decoded(value).map_err(|why| format!("{}: {why}", shown(&name)))?;
        let Some(slot) = reading.slot(&name) else {
            return Err(format!(
                "`{}` is no field; there are field1 to field{FIELDS}, status, created_at, latitude, longitude and \
                 elevation",
                shown(&name)
            ));
        };
        if slot.is_some() {
            return Err(format!("{name} is there twice"));
        }
        fits(&name, &value, most)?;
        *slot = Some(judged(&name, value)?);
    }
    if reading == (Reading { created_at: reading.created_at.clone(), ..Reading::default() }) {
        return Err("the body has no field; write field1=21.5&field2=48".to_owned());
    }
    Ok(reading)
}

/// Reads the value of one field.
///
/// # Errors
/// A sentence that names the field.
pub(super) fn single(at: usize, body: &[u8], most: usize) -> Result<Reading, String> {
    let name = format!("field{}", at + 1);
    let value = std::str::from_utf8(body).map_err(|_| format!("{name}: the value is not UTF-8"))?;
    fits(&name, value, most)?;
    let mut reading = Reading::default();
    reading.fields[at] = Some(value.to_owned());
    Ok(reading)
}

impl Reading {
    fn slot(&mut self, name: &str) -> Option<&mut Option<String>> {
        match name {
            "status" => Some(&mut self.status),
            "latitude" => Some(&mut self.latitude),
            "longitude" => Some(&mut self.longitude),
            "elevation" => Some(&mut self.elevation),
            "created_at" => Some(&mut self.created_at),
            _ => self.fields.get_mut(field(name)?),
        }
    }
}

fn fits(name: &str, value: &str, most: usize) -> Result<(), String> {
    if value.len() <= most {
        return Ok(());
    }
    Err(format!("{name} has {} bytes; {most} are the most (max_field_bytes)", value.len()))
}

/// What has a form of its own in that form.
fn judged(name: &str, value: String) -> Result<String, String> {
    let within = |most: f64| value.parse::<f64>().is_ok_and(|it| it.is_finite() && it.abs() <= most);
    let (is_right, form) = match name {
        "latitude" => (within(90.0), "a number from -90 to 90"),
        "longitude" => (within(180.0), "a number from -180 to 180"),
        "elevation" => (within(f64::MAX), "a number of metres"),
        "created_at" => return moment(&value),
        _ => return Ok(value),
    };
    if is_right { Ok(value) } else { Err(format!("{name} is `{}`; write {form}", shown(&value))) }
}

/// A time as entries write it: UTC to the second, in years of four digits.
///
/// # Errors
/// A sentence that names the field.
pub(super) fn instant(name: &str, value: &str) -> Result<String, String> {
    let moment = DateTime::parse_from_rfc3339(value).ok().map(|moment| moment.with_timezone(&Utc));
    // The hours of its zone may bear it out of these years. A leap second is its minute's last.
    let moment = moment.filter(|moment| (0..=9_999).contains(&moment.year()));
    let moment = moment.and_then(|moment| DateTime::from_timestamp(moment.timestamp(), 0));
    let moment = moment.map(|moment| moment.to_rfc3339_opts(SecondsFormat::Secs, true));
    moment.ok_or_else(|| format!("{name} is `{}`; write ISO 8601", shown(value)))
}

fn moment(value: &str) -> Result<String, String> {
    instant("created_at", value)
        .map_err(|why| format!("{why}, with + as %2B: 2026-11-21T12:00:00Z or 2026-11-21T13:00:00%2B01:00"))
}

/// A part of a form without its escapes.
fn decoded(part: &str) -> Result<String, String> {
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part.as_bytes();
    while let Some((byte, behind)) = rest.split_first() {
        rest = behind;
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => {
                let digit = |at: usize| rest.get(at).and_then(|it| char::from(*it).to_digit(16));
                let (Some(high), Some(low)) = (digit(0), digit(1)) else {
                    return Err("a % is followed by two hexadecimal digits; write % itself as %25".to_owned());
                };
                bytes.push(u8::try_from(high * 16 + low).expect("two digits"));
                rest = &rest[2..];
            }
            byte => bytes.push(*byte),
        }
    }
    String::from_utf8(bytes).map_err(|_| "the value is not UTF-8".to_owned())
}

/// As much of what somebody wrote as has room in a sentence.
fn shown(text: &str) -> &str {
    &text[..text.floor_char_boundary(40)]
}

#[cfg(test)]
mod tests {
    use super::{Reading, form, single};

    fn reading(body: &str) -> Reading {
        form(body.as_bytes(), 255).unwrap_or_else(|why| panic!("{body}: {why}"))
    }

    #[test]
    fn bodies_are_read_as_browsers_write_them() {
        let it = reading("field1=21.5&field2=a+b%26c&status=%C3%B6+k&field8=");
        let field = |at: usize| it.fields[at].as_deref();
        assert_eq!((field(0), field(1), field(2), field(7)), (Some("21.5"), Some("a b&c"), None, Some("")));
        assert_eq!(it.status.as_deref(), Some("ö k"));
        assert_eq!(reading("&field1=1&&").fields[0].as_deref(), Some("1"));
        assert_eq!(reading("field1=a=b").fields[0].as_deref(), Some("a=b"));
        let it = reading(
            "created_at=2026-11-21T13%3A00%3A00.9%2B01:00&latitude=-33.5&longitude=151&elevation=12&field1=x",
        );
        assert_eq!(it.created_at.as_deref(), Some("2026-11-21T12:00:00Z"));
        assert_eq!(it.latitude.as_deref(), Some("-33.5"));
        assert_eq!(single(2, b"a&b=%", 255).unwrap().fields[2].as_deref(), Some("a&b=%"), "as it is");
    }

    #[test]
    fn mistakes_name_the_field() {
        for (body, expected) in [
            (&b""[..], "the body has no field; write field1=21.5&field2=48"),
            (b"created_at=2026-11-21T12:00:00Z", "the body has no field; write field1=21.5&field2=48"),
            (b"21.5", "`21.5` has no value; write field1=21.5&field2=48"),
            (b"field1=1&field1=2", "field1 is there twice"),
            (
                b"field9=1",
                "`field9` is no field; there are field1 to field8, status, created_at, latitude, longitude and elevation",
            ),
            (b"field1=%zz", "field1: a % is followed by two hexadecimal digits; write % itself as %25"),
            (b"field1=100%", "field1: a % is followed by two hexadecimal digits; write % itself as %25"),
            (b"field1=%ff", "field1: the value is not UTF-8"),
            (b"field1=\xff", "the body is not UTF-8"),
            (b"field1=12345678901", "field1 has 11 bytes; 10 are the most (max_field_bytes)"),
            (b"latitude=91", "latitude is `91`; write a number from -90 to 90"),
            (b"longitude=x", "longitude is `x`; write a number from -180 to 180"),
            (b"elevation=NaN", "elevation is `NaN`; write a number of metres"),
            (
                b"created_at=today",
                "created_at is `today`; write ISO 8601, with + as %2B: 2026-11-21T12:00:00Z or 2026-11-21T13:00:00%2B01:00",
            ),
        ] {
            let most = if body.starts_with(b"created_at=2") { 255 } else { 10 };
            assert_eq!(form(body, most), Err(expected.to_owned()), "{}", String::from_utf8_lossy(body));
        }
        assert!(form(&vec![b'a'; 20 << 10], 255).unwrap_err().starts_with("the body has 20480 bytes"));
        assert_eq!(single(7, b"\xc3", 255), Err("field8: the value is not UTF-8".to_owned()));
    }
}
