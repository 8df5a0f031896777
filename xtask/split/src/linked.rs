//! Which function reads which constant, from the linker's data (the page's build.rs requests it).
//!
//! The linked module is the compiler's output, before wasm-bindgen and wasm-opt. Neither of them moves
//! a constant, so its addresses are the published page's. But wasm-opt has inlined many of its
//! functions.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use wasmparser::{
    DataKind, KnownCustom, Linking, Name, Operator, Parser, Payload, RelocationType, SymbolInfo,
};

use crate::error::Outcome;

/// Segments of memory that are never written to.
const READ_ONLY: &str = ".rodata";

/// The linker's data about functions and constants.
#[derive(Default)]
pub struct Linked<'a> {
    /// Functions by name.
    pub functions: BTreeMap<String, Function>,
    pub constants: Vec<Constant>,
    /// Initial contents of memory: (address, bytes).
    pub memory: Vec<(u32, &'a [u8])>,
}

/// A function as compiled.
#[derive(Default)]
pub struct Function {
    /// Names of the functions that it calls directly.
    pub calls: BTreeSet<String>,
    /// Indexes into the list of constants.
    pub reads: BTreeSet<usize>,
}

/// A constant in memory.
#[derive(Default)]
pub struct Constant {
    /// Addresses.
    pub range: Range<u32>,
    /// Constants that it points to.
    pub reads: BTreeSet<usize>,
    /// Some code has the address of its end.
    pub ended: bool,
    /// Addresses outside it that some code has: an index from 1 needs one.
    pub outside: BTreeSet<u64>,
    /// Memory that is written to points to it from the start.
    pub pinned: bool,
}

impl<'a> Linked<'a> {
    /// Reads the linker's data from a module.
    pub fn read(bytes: &'a [u8]) -> Outcome<Self> {
        Reader::default().read(bytes)
    }

    /// Whether these bytes are at this address initially.
    pub fn has(&self, address: u32, bytes: &[u8]) -> bool {
        self.memory.iter().any(|(from, all)| {
            let skipped = address.checked_sub(*from).map(|skipped| skipped as usize);
            skipped.and_then(|skipped| all.get(skipped..skipped + bytes.len())) == Some(bytes)
        })
    }

    /// All constants that are reachable from these.
    pub fn reached(&self, from: BTreeSet<usize>) -> BTreeSet<usize> {
        let mut todo: Vec<usize> = from.iter().copied().collect();
        let mut reached = from;
        while let Some(constant) = todo.pop() {
            for next in &self.constants[constant].reads {
                if reached.insert(*next) {
                    todo.push(*next);
                }
            }
        }
        reached
    }

    /// The constants that a function of the published page reads: its own, and those of all functions
    /// inlined into it, which are the ones that it no longer calls.
    pub fn read_by(&self, name: &str, still_calls: &BTreeSet<&str>) -> BTreeSet<usize> {
        let (mut reads, mut seen) = (BTreeSet::new(), BTreeSet::from([name]));
        let mut todo = vec![name];
        while let Some(function) = todo.pop().and_then(|name| self.functions.get(name)) {
            reads.extend(&function.reads);
            let drawn_in = function.calls.iter().map(String::as_str);
            for called in drawn_in.filter(|called| !still_calls.contains(called)) {
                if self.functions.contains_key(called) && seen.insert(called) {
                    todo.push(called);
                }
            }
        }
        reads
    }
}

/// A segment of memory in the linked module.
struct Segment {
    address: u32,
    /// Its place in the section.
    place: Range<usize>,
}

#[derive(Default)]
struct Reader<'a> {
    /// The places of all function bodies in the section, in order.
    bodies: Vec<Range<usize>>,
    imported: usize,
    names: BTreeMap<u32, String>,
    segments: Vec<Segment>,
    read_only: Vec<bool>,
    symbols: Vec<Symbol>,
    /// Relocations of code and of memory: place, symbol, and offset.
    in_code: Vec<(usize, usize, i64)>,
    in_data: Vec<(usize, usize, i64)>,
    linked: Linked<'a>,
}

#[derive(Clone, Copy)]
enum Symbol {
    Function(u32),
    /// Its index in the list of constants.
    Constant(usize),
    /// Writable symbols, and those that are neither.
    Other,
}

impl<'a> Reader<'a> {
    fn read(mut self, bytes: &'a [u8]) -> Outcome<Linked<'a>> {
        let (mut section, mut code, mut data) = (0, None, None);
        let mut code_start = 0;
        for payload in Parser::new(0).parse_all(bytes) {
            let payload = payload?;
            match &payload {
                Payload::ImportSection(imports) => {
                    self.imported = imports.clone().into_imports().count();
                }
                Payload::CodeSectionStart { range, .. } => {
                    (code, code_start) = (Some(section), range.start);
                }
                Payload::CodeSectionEntry(body) => {
                    let range = body.range();
                    self.bodies
                        .push(range.start - code_start..range.end - code_start);
                }
                Payload::DataSection(reader) => {
                    data = Some(section);
                    self.segments(reader)?;
                }
                Payload::CustomSection(custom) => match custom.as_known() {
                    KnownCustom::Name(names) => {
                        for name in names {
                            if let Name::Function(map) = name? {
                                for naming in map {
                                    let naming = naming?;
                                    let name = rustc_demangle::demangle(naming.name);
                                    self.names.insert(naming.index, name.to_string());
                                }
                            }
                        }
                    }
                    KnownCustom::Linking(linking) => {
                        for part in linking.subsections() {
                            self.part(part?)?;
                        }
                    }
                    KnownCustom::Reloc(reloc) => {
                        let of = Some(reloc.section_index());
                        let into = match () {
                            () if of == code => &mut self.in_code,
                            () if of == data => &mut self.in_data,
                            // Sections that only a debugger reads.
                            () => continue,
                        };
                        for entry in reloc.entries() {
                            let entry = entry?;
                            if is_foreseen(entry.ty) {
                                let symbol = entry.index as usize;
                                into.push((entry.offset as usize, symbol, entry.addend));
                            } else {
                                return Err(format!(
                                    "the linker wrote something unexpected: {:?}",
                                    entry.ty
                                )
                                .into());
                            }
                        }
                    }
                    _ => {}
                },
                _ => {}
            }
            section += u32::from(payload.as_section().is_some());
        }
        if self.symbols.is_empty() || self.in_code.is_empty() {
            return Err(
                "the linker did not record which function reads which constant: see build.rs"
                    .into(),
            );
        }
        self.join()
    }

    /// The places of the segments in the section and in memory.
    fn segments(&mut self, reader: &wasmparser::DataSectionReader<'a>) -> Outcome {
        let start = reader.range().start;
        for segment in reader.clone() {
            let segment = segment?;
            let DataKind::Active { offset_expr, .. } = &segment.kind else {
                return Err("unexpected segment of memory".into());
            };
            let Operator::I32Const { value } = offset_expr.get_operators_reader().read()? else {
                return Err("unexpected segment of memory".into());
            };
            self.linked.memory.push((value as u32, segment.data));
            let end = segment.range.end - start;
            self.segments.push(Segment {
                address: value as u32,
                place: end - segment.data.len()..end,
            });
        }
        Ok(())
    }

    fn part(&mut self, part: Linking) -> Outcome {
        match part {
            Linking::SegmentInfo(segments) => {
                for segment in segments {
                    self.read_only.push(segment?.name.starts_with(READ_ONLY));
                }
            }
            Linking::SymbolTable(symbols) => {
                for symbol in symbols {
                    let symbol = match symbol? {
                        SymbolInfo::Func { index, .. } => Symbol::Function(index),
                        SymbolInfo::Data {
                            symbol: Some(defined),
                            ..
                        } => self.constant(defined)?,
                        _ => Symbol::Other,
                    };
                    self.symbols.push(symbol);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn constant(&mut self, defined: wasmparser::DefinedDataSymbol) -> Outcome<Symbol> {
        let segment = defined.index as usize;
        let address = self
            .segments
            .get(segment)
            .ok_or("a symbol has no address")?;
        // Writable data stays where it is. Without information from the linker, that is the first
        // segment.
        let read_only = self.read_only.get(segment).copied();
        if !read_only.unwrap_or(segment == 0) {
            return Ok(Symbol::Other);
        }
        let from = address.address + defined.offset;
        self.linked.constants.push(Constant {
            range: from..from + defined.size,
            ..Constant::default()
        });
        Ok(Symbol::Constant(self.linked.constants.len() - 1))
    }

    /// Combines data of different sections.
    fn join(mut self) -> Outcome<Linked<'a>> {
        for (place, symbol, by) in std::mem::take(&mut self.in_code) {
            let body = self.bodies.partition_point(|body| body.end <= place);
            let name = self.names.get(&((self.imported + body) as u32));
            let name = name.ok_or("a function has no name")?.clone();
            let function = self.linked.functions.entry(name).or_default();
            match self.symbols.get(symbol) {
                Some(Symbol::Function(called)) => {
                    if let Some(name) = self.names.get(called) {
                        function.calls.insert(name.clone());
                    }
                }
                Some(Symbol::Constant(constant)) => {
                    function.reads.insert(*constant);
                    self.linked.constants[*constant].reached_from(by);
                }
                _ => {}
            }
        }
        // The starts of constants, so that the one around an address can be found.
        let sizes = self
            .linked
            .constants
            .iter()
            .map(|c| c.range.end - c.range.start);
        let largest = sizes.max().unwrap_or_default();
        let mut order: Vec<usize> = (0..self.linked.constants.len()).collect();
        order.sort_by_key(|constant| self.linked.constants[*constant].range.start);
        for (place, symbol, by) in std::mem::take(&mut self.in_data) {
            let Some(Symbol::Constant(to)) = self.symbols.get(symbol).copied() else {
                continue;
            };
            self.linked.constants[to].reached_from(by);
            let segment = self.segments.iter().find(|s| s.place.contains(&place));
            let segment = segment.ok_or("a pointer is outside all segments")?;
            let address = segment.address + (place - segment.place.start) as u32;
            let constants = &mut self.linked.constants;
            let behind =
                order.partition_point(|constant| constants[*constant].range.start <= address);
            let near = order[..behind].iter().rev().copied();
            let near = near.take_while(|near| constants[*near].range.start + largest > address);
            let around = near.filter(|near| constants[*near].range.contains(&address));
            let around: Vec<usize> = around.collect();
            // The pointer is in writable memory and is there from the start.
            constants[to].pinned |= around.is_empty();
            for around in around {
                constants[around].reads.insert(to);
            }
        }
        Ok(self.linked)
    }
}

impl Constant {
    /// Some code has an address at this offset from its start.
    fn reached_from(&mut self, by: i64) {
        let size = i64::from(self.range.end - self.range.start);
        if !(0..=size).contains(&by) {
            // Addresses wrap around, like those in code.
            let address = (i64::from(self.range.start) + by) as u32;
            self.outside.insert(u64::from(address));
        }
        self.ended |= by == size;
    }
}

fn is_foreseen(kind: RelocationType) -> bool {
    matches!(
        kind,
        RelocationType::FunctionIndexLeb
            | RelocationType::TableIndexSleb
            | RelocationType::TableIndexI32
            | RelocationType::MemoryAddrLeb
            | RelocationType::MemoryAddrSleb
            | RelocationType::MemoryAddrI32
            | RelocationType::TypeIndexLeb
            | RelocationType::GlobalIndexLeb
            | RelocationType::TableNumberLeb
    )
}
