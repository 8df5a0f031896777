//! What the visible runs cost, counted while the measures are looked at.

use std::rc::Rc;

use yew::prelude::*;

use super::App;
use super::pane::Pane;
use crate::browser;
use crate::ui::costs::{Bill, Deed};
use crate::ui::{Act, Same, Tab};

/// Records that one look may read: about a fifth of a second.
const LOOK: u64 = 50_000;

impl App {
    fn costs_seen(&self) -> bool {
        let side = self.showing.side || !browser::wide();
        side && self.showing.tab == Tab::Measures
    }

    /// Brings the bills up to the present instant, if they are visible.
    #[inline(never)]
    pub(super) fn costs_refresh(&mut self) {
        if self.costs_seen() {
            self.panes().for_each(|pane| pane.count_costs(LOOK));
        }
    }

    #[inline(never)]
    pub(super) fn costs_deed(&mut self, deed: Deed) {
        match deed {
            Deed::GoOn => self.panes().for_each(|pane| pane.count_costs(u64::MAX)),
        }
    }

    /// The bill below the measures.
    #[inline(never)]
    pub(super) fn costs_panel(&self, on_act: &Callback<Act>) -> Html {
        let Some(bill) = &self.pane.panels.bill else {
            return Html::default();
        };
        html! { <crate::ui::costs::Costs bill={bill.clone()} on_act={on_act.clone()} /> }
    }
}

impl Pane {
    fn count_costs(&mut self, most: u64) {
        let mut engine = self.engine.borrow_mut();
        let (protocol, settings) = (engine.protocol(), engine.settings());
        let (costs, there) = engine.costs(most);
        let bill = Bill {
            kinds: costs.kinds().collect(),
            lines: costs.lines(protocol.formulas, &settings),
            there,
        };
        let known = self.panels.bill.as_ref();
        if known.is_none_or(|known| *known.0 != bill) {
            self.panels.bill = Some(Same(Rc::new(bill)));
        }
    }
}
