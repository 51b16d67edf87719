//! The hex dump: sixteen bytes a row, in pieces of one field each, so that a field and its bytes can be lit together.

use std::ops::Range;

use headcount_mqtt::dissect::Dissection;

use super::ndjson;

/// Bytes of a row.
const ROW: usize = 16;

/// Sixteen bytes, or the last ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DumpRow {
    /// Number of the first byte.
    pub offset: usize,
    /// The bytes, by field.
    pub parts: Vec<DumpPart>,
}

/// Bytes of one field in one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DumpPart {
    /// All bytes of the field, also those of other rows.
    pub field: Range<usize>,
    /// `30 0e `, a dot for each half of a hidden byte.
    pub hex: String,
    /// The characters of ASCII, and dots.
    pub ascii: String,
}

/// The first `limit` bytes of a packet.
pub fn dump(bytes: &[u8], read: &Dissection, limit: usize) -> Vec<DumpRow> {
    let end = bytes.len().min(limit);
    let fields: Vec<Range<usize>> =
        read.leaves().map(|field| field.bytes.clone()).filter(|bytes| !bytes.is_empty()).collect();
    let mut rows = Vec::new();
    let mut place = 0;
    for offset in (0..end).step_by(ROW) {
        let row_end = (offset + ROW).min(end);
        let mut parts = Vec::new();
        let mut at = offset;
        while at < row_end {
            while fields.get(place).is_some_and(|field| field.end <= at) {
                place += 1;
            }
            // Every byte has its field; were there none, the row would be one.
            let field = fields.get(place).cloned().unwrap_or(at..row_end);
            let part_end = field.end.min(row_end).max(at + 1);
            parts.push(part(bytes, at..part_end, field, &read.hidden));
            at = part_end;
        }
        rows.push(DumpRow { offset, parts });
    }
    rows
}

fn part(bytes: &[u8], range: Range<usize>, field: Range<usize>, hidden: &Range<usize>) -> DumpPart {
    let (mut hex, mut ascii) = (String::new(), String::new());
    for at in range {
        let byte = bytes[at];
        if hidden.contains(&at) {
            hex.push_str("··");
            ascii.push('•');
        } else {
            ndjson::hex(&mut hex, &[byte]);
            ascii.push(if (b' '..=b'~').contains(&byte) { char::from(byte) } else { '.' });
        }
        hex.push(' ');
    }
    DumpPart { field, hex, ascii }
}

/// `000a`, of as many digits as four or the number takes.
pub fn offset(mut number: usize) -> String {
    let mut bytes = Vec::new();
    while number > 0 || bytes.len() < 2 {
        bytes.insert(0, number.to_le_bytes()[0]);
        number >>= 8;
    }
    let mut text = String::new();
    ndjson::hex(&mut text, &bytes);
    text
}
