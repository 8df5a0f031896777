//! Leaving out what a contradiction does not need.

use super::search::Found;
use crate::sorted::SortedSet;

/// The operations that cannot be left out of these, if they contradict a promise (`order` finds none);
/// none if they do not, or if it is not decided.
pub(super) fn shrink(
    from: Vec<u32>,
    mut order: impl FnMut(&SortedSet<u32>) -> Found,
) -> Option<Vec<u32>> {
    let mut kept: SortedSet<u32> = from.into_iter().collect();
    if order(&kept) != Found::None {
        return None;
    }
    let mut size = kept.len().div_ceil(2).max(1);
    loop {
        let all: Vec<u32> = kept.iter().copied().collect();
        for chunk in all.chunks(size) {
            let less = kept.iter().copied().filter(|own| !chunk.contains(own));
            let less: SortedSet<u32> = less.collect();
            match order(&less) {
                Found::None => kept = less,
                Found::Order => {}
                Found::Undecided => return None,
            }
        }
        if size == 1 {
            return Some(kept.iter().copied().collect());
        }
        size = size.div_ceil(2);
    }
}
