//! Round lengths of time, for the marks of an axis and the columns of a histogram.

const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
pub(super) const DAY: i64 = 24 * HOUR;

/// Each divides the day, or is whole days, so that their multiples fall on what a clock shows.
const STEPS: [i64; 31] = [
    10,
    20,
    50,
    100,
    200,
    500,
    SECOND,
    2 * SECOND,
    5 * SECOND,
    10 * SECOND,
    15 * SECOND,
    30 * SECOND,
    MINUTE,
    2 * MINUTE,
    5 * MINUTE,
    10 * MINUTE,
    15 * MINUTE,
    30 * MINUTE,
    HOUR,
    2 * HOUR,
    3 * HOUR,
    6 * HOUR,
    12 * HOUR,
    DAY,
    2 * DAY,
    7 * DAY,
    14 * DAY,
    30 * DAY,
    90 * DAY,
    180 * DAY,
    360 * DAY,
];

/// The smallest round length that takes at least `pixels` where `span` milliseconds take `width` pixels. Beyond the
/// table it is as many of its longest as are needed.
pub(super) fn round(span: i64, width: i64, pixels: i64) -> i64 {
    let wide_enough = |step: i64| step.saturating_mul(width.max(1)) >= span.saturating_mul(pixels);
    let longest = STEPS[STEPS.len() - 1];
    STEPS.into_iter().find(|step| wide_enough(*step)).unwrap_or_else(|| {
        let needed = span.saturating_mul(pixels) / width.max(1);
        longest * (needed / longest + 1)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_that_is_wide_enough() {
        let cases = [
            (1_000, 1_000, 80, 100),
            (60_000, 1_000, 80, 5_000),
            (HOUR, 1_000, 80, 5 * MINUTE),
            (DAY, 300, 80, 12 * HOUR),
            (30 * DAY, 1_000, 80, 7 * DAY),
            (1_000, 100_000, 1, 10),
            (1_000, 0, 80, 2 * MINUTE),
        ];
        for (span, width, pixels, want) in cases {
            assert_eq!(round(span, width, pixels), want, "{span} ms on {width} px");
        }
        for days in [1, 100, 10_000, 1_000_000, 100_000_000] {
            let step = round(days * DAY, 800, 80);
            assert!(days * DAY / step <= 10, "{days} days");
        }
    }

    #[test]
    fn rises_and_divides_the_day() {
        for pair in STEPS.windows(2) {
            assert!(pair[0] < pair[1]);
        }
        for step in STEPS {
            assert!(DAY % step == 0 || step % DAY == 0, "{step}");
        }
    }
}
