//! Rows as a table for a spreadsheet: RFC 4180, UTF-8, and no cell that a spreadsheet would take for a formula.

use std::sync::Arc;

use crate::store::{
    Millis,
    event::{Event, Kind, Transport},
    row::{Body, Row},
};

const HEADER: [&str; 14] = [
    "time",
    "status",
    "reason",
    "client",
    "account",
    "address",
    "transport",
    "protocol",
    "keep_alive",
    "clean_start",
    "lasted_ms",
    "detail",
    "number",
    "topic",
];

/// A table of these rows, in their order. What the page did not see is a row of the status `not watching`.
pub fn csv(rows: &[Arc<Row>]) -> String {
    let mut out = String::new();
    line(&mut out, HEADER);
    for row in rows {
        match &row.body {
            Body::Event(event) => happening(&mut out, event),
            Body::Gap(gap) => {
                let lasted = gap.to.map(|to| to.since(gap.from).to_string()).unwrap_or_default();
                silence(&mut out, gap.from, "not watching", &lasted, &gap.why);
            }
            Body::Started(at) => silence(&mut out, *at, "watching", "", ""),
        }
    }
    out
}

fn happening(out: &mut String, event: &Event) {
    let client = &event.client;
    let number = |number: Option<u64>| number.map(|number| number.to_string()).unwrap_or_default();
    let detail = match &event.kind {
        Kind::Unreadable(why) => why,
        _ => event.detail.as_deref().unwrap_or_default(),
    };
    let cells: [&str; HEADER.len()] = [
        &event.at.iso(),
        event.kind.name(),
        event.reason.as_deref().unwrap_or_default(),
        &client.id,
        &client.account,
        client.address.as_deref().unwrap_or_default(),
        client.transport.as_ref().map_or("", Transport::label),
        client.protocol.as_deref().unwrap_or_default(),
        &number(client.keep_alive.map(u64::from)),
        client.clean_start.map_or("", |flag| if flag { "true" } else { "false" }),
        &number(event.lasted.map(i64::unsigned_abs)),
        detail,
        &number(event.seq),
        &event.topic,
    ];
    line(out, cells);
}

fn silence(out: &mut String, at: Millis, status: &str, lasted: &str, why: &str) {
    line(out, [&at.iso(), status, "", "", "", "", "", "", "", "", lasted, why, "", ""]);
}

fn line(out: &mut String, cells: [&str; HEADER.len()]) {
    for (at, text) in cells.into_iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        cell(out, text);
    }
    out.push_str("\r\n");
}

/// Appends a cell: in quotes where it needs them, and with an apostrophe in front where a spreadsheet would begin to
/// compute. Who names a client `=HYPERLINK(…)` means the one who opens the file.
fn cell(out: &mut String, text: &str) {
    let is_quoted = text.contains(['"', ',', '\r', '\n']);
    if is_quoted {
        out.push('"');
    }
    // The wide forms of East Asia are taken for the narrow ones by some programs.
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) {
        out.push('\'');
    }
    for c in text.chars() {
        if c == '"' {
            out.push('"');
        }
        out.push(c);
    }
    if is_quoted {
        out.push('"');
    }
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn cells_are_quoted_and_guarded() {
        let cases = [
            ("lamp", "lamp"),
            ("", ""),
            ("a b", "a b"),
            ("a,b", "\"a,b\""),
            ("say \"hi\"", "\"say \"\"hi\"\"\""),
            ("two\nlines", "\"two\nlines\""),
            ("two\r\nlines", "\"two\r\nlines\""),
            ("=1+1", "'=1+1"),
            ("+49", "'+49"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\tx", "'\tx"),
            ("\rx", "\"'\rx\""),
            ("\nx", "\"'\nx\""),
            ("＝1", "'＝1"),
            ("=HYPERLINK(\"http://x\",\"y\")", "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\""),
            ("=a,b", "\"'=a,b\""),
            ("a=1", "a=1"),
            ("'=1", "'=1"),
            ("größe 🪔", "größe 🪔"),
        ];
        for (text, want) in cases {
            let mut out = String::new();
            cell(&mut out, text);
            assert_eq!(out, want, "{text:?}");
        }
    }
}
