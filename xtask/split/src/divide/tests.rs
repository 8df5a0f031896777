use std::collections::BTreeSet;

use wasm_encoder::{
    CodeSection, ConstExpr, ElementSection, Elements, EntityType, ExportKind, ExportSection,
    Function, FunctionSection, ImportSection, MemorySection, MemoryType, Module as Encoder,
    NameMap, NameSection, RefType, TableSection, TableType, TypeSection, ValType,
};
use wasmparser::{Parser, Payload, TypeRef};

use super::*;

/// A page: `begin` (exported) calls `early` directly; `click` (exported) calls `later` directly, which
/// calls `early`; `shown` is only in the table.
fn page(door: &str, named: bool) -> Vec<u8> {
    let names = ["door", "begin", "early", "click", "later", "shown"];
    let mut page = Encoder::new();
    let mut types = TypeSection::new();
    types.ty().function([], []);
    types.ty().function([ValType::I32], [ValType::I32]);
    page.section(&types);
    let mut imports = ImportSection::new();
    imports.import("glue", door, EntityType::Function(0));
    page.section(&imports);
    let mut functions = FunctionSection::new();
    for kind in [1, 1, 1, 1, 0] {
        functions.function(kind);
    }
    page.section(&functions);
    let mut tables = TableSection::new();
    tables.table(TableType {
        element_type: RefType::FUNCREF,
        table64: false,
        minimum: 3,
        maximum: Some(3),
        shared: false,
    });
    page.section(&tables);
    let mut memories = MemorySection::new();
    memories.memory(MemoryType {
        minimum: 1,
        maximum: None,
        memory64: false,
        shared: false,
        page_size_log2: None,
    });
    page.section(&memories);
    let mut exports = ExportSection::new();
    exports.export("begin", ExportKind::Func, 1);
    exports.export("click", ExportKind::Func, 3);
    page.section(&exports);
    let mut elements = ElementSection::new();
    let at = ConstExpr::i32_const(1);
    elements.active(None, &at, Elements::Functions([2, 5][..].into()));
    page.section(&elements);
    let mut code = CodeSection::new();
    for calls in [vec![2, 4], vec![], vec![4], vec![2], vec![]] {
        let mut body = Function::new([(1, ValType::I64)]);
        let takes_and_gives = code.len() < 4;
        if takes_and_gives {
            body.instruction(&Instruction::LocalGet(0));
        }
        for called in calls {
            body.instruction(&Instruction::Call(called));
        }
        // Longer than a stub.
        for _ in 0..8 {
            body.instruction(&Instruction::I64Const(i64::MAX));
            body.instruction(&Instruction::Drop);
        }
        body.instruction(&Instruction::End);
        code.function(&body);
    }
    page.section(&code);
    if named {
        let mut map = NameMap::new();
        for (index, name) in (0..).zip(names) {
            map.append(index, name);
        }
        let mut section = NameSection::new();
        section.functions(&map);
        page.section(&section);
    }
    page.finish()
}

const DOOR: &str = "__wbg_restNow_0123456789abcdef";

fn first() -> First {
    First::named(&["begin", "early"])
}

/// The names of a part's exports, and its imports.
fn ends(part: &[u8]) -> (BTreeSet<String>, BTreeSet<String>) {
    let (mut exported, mut imported) = (BTreeSet::new(), BTreeSet::new());
    for payload in Parser::new(0).parse_all(part) {
        match payload.unwrap() {
            Payload::ExportSection(reader) => {
                exported.extend(
                    reader
                        .into_iter()
                        .map(|export| export.unwrap().name.to_owned()),
                );
            }
            Payload::ImportSection(reader) => {
                for import in reader.into_imports() {
                    let import = import.unwrap();
                    assert!(import.module == "first" || matches!(import.ty, TypeRef::Func(_)));
                    imported.insert(import.name.to_owned());
                }
            }
            _ => {}
        }
    }
    (exported, imported)
}

#[test]
fn the_first_part_has_what_is_needed_at_once_and_the_second_asks_for_no_more_than_it_offers() {
    let page = page(DOOR, true);
    let parts = divide(&Module::read(&page).unwrap(), &first(), None).unwrap();
    assert_eq!((parts.early, parts.late), (2, 3));
    let (offered, asked) = ends(&parts.first);
    let names = crate::names::Names::of(&Module::read(&page).unwrap());
    assert_eq!(
        asked,
        BTreeSet::from([names.in_script(DOOR)]),
        "the page's JavaScript has the same name"
    );
    assert!(
        offered.contains("begin") && offered.contains("click"),
        "{offered:?}"
    );
    let (nothing, wanted) = ends(&parts.rest);
    assert!(nothing.is_empty());
    assert!(wanted.is_subset(&offered), "{wanted:?} of {offered:?}");
    assert!(wanted.contains("f0"), "`later` calls `early`: {wanted:?}");
}

#[test]
fn late_functions_lie_where_the_first_part_looks_for_them() {
    let page = page(DOOR, true);
    let parts = divide(&Module::read(&page).unwrap(), &first(), None).unwrap();
    let early = Module::read(&parts.first).unwrap();
    let mut rest = Vec::new();
    for payload in Parser::new(0).parse_all(&parts.rest) {
        if let Payload::ElementSection(reader) = payload.unwrap() {
            for element in reader {
                crate::module::slots(&element.unwrap(), &mut rest).unwrap();
            }
        }
    }
    // The table had room for 3; `click` (exported) and `later` (called) have places of their own.
    assert_eq!(early.tables[0].ty.initial, 5);
    let places = |slots: &[(u32, u32)]| slots.iter().map(|(place, _)| *place).collect::<Vec<_>>();
    // Nothing of the first part knows place 2, so it is empty until the second part fills it.
    assert_eq!(places(&early.slots), [1, 3, 4]);
    assert_eq!(places(&rest), [2, 3, 4], "`early` stays where it is");
}

#[test]
fn a_stub_asks_for_the_rest_and_hands_on_what_it_was_given() {
    let page = page(DOOR, true);
    let parts = divide(&Module::read(&page).unwrap(), &first(), None).unwrap();
    let early = Module::read(&parts.first).unwrap();
    let click = early
        .exports
        .iter()
        .find(|export| export.name == "click")
        .unwrap();
    let operators = early.body(click.index).get_operators_reader().unwrap();
    let operators: Vec<Operator> = operators.into_iter().collect::<Result<_, _>>().unwrap();
    assert!(
        matches!(
            operators[..],
            [
                Operator::Call { function_index: 0 },
                Operator::LocalGet { local_index: 0 },
                Operator::I32Const { value: 3 },
                Operator::CallIndirect {
                    type_index: 1,
                    table_index: 0
                },
                Operator::End,
            ]
        ),
        "{operators:?}"
    );
}

#[test]
fn a_page_that_cannot_be_divided_is_refused_with_the_reason() {
    let divided = |page: &[u8], first: &First| divide(&Module::read(page)?, first, None).map(drop);
    let without_door = divided(&page("__wbg_other_1", true), &first()).unwrap_err();
    assert!(
        without_door.to_string().contains("never asks"),
        "{without_door}"
    );
    let without_names = divided(&page(DOOR, false), &first()).unwrap_err();
    assert!(
        without_names.to_string().contains("no names"),
        "{without_names}"
    );
    let torn = page(DOOR, true);
    let torn = divided(&torn[..torn.len() / 2], &first()).unwrap_err();
    assert!(torn.to_string().contains("cannot be read"), "{torn}");
}
