//! The keyboard: which key does what. Pure, so that native tests can run it.
//!
//! There is one table, [`MAP`]: the help shows its rows, and [`key_action`] looks keys up in it.

use faultline_sim::process::NodeId;

use crate::layout::Direction;

/// The relevant parts of a key press.
#[derive(Clone, Copy, Debug, Default)]
pub struct Press<'a> {
    pub key: &'a str,
    pub ctrl: bool,
    pub shift: bool,
    pub alt: bool,
}

/// The place of the focus.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Place {
    #[default]
    Page,
    /// A text field or a choice: it uses all keys except Esc and F6.
    Field,
    /// A button, link or tab: it uses Space and Enter.
    Control,
    /// A slider or tab list: it uses arrows, Home and End too.
    Slider,
    /// A node of the stage.
    Node(NodeId),
}

/// The action of a key. The page knows the rest (the focused node, whether time runs).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyAction {
    TogglePlay,
    Step(i32),
    Start,
    Live,
    ChangeSpeed(i32),
    /// The next moment, or the previous one.
    Moment(bool),
    /// Opens the form for going to an instant.
    GoTo,
    ToggleCrash,
    TogglePause,
    /// Cuts a link; while its second end is chosen, inspects it.
    CutFrom,
    /// Cuts one direction of a link.
    MuteFrom,
    TickMode,
    Request,
    /// Returns to the previous selection.
    Back,
    Node(u32),
    Towards(Direction),
    Restart,
    Reset,
    Undo,
    Redo,
    /// Opens a comparison, or closes it.
    Compare,
    /// Turns mirroring on or off.
    Mirror,
    /// Forks the run here.
    Fork,
    Help,
    /// Turns the projector theme on or off.
    Projector,
    Escape,
    NextRegion(bool),
    /// Opens the search for a run that breaks a rule.
    Hunt,
    /// Searches scenarios, lessons, words and commands.
    Find,
    /// On, or back, in what a teacher says.
    Script(bool),
    /// Opens or closes the space-time diagram.
    SpaceTime,
    /// Picks the node; while nodes are ticked, ends the ticking.
    Enter,
    Pick,
}

/// A key of the map.
#[derive(Clone, Copy, Debug)]
struct Key {
    name: &'static str,
    ctrl: bool,
    /// None if Shift does not matter, as for symbols that need it on some keyboards.
    shift: Option<bool>,
    /// Only while a node has the focus.
    on_node: bool,
    action: KeyAction,
}

impl Key {
    const fn new(name: &'static str, action: KeyAction) -> Self {
        Self {
            name,
            ctrl: false,
            shift: None,
            on_node: false,
            action,
        }
    }

    const fn plain(name: &'static str, action: KeyAction) -> Self {
        Self {
            shift: Some(false),
            ..Self::new(name, action)
        }
    }

    const fn shifted(name: &'static str, action: KeyAction) -> Self {
        Self {
            shift: Some(true),
            ..Self::new(name, action)
        }
    }

    const fn node(name: &'static str, action: KeyAction) -> Self {
        Self {
            on_node: true,
            ..Self::new(name, action)
        }
    }

    const fn control(self) -> Self {
        Self { ctrl: true, ..self }
    }

    /// Letters and symbols; the person can turn them off (WCAG 2.1.4).
    fn is_letter(&self) -> bool {
        !self.ctrl && self.name.len() == 1 && self.name != " "
    }

    fn matches(&self, press: Press) -> bool {
        self.name.eq_ignore_ascii_case(press.key)
            && self.ctrl == press.ctrl
            && self.shift.is_none_or(|shift| shift == press.shift)
    }

    /// Whether the focused element leaves this key to the page.
    fn is_free(&self, place: Place) -> bool {
        let presses = matches!(self.name, " " | "Enter");
        let moves = self.name.starts_with("Arrow") || matches!(self.name, "Home" | "End");
        match place {
            _ if matches!(self.name, "Escape" | "F6") => true,
            Place::Field => false,
            Place::Node(_) => true,
            _ if self.on_node => false,
            Place::Control => !presses,
            Place::Slider => !presses && !moves,
            Place::Page => true,
        }
    }
}

/// A row of the map: the displayed keys, their effect, and how to recognise them.
pub struct Row {
    pub shown: &'static str,
    pub does: &'static str,
    keys: &'static [Key],
}

const fn row(shown: &'static str, does: &'static str, keys: &'static [Key]) -> Row {
    Row { shown, does, keys }
}

/// The map. If two rows have the same key, the upper one wins.
pub const MAP: &[Row] = &[
    row(
        "Enter",
        "inspect the node",
        &[Key::node("Enter", KeyAction::Enter)],
    ),
    row(
        "arrows on a node",
        "next node that way",
        &[
            Key::node("ArrowLeft", KeyAction::Towards(Direction::Left)),
            Key::node("ArrowRight", KeyAction::Towards(Direction::Right)),
            Key::node("ArrowUp", KeyAction::Towards(Direction::Up)),
            Key::node("ArrowDown", KeyAction::Towards(Direction::Down)),
        ],
    ),
    row(
        "1 … 9",
        "go to that node",
        &[
            Key::new("1", KeyAction::Node(1)),
            Key::new("2", KeyAction::Node(2)),
            Key::new("3", KeyAction::Node(3)),
            Key::new("4", KeyAction::Node(4)),
            Key::new("5", KeyAction::Node(5)),
            Key::new("6", KeyAction::Node(6)),
            Key::new("7", KeyAction::Node(7)),
            Key::new("8", KeyAction::Node(8)),
            Key::new("9", KeyAction::Node(9)),
        ],
    ),
    row(
        "B",
        "back to the previous selection",
        &[Key::new("b", KeyAction::Back)],
    ),
    row(
        "X",
        "crash or restart the node",
        &[Key::new("x", KeyAction::ToggleCrash)],
    ),
    row(
        "Z",
        "pause or resume the node",
        &[Key::new("z", KeyAction::TogglePause)],
    ),
    row(
        "K",
        "cut a link: go to its other end, then Enter cuts or joins it, K inspects it",
        &[Key::plain("k", KeyAction::CutFrom)],
    ),
    row(
        "Shift+K",
        "cut one direction: go to the node that should hear nothing, then Enter",
        &[Key::shifted("k", KeyAction::MuteFrom)],
    ),
    row(
        "S",
        "isolate nodes: tick them with Space, then Enter",
        &[
            Key::new("s", KeyAction::TickMode),
            Key::node(" ", KeyAction::Pick),
        ],
    ),
    row(
        "E",
        "send a request to the node",
        &[Key::new("e", KeyAction::Request)],
    ),
    row(
        "Ctrl+Z",
        "undo the last command",
        &[Key::plain("z", KeyAction::Undo).control()],
    ),
    row(
        "Ctrl+Shift+Z",
        "redo",
        &[
            Key::shifted("z", KeyAction::Redo).control(),
            Key::plain("y", KeyAction::Redo).control(),
        ],
    ),
    row(
        "C",
        "compare with another run, or close the comparison",
        &[Key::new("c", KeyAction::Compare)],
    ),
    row(
        "M",
        "mirror faults: your actions apply to both runs",
        &[Key::new("m", KeyAction::Mirror)],
    ),
    row(
        "F",
        "fork: start another run from this instant",
        &[Key::new("f", KeyAction::Fork)],
    ),
    row(
        "Space, .",
        "play or pause; on a focused control, Space presses it",
        &[
            Key::new(" ", KeyAction::TogglePlay),
            Key::new(".", KeyAction::TogglePlay),
        ],
    ),
    row(
        "→ / ←",
        "next / previous event",
        &[
            Key::plain("ArrowRight", KeyAction::Step(1)),
            Key::plain("ArrowLeft", KeyAction::Step(-1)),
        ],
    ),
    row(
        "Shift+→ / ←",
        "ten events",
        &[
            Key::shifted("ArrowRight", KeyAction::Step(10)),
            Key::shifted("ArrowLeft", KeyAction::Step(-10)),
        ],
    ),
    row(
        "N",
        "next important moment; with Shift the previous one",
        &[
            Key::plain("n", KeyAction::Moment(true)),
            Key::shifted("n", KeyAction::Moment(false)),
        ],
    ),
    row(
        "G",
        "go to a time or an event, choose where to stop",
        &[Key::new("g", KeyAction::GoTo)],
    ),
    row(
        "Home / End, L",
        "start / live",
        &[
            Key::new("Home", KeyAction::Start),
            Key::new("End", KeyAction::Live),
            Key::new("l", KeyAction::Live),
        ],
    ),
    row(
        "[ / ]",
        "slower / faster",
        &[
            Key::new("[", KeyAction::ChangeSpeed(-1)),
            Key::new("]", KeyAction::ChangeSpeed(1)),
        ],
    ),
    row(
        "T",
        "open or close space-time; in it, arrows move between events",
        &[Key::new("t", KeyAction::SpaceTime)],
    ),
    row(
        "Ctrl+K",
        "search scenarios, lessons, words and commands",
        &[Key::plain("k", KeyAction::Find).control()],
    ),
    row(
        "H",
        "find a failure: hunt for a run that breaks a rule",
        &[Key::new("h", KeyAction::Hunt)],
    ),
    row(
        "PageDown / PageUp",
        "in a lesson, with a class: on or back in what the teacher says",
        &[
            Key::new("PageDown", KeyAction::Script(true)),
            Key::new("PageUp", KeyAction::Script(false)),
        ],
    ),
    row(
        "P",
        "projector theme (light, large)",
        &[Key::new("p", KeyAction::Projector)],
    ),
    row(
        "R",
        "restart the run",
        &[Key::plain("r", KeyAction::Restart)],
    ),
    row(
        "Shift+R",
        "reset the scenario",
        &[Key::shifted("r", KeyAction::Reset)],
    ),
    row(
        "F6",
        "next region of the page; with Shift the previous one (Tab: next control)",
        &[
            Key::plain("F6", KeyAction::NextRegion(true)),
            Key::shifted("F6", KeyAction::NextRegion(false)),
        ],
    ),
    row("?", "this help", &[Key::new("?", KeyAction::Help)]),
    row(
        "Esc",
        "close, clear the selection, leave a mode",
        &[Key::new("Escape", KeyAction::Escape)],
    ),
];

/// The action of a key at this place, if any. `letters` is the person's setting: without it, only
/// arrows, Space, Esc, Enter and keys with Ctrl work.
#[must_use]
pub fn key_action(press: Press, place: Place, letters: bool) -> Option<KeyAction> {
    if press.alt {
        return None;
    }
    MAP.iter()
        .flat_map(|row| row.keys)
        .filter(|key| letters || !key.is_letter())
        .find(|key| key.matches(press) && key.is_free(place))
        .map(|key| key.action)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(key: &str) -> Press<'_> {
        Press {
            key,
            ..Press::default()
        }
    }

    #[test]
    fn every_key_of_the_help_does_something_somewhere() {
        let node = Place::Node(NodeId(1));
        for row in MAP {
            assert!(!row.keys.is_empty(), "{}", row.shown);
            for key in row.keys {
                let press = Press {
                    key: key.name,
                    ctrl: key.ctrl,
                    shift: key.shift.unwrap_or_default(),
                    alt: false,
                };
                let granted = [Place::Page, node].map(|place| key_action(press, place, true));
                assert!(granted.contains(&Some(key.action)), "{}", row.shown);
                // The help names the key.
                let name = key.name.trim_start_matches("Arrow").trim_end_matches("ape");
                let shown = row.shown.to_ascii_lowercase();
                let arrow = ["left", "right", "up", "down"].contains(&&*name.to_ascii_lowercase());
                let named = shown.contains(&name.to_ascii_lowercase())
                    || arrow && (shown.contains('→') || shown.contains("arrows"))
                    || matches!(
                        key.action,
                        KeyAction::Node(_) | KeyAction::TogglePlay | KeyAction::Pick
                    )
                    || key.name == "y";
                assert!(named, "{} does not name {name}", row.shown);
            }
        }
    }

    #[test]
    fn text_fields_keep_all_their_keys() {
        for key in ["x", " ", "ArrowLeft", "Home", "?", "1"] {
            assert_eq!(key_action(press(key), Place::Field, true), None);
        }
        assert_eq!(
            key_action(press("Escape"), Place::Field, true),
            Some(KeyAction::Escape)
        );
        let undo = Press {
            ctrl: true,
            ..press("z")
        };
        assert_eq!(
            key_action(undo, Place::Field, true),
            None,
            "the field's own undo"
        );
    }

    #[test]
    fn letters_can_be_turned_off() {
        for key in [
            "x", "z", "k", "s", "e", "r", "l", "?", ".", "[", "]", "3", "X", "K", "R",
        ] {
            for shift in [false, true] {
                let press = Press {
                    shift,
                    ..press(key)
                };
                assert!(key_action(press, Place::Page, true).is_some(), "{key}");
                assert!(key_action(press, Place::Page, false).is_none(), "{key}");
            }
        }
        assert_eq!(
            key_action(press(" "), Place::Page, false),
            Some(KeyAction::TogglePlay)
        );
    }

    #[test]
    fn shift_decides_and_caps_lock_does_not() {
        let shifted = |key| Press {
            shift: true,
            ..press(key)
        };
        assert_eq!(
            key_action(press("R"), Place::Page, true),
            Some(KeyAction::Restart)
        );
        assert_eq!(
            key_action(shifted("R"), Place::Page, true),
            Some(KeyAction::Reset)
        );
        assert_eq!(
            key_action(press("k"), Place::Page, true),
            Some(KeyAction::CutFrom)
        );
        assert_eq!(
            key_action(shifted("K"), Place::Page, true),
            Some(KeyAction::MuteFrom)
        );
    }

    #[test]
    fn controls_keep_their_native_keys() {
        assert_eq!(key_action(press(" "), Place::Control, true), None);
        assert_eq!(key_action(press("ArrowRight"), Place::Slider, true), None);
        assert_eq!(
            key_action(press("ArrowRight"), Place::Control, true),
            Some(KeyAction::Step(1))
        );
        let node = Place::Node(NodeId(1));
        assert_eq!(
            key_action(press("ArrowRight"), node, true),
            Some(KeyAction::Towards(Direction::Right))
        );
        assert_eq!(key_action(press(" "), node, true), Some(KeyAction::Pick));
    }

    #[test]
    fn the_browser_keeps_its_own_keys() {
        for key in ["r", "f", "l", "t"] {
            assert_eq!(
                key_action(
                    Press {
                        ctrl: true,
                        ..press(key)
                    },
                    Place::Page,
                    true
                ),
                None
            );
        }
        assert_eq!(
            key_action(
                Press {
                    alt: true,
                    ..press("ArrowLeft")
                },
                Place::Page,
                true
            ),
            None
        );
    }
}
