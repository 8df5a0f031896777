//! A compiled page, parsed as far as the division needs it.

use std::collections::BTreeMap;
use std::ops::Range;

use wasmparser::{
    CompositeInnerType, DataKind, ElementItems, ElementKind, Export, FunctionBody, Global, Import,
    KnownCustom, MemoryType, Name, Operator, Parser, Payload, Table, TypeRef, ValType,
};

use crate::error::Outcome;

/// The parts of a module. Sections that both parts copy unchanged stay bytes.
#[derive(Default)]
pub struct Module<'a> {
    pub types: &'a [u8],
    /// The parameters of each function type.
    pub parameters: Vec<Vec<ValType>>,
    pub imports: Vec<Import<'a>>,
    /// The type of each function, imported ones first.
    pub functions: Vec<u32>,
    pub tables: Vec<Table<'a>>,
    pub memories: Vec<MemoryType>,
    pub globals: Vec<Global<'a>>,
    pub global_section: &'a [u8],
    pub exports: Vec<Export<'a>>,
    /// The initial contents of the first table: (place, function).
    pub slots: Vec<(u32, u32)>,
    pub data_count: Option<u32>,
    /// The initial contents of memory: (address, bytes).
    pub data: Vec<(u32, &'a [u8])>,
    pub bodies: Vec<FunctionBody<'a>>,
    /// Names of functions, if the module has them.
    pub names: BTreeMap<u32, String>,
}

impl<'a> Module<'a> {
    /// Parses a module. It refuses features that a page does not use (passive elements, exceptions, a
    /// start function), because the division would lose them silently.
    pub fn read(bytes: &'a [u8]) -> Outcome<Self> {
        let mut module = Self::default();
        let section = |range: Range<usize>| &bytes[range];
        for payload in Parser::new(0).parse_all(bytes) {
            match payload? {
                Payload::TypeSection(reader) => {
                    module.types = section(reader.range());
                    for group in reader {
                        module
                            .parameters
                            .extend(group?.into_types().map(parameters));
                    }
                }
                Payload::ImportSection(reader) => {
                    for import in reader.into_imports() {
                        let import = import?;
                        let TypeRef::Func(kind) = import.ty else {
                            return Err(format!(
                                "`{}` is imported but is not a function",
                                import.name
                            )
                            .into());
                        };
                        module.functions.push(kind);
                        module.imports.push(import);
                    }
                }
                Payload::FunctionSection(reader) => {
                    for kind in reader {
                        module.functions.push(kind?);
                    }
                }
                Payload::TableSection(reader) => {
                    module.tables = reader.into_iter().collect::<Result<_, _>>()?;
                }
                Payload::MemorySection(reader) => {
                    module.memories = reader.into_iter().collect::<Result<_, _>>()?;
                }
                Payload::GlobalSection(reader) => {
                    module.global_section = section(reader.range());
                    module.globals = reader.into_iter().collect::<Result<_, _>>()?;
                }
                Payload::ExportSection(reader) => {
                    module.exports = reader.into_iter().collect::<Result<_, _>>()?;
                }
                Payload::ElementSection(reader) => {
                    for element in reader {
                        slots(&element?, &mut module.slots)?;
                    }
                }
                Payload::DataCountSection { count, .. } => module.data_count = Some(count),
                Payload::DataSection(reader) => {
                    module.data = reader.into_iter().map(placed).collect::<Result<_, _>>()?;
                }
                Payload::CodeSectionEntry(body) => module.bodies.push(body),
                Payload::CustomSection(reader) => {
                    if let KnownCustom::Name(names) = reader.as_known() {
                        for name in names {
                            if let Name::Function(map) = name? {
                                for naming in map {
                                    let naming = naming?;
                                    module.names.insert(naming.index, naming.name.into());
                                }
                            }
                        }
                    }
                }
                Payload::StartSection { .. } | Payload::TagSection(_) => {
                    return Err("start functions and exceptions are not supported".into());
                }
                _ => {}
            }
        }
        Ok(module)
    }

    /// The number of imported functions, which is the number of the first defined one.
    pub fn imported(&self) -> u32 {
        self.imports.len() as u32
    }

    /// The body of a defined function.
    pub fn body(&self, function: u32) -> &FunctionBody<'a> {
        &self.bodies[(function - self.imported()) as usize]
    }

    /// The functions that a defined function calls directly.
    pub fn calls(&self, function: u32) -> Outcome<Vec<u32>> {
        let mut called = Vec::new();
        for operator in self.body(function).get_operators_reader()? {
            match operator? {
                Operator::Call { function_index } => called.push(function_index),
                Operator::RefFunc { .. }
                | Operator::ReturnCall { .. }
                | Operator::MemoryInit { .. }
                | Operator::DataDrop { .. }
                | Operator::TableInit { .. }
                | Operator::ElemDrop { .. } => {
                    return Err(
                        format!("function {function} has an unsupported instruction").into(),
                    );
                }
                _ => {}
            }
        }
        Ok(called)
    }
}

fn parameters(kind: wasmparser::SubType) -> Vec<ValType> {
    match kind.composite_type.inner {
        CompositeInnerType::Func(function) => function.params().to_vec(),
        _ => Vec::new(),
    }
}

/// The contents of a segment, and its address.
fn placed<'a>(segment: wasmparser::Result<wasmparser::Data<'a>>) -> Outcome<(u32, &'a [u8])> {
    let segment = segment?;
    if let DataKind::Active {
        memory_index: 0,
        offset_expr,
    } = &segment.kind
        && let Operator::I32Const { value } = offset_expr.get_operators_reader().read()?
    {
        return Ok((value as u32, segment.data));
    }
    Err("unsupported segment of memory".into())
}

/// Adds the contents of an element segment to the table.
pub fn slots(element: &wasmparser::Element, into: &mut Vec<(u32, u32)>) -> Outcome {
    let foreseen = "unsupported element segment";
    let ElementKind::Active {
        table_index: None | Some(0),
        offset_expr,
    } = &element.kind
    else {
        return Err(foreseen.into());
    };
    let offset = match offset_expr.get_operators_reader().read()? {
        Operator::I32Const { value } => value as u32,
        _ => return Err(foreseen.into()),
    };
    let ElementItems::Functions(functions) = &element.items else {
        return Err(foreseen.into());
    };
    for (place, function) in functions.clone().into_iter().enumerate() {
        into.push((offset + place as u32, function?));
    }
    Ok(())
}
