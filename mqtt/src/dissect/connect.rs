//! CONNECT and CONNACK (chapters 3.1 and 3.2).

use super::walk::{Stop, Walk, Walked};
use super::{names, value};
use crate::packet::connect_flags_are_allowed;
use crate::{ConnAckProperties, ConnectProperties, PacketType, ProtocolVersion, WillProperties};

const USER_NAME: u8 = 0x80;
const PASSWORD: u8 = 0x40;
const WILL: u8 = 0x04;

impl Walk<'_> {
    pub(super) fn connect(&mut self) -> Walked {
        let start = self.at;
        let name = self.binary()?;
        self.leaf("Protocol Name", start, value::text(name));
        if !matches!(name, b"MQTT" | b"MQIsdp") {
            self.suspect(start);
            return Err(Stop);
        }
        let start = self.at;
        let level = self.u8()?;
        let words = match (name, level) {
            (b"MQIsdp", 3) => "3, MQTT 3.1".to_owned(),
            (b"MQTT", 4) => "4, MQTT 3.1.1".to_owned(),
            (b"MQTT", 5) => "5, MQTT 5.0".to_owned(),
            _ => level.to_string(),
        };
        self.leaf(if level >= 5 { "Protocol Version" } else { "Protocol Level" }, start, words);
        match (name, level) {
            (b"MQTT", 4) => self.version = ProtocolVersion::V311,
            (b"MQTT", 5) => self.version = ProtocolVersion::V5,
            // MQTT 3.1 has the fields of 3.1.1.
            (_, 3) => {
                self.suspect(start);
                self.version = ProtocolVersion::V311;
            }
            _ => {
                self.suspect(start);
                return Err(Stop);
            }
        }
        self.flags()?;
        let start = self.at;
        let seconds = self.number(2)?;
        self.leaf("Keep Alive", start, format!("{seconds} s"));
        if self.is_v5() {
            let start = self.at;
            self.properties("Properties", &mut ConnectProperties::default())?;
            self.needs_method("Authentication Data", start);
        }
        Ok(())
    }

    fn flags(&mut self) -> Walked {
        let start = self.at;
        let flags = self.u8()?;
        self.connect_flags = flags;
        if !connect_flags_are_allowed(flags, self.version) {
            self.suspect(start);
        }
        self.leaf("Connect Flags", start, value::byte(flags));
        let yes = |bit| value::yes(flags & bit != 0);
        self.bits("User Name Flag", USER_NAME, flags, yes(USER_NAME));
        self.bits("Password Flag", PASSWORD, flags, yes(PASSWORD));
        self.bits("Will Retain", 0x20, flags, yes(0x20));
        self.bits("Will QoS", 0x18, flags, value::qos(flags >> 3));
        self.bits("Will Flag", WILL, flags, yes(WILL));
        self.bits(if self.is_v5() { "Clean Start" } else { "Clean Session" }, 0x02, flags, yes(0x02));
        self.bits("Reserved", 0x01, flags, "");
        Ok(())
    }

    /// In the order of [MQTT-3.1.3-1].
    pub(super) fn connect_payload(&mut self) -> Walked {
        let flags = self.connect_flags;
        self.text_field("Client Identifier")?;
        if flags & WILL != 0 {
            if self.is_v5() {
                self.properties("Will Properties", &mut WillProperties::default())?;
            }
            self.topic("Will Topic")?;
            let start = self.at;
            let payload = self.binary()?;
            self.leaf("Will Payload", start, value::text(payload));
        }
        if flags & USER_NAME != 0 {
            self.text_field("User Name")?;
        }
        if flags & PASSWORD != 0 {
            let start = self.at;
            let length = self.binary()?.len();
            self.hide(start + 2);
            self.leaf("Password", start, value::hidden(length));
        }
        Ok(())
    }

    pub(super) fn connack(&mut self) -> Walked {
        let start = self.at;
        let flags = self.u8()?;
        if flags > 1 {
            self.suspect(start);
        }
        self.leaf("Connect Acknowledge Flags", start, value::byte(flags));
        self.bits("Reserved", 0xFE, flags, "");
        self.bits("Session Present", 0x01, flags, value::yes(flags & 1 != 0));
        let code = self.at;
        let failed = if self.is_v5() {
            self.reason(PacketType::ConnAck, "Connect Reason Code")?
        } else {
            let code = self.u8()?;
            if code > 5 {
                self.suspect(self.at - 1);
            }
            self.leaf("Connect Return code", self.at - 1, names::return_code(code));
            code > 0
        };
        if self.is_v5() {
            self.properties("Properties", &mut ConnAckProperties::default())?;
        }
        if flags == 1 && failed {
            self.suspect(code);
        }
        Ok(())
    }

    /// Notes properties from `start` on that have `name` without an Authentication Method.
    fn needs_method(&mut self, name: &str, start: usize) {
        if self.has(name) && !self.has("Authentication Method") {
            self.suspect(start);
        }
    }
}
