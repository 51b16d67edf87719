//! SUBSCRIBE and UNSUBSCRIBE (chapters 3.8 and 3.10).

use super::{Kind, MALFORMED, PROTOCOL, Reader, S5, S311, framed, refuse, take};

/// Each with the Property Length of its version.
const BOTH: [(Reader, &str); 2] = [(S311, ""), (S5, "00")];

#[test]
fn at_least_one_filter() {
    for (reader, properties) in BOTH {
        let rule = "one filter at least [MQTT-3.8.3-2] [MQTT-3.10.3-2] [MQTT-3.8.3-3 (3.1.1)]";
        refuse(reader, &framed("82", &format!("0001 {properties}")), PROTOCOL, rule);
        refuse(reader, &framed("A2", &format!("0001 {properties}")), PROTOCOL, rule);
        refuse(reader, "82 00", MALFORMED, "no Packet Identifier");
        refuse(reader, "A2 01 00", MALFORMED, "half a Packet Identifier");
    }
    refuse(S5, "82 02 0001", MALFORMED, "no Property Length [MQTT-2.2.2-1]");
    refuse(S5, "A2 02 0001", MALFORMED, "no Property Length [MQTT-2.2.2-1]");
}

#[test]
fn packet_identifier() {
    for (reader, properties) in BOTH {
        let subscribe = framed("82", &format!("0000 {properties} 0001 'a' 00"));
        refuse(reader, &subscribe, PROTOCOL, "no identifier of 0 [MQTT-2.2.1-3] [MQTT-2.3.1-1 (3.1.1)]");
        let unsubscribe = framed("A2", &format!("0000 {properties} 0001 'a'"));
        refuse(reader, &unsubscribe, PROTOCOL, "no identifier of 0 [MQTT-2.2.1-3] [MQTT-2.3.1-1 (3.1.1)]");
    }
}

#[test]
fn filters() {
    let refused = [
        ("0000", "empty [MQTT-4.7.3-1]"),
        ("0002 'a#'", "# fills its level [MQTT-4.7.1-1]"),
        ("0005 'a/#/b'", "# comes last [MQTT-4.7.1-1]"),
        ("0002 '##'", "# fills its level [MQTT-4.7.1-1]"),
        ("0002 'a+'", "+ fills its level [MQTT-4.7.1-2]"),
        ("0004 '+a/b'", "+ fills its level [MQTT-4.7.1-2]"),
        ("0002 6100", "no U+0000 [MQTT-4.7.3-2]"),
        ("0002 C328", "UTF-8 [MQTT-3.8.3-1] [MQTT-3.10.3-1]"),
        ("0009 'a'", "cut short"),
        ("0006 '$share'", "no Share Name [MQTT-4.8.2-1]"),
        ("0007 '$share/'", "no Share Name [MQTT-4.8.2-1]"),
        ("0008 '$share/g'", "no filter [MQTT-4.8.2-2]"),
        ("0009 '$share/g/'", "an empty filter [MQTT-4.8.2-2]"),
        ("0009 '$share//t'", "an empty Share Name [MQTT-4.8.2-1]"),
        ("000B '$share/g+/t'", "a wildcard in the Share Name [MQTT-4.8.2-2]"),
        ("000A '$share/#/t'", "a wildcard in the Share Name [MQTT-4.8.2-2]"),
        ("000B '$share/g/a#'", "a filter that is none [MQTT-4.7.1-1]"),
    ];
    for (reader, properties) in BOTH {
        for (filter, rule) in refused {
            refuse(reader, &framed("82", &format!("0001 {properties} {filter} 00")), MALFORMED, rule);
            refuse(reader, &framed("A2", &format!("0001 {properties} {filter}")), MALFORMED, rule);
        }
    }
}

#[test]
fn options() {
    let options =
        |properties: &str, byte: u8| framed("82", &format!("0001 {properties} 0001 'a' {byte:02X}"));
    for byte in 0..=255 {
        let (v311, rule) = (options("", byte), "reserved bits or QoS 3 [MQTT-3-8.3-4 (3.1.1)]");
        if byte < 3 {
            take(S311, &v311, "a QoS");
        } else {
            refuse(S311, &v311, MALFORMED, rule);
        }
        let v5 = options("00", byte);
        let expected: Option<(Kind, &str)> = match byte {
            0b0100_0000.. => Some((MALFORMED, "reserved bits [MQTT-3.8.3-5]")),
            _ if byte & 0b11 == 0b11 => Some((PROTOCOL, "a Maximum QoS of 3 (3.8.3.1)")),
            0b0011_0000.. => Some((PROTOCOL, "a Retain Handling of 3 (3.8.3.1)")),
            _ => None,
        };
        match expected {
            Some((kind, rule)) => refuse(S5, &v5, kind, rule),
            None => take(S5, &v5, "options"),
        }
    }
    let shared = framed("82", "0001 00 000A '$share/g/t' 04");
    refuse(S5, &shared, PROTOCOL, "No Local on a Shared Subscription [MQTT-3.8.3-4]");
    refuse(S5, "82 06 0001 00 0001 'a'", MALFORMED, "the options are missing [MQTT-3.8.3-2]");
    refuse(S311, "82 05 0001 0001 'a'", MALFORMED, "the QoS is missing");
    refuse(S311, "82 07 0001 0001 'a' 00 00", MALFORMED, "half a second filter");
}

#[test]
fn subscription_identifier() {
    let subscribe = |properties: &str| {
        let length = crate::vector::bytes_of(properties).len();
        framed("82", &format!("0001 {length:02X} {properties} 0001 'a' 00"))
    };
    take(S5, &subscribe("0B FFFFFF7F"), "the largest");
    refuse(S5, &subscribe("0B 00"), PROTOCOL, "0 (3.8.2.1.2)");
    refuse(S5, &subscribe("0B 01 0B 02"), PROTOCOL, "twice (3.8.2.1.2)");
    refuse(S5, &subscribe("0B 80808080 01"), MALFORMED, "a fifth byte (1.5.5)");
    refuse(S5, &subscribe("0B 8100"), MALFORMED, "not its shortest form [MQTT-1.5.5-1]");
}
