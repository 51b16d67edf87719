//! Sparkplug B: nodes, their devices, host applications.

use headcount_page::store::{
    LinkEvent, Millis,
    event::{Kind, Timed},
};

use super::{on_foreign, told};
use crate::stage::{NOON, Stage};

fn watching() -> Stage {
    on_foreign("sparkplug")
}

/// A payload of Sparkplug B: a timestamp, the metric `bdSeq`, another metric, `seq`.
fn payload(timestamp: u64, birth: Option<u64>) -> Vec<u8> {
    fn number(out: &mut Vec<u8>, mut value: u64) {
        while value > 0x7f {
            out.push(value.to_le_bytes()[0] | 0x80);
            value >>= 7;
        }
        out.push(value.to_le_bytes()[0]);
    }
    fn metric(out: &mut Vec<u8>, name: &str, value: u64) {
        let mut inner = vec![0x0a, u8::try_from(name.len()).unwrap()];
        inner.extend(name.as_bytes());
        // timestamp, datatype 8, is_null, a double that nobody asked for, long_value
        inner.extend([0x18, 5, 0x20, 8, 0x38, 0, 0x69, 1, 2, 3, 4, 5, 6, 7, 8, 0x58]);
        number(&mut inner, value);
        out.extend([0x12, u8::try_from(inner.len()).unwrap()]);
        out.extend(inner);
    }
    let mut out = vec![0x08];
    number(&mut out, timestamp);
    if let Some(birth) = birth {
        metric(&mut out, "bdSeq", birth);
    }
    metric(&mut out, "Temperature", 7);
    out.extend([0x18, 0]);
    out
}

#[test]
fn sparkplug_nodes_and_devices() {
    let mut stage = watching();
    let ms = u64::try_from(NOON).unwrap() + 100;
    stage.message("spBv1.0/plant/NBIRTH/press", payload(ms, Some(3)));
    stage.message("spBv1.0/plant/DBIRTH/press/arm", payload(ms + 5, None));
    let [device, node] = <[_; 2]>::try_from(stage.events()).unwrap();
    assert_eq!(
        (&*node.client.id, node.at, node.timed),
        ("plant/press", Millis(NOON + 100), Timed::ByMessage)
    );
    assert_eq!(node.detail.as_deref(), Some("NBIRTH, bdSeq 3"));
    assert_eq!((&*device.client.id, device.detail.as_deref()), ("plant/press/arm", Some("DBIRTH")));
    stage.message("spBv1.0/plant/DDEATH/press/arm", payload(ms + 900, None));
    assert_eq!(stage.events()[0].lasted, Some(895));
    // The node comes again before the Will of its old connection does.
    stage.advance(1_000);
    stage.message("spBv1.0/plant/NBIRTH/press", payload(ms + 3_500, Some(4)));
    stage.message("spBv1.0/plant/NDEATH/press", payload(ms, Some(3)));
    assert_eq!(told(&stage)[0], "late end plant/press");
    assert_eq!(stage.here(), ["plant/press"]);
    stage.message("spBv1.0/plant/NDEATH/press", payload(ms + 3_500, Some(4)));
    let death = stage.events().remove(0);
    assert_eq!(
        (death.kind, death.timed),
        (Kind::Disconnected, Timed::ByReceipt),
        "the Will's time is its making"
    );
    assert_eq!(stage.here(), [""; 0]);
}

#[test]
fn sparkplug_hosts() {
    let mut stage = watching();
    let says = |online: bool, at: i64| format!(r#"{{"online":{online},"timestamp":{}}}"#, NOON + at);
    stage.message("spBv1.0/STATE/scada", says(true, 100));
    assert_eq!(stage.store.present().list(1)[0].since, Millis(NOON + 100));
    stage.message("spBv1.0/STATE/scada", says(true, 200));
    stage.message("spBv1.0/STATE/scada", says(false, 100));
    assert_eq!(stage.here(), ["scada"], "the Will of the one before");
    stage.message("spBv1.0/STATE/scada", says(false, 200));
    assert_eq!(stage.here(), [""; 0]);
    stage.message("spBv1.0/STATE/scada", "ONLINE");
    assert!(told(&stage)[0].starts_with("unreadable"));
    stage.message("spBv1.0/plant/NBIRTH/press", [0xff; 12]);
    assert!(
        matches!(&stage.events()[0].kind, Kind::Unreadable(why) if &**why == "the payload is no Sparkplug B")
    );
}

/// A payload in hexadecimal, as npm's `sparkplug-payload` 1.0.3 encodes it, or `mqtt_spb_wrapper` 2.1.2 for Python.
fn encoded(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

const NBIRTH_3: &str = "08e48ce9ef9f34121a0a144e6f646520436f6e74726f6c2f52656269727468200b700012140a0d50726f706572746965732f6877200c7a0178120b0a056264536571200858031800";
const NBIRTH_COMPRESSED: &str = "221253504256312e305f434f4d505245535345442a1e789ce378d2f3f2fd7c13216e2ed6a494e0d442058e0866090600648106da";
const NDEATH_0: &str = "08e48ce9ef9f34120b0a05626453657120085800";
const NDEATH_3: &str = "08e48ce9ef9f34120b0a05626453657120085803";
const NDEATH_255: &str = "08e48ce9ef9f34120c0a056264536571200858ff01";
const NDEATH_0_OF_PYTHON: &str = "12120a056264536571189c85c68ba03420045800";
const DBIRTH: &str = "08e98ce9ef9f3412110a0474656d70200a6900000000008035401801";

#[test]
fn what_another_encoder_writes() {
    let mut stage = watching();
    stage.message("spBv1.0/plant/NBIRTH/press", encoded(NBIRTH_3));
    stage.message("spBv1.0/plant/DBIRTH/press/arm", encoded(DBIRTH));
    let [device, node] = <[_; 2]>::try_from(stage.events()).unwrap();
    assert_eq!((node.detail.as_deref(), node.at), (Some("NBIRTH, bdSeq 3"), Millis(NOON + 100)));
    assert_eq!((device.detail.as_deref(), device.at), (Some("DBIRTH"), Millis(NOON + 105)));
    for other in [NDEATH_0, NDEATH_0_OF_PYTHON, NDEATH_255] {
        stage.message("spBv1.0/plant/NDEATH/press", encoded(other));
        assert_eq!(told(&stage)[0], "late end plant/press");
    }
    assert_eq!(stage.here(), ["plant/press/arm", "plant/press"]);
    stage.message("spBv1.0/plant/NDEATH/press", encoded(NDEATH_3));
    assert_eq!(stage.here(), [""; 0]);
    // A birth that is compressed names no bdSeq: any death ends it.
    stage.message("spBv1.0/plant/NBIRTH/press", encoded(NBIRTH_COMPRESSED));
    assert_eq!((stage.here(), stage.events()[0].timed), (vec!["plant/press".to_owned()], Timed::ByReceipt));
    stage.message("spBv1.0/plant/NDEATH/press", encoded(NDEATH_255));
    assert_eq!(stage.here(), [""; 0]);
}

#[test]
fn devices_go_with_their_node() {
    let mut stage = watching();
    let ms = u64::try_from(NOON).unwrap() + 100;
    let birth = |stage: &mut Stage, number| {
        stage.message("spBv1.0/plant/NBIRTH/press", payload(ms, Some(number)));
    };
    birth(&mut stage, 255);
    for device in
        ["plant/DBIRTH/press/arm", "plant/DBIRTH/press/belt", "plant/DBIRTH/press2/arm", "x/DBIRTH/press/arm"]
    {
        stage.message(&format!("spBv1.0/{device}"), payload(ms + 1, None));
    }
    stage.message("spBv1.0/plant/DDEATH/press/belt", payload(ms + 2, None));
    stage.message("spBv1.0/plant/NDEATH/press", payload(ms, Some(254)));
    assert_eq!(stage.here().len(), 4, "one device's death takes one, a death of another birth none");
    stage.message("spBv1.0/plant/NDEATH/press", payload(ms, Some(255)));
    assert_eq!(stage.here(), ["plant/press2/arm", "x/press/arm"]);
    assert_eq!(told(&stage)[..2], ["disconnected plant/press", "disconnected plant/press/arm"]);
    let device = stage.events().remove(1);
    assert_eq!(device.detail.as_deref(), Some("with plant/press"));
    assert_eq!((device.timed, &*device.topic), (Timed::ByReceipt, "spBv1.0/plant/NDEATH/press"));
    assert!(device.lasted.is_some());
}

#[test]
fn another_birth_ends_the_devices_of_the_one_before() {
    let mut stage = watching();
    let ms = u64::try_from(NOON).unwrap() + 100;
    let say = |stage: &mut Stage, topic: &str, number| {
        stage.message(&format!("spBv1.0/plant/{topic}"), payload(ms, number));
    };
    say(&mut stage, "NBIRTH/press", Some(255));
    say(&mut stage, "DBIRTH/press/arm", None);
    // Asked to be born again, on the same connection.
    say(&mut stage, "NBIRTH/press", Some(255));
    assert_eq!(stage.here(), ["plant/press", "plant/press/arm"]);
    // 0 follows 255; the Will of the old connection has not come yet.
    say(&mut stage, "NBIRTH/press", Some(0));
    assert_eq!(stage.here(), ["plant/press"]);
    assert_eq!(told(&stage)[..2], ["connected plant/press", "disconnected plant/press/arm"]);
    say(&mut stage, "DBIRTH/press/arm", None);
    say(&mut stage, "NDEATH/press", Some(255));
    assert_eq!(stage.here(), ["plant/press", "plant/press/arm"]);
}

#[test]
fn a_birth_that_this_page_slept_through_is_not_held_against_its_death() {
    let mut stage = watching();
    let ms = u64::try_from(NOON).unwrap() + 100;
    stage.message("spBv1.0/plant/NBIRTH/press", payload(ms, Some(3)));
    stage.lose("gone");
    stage.fold(LinkEvent::Connected {
        protocol: headcount_page::store::connection::Protocol::V5,
        client_id: "page",
        assigned: false,
        again: false,
    });
    stage.answer(|_| 0);
    stage.advance(3_000);
    stage.answer(|_| 0);
    stage.message("spBv1.0/plant/NDEATH/press", payload(ms, Some(4)));
    assert_eq!(told(&stage)[0], "disconnected plant/press");
    assert_eq!(stage.here(), [""; 0]);
}
