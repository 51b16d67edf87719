//! What a broker does not tell is said.

use crate::stage::Stage;

fn refusing(filters: &[&str]) -> Stage {
    let mut stage = Stage::new();
    stage.want("alice");
    stage.connect(|filter| if filters.contains(&filter) { 0x87 } else { 0 });
    stage
}

#[test]
fn nothing_is_missing_on_a_headcount_broker() {
    assert_eq!(Stage::live().store.missing(), None);
    assert_eq!(Stage::new().store.missing(), None);
}

#[test]
fn another_broker_lacks_reasons() {
    let mut stage = Stage::on_another_broker();
    assert_eq!(stage.store.missing(), None, "it may still speak");
    let before = stage.store.versions().status;
    stage.advance(3_000);
    let missing = stage.store.missing().unwrap();
    assert_eq!(
        missing.what,
        ["reasons", "transports and addresses", "refused attempts", "who was here before this page"]
    );
    assert!(missing.why.contains("no $headcount topics"));
    assert!(stage.store.versions().status > before, "the banner is told");
}

#[test]
fn a_plain_account_sees_itself_only() {
    let wide = ["$headcount/+/clients/+", "$headcount/+/events", "+/clients"];
    assert_eq!(refusing(&wide).store.missing().unwrap().what, ["other accounts"]);
    let events = ["$headcount/+/events", "$headcount/alice/events"];
    assert!(
        refusing(&events)
            .store
            .missing()
            .unwrap()
            .why
            .contains("refused the subscription to $headcount/…/events")
    );
    let present = ["$headcount/+/clients/+", "$headcount/alice/clients/+"];
    assert_eq!(refusing(&present).store.missing().unwrap().what, ["who was here before this page"]);
    let all = [&wide[..], &events, &present, &["alice/clients"]].concat();
    assert!(refusing(&all).store.missing().unwrap().why.contains("both"));
}
