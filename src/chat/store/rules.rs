//! The rules that bind this user, as the broker tells them.

use std::sync::Arc;

use crate::store::json::Json;

/// Rules that are shown; a file of this length is nothing to read beside a chat.
const RULES_MAX: usize = 200;

/// A rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Where it stands, as in `chat.acl:5`.
    pub name: Arc<str>,
    /// As it stands there.
    pub text: Arc<str>,
    /// Its topic, with the user's names filled in.
    pub topic: Arc<str>,
}

/// All of them, in the order in which they are judged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    /// The rules.
    pub rules: Vec<Rule>,
    /// Name of the rule that refused something last; `default` where none allows it.
    pub refused_by: Arc<str>,
}

impl Rules {
    /// Takes in the broker's answer.
    pub(super) fn take(&mut self, payload: &[u8]) {
        let Ok(json) = Json::read(payload) else { return };
        let Ok(list) = json.list("rules") else { return };
        let rule = |json: &Json<'_>| {
            let text = |name: &str| Some(Arc::from(json.text(name).ok()??));
            Some(Rule { name: text("rule")?, text: text("text")?, topic: text("topic").unwrap_or_default() })
        };
        self.rules = list.iter().take(RULES_MAX).filter_map(rule).collect();
    }

    /// A line of `<account>/errors`: `… denied by chat.acl:5; …`.
    pub(super) fn hear(&mut self, line: &str) {
        if let Some((_, rest)) = line.split_once("denied by ") {
            self.refused_by = rest.split(';').next().unwrap_or_default().trim().into();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_refusing_rule_is_known_by_its_name() {
        let mut rules = Rules::default();
        rules.take(
            br#"{"account":"vy","rules":[{"rule":"chat.acl:5","text":"pattern read chat/messages/%u/+",
            "topic":"chat/messages/vy/+","action":"read","allow":true},{"text":"no name"}]}"#,
        );
        assert_eq!(rules.rules.len(), 1);
        assert_eq!(&*rules.rules[0].topic, "chat/messages/vy/+");
        rules.take(b"no answer");
        assert_eq!(rules.rules.len(), 1);
        for (line, name) in [
            (
                "a may not publish to b: denied by default; no rule allows it, one would stand at x:3",
                "default",
            ),
            ("a may not subscribe to b: denied by chat.acl:5", "chat.acl:5"),
            ("a is refused: no password", "chat.acl:5"),
        ] {
            rules.hear(line);
            assert_eq!(&*rules.refused_by, name);
        }
    }
}
