//! Words with links to instants, runs, scenarios and lessons, and with numbers that can be changed.

use faultline_sim::question::Piece;
use faultline_sim::timeline::Target;
use yew::prelude::*;

use super::Act;
use super::asking::Deed;
use super::course::Deed as CourseDeed;
use super::drag::DragNumber;
use super::terms::marked;
use crate::text::measured::short;
use crate::ui::act::TravelAct;

/// What fills the marks of a text.
pub struct Filled<'a> {
    pub answer: String,
    pub guess: String,
    /// The deciding record.
    pub seq: u64,
    /// The value of a parameter of the run.
    pub value: &'a dyn Fn(&str) -> Option<f64>,
    pub on_act: &'a Callback<Act>,
}

impl Filled<'_> {
    fn link(&self, act: Act, label: &str) -> Html {
        let click = self.on_act.reform(move |_: MouseEvent| act.clone());
        html! { <button type="button" class="link" onclick={click}>{ label.to_owned() }</button> }
    }

    /// A piece as it stands on the page.
    pub fn html(&self, piece: &Piece) -> Html {
        match piece {
            Piece::Text(text) => marked(text),
            Piece::Answer => html! { { &self.answer } },
            Piece::Guess => html! { { &self.guess } },
            Piece::Instant(label) => {
                self.link(Act::Travel(TravelAct::Go(Target::Record(self.seq))), label)
            }
            Piece::At(time, label) => {
                self.link(Act::Travel(TravelAct::Go(Target::Time(*time))), label)
            }
            Piece::Rerun(again) => self.link(Act::Ask(Deed::Rerun(again.clone())), &again.label),
            Piece::Scenario(name, label) => {
                self.link(Act::Ask(Deed::Scenario(name.clone())), label)
            }
            Piece::Compare(name, label) => self.link(Act::Ask(Deed::Compare(name.clone())), label),
            Piece::Lesson(id, label) => self.link(Act::Learn(CourseDeed::Open(id.clone())), label),
            Piece::Drag { param, low, high } => {
                let Some(value) = (self.value)(param) else {
                    return html! { { short(*low) } };
                };
                let name = param.clone();
                let on_set = self.on_act.reform(move |value: f64| {
                    Act::Learn(CourseDeed::Set(name.clone(), short(value)))
                });
                html! { <DragNumber label={param.clone()} {value} low={*low} high={*high} {on_set} /> }
            }
        }
    }
}

/// The words alone, for a sheet of paper.
#[must_use]
pub fn plain(pieces: &[Piece], answer: &str, guess: &str) -> String {
    let word = |piece: &Piece| match piece {
        Piece::Text(text) => text.clone(),
        Piece::Answer => answer.to_owned(),
        Piece::Guess => guess.to_owned(),
        Piece::Instant(label)
        | Piece::At(_, label)
        | Piece::Scenario(_, label)
        | Piece::Compare(_, label)
        | Piece::Lesson(_, label) => label.clone(),
        Piece::Rerun(again) => again.label.clone(),
        Piece::Drag { param, .. } => param.clone(),
    };
    pieces.iter().map(word).collect()
}
