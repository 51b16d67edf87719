//! What a service manager is told, by systemd's notify protocol. Without one, nobody listens and nothing is said.

use crate::realm::Realm;
use sd_notify::NotifyState;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// Every listener is open, and what was stored is there; or a reload is over.
pub(crate) fn ready() {
    say(&[NotifyState::Ready]);
}

/// Files are read again. [`ready`] ends it.
pub(crate) fn reloading() {
    if let Ok(now) = NotifyState::monotonic_usec_now() {
        say(&[NotifyState::Reloading, now]);
    }
}

/// The last bytes are leaving.
pub(crate) fn stopping() {
    say(&[NotifyState::Stopping]);
}

/// Proves at half of the manager's interval that every realm still answers, until `stop`: a realm whose lock is never
/// given back is as bad as a crash, and a restart helps.
pub(crate) async fn prove(realms: Vec<Arc<Realm>>, stop: CancellationToken) {
    let Some(interval) = sd_notify::watchdog_enabled() else { return };
    loop {
        tokio::select! {
            () = tokio::time::sleep(interval / 2) => {}
            () = stop.cancelled() => return,
        }
        for realm in &realms {
            realm.answers();
        }
        say(&[NotifyState::Watchdog]);
    }
}

fn say(state: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(state) {
        tracing::warn!(%error, "the service manager cannot be told");
    }
}
