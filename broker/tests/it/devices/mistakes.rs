//! What is wrong with a request, in words.

use super::*;

/// Requests to add a device, the field that is wrong (empty: none), and what is said.
const ADDED: [(&str, &str, &str); 17] = [
    ("[]", "", "The request is not a JSON object; write {…}."),
    ("{}", "name", "Give the device a name."),
    (r#"{"name":" "}"#, "name", "Give the device a name."),
    (r#"{"name":7}"#, "name", "Write a text."),
    (r#"{"name":"a\u0000b"}"#, "name", "The name holds a control character."),
    (r#"{"name":"a\nb"}"#, "name", "The name holds a control character."),
    (r#"{"name":"LONG"}"#, "name", "The name has 101 characters; 100 are the most."),
    (
        r#"{"name":"a","description":"LONGLONGLONG"}"#,
        "description",
        "The description has 303 characters; 250 are the most.",
    ),
    (
        r#"{"name":"a","colour":1}"#,
        "colour",
        "There is no such field; the fields are name, description, channels.",
    ),
    (r#"{"name":"a","channels":{}}"#, "channels", "Write a list of channels: [{\"id\":7}]."),
    (
        r#"{"name":"a","channels":[7]}"#,
        "channels[0]",
        "Write a channel as {\"id\":7,\"publish\":true,\"subscribe\":false}.",
    ),
    (
        r#"{"name":"a","channels":[{},{"id":0}]}"#,
        "channels[1].id",
        "A channel's id is a whole number from 1 to 4294967295.",
    ),
    (
        r#"{"name":"a","channels":[{"id":4294967296}]}"#,
        "channels[0].id",
        "A channel's id is a whole number from 1 to 4294967295.",
    ),
    (r#"{"name":"a","channels":[{"id":1,"publish":1}]}"#, "channels[0].publish", "Write true or false."),
    (
        r#"{"name":"a","channels":[{"id":1,"read":true}]}"#,
        "channels[0].read",
        "There is no such field; the fields are id, publish, subscribe.",
    ),
    (r#"{"name":"a","channels":[{"id":1},{"id":1}]}"#, "channels[1].id", "Channel 1 is there twice."),
    (
        r#"{"name":"a","channels":[{"id":1},{"id":8}]}"#,
        "channels[1].id",
        "Channel 8 belongs to another account; take another number, or none for a new channel.",
    ),
];

/// The same for the other verbs.
const ASKED: [(&str, &str, &str, &str); 9] = [
    ("update", r#"{"name":"a"}"#, "id", "Name the device by its id, as list gives it."),
    ("update", r#"{"id":"dev-1","name":""}"#, "name", "Give the device a name."),
    ("update", r#"{"id":"dev-2","name":"a"}"#, "id", "The account has no device of this id."),
    ("rotate", r#"{"id":"dev-2"}"#, "id", "The account has no device of this id."),
    (
        "rotate",
        r#"{"id":"dev-1","password":"mine"}"#,
        "password",
        "There is no such field; the fields are id.",
    ),
    ("remove", r#"{"id":"dev-2"}"#, "id", "The account has no device of this id."),
    ("remove", r#"{"channel":8}"#, "channel", "The account has no such channel."),
    (
        "remove",
        r#"{"channel":7,"id":"dev-1"}"#,
        "channel",
        "Remove one thing at a time: a device or a channel.",
    ),
    ("list", r#"{"id":"dev-2"}"#, "id", "The account has no device of this id."),
];

#[test]
fn mistakes_name_the_field_and_change_nothing() {
    let mut net = net();
    let (vy, minh) = (desk(&mut net, "vy"), desk(&mut net, "minh"));
    add(&mut net, vy, &json!([both(7)]));
    ask_of(&mut net, minh, "minh", "add", &json!({"name": "M", "channels": [both(8)]}));
    let before = ask(&mut net, vy, "list", &json!({}));
    let added = ADDED.map(|(request, field, error)| ("add", request, field, error));
    for (verb, request, field, error) in added.into_iter().chain(ASKED) {
        let request = request.replace("LONG", &"ö".repeat(101));
        net.publish(vy, &format!("$headcount/vy/devices/{verb}"), &request);
        assert!(net.wanted.is_empty(), "{verb} {request}");
        let expected = if field.is_empty() {
            json!({ "error": error })
        } else {
            json!({ "error": error, "field": field })
        };
        assert_eq!(answer(&mut net, vy), expected, "{verb} {request}");
    }
    net.publish(vy, "$headcount/vy/devices/add", "{\"name\":");
    let error = answer(&mut net, vy);
    assert!(error["error"].as_str().unwrap().starts_with("The request is not JSON: EOF"), "{error}");
    assert_eq!(ask(&mut net, vy, "list", &json!({})), before);
}
