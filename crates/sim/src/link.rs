//! Share links: a whole run in the address of the page, or in a small file.
//!
//! A link is `v1.` and URL-safe base64. Behind it lies one of two forms, told apart by the first
//! byte: deflated JSON, which the first pages wrote ([`file`] reads it), or the packed form of
//! [`short`], which is written now. Links of version 1 open in every later version.
//!
//! What comes out of a link is only data. [`Link::replay`] makes the run of it, within bounds, and
//! compares its trace with the digest that the link carries.

mod file;
#[cfg(test)]
mod mutated;
mod read;
mod replay;
mod short;
#[cfg(test)]
mod tests;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::KERNEL;
use crate::descriptor::Recipe;
use crate::hash::stable_hash;
use crate::sorted::SortedMap;
use crate::time::{MAX_TIME, Time};
use crate::timeline::{Pass, Timeline};

pub use read::{Opened, opened};
pub use replay::{Replayed, Work};

/// Everything a link carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The run.
    pub recipe: Recipe,
    /// Where the reader lands; where the scenario opens if it does not say.
    pub cursor: Option<Place>,
    /// How the run is looked at: open panels, tab, selection, lens. Words that this version does
    /// not know are passed over.
    pub look: SortedMap<String, String>,
    /// The run it is compared with.
    pub partner: Option<Partner>,
    /// [`KERNEL`] when the link was made; 0 if it does not say.
    pub kernel: u32,
    /// The protocol's revision when the link was made; 0 if it does not say.
    pub revision: u32,
    /// [`Timeline::digest`] at the cursor when the link was made.
    pub digest: Option<u32>,
}

/// A point of a run. Many events may share one instant: the number of moves tells between which
/// two of them it lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The instant.
    pub time: Time,
    /// Events and commands before it; all of the instant if it does not say.
    pub moves: Option<u64>,
}

/// A second run beside the first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Partner {
    /// The run.
    pub recipe: Recipe,
    /// Whether what is done to one is done to the other.
    pub mirror: bool,
}

/// Letters of a link. Browsers take more, but nothing that was made here needs it.
const MOST_LETTERS: usize = 1 << 18;
/// Bytes that a link may unpack to: a mangled one must not make the page unpack gigabytes.
const MOST_BYTES: usize = 1 << 20;
/// Commands of one run.
pub const MOST_COMMANDS: usize = 2_000;
/// Settings of one run, and words of a look.
const MOST_SETTINGS: usize = 100;
/// Letters of a name.
const LONGEST_NAME: usize = 100;
/// Letters of a value or a command.
const LONGEST_VALUE: usize = 10_000;
/// Letters of a sentence that says what is wrong.
const LONGEST_SENTENCE: usize = 400;

/// The first byte of a packed link. No deflated text begins with it: its lowest three bits name a
/// kind of block that does not exist.
const PACKED: u8 = 0b0000_0111;
/// Those three bits.
const NO_BLOCK: u8 = 0b111;

impl Link {
    /// A scenario as it is first opened.
    #[must_use]
    pub fn named(scenario: &str) -> Self {
        Self {
            recipe: Recipe::new(scenario, 1),
            cursor: None,
            look: SortedMap::new(),
            partner: None,
            kernel: KERNEL,
            revision: 0,
            digest: None,
        }
    }

    /// A run where it stands.
    #[must_use]
    pub fn of(timeline: &Timeline) -> Self {
        let place = Place {
            time: timeline.now(),
            moves: Some(timeline.moves()),
        };
        let revision = timeline.setup().protocol.revision;
        Self::standing(timeline.recipe(), place, revision, timeline.digest())
    }

    /// A run where one pass over it has come to.
    #[must_use]
    pub fn of_pass(pass: &Pass) -> Self {
        let setup = pass.setup();
        let place = Place {
            time: pass.world().now(),
            moves: Some(pass.moves()),
        };
        let recipe = setup.recipe_with(&setup.commands);
        Self::standing(recipe, place, setup.protocol.revision, pass.digest())
    }

    fn standing(recipe: Recipe, place: Place, revision: u32, digest: u32) -> Self {
        Self {
            cursor: Some(place),
            revision,
            digest: Some(digest),
            ..Self::named(&recipe.scenario)
        }
        .with(recipe)
    }

    /// The text behind `#`.
    #[must_use]
    pub fn encode(&self) -> String {
        let text = short::write(self);
        let check = check_of(&text);
        let mut bytes = vec![PACKED, check[0], check[1]];
        bytes.extend(miniz_oxide::deflate::compress_to_vec(text.as_bytes(), 9));
        format!("v1.{}", URL_SAFE_NO_PAD.encode(bytes))
    }

    /// Reads the text behind `#`. Line ends and what a sentence puts behind a link are passed over.
    ///
    /// # Errors
    /// A sentence that says what is wrong and what to do.
    pub fn decode(text: &str) -> Result<Self, String> {
        let text = text.trim().trim_start_matches('#');
        let Some(packed) = text.strip_prefix("v1.") else {
            return Err(match text.split_once('.') {
                Some((version, _)) if is_version(version) => format!(
                    "This link has version {version}, and this page reads v1. Open it with a newer \
                     Faultline."
                ),
                _ => damaged("it does not begin with v1."),
            });
        };
        if packed.len() > MOST_LETTERS {
            return Err(too_much(&format!(
                "it is {} letters long; links have at most {MOST_LETTERS}",
                packed.len()
            )));
        }
        let letters: String = packed.chars().filter(|c| !c.is_whitespace()).collect();
        let letters = letters.trim_end_matches(['.', ',', ';', ':', ')', ']', '>', '"', '\'']);
        let bytes = URL_SAFE_NO_PAD
            .decode(letters)
            .map_err(|_| damaged("letters are missing"))?;
        let link = match bytes.as_slice() {
            [PACKED, check @ ..] if check.len() > 2 => {
                let text = unpack(&check[2..])?;
                if check[..2] != check_of(&text) {
                    return Err(damaged("some of its letters have changed"));
                }
                short::read(&text).map_err(|why| damaged(&why))?
            }
            [first, ..] if first & NO_BLOCK == NO_BLOCK && *first != PACKED => {
                return Err(
                    "This link is packed in a newer way. Open it with a newer Faultline.".into(),
                );
            }
            old => file::from_text(&unpack(old)?).map_err(|why| damaged(&why))?,
        };
        link.check().map_err(|why| too_much(&why))?;
        Ok(link)
    }

    /// The same as a file that a person can read: JSON, one command a line.
    #[must_use]
    pub fn to_file(&self) -> String {
        file::write(self)
    }

    /// Refuses what no page has written and no page should have to carry.
    fn check(&self) -> Result<(), String> {
        check_recipe(&self.recipe)?;
        if let Some(partner) = &self.partner {
            check_recipe(&partner.recipe)?;
        }
        if self.cursor.is_some_and(|place| place.time > MAX_TIME) {
            return Err("its instant is too late; a run lasts at most 285 years".into());
        }
        if self.look.len() > MOST_SETTINGS {
            return Err(format!("it has more than {MOST_SETTINGS} words of view"));
        }
        for (word, value) in &self.look {
            fits("a word of its view", word, LONGEST_NAME)?;
            fits("a word of its view", value, LONGEST_NAME)?;
        }
        Ok(())
    }
}

fn check_recipe(recipe: &Recipe) -> Result<(), String> {
    fits("the name of its scenario", &recipe.scenario, LONGEST_NAME)?;
    let preset = recipe.preset.as_deref().unwrap_or_default();
    fits("the name of its preset", preset, LONGEST_NAME)?;
    fits("its seed", &recipe.seed, LONGEST_NAME)?;
    if recipe.params.len() > MOST_SETTINGS || recipe.switches.len() > MOST_SETTINGS {
        return Err(format!("it has more than {MOST_SETTINGS} settings"));
    }
    for (name, value) in &recipe.params {
        fits("the name of a setting", name, LONGEST_NAME)?;
        fits("the value of a setting", value, LONGEST_VALUE)?;
    }
    for name in recipe.switches.keys() {
        fits("the name of a switch", name, LONGEST_NAME)?;
    }
    let commands = recipe.commands.len();
    if commands > MOST_COMMANDS {
        return Err(format!(
            "it has {commands} commands; a run has at most {MOST_COMMANDS}"
        ));
    }
    for command in &recipe.commands {
        fits("a command", command, LONGEST_VALUE)?;
    }
    Ok(())
}

fn fits(what: &str, text: &str, most: usize) -> Result<(), String> {
    if text.len() <= most {
        return Ok(());
    }
    let long = text.len();
    Err(format!("{what} is {long} letters long; {most} are allowed"))
}

fn is_version(word: &str) -> bool {
    let digits = word.strip_prefix('v').unwrap_or_default();
    (1..4).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit())
}

fn damaged(what: &str) -> String {
    format!("This link is damaged ({what}). Ask for it again, or copy the whole of it.")
}

fn too_much(what: &str) -> String {
    format!("This link asks for too much: {what}.")
}

/// A sentence that may repeat a hostile word: on one line, and not in full.
fn plain(sentence: String) -> String {
    let letters = sentence.chars().take(LONGEST_SENTENCE);
    let mut plain: String = letters
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    if plain.len() < sentence.len() {
        plain.push('…');
    }
    plain
}

/// Two bytes that tell whether the text is what was packed.
fn check_of(text: &str) -> [u8; 2] {
    let hash = stable_hash(text).to_le_bytes();
    [hash[0], hash[1]]
}

fn unpack(bytes: &[u8]) -> Result<String, String> {
    use miniz_oxide::inflate::{TINFLStatus, decompress_to_vec_with_limit};
    let unpacked = decompress_to_vec_with_limit(bytes, MOST_BYTES).map_err(|error| {
        if error.status == TINFLStatus::HasMoreOutput {
            too_much(&format!("it unpacks to more than {MOST_BYTES} bytes"))
        } else {
            damaged("it cannot be unpacked")
        }
    })?;
    String::from_utf8(unpacked).map_err(|_| damaged("it is no text"))
}
