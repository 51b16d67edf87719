//! The scripts, one file a chapter.

mod access;
mod ch3_01_connect;
mod ch3_01_keep_alive;
mod ch3_01_malformed;
mod ch3_02_capabilities;
mod ch3_02_connack;
mod ch3_03_malformed;
mod ch3_03_publish;
mod ch3_03_topic_alias;
mod ch3_04_acknowledgements;
mod ch3_08_malformed;
mod ch3_08_options;
mod ch3_08_subscribe;
mod ch3_10_unsubscribe;
mod ch3_12_ping;
mod ch3_14_disconnect;
mod ch3_15_auth;
mod ch4_01_expiry;
mod ch4_01_session;
mod ch4_03_qos;
mod ch4_04_redelivery;
mod ch4_06_ordering;
mod ch4_07_topics;
mod ch4_08_shared;
mod ch4_09_flow_control;
mod ch4_13_errors;
mod ch6_transport;
mod message_expiry;
mod reason_strings;
mod retained;
mod takeover;
mod will;

use crate::Script;

/// A chapter's scripts.
#[derive(Debug, Clone, Copy)]
pub struct Chapter {
    /// Number and title: `3.1 connect`.
    pub name: &'static str,
    /// Its scripts.
    pub scripts: &'static [Script],
}

/// All chapters in the order of the standard.
pub fn chapters() -> Vec<Chapter> {
    let chapter = |name, scripts| Chapter { name, scripts };
    vec![
        chapter("3.1 connect", ch3_01_connect::SCRIPTS),
        chapter("3.1 malformed connect", ch3_01_malformed::SCRIPTS),
        chapter("3.1 keep alive", ch3_01_keep_alive::SCRIPTS),
        chapter("3.1 will", will::SCRIPTS),
        chapter("3.1 takeover", takeover::SCRIPTS),
        chapter("3.2 connack", ch3_02_connack::SCRIPTS),
        chapter("3.2 capabilities", ch3_02_capabilities::SCRIPTS),
        chapter("3.3 publish", ch3_03_publish::SCRIPTS),
        chapter("3.3 malformed publish", ch3_03_malformed::SCRIPTS),
        chapter("3.3 topic alias", ch3_03_topic_alias::SCRIPTS),
        chapter("3.3 message expiry", message_expiry::SCRIPTS),
        chapter("3.3 retained", retained::SCRIPTS),
        chapter("3.4 acknowledgements", ch3_04_acknowledgements::SCRIPTS),
        chapter("3.8 subscribe", ch3_08_subscribe::SCRIPTS),
        chapter("3.8 subscription options", ch3_08_options::SCRIPTS),
        chapter("3.8 malformed subscribe", ch3_08_malformed::SCRIPTS),
        chapter("3.10 unsubscribe", ch3_10_unsubscribe::SCRIPTS),
        chapter("3.12 ping", ch3_12_ping::SCRIPTS),
        chapter("3.14 disconnect", ch3_14_disconnect::SCRIPTS),
        chapter("3.15 auth", ch3_15_auth::SCRIPTS),
        chapter("3 reason strings", reason_strings::SCRIPTS),
        chapter("4.1 session", ch4_01_session::SCRIPTS),
        chapter("4.1 session expiry", ch4_01_expiry::SCRIPTS),
        chapter("4.3 qos", ch4_03_qos::SCRIPTS),
        chapter("4.4 redelivery", ch4_04_redelivery::SCRIPTS),
        chapter("4.6 ordering", ch4_06_ordering::SCRIPTS),
        chapter("4.7 topics", ch4_07_topics::SCRIPTS),
        chapter("4.8 shared subscriptions", ch4_08_shared::SCRIPTS),
        chapter("4.9 flow control", ch4_09_flow_control::SCRIPTS),
        chapter("4.13 errors", ch4_13_errors::SCRIPTS),
        chapter("5.4 access", access::SCRIPTS),
        chapter("6 transport", ch6_transport::SCRIPTS),
    ]
}
