//! Words for the cards: what happens, and what to do about it. Plain text in, plain text out.

use super::{Card, fights::Fight, flapping::Flapper};
use crate::store::{
    Plan, Trust,
    clock::{Millis, duration, relative},
    event::Client,
    plan::{Outcome, Purpose},
    reason,
};

/// A take-over as young as this is one of a fight that goes on: most clients come back sooner.
const GOING_ON: i64 = 20_000;

/// What happens, in a few words; the Client Identifier stands behind them.
pub fn title(card: Card<'_>) -> &'static str {
    match card {
        Card::Fight(fight) if fight.is_guess => "Two connections seem to fight over",
        Card::Fight(_) => "Two connections fight over",
        Card::Flapping(_) => "Keeps reconnecting:",
    }
}

/// How often in how long, and whether it goes on. `now` by the broker's clock.
pub fn score(card: Card<'_>, now: Millis) -> String {
    match card {
        Card::Fight(fight) => {
            let lasted = duration(fight.last.since(fight.since));
            format!("{} take-overs in {lasted}, {}", fight.take_overs, fight_standing(fight, now))
        }
        Card::Flapping(flapper) => {
            let mean = flapper.mean().map(|ms| format!(", connected for {} on average", duration(ms)));
            let calm = (now.since(flapper.last) > GOING_ON)
                .then(|| format!(", last {}", relative(now, flapper.last)));
            let [mean, calm] = [mean, calm].map(Option::unwrap_or_default);
            format!("{} times a minute{mean}{calm}", flapper.rate())
        }
    }
}

fn fight_standing(fight: &Fight, now: Millis) -> String {
    let quiet = now.since(fight.last);
    if quiet <= GOING_ON && !fight.is_over {
        return "still going on".to_owned();
    }
    format!("{} for {}", if fight.is_over { "over" } else { "quiet" }, duration(quiet))
}

/// The two words of a row's mark, and of the list of who is here.
pub fn mark(card: Card<'_>) -> String {
    match card {
        Card::Fight(_) => "in conflict".to_owned(),
        Card::Flapping(flapper) => format!("{}/min", flapper.rate()),
    }
}

/// A side of a fight, by which one tells it from the other: `10.0.0.5:5123 by TCP, MQTT 5.0, keep alive 60 s`.
pub fn side(client: &Client) -> String {
    let mut words = client.address.as_deref().unwrap_or("unknown address").to_owned();
    if let Some(transport) = &client.transport {
        words = format!("{words} by {}", transport.label());
    }
    if let Some(protocol) = &client.protocol {
        words = format!("{words}, MQTT {protocol}");
    }
    if let Some(seconds) = client.keep_alive {
        words = format!("{words}, keep alive {seconds} s");
    }
    words
}

/// What to do about it.
pub fn advice(card: Card<'_>) -> String {
    match card {
        Card::Fight(fight) => fight_advice(fight),
        Card::Flapping(flapper) => flapping_advice(flapper).to_owned(),
    }
}

fn fight_advice(fight: &Fight) -> String {
    let (Some(one), Some(other)) = (&fight.holder, &fight.ousted) else {
        return "It goes and comes back in the same instant, as when two clients have one id. Stop one of them, or give \
                it an id of its own."
            .to_owned();
    };
    let (here, there) = (host(one), host(other));
    if here.is_empty() || there.is_empty() {
        return "Give one of the two a client id of its own.".to_owned();
    }
    if here != there {
        return format!(
            "Two devices, at {here} and at {there}: was the same program with the id in it put on both? Give each an id \
             of its own, as by a serial number."
        );
    }
    let are_alike = one.transport == other.transport
        && one.protocol == other.protocol
        && one.keep_alive == other.keep_alive
        && one.clean_start == other.clean_start;
    if are_alike {
        return format!(
            "Both come from {here}, in the same way: is the same program started twice? Or does one client open a new \
             connection before it has closed its old one?"
        );
    }
    format!("Two programs at {here} that connect in different ways. Give one of them another client id.")
}

/// The address without its port.
fn host(client: &Client) -> &str {
    let address = client.address.as_deref().unwrap_or_default();
    address.rsplit_once(':').map_or(address, |(host, _)| host)
}

fn flapping_advice(flapper: &Flapper) -> &'static str {
    match flapper.reason.as_deref() {
        Some("client-disconnect" | "client-disconnect-with-will") => {
            "It says goodbye each time: a program that connects anew for every message? It may stay connected."
        }
        Some("connection-lost") => {
            "It goes without a goodbye: a crash in a loop, a lack of power, or a poor link. Look at its own log."
        }
        Some("keep-alive-timeout") => {
            "It falls silent for longer than its Keep Alive allows: a program that waits elsewhere, or a poor link."
        }
        Some("taken-over") => "Each connection replaces the one before, which it has not closed.",
        Some("kicked") => "An operator ends its connections.",
        Some("server-shutdown" | "server-restart") => "It is the broker that restarts.",
        Some(other) if reason::words(other) != other => {
            "The broker ends its connections: its events say why, and what came before."
        }
        _ => "This broker does not say why it goes. Look at its own log.",
    }
}

/// Why the page hears no lines of errors and throttle, or may not; empty where it hears all there are.
pub fn hearing(plan: &Plan, trust: Trust) -> &'static str {
    let is_refused = |purpose| matches!(plan.outcome(purpose), Outcome::Refused(_));
    match (is_refused(Purpose::Errors), is_refused(Purpose::Throttle)) {
        (true, true) => "The broker refused the subscriptions to …/errors and …/throttle.",
        (true, false) => "The broker refused the subscription to …/errors.",
        (false, true) => "The broker refused the subscription to …/throttle.",
        (false, false) if trust == Trust::FeedAlone => {
            "Other brokers than Headcount and Adafruit IO tell nothing here."
        }
        (false, false) => "",
    }
}
