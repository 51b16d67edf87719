//! The form of a device: what it is called, and what it may do.

use leptos::{ev, prelude::*};

use super::{
    desk::Desk,
    dialog::{buttons, modal},
    focus,
};
use crate::{
    things::store::{
        Wish,
        device::Right,
        draft::{Ask, Draft, Spot},
        request::Stage,
    },
    view::{
        form::TextField,
        list::{Item, list},
        live::{live, memo, on},
        part::{Part, part},
    },
};

/// A row of the channels, by a number of its own.
type Row = (u32, Right);

/// What the form holds.
#[derive(Clone, Copy)]
struct Sheet {
    desk: Desk,
    name: RwSignal<String>,
    description: RwSignal<String>,
    rows: RwSignal<Vec<Row>>,
    next: StoredValue<u32>,
    /// Whether it was sent without a name.
    is_nameless: RwSignal<bool>,
}

/// A new device; with a channel of its own, since most are made to publish.
pub(super) fn add(desk: Desk) -> Part {
    let channels = vec![Right { id: None, publish: true, subscribe: false }];
    let sheet = Sheet::new(desk, Draft { channels, ..Draft::default() });
    let ask = move || Ask::Add(sheet.draft());
    draw(sheet, "Add a device".to_owned(), "Add the device", ask)
}

/// A device that exists.
pub(super) fn edit(desk: Desk, id: &std::sync::Arc<str>) -> Part {
    let draft = desk.peek(|things| things.device(id).map(Draft::of)).unwrap_or_default();
    let title = format!("Edit “{}”", draft.name);
    let sheet = Sheet::new(desk, draft);
    let id = id.clone();
    draw(sheet, title, "Save", move || Ask::Update(id.clone(), sheet.draft()))
}

impl Sheet {
    fn new(desk: Desk, draft: Draft) -> Self {
        let rows: Vec<_> = (0..).zip(draft.channels).collect();
        Self {
            desk,
            name: RwSignal::new(draft.name),
            description: RwSignal::new(draft.description),
            next: StoredValue::new(u32::try_from(rows.len()).unwrap_or_default()),
            rows: RwSignal::new(rows),
            is_nameless: RwSignal::new(false),
        }
    }

    fn draft(self) -> Draft {
        Draft {
            name: self.name.get_untracked(),
            description: self.description.get_untracked(),
            channels: self.rows.with_untracked(|rows| rows.iter().map(|(_, right)| *right).collect()),
        }
    }

    /// What the broker has against this part of the form; empty where nothing.
    fn refusal(self, spot: Spot) -> String {
        self.desk.read(|things| match things.stage() {
            Some(Stage::Refused(words, field)) if Spot::of(field) == spot => words.to_string(),
            Some(Stage::Unanswered(words)) if spot == Spot::Form => words.clone(),
            _ => String::new(),
        })
    }

    /// A note below a field.
    fn note(self, spot: Spot) -> impl Fn() -> (bool, String) + Clone + Send + Sync {
        move || {
            let words = self.refusal(spot);
            (!words.is_empty(), words)
        }
    }

    /// What was refused is another form.
    fn touched(self) {
        if self.desk.peek(|things| matches!(things.stage(), Some(Stage::Refused(..)))) {
            self.desk.wish(Wish::Close);
        }
    }

    fn change(self, change: impl FnOnce(&mut Vec<Row>)) {
        self.touched();
        self.rows.update(change);
    }
}

fn draw(sheet: Sheet, title: String, label: &'static str, ask: impl Fn() -> Ask + 'static) -> Part {
    let desk = sheet.desk;
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        sheet.is_nameless.set(sheet.name.with_untracked(|name| name.trim().is_empty()));
        if sheet.is_nameless.get_untracked() {
            focus("device-name");
        } else {
            desk.wish(Wish::Ask(ask()));
        }
    };
    let name_note = {
        let refused = sheet.note(Spot::Name);
        move || {
            let is_lacking = sheet.is_nameless.get() && sheet.name.with(|name| name.trim().is_empty());
            if is_lacking { (true, "Enter a name.".to_owned()) } else { refused() }
        }
    };
    let channels_note = sheet.note(Spot::Channels);
    let form_note = sheet.note(Spot::Form);
    let rows = move || {
        let item = |&(key, _): &Row| Item::new(key.to_string(), move |index| row(sheet, key, index));
        sheet.rows.with(|rows| rows.iter().map(item).collect())
    };
    let count = move || {
        let limit = desk.read(|things| things.limits().channels);
        sheet.rows.with(|rows| format!("{} of {limit}", rows.len()))
    };
    let body = part(view! {
        <form class="use-form" novalidate on:submit=on(submit) on:input=on(move |_: ev::Event| sheet.touched())>
            {TextField::text("device-name", "Name").draw(sheet.name, name_note)}
            {TextField::text("device-description", "Description (optional)")
                .draw(sheet.description, sheet.note(Spot::Description))}
            <fieldset class="rights">
                <legend class="field-label">
                    "Authorized channels, " <span>{live(count)}</span>
                </legend>
                {list("ul", "list", rows)}
                {choose(sheet)}
                <p class="field-error" role="alert">{live(move || channels_note().1)}</p>
            </fieldset>
            <p class="field-error" role="alert">{live(move || form_note().1)}</p>
            {buttons(desk, label)}
        </form>
    });
    modal(title, move || desk.close(), body)
}

/// A channel, and what the device may do with it.
fn row(sheet: Sheet, key: u32, index: RwSignal<usize>) -> Part {
    let right = memo(move || sheet.rows.with(|rows| find(rows, key)));
    let name =
        right.get_untracked().id.map_or_else(|| "New channel".to_owned(), |id| format!("Channel {id}"));
    let check = |label: &'static str, is_set: fn(&Right) -> bool, set: fn(&mut Right, bool)| {
        let change = move |event: ev::Event| {
            let ticked = event_target_checked(&event);
            sheet.change(|rows| {
                if let Some((_, right)) = rows.iter_mut().find(|(known, _)| *known == key) {
                    set(right, ticked);
                }
            });
        };
        part(view! {
            <label class="check">
                <input type="checkbox" prop:checked=live(move || is_set(&right.get())) on:change=on(change) />
                {label}
            </label>
        })
    };
    let remove = move |_: ev::MouseEvent| {
        sheet.change(|rows| rows.retain(|(known, _)| *known != key));
        focus("add-channel");
    };
    let note = move || sheet.refusal(Spot::Channel(index.get()));
    let label = format!("{name}: remove from the list");
    let group = name.clone();
    part(view! {
        <li class="right">
            <div class="right-line" role="group" aria-label=group>
                <span class="right-name">{name}</span>
                {check("Allow publish", |right| right.publish, |right, on| right.publish = on)}
                {check("Allow subscribe", |right| right.subscribe, |right, on| right.subscribe = on)}
                <button type="button" class="button" data-kind="quiet" aria-label=label on:click=on(remove)>
                    "Remove"
                </button>
            </div>
            <p class="field-error" role="alert">{live(note)}</p>
        </li>
    })
}

fn find(rows: &[Row], key: u32) -> Right {
    rows.iter().find(|(known, _)| *known == key).map(|(_, right)| *right).unwrap_or_default()
}

/// The menu of channels, and the button that adds the chosen one.
fn choose(sheet: Sheet) -> Part {
    let chosen = RwSignal::new(None::<u32>);
    let free = memo(move || {
        let used = sheet.rows.with(|rows| rows.iter().filter_map(|(_, right)| right.id).collect::<Vec<_>>());
        let all = sheet.desk.read(|things| things.channels().map(|channel| channel.id).collect::<Vec<_>>());
        all.into_iter().filter(|id| !used.contains(id)).collect::<Vec<_>>()
    });
    let menu = move || {
        let option = |id: u32| view! { <option value=id.to_string()>{format!("Channel {id}")}</option> };
        let options: Vec<_> = free.get().into_iter().map(option).collect();
        let change = move |event: ev::Event| chosen.set(event_target_value(&event).parse().ok());
        part(view! {
            <select class="field-input" id="field-channel" on:change=on(change)>
                <option value="">"New channel"</option>
                {options}
            </select>
        })
    };
    let add = move |_: ev::MouseEvent| {
        let id = chosen.get_untracked().filter(|id| free.get_untracked().contains(id));
        let key = sheet.next.get_value();
        sheet.next.set_value(key + 1);
        sheet.change(|rows| rows.push((key, Right { id, publish: true, subscribe: false })));
        chosen.set(None);
    };
    part(view! {
        <div class="use-form" data-inline="true">
            <div class="field">
                <label class="field-label" for="field-channel">"Channel to add"</label>
                {live(menu)}
            </div>
            <button type="button" class="button" id="add-channel" on:click=on(add)>"Add channel"</button>
        </div>
    })
}
