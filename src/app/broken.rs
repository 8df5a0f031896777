//! Broken rules: each is announced once, at once, and its banner can be hidden.

use super::App;
use super::pane::Pane;
use crate::text::{broken, compare};

/// A broken law: its word and the record that broke it.
pub(super) type Breach = (&'static str, u64);

impl App {
    /// Announces rules that have broken since the last call.
    pub(super) fn shout_broken(&mut self) {
        if self.panes().any(|pane| pane.breaks_rules()) {
            self.shout_now();
        }
    }

    #[inline(never)]
    fn shout_now(&mut self) {
        let two = self.other.is_some();
        let news: Vec<String> = self
            .panes()
            .filter_map(|pane| {
                let news = news(pane)?;
                Some(if two {
                    compare::of_run(pane.letter, &news)
                } else {
                    news
                })
            })
            .collect();
        if !news.is_empty() {
            self.said.shouted = news.join(" ").into();
        }
    }

    /// Hides the banner of the newest broken rule, until another rule breaks.
    pub(super) fn hide_broken(&mut self) {
        let newest = broken::broken(&self.pane.frame.verdicts);
        self.pane.hidden = newest.first().map(|one| (one.name, one.seq));
        crate::browser::focus_node(self.pane.focus);
    }
}

/// The newest broken rule that was not announced yet.
fn news(pane: &mut Pane) -> Option<String> {
    let frame = pane.frame.clone();
    let mut first = None;
    for one in broken::broken(&frame.verdicts) {
        let breach = (one.name, one.seq);
        if !pane.shouted.contains(&breach) {
            pane.shouted.push(breach);
            first = first.or_else(|| Some(broken::shout(&one)));
        }
    }
    first
}
