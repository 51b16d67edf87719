//! The work itself: counting primes, piece by piece.

/// How many primes lie in `from..to`, by the sieve of Eratosthenes on this piece alone. `to` is at most some tens of
/// millions, so that the small primes are found by trying.
pub(super) fn count(from: u32, to: u32) -> u32 {
    let from = from.max(2);
    if to <= from {
        return 0;
    }
    let mut composite = vec![false; (to - from) as usize];
    for prime in small_primes(to) {
        // Its own square is the first multiple that no smaller prime has met.
        let first = (prime * prime).max(from.div_ceil(prime) * prime);
        for multiple in (first..to).step_by(prime as usize) {
            composite[(multiple - from) as usize] = true;
        }
    }
    let primes = composite.iter().filter(|composite| !**composite).count();
    u32::try_from(primes).unwrap_or(u32::MAX)
}

/// Primes whose square is below `end`.
fn small_primes(end: u32) -> impl Iterator<Item = u32> {
    (2..)
        .take_while(move |n: &u32| n.saturating_mul(*n) < end)
        .filter(|n| (2..*n).take_while(|d| d * d <= *n).all(|d| n % d != 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_count_is_known_from_books() {
        for (below, primes) in [(0, 0), (2, 0), (3, 1), (10, 4), (100, 25), (1_000_000, 78_498)] {
            assert_eq!(count(0, below), primes, "{below}");
        }
    }

    #[test]
    fn pieces_add_up_wherever_they_are_cut() {
        for piece in [1, 2, 7, 97, 1_000] {
            let pieces = (0..10_000_u32).step_by(piece);
            let sum: u32 =
                pieces.map(|from| count(from, (from + u32::try_from(piece).unwrap()).min(10_000))).sum();
            assert_eq!(sum, 1_229, "pieces of {piece}");
        }
    }
}
