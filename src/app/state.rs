//! What the page holds besides its runs, by the room that it belongs to.

use faultline_sim::sorted::SortedSet;
use yew::prelude::*;

use super::Toast;
use super::first::{self, Poster};
use super::visits::{PausedReason, Visits};
use crate::browser::{self, Focused, Listener, Ticker};
use crate::engine::Pacer;
use crate::storage;
use crate::theme::Theme;
use crate::ui::live_region::Announcer;
use crate::ui::share::Shared;
use crate::ui::{Sheet, Tab};

/// How the runs move.
pub struct Motion {
    pub playing: bool,
    /// The run has been paused since it opened.
    pub waits: Option<PausedReason>,
    /// The system prefers reduced motion.
    pub still: bool,
    /// Relative to the scenario's own pace.
    pub speed: f64,
    /// Constant speed: the scenario's pace.
    pub real: bool,
    /// What makes time slow and fast, if speed is not constant.
    pub pacer: Pacer,
    pub last_tick: Option<f64>,
    /// Milliseconds since the panels were drawn.
    pub since_panels: f64,
    pub ticker: Ticker,
}

impl Motion {
    pub fn new(playing: bool, still: bool, ticker: Ticker) -> Self {
        Self {
            playing,
            waits: None,
            still,
            speed: 1.0,
            // Until the page is complete.
            real: true,
            pacer: Pacer::default(),
            last_tick: None,
            since_panels: 0.0,
            ticker,
        }
    }
}

/// What is open beside and above the stage.
#[derive(Default)]
pub struct Showing {
    /// The sheet above the palette.
    pub sheet: Option<Sheet>,
    /// The side panel, and its tab.
    pub side: bool,
    pub side_was_opened: bool,
    pub tab: Tab,
    pub library: bool,
    pub help: bool,
    /// The card that asks for the parts of the picture.
    pub naming: bool,
    /// The dialog for choosing a run to compare with.
    pub chooser: bool,
}

/// The share sheet.
#[derive(Default)]
pub struct Sharing {
    /// Its content while it is open.
    pub shared: Option<Shared>,
    /// The run was playing when the sheet opened.
    pub was_playing: bool,
    /// What was wrong with the pasted text.
    pub wrong: Option<String>,
}

/// How the page looks.
pub struct Look {
    pub theme: Theme,
    /// Only the stage and its controls: another page embeds this one.
    pub embedded: bool,
    /// Hides texts that tell how a scenario ends.
    pub hide_answers: bool,
    /// Shows answers and what to ask a class.
    pub teaching: bool,
    /// Messages bear letters.
    pub letters: bool,
}

impl Look {
    /// As the address and the browser's storage ask for.
    pub fn asked() -> Self {
        let theme = browser::asked_theme().or_else(storage::theme);
        Self {
            theme: theme.unwrap_or_default(),
            embedded: browser::query("embed").as_deref() == Some("1"),
            hide_answers: browser::query("role").as_deref() == Some("student"),
            teaching: browser::query("role").as_deref() == Some("teacher"),
            letters: storage::letters(),
        }
    }
}

/// What the page tells the person.
#[derive(Default)]
pub struct Said {
    pub announcer: Announcer,
    /// The latest broken rule, for the assertive live region.
    pub shouted: AttrValue,
    /// The person's last action in large words for a class, with its number.
    pub action: (u32, Option<AttrValue>),
    /// The toast and its number.
    pub toast: (u32, Option<Toast>),
    /// An error that the person must see.
    pub alert: Option<String>,
    /// What was wrong with the last typed command.
    pub wrong: Option<String>,
}

/// Where the keyboard is, and where it goes after the next render.
#[derive(Default)]
pub struct Focus {
    /// The element that had the focus after the last render.
    pub focused: Option<Focused>,
    pub on_message: bool,
    pub panel: bool,
    /// The menu of a message.
    pub menu: bool,
    pub chooser: bool,
    /// When a key moved the focus to a node, in milliseconds like event timestamps.
    pub turned_at: f64,
    pub lane: NodeRef,
    pub runs: NodeRef,
    /// Set when the page is complete.
    pub pointer_focus: Option<browser::PointerFocus>,
}

/// How the page comes up, and is left and found again.
pub struct Opening {
    /// Only during the first picture.
    pub poster: Option<Poster>,
    /// Hears clicks on the poster's bars.
    pub on_bars: Option<Listener>,
    /// The latest click, for when the real bars exist.
    pub reached: Option<first::Click>,
    /// The page was complete once, so tests and measurements may read it.
    pub published: bool,
    pub hooks: browser::Hooks,
    pub visits: Visits,
    /// The first run is a scenario as it is, whose own view comes with the complete page.
    pub fresh: bool,
    /// Scenarios that have been opened: each stops only once.
    pub seen: SortedSet<String>,
    /// Scenarios stop where they say.
    pub pauses: bool,
    /// The speed is the one that a scenario asks for.
    pub speed_of_view: bool,
}

impl Opening {
    pub fn new(hooks: browser::Hooks) -> Self {
        Self {
            poster: None,
            on_bars: None,
            reached: None,
            published: false,
            hooks,
            visits: Visits::default(),
            fresh: false,
            seen: SortedSet::new(),
            pauses: true,
            speed_of_view: false,
        }
    }
}
