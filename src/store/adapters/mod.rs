//! Other brokers' presence, and what devices say of themselves: one file an adapter.
//!
//! An adapter names the Topic Filters that it wants and reads one message at a time into a fact of the timeline. What
//! a message does not say stays unknown. Shapes, sources and what each broker cannot tell stand in `docs/brokers.md`.
//!
//! The feed `<account>/clients` of Adafruit IO is read in [`super::parse`], since a Headcount broker has it as well.

mod aedes;
mod emqx;
mod esphome;
mod home_assistant;
mod homie;
mod message;
mod mosquitto_bridges;
mod mosquitto_log;
mod nanomq;
mod rmqtt;
mod sparkplug;
mod tasmota;
mod zigbee2mqtt;

use std::sync::Arc;

use super::clock::Millis;

pub(super) use message::{Message, Told};

/// One other broker's presence, or one convention of devices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Adapter {
    /// EMQX: `$SYS/brokers/<node>/clients/<client id>/connected`.
    Emqx,
    /// RMQTT: the same topics, other members.
    Rmqtt,
    /// `NanoMQ`: `$SYS/brokers/client_status/<client id>`.
    NanoMq,
    /// Mosquitto: the lines of its log, `$SYS/broker/log/N`.
    MosquittoLog,
    /// Mosquitto: the states of its bridges, `$SYS/broker/connection/<name>/state`.
    MosquittoBridges,
    /// Aedes: `$SYS/<broker>/new/clients`.
    Aedes,
    /// Tasmota: `tele/<topic>/LWT`.
    Tasmota,
    /// `Zigbee2MQTT`: `zigbee2mqtt/<name>/availability`.
    Zigbee2Mqtt,
    /// `ESPHome`: `<name>/status`.
    EspHome,
    /// Sparkplug B: births and deaths of nodes, devices and host applications.
    Sparkplug,
    /// Homie: `homie/<device>/$state`.
    Homie,
    /// Home Assistant: its own status, and `…/availability` of devices that no other adapter reads.
    HomeAssistant,
}

/// What the page needs to know of an adapter.
struct Card {
    /// In `?feeds=`.
    name: &'static str,
    /// On the page: `EMQX`, `Tasmota LWT`.
    label: &'static str,
    /// What it wants to read.
    filters: &'static [&'static str],
    /// Which of [`REASONS`], [`ADDRESSES`] and [`REFUSALS`] it tells.
    tells: u8,
    /// Reads a message of one of its topics; none where that is no fact.
    read: fn(&Message<'_>) -> Option<Told>,
}

/// Why a connection ended.
pub(super) const REASONS: u8 = 1;
/// From which address it came.
pub(super) const ADDRESSES: u8 = 2;
/// Attempts that failed.
pub(super) const REFUSALS: u8 = 4;

/// In the order of [`Adapter`].
static CARDS: [Card; 12] = [
    emqx::CARD,
    rmqtt::CARD,
    nanomq::CARD,
    mosquitto_log::CARD,
    mosquitto_bridges::CARD,
    aedes::CARD,
    tasmota::CARD,
    zigbee2mqtt::CARD,
    esphome::CARD,
    sparkplug::CARD,
    homie::CARD,
    home_assistant::CARD,
];

impl Adapter {
    /// Every adapter; of two that want the same topic the first that can read it is asked.
    pub const ALL: [Self; 12] = [
        Self::Emqx,
        Self::Rmqtt,
        Self::NanoMq,
        Self::MosquittoLog,
        Self::MosquittoBridges,
        Self::Aedes,
        Self::Tasmota,
        Self::Zigbee2Mqtt,
        Self::EspHome,
        Self::Sparkplug,
        Self::Homie,
        Self::HomeAssistant,
    ];

    fn card(self) -> &'static Card {
        &CARDS[self as usize]
    }

    /// The name in the page's address: `mosquitto`, `tasmota`. Mosquitto's log and its bridges share theirs.
    pub fn name(self) -> &'static str {
        self.card().name
    }

    /// The name on the page.
    pub fn label(self) -> &'static str {
        self.card().label
    }

    /// The Topic Filters that it wants.
    pub fn filters(self) -> &'static [&'static str] {
        self.card().filters
    }

    /// Whether one of its filters is among what `filter` matches.
    pub fn wants(self, filter: &str) -> bool {
        self.filters().iter().any(|own| covers(filter, own))
    }

    /// Which of [`REASONS`], [`ADDRESSES`] and [`REFUSALS`] it tells.
    pub(super) fn tells(self) -> u8 {
        self.card().tells
    }

    /// Whether devices speak here of themselves, by birth messages and Wills, and no broker vouches for it.
    pub fn is_device(self) -> bool {
        self >= Self::Tasmota
    }
}

/// Which adapters the user wants, as the page's address says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Feeds {
    /// Whether the adapters of brokers are asked where the broker has no `$headcount` topics.
    pub(super) brokers: bool,
    /// Adapters that are asked at every broker.
    pub(super) chosen: Vec<Adapter>,
}

impl Default for Feeds {
    fn default() -> Self {
        Self { brokers: true, chosen: Vec::new() }
    }
}

impl Feeds {
    /// Reads a list of names with commas between; `off` keeps the page from asking brokers by itself. Names that no
    /// adapter has are left alone.
    pub(super) fn of(names: &str) -> Self {
        let has = |name: &str| self::names(names).any(|one| one == name);
        let chosen = Adapter::ALL.into_iter().filter(|adapter| has(adapter.name())).collect();
        Self { brokers: !has("off"), chosen }
    }
}

/// The names in a list of them, as `?feeds=` has it.
pub fn names(list: &str) -> impl Iterator<Item = &str> {
    list.split([',', ' ']).filter(|name| !name.is_empty())
}

/// The list with this name in it, or without.
pub fn choose(list: &str, name: &str, wanted: bool) -> String {
    let others = names(list).filter(|one| *one != name);
    others.chain(Some(name).filter(|_| wanted)).collect::<Vec<_>>().join(",")
}

/// Reads a message for one of these adapters. The outer `None`: none of them asked for its topic; the inner: it is no
/// fact.
pub(super) fn read(
    adapters: &[Adapter],
    now: Millis,
    topic: &Arc<str>,
    payload: &[u8],
) -> Option<(Adapter, Option<Told>)> {
    let mut asked = None;
    for &by in adapters {
        if by.filters().iter().any(|filter| covers(filter, topic)) {
            asked.get_or_insert(by);
            let told = (by.card().read)(&Message { now, topic, payload, by });
            if told.is_some() {
                return Some((by, told));
            }
        }
    }
    asked.map(|by| (by, None))
}

/// Whether all that `narrow`, a Topic Name or Filter, matches is matched by the Topic Filter `wide`.
pub(super) fn covers(wide: &str, narrow: &str) -> bool {
    // [MQTT-4.7.2-1]: no wildcard in front matches a topic that begins with `$`.
    if narrow.starts_with('$') && wide.starts_with(['+', '#']) {
        return false;
    }
    let mut narrow = narrow.split('/');
    for level in wide.split('/') {
        match (level, narrow.next()) {
            ("#", _) => return true,
            ("+", Some(other)) if other != "#" => {}
            (level, Some(other)) if level == other => {}
            _ => return false,
        }
    }
    narrow.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_adapter_has_its_card() {
        for (at, adapter) in Adapter::ALL.into_iter().enumerate() {
            assert_eq!(adapter as usize, at);
            for filter in adapter.filters() {
                assert!(headcount_mqtt::TopicFilter::try_from(*filter).is_ok(), "{filter}");
            }
        }
        assert_eq!(Adapter::Zigbee2Mqtt.name(), "zigbee2mqtt");
        assert_eq!(Adapter::Homie.label(), "Homie");
        assert_eq!(Adapter::ALL.into_iter().filter(|adapter| adapter.is_device()).count(), 6);
    }

    #[test]
    fn a_filter_covers_what_it_matches() {
        for (wide, narrow) in [
            ("+/status", "lamp/status"),
            ("+/status", "homeassistant/status"),
            ("+/+/availability", "zigbee2mqtt/+/availability"),
            ("a/#", "a/b/c"),
            ("a/#", "a"),
            ("$SYS/+/new/clients", "$SYS/x/new/clients"),
            ("+", ""),
        ] {
            assert!(covers(wide, narrow), "{wide} {narrow}");
        }
        for (wide, narrow) in [
            ("+/status", "a/b/status"),
            ("+/status", "$SYS/status"),
            ("#", "$SYS/a"),
            ("a/b", "a"),
            ("a/b", "a/b/c"),
            ("a/+", "a/#"),
            ("zigbee2mqtt/+/availability", "+/+/availability"),
        ] {
            assert!(!covers(wide, narrow), "{wide} {narrow}");
        }
    }

    #[test]
    fn names_in_the_address_choose_adapters() {
        assert_eq!(Feeds::of(""), Feeds::default());
        assert_eq!(
            Feeds::of("tasmota, homie"),
            Feeds { brokers: true, chosen: vec![Adapter::Tasmota, Adapter::Homie] }
        );
        let mosquitto = vec![Adapter::MosquittoLog, Adapter::MosquittoBridges];
        assert_eq!(Feeds::of("off mosquitto,nobody"), Feeds { brokers: false, chosen: mosquitto });
        assert_eq!(choose("", "homie", true), "homie");
        assert_eq!(choose("tasmota off,homie", "homie", true), "tasmota,off,homie");
        assert_eq!(choose("tasmota,homie,homie", "homie", false), "tasmota");
    }
}
