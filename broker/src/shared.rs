//! Shared Subscriptions (chapter 4.8.2): each message to one member of the group.

use crate::key::SessionKey;
use crate::options::Options;
use crate::trie::NodeId;

/// The members of one Share Name and filter, in the order they came.
#[derive(Debug)]
pub(crate) struct Share {
    pub(crate) name: Box<[u8]>,
    /// Where the group hangs in the tree of filters.
    pub(crate) node: NodeId,
    members: Vec<Member>,
    /// Whose turn it is.
    next: usize,
}

/// A session in a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Member {
    pub(crate) session: SessionKey,
    pub(crate) options: Options,
}

/// How well a member can take a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fitness {
    /// It must not have it, or it would be lost.
    Unfit,
    /// It would wait in a stored session.
    Absent,
    /// It would wait behind others.
    Busy,
    /// It goes out at once.
    Ready,
}

impl Share {
    pub(crate) fn new(name: &[u8], node: NodeId) -> Self {
        Self { name: name.into(), node, members: Vec::new(), next: 0 }
    }

    /// Adds a member, or replaces its options; whether it was there.
    pub(crate) fn join(&mut self, member: Member) -> bool {
        if let Some(old) = self.members.iter_mut().find(|it| it.session == member.session) {
            *old = member;
            return true;
        }
        self.members.push(member);
        false
    }

    /// Whether it was there.
    pub(crate) fn leave(&mut self, session: SessionKey) -> bool {
        let Some(at) = self.members.iter().position(|it| it.session == session) else { return false };
        self.members.remove(at);
        if self.next > at {
            self.next -= 1;
        }
        true
    }

    pub(crate) fn sessions(&self) -> impl Iterator<Item = SessionKey> {
        self.members.iter().map(|member| member.session)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// The fittest member, the one whose turn it is first among equals: a slow or absent one does not hold messages
    /// that another could have.
    pub(crate) fn choose(&mut self, fitness: impl Fn(&Member) -> Fitness) -> Option<Member> {
        let count = self.members.len();
        let mut best: Option<(Fitness, usize)> = None;
        for step in 0..count {
            let at = (self.next + step) % count;
            let fit = fitness(&self.members[at]);
            if fit > best.map_or(Fitness::Unfit, |(fit, _)| fit) {
                best = Some((fit, at));
            }
            if fit == Fitness::Ready {
                break;
            }
        }
        let (_, at) = best?;
        self.next = (at + 1) % count;
        Some(self.members[at])
    }
}

#[cfg(test)]
mod tests {
    use super::{Fitness, Member, Share};
    use crate::key::SessionKey;
    use crate::options::Options;

    fn group(count: u64) -> Share {
        let mut share = Share::new(b"g", 0);
        for key in 0..count {
            share.join(Member { session: SessionKey(key), options: Options::default() });
        }
        share
    }

    #[test]
    fn turns_are_taken_and_the_busy_skipped() {
        let mut share = group(3);
        let fitness = |member: &Member| match member.session.0 {
            1 => Fitness::Busy,
            _ => Fitness::Ready,
        };
        let chosen: Vec<_> = (0..4).map(|_| share.choose(fitness).unwrap().session.0).collect();
        assert_eq!(chosen, [0, 2, 0, 2]);
        let absent = |member: &Member| if member.session.0 == 1 { Fitness::Absent } else { Fitness::Unfit };
        assert_eq!(share.choose(absent).unwrap().session.0, 1);
        assert_eq!(share.choose(|_| Fitness::Unfit), None);
    }

    #[test]
    fn a_leaving_member_takes_no_turn_from_others() {
        let mut share = group(3);
        assert_eq!(share.choose(|_| Fitness::Ready).unwrap().session.0, 0);
        assert!(share.leave(SessionKey(0)));
        assert_eq!(share.choose(|_| Fitness::Ready).unwrap().session.0, 1);
        assert!(!share.leave(SessionKey(0)));
    }
}
