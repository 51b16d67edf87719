//! The rules in force, what the broker refused, and which line refused it.

use leptos::prelude::*;

use super::{log::short, seat::Seat};
use crate::{
    chat::store::{rules::Rule, stage::Feature},
    view::{
        icon::{Icon, icon},
        list::{Item, list},
        live::when,
        part::{Part, part},
    },
};

/// From which width of the page on the rules stand open beside one window, in CSS pixels.
const WIDE: f64 = 1_100.0;

/// Beside the messages or above them, from the stage on that has rules, and before that where there is something to say.
pub(super) fn rules(seat: Seat) -> Part {
    let has_rules = move || seat.read(|chat| chat.stage().has(Feature::Authentication));
    let is_there = move || has_rules() || seat.read(|chat| !chat.errors().is_empty());
    part(view! { {when(is_there, move || panel(seat))} })
}

fn panel(seat: Seat) -> Part {
    let has_rules = seat.peek(|chat| chat.stage().has(Feature::Authentication));
    let width = window().inner_width().ok().and_then(|width| width.as_f64()).unwrap_or_default();
    let is_open = (width >= WIDE && !seat.hall.second.get_untracked()) || !has_rules;
    let title = if has_rules { "Rules in force" } else { "What the broker said" };
    let lines = move || {
        seat.read(|chat| {
            let rules = chat.rules();
            let is_refusing = |name: &str| !rules.refused_by.is_empty() && *name == *rules.refused_by;
            let rest =
                Rule { name: "default".into(), text: "everything else is refused".into(), topic: "".into() };
            let known = rules.rules.iter().filter(|_| has_rules).cloned();
            let rest = (has_rules && !rules.rules.is_empty()).then_some(rest);
            known.chain(rest).map(|rule| line(&rule, is_refusing(&rule.name))).collect()
        })
    };
    let errors = move || {
        seat.read(|chat| {
            let line = |(at, words): (crate::store::Millis, std::sync::Arc<str>)| {
                Item::new(format!("{} {words}", at.0), move |_| {
                    let words = words.to_string();
                    part(view! {
                        <li class="complaint">
                            <time datetime=at.iso()>{short(at)}</time>
                            " "
                            <span dir="auto">{words}</span>
                        </li>
                    })
                })
            };
            chat.errors().iter().rev().cloned().map(line).collect()
        })
    };
    part(view! {
        <details class="rules" open=is_open>
            <summary class="rules-title">{icon(Icon::Chevron)} {title}</summary>
            <div class="rules-lists" tabindex="0" role="group" aria-label=title>
                {list("ul", "list", errors)}
                {list("ol", "list", lines)}
            </div>
        </details>
    })
}

fn line(rule: &Rule, is_refusing: bool) -> Item {
    let Rule { name, text, topic } = rule.clone();
    let key = format!("{name} {text} {is_refusing}");
    Item::new(key, move |_| {
        let verdict =
            is_refusing.then(|| view! { <strong class="rule-verdict">"refused the last one"</strong> });
        part(view! {
            <li class="rule" data-refusing=is_refusing.then_some("true")>
                <code class="rule-text" title=topic.to_string()>{text.to_string()}</code>
                <span class="rule-name">{name.to_string()} " " {verdict}</span>
            </li>
        })
    })
}
