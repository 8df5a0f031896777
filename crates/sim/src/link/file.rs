//! A run as JSON that a person can read: `.run` files, and every other form in which a run has ever
//! been saved as JSON.
//!
//! All of them have the [`Recipe`] in full under `recipe`, or are a bare one. Beside it may stand
//! `cursor` (a number of microseconds, or `{time_us, moves}`), or `end_us` of an exported run.

use serde_json::{Map, Value as Json, json};

use super::{Link, Partner, Place};
use crate::descriptor::Recipe;
use crate::sorted::SortedMap;
use crate::time::Time;

pub(super) fn write(link: &Link) -> String {
    let mut file = json!({ "faultline": 1, "recipe": link.recipe });
    let mut put = |key: &str, value: Json| {
        if let Json::Object(file) = &mut file {
            file.insert(key.to_owned(), value);
        }
    };
    if let Some(place) = link.cursor {
        let time = place.time.to_string();
        let mut cursor = json!({ "time": time, "time_us": place.time.0 });
        if let (Some(moves), Json::Object(cursor)) = (place.moves, &mut cursor) {
            cursor.insert("moves".into(), moves.into());
        }
        put("cursor", cursor);
    }
    if !link.look.is_empty() {
        put("look", json!(link.look));
    }
    if let Some(partner) = &link.partner {
        let (recipe, mirror) = (&partner.recipe, partner.mirror);
        put("partner", json!({ "recipe": recipe, "mirror": mirror }));
    }
    put("kernel", link.kernel.into());
    put("revision", link.revision.into());
    if let Some(digest) = link.digest {
        put("digest", format!("{digest:08x}").into());
    }
    let mut text = String::new();
    pretty(&mut text, &file, 0);
    text.push('\n');
    text
}

/// Objects and lists with a line for each entry.
fn pretty(text: &mut String, json: &Json, depth: usize) {
    let ends = match json {
        Json::Object(fields) if !fields.is_empty() => ('{', '}'),
        Json::Array(items) if !items.is_empty() => ('[', ']'),
        plain => return text.push_str(&plain.to_string()),
    };
    let mut first = true;
    let mut line = |text: &mut String, key: Option<&str>, value: &Json| {
        if !std::mem::take(&mut first) {
            text.push(',');
        }
        new_line(text, depth + 1);
        if let Some(key) = key {
            text.push_str(&Json::from(key).to_string());
            text.push_str(": ");
        }
        pretty(text, value, depth + 1);
    };
    text.push(ends.0);
    match json {
        Json::Object(fields) => fields.iter().for_each(|(k, v)| line(text, Some(k), v)),
        Json::Array(items) => items.iter().for_each(|v| line(text, None, v)),
        _ => {}
    }
    new_line(text, depth);
    text.push(ends.1);
}

fn new_line(text: &mut String, depth: usize) {
    text.push('\n');
    text.extend(std::iter::repeat_n("  ", depth));
}

/// Reads JSON text.
pub(super) fn from_text(text: &str) -> Result<Link, String> {
    let json: Json =
        serde_json::from_str(text).map_err(|error| format!("it is not JSON: {error}"))?;
    from_json(json)
}

fn from_json(json: Json) -> Result<Link, String> {
    let Json::Object(mut file) = json else {
        return Err("it is not an object".into());
    };
    // What the panic card copies.
    if let Some(Json::Object(run)) = file.remove("run") {
        file = run;
    }
    if !file.contains_key("recipe") && file.contains_key("scenario") {
        let recipe = recipe(file.into())?;
        return Ok(Link {
            revision: 0,
            kernel: 0,
            ..Link::named(&recipe.scenario)
        }
        .with(recipe));
    }
    let recipe = recipe(file.remove("recipe").ok_or("it has no `recipe`")?)?;
    let partner = match file.remove("partner") {
        None => None,
        Some(Json::Object(second)) => Some(read_partner(second)?),
        Some(_) => return Err("its `partner` is not a run".into()),
    };
    let number = |key: &str| match file.get(key) {
        None => Ok(0),
        Some(value) => small(value).ok_or_else(|| format!("its `{key}` is not a small number")),
    };
    let digest = file.get("digest").or_else(|| file.get("trace_hash"));
    Ok(Link {
        cursor: cursor(&file)?,
        look: look(&file)?,
        partner,
        kernel: number("kernel")?,
        revision: number("revision")?,
        digest: match digest {
            None | Some(Json::Null) => None,
            Some(digest) => Some(read_digest(digest).ok_or("its `digest` is not a digest")?),
        },
        ..Link::named(&recipe.scenario)
    }
    .with(recipe))
}

impl Link {
    pub(super) fn with(self, recipe: Recipe) -> Self {
        Self { recipe, ..self }
    }
}

fn recipe(json: Json) -> Result<Recipe, String> {
    serde_json::from_value(json).map_err(|error| format!("its recipe: {error}"))
}

fn read_partner(mut second: Map<String, Json>) -> Result<Partner, String> {
    let recipe = recipe(second.remove("recipe").unwrap_or_default())?;
    let mirror = second.get("mirror").and_then(Json::as_bool).unwrap_or(true);
    Ok(Partner { recipe, mirror })
}

fn small(json: &Json) -> Option<u32> {
    u32::try_from(json.as_u64()?).ok()
}

fn cursor(file: &Map<String, Json>) -> Result<Option<Place>, String> {
    let Some(cursor) = file.get("cursor").or_else(|| file.get("end_us")) else {
        return Ok(None);
    };
    let time = cursor.as_u64().or_else(|| cursor.get("time_us")?.as_u64());
    let time = Time(time.ok_or("its cursor is not an instant")?);
    let moves = match cursor.get("moves") {
        None => None,
        Some(moves) => Some(
            moves
                .as_u64()
                .ok_or("its cursor is not a number of moves")?,
        ),
    };
    Ok(Some(Place { time, moves }))
}

fn look(file: &Map<String, Json>) -> Result<SortedMap<String, String>, String> {
    let mut look = match file.get("look") {
        None => SortedMap::new(),
        Some(look) => {
            serde_json::from_value(look.clone()).map_err(|error| format!("its look: {error}"))?
        }
    };
    // The first links had one word for it.
    if let Some(lens) = file.get("lens").and_then(Json::as_str) {
        look.insert("lens".into(), lens.to_owned());
    }
    Ok(look)
}

/// The first eight digits of a trace's hash: digests were written in full at first.
fn read_digest(json: &Json) -> Option<u32> {
    let digits = json.as_str()?;
    u32::from_str_radix(digits.get(..8)?, 16).ok()
}
