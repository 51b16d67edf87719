//! CONNECT (chapter 3.1).

use super::Reader::FreshServer;
use super::{Kind, MALFORMED, PROTOCOL, framed, refuse, take};

fn no(bytes: &str, kind: Kind, rule: &str) {
    refuse(FreshServer, bytes, kind, rule);
}

#[test]
fn protocol_name_and_version() {
    for level in [0_u8, 1, 3, 6, 0x84, 255] {
        let bytes = format!("10 0D 0004 'MQTT' {level:02X} 02 0000 0001 'c'");
        no(&bytes, Kind::Unsupported(level), "another level [MQTT-3.1.2-2]");
    }
    no("10 0F 0006 'MQIsdp' 03 02 0000 0001 'c'", Kind::Unsupported(3), "MQTT 3.1 [MQTT-3.1.2-2]");
    no("10 0F 0006 'MQIsdp' 04 02 0000 0001 'c'", Kind::Unsupported(4), "the name of MQTT 3.1");
    for name in ["mqtt", "MQTX", "HTTP"] {
        let bytes = format!("10 0D 0004 '{name}' 04 02 0000 0001 'c'");
        no(&bytes, MALFORMED, "another name [MQTT-3.1.2-1]");
    }
    no("10 0E 0005 'MQTTT' 04 02 0000 0001 'c'", MALFORMED, "a longer name [MQTT-3.1.2-1]");
    no("10 09 0000 04 02 0000 0001 'c'", MALFORMED, "no name [MQTT-3.1.2-1]");
}

/// What does not match the format is refused [MQTT-3.1.4-1].
#[test]
fn flags_in_both_versions() {
    for (version, property_length) in [("04", ""), ("05", "00")] {
        let connect = |flags: &str, payload: &str| {
            let tail = format!("'MQTT' {version} {flags} 0000 {property_length} 0001 'c' {payload}");
            framed("10", &format!("0004 {tail}"))
        };
        take(FreshServer, &connect("02", ""), "a plain CONNECT");
        no(&connect("03", ""), MALFORMED, "the reserved flag [MQTT-3.1.2-3]");
        no(&connect("0A", ""), MALFORMED, "Will QoS alone [MQTT-3.1.2-11] [MQTT-3.1.2-13 (3.1.1)]");
        no(&connect("12", ""), MALFORMED, "Will QoS alone [MQTT-3.1.2-11] [MQTT-3.1.2-11 (3.1.1)]");
        no(&connect("22", ""), MALFORMED, "Will Retain alone [MQTT-3.1.2-13] [MQTT-3.1.2-15 (3.1.1)]");
        let will = format!("{property_length} 0001 'w' 0000");
        take(FreshServer, &connect("36", &will), "Will QoS 2 [MQTT-3.1.2-12]");
        no(&connect("1E", &will), MALFORMED, "Will QoS 3 [MQTT-3.1.2-12] [MQTT-3.1.2-14 (3.1.1)]");
        no(&connect("06", ""), MALFORMED, "no Will [MQTT-3.1.2-9]");
        no(&connect("02", &will), MALFORMED, "a Will without its flag [MQTT-3.1.2-11 (3.1.1)]");
        no(&connect("82", ""), MALFORMED, "no User Name [MQTT-3.1.2-17] [MQTT-3.1.2-19 (3.1.1)]");
        no(&connect("02", "0001 'u'"), MALFORMED, "a User Name [MQTT-3.1.2-16] [MQTT-3.1.2-18 (3.1.1)]");
        no(&connect("C2", "0001 'u'"), MALFORMED, "no Password [MQTT-3.1.2-19] [MQTT-3.1.2-21 (3.1.1)]");
        let both = "0001 'u' 0001 'p'";
        no(&connect("82", both), MALFORMED, "a Password [MQTT-3.1.2-18] [MQTT-3.1.2-20 (3.1.1)]");
        take(FreshServer, &connect("C2", both), "User Name and Password");
        no(&connect("C2", "0001 'u' 0002 'p'"), MALFORMED, "a Password cut short");
    }
    no(
        "10 10 0004 'MQTT' 04 42 0000 0001 'c' 0001 'p'",
        MALFORMED,
        "a Password alone [MQTT-3.1.2-22 (3.1.1)]",
    );
}

/// Strict UTF-8, whatever the version [MQTT-1.5.3-1 (3.1.1)] [MQTT-1.5.3-2 (3.1.1)].
#[test]
fn strings() {
    for (version, property_length) in [("04", ""), ("05", "00")] {
        let connect = |flags: &str, payload: &str| {
            let tail = format!("'MQTT' {version} {flags} 0000 {property_length} {payload}");
            framed("10", &format!("0004 {tail}"))
        };
        no(&connect("02", ""), MALFORMED, "no Client Identifier [MQTT-3.1.3-3]");
        take(FreshServer, &connect("02", "0004 E282AC61"), "a three-byte character");
        let ill_formed =
            ["80", "FF", "C080", "C1BF", "E28228", "E282", "EDA080", "EDBFBF", "F0808080", "F4908080"];
        let nul = ["00", "6100", "6162636465666700", "616263646566676800 69"];
        for text in ill_formed.iter().chain(&nul) {
            let length = crate::vector::bytes_of(text).len();
            let text = &format!("{length:04X} {text}");
            let rule = "the Client Identifier is UTF-8 [MQTT-3.1.3-4] [MQTT-1.5.4-1] [MQTT-1.5.4-2]";
            no(&connect("02", text), MALFORMED, rule);
            let rule = "the User Name is UTF-8 [MQTT-3.1.3-12] [MQTT-3.1.3-11 (3.1.1)]";
            no(&connect("82", &format!("0000 {text}")), MALFORMED, rule);
            let rule = "the Will Topic is UTF-8 [MQTT-3.1.3-11] [MQTT-3.1.3-10 (3.1.1)]";
            no(&connect("06", &format!("0000 {property_length} {text} 0000")), MALFORMED, rule);
        }
        for name in ["0000", "0001 '#'", "0003 'a/+'"] {
            let rule = "the Will Topic is a Topic Name [MQTT-4.7.3-1] [MQTT-4.7.0-1]";
            no(&connect("06", &format!("0000 {property_length} {name} 0000")), MALFORMED, rule);
        }
        take(FreshServer, &connect("02", "0004 011FC285"), "control characters may be");
    }
}

#[test]
fn properties() {
    let connect = |properties: &str| {
        let length = crate::vector::bytes_of(properties).len();
        framed("10", &format!("0004 'MQTT' 05 02 0000 {length:02X} {properties} 0001 'c'"))
    };
    take(FreshServer, &connect("11 00000000 22 0000"), "a Topic Alias Maximum of 0");
    no(&connect("21 0000"), PROTOCOL, "a Receive Maximum of 0 (3.1.2.11.3)");
    no(&connect("27 00000000"), PROTOCOL, "a Maximum Packet Size of 0 (3.1.2.11.4)");
    no(&connect("17 02"), PROTOCOL, "Request Problem Information (3.1.2.11.7)");
    no(&connect("19 FF"), PROTOCOL, "Request Response Information (3.1.2.11.6)");
    no(&connect("16 0001 00"), PROTOCOL, "Authentication Data without a method (3.1.2.11.10)");
    take(FreshServer, &connect("16 0001 00 15 0001 'm'"), "the method may come behind its data");
    let will = "10 16 0004 'MQTT' 05 06 0000 00 0001 'c' 02 01 02 0001 'w' 0000";
    no(will, PROTOCOL, "a Payload Format Indicator of 2 in the Will (3.1.3.2.3)");
    let will = "10 19 0004 'MQTT' 05 06 0000 00 0001 'c' 05 08 0002 'a+' 0001 'w' 0000";
    no(will, MALFORMED, "a wildcard in the Will's Response Topic [MQTT-3.3.2-14]");
}
