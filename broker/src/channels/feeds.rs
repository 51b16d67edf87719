//! Requests for the past of a channel.
//!
//! `channels/<id>/feeds` takes `{"results":N,"after":ID,"before":ID,"start":"…Z","end":"…Z"}`, all of it optional: the
//! newest N entries within these bounds, oldest first. Whoever may subscribe to the channel may ask.

use super::body::instant;
use super::history::Wanted;
use crate::events::Action;
use crate::explain::Refusal;
use crate::{Broker, ConnectionId, Now};
use headcount_mqtt::{Publish, ReasonCode, TopicName};
use serde::Deserialize;

/// Entries of one answer, as ThingSpeak.
const MAX_RESULTS: u64 = 8_000;

/// The same where the request names no number, as ThingSpeak.
const USUAL_RESULTS: u64 = 100;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FeedsRequest {
    results: Option<u64>,
    after: Option<u64>,
    before: Option<u64>,
    start: Option<String>,
    end: Option<String>,
}

impl Broker {
    /// Answers with the newest entries of a channel, or says why not.
    pub(super) fn feeds_request(
        &mut self,
        now: Now,
        id: ConnectionId,
        topic: &TopicName,
        channel: u32,
        publish: &Publish,
    ) -> Result<(), Refusal> {
        let permitted = self.link(id).map_or(Ok(()), |link| link.account.may_publish(topic));
        if let Err(denial) = permitted {
            let said = self.report_denied(now, id, Action::Publish, topic.text(), &denial);
            return Err(Refusal::new(ReasonCode::NotAuthorized, said));
        }
        let wanted = wanted(&publish.payload).map_err(|mistake| {
            let line = format!(
                "the request to {topic} cannot be answered: {mistake}; publish {{\"results\":N}}, N from 1 to \
                 {MAX_RESULTS}, and beside it \"before\" and \"after\" with entry ids, \"start\" and \"end\" with times"
            );
            self.report_mistake(now, id, &line);
            Refusal::new(ReasonCode::PayloadFormatInvalid, line)
        })?;
        // What is not stored yet has a number that may be given to another.
        self.promise(id);
        self.answer_with(now, id, topic, publish, |broker, bytes| {
            broker.devices.history(channel)?.feeds(channel, &wanted, bytes)
        })
    }
}

fn wanted(payload: &[u8]) -> Result<Wanted, String> {
    // An empty payload asks for what is usual.
    let payload = if payload.is_empty() { b"{}" } else { payload };
    let request: FeedsRequest = serde_json::from_slice(payload).map_err(|error| error.to_string())?;
    let results = request.results.unwrap_or(USUAL_RESULTS);
    if !(1..=MAX_RESULTS).contains(&results) {
        return Err(format!("results is {results}"));
    }
    let moment = |name, text: Option<String>| text.map(|text| instant(name, &text)).transpose();
    Ok(Wanted {
        results: usize::try_from(results).expect("at most 8,000"),
        after: request.after,
        before: request.before,
        start: moment("start", request.start)?,
        end: moment("end", request.end)?,
    })
}

#[cfg(test)]
mod tests {
    use super::wanted;
    use crate::channels::history::Wanted;

    #[test]
    fn a_request_is_read() {
        let usual = Wanted { results: 100, ..Wanted::default() };
        assert_eq!(wanted(b""), Ok(usual.clone()));
        assert_eq!(wanted(b"{}"), Ok(usual.clone()));
        let all =
            br#"{"results":8000,"after":1,"before":18446744073709551615,"start":"2026-11-21T13:00:00+01:00",
            "end":"2026-11-21T12:00:00.9Z"}"#;
        let at = Some("2026-11-21T12:00:00Z".to_owned());
        let expected =
            Wanted { results: 8_000, after: Some(1), before: Some(u64::MAX), start: at.clone(), end: at };
        assert_eq!(wanted(all), Ok(expected));
    }

    #[test]
    fn mistakes_are_named() {
        for (payload, why) in [
            (&b"[]"[..], "invalid length"),
            (b"x", "expected value"),
            (b"{\"result\":1}", "unknown field `result`"),
            (b"{\"results\":0}", "results is 0"),
            (b"{\"results\":8001}", "results is 8001"),
            (b"{\"results\":-1}", "invalid value"),
            (b"{\"before\":1.5}", "invalid type"),
            (b"{\"start\":\"today\"}", "start is `today`; write ISO 8601"),
            (b"{\"end\":\"\xff\"}", "invalid unicode"),
        ] {
            let said = wanted(payload).unwrap_err();
            assert!(said.contains(why), "{said}");
        }
    }
}
