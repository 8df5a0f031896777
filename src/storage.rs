//! What the page remembers in the browser. All of it may be missing: private windows and `file:`
//! pages can refuse storage, and the page works without.

use faultline_sim::descriptor::Recipe;
use faultline_sim::text::{read_json, write_json};
use serde::{Deserialize, Serialize};
use web_sys::{Storage, window};

use crate::ui::Theme;

const RUN: &str = "faultline.run";
const REOPEN: &str = "faultline.reopen";
const THEME: &str = "faultline.theme";
const LETTERS: &str = "faultline.letters";
const SPACETIME: &str = "faultline.spacetime";
const DEBUG: &str = "faultline.debug";

/// The run as it is saved at each command. static/guard.js reads and writes the same form.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Saved {
    pub recipe: Recipe,
    /// Where the person was, in microseconds.
    pub cursor: u64,
    /// The command that is being applied, in words: not yet part of the recipe. None once it went
    /// well.
    #[serde(default)]
    pub last: Option<String>,
}

fn storage() -> Option<Storage> {
    // Natively, as in tests, there is no browser that could remember anything.
    if cfg!(not(target_arch = "wasm32")) {
        return None;
    }
    window()?.local_storage().ok()?
}

fn read(key: &str) -> Option<String> {
    storage()?.get_item(key).ok()?
}

fn write(key: &str, value: &str) {
    if let Some(storage) = storage() {
        // A full or refused storage only means that nothing is remembered.
        let _ = storage.set_item(key, value);
    }
}

/// Saves the run, so that no panic can lose it.
pub fn save_run(saved: &Saved) {
    write(RUN, &write_json(saved));
}

/// The run that the panic card asked to open again, once.
pub fn take_reopen() -> Option<Saved> {
    let json = read(REOPEN)?;
    let _ = storage()?.remove_item(REOPEN);
    read_json(&json).ok()
}

/// The theme that the person chose.
#[must_use]
pub fn theme() -> Option<Theme> {
    Theme::of(&read(THEME)?)
}

pub fn set_theme(theme: Theme) {
    write(THEME, theme.word());
}

/// Forgets everything that the page has written.
pub fn forget() {
    if let Some(storage) = storage() {
        for key in [RUN, REOPEN, THEME, LETTERS, SPACETIME, DEBUG] {
            let _ = storage.remove_item(key);
        }
    }
}

/// Whether single letters are shortcuts.
#[must_use]
pub fn letters() -> bool {
    read(LETTERS).as_deref() != Some("0")
}

pub fn set_letters(on: bool) {
    write(LETTERS, if on { "1" } else { "0" });
}

/// Whether the space-time diagram was open when the person left.
#[must_use]
pub fn spacetime() -> bool {
    read(SPACETIME).as_deref() == Some("1")
}

pub fn set_spacetime(open: bool) {
    write(SPACETIME, if open { "1" } else { "0" });
}

/// Whether the page offers what only its makers need.
#[must_use]
pub fn debug() -> bool {
    read(DEBUG).as_deref() == Some("1")
}
