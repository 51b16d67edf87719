//! The stages of the chat. Each builds on the one before it and adds one thing of MQTT.

use crate::store::settings::Realm;

/// How much of MQTT the chat uses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// PUBLISH and SUBSCRIBE, nothing else.
    #[default]
    Ten,
    /// `QoS` 1 and a session that is kept.
    Twenty,
    /// Retained status messages and the Will.
    Thirty,
    /// Passwords and rules.
    Forty,
    /// Rooms, whose rights change while everybody is connected.
    Fifty,
    /// A worker that judges every message.
    Sixty,
}

/// A check box. Each means its stage, and all those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Feature {
    /// "Use `QoS` 1"
    Qos1,
    /// "Use status messages"
    Status,
    /// "Use authentication"
    Authentication,
    /// "Use rooms"
    Rooms,
    /// "Validate messages"
    Validation,
}

/// What a stage is about, in one sentence each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lesson {
    /// What it adds.
    pub adds: &'static str,
    /// What still breaks.
    pub breaks: &'static str,
    /// How to see that.
    pub try_it: &'static str,
}

impl Stage {
    /// All of them, in order.
    pub const ALL: [Self; 6] = [Self::Ten, Self::Twenty, Self::Thirty, Self::Forty, Self::Fifty, Self::Sixty];

    /// As the page's address has it: `10` to `60`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ten => "10",
            Self::Twenty => "20",
            Self::Thirty => "30",
            Self::Forty => "40",
            Self::Fifty => "50",
            Self::Sixty => "60",
        }
    }

    /// The stage of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.name() == name)
    }

    /// Whether it has this feature.
    pub fn has(self, feature: Feature) -> bool {
        self >= feature.stage()
    }

    /// The stage with this box ticked, and those below it; or unticked, and those above it.
    pub fn with(self, feature: Feature, ticked: bool) -> Self {
        if ticked { self.max(feature.stage()) } else { self.min(feature.stage().before()) }
    }

    /// The realm it plays in.
    pub fn realm(self) -> Realm {
        if self.has(Feature::Authentication) { Realm::Secure } else { Realm::Open }
    }

    fn before(self) -> Self {
        Self::ALL.into_iter().rev().find(|stage| *stage < self).unwrap_or_default()
    }

    /// What it is about.
    pub fn lesson(self) -> Lesson {
        match self {
            Self::Ten => Lesson {
                adds: "Everybody subscribes to their own topic, and writes to the topics of others.",
                breaks: "Whoever is not connected misses what is sent meanwhile.",
                try_it: "Log out in one window, write to that user from the other, and log in again: what was sent \
                         meanwhile is gone.",
            },
            Self::Twenty => Lesson {
                adds: "At QoS 1 every message is acknowledged, and the broker keeps a session for whoever is away.",
                breaks: "A message may arrive twice, and nobody can see who is there to read it.",
                try_it: "Log out in one window, write to that user from the other, and log in again: every message \
                         is there, once. Then repeat a message, and look at it with “Remove duplicates” off.",
            },
            Self::Thirty => Lesson {
                adds: "Everybody retains a status message, and a Will says “offline” for those who cannot.",
                breaks: "Names are believed: anybody may write in the name of anybody else.",
                try_it: "Close this tab while somebody watches: the broker says “offline” in your name.",
            },
            Self::Forty => Lesson {
                adds: "A password proves the name, and rules say who may write and read which topic.",
                breaks: "The rules stand in a file: nobody can open a room for some people and change it later.",
                try_it: "Write in the name of somebody else: the broker refuses it, and names the rule.",
            },
            Self::Fifty => Lesson {
                adds: "Rooms: admin adds and removes members, and their rights change while all are connected.",
                breaks: "Nobody looks at what is written: any word reaches everybody.",
                try_it: "Make a room as admin in one window, add the user of the other, and remove them again.",
            },
            Self::Sixty => Lesson {
                adds: "A worker reads every request, and passes the message on or says why not.",
                breaks: "Every message goes through one worker: while it is away, all of them wait.",
                try_it: "Write a word from the worker's list, such as “darn”: it comes back with the reason.",
            },
        }
    }
}

impl Feature {
    /// All of them, in the order of their stages.
    pub const ALL: [Self; 5] =
        [Self::Qos1, Self::Status, Self::Authentication, Self::Rooms, Self::Validation];

    /// What stands beside the box.
    pub fn label(self) -> &'static str {
        match self {
            Self::Qos1 => "Use QoS 1",
            Self::Status => "Use status messages",
            Self::Authentication => "Use authentication",
            Self::Rooms => "Use rooms",
            Self::Validation => "Validate messages",
        }
    }

    /// The first stage that has it.
    pub fn stage(self) -> Stage {
        match self {
            Self::Qos1 => Stage::Twenty,
            Self::Status => Stage::Thirty,
            Self::Authentication => Stage::Forty,
            Self::Rooms => Stage::Fifty,
            Self::Validation => Stage::Sixty,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_build_on_each_other() {
        for (stage, feature, ticked, then) in [
            (Stage::Ten, Feature::Qos1, true, "20"),
            (Stage::Ten, Feature::Authentication, true, "40"),
            (Stage::Forty, Feature::Qos1, false, "10"),
            (Stage::Sixty, Feature::Authentication, false, "30"),
            (Stage::Sixty, Feature::Qos1, true, "60"),
            (Stage::Twenty, Feature::Rooms, false, "20"),
        ] {
            let reached = stage.with(feature, ticked);
            assert_eq!(reached.name(), then, "{} with {feature:?} {ticked}", stage.name());
            assert_eq!(reached.has(feature), ticked);
        }
        for stage in Stage::ALL {
            assert_eq!(Stage::from_name(stage.name()), Some(stage));
            let ticked = Feature::ALL.into_iter().filter(|feature| stage.has(*feature)).count();
            assert_eq!(Stage::ALL[ticked], stage);
        }
        assert_eq!(Stage::from_name("15"), None);
    }
}
