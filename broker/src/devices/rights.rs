//! What one client may do in channels, ready to be asked.

use super::book::Device;
use crate::account::Denial;
use crate::channels::{PREFIX, Reach, Target, reach, target};
use headcount_mqtt::{Text, TopicFilter, TopicName};
use std::collections::BTreeMap;

/// What one client may do in channels. Of a device that is all it may do.
#[derive(Debug, Default)]
pub(crate) struct Rights {
    badge: Option<Badge>,
    channels: BTreeMap<u32, Right>,
}

/// Which device it is.
#[derive(Debug)]
pub(crate) struct Badge {
    pub(crate) client_id: Text,
    pub(crate) name: String,
}

#[derive(Debug, Clone, Copy)]
struct Right {
    publish: bool,
    subscribe: bool,
}

impl Rights {
    pub(super) fn of_account(channels: impl Iterator<Item = u32>) -> Self {
        let everything = Right { publish: true, subscribe: true };
        Self { badge: None, channels: channels.map(|id| (id, everything)).collect() }
    }

    pub(super) fn of_device(client_id: &Text, device: &Device) -> Self {
        let right = |publish, subscribe| Right { publish, subscribe };
        let channels = device.channels.iter().map(|it| (it.id, right(it.publish, it.subscribe)));
        let badge = Badge { client_id: client_id.clone(), name: device.name.clone() };
        Self { badge: Some(badge), channels: channels.collect() }
    }

    /// The device, where the client is one.
    pub(crate) fn badge(&self) -> Option<&Badge> {
        self.badge.as_ref()
    }

    /// Channels in the order of their numbers, each with whether the client may publish and subscribe.
    pub(crate) fn channels(&self) -> impl Iterator<Item = (u32, bool, bool)> {
        self.channels.iter().map(|(id, right)| (*id, right.publish, right.subscribe))
    }

    /// Whether the client may publish there; `None`: that is not theirs to say.
    pub(crate) fn may_publish(&self, topic: &TopicName) -> Option<Result<(), Denial>> {
        if self.badge.is_none() && !topic.as_bytes().starts_with(PREFIX) {
            return None;
        }
        Some(match target(topic.as_str()) {
            Some(Target::Publish(channel) | Target::PublishField(channel, _)) => {
                let has_right = self.channels.get(&channel).is_some_and(|right| right.publish);
                if has_right { Ok(()) } else { Err(self.denial(Some(channel), "publish to")) }
            }
            Some(Target::Feeds(channel)) if self.may_hear(channel) => Ok(()),
            Some(Target::Feeds(channel)) => Err(self.denial(Some(channel), "read")),
            Some(Target::Subscribe(channel)) => Err(Denial::Channel {
                rule: format!("channel:{channel}"),
                why: format!("the broker alone relays; publish to channels/{channel}/publish"),
            }),
            Some(Target::Answer(channel)) => Err(Denial::Channel {
                rule: format!("channel:{channel}"),
                why: format!("the broker alone answers there; ask at channels/{channel}/feeds"),
            }),
            None if self.badge.is_some() => Err(self.denial(None, "publish to")),
            None => Ok(()),
        })
    }

    /// Whether a message of this topic may be delivered; `None`: that is not theirs to say.
    pub(crate) fn may_read(&self, topic: &TopicName) -> Option<bool> {
        if self.badge.is_none() && !topic.as_bytes().starts_with(PREFIX) {
            return None;
        }
        Some(match target(topic.as_str()) {
            Some(Target::Subscribe(channel) | Target::Answer(channel)) => self.may_hear(channel),
            _ => false,
        })
    }

    /// Whether the client may subscribe; `None`: that is not theirs to say. A filter wider than a right is fine, as
    /// messages are judged one by one.
    pub(crate) fn may_subscribe(&self, filter: &TopicFilter) -> Option<Result<(), Denial>> {
        let is_channels = filter.levels().next() == Some(b"channels");
        if self.badge.is_none() && !is_channels {
            return None;
        }
        Some(match reach(filter) {
            Reach::Channel(channel) if self.may_hear(channel) => Ok(()),
            Reach::Channel(channel) => Err(self.denial(Some(channel), "subscribe to")),
            // An account may wait for channels that it does not have yet.
            Reach::Any if self.badge.is_none() || self.channels.values().any(|it| it.subscribe) => Ok(()),
            Reach::Any | Reach::Nothing => Err(self.denial(None, "subscribe to")),
        })
    }

    fn may_hear(&self, channel: u32) -> bool {
        self.channels.get(&channel).is_some_and(|right| right.subscribe)
    }

    fn denial(&self, channel: Option<u32>, what: &str) -> Denial {
        match (&self.badge, channel) {
            (Some(badge), Some(channel)) => Denial::Channel {
                rule: format!("device:{}", badge.client_id),
                why: format!("the device has no right to {what} channel {channel}"),
            },
            (Some(badge), None) => Denial::Channel {
                rule: format!("device:{}", badge.client_id),
                why: format!("the device may {what} its channels alone"),
            },
            (None, Some(channel)) => Denial::Channel {
                rule: format!("channel:{channel}"),
                why: format!("channel {channel} is none of this account's; a device that names it makes it"),
            },
            (None, None) => Denial::Channel {
                rule: "channels".to_owned(),
                why: "channels are heard at channels/<number>/subscribe and …/subscribe/fields/field<1 to 8>, and \
                      their past at channels/<number>/feeds/<client id>"
                    .to_owned(),
            },
        }
    }
}
