//! What goes wrong, from the messages that tell of it.

mod complaints;
mod conduct;
mod fights;
mod flapping;
mod live;

use headcount_page::store::{Intent, Millis, trouble::Card};

use crate::stage::{NOON, Stage};

/// An event of a client, at this moment. `more` stands behind its name: `,"reason":"kicked"`.
fn event(stage: &mut Stage, event: &str, id: &str, more: &str) {
    let (at, id) = (crate::stage::at(stage.now), serde_json::to_string(id).unwrap());
    let client = format!(r#"{{"id":{id},"account":"alice","address":"10.0.0.5:1","transport":"tcp"}}"#);
    stage.message(
        "$headcount/alice/events",
        format!(r#"{{"seq":1,"at":"{at}","event":"{event}"{more},"client":{client}}}"#),
    );
}

/// One connection takes over from another, as the broker tells it.
fn take_over(stage: &mut Stage, id: &str) {
    event(stage, "disconnected", id, r#","reason":"taken-over""#);
    event(stage, "connected", id, "");
}

/// `fight lamp` and `flapping lamp`, as they stand over the timeline.
fn cards(stage: &Stage) -> Vec<String> {
    let word = |card: Card<'_>| match card {
        Card::Fight(fight) => format!("fight {}", fight.id),
        Card::Flapping(flapper) => format!("flapping {}", flapper.id),
    };
    stage.store.trouble().cards().into_iter().map(word).collect()
}

fn dismiss(stage: &mut Stage, id: &str) {
    stage.send(Intent::Dismiss { account: "alice".into(), id: id.into() });
}

fn now(stage: &Stage) -> Millis {
    Millis(NOON + stage.now)
}

/// Numbers that look random, the same ones each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
        (self.0 >> 33) % bound
    }
}
