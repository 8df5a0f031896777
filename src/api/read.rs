//! Parses a script's values without a browser: JSON in, kernel values or an error sentence out.

use faultline_sim::sorted::SortedMap;

use faultline_sim::command::{At, Command, Timed};
use faultline_sim::descriptor::Recipe;
use faultline_sim::text::did_you_mean;
use faultline_sim::time::{MAX_TIME, Time};
use serde_json::Value as Json;

/// The first whole number that JavaScript cannot distinguish from its neighbour.
const UNSAFE: f64 = 9_007_199_254_740_992.0;

/// The default seed, the same as on the command line.
const SEED: u64 = 1;

/// The valid options; `version` and `scenario` are part of a recipe.
const OPTIONS: [&str; 7] = [
    "seed", "params", "switches", "preset", "commands", "version", "scenario",
];

/// The recipe of a scenario with options.
pub fn recipe(scenario: &str, options: &Json) -> Result<Recipe, String> {
    let mut recipe = Recipe::new(scenario, SEED);
    let options = match options {
        Json::Null => return Ok(recipe),
        Json::Object(options) => options,
        other => {
            return Err(format!(
                "the options are {other}, not an object like {{seed: 7}}"
            ));
        }
    };
    for (name, value) in options {
        match name.as_str() {
            _ if value.is_null() => {}
            "seed" => recipe.seed = word(value, "the seed")?,
            "preset" => recipe.preset = Some(word(value, "the preset")?),
            "params" => {
                recipe.params = entries(value, name, |key, value| word(value, key))?;
            }
            "switches" => {
                recipe.switches = entries(value, name, |key, value| {
                    value.as_bool().ok_or_else(|| {
                        format!("the switch {key} must be true or false, not {value}")
                    })
                })?;
            }
            "commands" => {
                let list = value.as_array().ok_or("commands must be a list of texts")?;
                let texts = list.iter().map(|command| word(command, "a command"));
                recipe.commands = texts.collect::<Result<_, _>>()?;
            }
            "version" => {
                let version = value.as_u64().and_then(|version| version.try_into().ok());
                recipe.version = version.ok_or_else(|| format!("{value} is not a version"))?;
            }
            "scenario" if value == scenario => {}
            "scenario" => {
                return Err(format!(
                    "the options belong to {value}, but the scenario is {scenario}"
                ));
            }
            other => {
                let hint = did_you_mean(other, OPTIONS);
                return Err(format!("unknown option `{other}`; {hint}"));
            }
        }
    }
    Ok(recipe)
}

fn entries<T>(
    value: &Json,
    name: &str,
    read: impl Fn(&str, &Json) -> Result<T, String>,
) -> Result<SortedMap<String, T>, String> {
    let fields = value
        .as_object()
        .ok_or_else(|| format!("{name} must be an object, not {value}"))?;
    fields
        .iter()
        .map(|(key, value)| Ok((key.clone(), read(key, value)?)))
        .collect()
}

/// A text, a number or a list of them, as a person would type it.
fn word(value: &Json, what: &str) -> Result<String, String> {
    match value {
        Json::String(text) => Ok(text.clone()),
        Json::Number(number) => match number.as_f64() {
            Some(real) if real.abs() >= UNSAFE && !number.is_u64() => Err(format!(
                "{what} {value} is too large to be exact; write it as text"
            )),
            _ => Ok(number.to_string()),
        },
        Json::Array(items) => {
            let words: Result<Vec<_>, _> = items.iter().map(|item| word(item, what)).collect();
            Ok(words?.join(","))
        }
        _ => Err(format!("{what} must be a text or a number, not {value}")),
    }
}

/// When to apply a command.
#[derive(Debug, PartialEq)]
pub enum When {
    Now(Command),
    At(Timed),
}

/// Parses `"crash n2"`, `"5s crash n2"`, or `{at_us, do}`.
pub fn command(value: &Json) -> Result<When, String> {
    match value {
        // A command starts with a letter, a time with a digit, an event number with `@`.
        Json::String(text)
            if text
                .trim_start()
                .starts_with(|c: char| c.is_ascii_alphabetic()) =>
        {
            Command::parse(text).map(When::Now)
        }
        Json::String(text) => Timed::parse(text).map(When::At),
        Json::Object(fields) => {
            if let Some(other) = fields.keys().find(|key| *key != "at_us" && *key != "do") {
                let hint = did_you_mean(other, ["at_us", "do"]);
                return Err(format!("a command has no field `{other}`; {hint}"));
            }
            let text = fields.get("do").and_then(Json::as_str);
            let text = text.ok_or("a command needs `do`, for example {do: \"crash n2\"}")?;
            let command = Command::parse(text)?;
            match fields.get("at_us") {
                None | Some(Json::Null) => Ok(When::Now(command)),
                Some(at) => {
                    let us = at.as_f64().ok_or_else(|| not_a_time(at))?;
                    Ok(When::At(Timed {
                        at: At::time(instant(us)?),
                        command,
                    }))
                }
            }
        }
        other => Err(format!(
            "{other} is not a command; write \"crash n2\", \"5s crash n2\" or \
             {{at_us: 5000000, do: \"crash n2\"}}"
        )),
    }
}

/// An instant in whole microseconds.
pub fn instant(us: f64) -> Result<Time, String> {
    if us.fract() == 0.0 && (0.0..=MAX_TIME.0 as f64).contains(&us) {
        Ok(Time(us as u64))
    } else {
        Err(not_a_time(us))
    }
}

fn not_a_time(us: impl std::fmt::Display) -> String {
    format!("`{us}` is not a time; write whole microseconds from 0, such as 5000000 for 5 s")
}

/// Turns every whole number that JavaScript cannot hold exactly into its text.
pub fn large_numbers_as_text(json: &mut Json) {
    match json {
        Json::Array(items) => items.iter_mut().for_each(large_numbers_as_text),
        Json::Object(fields) => fields.values_mut().for_each(large_numbers_as_text),
        Json::Number(number) => {
            let whole = number.is_u64() || number.is_i64();
            if whole && number.as_f64().is_some_and(|real| real.abs() >= UNSAFE) {
                *json = Json::String(number.to_string());
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn options_are_all_optional() {
        let plain = recipe("bully", &Json::Null).unwrap();
        assert_eq!(plain, Recipe::new("bully", 1));
        let options = json!({
            "seed": "18446744073709551615", "preset": "textbook",
            "params": {"nodes": 7, "starter": [1, 2], "timeout": 0.5}, "switches": {"guard": true},
        });
        let full = recipe("bully", &options).unwrap();
        assert_eq!(full.seed, u64::MAX.to_string());
        assert_eq!(full.params["starter"], "1,2");
        assert_eq!(
            (
                full.params["nodes"].as_str(),
                full.params["timeout"].as_str()
            ),
            ("7", "0.5")
        );
        assert!(full.switches["guard"]);
        let again = serde_json::to_value(&full).unwrap();
        assert_eq!(
            recipe("bully", &again).unwrap(),
            full,
            "a recipe serves as options"
        );
    }

    #[test]
    fn wrong_options_are_named() {
        let wrong = |options: Json| recipe("bully", &options).unwrap_err();
        assert!(wrong(json!({"sede": 1})).contains("did you mean seed"));
        assert!(wrong(json!({"seed": 1e17})).contains("write it as text"));
        assert!(wrong(json!({"seed": true})).contains("text or a number"));
        assert!(wrong(json!({"switches": {"guard": 1}})).contains("guard must be true or false"));
        assert!(wrong(json!({"scenario": "cluster"})).contains("cluster"));
        assert!(wrong(json!(7)).contains("not an object"));
    }

    #[test]
    fn commands_come_in_three_forms() {
        let crash = Command::parse("crash n2").unwrap();
        assert_eq!(command(&json!("crash n2")), Ok(When::Now(crash.clone())));
        assert_eq!(command(&json!({"do": "crash n2"})), Ok(When::Now(crash)));
        let later = When::At(Timed::parse("5s crash n2").unwrap());
        assert_eq!(command(&json!("5s crash n2")).unwrap(), later);
        assert_eq!(
            command(&json!({"at_us": 5_000_000, "do": "crash n2"})).unwrap(),
            later
        );
        assert!(
            command(&json!("crsh n2"))
                .unwrap_err()
                .contains("did you mean crash")
        );
        assert!(
            command(&json!({"at": 5, "do": "heal"}))
                .unwrap_err()
                .contains("at_us")
        );
        assert!(
            command(&json!({"at_us": -1, "do": "heal"}))
                .unwrap_err()
                .contains("not a time")
        );
        assert!(command(&json!(5)).unwrap_err().contains("5s crash n2"));
    }

    #[test]
    fn numbers_too_large_for_javascript_become_text() {
        let mut json = json!({"a": [u64::MAX, 3], "b": 0.5});
        large_numbers_as_text(&mut json);
        assert_eq!(json, json!({"a": [u64::MAX.to_string(), 3], "b": 0.5}));
    }
}
