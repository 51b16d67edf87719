//! The wire view's store: pieces become packets, and the list is a part of them.

use std::{collections::VecDeque, ops::Range, sync::Arc};

use super::{
    connection::Connection,
    filter::{Filter, Sieve},
    ndjson,
    packet::{Packet, Raw},
    piece::{Kind, Piece},
    record::Record,
};

/// Connections that are followed at once. A page has a handful.
const CONNECTIONS_MAX: usize = 64;

/// Everything that the wire view knows.
#[derive(Debug)]
pub struct Wire {
    connections: Vec<Connection>,
    live: Record,
    /// A record from a file, shown in the place of the live one.
    recorded: Option<Recorded>,
    sieve: Sieve,
    /// What the list shows, oldest first.
    shown: VecDeque<Arc<Packet>>,
    is_paused: bool,
    /// Packets that came since the pause and would be shown.
    held: u64,
    /// Rises when what is shown may have changed.
    version: usize,
    /// Why a file was not read.
    complaint: String,
    /// Rises when the list is about another record.
    generation: u64,
    /// Rows that the list let go of at its top since it was sifted.
    gone: u64,
}

/// A record from a file.
#[derive(Debug)]
pub struct Recorded {
    /// The file's name.
    pub name: String,
    /// What was in it.
    pub record: Record,
}

impl Default for Wire {
    fn default() -> Self {
        Self {
            connections: Vec::new(),
            live: Record::default(),
            recorded: None,
            sieve: Sieve::new(Filter::default()),
            shown: VecDeque::new(),
            is_paused: false,
            held: 0,
            version: 0,
            complaint: String::new(),
            generation: 0,
            gone: 0,
        }
    }
}

impl Wire {
    /// A connection whose beginning came before the first piece that is still there: `piece` is its CONNECT.
    pub fn begin(&mut self, piece: &Piece<'_>) {
        self.feed(piece);
        if let Some(connection) = self.connections.iter_mut().find(|it| it.number == piece.connection) {
            connection.lose();
        }
    }

    /// Pieces were lost before the next one: every stream has to be found again.
    pub fn lose(&mut self) {
        self.connections.iter_mut().for_each(Connection::lose);
    }

    /// Takes a piece.
    pub fn feed(&mut self, piece: &Piece<'_>) {
        let place = self.connections.iter().position(|it| it.number == piece.connection);
        match (piece.kind, place) {
            (Kind::Closed, Some(place)) => drop(self.connections.remove(place)),
            (Kind::Closed, None) => {}
            (Kind::Opened, place) => {
                place.map(|place| self.connections.remove(place));
                self.connections.push(Connection::new(piece.connection));
            }
            (_, place) => {
                let place = place.unwrap_or_else(|| self.come_upon(piece));
                self.take(place, piece);
            }
        }
        if self.connections.len() > CONNECTIONS_MAX {
            self.connections.remove(0);
        }
    }

    /// A connection that was not seen opening: its first piece here is its CONNECT, or something in its midst.
    fn come_upon(&mut self, piece: &Piece<'_>) -> usize {
        let mut connection = Connection::new(piece.connection);
        if !(piece.kind == Kind::Sent && piece.bytes.first() == Some(&0x10)) {
            connection.lose();
        }
        self.connections.push(connection);
        self.connections.len() - 1
    }

    fn take(&mut self, place: usize, piece: &Piece<'_>) {
        let packets = self.connections[place].feed(piece);
        for raw in packets {
            let connection = &mut self.connections[place];
            // What an earlier packet of the same piece told.
            let client = Arc::clone(&connection.client);
            let packet = self.live.push(Raw { client, ..raw }, None);
            connection.learn(&packet);
            if self.recorded.is_none() {
                self.show(packet);
            }
        }
    }

    fn show(&mut self, packet: Arc<Packet>) {
        self.version += 1;
        let first = packet.flow.and_then(|flow| self.live.get(flow));
        if self.sieve.lets(&packet, first.map(AsRef::as_ref)) {
            if self.is_paused {
                self.held += 1;
            } else {
                self.shown.push_back(packet);
            }
        }
        // Who holds still keeps what is in sight: it is bounded as it was.
        let oldest = self.live.trimmed();
        while !self.is_paused && self.shown.front().is_some_and(|front| front.number < oldest) {
            self.shown.pop_front();
            self.gone += 1;
        }
    }

    fn sift(&mut self) {
        self.version += 1;
        self.held = 0;
        self.gone = 0;
        let record = self.record();
        let lets = |packet: &&Arc<Packet>| {
            let first = packet.flow.and_then(|flow| record.get(flow));
            self.sieve.lets(packet, first.map(AsRef::as_ref))
        };
        self.shown = record.packets().filter(lets).cloned().collect();
    }

    /// The record that the list is about: the live one, or that of a file.
    pub fn record(&self) -> &Record {
        self.recorded.as_ref().map_or(&self.live, |recorded| &recorded.record)
    }

    /// The record from a file, if it is shown.
    pub fn recorded(&self) -> Option<&Recorded> {
        self.recorded.as_ref()
    }

    /// How many the list shows.
    pub fn len(&self) -> usize {
        self.shown.len()
    }

    /// Whether it shows none.
    pub fn is_empty(&self) -> bool {
        self.shown.is_empty()
    }

    /// Some of what the list shows, oldest first.
    pub fn window(&self, range: Range<usize>) -> impl Iterator<Item = &Arc<Packet>> {
        self.shown.range(range.start.min(self.len())..range.end.min(self.len()))
    }

    /// Where the list shows a packet.
    pub fn position(&self, number: u64) -> Option<usize> {
        self.shown.binary_search_by_key(&number, |packet| packet.number).ok()
    }

    /// A packet of the record that the list is about, or that the list still shows.
    pub fn get(&self, number: u64) -> Option<&Arc<Packet>> {
        let shown = || self.position(number).and_then(|place| self.shown.get(place));
        self.record().get(number).or_else(shown)
    }

    /// The connections of the record, by number and client, in the order in which they came.
    pub fn connections(&self) -> Vec<(u32, Arc<str>)> {
        let mut known: Vec<(u32, Arc<str>)> = Vec::new();
        for packet in self.record().packets() {
            let place = known.iter().position(|(number, _)| *number == packet.connection);
            match place {
                Some(place) if known[place].1.is_empty() => known[place].1 = Arc::clone(&packet.client),
                Some(_) => {}
                None if known.len() == CONNECTIONS_MAX => {}
                None => known.push((packet.connection, Arc::clone(&packet.client))),
            }
        }
        known
    }

    /// What the list asks of packets.
    pub fn filter(&self) -> &Filter {
        self.sieve.filter()
    }

    /// Asks something else of packets. What a pause held back comes into sight.
    pub fn set_filter(&mut self, filter: Filter) {
        self.sieve = Sieve::new(filter);
        self.sift();
    }

    /// Whether the list holds still.
    pub fn is_paused(&self) -> bool {
        self.is_paused
    }

    /// Packets that a pause holds back.
    pub fn held(&self) -> u64 {
        self.held
    }

    /// Holds the list still, or lets it go on; the record goes on meanwhile.
    pub fn pause(&mut self, is_paused: bool) {
        self.is_paused = is_paused;
        self.sift();
    }

    /// All of the record as a file, what the filter hides included.
    pub fn export(&self) -> String {
        ndjson::write(self.record())
    }

    /// Shows the record of a file, or says why it is none; then what was shown stays.
    pub fn import(&mut self, name: &str, file: &[u8]) {
        match ndjson::read(file) {
            Ok(record) => {
                self.recorded = Some(Recorded { name: name.to_owned(), record });
                self.generation += 1;
                self.complain(String::new());
                self.sift();
            }
            Err(why) => self.complain(format!("{name} was not read: {why}.")),
        }
    }

    /// Why a file was not read, as a sentence; empty where there is nothing to say.
    pub fn complaint(&self) -> &str {
        &self.complaint
    }

    /// Says what is wrong, or that nothing is any more.
    pub fn complain(&mut self, complaint: String) {
        self.version += 1;
        self.complaint = complaint;
    }

    /// Shows the live record again.
    pub fn go_live(&mut self) {
        self.generation += u64::from(self.recorded.take().is_some());
        self.sift();
    }

    /// Rises when what is shown may have changed.
    pub fn version(&self) -> usize {
        self.version
    }
    /// Tells the records apart that the list was about: packets of two may have one number.
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// Rows that the list let go of at its top since it was sifted last: what is below them moved up.
    pub fn gone(&self) -> u64 {
        self.gone
    }
}
