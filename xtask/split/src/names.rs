//! Short names between the compiled page and its script. wasm-bindgen's names carry a hash each, which no
//! compression can shorten, and stand in both files; people never see them, and functions keep theirs.

use std::collections::BTreeMap;

use wasmparser::{Export, Import};

use crate::module::Module;

/// How many hexadecimal digits a hash in a name has.
const HASH: usize = 16;

/// The names that are shortened, each with its short one.
#[derive(Default)]
pub struct Names(BTreeMap<String, String>);

impl Names {
    /// Short names for what a module asks of its script, and for what the script asks of it, where the
    /// present name contains a hash.
    pub fn of(module: &Module) -> Self {
        let asked = module.imports.iter().map(|import| import.name);
        let offered = module.exports.iter().map(|export| export.name);
        let mut names = Self::default();
        for (letter, hashed) in [("i", Vec::from_iter(asked)), ("e", Vec::from_iter(offered))] {
            for name in hashed.into_iter().filter(|name| has_hash(name)) {
                let short = format!("{letter}_{}", names.0.len());
                names.0.entry(name.to_owned()).or_insert(short);
            }
        }
        names
    }

    pub fn of_import<'a>(&'a self, import: &Import<'a>) -> &'a str {
        self.short(import.name)
    }

    pub fn of_export<'a>(&'a self, export: &Export<'a>) -> &'a str {
        self.short(export.name)
    }

    fn short<'a>(&'a self, name: &'a str) -> &'a str {
        self.0.get(name).map_or(name, String::as_str)
    }

    /// A script with the short names.
    pub fn in_script(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(next) = rest.chars().next() {
            let word = rest.find(|one| !is_of_word(one)).unwrap_or(rest.len());
            let end = if word == 0 { next.len_utf8() } else { word };
            out += self.short(&rest[..end]);
            rest = &rest[end..];
        }
        out
    }
}

fn is_of_word(one: char) -> bool {
    one.is_alphanumeric() || one == '_' || one == '$'
}

fn has_hash(name: &str) -> bool {
    let hash = |part: &str| part.len() == HASH && part.chars().all(|one| one.is_ascii_hexdigit());
    name.split('_').any(hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_a_hash_is_shortened_wherever_it_is_a_word() {
        let then = "__wbg_then_656f253a5dd7d8ea".to_owned();
        let names = Names(BTreeMap::from([(then, "i_0".to_owned())]));
        let script = "{__wbg_then_656f253a5dd7d8ea: f, x__wbg_then_656f253a5dd7d8ea: 'é'}";
        assert_eq!(
            names.in_script(script),
            "{i_0: f, x__wbg_then_656f253a5dd7d8ea: 'é'}"
        );
        assert!(has_hash("__wbg_then_656f253a5dd7d8ea"));
        assert!(has_hash("wasm_bindgen_ce686deaa9ea72d5___convert"));
        assert!(!has_hash("__wbindgen_externrefs") && !has_hash("simulation_new"));
    }
}
