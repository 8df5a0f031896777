//! Rules that a preset hides until a person has worked out which one is off.

use faultline_sim::question::Answer;

use super::super::App;
use crate::ui::asking::Stage;

impl App {
    /// The rules that the settings do not tell: until the question about them is answered, or the person
    /// wants to see them.
    pub(in crate::app) fn hidden_rules(&self) -> &'static [&'static str] {
        let question = self.asking.question();
        let asks = question.is_some_and(|question| question.answer == Answer::MissingRule);
        let answered = asks && self.asking.stage == Stage::Told;
        match self.asking.shows_rules || answered {
            true => &[],
            false => self.pane.engine.borrow().preset().hides,
        }
    }
}
