//! Where the values of a field stand in its picture. Arithmetic alone: the view draws what comes out.

use std::{collections::VecDeque, fmt::Write as _, sync::Arc};

use super::{
    channel::{Channel, Entry},
    decimal::number,
};
use crate::store::Millis;

/// Units of a picture from left to right.
pub const WIDTH: u32 = 1_000;

/// Units of a picture from top to bottom.
pub const HEIGHT: u32 = 200;

/// One field's picture.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plot {
    /// Which, from 0.
    pub field: usize,
    /// A path through the numbers, broken where entries are missing in between.
    pub line: String,
    /// A path of marks for values that are no numbers.
    pub marks: String,
    /// How many values are numbers.
    pub numbers: usize,
    /// How many are none.
    pub words: usize,
    /// The smallest number, the largest and the newest value, as they were sent.
    pub min: Option<Arc<str>>,
    /// See `min`.
    pub max: Option<Arc<str>>,
    /// See `min`.
    pub last: Option<Arc<str>>,
    /// When the first and the last entry of the channel were made: both ends of the picture.
    pub from: Millis,
    /// See `from`.
    pub to: Millis,
}

/// The picture of a field of a channel; it shares its times with those of the other fields.
pub fn plot(channel: &Channel, field: usize) -> Plot {
    let entries = in_time(channel.entries());
    let [from, to] =
        [entries.first(), entries.last()].map(|entry| entry.map(|entry| entry.at).unwrap_or_default());
    let mut plot = Plot { field, from, to, ..Plot::default() };
    let values: Vec<_> = entries
        .iter()
        .map(|Point { entry, at, follows }| {
            let value = entry.fields[field].as_ref();
            (value, value.and_then(|value| number(value)), across(*at, from, to), *follows)
        })
        .collect();
    let (mut min, mut max) = (f64::INFINITY, f64::NEG_INFINITY);
    for (value, number, ..) in &values {
        plot.last = value.cloned().or(plot.last);
        let Some(number) = *number else { continue };
        if number < min {
            (min, plot.min) = (number, value.cloned());
        }
        if number >= max {
            (max, plot.max) = (number, value.cloned());
        }
    }
    let mut is_broken = true;
    for (value, number, x, follows) in values {
        is_broken |= !follows;
        let (Some(_), Some(number)) = (value, number) else {
            // An entry without this field breaks nothing: its maker sent others.
            if value.is_some() {
                plot.words += 1;
                // A String takes all.
                let _ = write!(plot.marks, "M{x} {HEIGHT}v-12");
            }
            continue;
        };
        plot.numbers += 1;
        let y = down(number, min, max);
        // A point that stands alone is a dot: a line of no length with round ends.
        let _ = if is_broken { write!(plot.line, "M{x} {y}h0") } else { write!(plot.line, "L{x} {y}") };
        is_broken = false;
    }
    plot
}

impl Plot {
    /// The picture in words.
    pub fn words(&self, offset_minutes: i32) -> String {
        let name = super::channel::name(self.field);
        let Self { numbers, words, .. } = self;
        let mut said = match (&self.min, &self.max) {
            (Some(_), Some(_)) if *numbers == 1 => format!("{name}: one number"),
            (Some(min), Some(max)) => format!("{name}: {numbers} numbers from {min} to {max}"),
            _ => format!("{name}: no numbers"),
        };
        match words {
            0 => {}
            1 => said.push_str(", 1 value that is none"),
            more => {
                let _ = write!(said, ", {more} values that are none");
            }
        }
        if let Some(last) = &self.last {
            let _ = write!(said, ", last {last}");
        }
        let [from, to] = [self.from, self.to].map(|at| at.date_and_clock(offset_minutes));
        // The days, where they are two.
        let is_one_day = from.split_once(' ').map(|(day, _)| day) == to.split_once(' ').map(|(day, _)| day);
        let shown = |at: &str| match at.split_once(' ') {
            Some((_, clock)) if is_one_day => clock.to_owned(),
            _ => at.to_owned(),
        };
        let _ = write!(said, ", {} to {}", shown(&from), shown(&to));
        said
    }
}

/// An entry in the order of time.
struct Point {
    entry: Arc<Entry>,
    at: Millis,
    /// Whether it is the one after the one before it.
    follows: bool,
}

/// The entries by their times. A broker tells them to the second: those of one second stand in it one behind the other.
fn in_time(entries: &VecDeque<Arc<Entry>>) -> Vec<Point> {
    let mut before = None;
    let mut all: Vec<_> = entries
        .iter()
        .map(|entry| {
            let follows = before.replace(entry.id).is_some_and(|before| before + 1 == entry.id);
            Point { entry: Arc::clone(entry), at: entry.at, follows }
        })
        .collect();
    // Their makers may say when they were made.
    all.sort_by_key(|point| point.at);
    for same in all.chunk_by_mut(|one, other| one.at == other.at) {
        let count = i64::try_from(same.len()).unwrap_or(1);
        for (place, point) in (0..).zip(same) {
            point.at = point.at.plus(1_000 * place / count);
        }
    }
    all
}

/// Units from the left.
fn across(at: Millis, from: Millis, to: Millis) -> u32 {
    let (part, whole) = (i128::from(at.since(from)), i128::from(to.since(from)));
    let width = i128::from(WIDTH);
    let x = (part * width).checked_div(whole).unwrap_or(width);
    u32::try_from(x).unwrap_or(WIDTH)
}

/// Units from the top. What is all of one size stands in the middle.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to the height")]
fn down(number: f64, min: f64, max: f64) -> u32 {
    // By halves, since the largest number less the smallest may be beyond all numbers.
    let whole = max / 2.0 - min / 2.0;
    let part = if whole > 0.0 { (max / 2.0 - number / 2.0) / whole } else { 0.5 };
    (part.clamp(0.0, 1.0) * f64::from(HEIGHT)) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn channel(values: &[(u64, i64, Option<&str>)]) -> Channel {
        let mut channel = Channel::new(7);
        for &(id, at, value) in values {
            let mut entry = Entry { id, at: Millis(at), ..Entry::default() };
            entry.fields[0] = value.map(Arc::from);
            channel.take(entry);
        }
        channel
    }

    fn texts<const N: usize>(values: [&Option<Arc<str>>; N]) -> [&str; N] {
        values.map(|value| value.as_deref().unwrap_or("none"))
    }

    #[test]
    fn a_line_goes_through_the_numbers_and_says_them_as_they_were_sent() {
        let plot =
            plot(&channel(&[(1, 0, Some("020.50")), (2, 500, Some("19.0")), (3, 1_000, Some("22.00"))]), 0);
        assert_eq!(plot.line, "M0 100h0L500 200L1000 0");
        assert_eq!(texts([&plot.min, &plot.max, &plot.last]), ["19.0", "22.00", "22.00"]);
    }

    #[test]
    fn a_line_breaks_where_entries_are_missing_and_not_where_a_field_is() {
        let values = [(1, 0, Some("1")), (2, 250, None), (3, 500, Some("2")), (9, 1_000, Some("3"))];
        let plot = plot(&channel(&values), 0);
        assert_eq!(plot.line, "M0 200h0L500 100M1000 0h0");
        assert_eq!(plot.words(0), "field1: 3 numbers from 1 to 3, last 3, 00:00:00.000 to 00:00:01.000");
    }

    #[test]
    fn values_that_are_no_numbers_are_marked_and_counted() {
        let plot = plot(&channel(&[(1, 0, Some("on")), (2, 1_000, Some("NaN")), (3, 2_000, Some("5"))]), 0);
        assert_eq!((plot.numbers, plot.words, plot.line.as_str()), (1, 2, "M1000 100h0"));
        assert_eq!(plot.marks, "M0 200v-12M500 200v-12");
        assert_eq!(texts([&plot.min, &plot.last]), ["5", "5"]);
        let none = super::plot(&channel(&[(1, 0, Some("on"))]), 0);
        assert_eq!(
            none.words(0),
            "field1: no numbers, 1 value that is none, last on, 00:00:00.000 to 00:00:00.000"
        );
    }

    #[test]
    fn the_ends_of_all_numbers_fit() {
        let plot = plot(&channel(&[(1, 0, Some("-1.7e308")), (2, 1, Some("1.7e308")), (3, 2, Some("0"))]), 0);
        assert_eq!(plot.line, "M0 200h0L500 0L1000 100");
    }

    #[test]
    fn times_that_makers_say_decide_where_a_value_stands() {
        let plot = plot(&channel(&[(1, 1_000, Some("2")), (2, 0, Some("1"))]), 0);
        assert_eq!(plot.line, "M0 200h0M1000 0h0");
        let same = super::plot(&channel(&[(1, 5, Some("2")), (2, 5, Some("2"))]), 0);
        assert_eq!(same.line, "M0 100h0L1000 100", "within their second, in their order");
    }
}
