//! Whatever comes, the page stands.

use headcount_page::store::adapters::Adapter;

use super::on_foreign;

const ALL: &str = "homeassistant,tasmota,zigbee2mqtt,esphome,sparkplug,homie";

/// xorshift64*: the same bytes on every run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(bound).unwrap()).unwrap()
    }
}

const SEEDS: [&[u8]; 12] = [
    br#"{"clientid":"lamp","username":"x","ipaddress":"::1","connected_at":1692069106000,"proto_ver":4,"keepalive":60}"#,
    br#"{"status":"offline","username":"(null)","ts":1,"reason_code":"8d","client_id":"lamp","IPv4":"1.2.3.4"}"#,
    b"1795306152: New client connected from 127.0.0.1:50942 as twin (p5, c1, k60, u'alice').",
    b"Client lamp [192.0.2.7:5] disconnected: exceeded timeout.",
    b"Bad socket read/write on client lamp: x",
    b"1",
    b"online",
    b"Offline",
    br#"{"state":"online"}"#,
    br#"{"online":true,"timestamp":18446744073709551615}"#,
    b"\x08\xc0\xc4\x07\x12\x0b\x0a\x05bdSeq\x58\x03\x18\x00",
    b"sleeping",
];

#[test]
fn no_payload_makes_it_panic_or_forget_a_bound() {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let mut stage = on_foreign(ALL);
    let filters: Vec<&str> = Adapter::ALL.iter().flat_map(|adapter| adapter.filters()).copied().collect();
    let names = ["lamp", "", "\u{1fa94}", "a b", "emqx@h", "1"];
    for round in 0..20_000 {
        let mut payload = SEEDS[random.below(SEEDS.len())].to_vec();
        for _ in 0..random.below(4) {
            match random.below(3) {
                0 if !payload.is_empty() => {
                    let at = random.below(payload.len());
                    payload[at] = random.next().to_le_bytes()[0];
                }
                1 => payload.truncate(random.below(payload.len() + 1)),
                _ => payload.insert(random.below(payload.len() + 1), random.next().to_le_bytes()[0]),
            }
        }
        let mut topic = filters[random.below(filters.len())].to_owned();
        while topic.contains('+') {
            topic = topic.replacen('+', names[random.below(names.len())], 1);
        }
        if random.below(2) == 0 {
            stage.message(&topic, &payload);
        } else {
            stage.retained(&topic, &payload);
        }
        assert!(stage.store.present().count() <= round + 1);
    }
    let unreadable = stage.events().iter().filter(|event| event.kind.name() == "unreadable").count();
    assert!(unreadable <= 20, "{unreadable} rows");
    assert!(stage.store.unreadable() > 20, "some are");
}

#[test]
fn lines_that_are_no_fact_make_no_row() {
    let mut stage = on_foreign("");
    for n in 0..50_000 {
        stage.message(
            "$SYS/broker/log/N",
            format!("1795262400: New connection from 192.0.2.7:{n} on port 1883."),
        );
    }
    assert_eq!((stage.events().len(), stage.store.unreadable()), (0, 0));
}
