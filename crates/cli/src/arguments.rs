//! The arguments of a command: flags with values, flags without values, and plain words.

use std::ffi::OsString;

use faultline_sim::text::did_you_mean;

use crate::Outcome;

/// A flag that a command knows.
#[derive(Clone, Copy)]
pub struct Flag {
    /// Its name, with dashes.
    pub name: &'static str,
    /// The name of its value in messages; none if it takes no value.
    pub value: Option<&'static str>,
    /// Whether it may be given several times.
    pub many: bool,
}

/// A flag without a value.
#[must_use]
pub const fn flag(name: &'static str) -> Flag {
    Flag {
        name,
        value: None,
        many: false,
    }
}

/// A flag with one value.
#[must_use]
pub const fn with_value(name: &'static str, value: &'static str) -> Flag {
    Flag {
        name,
        value: Some(value),
        many: false,
    }
}

/// A flag that may be given several times, each time with a value.
#[must_use]
pub const fn with_values(name: &'static str, value: &'static str) -> Flag {
    Flag {
        many: true,
        ..with_value(name, value)
    }
}

/// The parsed arguments of a command.
#[derive(Debug)]
pub struct Given {
    /// Plain words, in order.
    pub words: Vec<String>,
    flags: Vec<(&'static str, String)>,
}

/// The program's arguments as text.
///
/// # Errors
/// One sentence, if an argument is not Unicode text.
pub fn texts(arguments: Vec<OsString>) -> Outcome<Vec<String>> {
    let text = |word: OsString| {
        word.into_string()
            .map_err(|word| format!("`{}` is not valid text", word.to_string_lossy()))
    };
    arguments.into_iter().map(text).collect()
}

/// Sorts words into flags and the rest. Flags may be anywhere, as `--seed 4` or `--seed=4`; after
/// `--` every word is plain.
///
/// # Errors
/// One sentence naming the wrong word and the nearest right ones.
pub fn read(words: &[String], known: &[Flag]) -> Outcome<Given> {
    let mut given = Given {
        words: Vec::new(),
        flags: Vec::new(),
    };
    let mut words = words.iter();
    while let Some(word) = words.next() {
        if word == "--" {
            given.words.extend(words.cloned());
            break;
        }
        if !word.starts_with('-') || word == "-" {
            given.words.push(word.clone());
            continue;
        }
        let (name, inline) = match word.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (word.as_str(), None),
        };
        let Some(flag) = known.iter().find(|flag| flag.name == name) else {
            let hint = did_you_mean(name, known.iter().map(|flag| flag.name));
            return Err(format!("unknown flag `{name}`; {hint}"));
        };
        let value = match (flag.value, inline) {
            (None, None) => String::new(),
            (None, Some(_)) => return Err(format!("`{name}` takes no value, but got `{word}`")),
            (Some(_), Some(value)) => value,
            (Some(what), None) => {
                let next = words.next().filter(|next| !next.starts_with("--"));
                next.cloned()
                    .ok_or_else(|| format!("`{name}` needs a value: {name} {what}"))?
            }
        };
        if let Some(first) = given
            .value(name)
            .filter(|_| !flag.many && flag.value.is_some())
        {
            return Err(format!(
                "`{name}` takes one value, but it is given twice: {first} and {value}"
            ));
        }
        given.flags.push((flag.name, value));
    }
    Ok(given)
}

impl Given {
    /// Whether a flag was given.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.flags.iter().any(|(flag, _)| *flag == name)
    }

    /// A flag's value.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// All values of a flag that may be repeated, in order.
    pub fn all<'g>(&'g self, name: &str) -> impl Iterator<Item = &'g str> {
        let name = name.to_owned();
        self.flags
            .iter()
            .filter(move |(flag, _)| *flag == name)
            .map(|(_, value)| value.as_str())
    }

    /// Refuses plain words beyond the first `most`.
    pub fn at_most(&self, most: usize, takes: &str) -> Outcome {
        match self.words.get(most) {
            None => Ok(()),
            Some(extra) => Err(format!("unexpected argument `{extra}`; {takes}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: [Flag; 3] = [
        with_value("--seed", "N"),
        with_values("--probe", "NAME"),
        flag("--json"),
    ];

    fn given(line: &str) -> Outcome<Given> {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        read(&words, &KNOWN)
    }

    #[test]
    fn flags_stand_anywhere() {
        for line in ["bully --seed 4 --json", "--json --seed=4 bully"] {
            let given = given(line).unwrap();
            assert_eq!(given.words, ["bully"]);
            assert_eq!(given.value("--seed"), Some("4"));
            assert!(given.has("--json"));
        }
        let probes = given("--probe a --probe=b").unwrap();
        assert_eq!(probes.all("--probe").collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(given("-- --seed -").unwrap().words, ["--seed", "-"]);
    }

    #[test]
    fn mistakes_are_named() {
        assert!(
            given("--sed 4")
                .unwrap_err()
                .contains("did you mean --seed")
        );
        assert_eq!(
            given("--seed 4 --seed=5").unwrap_err(),
            "`--seed` takes one value, but it is given twice: 4 and 5"
        );
        assert_eq!(
            given("--seed").unwrap_err(),
            "`--seed` needs a value: --seed N"
        );
        assert!(
            given("--seed --json")
                .unwrap_err()
                .contains("`--seed` needs")
        );
        assert!(
            given("--json=yes")
                .unwrap_err()
                .contains("`--json` takes no value")
        );
        assert!(
            given("a b")
                .unwrap()
                .at_most(1, "x")
                .unwrap_err()
                .contains("`b`")
        );
    }
}
