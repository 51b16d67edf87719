//! The bytes of MQTT 3.1.1 that the load is made of, written down once and copied from then on.

/// Bytes of each message's payload.
pub(crate) const PAYLOAD: usize = 64;

/// CONNECT with Clean Session and without Keep Alive.
pub(crate) fn connect(client_id: &str) -> Vec<u8> {
    let mut body = vec![0, 4, b'M', b'Q', b'T', b'T', 4, 2, 0, 0];
    text(&mut body, client_id);
    packet(0x10, &body)
}

/// SUBSCRIBE for one filter.
pub(crate) fn subscribe(filter: &str, qos: u8) -> Vec<u8> {
    let mut body = vec![0, 1];
    text(&mut body, filter);
    body.push(qos);
    packet(0x82, &body)
}

/// A PUBLISH whose Packet Identifier, at [`packet_id_at`], is still to be set.
pub(crate) fn publish(topic: &str, qos: u8) -> Vec<u8> {
    let mut body = Vec::new();
    text(&mut body, topic);
    if qos > 0 {
        body.extend([0, 0]);
    }
    body.extend([b'x'; PAYLOAD]);
    packet(0x30 | qos << 1, &body)
}

/// Where a PUBLISH of one Remaining Length byte has its Packet Identifier.
pub(crate) fn packet_id_at(topic: &str) -> usize {
    2 + 2 + topic.len()
}

/// PUBACK, PUBREC, PUBREL or PUBCOMP.
pub(crate) fn ack(first: u8, id: [u8; 2]) -> [u8; 4] {
    [first, 2, id[0], id[1]]
}

fn text(out: &mut Vec<u8>, text: &str) {
    let length = u16::try_from(text.len()).expect("names of the load are short");
    out.extend(length.to_be_bytes());
    out.extend(text.as_bytes());
}

fn packet(first: u8, body: &[u8]) -> Vec<u8> {
    let length = u8::try_from(body.len()).ok().filter(|length| *length < 128);
    let mut packet = vec![first, length.expect("packets of the load have one length byte")];
    packet.extend(body);
    packet
}
