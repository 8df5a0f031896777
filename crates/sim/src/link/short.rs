//! The packed form of a link before it is deflated: a head of short keys as JSON, then a line a
//! command.
//!
//! A command's key is written as the step from the one before it, in base 36: `1mt7k@1c crash n3` is
//! 2,756,720 µs and 48 events later. A line that begins with `!` is a command that could not be
//! read; it is kept as it is, so that the person who opens the link is told. The commands of a partner
//! stand behind an empty line.

use serde_json::{Map, Value as Json};

use super::{Link, Partner, Place};
use crate::command::{At, Timed};
use crate::descriptor::Recipe;
use crate::sorted::SortedMap;
use crate::time::{MAX_TIME, Time};

type Object = Map<String, Json>;

pub(super) fn write(link: &Link) -> String {
    let mut head = Object::new();
    let mut put = |key: &str, value: Json| drop(head.insert(key.to_owned(), value));
    if let Some(place) = link.cursor {
        put("t", place.time.0.into());
        if let Some(moves) = place.moves {
            put("m", moves.into());
        }
    }
    put("k", link.kernel.into());
    put("r", link.revision.into());
    if let Some(digest) = link.digest {
        put("d", digest.into());
    }
    if !link.look.is_empty() {
        put("l", texts(&link.look));
    }
    write_recipe(&mut head, &link.recipe);
    if let Some(partner) = &link.partner {
        let mut second = Object::new();
        second.insert("x".into(), partner.mirror.into());
        write_recipe(&mut second, &partner.recipe);
        head.insert("b".into(), second.into());
    }
    let mut text = Json::from(head).to_string();
    write_commands(&mut text, &link.recipe.commands);
    if let Some(partner) = &link.partner {
        text.push('\n');
        write_commands(&mut text, &partner.recipe.commands);
    }
    text
}

fn write_recipe(head: &mut Object, recipe: &Recipe) {
    let mut put = |key: &str, value: Json| drop(head.insert(key.to_owned(), value));
    put("s", recipe.scenario.as_str().into());
    if let Some(preset) = &recipe.preset {
        put("p", preset.as_str().into());
    }
    if recipe.seed != "1" {
        put("n", recipe.seed.as_str().into());
    }
    if !recipe.params.is_empty() {
        put("a", texts(&recipe.params));
    }
    if !recipe.switches.is_empty() {
        let switches = recipe.switches.iter();
        let switches: Object = switches.map(|(k, on)| (k.clone(), (*on).into())).collect();
        put("w", switches.into());
    }
}

fn texts(map: &SortedMap<String, String>) -> Json {
    let pairs = map.iter();
    let pairs: Object = pairs.map(|(k, v)| (k.clone(), v.as_str().into())).collect();
    pairs.into()
}

fn write_commands(text: &mut String, commands: &[String]) {
    let (mut time, mut after) = (0, 0);
    for command in commands {
        text.push('\n');
        let Ok(timed) = Timed::parse(command) else {
            text.push('!');
            text.extend(command.chars().map(|c| if c == '\n' { ' ' } else { c }));
            continue;
        };
        if let Some(at) = timed.at.time {
            write_step(text, &mut time, at.0);
        }
        if let Some(at) = timed.at.after {
            text.push('@');
            write_step(text, &mut after, at);
        }
        text.push(' ');
        text.push_str(&timed.command.to_string());
    }
}

fn write_step(text: &mut String, last: &mut u64, now: u64) {
    if now < *last {
        text.push('-');
    }
    let mut rest = now.abs_diff(*last);
    let from = text.len();
    loop {
        let digit = (rest % 36) as u32;
        text.insert(from, char::from_digit(digit, 36).unwrap_or('0'));
        rest /= 36;
        if rest == 0 {
            break;
        }
    }
    *last = now;
}

/// Reads what [`write`] wrote.
pub(super) fn read(text: &str) -> Result<Link, String> {
    let mut lines = text.split('\n');
    let head = serde_json::from_str(lines.next().unwrap_or_default());
    let Ok(Json::Object(head)) = head else {
        return Err("it has no head".into());
    };
    let mut recipe = read_recipe(&head)?;
    recipe.commands = read_commands(&mut lines)?;
    let partner = match head.get("b") {
        None => None,
        Some(Json::Object(second)) => {
            let mut recipe = read_recipe(second)?;
            recipe.commands = read_commands(&mut lines)?;
            let mirror = second.get("x").and_then(Json::as_bool).unwrap_or(true);
            Some(Partner { recipe, mirror })
        }
        Some(_) => return Err("its second run is not a run".into()),
    };
    let small = |key| u32::try_from(number(&head, key)?.unwrap_or(0)).map_err(|_| wrong(key));
    let moves = number(&head, "m")?;
    Ok(Link {
        recipe,
        cursor: number(&head, "t")?.map(|us| Place {
            time: Time(us),
            moves,
        }),
        look: read_texts(&head, "l")?,
        partner,
        kernel: small("k")?,
        revision: small("r")?,
        digest: match head.get("d") {
            None => None,
            Some(_) => Some(small("d")?),
        },
    })
}

fn wrong(key: &str) -> String {
    format!("`{key}` has a value that no link has")
}

fn number(head: &Object, key: &str) -> Result<Option<u64>, String> {
    match head.get(key) {
        None => Ok(None),
        Some(value) => value.as_u64().map(Some).ok_or_else(|| wrong(key)),
    }
}

fn read_texts(head: &Object, key: &str) -> Result<SortedMap<String, String>, String> {
    let Some(pairs) = head.get(key) else {
        return Ok(SortedMap::new());
    };
    let mut map = SortedMap::new();
    for (name, value) in pairs.as_object().ok_or_else(|| wrong(key))? {
        let value = value.as_str().ok_or_else(|| wrong(name))?;
        map.insert(name.clone(), value.to_owned());
    }
    Ok(map)
}

fn read_recipe(head: &Object) -> Result<Recipe, String> {
    let text = |key: &str| match head.get(key) {
        None => Ok(None),
        Some(value) => value.as_str().map(Some).ok_or_else(|| wrong(key)),
    };
    let mut recipe = Recipe::new(text("s")?.ok_or("it names no scenario")?, 1);
    recipe.preset = text("p")?.map(str::to_owned);
    if let Some(seed) = text("n")? {
        recipe.seed = seed.to_owned();
    }
    recipe.params = read_texts(head, "a")?;
    if let Some(switches) = head.get("w") {
        for (name, on) in switches.as_object().ok_or_else(|| wrong("w"))? {
            let on = on.as_bool().ok_or_else(|| wrong(name))?;
            recipe.switches.insert(name.clone(), on);
        }
    }
    Ok(recipe)
}

/// The lines up to an empty one, as commands.
fn read_commands<'t>(lines: &mut impl Iterator<Item = &'t str>) -> Result<Vec<String>, String> {
    let (mut time, mut after) = (0, 0);
    let mut commands = Vec::new();
    for line in lines.take_while(|line| !line.is_empty()) {
        if let Some(kept) = line.strip_prefix('!') {
            commands.push(kept.to_owned());
            continue;
        }
        let (key, words) = line.split_once(' ').ok_or("a command has no words")?;
        let (at, count) = match key.split_once('@') {
            Some((at, count)) => (at, Some(count)),
            None => (key, None),
        };
        let at = At {
            time: match at {
                "" => None,
                step => Some(Time(read_step(&mut time, step, MAX_TIME.0)?)),
            },
            after: match count {
                None => None,
                Some(step) => Some(read_step(&mut after, step, u64::MAX)?),
            },
        };
        commands.push(format!("{at} {words}"));
    }
    Ok(commands)
}

fn read_step(last: &mut u64, step: &str, most: u64) -> Result<u64, String> {
    let (back, digits) = match step.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, step),
    };
    let size = u64::from_str_radix(digits, 36).ok();
    let now = size.and_then(|size| match back {
        true => last.checked_sub(size),
        false => last.checked_add(size),
    });
    let now = now.filter(|now| *now <= most);
    *last = now.ok_or_else(|| format!("`{step}` is not a step of time"))?;
    Ok(*last)
}
