//! The connect panel: where, as whom, in which version. One line while all is well.

use leptos::{ev, prelude::*};

use super::{
    board::Board,
    feeds,
    field::{Choice, TextField},
    icon::{Icon, icon},
    live::{effect, live, memo, on, when},
    part::part,
    search::{query_string, show_query},
};
use crate::store::{
    Connection, Intent, Settings,
    settings::{Field, Realm, VersionChoice},
};

const ADDRESS: TextField = TextField {
    field: Field::Address,
    name: "address",
    label: "Address",
    kind: "url",
    mono: true,
    wide: true,
    autocomplete: "off",
    hint: "",
};

const REALM: Choice = Choice {
    name: "realm",
    label: "Realm",
    options: [("open", "open"), ("secure", "secure"), ("", "by the address")],
    chosen: |form| form.realm().map_or("", Realm::name),
    choose: |form, name| {
        if let Some(realm) = Realm::from_name(name) {
            form.set_realm(realm);
        }
    },
};

const CLIENT_ID: TextField = TextField {
    field: Field::ClientId,
    name: "client-id",
    label: "Client id",
    kind: "text",
    mono: true,
    wide: false,
    autocomplete: "off",
    hint: "",
};

const USER_NAME: TextField = TextField {
    field: Field::UserName,
    name: "username",
    label: "User name",
    kind: "text",
    mono: false,
    wide: false,
    autocomplete: "username",
    hint: "Its feed is user-name/clients.",
};

const PASSWORD: TextField = TextField {
    field: Field::Password,
    name: "password",
    label: "Password",
    kind: "password",
    mono: false,
    wide: false,
    autocomplete: "current-password",
    hint: "",
};

const VERSION: Choice = Choice {
    name: "version",
    label: "MQTT version",
    options: [("auto", "auto"), ("5", "5.0"), ("3.1.1", "3.1.1")],
    chosen: |form| form.version.name(),
    choose: |form, name| form.version = VersionChoice::from_name(name).unwrap_or(form.version),
};

/// The panel. `settings` is the form as it stands, valid or not.
#[component]
pub(super) fn Connect(
    /// The way to the store.
    board: Board,
    /// The form.
    settings: RwSignal<Settings>,
) -> impl IntoView {
    let open = RwSignal::new(!connects_by_itself(&settings.get_untracked()));
    // A refusal is for the user to mend, so that the form comes by itself.
    let is_refused = memo(move || board.status(|store| matches!(store.connection(), Connection::Refused(_))));
    effect(move || {
        if is_refused.get() {
            open.set(true);
        }
    });
    let as_whom = move || {
        let form = settings.get();
        let id = if form.client_id.is_empty() { "assigned id" } else { &form.client_id };
        format!("as {id} · {}", form.account())
    };
    let toggle = move |event: ev::Event| {
        open.set(event_target::<web_sys::HtmlDetailsElement>(&event).open());
    };
    view! {
        <details class="connect" prop:open=live(move || open.get()) on:toggle=on(toggle)>
            <summary class="connect-summary">
                {icon(Icon::Chevron)} <span>"Connection"</span>
                <span class="connect-where">{live(move || settings.get().address)}</span>
                <span class="connect-as">{live(as_whom)}</span>
            </summary>
            <Form board settings open />
        </details>
    }
}

/// Puts the form into the page's address, so that a reload and a bookmark connect the same way.
fn remember(form: &Settings) {
    show_query(&form.to_query(&query_string()));
}

/// Whether the page may connect without being asked: not to the realm that wants a password.
pub fn connects_by_itself(settings: &Settings) -> bool {
    let needs_password = settings.realm() == Some(Realm::Secure) && settings.user_name.is_empty();
    !needs_password && settings.errors(page_is_secure()).is_empty()
}

/// Whether the page came by HTTPS, which keeps it from opening `ws://` addresses.
pub(crate) fn page_is_secure() -> bool {
    window().location().protocol().is_ok_and(|protocol| protocol == "https:")
}

#[component]
fn Form(board: Board, settings: RwSignal<Settings>, open: RwSignal<bool>) -> impl IntoView {
    let tried = RwSignal::new(false);
    // What the connection was asked for with: a draft that differs offers itself.
    let in_force = RwSignal::new(settings.get_untracked());
    let is_remembered = RwSignal::new(false);
    // Back goes to what was shown, not to another broker.
    window_event_listener(ev::popstate, move |_| {
        if is_remembered.get_untracked() {
            in_force.with_untracked(remember);
        }
    });
    let is_wanted = move || board.status(|store| store.connection().is_wanted());
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        tried.set(true);
        let form = settings.get_untracked();
        if form.errors(page_is_secure()).is_empty() {
            in_force.set(form.clone());
            remember(&form);
            is_remembered.set(true);
            board.send(Intent::Connect(form));
            open.set(false);
        }
    };
    let connect = move || {
        let label = move || if is_wanted() { "Connect with these" } else { "Connect" }.to_owned();
        part(view! {
            <button type="submit" class="button" data-kind="primary">
                {live(label)}
            </button>
        })
    };
    let disconnect = move || {
        part(view! {
            <button type="button" class="button" on:click=on(move |_| board.send(Intent::Disconnect))>
                "Disconnect"
            </button>
        })
    };
    view! {
        <form class="connect-form" novalidate on:submit=on(submit) autocomplete="on">
            <div class="connect-fields">
                {[
                    ADDRESS.draw(settings, tried),
                    REALM.draw(settings),
                    CLIENT_ID.draw(settings, tried),
                    USER_NAME.draw(settings, tried),
                    PASSWORD.draw(settings, tried),
                    VERSION.draw(settings),
                ]}
            </div>
            {feeds::choice(settings)}
            <div class="connect-end">
                {when(move || !is_wanted() || settings.get() != in_force.get(), connect)}
                {when(is_wanted, disconnect)}
            </div>
        </form>
    }
}
