//! 3.15 AUTH and 4.12 enhanced authentication, by a server that has no method.

use crate::{Bench, Script, V5, V311, refused, refused_first, script};
use headcount_mqtt::{ReasonCode, Text};

pub(crate) const SCRIPTS: &[Script] = &[
    script!(an_unknown_method_is_refused, V5, ["MQTT-4.12.0-1"]),
    refused!("auth_without_a_method_in_connect", V5, ["MQTT-4.12.1-1"], "F0 00", [ProtocolError]),
    refused!("auth_to_authenticate_again", V5, ["MQTT-4.12.1-1"], "F0 06 19 04 15000178", [ProtocolError]),
    refused!("auth_with_flags", V5, ["MQTT-3.15.1-1"], "F1 00", [MalformedPacket]),
    refused!(
        "auth_with_an_unknown_reason",
        V5,
        ["MQTT-3.15.2-1"],
        "F0 02 55 00",
        [MalformedPacket, ProtocolError]
    ),
    refused!("auth_in_3_1_1", V311, ["MQTT-2.2.2-2 (3.1.1)"], "F0 00", [MalformedPacket]),
    refused!("type_0", V311, ["MQTT-2.2.2-2 (3.1.1)"], "00 00", [MalformedPacket]),
    refused!("type_0_of_5", V5, ["MQTT-2.1.3-1"], "00 00", [MalformedPacket, ProtocolError]),
    refused_first!("auth_before_connect", V5, ["MQTT-3.1.0-1"], "F0 00", []),
];

fn an_unknown_method_is_refused(b: &Bench) {
    let method = Text::try_from("SCRAM-SHA-1").expect("a text");
    b.connecting("a")
        .with(|properties| properties.authentication_method = Some(method))
        .refused(ReasonCode::BadAuthenticationMethod);
}
