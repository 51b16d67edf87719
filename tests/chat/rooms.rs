//! Stage 50: rooms that are made, joined and left while everybody is connected.

use headcount_page::{
    chat::store::{Wish, With, stage::Stage},
    store::settings::VersionChoice,
};

use crate::town::{Id, Town};

struct House {
    town: Town,
    vy: Id,
    jo: Id,
    admin: Id,
    room: String,
}

impl House {
    fn new() -> Self {
        let mut town = Town::secure();
        let [vy, jo, admin] = ["vy", "jo", "admin"].map(|name| town.open(name, Stage::Fifty));
        town.wish(admin, &Wish::MakeRoom { name: "garden".to_owned(), random: 7 });
        let room = town.store(admin).rooms()[0].id.to_string();
        Self { town, vy, jo, admin, room }
    }

    fn add(&mut self, user: &str) {
        let wish = Wish::AddMember { room: self.room.clone(), user: user.to_owned() };
        self.town.wish(self.admin, &wish);
    }

    fn remove(&mut self, user: &str) {
        let wish = Wish::RemoveMember { room: self.room.clone(), user: user.to_owned() };
        self.town.wish(self.admin, &wish);
    }

    fn say(&mut self, id: Id, content: &str) {
        let random = self.town.now.as_nanos() << 8 | u128::from(content.as_bytes()[0]);
        let with = With::Room(self.room.as_str().into());
        self.town.wish(id, &Wish::Send { with, content: content.to_owned(), random });
    }

    /// What a window shows of the room: `sender: content`.
    fn shows(&self, id: Id) -> Vec<String> {
        let with = With::Room(self.room.as_str().into());
        let Some(thread) = self.town.store(id).thread(&with) else { return Vec::new() };
        thread
            .messages()
            .map(|it| format!("{}: {}", it.sender.as_deref().unwrap_or("I"), it.content))
            .collect()
    }

    fn is_open(&self, id: Id) -> bool {
        self.town.store(id).room(&self.room).is_some_and(|room| room.is_open)
    }
}

#[test]
fn members_hear_each_other_and_nobody_else_does() {
    let mut house = House::new();
    house.add("vy");
    assert!(house.is_open(house.vy) && !house.is_open(house.jo));
    assert_eq!(house.town.store(house.vy).title(&With::Room(house.room.as_str().into())), "garden");
    house.say(house.vy, "alone");
    assert_eq!(house.shows(house.vy), ["I: alone"]);
    assert_eq!(house.shows(house.admin), ["vy: alone"]);
    house.add("jo");
    house.say(house.vy, "two");
    house.say(house.jo, "hello");
    assert_eq!(house.shows(house.jo), ["vy: two", "I: hello"]);
    assert_eq!(house.shows(house.vy), ["I: alone", "I: two", "jo: hello"]);
    house.remove("jo");
    assert!(!house.is_open(house.jo), "who is shown the door is told so");
    house.say(house.vy, "without you");
    assert_eq!(house.shows(house.jo).len(), 2);
    house.say(house.jo, "let me in");
    assert_eq!(house.shows(house.vy).len(), 4);
    let errors = house.town.store(house.admin).errors();
    assert!(errors.is_empty(), "{errors:?}");
}

#[test]
fn rights_outlive_reload_and_broker() {
    let mut house = House::new();
    house.add("vy");
    house.town.kill_broker(false);
    house.town.start();
    house.town.advance(crate::town::secs(90));
    assert!(house.is_open(house.vy));
    house.say(house.vy, "still here");
    assert_eq!(house.shows(house.admin), ["vy: still here"]);
    let wish = Wish::EndRoom(house.room.clone());
    house.town.wish(house.admin, &wish);
    assert!(!house.is_open(house.vy));
    house.say(house.vy, "to nobody");
    assert_eq!(house.shows(house.admin).len(), 1);
}

#[test]
fn who_does_not_exist_cannot_be_let_in() {
    let mut house = House::new();
    house.add("nobody");
    assert!(house.town.store(house.admin).rooms()[0].members.is_empty());
    let errors = house.town.store(house.admin).errors();
    assert!(errors.last().unwrap().1.starts_with("addGroupClient: "), "{errors:?}");
}

#[test]
fn nobody_but_the_administrator_changes_rooms() {
    let mut house = House::new();
    let wish = Wish::AddMember { room: house.room.clone(), user: "vy".to_owned() };
    house.town.wish(house.vy, &wish);
    let wish = Wish::MakeRoom { name: "mine".to_owned(), random: 9 };
    house.town.wish(house.vy, &wish);
    assert_eq!(house.town.store(house.admin).rooms().len(), 1);
    let errors = house.town.store(house.vy).errors();
    assert!(errors.iter().any(|(_, line)| line.contains("$CONTROL/dynamic-security/v1")), "{errors:?}");
}

#[test]
fn what_is_refused_is_marked_in_either_version() {
    for version in [VersionChoice::V5, VersionChoice::V311] {
        let mut house = House::new();
        house.jo = house.town.open_with("jo", Stage::Fifty, version, &<_>::default());
        house.say(house.jo, "let me in");
        let with = With::Room(house.room.as_str().into());
        let thread = house.town.store(house.jo).thread(&with).unwrap();
        assert_eq!(thread.latest().unwrap().mark.name(), "refused", "{version:?}");
    }
}
