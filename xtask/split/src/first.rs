//! The functions that the first picture needs.

use std::collections::BTreeSet;

use crate::module::Module;

/// The recorded list; `cargo xtask first` writes the file.
const RECORDED: &str = include_str!("../first.txt");
const HEAD: &str = "\
# The functions that run until the page's first click has worked, and a moment longer: a fingerprint of
# each one's name. `cargo xtask first` records them in a browser and writes this file.
";

/// Functions, by the fingerprints of their names.
#[derive(Default)]
pub struct First(BTreeSet<u32>);

impl First {
    /// As recorded in a browser.
    pub fn recorded() -> Self {
        let lines = RECORDED.lines().filter(|line| !line.starts_with('#'));
        Self(
            lines
                .filter_map(|line| u32::from_str_radix(line, 16).ok())
                .collect(),
        )
    }

    /// The listed functions of a module.
    pub fn of(module: &Module, functions: &[u32]) -> Self {
        let names = functions.iter().filter_map(|index| module.names.get(index));
        Self(names.map(|name| fingerprint(name)).collect())
    }

    #[cfg(test)]
    pub fn named(names: &[&str]) -> Self {
        Self(names.iter().map(|name| fingerprint(name)).collect())
    }

    pub fn has(&self, name: &str) -> bool {
        self.0.contains(&fingerprint(name))
    }

    /// The number of functions.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// How many of them no function of this module matches: they were renamed, removed or inlined since
    /// the recording.
    pub fn gone_from(&self, module: &Module) -> usize {
        let there: BTreeSet<u32> = module
            .names
            .values()
            .map(|name| fingerprint(name))
            .collect();
        self.0.difference(&there).count()
    }

    /// The text of the file.
    pub fn text(&self) -> String {
        let lines = self.0.iter().map(|print| format!("{print:08x}\n"));
        HEAD.to_owned() + &lines.collect::<String>()
    }
}

/// FNV-1a of the name without the parts that differ between machines: the hashes of crates, `[…]`, and
/// of older names, `::h…` at the end. Two functions with the same fingerprint are both early, which
/// does no harm.
fn fingerprint(name: &str) -> u32 {
    let mut hash = 0x811c_9dc5_u32;
    for byte in plain(name).bytes() {
        hash = (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    }
    hash
}

fn plain(name: &str) -> String {
    let is_hash = |text: &str| text.len() >= 8 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let mut plain = String::with_capacity(name.len());
    let mut rest = name;
    while let Some(open) = rest.find('[') {
        let (before, behind) = rest.split_at(open);
        plain += before;
        match behind[1..].split_once(']') {
            Some((inner, after)) if is_hash(inner) => rest = after,
            _ => {
                plain.push('[');
                rest = &behind[1..];
            }
        }
    }
    plain += rest;
    match plain.rsplit_once("::h") {
        Some((path, hash)) if is_hash(hash) => path.into(),
        _ => plain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_the_same_on_every_machine() {
        assert_eq!(
            plain("alloc[0fcc95cb4189d5d9]::vec::grow"),
            "alloc::vec::grow"
        );
        assert_eq!(plain("page::ui::view::h0cc6fb4b9b0b4f5e"), "page::ui::view");
        assert_eq!(
            plain("<[u8; 4] as core[0a0b0c0d0e]::Eq>::eq"),
            "<[u8; 4] as core::Eq>::eq"
        );
        assert_eq!(plain("lists::head"), "lists::head");
    }

    #[test]
    fn a_function_that_was_renamed_is_gone() {
        let names = [(0, "page::view".to_owned()), (1, "page::new".to_owned())];
        let module = Module {
            names: names.into(),
            ..Module::default()
        };
        let first = First::named(&["page::view", "page::old", "page::older"]);
        assert_eq!((first.len(), first.gone_from(&module)), (3, 2));
    }

    #[test]
    fn what_was_recorded_is_there_and_is_written_as_it_was_read() {
        let recorded = First::recorded();
        assert!(recorded.0.len() > 1000, "{}", recorded.0.len());
        assert_eq!(recorded.text(), RECORDED);
    }
}
