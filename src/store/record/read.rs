//! Lines of JSON to rows. A file is read as a whole or not at all.

use std::sync::Arc;

use super::{ROWS_MAX, VERSION, base64, rebuild};
use crate::store::{
    Millis,
    event::{Event, Kind},
    json::Json,
    row::{Body, Gap},
    timeline::MAX_BYTES,
};

/// Bytes of a file that is read: the largest timeline's, each byte of it escaped.
pub const FILE_MAX: usize = 2 * MAX_BYTES + (16 << 20);

/// Members of a message, and of what the page knew beside it.
const MESSAGE: [&str; 6] = ["received", "topic", "payload", "base64", "feed", "known"];
const KNOWN: [&str; 4] = ["status", "account", "address", "lasted"];

/// Reads a record; gives its rows in the order of the file.
///
/// # Errors
/// The line and the member that are wrong, as half a sentence without a full stop.
pub fn read(file: &[u8]) -> Result<Vec<Body>, String> {
    if file.len() > FILE_MAX {
        return Err(format!("it has more than {FILE_MAX} bytes"));
    }
    let mut lines = (1_usize..).zip(file.split(|byte| *byte == b'\n'));
    let mut lines = lines.by_ref().filter(|(_, line)| !line.trim_ascii().is_empty());
    let first = lines.next().map_or(&[][..], |(_, line)| line);
    let promised: usize = header(first).map_err(|why| {
        format!("its first line is not that of a record, {{\"headcount\":\"record\",\"version\":1,\"rows\":…}}: {why}")
    })?;
    let mut topic: Arc<str> = Arc::default();
    let mut rows = Vec::new();
    for (number, line) in lines {
        let row = read_line(&mut topic, line).map_err(|why| format!("line {number}: {why}"))?;
        if rows.len() == ROWS_MAX {
            return Err(format!("line {number}: a record has {ROWS_MAX} rows at most"));
        }
        rows.push(row);
    }
    if rows.len() != promised {
        return Err(format!(
            "its first line promises {promised} rows and it has {}: it is not whole",
            rows.len()
        ));
    }
    Ok(rows)
}

fn header(line: &[u8]) -> Result<usize, String> {
    let json = object(line, &["headcount", "version", "rows"])?;
    if needed("headcount", json.text("headcount")?)? != "record" {
        return Err("\"headcount\" is not \"record\"".to_owned());
    }
    let version: u64 = needed("version", json.number("version")?)?;
    if version != VERSION {
        return Err(format!("\"version\" is {version}, and this page reads {VERSION}"));
    }
    needed("rows", json.number("rows")?)
}

fn read_line(shared: &mut Arc<str>, line: &[u8]) -> Result<Body, String> {
    let json = object(line, &[&MESSAGE[..], &["gap", "to", "why", "watching"]].concat())?;
    if json.get("gap").is_some() {
        only(&json, &["gap", "to", "why"])?;
        let from = needed("gap", moment(&json, "gap")?)?;
        let to = moment(&json, "to")?;
        return Ok(Body::Gap(Gap { from, to, why: needed("why", json.text("why")?)?.into() }));
    }
    if json.get("watching").is_some() {
        only(&json, &["watching"])?;
        return Ok(Body::Started(needed("watching", moment(&json, "watching")?)?));
    }
    only(&json, &MESSAGE)?;
    let received = needed("received", moment(&json, "received")?)?;
    let topic = needed("topic", json.text("topic")?)?;
    if **shared != *topic {
        *shared = topic.into();
    }
    let payload = match (json.text("payload")?, json.text("base64")?) {
        (Some(text), None) => text.as_bytes().to_vec(),
        (None, Some(text)) => base64::decode(text).ok_or("\"base64\" is no Base64 of RFC 4648")?,
        _ => return Err("a message has either \"payload\" or \"base64\"".to_owned()),
    };
    let mut event = rebuild::event(received, shared, &payload, json.text("feed")?)?;
    if let Some(known) = json.object("known")? {
        complete(&mut event, known)?;
    }
    Ok(Body::Event(event))
}

/// Adds what the page knew when the message came, and the message does not say.
fn complete(event: &mut Event, known: &Json<'_>) -> Result<(), String> {
    only(known, &KNOWN)?;
    if let Some(status) = known.text("status")? {
        event.kind = Kind::from_name(status);
    }
    if let Some(account) = known.text("account")? {
        event.client.account = account.into();
    }
    if let Some(address) = known.text("address")? {
        event.client.address = Some(address.into());
    }
    if let Some(lasted) = known.number("lasted")? {
        event.lasted = Some(lasted);
    }
    Ok(())
}

/// A line that is an object of these members, each once.
fn object<'a>(line: &'a [u8], known: &[&str]) -> Result<Json<'a>, String> {
    let json = Json::read(line).map_err(|why| why.replace(" at line 1 column ", " at column "))?;
    if !matches!(json, Json::Object(_)) {
        return Err("it is no object".to_owned());
    }
    only(&json, known)?;
    Ok(json)
}

fn only(json: &Json<'_>, known: &[&str]) -> Result<(), String> {
    let Json::Object(members) = json else { return Ok(()) };
    for (at, (name, value)) in members.iter().enumerate() {
        if !known.contains(&&**name) {
            return Err(format!("\"{name}\" has no place in such a line"));
        }
        if *value == Json::Null {
            return Err(format!("\"{name}\" is null"));
        }
        if members.iter().take(at).any(|(earlier, _)| earlier == name) {
            return Err(format!("\"{name}\" is there twice"));
        }
    }
    Ok(())
}

fn needed<T>(name: &str, value: Option<T>) -> Result<T, String> {
    value.ok_or_else(|| format!("\"{name}\" is missing"))
}

fn moment(json: &Json<'_>, name: &str) -> Result<Option<Millis>, String> {
    let Some(text) = json.text(name)? else { return Ok(None) };
    let at = Millis::from_rfc3339(text);
    at.map(Some).ok_or_else(|| format!("\"{name}\" is {text}, which is no moment of RFC 3339"))
}
