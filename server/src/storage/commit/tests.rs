//! The storage thread over a table that notes what it is asked.

use super::*;
use headcount_broker::{Record, RecordId};
use std::sync::mpsc::{Receiver, Sender, channel};

/// What a table was asked.
#[derive(Debug, PartialEq, Eq)]
enum Asked {
    Write { keys: usize, fsync: bool },
    Sync,
    Reopen,
}

struct Noting {
    asked: Sender<Asked>,
    /// How many writes fail.
    failures: u32,
    free: u64,
}

impl Table for Noting {
    fn write(&mut self, changes: &Changes, fsync: bool) -> Result<(), String> {
        let _ = self.asked.send(Asked::Write { keys: changes.iter().count(), fsync });
        if self.failures > 0 {
            self.failures -= 1;
            return Err("No space left on device".to_owned());
        }
        Ok(())
    }

    fn sync(&mut self) -> Result<(), String> {
        let _ = self.asked.send(Asked::Sync);
        Ok(())
    }

    fn reopen(&mut self) -> Result<(), String> {
        let _ = self.asked.send(Asked::Reopen);
        Ok(())
    }

    fn free_space(&self) -> u64 {
        self.free
    }
}

const PATIENCE: Duration = Duration::from_secs(20);

/// A store over such a table, and what it asks and tells.
fn store(fsync: Fsync, failures: u32, free: u64) -> (Store, Depot, Receiver<Asked>, Receiver<Word>) {
    let ((asked, asks), (told, words)) = (channel(), channel());
    let committer = Committer::new();
    let depot = committer.depot(0);
    let table = Noting { asked, failures, free };
    let tell = move |word| {
        let _ = told.send(word);
    };
    let store = committer.spawn(None, table, fsync, 100, vec![Ledger::new(0)], vec![Box::new(tell)]).unwrap();
    (store, depot, asks, words)
}

fn put(depot: &Depot, id: u64) {
    let event = Record::Event {
        seq: id,
        at_unix: Duration::ZERO,
        account: "a".try_into().unwrap(),
        json: "{}".into(),
    };
    depot.put(vec![(RecordId(id), event)]);
}

fn heard(words: &Receiver<Word>) -> Word {
    words.recv_timeout(PATIENCE).unwrap()
}

fn asked(asks: &Receiver<Asked>) -> Asked {
    asks.recv_timeout(PATIENCE).unwrap()
}

#[test]
fn always_syncs_before_it_tells() {
    let (store, depot, asks, words) = store(Fsync::Always, 0, 1_000);
    for id in 1..=3 {
        put(&depot, id);
        assert_eq!(heard(&words), Word::Stored(RecordId(id)));
        assert_eq!(asked(&asks), Asked::Write { keys: 1, fsync: true });
    }
    store.end();
    assert!(asks.try_recv().is_err(), "nothing is left to sync");
}

#[test]
fn interval_tells_at_once_and_syncs_when_it_is_time() {
    let (store, depot, asks, words) = store(Fsync::Interval(Duration::from_millis(50)), 0, 1_000);
    put(&depot, 1);
    assert_eq!(heard(&words), Word::Stored(RecordId(1)));
    let begun = Instant::now();
    assert_eq!(asked(&asks), Asked::Write { keys: 1, fsync: false });
    assert_eq!(asked(&asks), Asked::Sync);
    assert!(begun.elapsed() < Duration::from_secs(10));
    put(&depot, 2);
    assert_eq!(heard(&words), Word::Stored(RecordId(2)));
    store.end();
    assert_eq!(asks.iter().last(), Some(Asked::Sync), "the end syncs what is left");
}

#[test]
fn never_leaves_it_to_the_system_until_the_end() {
    let (store, depot, asks, words) = store(Fsync::Never, 0, 1_000);
    put(&depot, 1);
    assert_eq!(heard(&words), Word::Stored(RecordId(1)));
    assert_eq!(asked(&asks), Asked::Write { keys: 1, fsync: false });
    assert!(asks.recv_timeout(Duration::from_millis(50)).is_err());
    store.end();
    assert_eq!(asks.iter().last(), Some(Asked::Sync));
}

#[test]
fn a_refused_batch_is_written_again_and_told_only_then() {
    let (store, depot, asks, words) = store(Fsync::Never, 2, 1_000);
    put(&depot, 1);
    assert_eq!(heard(&words), Word::Storage(Storage::Failing));
    assert_eq!(heard(&words), Word::Storage(Storage::Ready));
    assert_eq!(heard(&words), Word::Stored(RecordId(1)));
    let steps: Vec<_> = (0..5).map(|_| asked(&asks)).collect();
    assert!(matches!(
        steps[..],
        [
            Asked::Write { .. },
            Asked::Reopen,
            Asked::Write { .. },
            Asked::Reopen,
            Asked::Write { fsync: true, .. }
        ]
    ));
    store.end();
}

#[test]
fn an_end_while_the_disk_refuses_is_an_end() {
    let (store, depot, _asks, words) = store(Fsync::Always, u32::MAX, 1_000);
    put(&depot, 1);
    assert_eq!(heard(&words), Word::Storage(Storage::Failing));
    store.end();
    assert!(words.iter().all(|word| !matches!(word, Word::Stored(_))));
}

#[test]
fn little_free_space_is_told_before_anything_fails() {
    let (store, _depot, _asks, words) = store(Fsync::Always, 0, 99);
    assert_eq!(heard(&words), Word::Storage(Storage::Full));
    store.end();
}

#[test]
fn what_gathers_is_one_batch() {
    let committer = Committer::new();
    let depot = committer.depot(0);
    for id in 1..=100 {
        put(&depot, id);
    }
    let ((asked, asks), (told, words)) = (channel(), channel());
    let table = Noting { asked, failures: 0, free: 1_000 };
    let tell = move |word| {
        let _ = told.send(word);
    };
    let store =
        committer.spawn(None, table, Fsync::Always, 100, vec![Ledger::new(0)], vec![Box::new(tell)]).unwrap();
    assert_eq!(heard(&words), Word::Stored(RecordId(100)));
    assert_eq!(asks.recv(), Ok(Asked::Write { keys: 100, fsync: true }));
    store.end();
}

/// The bound of what waits, and that those who wait to read are told.
#[test]
fn a_disk_that_lags_behind_holds_readers_back() {
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::task::{Wake, Waker};
    struct Bell(AtomicBool);
    impl Wake for Bell {
        fn wake(self: Arc<Self>) {
            self.0.store(true, Ordering::SeqCst);
        }
    }
    let committer = Committer::new();
    let depot = committer.depot(0);
    let bell = Arc::new(Bell(AtomicBool::new(false)));
    let (waker, mut parked) = (Waker::from(Arc::clone(&bell)), super::super::Parked::default());
    let mut id = 0;
    while !depot.is_behind(&mut parked, &waker) {
        id += 1;
        let json = vec![b'x'; 100_000].into();
        let account = "a".try_into().unwrap();
        depot.put(vec![(RecordId(id), Record::Event { seq: id, at_unix: Duration::ZERO, account, json })]);
        assert!(id < 100, "8 MiB wait");
    }
    let ((asked, _asks), (told, words)) = (channel(), channel());
    let table = Noting { asked, failures: 0, free: 1_000 };
    let tell = move |word| {
        let _ = told.send(word);
    };
    let store =
        committer.spawn(None, table, Fsync::Never, 100, vec![Ledger::new(0)], vec![Box::new(tell)]).unwrap();
    assert_eq!(heard(&words), Word::Stored(RecordId(id)));
    store.end();
    assert!(bell.0.load(Ordering::SeqCst), "it was told");
    assert!(!depot.is_behind(&mut parked, &waker));
}
