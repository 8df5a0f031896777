//! The page's data in browser storage. All of it may be missing: private windows and `file:` pages can
//! refuse storage, and the page works without it.

use faultline_sim::descriptor::Recipe;
use faultline_sim::text::{read_json, write_json};
use serde::{Deserialize, Serialize};
use web_sys::{Storage, window};

use crate::progress::Progress;
use crate::theme::Theme;

/// The number of the tab's latest visit, and the prefix of each visit's key.
const VISITS: &str = "faultline.visits";
const VISIT: &str = "faultline.visit.";
/// The most visits kept. The browser's history goes further back; there, an entry's address says what
/// to open.
const MOST_VISITS: u32 = 40;

const RUN: &str = "faultline.run";
const REOPEN: &str = "faultline.reopen";
const THEME: &str = "faultline.theme";
const LETTERS: &str = "faultline.letters";
const SPACETIME: &str = "faultline.spacetime";
const REAL_TIME: &str = "faultline.realtime";
const PAUSES: &str = "faultline.pauses";
const DEBUG: &str = "faultline.debug";
const COURSE: &str = "faultline.course";
/// The lesson that is open in this tab.
const LESSON: &str = "faultline.lesson";
/// The prefix of each picture's key.
const PICTURE: &str = "faultline.picture.";

/// The run as saved at each command. static/guard.js uses the same format.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Saved {
    pub recipe: Recipe,
    /// The cursor, in microseconds.
    pub cursor: u64,
    /// The command in progress: not yet part of the recipe. None after it succeeded.
    #[serde(default)]
    pub last: Option<String>,
}

fn storage() -> Option<Storage> {
    // Native tests have no browser storage.
    if cfg!(not(target_arch = "wasm32")) {
        return None;
    }
    window()?.local_storage().ok()?
}

/// Data of this tab only.
fn of_tab() -> Option<Storage> {
    if cfg!(not(target_arch = "wasm32")) {
        return None;
    }
    window()?.session_storage().ok()?
}

fn read_of_tab(key: &str) -> Option<String> {
    of_tab()?.get_item(key).ok()?
}

/// A run of this tab as the person left it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Visit {
    /// Its link: the run, its instant and its view.
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

/// Saves a visit.
pub fn save_visit(number: u32, visit: &Visit) {
    if let Some(storage) = of_tab() {
        // Without storage, only the address says what to open.
        let _ = storage.set_item(&format!("{VISIT}{number}"), &write_json(visit));
    }
}

/// Loads a visit.
pub fn visit(number: u32) -> Option<Visit> {
    read_json(&read_of_tab(&format!("{VISIT}{number}"))?).ok()
}

fn read(key: &str) -> Option<String> {
    storage()?.get_item(key).ok()?
}

fn write(key: &str, value: &str) {
    if let Some(storage) = storage() {
        // If storage is full or refused, the page simply remembers nothing.
        let _ = storage.set_item(key, value);
    }
}

/// Saves the run of this tab, so that a panic cannot lose it.
pub fn save_run(saved: &Saved) {
    if let Some(storage) = of_tab() {
        let _ = storage.set_item(RUN, &write_json(saved));
    }
}

/// The run that the panic card will reopen; a second call gives none.
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

/// Deletes everything that the page has stored.
pub fn forget() {
    forget_course();
    if let Some(storage) = storage() {
        for key in [THEME, LETTERS, SPACETIME, REAL_TIME, PAUSES, DEBUG] {
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

/// Whether time runs at a constant speed.
#[must_use]
pub fn real_time() -> bool {
    read(REAL_TIME).as_deref() == Some("1")
}

pub fn set_real_time(on: bool) {
    write(REAL_TIME, if on { "1" } else { "0" });
}

/// Whether scenarios pause where they want to be looked at.
#[must_use]
pub fn pauses() -> bool {
    read(PAUSES).as_deref() != Some("0")
}

pub fn set_pauses(on: bool) {
    write(PAUSES, if on { "1" } else { "0" });
}

/// The person's progress in the course.
#[must_use]
pub fn course() -> Progress {
    let kept = read(COURSE).and_then(|text| Progress::read(&text));
    kept.unwrap_or_default()
}

pub fn set_course(progress: &Progress) {
    write(COURSE, &progress.file());
}

/// The lesson that was open in this tab.
#[must_use]
pub fn lesson_of_tab() -> Option<String> {
    read_of_tab(LESSON).filter(|id| !id.is_empty())
}

/// Remembers the open lesson over a reload; empty: none is open.
pub fn set_lesson_of_tab(id: &str) {
    if let Some(storage) = of_tab() {
        let _ = storage.set_item(LESSON, id);
    }
}

/// A picture for the lab sheet.
#[must_use]
pub fn picture(key: &str) -> Option<String> {
    read(&format!("{PICTURE}{key}"))
}

pub fn set_picture(key: &str, svg: &str) {
    write(&format!("{PICTURE}{key}"), svg);
}

/// Deletes progress and pictures.
pub fn forget_course() {
    let Some(storage) = storage() else {
        return;
    };
    let count = storage.length().unwrap_or_default();
    let keys: Vec<String> = (0..count)
        .filter_map(|at| storage.key(at).ok().flatten())
        .filter(|key| key == COURSE || key.starts_with(PICTURE))
        .collect();
    for key in keys {
        let _ = storage.remove_item(&key);
    }
}

/// Whether the page offers tools for its developers.
#[must_use]
pub fn debug() -> bool {
    read(DEBUG).as_deref() == Some("1")
}
