//! The plan: which function goes to which part.

use std::collections::{BTreeMap, BTreeSet};

use wasmparser::{Operator, TableType};

use super::TABLE;
use crate::error::Outcome;
use crate::first::First;
use crate::module::Module;

/// The name of the imported function that asks the page for the second part (src/rest.rs); wasm-bindgen
/// adds a number to it.
const DOOR: &str = "__wbg_restNow_";
/// A body of this size is no larger than its stub.
pub const AS_SMALL_AS_A_STUB: usize = 14;

/// Function numbers are those of the undivided module.
pub struct Plan {
    imported: u32,
    /// Defined functions of the first part, in order.
    pub early: Vec<u32>,
    /// Defined functions of the second part, in order.
    pub late: Vec<u32>,
    /// Late functions that the first part can reach, by type.
    pub stubs: Vec<u32>,
    /// Functions of the first part, including imported ones, that the second calls.
    pub shared: Vec<u32>,
    /// The contents of the table, in order of places.
    pub slots: Vec<(u32, u32)>,
    /// All tables; the function table has room for the late functions that the first part can reach.
    pub tables: Vec<TableType>,
    /// The imported function that loads the second part.
    pub door: u32,
    places: BTreeMap<u32, u32>,
    in_first: BTreeMap<u32, u32>,
    in_rest: BTreeMap<u32, u32>,
}

/// Whether a function's code has an address of initial memory contents in it.
fn has_address(module: &Module, function: u32) -> bool {
    let contents = |address: u32| {
        let mut all = module.data.iter();
        all.any(|(from, bytes)| (*from..*from + bytes.len() as u32).contains(&address))
    };
    let Ok(operators) = module.body(function).get_operators_reader() else {
        return true;
    };
    operators.into_iter().any(|operator| match operator {
        Ok(Operator::I32Const { value }) => contents(value as u32),
        Ok(_) => false,
        Err(_) => true,
    })
}

impl Plan {
    /// Divides the functions. `idle` are small ones that the first part cannot come to.
    pub fn new(module: &Module, first: &First, idle: &BTreeSet<u32>) -> Outcome<Self> {
        let imported = module.imported();
        let door = module
            .imports
            .iter()
            .position(|import| import.name.starts_with(DOOR))
            .ok_or("it never asks for the rest: src/rest.rs is not part of it")?;
        let defined = imported..module.functions.len() as u32;
        let is_known = |function: &u32| module.names.get(function).map(|name| first.has(name));
        if !defined
            .clone()
            .any(|function| is_known(&function) == Some(true))
        {
            return Err(
                "its functions have no names that first.txt knows; `wasm-opt -g` keeps names"
                    .into(),
            );
        }
        // wasm-opt moves code that several functions share into small functions without names. A small one
        // with an address in it is as late as it was recorded: it may read all the catalogue.
        let is_early = |function: &u32| {
            let small = || module.body(*function).range().len() <= AS_SMALL_AS_A_STUB;
            let early = || {
                is_known(function).unwrap_or(true) || (small() && !has_address(module, *function))
            };
            !idle.contains(function) && early()
        };
        let (early, late): (Vec<u32>, Vec<u32>) = defined.partition(is_early);
        let is_late = |function: &u32| late.binary_search(function).is_ok();

        let mut slots: BTreeMap<u32, u32> = module.slots.iter().copied().collect();
        let mut places: BTreeMap<u32, u32> = BTreeMap::new();
        for (place, function) in &slots {
            places.entry(*function).or_insert(*place);
        }
        let mut reached: BTreeSet<u32> = slots.values().copied().filter(is_late).collect();
        for export in &module.exports {
            if export.kind == wasmparser::ExternalKind::Func && is_late(&export.index) {
                reached.insert(export.index);
            }
        }
        for function in &early {
            reached.extend(module.calls(*function)?.into_iter().filter(is_late));
        }
        let mut tables: Vec<TableType> = module.tables.iter().map(|table| table.ty).collect();
        let table = tables.get_mut(TABLE as usize).ok_or("it has no table")?;
        for function in &reached {
            places.entry(*function).or_insert_with(|| {
                let place = table.initial as u32;
                slots.insert(place, *function);
                table.initial += 1;
                place
            });
        }
        table.maximum = table.maximum.map(|most| most.max(table.initial));

        let mut shared = BTreeSet::new();
        for function in &late {
            let calls = module.calls(*function)?;
            shared.extend(calls.into_iter().filter(|called| !is_late(called)));
        }
        // Similar stubs are neighbours: they differ in a number that counts up, so they compress well.
        let mut stubs: Vec<u32> = reached.into_iter().collect();
        stubs.sort_by_key(|stub| (module.functions[*stub as usize], places[stub]));
        let shared: Vec<u32> = shared.into_iter().collect();
        let number = |functions: &mut dyn Iterator<Item = &u32>, from: u32| -> BTreeMap<u32, u32> {
            functions.copied().zip(from..).collect()
        };
        Ok(Self {
            imported,
            in_first: number(&mut early.iter().chain(&stubs), imported),
            in_rest: number(&mut shared.iter().chain(&late), 0),
            slots: slots.into_iter().collect(),
            door: door as u32,
            early,
            late,
            stubs,
            shared,
            tables,
            places,
        })
    }

    /// Functions that are early only because they are small, and that the first part cannot come to: no
    /// function that it needs calls them, and no word of such a function or of its memory (`words`) is a
    /// place of theirs in the table. Each protocol of the catalogue brings dozens.
    pub fn idle(
        &self,
        module: &Module,
        first: &First,
        mut words: BTreeSet<u32>,
    ) -> Outcome<BTreeSet<u32>> {
        let is_listed = |function: &u32| {
            module
                .names
                .get(function)
                .is_some_and(|name| first.has(name))
        };
        let exports = module.exports.iter();
        let exported = exports.filter(|export| export.kind == wasmparser::ExternalKind::Func);
        let listed = self.early.iter().copied().filter(is_listed);
        let mut todo: Vec<u32> = listed.chain(exported.map(|export| export.index)).collect();
        let mut needed: BTreeSet<u32> = todo.iter().copied().collect();
        loop {
            while let Some(function) = todo.pop() {
                // What is late comes with the second part, and with all that it calls.
                if function < self.imported || self.early.binary_search(&function).is_err() {
                    continue;
                }
                for operator in module.body(function).get_operators_reader()? {
                    if let Operator::I32Const { value } = operator? {
                        words.insert(value as u32);
                    }
                }
                for called in module.calls(function)? {
                    if needed.insert(called) {
                        todo.push(called);
                    }
                }
            }
            let held = self.slots.iter().filter(|(place, _)| words.contains(place));
            todo.extend(
                held.map(|(_, function)| *function)
                    .filter(|function| needed.insert(*function)),
            );
            if todo.is_empty() {
                break;
            }
        }
        Ok(self
            .early
            .iter()
            .copied()
            .filter(|function| !needed.contains(function))
            .collect())
    }

    /// Takes away the stubs of late functions that the first part cannot come to: it neither calls nor
    /// exports them, and no word of its code and its memory (`words`) is a place of theirs in the table.
    /// Their places stay empty until the second part fills them.
    pub fn without_idle_stubs(&mut self, module: &Module, mut words: BTreeSet<u32>) -> Outcome {
        let mut wanted: BTreeSet<u32> = BTreeSet::new();
        let exports = module.exports.iter();
        let functions = exports.filter(|export| export.kind == wasmparser::ExternalKind::Func);
        wanted.extend(functions.map(|export| export.index));
        for function in &self.early {
            wanted.extend(module.calls(*function)?);
            for operator in module.body(*function).get_operators_reader()? {
                if let Operator::I32Const { value } = operator? {
                    words.insert(value as u32);
                }
            }
        }
        let held = self.slots.iter().filter(|(place, _)| words.contains(place));
        wanted.extend(held.map(|(_, function)| *function));
        self.stubs.retain(|stub| wanted.contains(stub));
        let all = self.early.iter().chain(&self.stubs);
        self.in_first = all.copied().zip(self.imported..).collect();
        Ok(())
    }

    /// Whether the first part has something at a function's places of the table.
    pub fn is_in_first(&self, function: u32) -> bool {
        function < self.imported || self.in_first.contains_key(&function)
    }

    pub fn is_late(&self, function: u32) -> bool {
        self.late.binary_search(&function).is_ok()
    }

    /// The number in the first part, including stubs.
    pub fn number_in_first(&self, function: u32) -> u32 {
        if function < self.imported {
            return function;
        }
        self.in_first[&function]
    }

    pub fn number_in_rest(&self, function: u32) -> u32 {
        self.in_rest[&function]
    }

    /// The place in the table of a late function that the first part can reach.
    pub fn place(&self, function: u32) -> u32 {
        self.places[&function]
    }
}
