//! Who logs in, where and how: what becomes of it as CONNECT and SUBSCRIBE.

use headcount_mqtt::{ProtocolVersion, QoS, Text, client::Options};

use super::store::{
    NAME_MAX,
    rooms::CONTROL,
    stage::{Feature, Stage},
    topic::{self, CLIENT_ID, Step},
};
use crate::store::{query::encode_level, settings::VersionChoice};

/// Seconds that the broker keeps a session for whoever is away: a week, so that a holiday loses nothing and a name that
/// was tried once does not collect messages for ever.
pub const SESSION_KEPT: u32 = 7 * 24 * 3_600;

/// The user who may read everything and administers rooms.
pub const ADMIN: &str = "admin";

/// The accounts of the realm `secure` and their passwords, which are no secrets.
pub const DEMO_ACCOUNTS: [(&str, &str); 7] = [
    ("sebastian", "test"),
    ("peter", "test"),
    ("hannes", "test"),
    ("vy", "test"),
    ("minh", "test"),
    ("jenny", "test"),
    (ADMIN, "admin"),
];

/// Whether this is a demo account with its public password.
pub fn is_demo(user: &str, password: &str) -> bool {
    DEMO_ACCOUNTS.contains(&(user, password))
}

/// One login.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Login {
    /// WebSocket address of the broker, without a path: `ws://127.0.0.1:8080`.
    pub host: String,
    /// The name.
    pub user: String,
    /// The password; sent where there is one, and never stored.
    pub password: String,
    /// The stage.
    pub stage: Stage,
    /// Which version of MQTT to speak.
    pub version: VersionChoice,
}

/// How a session of the chat is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leave {
    /// The broker keeps what comes meanwhile, where the stage has it so.
    KeepSession,
    /// The broker need keep nothing.
    EndSession,
}

impl Login {
    /// What is wrong with it, as a sentence for the user; none where one may connect.
    pub fn error(&self) -> Option<String> {
        let name = self.user.trim();
        if name.is_empty() {
            return Some("Enter a name.".to_owned());
        }
        if name.len() > NAME_MAX {
            return Some("The name is too long: 200 bytes at most.".to_owned());
        }
        // [MQTT-1.5.4-2]
        if name.contains('\0') {
            return Some("The name contains U+0000, which MQTT forbids.".to_owned());
        }
        let needs_password = self.stage.has(Feature::Authentication) && self.password.is_empty();
        needs_password.then(|| "Enter the password.".to_owned())
    }

    /// The address of the realm's WebSocket.
    pub fn address(&self) -> String {
        format!("{}{}", self.host, self.stage.realm().path())
    }

    /// Whether this is one of the demo accounts with its public password.
    pub fn is_demo(&self) -> bool {
        is_demo(&self.user, &self.password)
    }

    /// `QoS` of messages.
    pub fn qos(&self) -> QoS {
        if self.stage.has(Feature::Qos1) { QoS::AtLeastOnce } else { QoS::AtMostOnce }
    }

    /// CONNECT, but for the Will.
    ///
    /// # Errors
    /// What MQTT cannot say, as a sentence without a full stop.
    pub fn options(&self) -> Result<Options, String> {
        let text =
            |what: &str, value: &str| Text::try_from(value).map_err(|error| format!("the {what}: {error}"));
        let id = text("name", &format!("{CLIENT_ID}{}", self.user))?;
        let mut options = Options::new(ProtocolVersion::V5, id);
        options.user_name = Some(text("name", &self.user)?);
        if !self.password.is_empty() {
            options.password = Some(self.password.clone().into_bytes().into());
        }
        if self.stage.has(Feature::Qos1) {
            options.clean_start = false;
            options.session_expiry_interval = SESSION_KEPT;
        }
        Ok(options)
    }

    /// What to subscribe to, messages first.
    pub fn filters(&self) -> Vec<(String, QoS)> {
        let (user, qos) = (self.user.as_str(), self.qos());
        let is_validated = self.stage.has(Feature::Validation);
        let is_admin = self.stage.has(Feature::Authentication) && user == ADMIN;
        let mut filters = Vec::new();
        let mut add = |filter: String, qos| filters.push((filter, qos));
        match (is_admin, is_validated) {
            // The wide filter has the administrator's own messages, too.
            (true, false) => add("chat/messages/+/+".to_owned(), qos),
            (true, true) => add("chat/messages/+/+/accepted".to_owned(), qos),
            (false, false) => add(topic::inbox(user, Step::Direct), qos),
            (false, true) => add(topic::inbox(user, Step::Accepted), qos),
        }
        if is_validated {
            if !is_admin {
                add(topic::answers(user, Step::Accepted), qos);
            }
            add(topic::answers(user, Step::Rejected), qos);
        }
        if self.stage.has(Feature::Rooms) {
            add("chat/room/+".to_owned(), qos);
            add("chat/room/+/about".to_owned(), QoS::AtMostOnce);
            if is_admin {
                add(format!("{CONTROL}/response"), QoS::AtMostOnce);
            }
        }
        if self.stage.has(Feature::Status) {
            // At QoS 1 the broker would keep the statuses of a whole absence; the newest one is retained anyway.
            add("chat/status/+".to_owned(), QoS::AtMostOnce);
            // What the broker itself says of clients; delivered as far as the account may read it.
            add("$headcount/+/clients/+".to_owned(), QoS::AtMostOnce);
        }
        if self.stage == Stage::Thirty {
            // Rules are not asked for this in the realm where everybody is an observer; another broker than ours may
            // have forgotten Wills.
            add(topic::UPTIME.to_owned(), QoS::AtMostOnce);
        }
        add(topic::own(user, "events"), QoS::AtMostOnce);
        if self.stage.has(Feature::Authentication) {
            add(format!("{}/errors", encode_level(user)), QoS::AtMostOnce);
            let client_id = encode_level(&format!("{CLIENT_ID}{user}"));
            add(topic::own(user, &format!("rules/{client_id}")), QoS::AtMostOnce);
        }
        filters
    }

    /// Filters that a session kept from another stage may hold, and this one does not want.
    pub fn unwanted(&self) -> Vec<String> {
        let wanted = self.filters();
        let mut unwanted: Vec<String> = Vec::new();
        for stage in Stage::ALL {
            let other = Self { stage, ..self.clone() };
            if other.stage.realm() != self.stage.realm() {
                continue;
            }
            for (filter, _) in other.filters() {
                if !wanted.iter().any(|(known, _)| *known == filter) && !unwanted.contains(&filter) {
                    unwanted.push(filter);
                }
            }
        }
        unwanted
    }

    /// Whether a session begun as `self` is of no use to `next`.
    pub fn leaves_for(&self, next: &Self) -> Leave {
        let is_same = self.user == next.user && self.address() == next.address();
        if is_same && next.stage.has(Feature::Qos1) { Leave::KeepSession } else { Leave::EndSession }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn login(user: &str, stage: Stage) -> Login {
        Login { host: "ws://h".to_owned(), user: user.to_owned(), stage, ..Login::default() }
    }

    fn filters(user: &str, stage: Stage) -> Vec<String> {
        login(user, stage).filters().into_iter().map(|(filter, _)| filter).collect()
    }

    #[test]
    fn a_stage_asks_for_what_it_shows() {
        assert_eq!(filters("a/b", Stage::Ten), ["chat/messages/a%2Fb/+", "$headcount/a%2Fb/events"]);
        let status = [
            "chat/messages/vy/+",
            "chat/status/+",
            "$headcount/+/clients/+",
            "$SYS/broker/uptime",
            "$headcount/vy/events",
        ];
        assert_eq!(filters("vy", Stage::Thirty), status);
        assert!(filters("admin", Stage::Forty).contains(&"chat/messages/+/+".to_owned()));
        assert!(filters("admin", Stage::Thirty).contains(&"chat/messages/admin/+".to_owned()));
        assert_eq!(
            filters("vy", Stage::Sixty)[..3],
            ["chat/messages/vy/+/accepted", "chat/messages/+/vy/accepted", "chat/messages/+/vy/rejected"]
        );
        assert_eq!(
            login("vy", Stage::Twenty).unwanted(),
            ["chat/status/+", "$headcount/+/clients/+", "$SYS/broker/uptime"]
        );
        assert!(login("vy", Stage::Sixty).unwanted().contains(&"chat/messages/vy/+".to_owned()));
        assert!(!login("vy", Stage::Sixty).unwanted().contains(&"chat/status/+".to_owned()));
    }

    #[test]
    fn sessions_are_kept_from_stage_20_on() {
        let kept = |stage| {
            let options = login("vy", stage).options().unwrap();
            (options.client_id.as_str().to_owned(), options.clean_start, options.session_expiry_interval)
        };
        assert_eq!(kept(Stage::Ten), ("mqtt-chat-client-vy".to_owned(), true, 0));
        assert_eq!(kept(Stage::Twenty), ("mqtt-chat-client-vy".to_owned(), false, SESSION_KEPT));
        for (from, to, leave) in [
            (Stage::Twenty, Stage::Thirty, Leave::KeepSession),
            (Stage::Twenty, Stage::Ten, Leave::EndSession),
            (Stage::Thirty, Stage::Forty, Leave::EndSession),
            (Stage::Sixty, Stage::Forty, Leave::KeepSession),
        ] {
            assert_eq!(login("vy", from).leaves_for(&login("vy", to)), leave, "{from:?} to {to:?}");
        }
        assert_eq!(login("vy", Stage::Twenty).leaves_for(&login("jo", Stage::Twenty)), Leave::EndSession);
    }

    #[test]
    fn a_name_is_asked_for_and_a_password_where_it_counts() {
        assert!(login(" ", Stage::Ten).error().is_some());
        assert!(login("a\0", Stage::Ten).error().is_some());
        assert!(login(&"ü".repeat(NAME_MAX), Stage::Ten).error().is_some());
        assert_eq!(login("مريم 👩‍🔧 +#/", Stage::Thirty).error(), None);
        assert!(login("vy", Stage::Forty).error().is_some());
        let demo = Login { password: "test".to_owned(), ..login("vy", Stage::Forty) };
        assert_eq!((demo.error(), demo.is_demo()), (None, true));
    }
}
