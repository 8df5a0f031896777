//! Picking nodes, links and messages on the stage, and what follows.

use faultline_sim::command::Command;
use faultline_sim::fault::Fault;
use faultline_sim::network::Address;
use faultline_sim::process::NodeId;
use faultline_sim::sorted;
use faultline_sim::time::Time;
use faultline_sim::timeline::Target;
use yew::Context;

use super::App;
use super::pane::Picked;
use crate::browser;
use crate::layout::{self, Point};
use crate::text;
use crate::ui::act::{BreakAct, PickAct};
use crate::ui::stage::OPEN_SCISSORS;
use crate::ui::{Act, Mode, Selection, Sheet, Tab};

/// How far from a message a click picks it: half a fingertip.
const REACH: f64 = 18.0;
const SCISSORS_REACH: f64 = 13.0;

impl App {
    pub(super) fn pick_act(&mut self, ctx: &Context<Self>, act: PickAct) {
        match act {
            PickAct::Select(selection) => self.select(selection),
            PickAct::Inspect(selection) => self.inspect(selection),
            PickAct::Point(at, beside) => self.point(ctx, at, beside),
            PickAct::Mode(mode) => self.enter(mode),
            PickAct::Sheet(sheet) => self.open_sheet(sheet),
            PickAct::Pick(id) => self.pick(ctx, id),
            PickAct::Focus(id) => self.pane.focus = id,
            PickAct::HideBroken => self.hide_broken(),
            PickAct::BackToMessage => self.back_to_message(),
        }
    }

    /// Selects something and shows its details.
    fn inspect(&mut self, selection: Selection) {
        self.select(selection);
        self.point_guess(selection);
        if selection != Selection::None && !self.is_pointing() {
            self.showing.tab = Tab::Inspect;
            self.open_side(true);
        }
    }

    /// The person is going to pick nodes: closes what covers them and moves the focus to them.
    fn enter(&mut self, mode: Mode) {
        self.showing.sheet = None;
        self.pane.mode = mode;
        if self.pane.mode != Mode::Normal {
            browser::focus_node(self.pane.focus);
        }
    }

    fn open_sheet(&mut self, sheet: Option<Sheet>) {
        let Some(sheet) = sheet else {
            return self.close_sheet();
        };
        self.pane.mode = Mode::Normal;
        self.showing.sheet = Some(sheet);
    }

    pub(super) fn close_sheet(&mut self) {
        if self.showing.sheet.take().is_some() {
            browser::focus(".verb[aria-expanded='true']");
        }
    }

    pub(super) fn select(&mut self, selection: Selection) {
        self.focus.menu = browser::focus_is_on_message();
        if browser::focus_is_in(".message-menu")
            && let Selection::Message(address) = self.pane.selection
        {
            browser::focus(".acting .mirror-messages");
            browser::focus(&format!(".acting [data-message-item='{address}']"));
        }
        if selection != self.pane.selection && self.pane.selection != Selection::None {
            self.pane.before = self.pane.selection;
        }
        self.pane.selection = selection;
        self.pane.picked = match selection {
            Selection::Message(address) => self.look_up(address),
            _ => None,
        };
        self.show_flight(false);
    }

    /// A click on the stage picks the nearest thing: a message, a ✂, or what is under it. A link opens
    /// its inspector, as a node does.
    pub(super) fn point(&mut self, ctx: &Context<Self>, at: Point, beside: Selection) {
        let message = self.pane.flight.as_ref().and_then(|f| f.nearest(at, REACH));
        let open = self.pane.frame.nodes.len() <= OPEN_SCISSORS;
        let links = self.pane.frame.links.iter().filter(|link| open || link.cut);
        let scissors = links.filter_map(|link| {
            let place = self.pane.scene.scissors(link.a, link.b)?;
            Some(((link.a, link.b), place))
        });
        match (message, layout::nearest(scissors, at, SCISSORS_REACH)) {
            (Some((_, far)), Some(((a, b), near))) if near < far => {
                self.act(ctx, Act::Break(BreakAct::ToggleCut(a, b)))
            }
            (Some((address, _)), _) => self.select(Selection::Message(address)),
            (None, _) if matches!(beside, Selection::Link(..)) => self.inspect(beside),
            (None, _) => self.select(beside),
        }
    }

    fn look_up(&self, address: Address) -> Option<Picked> {
        let message = self
            .pane
            .frame
            .messages
            .iter()
            .find(|m| m.address == address)?;
        let engine = self.pane.engine.borrow();
        let part = layout::progress(message, engine.clock());
        let at = self.pane.scene.along(address.from, address.to, part)?;
        Some(Picked {
            message: *message,
            at,
            text: engine.message_text(address),
            seq: engine.records(),
        })
    }

    fn back_to_message(&mut self) {
        let Some(picked) = self.pane.picked.clone() else {
            return;
        };
        let (sent, arrives) = (picked.message.sent.0, picked.message.arrives.0);
        let half_way = Time(sent.midpoint(arrives));
        self.jump(|engine| {
            if half_way < engine.now() {
                engine.go(Target::Time(half_way));
            }
        });
        let address = picked.message.address;
        if !self
            .pane
            .frame
            .messages
            .iter()
            .any(|m| m.address == address)
        {
            // The message did not get that far: goes to the instant when it was picked.
            self.jump(|engine| engine.go(Target::Record(picked.seq)));
        }
        self.select(Selection::Message(address));
    }

    fn pick(&mut self, ctx: &Context<Self>, id: NodeId) {
        self.pane.focus = id;
        match self.pane.mode.clone() {
            Mode::Normal => {
                let again = self.pane.selection == Selection::Node(id);
                self.inspect(if again {
                    Selection::None
                } else {
                    Selection::Node(id)
                });
            }
            Mode::Ticking(mut ids) => {
                match ids.iter().position(|ticked| *ticked == id) {
                    Some(at) => drop(ids.remove(at)),
                    None => ids.push(id),
                }
                sorted::sort_by_key(&mut ids, |id| *id);
                self.pane.mode = Mode::Ticking(ids);
            }
            Mode::Cutting(first) => {
                self.pane.mode = Mode::Normal;
                if first == id {
                    self.remark(ctx, text::breaking::NO_SUCH_LINK);
                } else {
                    self.act(
                        ctx,
                        Act::Break(BreakAct::ToggleCut(first.min(id), first.max(id))),
                    );
                }
            }
            Mode::Joining(first) => {
                self.pane.mode = Mode::Normal;
                self.toggle_call(ctx, first, id);
            }
            Mode::Muting(first) => {
                self.pane.mode = Mode::Normal;
                if first == id {
                    self.remark(ctx, text::breaking::NO_SUCH_LINK);
                } else {
                    let fault = Fault::OneWay(vec![first], vec![id]);
                    self.act(ctx, Act::Break(BreakAct::Apply(Command::Fault(fault))));
                }
            }
        }
    }
}
