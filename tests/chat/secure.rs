//! Stage 40: passwords and rules.

use headcount_page::{
    chat::{
        login::Login,
        store::{Wish, With, presence::Badge, stage::Stage},
    },
    store::{Connection, settings::VersionChoice},
};

use crate::town::{Id, Town};

fn errors(town: &Town, id: Id) -> Vec<String> {
    town.store(id).errors().iter().map(|(_, line)| line.to_string()).collect()
}

#[test]
fn a_wrong_password_is_refused_in_words_and_the_right_one_mends_it() {
    for version in [VersionChoice::V5, VersionChoice::V311] {
        let mut town = Town::secure();
        let vy = town.open_with("vy", Stage::Forty, version, &<_>::default());
        let right = Login {
            user: "vy".to_owned(),
            password: "test".to_owned(),
            stage: Stage::Forty,
            version,
            ..Login::default()
        };
        let wrong = Login { password: "guess".to_owned(), ..right.clone() };
        town.log_in(vy, &wrong);
        let Connection::Refused(refusal) = town.store(vy).connection() else {
            panic!("{:?}", town.store(vy).connection())
        };
        assert!(refusal.words.starts_with("bad user name or password"), "{}", refusal.words);
        town.log_in(vy, &right);
        assert_eq!(town.store(vy).connection().name(), "live");
        assert_eq!(errors(&town, vy), [""; 0], "nothing that the page asks for is refused");
    }
}

#[test]
fn whoever_writes_as_somebody_else_is_refused_and_told_why() {
    for version in [VersionChoice::V5, VersionChoice::V311] {
        let mut town = Town::secure();
        let vy = town.open_with("vy", Stage::Forty, version, &<_>::default());
        let jo = town.open("jo", Stage::Forty);
        let rules = &town.store(vy).rules().rules;
        let text =
            |name: &str| rules.iter().find(|rule| *rule.name == *name).map(|rule| rule.text.to_string());
        assert_eq!(text("chat.acl:5").as_deref(), Some("pattern read chat/messages/%u/+"));
        town.wish(vy, &Wish::Pretend { to: "jo".to_owned(), sender: "admin".to_owned(), random: 1 });
        assert!(town.shows(jo, "admin").is_empty());
        let said = errors(&town, vy).join("\n");
        assert!(said.contains("may not publish to chat/messages/jo/admin: denied by default"), "{said}");
        assert_eq!(&*town.store(vy).rules().refused_by, "default");
        if version == VersionChoice::V5 {
            assert!(said.contains("The broker refused a message to jo in the name of admin"), "{said}");
        }
        town.say(vy, "jo", "as myself");
        assert_eq!(town.shows(jo, "vy"), ["as myself"]);
        assert_eq!(town.badge(jo, "vy"), Badge::Online);
    }
}

#[test]
fn without_rules_whoever_writes_as_somebody_else_is_believed() {
    let mut town = Town::new();
    let (vy, jo) = (town.open("vy", Stage::Thirty), town.open("jo", Stage::Thirty));
    town.wish(vy, &Wish::Pretend { to: "jo".to_owned(), sender: "admin".to_owned(), random: 1 });
    assert_eq!(town.shows(jo, "admin"), ["This is not admin, but vy."]);
    assert_eq!(errors(&town, vy), ["The broker took a message to jo in the name of admin."]);
}

#[test]
fn the_administrator_reads_everything_and_is_read_by_nobody() {
    let mut town = Town::secure();
    let [vy, jo, admin] = ["vy", "jo", "admin"].map(|name| town.open(name, Stage::Forty));
    town.say(vy, "jo", "a secret");
    town.say(jo, "vy", "is it?");
    let thread = town.store(admin).thread(&With::between("vy", "jo")).unwrap();
    let said: Vec<_> = thread.messages().map(|message| message.content.to_string()).collect();
    assert_eq!(said, ["a secret", "is it?"]);
    town.say(vy, "admin", "to you");
    town.say(admin, "vy", "to me");
    assert_eq!(town.shows(admin, "vy"), ["to you", ">to me"]);
    assert_eq!(town.store(vy).threads().len(), 2);
}
