//! The law that no copy drops a write for one that did not know of it, for stores of [`Entry`].
//!
//! ```
//! use std::rc::Rc;
//!
//! use faultline_protocols::parts::kept::{Kept, Store};
//! use faultline_protocols::parts::versions::{Entry, Resolution, Rules, Versions, Write};
//! use faultline_sim::process::NodeId;
//!
//! let rules = Rules { versions: Versions::Vector, resolution: Resolution::Siblings };
//! let mut entry = Entry::default();
//! let write = Write { value: "red".into(), past: entry.seen.clone(), stamp: (0, 0), after: Vec::new(), above: 0 };
//! rules.write(&mut entry, NodeId(1), write);
//! let mut store = Store::new();
//! store.insert("x".into(), Rc::new(entry));
//! let mut kept = Kept::default();
//! assert_eq!(kept.look(NodeId(1), &store, Some("x"), []), Ok(()));
//! // The copy is gone, and no later write explains it.
//! store.insert("x".into(), Rc::new(Entry::default()));
//! assert_eq!(kept.look(NodeId(1), &store, Some("x"), []), Err("n1 lost x = red".into()));
//! ```

use std::rc::Rc;

use faultline_sim::process::NodeId;
use faultline_sim::shared::SharedMap;
use faultline_sim::sorted::SortedMap;

use super::versions::{Entry, Written};

/// What a node stores, by key.
pub type Store = SharedMap<String, Rc<Entry>>;

/// What each node had when it was last looked at.
#[derive(Clone, Default, Hash)]
pub struct Kept(SortedMap<NodeId, Store>);

impl Kept {
    /// Remembers what a node has now, and judges the key that has just changed. Without one, the node has
    /// restarted, and its disk tells what it had. `own`: further writes of this key that it must have.
    ///
    /// # Errors
    /// A write that is neither among the key's values nor known to one of them.
    pub fn look<'a>(
        &mut self,
        id: NodeId,
        store: &Store,
        changed: Option<&str>,
        own: impl IntoIterator<Item = &'a Written>,
    ) -> Result<(), String> {
        let before = self.0.insert(id, store.clone());
        let (Some(before), Some(key)) = (before, changed) else {
            return Ok(());
        };
        let Some(old) = before.get(key) else {
            return Ok(());
        };
        let now = store.get(key).map_or(&[][..], |entry| &entry.values);
        let kept = |dot| now.iter().any(|v| v.dot == dot || v.past.has(dot));
        let mut lost = old.values.iter().filter(|write| !kept(write.dot));
        let mut own = own.into_iter().filter(|write| !kept(write.dot));
        match lost.next().or_else(|| own.next()) {
            Some(lost) => Err(format!("{id} lost {key} = {}", lost.value)),
            None => Ok(()),
        }
    }
}
