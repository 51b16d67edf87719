//! From a message to the event that it told.

use std::sync::Arc;

use crate::store::{
    Millis,
    adapters::{self, Adapter},
    event::{Event, Source},
    parse::{self, Origin},
    route::Route,
    server_info::ServerInfo,
};

/// The event of a message as it is read for itself. `feed` is the name of the adapter that read it, where one did.
///
/// # Errors
/// The member that is wrong, as half a sentence.
pub(super) fn event(
    now: Millis,
    topic: &Arc<str>,
    payload: &[u8],
    feed: Option<&str>,
) -> Result<Event, String> {
    let origin = |source, account| Origin { now, source, account, topic: Arc::clone(topic) };
    let no_row = "\"topic\" is one whose messages make no row";
    if let Some(feed) = feed {
        let named: Vec<Adapter> = Adapter::ALL.into_iter().filter(|adapter| adapter.name() == feed).collect();
        if named.is_empty() {
            return Err(format!("\"feed\" is {feed}, which this page does not know"));
        }
        let told = adapters::read(&named, now, topic, payload).and_then(|(_, told)| told);
        return Ok(told.ok_or(no_row)?.event);
    }
    Ok(match Route::of(topic) {
        Route::Events { account } => parse::event(&origin(Source::Events, &account), payload),
        Route::Feed { account } => parse::event(&origin(Source::Feed, &account), payload),
        // One event of the answer.
        Route::Journal => parse::event(&origin(Source::Events, ""), payload),
        Route::Server => {
            let why = ServerInfo::read(payload).err().ok_or(no_row)?;
            parse::unreadable(&origin(Source::Events, ""), payload, &why)
        }
        Route::Present { account, .. } => {
            let origin = origin(Source::Events, &account);
            let why = parse::present(&origin, payload).err().ok_or(no_row)?;
            parse::unreadable(&origin, payload, &why)
        }
        Route::Complaint { .. } => return Err(no_row.to_owned()),
        Route::Stray => parse::stray(&origin(Source::Feed, ""), payload),
    })
}

/// The name of the adapter that read an event.
pub(super) fn feed(event: &Event) -> Option<&'static str> {
    match event.source {
        Source::Other(adapter) => Some(adapter.name()),
        Source::Events | Source::Feed => None,
    }
}
