//! Drives one party in the browser: its line, the alarm and the frames.

use std::{
    cell::RefCell,
    rc::{Rc, Weak},
};

use super::{
    alarm::Alarm,
    browser::moment,
    frame::Frame,
    line::Line,
    listen::{self, Listener},
    moment::Moment,
    party::{Party, Scene},
    socket::Heard,
};

/// A party with its store; a copy of it is the same one.
pub struct Drive<P: Party>(Rc<RefCell<Inner<P>>>);

struct Inner<P: Party> {
    own: Weak<RefCell<Self>>,
    store: P::Store,
    line: Option<Line<P>>,
    /// Who takes the line's place once it is over.
    next: Option<Next<P>>,
    alarm: Alarm,
    frame: Frame,
    /// The version that the view was told last.
    told: u64,
    on_frame: Rc<dyn Fn()>,
    _listeners: Vec<Listener>,
}

struct Next<P: Party> {
    address: String,
    make: Box<Make<P>>,
}

type Make<P> = dyn FnOnce(Moment, &mut <P as Party>::Store) -> Option<P>;

impl<P: Party> Clone for Drive<P> {
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}

impl<P> Drive<P>
where
    P: Party + 'static,
    P::Store: Scene + 'static,
{
    /// Starts with this store and no party. `on_frame` is called at most once per animation frame and when the page is
    /// looked at again, if the store's version rose; it may read the store and act.
    pub fn start(store: P::Store, on_frame: impl Fn() + 'static) -> Self {
        Self(Rc::new_cyclic(|own| {
            RefCell::new(Inner {
                own: Weak::clone(own),
                told: store.version(),
                store,
                line: None,
                next: None,
                alarm: Alarm::new(calling(own, Inner::ring)),
                frame: Frame::new(notifying(own)),
                on_frame: Rc::new(on_frame),
                _listeners: listen::to_page(
                    calling(own, Inner::wake),
                    calling(own, Inner::probe),
                    notifying(own),
                ),
            })
        }))
    }

    /// Reads the store. `read` must not act.
    pub fn read<R>(&self, read: impl FnOnce(&P::Store) -> R) -> R {
        read(&self.0.borrow().store)
    }

    /// Changes the store or lets the party act, where there is one.
    pub fn act(&self, act: impl FnOnce(Moment, &mut P::Store, Option<&mut P>)) {
        let mut inner = self.0.borrow_mut();
        let Inner { store, line, .. } = &mut *inner;
        act(moment(), store, line.as_mut().map(|line| &mut line.party));
        inner.pump();
    }

    /// Puts another party into the place of the present one, as soon as that is over, which it has to be told.
    pub fn replace(&self, address: &str, make: impl FnOnce(Moment, &mut P::Store) -> Option<P> + 'static) {
        let mut inner = self.0.borrow_mut();
        inner.next = Some(Next { address: address.to_owned(), make: Box::new(make) });
        inner.pump();
    }
}

impl<P> Inner<P>
where
    P: Party + 'static,
    P::Store: Scene + 'static,
{
    fn party(&mut self, act: impl FnOnce(&mut P)) {
        if let Some(line) = &mut self.line {
            act(&mut line.party);
        }
    }

    /// The alarm rang.
    fn ring(&mut self) {
        self.alarm.rang();
        let now = moment();
        self.party(|party| party.handle_timeout(now));
        self.store.tick(now.unix);
    }

    /// The network came back, or the page is looked at again.
    fn wake(&mut self) {
        let now = moment();
        self.party(|party| party.wake(now));
        // Timers may have slept with the machine.
        self.ring();
    }

    /// The network went away.
    fn probe(&mut self) {
        let now = moment();
        self.party(|party| party.probe(now));
    }

    /// Brings everything up to date after something happened.
    fn pump(&mut self) {
        let now = moment();
        self.pump_line(now);
        if self.line.as_ref().is_none_or(|line| line.party.is_over())
            && let Some(Next { address, make }) = self.next.take()
        {
            self.line = make(now, &mut self.store).map(|party| Line::new(party, &address));
            self.pump_line(now);
        }
        let tick = self.store.next_tick().map(|at| now.monotonic_at(at));
        let line = self.line.as_ref().and_then(Line::poll_timeout);
        self.alarm.set(now.monotonic, [tick, line].into_iter().flatten().min());
        if self.store.version() != self.told {
            self.frame.ask();
        }
    }

    fn pump_line(&mut self, now: Moment) {
        let own = Weak::clone(&self.own);
        if let Some(line) = &mut self.line {
            line.pump(now, &mut self.store, || {
                let own = Weak::clone(&own);
                move |heard: Heard| {
                    with(&own, |inner| {
                        if let Some(line) = &mut inner.line {
                            line.hear(moment(), heard);
                        }
                    });
                }
            });
        }
    }
}

/// Lets `act` change what is driven, brings everything up to date, and does nothing when it is gone.
fn with<P>(own: &Weak<RefCell<Inner<P>>>, act: impl FnOnce(&mut Inner<P>))
where
    P: Party + 'static,
    P::Store: Scene + 'static,
{
    if let Some(inner) = own.upgrade() {
        let mut inner = inner.borrow_mut();
        act(&mut inner);
        inner.pump();
    }
}

fn calling<P>(own: &Weak<RefCell<Inner<P>>>, act: fn(&mut Inner<P>)) -> impl Fn() + Clone + 'static
where
    P: Party + 'static,
    P::Store: Scene + 'static,
{
    let own = Weak::clone(own);
    move || with(&own, act)
}

/// Tells the view that something changed, if anything did. The view reads the store then, so nothing of it is borrowed.
fn notifying<P>(own: &Weak<RefCell<Inner<P>>>) -> impl Fn() + Clone + 'static
where
    P: Party + 'static,
    P::Store: Scene + 'static,
{
    let own = Weak::clone(own);
    move || {
        let Some(inner) = own.upgrade() else { return };
        let on_frame = {
            let mut inner = inner.borrow_mut();
            let version = inner.store.version();
            if std::mem::replace(&mut inner.told, version) == version {
                return;
            }
            Rc::clone(&inner.on_frame)
        };
        on_frame();
    }
}
