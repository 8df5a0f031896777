//! Lists and maps that grow with a run: a copy shares what it has in common with the original.
//!
//! A checkpoint copies the whole state, many times in a run. A replicated log copied as a plain list
//! would cost its whole length each time. Here it lies in pieces behind counted pointers: copying is
//! two pointers, and a change copies the one piece it touches. Use them for whatever has no bound (a
//! log, the requests that were executed); [`sorted`](crate::sorted) is smaller and faster for a
//! handful.

mod list;
mod map;

use std::rc::Rc;

pub use list::SharedList;
pub use map::SharedMap;

use crate::memory;

/// Items that lie in one piece, at most.
const PIECE: usize = 128;

/// A list to be changed: its own copy, if anybody else holds it.
#[inline]
fn own<T: Clone>(list: &mut Rc<Vec<T>>) -> &mut Vec<T> {
    if Rc::strong_count(list) > 1 {
        memory::note_copied(list.len() * size_of::<T>());
    }
    Rc::make_mut(list)
}

/// The same for a piece that may grow: its copy has room for a whole piece, so that growing does not
/// double it beyond that.
#[inline]
fn own_piece<T: Clone>(piece: &mut Rc<Vec<T>>) -> &mut Vec<T> {
    if Rc::strong_count(piece) > 1 {
        memory::note_copied(PIECE * size_of::<T>());
        let mut copy = Vec::with_capacity(PIECE);
        copy.extend_from_slice(piece);
        *piece = Rc::new(copy);
    }
    Rc::make_mut(piece)
}
