//! Two of one name: one connection.

use headcount_page::{
    chat::store::{Taker, presence::Badge, shelf::Memory, stage::Stage},
    store::{Connection, settings::VersionChoice},
};

use crate::town::{Id, Town, secs};

fn holds(town: &Town, id: Id) -> bool {
    matches!(town.store(id).connection(), Connection::Live(_))
}

fn taken(town: &Town, id: Id) -> Option<Taker> {
    town.store(id).taken_by()
}

#[test]
fn of_two_devices_the_later_one_holds_the_connection() {
    for stage in [Stage::Ten, Stage::Twenty, Stage::Thirty] {
        let mut town = Town::new();
        let first = town.open("vy", stage);
        town.advance(secs(60));
        let second = town.open("vy", stage);
        town.advance(secs(120));
        assert_eq!(taken(&town, first), Some(Taker::Elsewhere), "{stage:?}");
        assert!(holds(&town, second));
        town.return_to(first);
        town.advance(secs(120));
        assert!(holds(&town, first), "taken back");
        assert_eq!(taken(&town, second), Some(Taker::Elsewhere));
    }
}

#[test]
fn in_3_1_1_the_two_find_out_by_their_status() {
    let mut town = Town::new();
    let jo = town.open("jo", Stage::Thirty);
    let device =
        |town: &mut Town| town.open_with("vy", Stage::Thirty, VersionChoice::V311, &Memory::default());
    let first = device(&mut town);
    town.advance(secs(60));
    let second = device(&mut town);
    town.advance(secs(30));
    assert_eq!((taken(&town, first), taken(&town, second)), (Some(Taker::Elsewhere), None));
    assert!(holds(&town, second));
    assert_eq!(town.badge(jo, "vy"), Badge::Online);
    town.advance(secs(3_600));
    town.return_to(first);
    town.advance(secs(30));
    assert_eq!((taken(&town, first), taken(&town, second)), (None, Some(Taker::Elsewhere)));
    assert_eq!(town.badge(jo, "vy"), Badge::Online);
}

#[test]
fn in_3_1_1_without_statuses_the_two_find_out_by_what_they_lose() {
    for stage in [Stage::Ten, Stage::Twenty] {
        let mut town = Town::new();
        let device = |town: &mut Town| town.open_with("vy", stage, VersionChoice::V311, &Memory::default());
        let first = device(&mut town);
        town.advance(secs(60));
        let second = device(&mut town);
        town.advance(secs(60));
        let outcome = [taken(&town, first), taken(&town, second)];
        assert_eq!(outcome.iter().flatten().count(), 1, "{stage:?}: {outcome:?}");
        assert!(holds(&town, first) || holds(&town, second));
    }
}

#[test]
fn a_tab_of_the_same_browser_says_so_itself() {
    for version in [VersionChoice::V5, VersionChoice::V311] {
        let mut town = Town::new();
        let shelf = Memory::default();
        let jo = town.open("jo", Stage::Thirty);
        let first = town.open_with("vy", Stage::Thirty, version, &shelf);
        town.say(jo, "vy", "1");
        town.claim(first);
        let second = town.open_with("vy", Stage::Thirty, version, &shelf);
        town.say(jo, "vy", "2");
        town.advance(secs(60));
        assert_eq!((taken(&town, first), taken(&town, second)), (Some(Taker::Tab), None));
        assert_eq!(town.badge(jo, "vy"), Badge::Online);
        assert_eq!(*town.store(first).connection(), Connection::TakenOver);
        assert_eq!(town.shows(first, "jo"), ["1"], "it shows what it had");
        town.say(first, "jo", "from nowhere");
        assert_eq!(town.marks(first, "jo"), ["received", "lost"]);
        assert_eq!(town.shows(second, "jo"), ["1", "2"]);
        town.claim(second);
        town.return_to(first);
        assert_eq!(town.shows(first, "jo"), ["1", "2"], "taken back with what came meanwhile");
        town.advance(secs(60));
        assert_eq!(town.badge(jo, "vy"), Badge::Online);
    }
}

#[test]
fn what_the_older_tab_still_stored_is_not_lost() {
    let mut town = Town::new();
    let shelf = Memory::default();
    let jo = town.open("jo", Stage::Twenty);
    let first = town.open_with("vy", Stage::Twenty, VersionChoice::V5, &shelf);
    town.say(jo, "vy", "1");
    let second = town.prepare("vy", Stage::Twenty, &shelf);
    town.say(jo, "vy", "to the older tab, which acknowledges it");
    town.arrive(second);
    town.say(jo, "vy", "3");
    assert_eq!(taken(&town, first), Some(Taker::Elsewhere));
    assert_eq!(town.shows(second, "jo"), ["1", "to the older tab, which acknowledges it", "3"]);
}
