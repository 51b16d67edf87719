//! The link in the browser: owns the store, the lines, the alarm and the frames.

use std::{
    cell::RefCell,
    rc::{Rc, Weak},
    time::Duration,
};

use super::{
    alarm::Alarm,
    demo::DemoClient,
    frame::Frame,
    line::Line,
    listen::{self, Listener},
    moment::Moment,
    party::Party,
    session::Session,
    socket::Heard,
};
use crate::store::{
    Intent, LinkEvent, Millis, Settings, Store, Versions, connection::Protocol, link_event::Demo,
};

/// The page's way to its broker: owns the store, feeds it, and tells the view once per frame what changed.
#[derive(Clone)]
pub struct Link(Rc<RefCell<Inner>>);

struct Inner {
    own: Weak<RefCell<Inner>>,
    store: Store,
    page: Option<Line<Session>>,
    demo: Option<Line<DemoClient>>,
    settings: Settings,
    /// The address that was reached last and the version it speaks.
    known: Option<(String, Protocol)>,
    alarm: Alarm,
    frame: Frame,
    /// What the view was told last.
    told: Versions,
    on_frame: Rc<dyn Fn(Versions)>,
    _listeners: Vec<Listener>,
}

#[derive(Clone, Copy)]
enum Who {
    Page,
    Demo,
}

impl Link {
    /// Starts with this store, unconnected. `on_frame` is called at most once per animation frame and when the page is
    /// looked at again, with the store's versions; it may read the store and send intents.
    pub fn start(store: Store, on_frame: impl Fn(Versions) + 'static) -> Self {
        Self(Rc::new_cyclic(|own| {
            RefCell::new(Inner {
                own: own.clone(),
                store,
                page: None,
                demo: None,
                settings: Settings::default(),
                known: None,
                alarm: Alarm::new(calling(own, Inner::ring)),
                frame: Frame::new(notifying(own)),
                told: Versions::default(),
                on_frame: Rc::new(on_frame),
                _listeners: listen::to_page(
                    calling(own, Inner::wake),
                    calling(own, Inner::probe),
                    notifying(own),
                ),
            })
        }))
    }

    /// Reads the store. `read` must not send an intent.
    pub fn read<R>(&self, read: impl FnOnce(&Store) -> R) -> R {
        read(&self.0.borrow().store)
    }

    /// Carries out what the user wants.
    pub fn send(&self, intent: Intent) {
        let mut inner = self.0.borrow_mut();
        inner.store.apply(&intent);
        inner.carry_out(intent);
        inner.pump();
    }
}

impl Inner {
    fn carry_out(&mut self, intent: Intent) {
        let now = moment();
        match intent {
            Intent::Connect(settings) => self.connect(now, settings),
            Intent::Disconnect => self.page(|session| session.disconnect(now)),
            Intent::RetryNow => self.page(|session| session.connect(now)),
            Intent::StartDemo => self.start_demo(now),
            Intent::StopDemo => {
                if let Some(demo) = &mut self.demo {
                    demo.party.disconnect(now);
                }
            }
            Intent::Pause
            | Intent::Resume
            | Intent::Scrolled { .. }
            | Intent::Follow
            | Intent::Search(_)
            | Intent::OpenRecord { .. }
            | Intent::BackToLive
            | Intent::Complain(_)
            | Intent::Clear
            | Intent::Dismiss { .. } => {}
        }
    }

    fn connect(&mut self, now: Moment, settings: Settings) {
        // The old connection's DISCONNECT has to leave before its socket is dropped.
        self.page(|session| session.disconnect(now));
        self.pump();
        self.page = None;
        self.store.fold(now.unix, LinkEvent::Wanted { account: settings.account() });
        let known = self.known.as_ref().filter(|(address, _)| *address == settings.address);
        match Session::new(&settings, known.map(|(_, protocol)| *protocol), random()) {
            Ok(mut session) => {
                session.connect(now);
                self.page = Some(Line::new(session, &settings.address));
            }
            Err(why) => self.store.fold(now.unix, LinkEvent::Unusable { why: &why }),
        }
        self.settings = settings;
    }

    fn start_demo(&mut self, now: Moment) {
        let Some(protocol) = self.page.as_ref().and_then(|page| page.party.accepted()) else {
            let why = "the page itself has to be connected first";
            return self.store.fold(now.unix, LinkEvent::Demo(Demo::Off { why }));
        };
        if let Some(demo) = &mut self.demo {
            demo.party.disconnect(now);
            self.pump();
        }
        match DemoClient::new(now, &self.settings, protocol, (random() >> 32) as u32) {
            Ok(demo) => {
                let client_id = demo.client_id();
                self.store.fold(now.unix, LinkEvent::Demo(Demo::Connecting { client_id }));
                self.demo = Some(Line::new(demo, &self.settings.address));
            }
            Err(why) => self.store.fold(now.unix, LinkEvent::Demo(Demo::Off { why: &why })),
        }
    }

    fn page(&mut self, act: impl FnOnce(&mut Session)) {
        if let Some(page) = &mut self.page {
            act(&mut page.party);
        }
    }

    fn hear(&mut self, who: Who, heard: Heard) {
        let now = moment();
        match (who, &mut self.page, &mut self.demo) {
            (Who::Page, Some(page), _) => page.hear(now, heard),
            (Who::Demo, _, Some(demo)) => demo.hear(now, heard),
            _ => {}
        }
    }

    /// The alarm rang.
    fn ring(&mut self) {
        self.alarm.rang();
        let now = moment();
        if let Some(page) = &mut self.page {
            page.party.handle_timeout(now);
        }
        if let Some(demo) = &mut self.demo {
            demo.party.handle_timeout(now);
        }
        self.store.tick(now.unix);
    }

    /// The network came back, or the page is looked at again.
    fn wake(&mut self) {
        let now = moment();
        self.page(|session| session.wake(now));
        // Timers may have slept with the machine.
        self.ring();
    }

    /// The network went away.
    fn probe(&mut self) {
        let now = moment();
        self.page(|session| session.probe(now));
    }

    /// Brings everything up to date after something happened.
    fn pump(&mut self) {
        let now = moment();
        let own = self.own.clone();
        let hearing = |who| {
            let own = own.clone();
            move || {
                let own = own.clone();
                move |heard| with(&own, |inner| inner.hear(who, heard))
            }
        };
        if let Some(page) = &mut self.page {
            page.pump(now, &mut self.store, hearing(Who::Page));
            if let Some(protocol) = page.party.accepted() {
                self.known = Some((self.settings.address.clone(), protocol));
            }
        }
        if let Some(demo) = &mut self.demo {
            demo.pump(now, &mut self.store, hearing(Who::Demo));
        }
        let tick = self.store.next_tick().map(|at| now.monotonic_at(at));
        let page = self.page.as_ref().and_then(Line::poll_timeout);
        let demo = self.demo.as_ref().and_then(Line::poll_timeout);
        self.alarm.set(now.monotonic, [tick, page, demo].into_iter().flatten().min());
        if self.store.versions() != self.told {
            self.frame.ask();
        }
    }
}

/// Lets `act` change the link, brings everything up to date, and does nothing when the link is gone.
fn with(own: &Weak<RefCell<Inner>>, act: impl FnOnce(&mut Inner)) {
    if let Some(inner) = own.upgrade() {
        let mut inner = inner.borrow_mut();
        act(&mut inner);
        inner.pump();
    }
}

fn calling(own: &Weak<RefCell<Inner>>, act: fn(&mut Inner)) -> impl Fn() + Clone + 'static {
    let own = own.clone();
    move || with(&own, act)
}

/// Tells the view what changed, if anything did. The view reads the store then, so nothing of it is borrowed.
fn notifying(own: &Weak<RefCell<Inner>>) -> impl Fn() + 'static {
    let own = own.clone();
    move || {
        let Some(inner) = own.upgrade() else { return };
        let (versions, on_frame) = {
            let mut inner = inner.borrow_mut();
            let versions = inner.store.versions();
            if std::mem::replace(&mut inner.told, versions) == versions {
                return;
            }
            (versions, Rc::clone(&inner.on_frame))
        };
        on_frame(versions);
    }
}

/// The moment by the browser's clock.
#[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 are far below 2^53")]
pub fn clock() -> Millis {
    Millis(js_sys::Date::now() as i64)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "since the page was opened")]
pub(super) fn moment() -> Moment {
    let performance = web_sys::window().and_then(|window| window.performance());
    let ms = performance.map_or(0.0, |performance| performance.now());
    Moment { monotonic: Duration::from_micros((ms * 1_000.0) as u64), unix: clock() }
}

/// 64 bits to spread reconnects and name demos; nothing secret hangs on them.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 2^32")]
pub fn random() -> u64 {
    let half = || (js_sys::Math::random() * 4_294_967_296.0) as u64;
    half() << 32 | half()
}
