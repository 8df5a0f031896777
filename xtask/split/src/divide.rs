//! Divides one module into two that share memory, tables and globals.
//!
//! The first part calls a late function by its place in the function table. Until the second part has
//! loaded, a stub is in that place: it asks the page for the second part, which replaces the stubs with
//! its functions, and calls the place again. The caller does not notice, because the stub waits.

mod memory;
mod plan;

use std::collections::BTreeSet;

use wasm_encoder::reencode::Reencode;
use wasm_encoder::{
    CodeSection, ConstExpr, DataCountSection, DataSection, ElementSection, Elements, EntityType,
    ExportKind, ExportSection, Function, FunctionSection, ImportSection, Instruction,
    Module as Encoder, RawSection, SectionId, TableSection,
};
use wasmparser::{ExternalKind, FunctionBody, Operator};

use crate::error::Outcome;
use crate::first::First;
use crate::linked::Linked;
use crate::module::Module;
use crate::names::Names;
use memory::Late as LateMemory;
use plan::Plan;

/// The table of functions.
const TABLE: u32 = 0;
/// The module name under which the second part imports from the first.
const FIRST: &str = "first";

/// Both parts.
pub struct Parts {
    pub first: Vec<u8>,
    pub rest: Vec<u8>,
    /// How many functions each part has.
    pub early: usize,
    pub late: usize,
    /// How many bytes of memory contents went to the second part.
    pub late_bytes: usize,
}

/// Divides a module into the functions that `first` names and all others. If the linker's data is
/// there, divides the constants too.
pub fn divide(module: &Module, first: &First, linked: Option<&Linked>) -> Outcome<Parts> {
    let memory = |plan: &Plan| match linked {
        Some(linked) => LateMemory::of(module, plan, linked),
        None => Ok(LateMemory::nothing()),
    };
    let mut plan = Plan::new(module, first, &BTreeSet::new())?;
    let mut late = memory(&plan)?;
    // Fewer functions need fewer constants, and those point to fewer functions.
    let mut idle = BTreeSet::new();
    loop {
        let more = plan.idle(module, first, late.early_words(&module.data))?;
        if more.is_empty() {
            break;
        }
        idle.extend(more);
        plan = Plan::new(module, first, &idle)?;
        late = memory(&plan)?;
    }
    plan.without_idle_stubs(module, late.early_words(&module.data))?;
    let (at_once, later) = late.divide(&module.data);
    let parts = Parts {
        first: Early(&plan).encode(module, &at_once)?,
        rest: Late(&plan).encode(module, &later)?,
        late_bytes: late.len(),
        early: plan.early.len(),
        late: plan.late.len(),
    };
    for part in [&parts.first, &parts.rest] {
        wasmparser::validate(part)
            .map_err(|error| format!("a part is not a valid module: {error}"))?;
    }
    Ok(parts)
}

/// Writes the first part.
struct Early<'p>(&'p Plan);

impl Reencode for Early<'_> {
    type Error = std::convert::Infallible;

    fn function_index(&mut self, function: u32) -> Result<u32, wasm_encoder::reencode::Error> {
        Ok(self.0.number_in_first(function))
    }
}

impl Early<'_> {
    fn encode(&mut self, module: &Module, data: &DataSection) -> Outcome<Vec<u8>> {
        let plan = self.0;
        let mut encoder = Encoder::new();
        raw(&mut encoder, SectionId::Type, module.types);
        let names = Names::of(module);
        encoder.section(&imports(module, &names));

        let mut functions = FunctionSection::new();
        for function in plan.early.iter().chain(&plan.stubs) {
            functions.function(module.functions[*function as usize]);
        }
        encoder.section(&functions);

        let mut tables = TableSection::new();
        for table in &plan.tables {
            tables.table(self.table_type(*table)?);
        }
        encoder.section(&tables);

        let mut memories = wasm_encoder::MemorySection::new();
        for memory in &module.memories {
            memories.memory(self.memory_type(*memory)?);
        }
        encoder.section(&memories);
        raw(&mut encoder, SectionId::Global, module.global_section);
        encoder.section(&self.exports(module, &names)?);

        let all: Vec<(u32, u32)> = plan
            .slots
            .iter()
            .filter(|(_, function)| plan.is_in_first(*function))
            .map(|(place, function)| (*place, plan.number_in_first(*function)))
            .collect();
        encoder.section(&elements(&all));
        if module.data_count.is_some() {
            encoder.section(&DataCountSection { count: data.len() });
        }

        let mut code = CodeSection::new();
        for function in &plan.early {
            code.function(&self.body(module, module.body(*function))?);
        }
        for function in &plan.stubs {
            code.function(&self.stub(module, *function)?);
        }
        encoder.section(&code);
        encoder.section(data);
        Ok(encoder.finish())
    }

    /// The exports for the page's JavaScript and for the second part.
    fn exports(&mut self, module: &Module, names: &Names) -> Outcome<ExportSection> {
        let plan = self.0;
        let mut exports = ExportSection::new();
        for export in &module.exports {
            let index = match export.kind {
                ExternalKind::Func => plan.number_in_first(export.index),
                _ => export.index,
            };
            exports.export(
                names.of_export(export),
                self.export_kind(export.kind)?,
                index,
            );
        }
        for (index, function) in (0..).zip(&plan.shared) {
            exports.export(
                &shared("f", index),
                ExportKind::Func,
                plan.number_in_first(*function),
            );
        }
        for (letter, kind, count) in [
            ("t", ExportKind::Table, plan.tables.len()),
            ("m", ExportKind::Memory, module.memories.len()),
            ("g", ExportKind::Global, module.globals.len()),
        ] {
            for index in 0..count as u32 {
                exports.export(&shared(letter, index), kind, index);
            }
        }
        Ok(exports)
    }

    fn body(&mut self, module: &Module, body: &FunctionBody) -> Outcome<Function> {
        let mut function = self.new_function_with_parsed_locals(body)?;
        for operator in body.get_operators_reader()? {
            match operator? {
                Operator::Call { function_index } if self.0.is_late(function_index) => {
                    call_place(
                        &mut function,
                        self.0.place(function_index),
                        module.functions[function_index as usize],
                    );
                }
                operator => {
                    function.instruction(&self.instruction(operator)?);
                }
            }
        }
        Ok(function)
    }

    /// Replaces a late function until the second part has loaded.
    fn stub(&mut self, module: &Module, late: u32) -> Outcome<Function> {
        let kind = module.functions[late as usize];
        let mut stub = Function::new([]);
        stub.instruction(&Instruction::Call(self.0.door));
        for parameter in 0..module.parameters[kind as usize].len() {
            stub.instruction(&Instruction::LocalGet(parameter as u32));
        }
        call_place(&mut stub, self.0.place(late), kind);
        stub.instruction(&Instruction::End);
        Ok(stub)
    }
}

/// Writes the second part.
struct Late<'p>(&'p Plan);

impl Reencode for Late<'_> {
    type Error = std::convert::Infallible;

    fn function_index(&mut self, function: u32) -> Result<u32, wasm_encoder::reencode::Error> {
        Ok(self.0.number_in_rest(function))
    }
}

impl Late<'_> {
    fn encode(&mut self, module: &Module, data: &DataSection) -> Outcome<Vec<u8>> {
        let plan = self.0;
        let mut encoder = Encoder::new();
        raw(&mut encoder, SectionId::Type, module.types);

        let mut imports = ImportSection::new();
        for (index, function) in (0..).zip(&plan.shared) {
            let kind = EntityType::Function(module.functions[*function as usize]);
            imports.import(FIRST, &shared("f", index), kind);
        }
        for (index, table) in (0..).zip(&plan.tables) {
            let kind = self.table_type(*table)?;
            imports.import(FIRST, &shared("t", index), EntityType::Table(kind));
        }
        for (index, memory) in (0..).zip(&module.memories) {
            let kind = self.memory_type(*memory)?;
            imports.import(FIRST, &shared("m", index), EntityType::Memory(kind));
        }
        for (index, global) in (0..).zip(&module.globals) {
            let kind = self.global_type(global.ty)?;
            imports.import(FIRST, &shared("g", index), EntityType::Global(kind));
        }
        encoder.section(&imports);

        let mut functions = FunctionSection::new();
        for function in &plan.late {
            functions.function(module.functions[*function as usize]);
        }
        encoder.section(&functions);

        let late = plan
            .slots
            .iter()
            .filter(|(_, function)| plan.is_late(*function));
        let late: Vec<(u32, u32)> = late
            .map(|(place, function)| (*place, plan.number_in_rest(*function)))
            .collect();
        encoder.section(&elements(&late));

        let mut code = CodeSection::new();
        for function in &plan.late {
            self.parse_function_body(&mut code, module.body(*function).clone())?;
        }
        encoder.section(&code);
        // Nothing of the second part runs before its memory contents are there.
        encoder.section(data);
        Ok(encoder.finish())
    }
}

/// What the first part asks of the page's script.
fn imports(module: &Module, names: &Names) -> ImportSection {
    let mut imports = ImportSection::new();
    for (import, kind) in module.imports.iter().zip(&module.functions) {
        let kind = EntityType::Function(*kind);
        imports.import(import.module, names.of_import(import), kind);
    }
    imports
}

/// The name of a shared item between the two parts.
fn shared(letter: &str, index: u32) -> String {
    format!("{letter}{index}")
}

fn call_place(function: &mut Function, place: u32, type_index: u32) {
    function.instruction(&Instruction::I32Const(place as i32));
    function.instruction(&Instruction::CallIndirect {
        type_index,
        table_index: TABLE,
    });
}

/// Functions for places of the table, in order of places; neighbours share a segment.
fn elements(slots: &[(u32, u32)]) -> ElementSection {
    let mut section = ElementSection::new();
    for run in slots.chunk_by(|one, next| one.0 + 1 == next.0) {
        let functions: Vec<u32> = run.iter().map(|(_, function)| *function).collect();
        let offset = ConstExpr::i32_const(run[0].0 as i32);
        section.active(None, &offset, Elements::Functions(functions.into()));
    }
    section
}

fn raw(encoder: &mut Encoder, id: SectionId, data: &[u8]) {
    // Leaves out a section that the module does not have.
    if !data.is_empty() {
        encoder.section(&RawSection {
            id: id.into(),
            data,
        });
    }
}

#[cfg(test)]
mod tests;
