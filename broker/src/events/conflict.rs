//! Two connections that fight over one Client Identifier, each taking it from the other.

use headcount_mqtt::Text;
use std::collections::BTreeMap;
use std::time::Duration;

/// Take-overs of one identifier within [`WINDOW`] that make a conflict: one or two are a device that reconnects before
/// its old connection was missed, three are two that reconnect against each other.
pub(crate) const TAKE_OVERS: u32 = 3;

/// Clients reconnect within seconds; a device that restarts often takes longer.
pub(crate) const WINDOW: Duration = Duration::from_secs(10);

/// Identifiers that are watched at one time: a page of facts for people, not an archive.
const WATCHED: usize = 1_024;

/// Recent take-overs by Client Identifier.
#[derive(Debug, Default)]
pub(crate) struct Conflicts {
    recent: BTreeMap<Text, (Duration, u32)>,
}

impl Conflicts {
    /// Counts a take-over; whether it makes a conflict, which is said once for every [`TAKE_OVERS`].
    pub(crate) fn count(&mut self, client_id: &Text, now: Duration) -> bool {
        if self.recent.len() >= WATCHED {
            self.recent.retain(|_, (since, _)| now.saturating_sub(*since) <= WINDOW);
            if self.recent.len() >= WATCHED {
                self.recent.clear();
            }
        }
        let (since, count) = self.recent.entry(client_id.clone()).or_insert((now, 0));
        if now.saturating_sub(*since) > WINDOW {
            (*since, *count) = (now, 0);
        }
        *count += 1;
        if *count < TAKE_OVERS {
            return false;
        }
        self.recent.remove(client_id);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::{Conflicts, WATCHED};
    use headcount_mqtt::Text;
    use std::time::Duration;

    #[test]
    fn three_within_ten_seconds() {
        let mut conflicts = Conflicts::default();
        let id = Text::try_from("lamp").unwrap();
        let said: Vec<_> = [0, 4, 9, 10, 12, 30, 41, 42, 43]
            .into_iter()
            .filter(|second| conflicts.count(&id, Duration::from_secs(*second)))
            .collect();
        assert_eq!(said, [9, 43]);
    }

    #[test]
    fn the_table_is_bounded() {
        let mut conflicts = Conflicts::default();
        for number in 0..10 * WATCHED {
            conflicts.count(&Text::try_from(number.to_string()).unwrap(), Duration::ZERO);
        }
        assert!(conflicts.recent.len() <= WATCHED);
    }
}
