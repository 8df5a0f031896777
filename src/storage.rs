//! What the page remembers in the browser. All of it may be missing: private windows and `file:`
//! pages can refuse storage, and the page works without.

use faultline_sim::descriptor::Recipe;
use faultline_sim::text::{read_json, write_json};
use serde::{Deserialize, Serialize};
use web_sys::{Storage, window};

use crate::ui::Theme;

/// The number of the latest visit of this tab, and what a visit's number follows.
const VISITS: &str = "faultline.visits";
const VISIT: &str = "faultline.visit.";
/// Visits that are remembered. The browser's own history goes further back; there an entry's address says
/// what to open.
const MOST_VISITS: u32 = 40;

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

/// What only this tab knows.
fn of_tab() -> Option<Storage> {
    if cfg!(not(target_arch = "wasm32")) {
        return None;
    }
    window()?.session_storage().ok()?
}

fn read_of_tab(key: &str) -> Option<String> {
    of_tab()?.get_item(key).ok()?
}

/// A run of this tab where it was left.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Visit {
    /// Its link: the run, its instant, and how it was looked at.
    pub link: String,
    pub playing: bool,
}

/// The number of the next visit.
pub fn next_visit() -> u32 {
    let latest: u32 = read_of_tab(VISITS)
        .and_then(|latest| latest.parse().ok())
        .unwrap_or_default();
    let next = latest + 1;
    if let Some(storage) = of_tab() {
        let _ = storage.set_item(VISITS, &next.to_string());
        let forgotten = next.saturating_sub(MOST_VISITS);
        let _ = storage.remove_item(&format!("{VISIT}{forgotten}"));
    }
    next
}

/// Remembers a visit as it is left.
pub fn save_visit(number: u32, visit: &Visit) {
    if let Some(storage) = of_tab() {
        // Without storage, the address alone says what to open.
        let _ = storage.set_item(&format!("{VISIT}{number}"), &write_json(visit));
    }
}

/// A visit as it was left.
pub fn visit(number: u32) -> Option<Visit> {
    read_json(&read_of_tab(&format!("{VISIT}{number}"))?).ok()
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

/// Saves the run, so that no panic can lose it: for this tab, another one has a run of its own.
pub fn save_run(saved: &Saved) {
    if let Some(storage) = of_tab() {
        let _ = storage.set_item(RUN, &write_json(saved));
    }
}

/// The run that the panic card asked to open again, once.
pub fn take_reopen() -> Option<Saved> {
    let json = read_of_tab(REOPEN)?;
    let _ = of_tab()?.remove_item(REOPEN);
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
        for key in [THEME, LETTERS, SPACETIME, DEBUG] {
            let _ = storage.remove_item(key);
        }
    }
    if let Some(storage) = of_tab() {
        let visits = read_of_tab(VISITS).and_then(|latest| latest.parse::<u32>().ok());
        let latest = visits.unwrap_or_default();
        for number in latest.saturating_sub(MOST_VISITS)..=latest {
            let _ = storage.remove_item(&format!("{VISIT}{number}"));
        }
        for key in [RUN, REOPEN] {
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
