//! The keyboard: which key means what. Pure, so that the map is tested natively.

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
    /// A text field or a choice: all keys are its own, except Esc.
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
    Strike,
    Freeze,
    CutFrom,
    TickMode,
    Request,
    Node(u32),
    Towards(Direction),
    Restart,
    Reset,
    Undo,
    Redo,
    Help,
    Escape,
    NextRegion(bool),
    /// Picks the node; where nodes are ticked, ends the ticking.
    Enter,
    Pick,
}

/// What a key means here, if anything. `letters` is the person's choice: without it, only arrows,
/// Space, Esc, Enter and keys with Ctrl act.
#[must_use]
pub fn wish(press: Press, place: Place, letters: bool) -> Option<Wish> {
    if press.alt {
        return None;
    }
    if press.ctrl {
        return match (place, press.key, press.shift) {
            (Place::Field, ..) => None,
            (_, "z" | "Z", false) => Some(Wish::Undo),
            (_, "z" | "Z", true) | (_, "y", false) => Some(Wish::Redo),
            _ => None,
        };
    }
    match press.key {
        "Escape" => return Some(Wish::Escape),
        "F6" => return Some(Wish::NextRegion(!press.shift)),
        _ => {}
    }
    let on_node = matches!(place, Place::Node(_));
    match (place, press.key) {
        (Place::Field, _) => return None,
        (Place::Control, " " | "Enter") => return None,
        (Place::Slider, "ArrowLeft" | "ArrowRight" | "ArrowUp" | "ArrowDown") => return None,
        (Place::Slider, "Home" | "End" | " " | "Enter") => return None,
        _ => {}
    }
    let stride = if press.shift { 10 } else { 1 };
    let named = match press.key {
        "Enter" if on_node => Some(Wish::Enter),
        " " if on_node => Some(Wish::Pick),
        "ArrowLeft" if on_node => Some(Wish::Towards(Direction::Left)),
        "ArrowRight" if on_node => Some(Wish::Towards(Direction::Right)),
        "ArrowUp" if on_node => Some(Wish::Towards(Direction::Up)),
        "ArrowDown" if on_node => Some(Wish::Towards(Direction::Down)),
        " " => Some(Wish::TogglePlay),
        "ArrowRight" => Some(Wish::Step(stride)),
        "ArrowLeft" => Some(Wish::Step(-stride)),
        "Home" => Some(Wish::Start),
        "End" => Some(Wish::Live),
        _ => None,
    };
    if named.is_some() || !letters {
        return named;
    }
    match press.key {
        "." => Some(Wish::TogglePlay),
        "[" => Some(Wish::Notch(-1)),
        "]" => Some(Wish::Notch(1)),
        "?" => Some(Wish::Help),
        "l" | "L" => Some(Wish::Live),
        "x" | "X" => Some(Wish::Strike),
        "z" | "Z" => Some(Wish::Freeze),
        "k" | "K" => Some(Wish::CutFrom),
        "s" | "S" => Some(Wish::TickMode),
        "e" | "E" => Some(Wish::Request),
        "r" => Some(Wish::Restart),
        "R" => Some(Wish::Reset),
        digit if digit.len() == 1 => digit
            .parse()
            .ok()
            .filter(|d| (1..=9).contains(d))
            .map(Wish::Node),
        _ => None,
    }
}

/// The map as the help shows it.
pub const MAP: [(&str, &str); 20] = [
    ("Space, .", "play or pause"),
    ("→ / ←", "next / previous event"),
    ("Shift+→ / ←", "ten events"),
    ("Home / End, L", "start / live"),
    ("[ / ]", "slower / faster"),
    ("Tab, F6", "next control / next region"),
    ("arrows on a node", "next node that way"),
    ("1 … 9", "go to that node"),
    ("Enter", "inspect"),
    ("X", "crash or recover the node"),
    ("Z", "freeze or resume the node"),
    ("K", "cut: then pick the other end"),
    ("S", "split: tick nodes with Space, then Enter"),
    ("E", "the scenario's own request"),
    ("R", "restart the run"),
    ("Shift+R", "reset the scenario"),
    ("Ctrl+Z", "undo the last intervention"),
    ("Ctrl+Shift+Z", "redo it"),
    ("?", "this help"),
    ("Esc", "close, deselect, leave a mode"),
];

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
            "x", "z", "k", "s", "e", "r", "R", "l", "?", ".", "[", "]", "3",
        ] {
            assert!(wish(press(key), Place::Page, true).is_some(), "{key}");
            assert!(wish(press(key), Place::Page, false).is_none(), "{key}");
        }
        assert_eq!(wish(press(" "), Place::Page, false), Some(Wish::TogglePlay));
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
