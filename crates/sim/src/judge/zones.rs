//! A contradiction that needs no search: two values of which each must have come before the other.
//!
//! Where a value is written once, whatever leaves it or needs it happens while the object holds it: one
//! block, in which no other value is there (Gibbons and Korach, "Testing shared memories", 1997). If
//! something of one block was over before something of another one began, and also the other way round,
//! then no order is right, whatever becomes of all other operations.

use crate::sorted::sort_by_key;

/// An operation that leaves a value or needs it.
#[derive(Clone, Copy)]
pub(super) struct Use {
    /// The value, by its mark.
    pub value: u64,
    pub writes: bool,
    /// How many operations had returned when it began, and one more.
    pub began: u32,
    /// How many had when it had returned itself; the largest number if it has not.
    pub over: u32,
}

/// All uses of one value.
#[derive(Clone, Copy)]
struct Zone {
    writes: u32,
    /// When the last one began, and when the first one was over.
    began: u32,
    over: u32,
}

impl Zone {
    fn of(uses: &[Use]) -> Self {
        let none = Self {
            writes: 0,
            began: 0,
            over: u32::MAX,
        };
        uses.iter().fold(none, |zone, own| Self {
            writes: zone.writes + u32::from(own.writes),
            began: zone.began.max(own.began),
            over: zone.over.min(own.over),
        })
    }

    /// Whether something of it was over before something of another one began.
    fn is_before(&self, other: &Self) -> bool {
        self.over < other.began
    }
}

/// Whether this value must have been there both before and after another one, or nobody has written it.
pub(super) fn contradict(mut uses: Vec<Use>, value: u64) -> bool {
    sort_by_key(&mut uses, |own| own.value);
    let zones = || {
        let each = uses.chunk_by(|a, b| a.value == b.value);
        each.map(|own| (own[0].value, Zone::of(own)))
    };
    let Some((_, own)) = zones().find(|(of, _)| *of == value) else {
        return false;
    };
    let both_ways = |other: &Zone| own.is_before(other) && other.is_before(&own);
    let mut others = zones().filter(|(of, zone)| *of != value && zone.writes == 1);
    own.writes == 0 || own.writes == 1 && others.any(|(_, other)| both_ways(&other))
}
