//! Properties (chapter 2.2.2): which packet has which, once or often, whole.

use super::Reader::{self, FreshServer};
use super::{C5, MALFORMED, PROTOCOL, S5, framed, refuse, take};
use crate::vector;

/// Identifier, a legal value, and the places (table 2-4): C CONNECT, W Will, c CONNACK, P PUBLISH from a server,
/// a acknowledgements, SUBACK and UNSUBACK, S SUBSCRIBE, U UNSUBSCRIBE, d DISCONNECT from a client, D from a server,
/// A AUTH.
const TABLE: [(u8, &str, &str); 27] = [
    (0x01, "01", "PW"),
    (0x02, "00000001", "PW"),
    (0x03, "0001 't'", "PW"),
    (0x08, "0001 't'", "PW"),
    (0x09, "0001 00", "PW"),
    (0x0B, "01", "PS"),
    (0x11, "00000001", "Ccd"),
    (0x12, "0001 't'", "c"),
    (0x13, "0001", "c"),
    (0x15, "0001 't'", "CcA"),
    (0x16, "0001 00", "CcA"),
    (0x17, "01", "C"),
    (0x18, "00000001", "W"),
    (0x19, "01", "C"),
    (0x1A, "0001 't'", "c"),
    (0x1C, "0001 't'", "cD"),
    (0x1F, "0001 't'", "cadDA"),
    (0x21, "0001", "Cc"),
    (0x22, "0001", "Cc"),
    (0x23, "0001", "P"),
    (0x24, "01", "c"),
    (0x25, "01", "c"),
    (0x26, "0001 'k' 0001 'v'", "CWcPaSUdDA"),
    (0x27, "00000001", "Cc"),
    (0x28, "01", "c"),
    (0x29, "01", "c"),
    (0x2A, "01", "c"),
];

/// A place of the table, who reads it, its first byte, and what stands before and behind the properties.
const PLACES: [(char, Reader, &str, &str, &str); 15] = [
    ('C', FreshServer, "10", "0004 'MQTT' 05 02 0000", "0001 'c'"),
    ('W', FreshServer, "10", "0004 'MQTT' 05 06 0000 00 0001 'c'", "0001 'w' 0000"),
    ('c', C5, "20", "00 00", ""),
    ('P', C5, "30", "0001 't'", "'hey'"),
    ('a', S5, "40", "0001 00", ""),
    ('a', S5, "50", "0001 00", ""),
    ('a', S5, "62", "0001 00", ""),
    ('a', S5, "70", "0001 00", ""),
    ('S', S5, "82", "0001", "0001 'a' 00"),
    ('a', C5, "90", "0001", "00"),
    ('U', S5, "A2", "0001", "0001 'a'"),
    ('a', C5, "B0", "0001", "00"),
    ('d', S5, "E0", "00", ""),
    ('D', C5, "E0", "00", ""),
    ('A', C5, "F0", "18", ""),
];

/// Properties that only come with another one: Authentication Data, and AUTH's method with everything else.
fn companion(place: char, id: u8) -> &'static str {
    match (place, id) {
        ('A', 0x15) => "",
        ('A', _) | ('C', 0x16) => "15 0001 'm'",
        _ => "",
    }
}

fn packet(first: &str, before: &str, properties: &str, behind: &str) -> String {
    let length = vector::bytes_of(properties).len();
    framed(first, &format!("{before} {length:02X} {properties} {behind}"))
}

#[test]
fn each_in_each_place() {
    for (place, reader, first, before, behind) in PLACES {
        for (id, value, places) in TABLE {
            let property = format!("{} {id:02X} {value}", companion(place, id));
            let bytes = packet(first, before, &property, behind);
            if places.contains(place) {
                take(reader, &bytes, "a property of this packet");
            } else if matches!((place, id), ('d', 0x1C) | ('D', 0x11)) {
                refuse(reader, &bytes, PROTOCOL, "a property of DISCONNECT from the other side");
            } else {
                refuse(reader, &bytes, MALFORMED, "a property of another packet (2.2.2.2)");
            }
        }
        for id in (0..=255_u16).filter(|id| TABLE.iter().all(|(known, ..)| u16::from(*known) != *id)) {
            let id = if id < 128 { format!("{id:02X}") } else { format!("{:02X} 01", id & 0x7F | 0x80) };
            let bytes = packet(first, before, &format!("{id} 00"), behind);
            refuse(reader, &bytes, MALFORMED, "an unknown property (2.2.2.2)");
        }
    }
}

#[test]
fn twice() {
    for (place, reader, first, before, behind) in PLACES {
        for (id, value, _) in TABLE.iter().filter(|(_, _, places)| places.contains(place)) {
            let properties = format!("{} {id:02X} {value} {id:02X} {value}", companion(place, *id));
            let bytes = packet(first, before, &properties, behind);
            // User Properties repeat, and Subscription Identifiers in a PUBLISH.
            if *id == 0x26 || (*id == 0x0B && place == 'P') {
                take(reader, &bytes, "may repeat (2.2.2.2)");
            } else {
                refuse(reader, &bytes, PROTOCOL, "comes twice (2.2.2.2)");
            }
        }
    }
}

/// The Property Length ends inside of the property.
#[test]
fn cut_short() {
    for (place, reader, first, before, behind) in PLACES {
        for (id, value, _) in TABLE.iter().filter(|(_, _, places)| places.contains(place)) {
            let whole = vector::bytes_of(&format!("{id:02X} {value}"));
            for cut in 1..whole.len() {
                let hex = whole[..cut].iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().concat();
                let bytes = packet(first, before, &format!("{} {hex}", companion(place, *id)), behind);
                refuse(reader, &bytes, MALFORMED, "cut short (2.2.2)");
            }
        }
    }
}

/// A Property Length, or an identifier, that is no Variable Byte Integer in its shortest form [MQTT-1.5.5-1].
#[test]
fn lengths() {
    for (_, reader, first, before, behind) in PLACES {
        let not_shortest = framed(first, &format!("{before} 8000 {behind}"));
        refuse(reader, &not_shortest, MALFORMED, "0 in two bytes");
        let behind_the_end = framed(first, &format!("{before} 7F {behind}"));
        refuse(reader, &behind_the_end, MALFORMED, "more than there is");
        let identifier = packet(first, before, "A600 0001 'k' 0001 'v'", behind);
        refuse(reader, &identifier, MALFORMED, "an identifier in two bytes");
    }
}
