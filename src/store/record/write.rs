//! Rows to lines of JSON.

use std::sync::Arc;

use super::{VERSION, base64, rebuild};
use crate::store::{
    Millis,
    event::Event,
    json::quote,
    row::{Body, Gap, Row},
};

/// What RFC 3339 can write.
const YEARS: (Millis, Millis) = (Millis(-62_167_219_200_000), Millis(253_402_300_799_999));

/// A record of these rows, in their order.
pub fn write(rows: &[Arc<Row>]) -> String {
    let mut out = String::from("{\"headcount\":\"record\",\"version\":");
    number(&mut out, VERSION);
    out.push_str(",\"rows\":");
    number(&mut out, rows.len() as u64);
    out.push_str("}\n");
    for row in rows {
        match &row.body {
            Body::Event(event) => message(&mut out, event),
            Body::Gap(gap) => silence(&mut out, gap),
            Body::Started(at) => moment(&mut out, "{\"watching\":\"", *at),
        }
        out.push_str("}\n");
    }
    out
}

fn message(out: &mut String, event: &Event) {
    moment(out, "{\"received\":\"", event.received);
    out.push_str(",\"topic\":");
    quote(out, &event.topic);
    match str::from_utf8(&event.raw) {
        Ok(text) if is_legible(text) => {
            out.push_str(",\"payload\":");
            quote(out, text);
        }
        _ => {
            out.push_str(",\"base64\":\"");
            base64::encode(out, &event.raw);
            out.push('"');
        }
    }
    if let Some(feed) = rebuild::feed(event) {
        out.push_str(",\"feed\":");
        quote(out, feed);
    }
    if let Ok(read) = rebuild::event(event.received, &event.topic, &event.raw, rebuild::feed(event)) {
        known(out, event, &read);
    }
}

/// What the page knew when the message came, and `read`, which is the message alone, does not say: the status of a
/// client that another row had named, whose it is, since when it was there.
fn known(out: &mut String, event: &Event, read: &Event) {
    let mut before = ",\"known\":{";
    let mut member = |name: &str, write: &dyn Fn(&mut String)| {
        out.push_str(before);
        before = ",";
        quote(out, name);
        out.push(':');
        write(out);
    };
    if event.kind != read.kind {
        member("status", &|out| quote(out, event.kind.name()));
    }
    if event.client.account != read.client.account {
        member("account", &|out| quote(out, &event.client.account));
    }
    if let (true, Some(address)) = (event.client.address != read.client.address, &event.client.address) {
        member("address", &|out| quote(out, address));
    }
    if let (true, Some(lasted)) = (event.lasted != read.lasted, event.lasted) {
        member("lasted", &|out| number(out, lasted.unsigned_abs()));
    }
    if before == "," {
        out.push('}');
    }
}

fn silence(out: &mut String, gap: &Gap) {
    moment(out, "{\"gap\":\"", gap.from);
    if let Some(to) = gap.to {
        moment(out, ",\"to\":\"", to);
    }
    out.push_str(",\"why\":");
    quote(out, &gap.why);
}

/// Whether a text in quotes takes no more than twice its bytes: the bound of a file is made for that.
fn is_legible(text: &str) -> bool {
    text.bytes().all(|byte| byte >= b' ' || matches!(byte, b'\n' | b'\r' | b'\t'))
}

/// A moment in quotes. A broker may tell of the year -1; the edge of what can be written stands for it.
fn moment(out: &mut String, before: &str, at: Millis) {
    out.push_str(before);
    out.push_str(&at.clamp(YEARS.0, YEARS.1).iso());
    out.push('"');
}

fn number(out: &mut String, number: u64) {
    out.push_str(&number.to_string());
}
