//! Whose folder it is.

use crate::support::{BINARY, Folder, Server};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// What a start with this store says when it fails.
fn complaint(store: &Path) -> String {
    let output = Command::new(BINARY).args(["--any-port", "--store"]).arg(store).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(output.stdout.is_empty(), "{output:?}");
    let stderr = String::from_utf8(output.stderr).unwrap();
    stderr.lines().last().unwrap().to_owned()
}

/// Every file with its content.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(self::files(&path));
        } else {
            files.insert(path.display().to_string(), std::fs::read(&path).unwrap());
        }
    }
    files
}

#[test]
fn two_processes_do_not_share_a_store() {
    let folder = Folder::with(&[]);
    let store = folder.path("store");
    let _server = Server::stored(&store);
    let shown = store.display();
    assert_eq!(
        complaint(&store),
        format!(
            "headcount: the store in {shown} is in use by another process: stop that one; or choose another folder \
             with --store (in the file: path of [store]), or go without by --ephemeral"
        )
    );
}

#[test]
fn a_store_of_another_version_is_refused_and_not_touched() {
    let folder = Folder::with(&[]);
    let store = folder.path("store");
    Server::stored(&store).stop();
    let version = store.join("store/version");
    assert_eq!(std::fs::read_to_string(&version).unwrap(), "headcount store 1\n");
    std::fs::write(&version, "headcount store 2\n").unwrap();
    let before = files(&store);
    let complaint = complaint(&store);
    assert!(complaint.contains("is of version 2, and this headcount writes version 1"), "{complaint}");
    assert_eq!(files(&store), before);
    std::fs::write(&version, "headcount store 1\n").unwrap();
    Server::stored(&store).stop();
}

#[test]
fn a_folder_with_something_else_in_it_is_refused_and_not_touched() {
    let folder = Folder::with(&[("mine/letter.txt", "dear"), ("other/store/version", "7")]);
    for (name, expected) in [("mine", "is not a store of headcount, and not empty"), ("other", "is damaged")]
    {
        let before = files(&folder.path(name));
        let complaint = complaint(&folder.path(name));
        assert!(complaint.contains(expected) && complaint.contains("--ephemeral"), "{complaint}");
        assert_eq!(files(&folder.path(name)), before);
    }
}

/// A process that died while it made its store left half of one.
#[test]
fn half_a_store_is_made_anew() {
    let folder = Folder::with(&[("s/making/table/0.jnl", "half"), ("s/lock", "")]);
    Server::stored(&folder.path("s")).stop();
    Server::stored(&folder.path("s")).stop();
}

const CONFIG: &str = "[[realm]]\nname = \"home\"\nlisten = [\"127.0.0.1:0\"]\nallow_anonymous = true\n";

/// A command that starts the server, with the state folder `state` and nothing of systemd's.
fn with_state(folder: &Folder) -> Command {
    let mut command = Command::new(BINARY);
    command.args(["--print-addresses", "json"]).env_remove("STATE_DIRECTORY");
    command.env("XDG_STATE_HOME", folder.path("state")).stdout(Stdio::piped()).stderr(Stdio::null());
    command
}

/// Starts it and waits until it listens.
fn open(command: &mut Command) -> Child {
    let mut child = command.spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert!(line.contains("listeners"), "{line}");
    child
}

fn end(mut child: Child) {
    child.kill().unwrap();
    child.wait().unwrap();
}

/// Names of the folders in the state folder, sorted.
fn stores(folder: &Folder) -> Vec<String> {
    let mut names: Vec<_> = std::fs::read_dir(folder.path("state"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with("headcount"))
        .collect();
    names.sort();
    names
}

#[test]
fn an_ephemeral_server_writes_nothing() {
    let folder = Folder::with(&[("state/.keep", ""), ("a.toml", CONFIG)]);
    end(open(with_state(&folder).arg("--ephemeral").arg("--config").arg(folder.path("a.toml"))));
    // Nobody comes back to a port of chance.
    end(open(with_state(&folder).arg("--any-port")));
    assert_eq!(stores(&folder), Vec::<String>::new());
}

/// Without any option the store is on, where the system keeps a program's state, one for each configuration.
#[test]
fn servers_side_by_side_have_stores_of_their_own() {
    let folder = Folder::with(&[("state/.keep", ""), ("a.toml", CONFIG), ("b.toml", CONFIG)]);
    let run = |name| open(with_state(&folder).arg("--config").arg(folder.path(name)));
    let (a, b) = (run("a.toml"), run("b.toml"));
    let both = stores(&folder);
    assert_eq!(both.len(), 2, "{both:?}");
    assert!(both.iter().all(|name| folder.path("state").join(name).join("store/version").exists()));
    end(a);
    end(b);
    end(run("a.toml"));
    assert_eq!(stores(&folder), both, "the same server finds its store again");
    end(open(
        with_state(&folder)
            .arg("--config")
            .arg(folder.path("a.toml"))
            .env("STATE_DIRECTORY", folder.path("systemd")),
    ));
    assert!(folder.path("systemd/store/version").exists());
}
