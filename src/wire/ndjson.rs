//! The record as a file: a line of JSON for each packet.
//!
//! `{"time":"2026-11-21T20:14:03.123Z","connection":1,"client":"c","direction":"out","version":"5.0",
//! "type":"PUBLISH","topic":"a/b","bytes":"30…"}`. `type` and `topic` are there for those who read the file; the bytes
//! say them as well, and have to agree.

use std::sync::Arc;

use headcount_mqtt::{ProtocolVersion, dissect::Sender};

use super::{
    packet::{Raw, version_name},
    record::{BYTES_MAX, Record},
};
use crate::store::{
    Millis,
    json::{Json, quote},
};

/// Bytes of a file that is read: the largest record's, in hex and with the words around it.
pub const FILE_MAX: usize = 4 * BYTES_MAX;

/// All packets of a record, oldest first.
pub(super) fn write(record: &Record) -> String {
    let mut out = String::new();
    for packet in record.packets() {
        out.push_str("{\"time\":\"");
        out.push_str(&packet.at.iso());
        out.push_str("\",\"connection\":");
        out.push_str(&packet.connection.to_string());
        out.push_str(",\"client\":");
        quote(&mut out, &packet.client);
        out.push_str(",\"direction\":\"");
        out.push_str(if packet.is_sent() { "out" } else { "in" });
        out.push_str("\",\"version\":\"");
        out.push_str(version_name(packet.version));
        out.push_str("\",\"type\":\"");
        out.push_str(&packet.type_name());
        out.push_str("\",\"topic\":");
        quote(&mut out, &packet.topic);
        out.push_str(",\"bytes\":\"");
        hex(&mut out, &packet.bytes);
        out.push_str("\"}\n");
    }
    out
}

/// Reads a record.
///
/// # Errors
/// The line that is none and why, as a sentence without a full stop.
pub(super) fn read(file: &[u8]) -> Result<Record, String> {
    if file.len() > FILE_MAX {
        return Err(format!("the file has {} bytes; {FILE_MAX} are the most", file.len()));
    }
    let mut record = Record::default();
    for (number, line) in (1..).zip(file.split(|byte| *byte == b'\n')) {
        if line.trim_ascii().is_empty() {
            continue;
        }
        read_line(&mut record, line).map_err(|why| format!("line {number}: {why}"))?;
    }
    if record.is_empty() {
        return Err("the file has no packet".to_owned());
    }
    Ok(record)
}

fn read_line(record: &mut Record, line: &[u8]) -> Result<(), String> {
    let json = Json::read(line)?;
    let text = |name: &str| json.text(name)?.ok_or_else(|| format!("no \"{name}\""));
    let time = text("time")?;
    let at =
        Millis::from_rfc3339(time).ok_or_else(|| format!("\"time\" is {time}, which is none of RFC 3339"))?;
    let connection = json.number("connection")?.ok_or("no \"connection\"")?;
    let from = match text("direction")? {
        "out" => Sender::Client,
        "in" => Sender::Server,
        other => return Err(format!("\"direction\" is {other}, neither in nor out")),
    };
    let version = match text("version")? {
        "3.1.1" => ProtocolVersion::V311,
        "5.0" => ProtocolVersion::V5,
        other => return Err(format!("\"version\" is {other}, neither 3.1.1 nor 5.0")),
    };
    let bytes = unhex(text("bytes")?)?;
    let (topic, said) = (text("topic")?, text("type")?);
    let client = Arc::from(text("client")?);
    let packet = record.push(Raw { at, connection, client, from, version, bytes }, Some(topic));
    if packet.type_name() != said {
        return Err(format!("\"type\" is {said}, and the bytes are of a {}", packet.type_name()));
    }
    if packet.topic != topic {
        return Err(format!("\"topic\" is {topic}, and the bytes have {}", packet.topic));
    }
    Ok(())
}

/// Appends two digits for each byte.
pub(super) fn hex(out: &mut String, bytes: &[u8]) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    for byte in bytes {
        out.push(char::from(DIGITS[usize::from(byte >> 4)]));
        out.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
}

fn unhex(text: &str) -> Result<Vec<u8>, String> {
    if text.is_empty() {
        return Err("\"bytes\" is empty".to_owned());
    }
    let digits = text.bytes().enumerate().map(|(at, byte)| {
        let digit = char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        digit.ok_or_else(|| format!("\"bytes\" has no digit of hex at character {}", at + 1))
    });
    let digits = digits.collect::<Result<Vec<u8>, String>>()?;
    if digits.len() % 2 == 1 {
        return Err("\"bytes\" ends with half a byte".to_owned());
    }
    Ok(digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect())
}
