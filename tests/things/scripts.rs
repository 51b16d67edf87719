//! What an owner does on the page, and what the broker makes of it.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use headcount_broker::{Access, Config, Limits};
use headcount_page::{
    link::courier::Courier,
    store::settings::VersionChoice,
    things::{
        login::Login,
        store::{
            State, Things, Wish,
            device::Right,
            draft::{Ask, Draft, Spot},
            request::Stage,
        },
    },
};

use crate::place::{PASSWORD, Place};

pub(crate) const VERSIONS: [VersionChoice; 2] = [VersionChoice::V5, VersionChoice::V311];

pub(crate) fn secure() -> Place<Things> {
    secure_with(|_| ())
}

/// With other limits.
pub(crate) fn secure_with(change: impl FnOnce(&mut Limits)) -> Place<Things> {
    let places = ["vy", "minh"].map(|name| (name.to_owned(), "users:1".to_owned()));
    let access = Access {
        allow_anonymous: false,
        trust_user_names: false,
        observers: Some(Vec::new()),
        devices: true,
        accounts: Arc::new(BTreeMap::from(places)),
        ..Access::open()
    };
    let mut config = Config { access, ..Config::open("secure") };
    change(&mut config.limits);
    Place::of(config)
}

/// Opens the page of an account.
pub(crate) fn open(place: &mut Place<Things>, account: &str, version: VersionChoice) -> usize {
    let client_id = format!("page-{}", place.count());
    let login = Login { account: account.to_owned(), password: PASSWORD.to_owned(), ..Login::default() };
    let session = Courier::with(login.options(&client_id).unwrap(), version, 7).unwrap();
    let mut things = Things::new();
    things.begin(account, &client_id);
    place.open(things, session)
}

pub(crate) fn wish(place: &mut Place<Things>, page: usize, wish: Wish) {
    place.act(page, |now, things| things.apply(now, wish));
}

fn lamp(publish: bool) -> Draft {
    let channels = vec![Right { id: None, publish, subscribe: false }];
    Draft { name: "Lamp".to_owned(), description: String::new(), channels }
}

/// Adds a device; its id.
pub(crate) fn add(place: &mut Place<Things>, page: usize) -> Arc<str> {
    wish(place, page, Wish::Ask(Ask::Add(lamp(true))));
    assert_eq!(place.store(page).stage(), Some(&Stage::Done));
    Arc::clone(&place.store(page).credentials().unwrap().client_id)
}

#[test]
fn a_device_is_added_seen_and_removed_in_both_versions() {
    for version in VERSIONS {
        let mut place = secure();
        let page = open(&mut place, "vy", version);
        let other = open(&mut place, "vy", VersionChoice::Auto);
        let stranger = open(&mut place, "minh", VersionChoice::Auto);
        assert_eq!(place.store(page).devices(), Some(&[][..]), "{version:?}");
        let id = add(&mut place, page);
        assert_eq!(place.store(page).state(&id), State::Unseen);
        place.publish_as(&id, Some(PASSWORD), "channels/1/publish", "field1=21.50&status=a+b", false);
        for seen in [page, other] {
            let things = place.store(seen);
            assert_eq!(things.device(&id).map(|device| &*device.name), Some("Lamp"));
            assert_eq!(things.last(1).unwrap().words(), "field1 21.50, “a b”");
            assert_eq!(things.events(&id).len(), 2, "came and went");
            assert!(matches!(things.state(&id), State::Offline(Some(_), Some(_))), "{:?}", things.state(&id));
        }
        assert!(place.store(other).credentials().is_none(), "the asker alone has the password");
        let alien = place.store(stranger);
        assert_eq!((alien.devices(), alien.channels().count()), (Some(&[][..]), 0));
        wish(&mut place, other, Wish::Ask(Ask::Remove(Arc::clone(&id))));
        assert_eq!(place.store(page).devices(), Some(&[][..]), "{version:?}");
        let errors: Vec<_> = place.store(page).errors().map(|(_, words)| words.to_string()).collect();
        assert_eq!(errors, [""; 0], "nothing that the page asks for is refused");
    }
}

#[test]
fn a_refusal_comes_back_to_its_field() {
    for version in VERSIONS {
        let mut place = secure();
        let [page, other] = ["vy", "minh"].map(|account| open(&mut place, account, version));
        add(&mut place, page);
        let taken =
            Draft { channels: vec![Right { id: Some(1), publish: true, subscribe: false }], ..lamp(true) };
        for (draft, spot) in [
            (Draft { name: "x".repeat(101), ..lamp(true) }, Spot::Name),
            (Draft { description: "x".repeat(251), ..lamp(true) }, Spot::Description),
            (Draft { channels: vec![Right::default(); 11], ..lamp(true) }, Spot::Channel(10)),
            (taken, Spot::Channel(0)),
        ] {
            wish(&mut place, other, Wish::Ask(Ask::Add(draft)));
            let Some(Stage::Refused(words, field)) = place.store(other).stage() else {
                panic!("{:?}", place.store(other).stage())
            };
            assert_eq!(Spot::of(field), spot, "{field}: {words}");
        }
        assert_eq!(place.store(other).devices(), Some(&[][..]));
    }
}

#[test]
fn what_the_broker_does_not_answer_is_said_and_can_be_repeated() {
    let mut place = secure();
    let page = open(&mut place, "vy", VersionChoice::Auto);
    place.makes_passwords = false;
    wish(&mut place, page, Wish::Ask(Ask::Add(lamp(true))));
    place.advance(Duration::from_secs(9));
    assert_eq!(place.store(page).stage(), Some(&Stage::Waiting));
    place.advance(Duration::from_secs(2));
    assert!(
        matches!(place.store(page).stage(), Some(Stage::Unanswered(why)) if why.starts_with("No answer"))
    );
    place.makes_passwords = true;
    add(&mut place, page);
    assert_eq!(place.store(page).devices().unwrap().len(), 1);
}

#[test]
fn a_connection_that_is_lost_repeats_no_request() {
    let mut place = secure();
    let page = open(&mut place, "vy", VersionChoice::Auto);
    place.makes_passwords = false;
    wish(&mut place, page, Wish::Ask(Ask::Add(lamp(true))));
    place.cut(page);
    place.makes_passwords = true;
    assert!(matches!(place.store(page).stage(), Some(Stage::Unanswered(_))));
    place.advance(Duration::from_mins(1));
    assert!(place.store(page).is_live());
    assert_eq!(place.store(page).devices(), Some(&[][..]), "asked for anew, and nobody was added");
}

#[test]
fn an_owner_publishes_and_learns_what_came_of_it() {
    let mut place = secure();
    let page = open(&mut place, "vy", VersionChoice::Auto);
    add(&mut place, page);
    wish(&mut place, page, Wish::Publish(1, vec!["1".to_owned(), "ü&=+".to_owned()], String::new()));
    assert_eq!(place.store(page).said().unwrap().answer, "Published.");
    assert_eq!(place.store(page).last(1).unwrap().words(), "field1 1, field2 ü&=+");
    wish(&mut place, page, Wish::Publish(9, vec!["1".to_owned()], String::new()));
    assert!(place.store(page).said().unwrap().is_refused);
    place.cut(page);
    let id = Arc::clone(&place.store(page).devices().unwrap()[0].id);
    for value in 2..5 {
        place.publish_as(&id, Some(PASSWORD), "channels/1/publish", &format!("field1={value}"), false);
    }
    place.advance(Duration::from_mins(1));
    let channel = place.store(page).channel(1).unwrap();
    let ids: Vec<_> = channel.entries().iter().map(|entry| entry.id).collect();
    assert_eq!((ids, channel.missing_before(1)), (vec![1, 4], (0, 2)), "what was missed is known to be");
}
