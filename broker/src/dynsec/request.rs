//! Requests to the interface: one by one, in the order in which they came, also while passwords are hashed elsewhere.

use super::answer::{Answer, Answers};
use super::commands::Command;
use super::fields::{Fields, Refused};
use super::registry::{Affected, House};
use crate::account::{ANONYMOUS, Account};
use crate::events::{Action, Reason, Told};
use crate::explain::Refusal;
use crate::route::Keep;
use crate::system::level;
use crate::{Broker, ConnectionId, Now, Output, Record};
use bytes::Bytes;
use headcount_mqtt::{Publish, ReasonCode, Text, TopicName};
use serde_json::Value;
use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

/// What the topics of all such interfaces begin with.
pub(crate) const PREFIX: &[u8] = b"$CONTROL/";

const TOPIC: &[u8] = b"$CONTROL/dynamic-security/v1";
const RESPONSE: &str = "$CONTROL/dynamic-security/v1/response";

/// What Mosquitto puts into the place of a command's name.
const NAMELESS: &str = "Unknown command";

/// Commands of one request: more than anybody writes by hand, and few enough to be done in a moment.
const MAX_COMMANDS: usize = 1_000;

/// Requests that wait for a password's hash at one time; each may be as large as a packet.
const MAX_WAITING: usize = 64;

/// Requests that wait, the oldest first.
#[derive(Debug, Default)]
pub(crate) struct Requests {
    waiting: VecDeque<Waiting>,
    /// The number of the last that wanted hashes.
    jobs: u64,
}

#[derive(Debug)]
struct Waiting {
    asker: Asker,
    /// Without its payload.
    publish: Publish,
    commands: Vec<Value>,
    hashes: Hashes,
}

#[derive(Debug)]
struct Asker {
    connection: ConnectionId,
    account: Arc<Account>,
    client_id: Text,
}

/// The hashes of a request's passwords, in the order of its commands.
#[derive(Debug)]
enum Hashes {
    /// The job that makes them.
    Wanted(u64),
    Made(Result<Vec<String>, String>),
}

impl Broker {
    /// Takes a request, or says why not. `None`: it is none.
    pub(crate) fn security_request(
        &mut self,
        now: Now,
        id: ConnectionId,
        topic: &TopicName,
        publish: &Publish,
    ) -> Option<Result<(), Refusal>> {
        if topic.as_bytes() != TOPIC || !self.gate.access().has_dynamic_security() {
            return None;
        }
        let link = self.link(id)?;
        let (account, key) = (Arc::clone(&link.account), link.session);
        if let Err(denial) = account.may_send(topic) {
            let said = self.report_denied(now, id, Action::Publish, topic.text(), &denial);
            return Some(Err(Refusal::new(ReasonCode::NotAuthorized, said)));
        }
        if self.requests.waiting.len() >= MAX_WAITING {
            let said = format!("{MAX_WAITING} requests to {topic} wait for passwords to be hashed");
            self.report_throttled(now, key, &said);
            return Some(Err(Refusal::new(ReasonCode::QuotaExceeded, said)));
        }
        let asker = Asker { connection: id, account, client_id: self.client_id(key) };
        let commands = match commands(&publish.payload) {
            Ok(commands) => commands,
            Err(error) => {
                let answer =
                    Answer { command: NAMELESS, error: Some(error), data: None, correlation_data: None };
                self.answer_security(now, &asker, publish, &Answers { responses: vec![answer] });
                return Some(Ok(()));
            }
        };
        let passwords: Vec<Bytes> = commands
            .iter()
            .filter_map(password)
            .map(|password| Bytes::copy_from_slice(password.as_bytes()))
            .collect();
        let hashes = if passwords.is_empty() {
            Hashes::Made(Ok(Vec::new()))
        } else {
            self.requests.jobs += 1;
            let job = self.requests.jobs;
            self.outputs.push_back(Output::Hash { job, connection: id, passwords });
            Hashes::Wanted(job)
        };
        let publish = Publish { payload: Bytes::new(), topic: Some(topic.clone()), ..publish.clone() };
        self.requests.waiting.push_back(Waiting { asker, publish, commands, hashes });
        self.serve_requests(now);
        Some(Ok(()))
    }

    /// The answer to [`Output::Hash`]: the hashes of its passwords in their order, or why there are none.
    pub fn handle_hashed(&mut self, now: Now, job: u64, hashes: Result<Vec<String>, String>) {
        self.turn = self.recorded;
        let is_its = |it: &&mut Waiting| matches!(it.hashes, Hashes::Wanted(wanted) if wanted == job);
        if let Some(request) = self.requests.waiting.iter_mut().find(is_its) {
            request.hashes = Hashes::Made(hashes);
        }
        self.serve_requests(now);
    }

    /// Does what waits for no hash, and for nothing before it.
    fn serve_requests(&mut self, now: Now) {
        while let Some(Waiting { hashes: Hashes::Made(_), .. }) = self.requests.waiting.front() {
            let Some(request) = self.requests.waiting.pop_front() else { return };
            let Hashes::Made(hashes) = &request.hashes else { return };
            self.serve_request(now, &request, hashes);
        }
    }

    fn serve_request(&mut self, now: Now, request: &Waiting, hashes: &Result<Vec<String>, String>) {
        let asker = &request.asker;
        // Its right may have gone while it waited.
        let account =
            self.gate.account(asker.account.user_name(), &asker.client_id, &self.dynsec, &self.devices);
        let Some(topic) = &request.publish.topic else { return };
        if let Err(denial) = account.may_send(topic) {
            self.report_denied(now, asker.connection, Action::Publish, topic.text(), &denial);
            return;
        }
        let answers = self.obey_all(now, request, hashes);
        let changed = self.dynsec.take_changes();
        for (item, json) in changed.items {
            self.persist(|| match json {
                Some(json) => Record::SecuritySet { item, json },
                None => Record::SecurityRemoved { item },
            });
        }
        self.renew_affected(now, &changed.affected);
        self.answer_security(now, asker, &request.publish, &answers);
        self.tell_affected(now, &changed.affected);
        // Last, as the asker may be among them.
        for user_name in changed.kicked {
            self.kick_account(now, &user_name);
        }
    }

    fn obey_all<'a>(
        &mut self,
        now: Now,
        request: &'a Waiting,
        hashes: &Result<Vec<String>, String>,
    ) -> Answers<'a> {
        let accounts = Arc::clone(&self.gate.access().accounts);
        let limits = self.config.limits.security;
        let is_full = self.is_storage_full();
        let mut made = hashes.as_ref().map(|hashes| hashes.iter()).map_err(String::as_str);
        let mut responses = Vec::with_capacity(request.commands.len());
        for value in &request.commands {
            let answer = |command, error: &'static str| Answer {
                command,
                error: Some(error.into()),
                data: None,
                correlation_data: None,
            };
            let Some(fields) = Fields::of(value) else {
                responses.push(answer(NAMELESS, "Command not an object"));
                continue;
            };
            let correlation_data = fields.text("correlationData");
            let Some(name) = fields.given("command") else {
                let data = correlation_data.ok().flatten();
                responses.push(Answer { correlation_data: data, ..answer(NAMELESS, "Missing command") });
                continue;
            };
            let Ok(correlation_data) = correlation_data else {
                // As in Mosquitto, nothing behind it is done.
                responses.push(answer(name, "Invalid correlationData data type."));
                break;
            };
            let Some(command) = Command::of(name) else {
                responses.push(Answer { correlation_data, ..answer(name, "Unknown command") });
                continue;
            };
            let hash = command.password(fields).and_then(|_| match &mut made {
                Ok(made) => made.next().map(|hash| Ok(hash.as_str())),
                Err(why) => Some(Err(*why)),
            });
            let full = if is_full {
                Some("Storage is full")
            } else {
                let is_large = self.dynsec.bytes >= limits.max_dynamic_bytes;
                is_large.then_some("All clients, groups and roles take more room than max_dynamic_bytes")
            };
            let house = House { accounts: &accounts, limits: &limits, hash, full };
            let done = command.obey(&mut self.dynsec, fields, &house);
            if done.is_ok() && command.is_change() {
                let told = Told::of(command.name, |field| fields.get(field));
                self.report_security(now, request.asker.connection, told);
            }
            let (data, error) = match done {
                Ok(data) => (data, None),
                Err(error) => (None, Some(error)),
            };
            responses.push(Answer { command: command.name, error, data, correlation_data });
        }
        Answers { responses }
    }

    /// Answers once all that was changed is stored.
    fn answer_security(&mut self, now: Now, asker: &Asker, publish: &Publish, answers: &Answers<'_>) {
        let Ok(to) = TopicName::try_from(RESPONSE) else { return };
        let Some((_, room)) = self.answer_to(asker.connection, &to, publish) else { return };
        let mut json = serde_json::to_vec(answers).expect("text, numbers and flags");
        if json.len() > room {
            let first = answers.responses.first();
            let error = "The answer is larger than this client's Maximum Packet Size; ask for less with count and offset";
            let answer = Answer {
                command: first.map_or(NAMELESS, |first| first.command),
                error: Some(error.into()),
                data: None,
                correlation_data: first.and_then(|first| first.correlation_data),
            };
            json = serde_json::to_vec(&Answers { responses: vec![answer] }).expect("text");
        }
        self.promise_own(asker.connection);
        self.answer_asker(now, asker.connection, to, publish, json.into());
    }

    /// Tells everybody who is connected that the rules may be others, as after [`Broker::set_access`].
    pub fn tell_new_rules(&mut self, now: Now) {
        self.tell_affected(now, &Affected { everybody: true, ..Affected::default() });
    }

    /// Says on `$headcount/<account>/rules` that they are others now.
    fn tell_affected(&mut self, now: Now, affected: &Affected) {
        let mut names: BTreeSet<String> = affected.names.clone();
        if affected.anonymous {
            names.insert(ANONYMOUS.to_owned());
        }
        if affected.everybody {
            names
                .extend(self.connections.values().filter_map(|it| Some(it.link()?.account.name.to_string())));
        }
        for name in names {
            let topic = format!("$headcount/{}/rules", level(&name));
            self.say_stored(now, &topic, Keep::No, |_| Bytes::from_static(b"{\"changed\":true}"));
        }
    }

    /// Ends all connections of an account, its devices' too. Their Wills are published, as they did not disconnect.
    fn kick_account(&mut self, now: Now, user_name: &str) {
        let is_its = |id: &ConnectionId| {
            let account = self.link(*id).map(|link| &link.account);
            account.is_some_and(|it| it.user_name().is_some() && it.name.as_str() == user_name)
        };
        let gone: Vec<_> = self.connections.keys().map(ConnectionId).filter(is_its).collect();
        for id in gone {
            self.expel(now, id, ReasonCode::AdministrativeAction, Reason::Kicked);
        }
    }
}

fn commands(payload: &[u8]) -> Result<Vec<Value>, Refused> {
    let mut request: Value = serde_json::from_slice(payload).map_err(|_| "Payload not valid JSON")?;
    let missing = "Invalid/missing commands";
    let request = request.as_object_mut().ok_or(missing)?;
    let key = request.keys().find(|key| key.eq_ignore_ascii_case("commands")).cloned().ok_or(missing)?;
    let Some(Value::Array(commands)) = request.remove(&key) else { return Err(missing.into()) };
    if commands.len() > MAX_COMMANDS {
        return Err(format!("Too many commands: the limit is {MAX_COMMANDS}").into());
    }
    Ok(commands)
}

/// The password that a command has.
fn password(value: &Value) -> Option<&str> {
    let fields = Fields::of(value)?;
    Command::of(fields.given("command")?)?.password(fields)
}
