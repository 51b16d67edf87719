use super::*;

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn a_flood_waits_and_is_then_turned_away_and_nobody_else_is() {
    let limits = DoorLimits { connection_rate: 10, ..DoorLimits::default() };
    let door = Door::new(limits, Accounts::default());
    let (flood, witness) = (Network::of("127.0.0.1:1"), Network::of("127.0.0.2:1"));
    let now = SECOND * 100;
    let first: Vec<_> = (0..200).map(|_| door.admit(flood, now)).collect();
    assert!(first[..100].iter().all(|it| *it == Admission::Now), "ten seconds' worth at once");
    assert_eq!(first[100], Admission::After(SECOND / 10));
    assert_eq!(first[119], Admission::After(SECOND * 2));
    assert!(first[120..].iter().all(|it| *it == Admission::Never));
    assert_eq!(door.admit(witness, now), Admission::Now);
    assert_eq!(door.admit(flood, now + SECOND * 3), Admission::Now);
    door.set_limits(DoorLimits { connection_rate: 0, ..DoorLimits::default() });
    assert_eq!(door.admit(flood, now), Admission::Now, "a reload lifts it");
}
