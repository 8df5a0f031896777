//! The keyboard: which key means what. Pure, so that the map is tested natively.
//!
//! There is one table, [`MAP`]: the help shows its rows, and [`wish`] looks keys up in it.

use faultline_sim::process::NodeId;

use crate::layout::Direction;

/// A key press, as far as it matters here.
#[derive(Clone, Copy, Debug, Default)]
pub struct Press<'a> {
    pub key: &'a str,
    pub ctrl: bool,
    pub shift: bool,
    pub alt: bool,
}

/// Where the focus is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Place {
    #[default]
    Page,
    /// A text field or a choice: all keys are its own, except Esc and F6.
    Field,
    /// A button, link or tab: Space and Enter are its own.
    Control,
    /// A slider or tab list: arrows, Home and End are its own too.
    Slider,
    /// A node of the stage.
    Node(NodeId),
}

/// What a key asks for; the page knows the rest (focused node, what is playing).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    TogglePlay,
    Step(i32),
    Start,
    Live,
    Notch(i32),
    /// The next moment worth seeing, or the one before.
    Moment(bool),
    /// Asks where in time to go.
    GoTo,
    Strike,
    Freeze,
    /// A link is cut, or while its second end is looked for, inspected.
    CutFrom,
    /// One direction of a link is cut.
    MuteFrom,
    TickMode,
    Request,
    /// To what was selected before.
    Back,
    Node(u32),
    Towards(Direction),
    Restart,
    Reset,
    Undo,
    Redo,
    /// Another run beside this one, or one run again.
    Compare,
    /// What is done in one of two runs is done in the other, or not.
    Mirror,
    /// Another future from here on.
    Fork,
    Help,
    /// Light and large, or as before.
    Projector,
    Escape,
    NextRegion(bool),
    /// Opens or closes the space-time diagram.
    SpaceTime,
    /// Picks the node; where nodes are ticked, ends the ticking.
    Enter,
    Pick,
}

/// A key of the map.
#[derive(Clone, Copy, Debug)]
struct Key {
    name: &'static str,
    ctrl: bool,
    /// None: whether Shift is down does not matter, as for signs that need it on some keyboards.
    shift: Option<bool>,
    /// Only while a node has the focus.
    on_node: bool,
    wish: Wish,
}

impl Key {
    const fn new(name: &'static str, wish: Wish) -> Self {
        Self {
            name,
            ctrl: false,
            shift: None,
            on_node: false,
            wish,
        }
    }

    const fn plain(name: &'static str, wish: Wish) -> Self {
        Self {
            shift: Some(false),
            ..Self::new(name, wish)
        }
    }

    const fn shifted(name: &'static str, wish: Wish) -> Self {
        Self {
            shift: Some(true),
            ..Self::new(name, wish)
        }
    }

    const fn node(name: &'static str, wish: Wish) -> Self {
        Self {
            on_node: true,
            ..Self::new(name, wish)
        }
    }

    const fn control(self) -> Self {
        Self { ctrl: true, ..self }
    }

    /// Letters and signs; they can be switched off (WCAG 2.1.4).
    fn is_letter(&self) -> bool {
        !self.ctrl && self.name.len() == 1 && self.name != " "
    }

    fn matches(&self, press: Press) -> bool {
        self.name.eq_ignore_ascii_case(press.key)
            && self.ctrl == press.ctrl
            && self.shift.is_none_or(|shift| shift == press.shift)
    }

    /// Whether the place where the focus is leaves this key to the page.
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

/// A row of the map: keys as they are shown, what they do, and how they are recognised.
pub struct Row {
    pub shown: &'static str,
    pub does: &'static str,
    keys: &'static [Key],
}

const fn row(shown: &'static str, does: &'static str, keys: &'static [Key]) -> Row {
    Row { shown, does, keys }
}

/// The map. Where two rows know a key, the upper one counts.
pub const MAP: &[Row] = &[
    row(
        "Enter",
        "inspect the node",
        &[Key::node("Enter", Wish::Enter)],
    ),
    row(
        "arrows on a node",
        "next node that way",
        &[
            Key::node("ArrowLeft", Wish::Towards(Direction::Left)),
            Key::node("ArrowRight", Wish::Towards(Direction::Right)),
            Key::node("ArrowUp", Wish::Towards(Direction::Up)),
            Key::node("ArrowDown", Wish::Towards(Direction::Down)),
        ],
    ),
    row(
        "1 … 9",
        "go to that node",
        &[
            Key::new("1", Wish::Node(1)),
            Key::new("2", Wish::Node(2)),
            Key::new("3", Wish::Node(3)),
            Key::new("4", Wish::Node(4)),
            Key::new("5", Wish::Node(5)),
            Key::new("6", Wish::Node(6)),
            Key::new("7", Wish::Node(7)),
            Key::new("8", Wish::Node(8)),
            Key::new("9", Wish::Node(9)),
        ],
    ),
    row(
        "B",
        "back to what was selected before",
        &[Key::new("b", Wish::Back)],
    ),
    row(
        "X",
        "crash or recover the node",
        &[Key::new("x", Wish::Strike)],
    ),
    row(
        "Z",
        "freeze or resume the node",
        &[Key::new("z", Wish::Freeze)],
    ),
    row(
        "K",
        "cut a link: go to its other end, then Enter cuts or joins, K inspects",
        &[Key::plain("k", Wish::CutFrom)],
    ),
    row(
        "Shift+K",
        "cut one way: go to the node that shall hear nothing, then Enter",
        &[Key::shifted("k", Wish::MuteFrom)],
    ),
    row(
        "S",
        "split: tick nodes with Space, Enter makes them a side of their own",
        &[Key::new("s", Wish::TickMode), Key::node(" ", Wish::Pick)],
    ),
    row(
        "E",
        "send a request to the node",
        &[Key::new("e", Wish::Request)],
    ),
    row(
        "Ctrl+Z",
        "undo the last intervention",
        &[Key::plain("z", Wish::Undo).control()],
    ),
    row(
        "Ctrl+Shift+Z",
        "redo it",
        &[
            Key::shifted("z", Wish::Redo).control(),
            Key::plain("y", Wish::Redo).control(),
        ],
    ),
    row(
        "C",
        "compare with another run, or look at one again",
        &[Key::new("c", Wish::Compare)],
    ),
    row(
        "M",
        "mirror faults: what is done in one run is done in both",
        &[Key::new("m", Wish::Mirror)],
    ),
    row(
        "F",
        "fork here: another run from this instant on",
        &[Key::new("f", Wish::Fork)],
    ),
    row(
        "Space, .",
        "play or pause; on a control that the keyboard has moved to, Space presses it",
        &[
            Key::new(" ", Wish::TogglePlay),
            Key::new(".", Wish::TogglePlay),
        ],
    ),
    row(
        "→ / ←",
        "next / previous event",
        &[
            Key::plain("ArrowRight", Wish::Step(1)),
            Key::plain("ArrowLeft", Wish::Step(-1)),
        ],
    ),
    row(
        "Shift+→ / ←",
        "ten events",
        &[
            Key::shifted("ArrowRight", Wish::Step(10)),
            Key::shifted("ArrowLeft", Wish::Step(-10)),
        ],
    ),
    row(
        "N",
        "next moment worth seeing; with Shift the one before",
        &[
            Key::plain("n", Wish::Moment(true)),
            Key::shifted("n", Wish::Moment(false)),
        ],
    ),
    row(
        "G",
        "go to a time or an event, choose where time stops",
        &[Key::new("g", Wish::GoTo)],
    ),
    row(
        "Home / End, L",
        "start / live",
        &[
            Key::new("Home", Wish::Start),
            Key::new("End", Wish::Live),
            Key::new("l", Wish::Live),
        ],
    ),
    row(
        "[ / ]",
        "slower / faster",
        &[
            Key::new("[", Wish::Notch(-1)),
            Key::new("]", Wish::Notch(1)),
        ],
    ),
    row(
        "T",
        "open or close space-time; inside it arrows walk from event to event",
        &[Key::new("t", Wish::SpaceTime)],
    ),
    row(
        "P",
        "projector theme: light and large",
        &[Key::new("p", Wish::Projector)],
    ),
    row("R", "restart the run", &[Key::plain("r", Wish::Restart)]),
    row(
        "Shift+R",
        "reset the scenario",
        &[Key::shifted("r", Wish::Reset)],
    ),
    row(
        "F6",
        "next region of the page; with Shift the one before (Tab: next control)",
        &[
            Key::plain("F6", Wish::NextRegion(true)),
            Key::shifted("F6", Wish::NextRegion(false)),
        ],
    ),
    row("?", "this help", &[Key::new("?", Wish::Help)]),
    row(
        "Esc",
        "close, deselect, leave a mode",
        &[Key::new("Escape", Wish::Escape)],
    ),
];

/// What a key means here, if anything. `letters` is the person's choice: without it, only arrows,
/// Space, Esc, Enter and keys with Ctrl act.
#[must_use]
pub fn wish(press: Press, place: Place, letters: bool) -> Option<Wish> {
    if press.alt {
        return None;
    }
    MAP.iter()
        .flat_map(|row| row.keys)
        .filter(|key| letters || !key.is_letter())
        .find(|key| key.matches(press) && key.is_free(place))
        .map(|key| key.wish)
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
                let granted = [Place::Page, node].map(|place| wish(press, place, true));
                assert!(granted.contains(&Some(key.wish)), "{}", row.shown);
                // The help shows the key by its name.
                let name = key.name.trim_start_matches("Arrow").trim_end_matches("ape");
                let shown = row.shown.to_ascii_lowercase();
                let arrow = ["left", "right", "up", "down"].contains(&&*name.to_ascii_lowercase());
                let named = shown.contains(&name.to_ascii_lowercase())
                    || arrow && (shown.contains('→') || shown.contains("arrows"))
                    || matches!(key.wish, Wish::Node(_) | Wish::TogglePlay | Wish::Pick)
                    || key.name == "y";
                assert!(named, "{} does not name {name}", row.shown);
            }
        }
    }

    #[test]
    fn text_fields_keep_all_their_keys() {
        for key in ["x", " ", "ArrowLeft", "Home", "?", "1"] {
            assert_eq!(wish(press(key), Place::Field, true), None);
        }
        assert_eq!(
            wish(press("Escape"), Place::Field, true),
            Some(Wish::Escape)
        );
        let undo = Press {
            ctrl: true,
            ..press("z")
        };
        assert_eq!(wish(undo, Place::Field, true), None, "the field's own undo");
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
                assert!(wish(press, Place::Page, true).is_some(), "{key}");
                assert!(wish(press, Place::Page, false).is_none(), "{key}");
            }
        }
        assert_eq!(wish(press(" "), Place::Page, false), Some(Wish::TogglePlay));
    }

    #[test]
    fn shift_decides_and_caps_lock_does_not() {
        let shifted = |key| Press {
            shift: true,
            ..press(key)
        };
        assert_eq!(wish(press("R"), Place::Page, true), Some(Wish::Restart));
        assert_eq!(wish(shifted("R"), Place::Page, true), Some(Wish::Reset));
        assert_eq!(wish(press("k"), Place::Page, true), Some(Wish::CutFrom));
        assert_eq!(wish(shifted("K"), Place::Page, true), Some(Wish::MuteFrom));
    }

    #[test]
    fn controls_keep_their_native_keys() {
        assert_eq!(wish(press(" "), Place::Control, true), None);
        assert_eq!(wish(press("ArrowRight"), Place::Slider, true), None);
        assert_eq!(
            wish(press("ArrowRight"), Place::Control, true),
            Some(Wish::Step(1))
        );
        let node = Place::Node(NodeId(1));
        assert_eq!(
            wish(press("ArrowRight"), node, true),
            Some(Wish::Towards(Direction::Right))
        );
        assert_eq!(wish(press(" "), node, true), Some(Wish::Pick));
    }

    #[test]
    fn the_browser_keeps_its_own_keys() {
        for key in ["r", "f", "l", "t"] {
            assert_eq!(
                wish(
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
            wish(
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
