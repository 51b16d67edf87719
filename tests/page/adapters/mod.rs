//! Other brokers' presence and devices' own words, from messages of their own shapes.

mod brokers;
mod devices;
mod hostile;
mod mosquitto;
mod plan;
mod recorded;
mod sparkplug;

use headcount_page::store::{Settings, intent::Intent};

use crate::stage::Stage;

/// A live connection to a broker without `$headcount` topics that grants everything, where these feeds are chosen.
pub(crate) fn on_foreign(feeds: &str) -> Stage {
    let mut stage = Stage::new();
    choose(&mut stage, feeds);
    stage.want("anonymous");
    stage.connect(|_| 0);
    stage.advance(3_000);
    stage.answer(|_| 0);
    stage
}

/// Chooses feeds as the connect form does.
pub(crate) fn choose(stage: &mut Stage, feeds: &str) {
    stage.send(Intent::Connect(Settings { feeds: feeds.to_owned(), ..Settings::default() }));
}

/// `disconnected lamp keep-alive-timeout`, newest first.
pub(crate) fn told(stage: &Stage) -> Vec<String> {
    let says = |event: &headcount_page::store::event::Event| {
        let reason = event.reason.as_deref().unwrap_or_default();
        format!("{} {} {reason}", event.kind.name(), event.client.id).trim_end().to_owned()
    };
    stage.events().iter().map(says).collect()
}
