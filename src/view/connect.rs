//! The connect panel: where, as whom, in which version. One line while all is well.

use leptos::{ev, prelude::*};

use super::{
    board::Board,
    field::{Choice, TextField},
    icon::{Icon, icon},
};
use crate::store::{
    Connection, Intent, Settings,
    settings::{Field, Realm, VersionChoice},
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
    let is_refused =
        Memo::new(move |_| board.status(|store| matches!(store.connection(), Connection::Refused(_))));
    Effect::new(move |_| {
        if is_refused.get() {
            open.set(true);
        }
    });
    let is_wanted = Memo::new(move |_| board.status(|store| store.connection().is_wanted()));
    let as_whom = move || {
        settings.with(|form| {
            let account = if form.user_name.is_empty() { "anonymous" } else { &form.user_name };
            format!(
                "as {} · {account}",
                if form.client_id.is_empty() { "assigned id" } else { &form.client_id }
            )
        })
    };
    view! {
        <details
            class="connect"
            prop:open=move || open.get()
            on:toggle=move |event| {
                open.set(event_target::<web_sys::HtmlDetailsElement>(&event).open());
            }
        >
            <summary class="connect-summary">
                {icon(Icon::Chevron)} <span>"Connection"</span>
                <span class="connect-where">{move || settings.with(|form| form.address.clone())}</span>
                <span class="connect-as">{as_whom}</span>
            </summary>
            <Form board settings is_wanted on_connect=move || open.set(false) />
        </details>
    }
}

/// Whether the page may connect without being asked: not to the realm that wants a password.
pub fn connects_by_itself(settings: &Settings) -> bool {
    let needs_password = settings.realm() == Some(Realm::Secure) && settings.user_name.is_empty();
    !needs_password && settings.errors(page_is_secure()).is_empty()
}

/// Whether the page came by HTTPS, which keeps it from opening `ws://` addresses.
fn page_is_secure() -> bool {
    window().location().protocol().is_ok_and(|protocol| protocol == "https:")
}

#[component]
fn Form(
    board: Board,
    settings: RwSignal<Settings>,
    is_wanted: Memo<bool>,
    on_connect: impl Fn() + Copy + Send + 'static,
) -> impl IntoView {
    // Errors show once one has tried, so that nobody is scolded while typing.
    let tried = RwSignal::new(false);
    let errors = Memo::new(move |_| settings.with(|form| form.errors(page_is_secure())));
    let error_of = move |field| {
        Signal::derive(move || {
            let shown = tried.get();
            errors.with(|errors| {
                errors.iter().find(|error| shown && error.field == field).map(|error| error.message.clone())
            })
        })
    };
    // What the connection was asked for with: a draft that differs offers itself.
    let in_force = RwSignal::new(settings.get_untracked());
    let differs = Memo::new(move |_| settings.with(|form| in_force.with(|asked| form != asked)));
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        tried.set(true);
        if errors.with_untracked(Vec::is_empty) {
            let form = settings.get_untracked();
            in_force.set(form.clone());
            board.send(Intent::Connect(form));
            on_connect();
        }
    };
    let realm = move || settings.with(|form| form.realm().map_or("", Realm::name));
    let set_realm = move |name: String| {
        if let Some(realm) = Realm::from_name(&name) {
            settings.update(|form| form.set_realm(realm));
        }
    };
    let set_version = move |name: String| {
        if let Some(choice) = VersionChoice::from_name(&name) {
            settings.update(|form| form.version = choice);
        }
    };
    view! {
        <form class="connect-form" novalidate on:submit=submit autocomplete="on">
            <div class="connect-fields">
                <TextField
                    name="address"
                    label="Address"
                    kind="url"
                    mono=true
                    wide=true
                    value=Signal::derive(move || settings.with(|form| form.address.clone()))
                    error=error_of(Field::Address)
                    on_input=move |text| settings.update(|form| form.address = text)
                />
                <Choice
                    name="realm"
                    label="Realm"
                    options=&[("open", "open"), ("secure", "secure"), ("", "by the address")]
                    value=Signal::derive(move || realm().to_owned())
                    on_choose=set_realm
                />
                <TextField
                    name="client-id"
                    label="Client id"
                    kind="text"
                    mono=true
                    value=Signal::derive(move || settings.with(|form| form.client_id.clone()))
                    error=error_of(Field::ClientId)
                    on_input=move |text| settings.update(|form| form.client_id = text)
                />
                <TextField
                    name="username"
                    label="User name"
                    kind="text"
                    hint="Its feed is user-name/clients."
                    value=Signal::derive(move || settings.with(|form| form.user_name.clone()))
                    error=error_of(Field::UserName)
                    on_input=move |text| settings.update(|form| form.user_name = text)
                />
                <TextField
                    name="password"
                    label="Password"
                    kind="password"
                    value=Signal::derive(move || settings.with(|form| form.password.clone()))
                    error=error_of(Field::Password)
                    on_input=move |text| settings.update(|form| form.password = text)
                />
                <Choice
                    name="version"
                    label="MQTT version"
                    options=&[("auto", "auto"), ("5", "5.0"), ("3.1.1", "3.1.1")]
                    value=Signal::derive(move || settings.with(|form| form.version.name().to_owned()))
                    on_choose=set_version
                />
            </div>
            <div class="connect-end">
                <Show when=move || !is_wanted.get() || differs.get()>
                    <button type="submit" class="button" data-kind="primary">
                        {move || if is_wanted.get() { "Connect with these" } else { "Connect" }}
                    </button>
                </Show>
                <Show when=move || is_wanted.get()>
                    <button type="button" class="button" on:click=move |_| board.send(Intent::Disconnect)>
                        "Disconnect"
                    </button>
                </Show>
            </div>
        </form>
    }
}
