//! Which of memory's initial contents can go to the second part: constants that no function of the
//! first part can reach.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::ops::Range;

use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{ConstExpr, DataSection, MemArg};
use wasmparser::Operator;

use super::plan::{AS_SMALL_AS_A_STUB, Plan};
use crate::error::Outcome;
use crate::linked::{Constant, Linked};
use crate::module::Module;

/// A segment costs this many bytes, so it is better to fill a smaller gap.
const PIECE: u32 = 16;

/// The contents of the second part: addresses, in order.
pub struct Late(Vec<Range<u32>>);

impl Late {
    /// Nothing.
    pub fn nothing() -> Self {
        Self(Vec::new())
    }

    pub fn of(module: &Module, plan: &Plan, linked: &Linked) -> Outcome<Self> {
        if !module.data.iter().all(|(at, bytes)| linked.has(*at, bytes)) {
            return Err("the linked module has other constants: it is not this page's".into());
        }
        let mut early: BTreeSet<usize> = BTreeSet::new();
        let all = linked.constants.iter().enumerate();
        early.extend(all.clone().filter(|(_, c)| c.pinned).map(|(at, _)| at));
        let mut seen = Seen::default();
        for function in &plan.early {
            // Nothing was drawn into so small a body: what it reads stands in it. (wasm-opt leaves such a
            // body where it has merged functions that are alike.)
            let small = module.body(*function).range().len() <= AS_SMALL_AS_A_STUB;
            if let Some(name) = module.names.get(function).filter(|_| !small) {
                let calls = module.calls(*function)?;
                let calls = calls.iter().filter_map(|called| module.names.get(called));
                early.extend(linked.read_by(name, &calls.map(String::as_str).collect()));
            }
            for operator in module.body(*function).get_operators_reader()? {
                let operator = operator?;
                if let Operator::I32Const { value } = operator {
                    seen.0.insert(u64::from(value as u32));
                }
                seen.instruction(operator)?;
            }
        }
        // An address in the code itself counts too.
        let is_seen = |constant: &Constant| {
            let end = constant.range.end + u32::from(constant.ended);
            let within = u64::from(constant.range.start)..u64::from(end);
            let outside = || {
                constant
                    .outside
                    .iter()
                    .any(|address| seen.0.contains(address))
            };
            seen.0.range(within).next().is_some() || outside()
        };
        early.extend(all.filter(|(_, c)| is_seen(c)).map(|(at, _)| at));
        let early = linked.reached(early);
        let ranges = |wanted: bool| {
            let all = linked.constants.iter().enumerate();
            let of = all.filter(|(at, _)| early.contains(at) == wanted);
            joined(of.map(|(_, constant)| constant.range.clone()).collect(), 0)
        };
        Ok(Self(without(&ranges(false), &joined(ranges(true), PIECE))))
    }

    /// The initial contents of the first part, and of the second.
    pub fn divide(&self, segments: &[(u32, &[u8])]) -> (DataSection, DataSection) {
        let (mut first, mut rest) = (DataSection::new(), DataSection::new());
        for (address, bytes) in segments {
            let whole = *address..*address + bytes.len() as u32;
            let late: Vec<Range<u32>> = self.0.iter().map(|late| both(late, &whole)).collect();
            let early = without(&[whole], &late);
            for (part, ranges) in [(&mut first, early), (&mut rest, late)] {
                for range in ranges.into_iter().filter(|range| !range.is_empty()) {
                    let piece = (range.start - address) as usize..(range.end - address) as usize;
                    let at = ConstExpr::i32_const(range.start as i32);
                    part.active(0, &at, bytes[piece].iter().copied());
                }
            }
        }
        (first, rest)
    }

    /// All words that the first part has in memory initially.
    pub fn early_words(&self, segments: &[(u32, &[u8])]) -> BTreeSet<u32> {
        let mut words = BTreeSet::new();
        for (address, bytes) in segments {
            let skipped = (address.next_multiple_of(4) - address) as usize;
            let (whole, _) = bytes.get(skipped..).unwrap_or_default().as_chunks::<4>();
            for (at, word) in (address.next_multiple_of(4)..).step_by(4).zip(whole) {
                if !self.0.iter().any(|late| late.contains(&at)) {
                    words.insert(u32::from_le_bytes(*word));
                }
            }
        }
        words
    }

    /// The number of bytes.
    pub fn len(&self) -> usize {
        self.0.iter().map(ExactSizeIterator::len).sum()
    }
}

/// Addresses in code, as numbers and in loads.
#[derive(Default)]
struct Seen(BTreeSet<u64>);

impl Reencode for Seen {
    type Error = Infallible;

    fn mem_arg(&mut self, arg: wasmparser::MemArg) -> Result<MemArg, Error<Infallible>> {
        self.0.insert(arg.offset);
        Ok(MemArg {
            offset: arg.offset,
            align: arg.align.into(),
            memory_index: arg.memory,
        })
    }
}

/// The same addresses, sorted and without duplicates; fills gaps smaller than this.
fn joined(mut ranges: Vec<Range<u32>>, gap: u32) -> Vec<Range<u32>> {
    ranges.sort_by_key(|range| range.start);
    let mut joined: Vec<Range<u32>> = Vec::new();
    for range in ranges {
        match joined.last_mut() {
            Some(last) if range.start <= last.end + gap => last.end = last.end.max(range.end),
            _ => joined.push(range),
        }
    }
    joined
}

fn both(one: &Range<u32>, other: &Range<u32>) -> Range<u32> {
    one.start.max(other.start)..one.end.min(other.end)
}

/// The elements of the first list that are not in the second; both are sorted.
fn without(these: &[Range<u32>], those: &[Range<u32>]) -> Vec<Range<u32>> {
    let mut left = Vec::new();
    for range in these {
        let mut from = range.start;
        for hole in those.iter().map(|hole| both(hole, range)) {
            if !hole.is_empty() {
                left.push(from..hole.start);
                from = from.max(hole.end);
            }
        }
        left.push(from..range.end);
    }
    left.retain(|range| !range.is_empty());
    left
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::linked::Function;

    #[test]
    fn ranges_are_joined_and_taken_away() {
        assert_eq!(
            joined(vec![20..25, 0..10, 8..12, 14..15], 2),
            [0..15, 20..25]
        );
        assert_eq!(
            without(&[0..10, 20..30], &[2..4, 8..22, 29..40]),
            [0..2, 4..8, 22..29]
        );
    }

    #[test]
    fn what_was_drawn_into_a_function_is_read_by_it() {
        let function = |calls: &[&str], reads: &[usize]| Function {
            calls: calls.iter().map(|name| (*name).to_owned()).collect(),
            reads: reads.iter().copied().collect(),
        };
        let linked = Linked {
            functions: [
                ("first", function(&["drawn in", "kept"], &[0])),
                ("drawn in", function(&["deeper"], &[1])),
                ("deeper", function(&["first"], &[2])),
                ("kept", function(&[], &[3])),
            ]
            .map(|(name, function)| (name.to_owned(), function))
            .into(),
            ..Linked::default()
        };
        let read = linked.read_by("first", &BTreeSet::from(["kept"]));
        assert_eq!(read, BTreeSet::from([0, 1, 2]));
    }

    #[test]
    fn memory_is_divided_where_constants_begin_and_end() {
        let constant = |range: Range<u32>, reads: &[usize]| Constant {
            range,
            reads: reads.iter().copied().collect(),
            ..Constant::default()
        };
        let linked = Linked {
            constants: vec![
                constant(100..200, &[1]),
                constant(200..204, &[]),
                constant(204..300, &[]),
                constant(296..310, &[]),
            ],
            ..Linked::default()
        };
        assert_eq!(linked.reached(BTreeSet::from([0])), BTreeSet::from([0, 1]));
        let bytes: Vec<u8> = (0..=255).collect();
        let late = Late(without(
            &joined(vec![204..300, 200..204], 0),
            &joined(vec![296..310, 100..102], 0),
        ));
        assert_eq!((late.0.first(), late.len()), (Some(&(200..296)), 96));
        let (first, rest) = late.divide(&[(90, &bytes[..120]), (250, &bytes[..30])]);
        assert_eq!((first.len(), rest.len()), (1, 2));
    }
}
