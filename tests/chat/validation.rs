//! Stage 60: a worker judges every message.

use headcount_page::chat::store::{
    message::Mark,
    payload::{About, Said},
    stage::Stage,
    topic::{Step, message},
};

use crate::town::{Id, Town, person};

/// The worker's answer to the message with this text.
fn judge(town: &mut Town, id: Id, to: &str, from: &str, text: &str, reason: Option<&str>) {
    let thread = town.store(id).thread(&person(to)).unwrap();
    let said = thread.messages().find(|message| *message.content == *text).unwrap().id.to_string();
    let payload = headcount_page::chat::store::payload::message(&said, text, <_>::default(), None);
    let (step, payload) = match reason {
        Some(reason) => {
            let end = format!(",\"reason\":\"{reason}\"}}");
            (Step::Rejected, payload.strip_suffix('}').unwrap().to_owned() + &end)
        }
        None => (Step::Accepted, payload),
    };
    town.publish_as("backend", &message(to, from, step), &payload);
}

#[test]
fn a_message_waits_until_it_is_judged() {
    let mut town = Town::secure();
    let [vy, jo] = ["vy", "jo"].map(|name| town.open(name, Stage::Sixty));
    town.say(vy, "jo", "fine");
    town.say(vy, "jo", "darn");
    assert_eq!(town.marks(vy, "jo"), ["pending", "pending"]);
    assert!(town.shows(jo, "vy").is_empty());
    judge(&mut town, vy, "jo", "vy", "fine", None);
    judge(&mut town, vy, "jo", "vy", "darn", Some("no such words"));
    assert_eq!(town.shows(jo, "vy"), ["fine"]);
    let thread = town.store(vy).thread(&person("jo")).unwrap();
    let marks: Vec<_> = thread.messages().map(|message| message.mark.clone()).collect();
    assert_eq!(marks, [Mark::Accepted, Mark::Rejected("no such words".into())]);
}

#[test]
fn nobody_but_the_worker_answers() {
    let mut town = Town::secure();
    let [vy, jo] = ["vy", "jo"].map(|name| town.open(name, Stage::Sixty));
    town.say(vy, "jo", "fine");
    town.publish_as("vy", &message("jo", "vy", Step::Accepted), "{\"messageId\":\"1\",\"content\":\"fine\"}");
    assert!(town.shows(jo, "vy").is_empty());
    assert_eq!(town.marks(vy, "jo"), ["pending"]);
    assert_eq!(About::read(b"[]"), None);
    assert_eq!(Said::read(b"{}").reason, "");
}

#[test]
fn what_was_asked_before_any_worker_came_is_asked_again() {
    let mut town = Town::secure();
    let [vy, jo] = ["vy", "jo"].map(|name| town.open(name, Stage::Sixty));
    town.say(vy, "jo", "early");
    let worker_comes = |town: &mut Town, session: &str| {
        let before = town.requests();
        let status = format!(r#"{{"status":"online","session":"{session}"}}"#);
        town.publish_as("backend", "chat/status/backend", &status);
        town.requests() - before
    };
    assert_eq!(worker_comes(&mut town, "1.5.1"), 2, "its status, and the message once more");
    assert_eq!(town.marks(vy, "jo"), ["pending"]);
    for _ in 0..2 {
        judge(&mut town, vy, "jo", "vy", "early", None);
    }
    assert_eq!(town.shows(jo, "vy"), ["early", "~early"]);
    town.say(vy, "jo", "late");
    assert_eq!(worker_comes(&mut town, "2.5.1"), 1, "it keeps a session, where the rest waits");
}
