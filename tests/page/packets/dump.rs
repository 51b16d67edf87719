//! The hex dump by fields.

use headcount_mqtt::{ProtocolVersion::V311, QoS};
use headcount_page::wire::{dump, offset};

use super::{Bench, connect, publish};

#[test]
fn bytes_stand_in_rows_of_sixteen_by_field() {
    let mut bench = Bench::new();
    bench.connect(0, "c", V311);
    bench.receive(0, &publish("chat/a", 0, QoS::AtMostOnce, "0123456789é", V311));
    let packet = bench.wire.get(2).unwrap();
    let rows = dump(&packet.bytes, &packet.dissect(), usize::MAX);
    let parts = rows.iter().flat_map(|row| row.parts.iter().map(|part| (row.offset, part)));
    let told: Vec<(usize, usize, usize, &str, &str)> = parts
        .map(|(row, part)| (row, part.field.start, part.field.end, part.hex.trim_end(), part.ascii.as_str()))
        .collect();
    let expected = [
        (0, 0, 1, "30", "0"),
        (0, 1, 2, "14", "."),
        (0, 2, 10, "00 06 63 68 61 74 2f 61", "..chat/a"),
        (0, 10, 22, "30 31 32 33 34 35", "012345"),
        (16, 10, 22, "36 37 38 39 c3 a9", "6789.."),
    ];
    assert_eq!(told, expected);
    assert_eq!(dump(&packet.bytes, &packet.dissect(), 3).len(), 1);
}

#[test]
fn a_password_is_dots() {
    let mut bench = Bench::new();
    bench.send(0, &connect("c", V311));
    let packet = bench.wire.get(0).unwrap();
    let rows = dump(&packet.bytes, &packet.dissect(), usize::MAX);
    let last = rows.last().unwrap().parts.last().unwrap();
    assert!(last.hex.ends_with("·· ·· "));
    assert!(last.ascii.ends_with("••"));
    let dots: usize =
        rows.iter().flat_map(|row| &row.parts).map(|part| part.ascii.matches('•').count()).sum();
    assert_eq!(dots, 13);
}

#[test]
fn offsets_have_four_digits_or_more() {
    assert_eq!([0, 16, 0xFFF0, 0x1_0000].map(offset), ["0000", "0010", "fff0", "010000"]);
}
