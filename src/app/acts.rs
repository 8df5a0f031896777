//! The way from an act to the room that performs it.

use yew::Context;

use super::App;
use crate::browser;
use crate::ui::act::{BreakAct, PickAct, ShareAct};
use crate::ui::{Act, Mode};

impl App {
    /// Performs an act.
    pub(super) fn act(&mut self, ctx: &Context<Self>, act: Act) {
        let before = self.pane.mode != Mode::Normal;
        self.do_act(ctx, act);
        // The buttons of a mode disappear with it, so the keyboard returns to the stage.
        if before && self.pane.mode == Mode::Normal && browser::focus_is_in(".palette") {
            browser::focus_node(self.pane.focus);
        }
    }

    fn do_act(&mut self, ctx: &Context<Self>, act: Act) {
        match act {
            // The acts of the first picture; the other acts load with the rest of the page.
            Act::Break(BreakAct::ToggleCrash(id)) => self.strike(ctx, id),
            Act::Break(BreakAct::ToggleCut(a, b)) => self.snip(ctx, a, b),
            Act::Pick(PickAct::Point(at, beside)) => self.point(ctx, at, beside),
            Act::Pick(PickAct::Focus(id)) => self.pane.focus = id,
            other => self.do_more(ctx, other),
        }
    }

    #[inline(never)]
    fn do_more(&mut self, ctx: &Context<Self>, act: Act) {
        match act {
            Act::Break(act) => self.apply_fault(ctx, act),
            Act::Pick(act) => self.pick_act(ctx, act),
            Act::Travel(act) => self.travel_act(act),
            Act::Run(act) => self.run_act(ctx, act),
            Act::Compare(act) => self.compare(ctx, act),
            Act::Share(act) => self.share_act(ctx, act),
            Act::View(act) => self.view_act(ctx, act),
            Act::SpaceTime(deed) => self.spacetime_deed(ctx, deed),
            Act::Ask(deed) => self.ask_act(ctx, deed),
            Act::Learn(deed) => self.learn_act(ctx, deed),
            Act::Sweep(deed) => self.sweep_act(ctx, deed),
            Act::Costs(deed) => self.costs_deed(deed),
            Act::League(deed) => self.league_act(ctx, deed),
            Act::Hunt(deed) => self.hunt_act(ctx, deed),
            Act::Reading(deed) => self.reading_deed(deed),
            Act::History(deed) => self.history_deed(ctx, deed),
            Act::Panic => {
                self.pane.engine.borrow().save(Some("panic".into()));
                panic!("asked for by the debug button");
            }
        }
    }

    fn share_act(&mut self, ctx: &Context<Self>, act: ShareAct) {
        match act {
            ShareAct::CopyLink => self.copy_link(ctx),
            ShareAct::Copy(words) => self.copy(ctx, &words),
            ShareAct::Share(open) => self.share(open),
            ShareAct::SaveFile => self.save_file(ctx),
            ShareAct::Export(what) => self.export(ctx, what),
            ShareAct::OpenText(text) => self.take_text(ctx, text),
        }
    }
}
