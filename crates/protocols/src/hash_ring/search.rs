//! The binary search for a key's owner, one comparison at a time, as in the listing.

use std::rc::Rc;

use faultline_sim::process::{Context, Operation};

use super::descriptor::STEP;
use super::marks;
use super::placement::{Look, Ring};
use super::{HashRing, Reply, Timer};

/// The current search, or the latest one.
#[derive(Clone, Debug, Hash)]
pub struct Search {
    pub operation: Option<Operation>,
    pub key: String,
    pub hash: u32,
    /// The ring as it was when the search started.
    pub ring: Rc<Ring>,
    /// All comparisons of the search, of which `done` are done.
    pub looks: Vec<Look>,
    pub done: u32,
    pub found: Option<u32>,
}

impl HashRing {
    pub(super) fn look_up(&mut self, cx: &mut Context<Self>, operation: Operation, key: String) {
        if let Some(other) = self
            .search
            .as_mut()
            .and_then(|search| search.operation.take())
        {
            let why = "another search started".to_owned();
            cx.reply(other, Reply::Failed { why });
        }
        let hash = self.ring.rules.hash(&key);
        let by_search = self.ring.rules.scheme == "ring";
        let (looks, found) = if by_search {
            self.ring.search(hash)
        } else {
            (Vec::new(), None)
        };
        self.search = Some(Search {
            operation: Some(operation),
            key,
            hash,
            ring: Rc::clone(&self.ring),
            looks,
            done: 0,
            found,
        });
        self.proceed(cx);
    }

    /// One more comparison.
    pub(super) fn compare(&mut self, cx: &mut Context<Self>) {
        let Some(search) = &mut self.search else {
            return;
        };
        if let Some(look) = search.looks.get(search.done as usize) {
            search.done += 1;
            let (place, _) = search.ring.points[look.middle as usize];
            let next = match place.cmp(&search.hash) {
                std::cmp::Ordering::Equal => "found",
                std::cmp::Ordering::Greater => "continues on the left",
                std::cmp::Ordering::Less => "continues on the right",
            };
            let (hash, middle) = (search.hash, look.middle);
            cx.mark(&marks::COMPARES, (hash, place, middle, next));
        }
        self.proceed(cx);
    }

    fn proceed(&mut self, cx: &mut Context<Self>) {
        let Some(search) = &mut self.search else {
            return;
        };
        if (search.done as usize) < search.looks.len() {
            return cx.set_timer(Timer::Compare, cx.duration(&STEP));
        }
        let Some(operation) = search.operation.take() else {
            return;
        };
        let key = search.key.clone();
        let reply = match search.ring.owner(search.hash) {
            Some(owner) => Reply::Owner {
                key,
                owner: search.ring.rules.name(owner),
                comparisons: search.done,
            },
            None => Reply::Nobody { key },
        };
        cx.reply(operation, reply);
    }
}
