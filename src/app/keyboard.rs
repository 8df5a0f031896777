//! The keyboard: from keys to acts.

use web_sys::KeyboardEvent;
use yew::Context;

use super::App;
use crate::browser;
use crate::keys::{KeyAction, Place, Press, key_action};
use crate::text;
use crate::theme::Theme;
use crate::ui::spacetime::Deed;
use crate::ui::{Act, Mode, Selection, Sheet};

use crate::ui::act::{BreakAct, CompareAct, PickAct, RunAct, TravelAct, ViewAct};
use faultline_sim::process::NodeId;
use faultline_sim::time::Time;
use faultline_sim::timeline::Target;

impl App {
    /// Handles a key press; true if it had an effect.
    #[inline(never)]
    pub(super) fn key(&mut self, ctx: &Context<Self>, event: &KeyboardEvent) -> bool {
        if event.default_prevented() || event.is_composing() {
            return false;
        }
        let key = event.key();
        let press = Press {
            key: &key,
            ctrl: event.ctrl_key() || event.meta_key(),
            shift: event.shift_key(),
            alt: event.alt_key(),
        };
        let place = self.meant(browser::place(event), event.time_stamp());
        let Some(action) = key_action(press, place, self.look.letters) else {
            return false;
        };
        // A dialog over the page blocks the page's keys.
        let dialog = self.showing.help
            || self.course_blocks()
            || self.is_finding()
            || self.sharing.shared.is_some()
            || self.reading.is_some()
            || self.reads_history();
        if dialog && action != KeyAction::Escape {
            return false;
        }
        if matches!(action, KeyAction::Script(_)) && !self.has_script() {
            return false;
        }
        event.prevent_default();
        self.perform(ctx, action, place);
        true
    }

    /// Moves the keyboard focus to a node.
    fn turn_to(&mut self, id: NodeId) {
        if self.pane.frame.nodes.iter().any(|node| node.id == id) {
            self.pane.focus = id;
            browser::focus_node(id);
            self.focus.turned_at = browser::clock_ms();
        }
    }

    /// Where a key press should act. On a busy page several presses wait: one that came after a node's
    /// number but before the focus moved belongs to that node.
    fn meant(&self, place: Place, pressed: f64) -> Place {
        match place {
            Place::Page | Place::Node(_) if pressed < self.focus.turned_at => {
                Place::Node(self.pane.focus)
            }
            place => place,
        }
    }

    fn perform(&mut self, ctx: &Context<Self>, action: KeyAction, place: Place) {
        let here = match place {
            Place::Node(id) => id,
            _ => self.pane.focus,
        };
        let act = match action {
            KeyAction::TogglePlay => Act::Travel(TravelAct::Play(!self.motion.playing)),
            KeyAction::Step(events) => Act::Travel(TravelAct::Step(events)),
            KeyAction::Start => Act::Travel(TravelAct::Go(Target::Time(Time::ZERO))),
            KeyAction::Live => Act::Travel(TravelAct::Live),
            KeyAction::ChangeSpeed(by) => Act::Travel(TravelAct::ChangeSpeed(by)),
            KeyAction::Moment(forward) => Act::Travel(TravelAct::Moment(forward)),
            KeyAction::GoTo => Act::Pick(PickAct::Sheet(Some(Sheet::Time))),
            KeyAction::ToggleCrash => Act::Break(BreakAct::ToggleCrash(here)),
            KeyAction::TogglePause => Act::Break(BreakAct::TogglePause(here)),
            KeyAction::CutFrom => match self.pane.mode {
                Mode::Cutting(first) if first != here => {
                    self.pane.mode = Mode::Normal;
                    self.focus.panel = true;
                    Act::Pick(PickAct::Inspect(Selection::Link(
                        first.min(here),
                        first.max(here),
                    )))
                }
                _ => {
                    self.said.announcer.at_once(text::CUT_SECOND.into());
                    Act::Pick(PickAct::Mode(Mode::Cutting(here)))
                }
            },
            KeyAction::MuteFrom => {
                self.said
                    .announcer
                    .at_once(text::breaking::MUTE_SECOND.into());
                Act::Pick(PickAct::Mode(Mode::Muting(here)))
            }
            KeyAction::TickMode => match &self.pane.mode {
                Mode::Ticking(ids) if !ids.is_empty() => Act::Break(BreakAct::Isolate),
                Mode::Ticking(_) => Act::Pick(PickAct::Mode(Mode::Normal)),
                _ => {
                    self.said.announcer.at_once(text::TICK_FIRST.into());
                    Act::Pick(PickAct::Mode(Mode::Ticking(Vec::new())))
                }
            },
            KeyAction::Request => Act::Break(BreakAct::Request(here)),
            KeyAction::Node(number) => return self.turn_to(NodeId(number)),
            KeyAction::Towards(direction) => {
                if let Some(next) = self.pane.scene.neighbour(here, direction) {
                    self.turn_to(next);
                }
                return;
            }
            KeyAction::Back => {
                if let Selection::Node(id) = self.pane.before {
                    browser::focus_node(id);
                }
                Act::Pick(PickAct::Select(self.pane.before))
            }
            KeyAction::Restart => Act::Run(RunAct::Restart),
            KeyAction::Reset => Act::Run(RunAct::Reset),
            KeyAction::Compare => Act::Compare(CompareAct::Compare),
            KeyAction::Mirror => Act::Compare(CompareAct::Mirror(!self.mirror)),
            KeyAction::Fork => Act::Run(RunAct::Fork),
            KeyAction::Undo => Act::Break(BreakAct::Undo),
            KeyAction::Redo => Act::Break(BreakAct::Redo),
            KeyAction::Projector if self.look.theme == Theme::Projector => {
                Act::View(ViewAct::Theme(Theme::Light))
            }
            KeyAction::Projector => Act::View(ViewAct::Theme(Theme::Projector)),
            KeyAction::Help => Act::View(ViewAct::Help(true)),
            KeyAction::Find => Act::View(ViewAct::Find(true)),
            KeyAction::Hunt => Act::Hunt(crate::ui::hunting::Deed::Open(None)),
            KeyAction::Script(forward) => {
                Act::Learn(crate::ui::course::Deed::Turn(if forward { 1 } else { -1 }))
            }
            KeyAction::SpaceTime => Act::SpaceTime(Deed::Toggle),
            KeyAction::Escape => Act::View(ViewAct::Escape),
            KeyAction::NextRegion(forward) => return browser::next_region(forward),
            KeyAction::Enter => match &self.pane.mode {
                Mode::Ticking(ids) if !ids.is_empty() => Act::Break(BreakAct::Isolate),
                _ => Act::Pick(PickAct::Pick(here)),
            },
            KeyAction::Pick => Act::Pick(PickAct::Pick(here)),
        };
        self.act(ctx, act);
    }
}
