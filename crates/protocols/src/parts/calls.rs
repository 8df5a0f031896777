//! Requests that wait for answers: ask, wait, retry under the same id, give up (Birrell and Nelson
//! 1984, 3.2).
//!
//! [`Calls`] remembers which node was asked for what. The protocol sends the messages and sets the timers:
//!
//! ```
//! use faultline_protocols::parts::calls::Calls;
//! use faultline_sim::process::NodeId;
//! use faultline_sim::rng::Rng;
//! use faultline_sim::time::Duration;
//!
//! let (me, server, first) = (NodeId(6), NodeId(1), Duration::millis(200));
//! let mut rng = Rng::stream(1, "node", 6);
//! let mut calls = Calls::default();
//!
//! // Ask, and wait 200 ms.
//! let call = calls.begin("add 1", None);
//! let wait = calls.next_try(call, [server], &mut rng, first).unwrap();
//! assert_eq!(wait, first);
//! // No answer. Ask again under the same id, and wait longer.
//! let longer = calls.next_try(call, [server], &mut rng, first).unwrap();
//! assert!(longer >= first && calls.id(me, call).to_string() == "n6:1");
//! // The answer arrives; a duplicate of it finds no open call.
//! assert!(calls.answered(calls.id(me, call), me, server).is_some());
//! let ended = calls.close(call).unwrap();
//! assert_eq!((ended.query, ended.tries), ("add 1", 2));
//! assert!(calls.answered(calls.id(me, call), me, server).is_none());
//! ```

use faultline_sim::process::{NodeId, Operation};
use faultline_sim::rng::Rng;
use faultline_sim::sorted::{SortedMap, SortedSet};
use faultline_sim::text::counted;
use faultline_sim::time::Duration;
use serde::Serialize;

use super::backoff;
use super::request::RequestId;

/// A request that waits for its answer.
#[derive(Clone, Debug, Hash, Serialize)]
pub struct Call<Q> {
    /// The request's content.
    pub query: Q,
    /// How often it was tried, with a longer wait each time.
    pub tries: u32,
    /// How often it was sent: the number of the latest attempt.
    pub attempt: u32,
    /// The nodes asked in the latest try that have not answered.
    pub waits_for: SortedSet<NodeId>,
    /// The latest try has followed a redirect. Another redirect must wait for the next try.
    pub redirected: bool,
    /// The client operation to complete; none if the node asked on its own.
    pub operation: Option<Operation>,
}

impl<Q> Call<Q> {
    /// How often it was tried, in words: `3 tries`.
    pub fn times(&self) -> String {
        counted(self.tries, "try", "tries")
    }
}

/// All open requests of a node. The number of the next one is on disk: an id used twice would look
/// like a retry.
#[derive(Clone, Debug, Hash, Serialize)]
pub struct Calls<Q> {
    pub next: u64,
    pub open: SortedMap<u64, Call<Q>>,
}

impl<Q> Default for Calls<Q> {
    fn default() -> Self {
        let open = SortedMap::new();
        Self { next: 1, open }
    }
}

impl<Q> Calls<Q> {
    /// A new request and its number. No node has been asked yet.
    pub fn begin(&mut self, query: Q, operation: Option<Operation>) -> u64 {
        let call = Call {
            query,
            tries: 0,
            attempt: 0,
            waits_for: SortedSet::new(),
            redirected: false,
            operation,
        };
        let number = self.next;
        self.open.insert(number, call);
        self.next += 1;
        number
    }

    /// A request's id: the same in every try.
    pub fn id(&self, me: NodeId, number: u64) -> RequestId {
        RequestId { from: me, number }
    }

    /// Another try asks these nodes. Returns how many tries that makes; none if the request has ended.
    pub fn ask(&mut self, number: u64, to: impl IntoIterator<Item = NodeId>) -> Option<u32> {
        let call = self.open.get_mut(&number)?;
        call.waits_for = to.into_iter().collect();
        call.tries += 1;
        call.attempt += 1;
        call.redirected = false;
        Some(call.tries)
    }

    /// Another try, which waits longer than the one before. Returns the wait.
    pub fn next_try(
        &mut self,
        number: u64,
        to: impl IntoIterator<Item = NodeId>,
        rng: &mut Rng,
        first: Duration,
    ) -> Option<Duration> {
        let tries = self.ask(number, to)?;
        Some(backoff::wait(rng, first, tries))
    }

    /// Asks another node within the same try, once. False if that has been done or the request has
    /// ended.
    pub fn redirect(&mut self, number: u64, to: NodeId) -> bool {
        let call = self.open.get_mut(&number).filter(|call| !call.redirected);
        let Some(call) = call else { return false };
        call.redirected = true;
        call.attempt += 1;
        call.waits_for = [to].into();
        true
    }

    /// An answer has arrived: the request, if it still waits for this node.
    pub fn answered(&mut self, id: RequestId, me: NodeId, from: NodeId) -> Option<&mut Call<Q>> {
        let call = self.open.get_mut(&id.number)?;
        (id.from == me && call.waits_for.remove(&from)).then_some(call)
    }

    /// Ends a request.
    pub fn close(&mut self, number: u64) -> Option<Call<Q>> {
        self.open.remove(&number)
    }

    /// A crash ends all requests, and no number is used again.
    pub fn recover(&self) -> Self {
        Self {
            next: self.next,
            ..Self::default()
        }
    }
}
