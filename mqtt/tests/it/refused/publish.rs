//! PUBLISH (chapter 3.3) and its acknowledgements (3.4 to 3.7).

use super::{C5, C311, Kind, MALFORMED, PROTOCOL, S5, S311, framed, refuse, take};
use headcount_mqtt::ReasonCode;

#[test]
fn flags() {
    for reader in [S311, S5, C311, C5] {
        for first in ["36", "37", "3E", "3F"] {
            refuse(reader, &framed(first, "0001 't' 0001 00"), MALFORMED, "QoS 3 [MQTT-3.3.1-4]");
        }
        for first in ["38", "39"] {
            refuse(reader, &framed(first, "0001 't' 00"), MALFORMED, "DUP at QoS 0 [MQTT-3.3.1-2]");
        }
    }
}

#[test]
fn topic_name() {
    for (readers, property_length) in [([S311, C311], ""), ([S5, C5], "00")] {
        for reader in readers {
            let publish = |topic: &str| framed("30", &format!("{topic} {property_length}"));
            take(reader, &publish("0001 '/'"), "a slash is a Topic Name");
            take(reader, &publish("0001 ' '"), "a space is a Topic Name");
            for topic in ["0001 '+'", "0001 '#'", "0003 'a/#'", "000B 'abcdefgh+ij'", "0005 C3A9 2F2B61"] {
                refuse(reader, &publish(topic), MALFORMED, "no wildcards [MQTT-3.3.2-2] [MQTT-4.7.0-1]");
            }
            for topic in ["0001 00", "0009 'abcdefgh' 00", "0003 EDA080", "0002 C3"] {
                let rule = "the Topic Name is UTF-8 [MQTT-3.3.2-1] [MQTT-4.7.3-2]";
                refuse(reader, &publish(topic), MALFORMED, rule);
            }
            refuse(reader, "30 02 0001", MALFORMED, "the Topic Name is cut short [MQTT-3.3.2-1]");
            refuse(reader, "30 01 00", MALFORMED, "its length is cut short");
            refuse(reader, "30 00", MALFORMED, "there is none [MQTT-3.3.2-1]");
            for first in ["32", "34"] {
                let zero = framed(first, &format!("0001 't' 0000 {property_length}"));
                refuse(
                    reader,
                    &zero,
                    PROTOCOL,
                    "no Packet Identifier of 0 [MQTT-2.2.1-3] [MQTT-2.3.1-1 (3.1.1)]",
                );
                let none = framed(first, "0001 't'");
                refuse(reader, &none, MALFORMED, "an identifier above QoS 0 [MQTT-2.2.1-4]");
            }
        }
    }
    for reader in [S311, C311] {
        refuse(reader, "30 02 0000", MALFORMED, "an empty Topic Name [MQTT-4.7.3-1]");
    }
    for reader in [S5, C5] {
        refuse(reader, "30 03 0000 00", PROTOCOL, "neither name nor alias (3.3.2.1)");
        take(reader, "30 06 0000 03 23 0001", "an alias alone");
    }
}

#[test]
fn properties() {
    let publish = |properties: &str| {
        let length = crate::vector::bytes_of(properties).len();
        framed("30", &format!("0001 't' {length:02X} {properties}"))
    };
    for reader in [S5, C5] {
        let alias = Kind::Protocol(ReasonCode::TopicAliasInvalid);
        refuse(reader, &publish("23 0000"), alias, "no Topic Alias of 0 [MQTT-3.3.2-8]");
        refuse(reader, &publish("01 02"), PROTOCOL, "a Payload Format Indicator of 2 (3.3.2.3.2)");
        refuse(reader, &publish("01 FF"), PROTOCOL, "a Payload Format Indicator of 255 (3.3.2.3.2)");
        for topic in ["0001 '#'", "0003 'a/+'"] {
            refuse(reader, &publish(&format!("08 {topic}")), MALFORMED, "no wildcard [MQTT-3.3.2-14]");
        }
        refuse(reader, &publish("08 0001 FF"), MALFORMED, "the Response Topic is UTF-8 [MQTT-3.3.2-13]");
        refuse(reader, &publish("08 0000"), MALFORMED, "an empty Response Topic [MQTT-4.7.3-1]");
        refuse(reader, &publish("03 0001 00"), MALFORMED, "the Content Type is UTF-8 [MQTT-3.3.2-19]");
        refuse(reader, &publish("26 0001 80 0000"), MALFORMED, "both strings are UTF-8 [MQTT-1.5.7-1]");
        refuse(reader, &publish("26 0000 0001 80"), MALFORMED, "both strings are UTF-8 [MQTT-1.5.7-1]");
        take(reader, &publish("03 0000 26 0000 0000 26 0000 0000"), "empty strings and twins");
    }
    refuse(S5, &publish("0B 01"), PROTOCOL, "no Subscription Identifier from a client [MQTT-3.3.4-6]");
    take(C5, &publish("0B 01 0B 01"), "several from a server (3.3.2.3.8)");
    refuse(C5, &publish("0B 00"), PROTOCOL, "a Subscription Identifier of 0 (3.3.2.3.8)");
    refuse(C5, &publish("0B 8100"), MALFORMED, "not its shortest form [MQTT-1.5.5-1]");
    refuse(C5, &publish("0B FFFFFFFF01"), MALFORMED, "a fifth byte (1.5.5)");
}

/// Codes of each acknowledgement: [MQTT-3.4.2-1] [MQTT-3.5.2-1] [MQTT-3.6.2-1] [MQTT-3.7.2-1].
#[test]
fn reason_codes_of_acknowledgements() {
    let early: &[u8] = &[0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99];
    let late: &[u8] = &[0x00, 0x92];
    for (first, legal) in [("40", early), ("50", early), ("62", late), ("70", late)] {
        for code in 0..=255 {
            let bytes = format!("{first} 03 0001 {code:02X}");
            for reader in [S5, C5] {
                if legal.contains(&code) {
                    take(reader, &bytes, "a code of the table");
                } else {
                    refuse(reader, &bytes, PROTOCOL, "a code that is not in the table");
                }
            }
        }
    }
}

#[test]
fn packet_identifiers_of_acknowledgements() {
    for first in ["40", "50", "62", "70"] {
        for reader in [S311, S5, C311, C5] {
            refuse(reader, &framed(first, "0000"), PROTOCOL, "no Packet Identifier of 0 [MQTT-2.2.1-3]");
        }
    }
}
