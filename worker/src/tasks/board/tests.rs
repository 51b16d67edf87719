use super::*;
use crate::duty::message;
use serde_json::{Value, json};

const NOW: Moment = Moment(1_000_000);

fn ask(tasks: &mut Tasks, topic: &str, payload: &Value) -> Vec<Value> {
    told(tasks.handle(NOW, &message(topic, payload.to_string()).unwrap()))
}

fn told(messages: Vec<Message>) -> Vec<Value> {
    assert!(messages.iter().all(|message| message.retain && message.topic.as_str().ends_with("/progress")));
    messages
        .into_iter()
        .map(|message| serde_json::from_slice(&message.payload).unwrap_or(Value::Null))
        .collect()
}

fn request(below: u32, seconds: u32) -> Value {
    json!({"title": "Primes", "below": below, "seconds": seconds})
}

/// Lets time pass, a millisecond at a time where something is due; everything that was said.
fn run(tasks: &mut Tasks, from: Moment, milliseconds: i64) -> Vec<Value> {
    let mut said = Vec::new();
    let mut now = from;
    while now <= from.after(milliseconds) {
        while tasks.due().is_some_and(|due| due <= now) {
            said.extend(told(tasks.tick(now)));
        }
        now = now.after(1);
    }
    said
}

#[test]
fn a_task_is_told_from_its_place_in_the_queue_to_its_result() {
    let mut tasks = Tasks::default();
    let first = ask(&mut tasks, "tasks/a/request", &request(1_000_000, 20));
    assert_eq!((&first[0]["status"], &first[0]["percent"]), (&json!("queued"), &json!(0)));
    let said = run(&mut tasks, NOW, 20_000);
    assert_eq!(said.first().unwrap()["status"], "running");
    let percents: Vec<_> = said.iter().map(|said| said["percent"].as_u64().unwrap()).collect();
    assert_eq!(percents, (0..=100).collect::<Vec<_>>());
    let last = said.last().unwrap();
    assert_eq!((&last["status"], &last["found"]), (&json!("done"), &json!(78_498)));
    assert_eq!(last["step"], "found 78498 primes below 1000000");
    assert_eq!(tasks.due(), None);
}

#[test]
fn a_quick_task_says_less() {
    let mut tasks = Tasks::default();
    ask(&mut tasks, "tasks/a/request", &request(1_000, 0));
    let said = run(&mut tasks, NOW, 0);
    assert_eq!(said.len(), 2, "{said:?}");
    assert_eq!(said[1]["found"], 168);
}

#[test]
fn a_killed_worker_goes_on_where_its_last_word_was() {
    let mut tasks = Tasks::default();
    ask(&mut tasks, "tasks/a/request", &request(1_000_000, 20));
    ask(&mut tasks, "tasks/b/request", &request(1_000, 0));
    ask(&mut tasks, "tasks/b/cancel", &Value::Null);
    let said = run(&mut tasks, NOW, 8_000);
    let percent = said.last().unwrap()["percent"].as_u64().unwrap();
    let mut restarted = Tasks::default();
    restarted.restore(NOW, tasks.recall());
    let said = run(&mut restarted, NOW, 12_300);
    assert_eq!(said[0]["percent"], percent + 1);
    assert_eq!(said[0]["startedAt"], NOW.to_string());
    assert_eq!(said.last().unwrap()["found"], 78_498);
    assert_eq!(restarted.tasks["b"].progress.status, Status::Cancelled);
}

#[test]
fn cancelled_tasks_stay_as_they_are() {
    let mut tasks = Tasks::default();
    ask(&mut tasks, "tasks/a/request", &request(1_000_000, 20));
    run(&mut tasks, NOW, 1_000);
    let said = ask(&mut tasks, "tasks/a/cancel", &Value::Null);
    assert_eq!((&said[0]["status"], &said[0]["percent"]), (&json!("cancelled"), &json!(5)));
    assert_eq!(ask(&mut tasks, "tasks/a/cancel", &Value::Null), [] as [Value; 0]);
    assert_eq!(ask(&mut tasks, "tasks/unknown/cancel", &Value::Null), [] as [Value; 0]);
    assert_eq!(run(&mut tasks, NOW, 20_000), [] as [Value; 0]);
    // The identifier is used up.
    assert_eq!(ask(&mut tasks, "tasks/a/request", &request(100, 0)), [] as [Value; 0]);
}

#[test]
fn what_cannot_be_done_says_why() {
    let mut tasks = Tasks::default();
    let mut check = |id: &str, payload: &Value, reason: &str| {
        let said = ask(&mut tasks, &format!("tasks/{id}/request"), payload);
        assert_eq!(said[0]["status"], "failed");
        assert!(said[0]["reason"].as_str().unwrap().contains(reason), "{said:?}");
    };
    check("a", &json!("primes"), "not what it should be");
    check("b", &request(1, 0), "below is 1");
    check("c", &request(50_000_001, 0), "below is 50000001");
    check("d", &request(100, 3_601), "seconds is 3601");
    check("e", &json!({"title": " ", "below": 100}), "title is empty");
    check("f", &json!({"title": "x".repeat(201), "below": 100}), "title has 201 bytes");
}

#[test]
fn so_many_run_so_many_wait_and_so_many_stay() {
    let mut tasks = Tasks::default();
    for number in 0..RUNNING_MAX + QUEUED_MAX {
        let said = ask(&mut tasks, &format!("tasks/{number}/request"), &request(1_000, 1));
        assert_eq!(said[0]["status"], "queued", "{number}");
        run(&mut tasks, NOW, 0);
    }
    let running = tasks.tasks.values().filter(|task| task.progress.status == Status::Running);
    assert_eq!(running.count(), RUNNING_MAX);
    let said = ask(&mut tasks, "tasks/more/request", &request(1_000, 1));
    assert!(said[0]["reason"].as_str().unwrap().contains("100 tasks wait"), "{said:?}");
    run(&mut tasks, NOW, 60_000);
    assert_eq!(tasks.tasks.len(), OVER_MAX);
}
