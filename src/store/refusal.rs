//! A refused connection in words, with what to do about it.

use headcount_mqtt::ReasonCode;

use super::connection::Refusal;

impl Refusal {
    /// Words for the CONNACK's or DISCONNECT's code; the broker's own Reason String is added where it sent one.
    pub(crate) fn new(code: ReasonCode, said: &str) -> Self {
        let (words, advice) = words(code);
        let words =
            if said.is_empty() { words.to_owned() } else { format!("{words} (\u{201c}{said}\u{201d})") };
        Self { code: Some(code as u8), words: words.into(), advice: advice.into() }
    }

    /// No broker was asked: the settings make no CONNECT.
    pub(crate) fn of_settings(why: &str) -> Self {
        Self { code: None, words: why.into(), advice: "Check the connect form.".into() }
    }
}

/// What the broker said, and what the user may do.
fn words(code: ReasonCode) -> (&'static str, &'static str) {
    use ReasonCode as R;
    match code {
        R::UnsupportedProtocolVersion => {
            ("the broker does not speak this MQTT version", "Choose another MQTT version, or Auto.")
        }
        R::ClientIdentifierNotValid => {
            ("the broker does not accept this client id", "Choose a shorter client id of letters and digits.")
        }
        R::BadUserNameOrPassword => ("bad user name or password", "Check the user name and the password."),
        R::NotAuthorized => (
            "not authorized",
            "Enter a user name and a password that this broker knows, or choose another realm.",
        ),
        R::Banned => ("this client is banned", "Ask whoever runs the broker."),
        R::BadAuthenticationMethod => (
            "the broker asks for another way to authenticate",
            "This page offers user name and password only.",
        ),
        R::ServerUnavailable => ("the broker is not available", "Wait a little and try again."),
        R::ServerBusy => ("the broker is busy", "Wait a little and try again."),
        R::ServerShuttingDown => ("the broker is shutting down", "Try again when it is back."),
        R::UseAnotherServer | R::ServerMoved => ("the broker asks to use another one", "Enter its address."),
        R::QuotaExceeded => {
            ("a quota is exceeded", "Close other connections of this account, then try again.")
        }
        R::ConnectionRateExceeded => ("too many connections in a short time", "Wait a little and try again."),
        R::PacketTooLarge => ("the packet was too large for the broker", "Choose a shorter client id."),
        R::AdministrativeAction => ("an operator ended the connection", "Ask whoever runs the broker."),
        R::MalformedPacket | R::ProtocolError => (
            "the broker and this page disagree about the protocol",
            "Choose the other MQTT version and report it.",
        ),
        R::SessionTakenOver => ("another connection took the client id", "Choose another client id."),
        R::Success => ("the broker ended the connection", "Try again."),
        R::KeepAliveTimeout => ("the broker heard nothing from this page", "Try again."),
        _ => ("the broker refused", "Check the address and the broker's log."),
    }
}
