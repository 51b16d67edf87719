//! The commands of docs/devices.md, as they are printed there.

use super::Device;
use crate::support::{PATIENCE, Server};
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::sync::mpsc::channel;

const PAGE: &str = include_str!("../../../../docs/devices.md");

/// The example's own, for which those of the test are put in.
const EXAMPLE: (&str, &str) = ("dev-rdnk9i9byrijz", "96767jypd2t65yc9e8mxm5wqp7");

/// The commands in the page's blocks of shell, in order.
fn commands() -> Vec<String> {
    let blocks = PAGE.split("```sh\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    blocks.map(|block| block.trim().to_owned()).collect()
}

#[test]
fn they_add_a_device_and_hear_its_entry() {
    let server = Server::start();
    let port = format!("-p {}", server.tcp("secure").port());
    let commands = commands();
    let [add, listen, publish, ask] = &commands[..] else { panic!("{commands:?}") };
    let shell = |command: &str| {
        assert!(command.contains("-p 1884"), "{command}");
        let mut shell = Command::new("sh");
        shell.arg("-c").arg(format!("exec {}", command.replace("-p 1884", &port))).stdout(Stdio::piped());
        shell
    };
    let added = shell(add).output().unwrap();
    let answer: Value = serde_json::from_slice(&added.stdout).unwrap_or_else(|_| panic!("{added:?}"));
    let device = Device::of(&answer);
    let example = PAGE.split("```json\n").nth(1).unwrap().split("```").next().unwrap();
    let example: Value = serde_json::from_str(example).unwrap();
    assert_eq!(example["device"]["channels"], answer["device"]["channels"]);
    assert!(PAGE.contains(EXAMPLE.0) && PAGE.contains(EXAMPLE.1));

    let mut listener = shell(listen).spawn().unwrap();
    let stdout = BufReader::new(listener.stdout.take().unwrap());
    let (send, lines) = channel();
    std::thread::spawn(move || stdout.lines().map_while(Result::ok).try_for_each(|line| send.send(line)));
    let publish = publish.replace(EXAMPLE.0, &device.id).replace(EXAMPLE.1, &device.password);
    // Published until it is heard, as there is no telling when it has subscribed.
    let begun = std::time::Instant::now();
    let heard = loop {
        assert!(shell(&publish).status().unwrap().success());
        if let Ok(line) = lines.recv_timeout(std::time::Duration::from_millis(100)) {
            break line;
        }
        assert!(begun.elapsed() < PATIENCE);
    };
    listener.kill().unwrap();
    listener.wait().unwrap();
    let entry: Value = serde_json::from_str(&heard).unwrap();
    assert_eq!(
        (&entry["channel_id"], &entry["field1"], &entry["status"]),
        (&7.into(), &"21.5".into(), &"hello".into())
    );
    let past = shell(ask).output().unwrap();
    let past: Value = serde_json::from_slice(&past.stdout).unwrap_or_else(|_| panic!("{past:?}"));
    assert_eq!((&past["channel"]["first_entry_id"], &past["more"]), (&1.into(), &false.into()));
    let feeds = past["feeds"].as_array().unwrap();
    assert!(feeds.contains(&entry) && feeds.len() as u64 == past["channel"]["last_entry_id"], "{past}");
}
