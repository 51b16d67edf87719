//! Moments and the words for them. No clock is read here: every moment is passed in.

use chrono::{DateTime, Datelike, NaiveDate};

/// Milliseconds since the UNIX epoch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Millis(pub i64);

impl Millis {
    /// The moment `ms` milliseconds later.
    pub fn plus(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// Milliseconds from `earlier` to `self`, zero when `earlier` is later.
    pub fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0).max(0)
    }

    /// Reads RFC 3339 (`2017-10-24T16:08:38.552Z`), with any offset. chrono's own reader is 4 kB of page: it reads any
    /// format, and cuts text where a panic would have to print it.
    pub fn from_rfc3339(text: &str) -> Option<Self> {
        let (date, rest) = text.split_once(['T', 't', ' '])?;
        let (time, zone) = rest.split_at_checked(rest.find(['Z', 'z', '+', '-'])?)?;
        let [year, month, day] = numbers(date, '-', [4, 2, 2])?;
        let (time, fraction) =
            time.split_once('.').map_or((time, Some(0)), |(time, digits)| (time, thousandths(digits)));
        let [hour, minute, second] = numbers(time, ':', [2, 2, 2])?;
        // A leap second is the end of the one before it.
        let leap = u32::from(second == 60);
        let local = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?
            .and_hms_opt(hour, minute, second - leap)?
            .and_utc();
        Some(Self(local.timestamp_millis() + fraction? + i64::from(leap) * SECOND - offset(zone)?))
    }

    /// RFC 3339 in UTC with milliseconds, for `<time datetime>`. Empty outside chrono's 262,000 years.
    pub fn iso(self) -> String {
        self.date().map(|date| format!("{date}T{}Z", self.time())).unwrap_or_default()
    }

    /// `HH:MM:SS.mmm` on a clock that is `offset_minutes` east of UTC.
    pub fn clock(self, offset_minutes: i32) -> String {
        self.east(offset_minutes).time()
    }

    /// `YYYY-MM-DD HH:MM:SS.mmm` on a clock that is `offset_minutes` east of UTC.
    pub fn date_and_clock(self, offset_minutes: i32) -> String {
        let local = self.east(offset_minutes);
        local.date().map(|date| format!("{date} {}", local.time())).unwrap_or_default()
    }

    fn east(self, minutes: i32) -> Self {
        self.plus(i64::from(minutes) * MINUTE)
    }

    /// `YYYY-MM-DD` in UTC; none outside chrono's 262,000 years.
    fn date(self) -> Option<String> {
        let at = DateTime::from_timestamp_millis(self.0)?;
        Some(format!("{:04}-{:02}-{:02}", at.year(), at.month(), at.day()))
    }

    /// `HH:MM:SS.mmm` in UTC.
    fn time(self) -> String {
        let of_day = self.0.rem_euclid(DAY);
        let [hours, minutes] = [of_day / HOUR, of_day % HOUR / MINUTE];
        format!("{hours:02}:{minutes:02}:{:02}.{:03}", of_day % MINUTE / SECOND, of_day % SECOND)
    }
}

/// As many numbers, each of so many digits.
fn numbers<const N: usize>(text: &str, between: char, digits: [usize; N]) -> Option<[u32; N]> {
    let mut parts = text.split(between);
    let mut numbers = [0; N];
    for (number, digits) in numbers.iter_mut().zip(digits) {
        // `parse` alone would take a sign, too.
        *number = parts.next().filter(|part| part.len() == digits && is_digits(part))?.parse().ok()?;
    }
    parts.next().is_none().then_some(numbers)
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The milliseconds of a fraction, what is finer cut off.
fn thousandths(digits: &str) -> Option<i64> {
    let padded = digits.bytes().chain(*b"000").take(3);
    is_digits(digits).then(|| padded.fold(0, |sum, digit| sum * 10 + i64::from(digit - b'0')))
}

/// Milliseconds east of UTC: `Z`, `+02:00`.
fn offset(zone: &str) -> Option<i64> {
    if zone.eq_ignore_ascii_case("z") {
        return Some(0);
    }
    let [hours, minutes] = numbers(zone.strip_prefix(['+', '-'])?, ':', [2, 2])?;
    let east = i64::from(hours) * HOUR + i64::from(minutes) * MINUTE;
    (hours < 24 && minutes < 60).then_some(if zone.starts_with('-') { -east } else { east })
}

const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// How long ago `at` was: `just now`, `12 s ago`, `5 min ago`, `3 h ago`, `2 d ago`.
///
/// A broker's clock that runs ahead gives `just now` up to five seconds, and `in 12 s` beyond.
pub fn relative(now: Millis, at: Millis) -> String {
    let ahead = at.since(now);
    if ahead >= 5 * SECOND {
        return format!("in {}", rough(ahead));
    }
    let ago = now.since(at);
    if ago < 5 * SECOND { "just now".to_owned() } else { format!("{} ago", rough(ago)) }
}

/// Milliseconds until [`relative`] may say something else, so that a view wakes no oftener.
pub fn relative_changes_in(now: Millis, at: Millis) -> i64 {
    let ago = now.since(at);
    let step = match ago {
        _ if at > now => SECOND,
        ..MINUTE => SECOND,
        MINUTE..HOUR => MINUTE,
        HOUR..DAY => HOUR,
        _ => DAY,
    };
    step - ago % step
}

/// The largest whole unit: `12 s`, `5 min`, `3 h`, `2 d`.
fn rough(ms: i64) -> String {
    match ms {
        ..MINUTE => format!("{} s", ms / SECOND),
        MINUTE..HOUR => format!("{} min", ms / MINUTE),
        HOUR..DAY => format!("{} h", ms / HOUR),
        _ => format!("{} d", ms / DAY),
    }
}

/// A length of time: `552 ms`, `2.1 s`, `12 s`, `5 min 02 s`, `1 h 04 min`, `2 d 03 h`. Two units at most.
pub fn duration(ms: i64) -> String {
    let ms = ms.max(0);
    match ms {
        ..SECOND => format!("{ms} ms"),
        SECOND..10_000 => format!("{}.{} s", ms / SECOND, ms % SECOND / 100),
        10_000..MINUTE => format!("{} s", ms / SECOND),
        MINUTE..HOUR => format!("{} min {:02} s", ms / MINUTE, ms % MINUTE / SECOND),
        HOUR..DAY => format!("{} h {:02} min", ms / HOUR, ms % HOUR / MINUTE),
        _ => format!("{} d {:02} h", ms / DAY, ms % DAY / HOUR),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes_rfc3339() {
        let at = Millis::from_rfc3339("2017-10-24T16:08:38.552Z").unwrap();
        assert_eq!(at, Millis(1_508_861_318_552));
        assert_eq!(at.iso(), "2017-10-24T16:08:38.552Z");
        assert_eq!(Millis::from_rfc3339("2017-10-24T18:08:38.552+02:00"), Some(at));
        assert_eq!(Millis::from_rfc3339("yesterday"), None);
        assert_eq!(Millis(i64::MAX).iso(), "");
    }

    /// chrono reads the same moment, or none either.
    #[test]
    fn reads_what_rfc_3339_allows() {
        let read = [
            "2017-10-24T16:08:38Z",
            "2017-10-24t16:08:38z",
            "2017-10-24 16:08:38.5Z",
            "2017-10-24T16:08:38.123456789123Z",
            "2017-10-24T16:08:38.999999+00:00",
            "2017-10-24T00:08:38-23:59",
            "2016-12-31T23:59:60Z",
            "2016-12-31T23:59:60.25-08:00",
            "1969-12-31T23:59:59.999Z",
            "2000-02-29T00:00:00Z",
            "0000-01-01T00:00:00Z",
            "9999-12-31T23:59:59.999Z",
        ];
        let refused = [
            "",
            "2017-10-24",
            "2017-10-24T16:08:38",
            "2017-10-24T16:08Z",
            "2017-10-24T16:08:38.Z",
            "2017-10-24T16:08:38,5Z",
            "2017-10-24T16:08:38+0200",
            "2017-10-24T16:08:38+24:00",
            "2017-10-24T16:08:38+02:60",
            "2017-10-24T16:08:38+02:00:00",
            "2017-10-24T16:08:38ZZ",
            "2017-10-24T16:08:61Z",
            "2017-10-24T24:00:00Z",
            "2017-10-24T+6:08:38Z",
            "2017-13-24T16:08:38Z",
            "2017-02-29T16:08:38Z",
            "2017-2-09T16:08:38Z",
            "17-10-24T16:08:38Z",
            "2017-10-24-01T16:08:38Z",
            "２017-10-24T16:08:38Z",
        ];
        for text in read.into_iter().chain(refused) {
            let theirs = DateTime::parse_from_rfc3339(text).ok().map(|at| Millis(at.timestamp_millis()));
            assert_eq!(Millis::from_rfc3339(text), theirs, "{text}");
            assert_eq!(theirs.is_some(), read.contains(&text), "{text}");
        }
    }

    #[test]
    fn local_clock_crosses_midnight() {
        let at = Millis::from_rfc3339("2017-12-31T23:30:00.007Z").unwrap();
        assert_eq!(at.clock(0), "23:30:00.007");
        assert_eq!(at.clock(60), "00:30:00.007");
        assert_eq!(at.clock(-210), "20:00:00.007");
        assert_eq!(at.date_and_clock(60), "2018-01-01 00:30:00.007");
    }

    #[test]
    fn relative_words() {
        let says = |ago: i64| relative(Millis(10 * DAY), Millis(10 * DAY - ago));
        let cases = [
            (0, "just now"),
            (4_999, "just now"),
            (5_000, "5 s ago"),
            (59_999, "59 s ago"),
            (60_000, "1 min ago"),
            (5 * MINUTE, "5 min ago"),
            (3 * HOUR + 59 * MINUTE, "3 h ago"),
            (2 * DAY, "2 d ago"),
            (-4_999, "just now"),
            (-12_000, "in 12 s"),
        ];
        for (ago, words) in cases {
            assert_eq!(says(ago), words, "{ago} ms ago");
        }
    }

    #[test]
    fn relative_holds_until_it_says_so() {
        let at = Millis(0);
        for now in [5_000, 12_345, 59_999, 60_000, 3_599_999, 7_200_000, 3 * DAY] {
            let wait = relative_changes_in(Millis(now), at);
            assert!(wait > 0);
            assert_eq!(relative(Millis(now), at), relative(Millis(now + wait - 1), at), "{now}");
            assert_ne!(relative(Millis(now), at), relative(Millis(now + wait), at), "{now}");
        }
    }

    #[test]
    fn durations_have_two_units_at_most() {
        let cases = [
            (-5, "0 ms"),
            (552, "552 ms"),
            (2_139, "2.1 s"),
            (12_900, "12 s"),
            (302_000, "5 min 02 s"),
            (HOUR + 4 * MINUTE, "1 h 04 min"),
            (2 * DAY + 3 * HOUR, "2 d 03 h"),
        ];
        for (ms, words) in cases {
            assert_eq!(duration(ms), words);
        }
    }
}
