//! The lab sheet: answers are kept as the runs give them, with a picture and a link.

use std::rc::Rc;

use faultline_sim::frame::Frame;
use faultline_sim::question::{Found, Question};
use faultline_sim::settings::Value;
use yew::Context;

use super::super::App;
use crate::address::{Asked, address};
use crate::browser;
use crate::progress::{Answered, Progress};
use crate::storage;
use crate::text::asking as asked;
use crate::text::course as said;
use crate::text::labsheet::{self as words, Filled, Sheet};
use crate::text::measured::{amount, shown};
use crate::ui::Same;
use crate::ui::course::{Deed, Export, Theirs};
use crate::ui::pieces::plain;

/// Rows of the table with a real system.
const MOST_COMPARED: usize = 10;

impl App {
    /// A question is answered: it goes to the lab sheet.
    pub(in crate::app) fn keep_answer(&mut self, question: &Question, found: &Found) {
        let guess = self.guess_words(question);
        let (_, theirs) = asked::told(question, None, found);
        let answer = asked::found(question, found);
        let because = plain(
            &question.because,
            &answer,
            guess.as_deref().unwrap_or_default(),
        );
        let answer = if question.is_goal() {
            asked::MET.to_owned()
        } else {
            theirs
        };
        let link = address(&browser::base(), Asked::default(), &self.fragment());
        let course = self.course();
        let (lesson, step) = course.here();
        course.to_picture = Some((lesson.clone(), step, question.id.clone()));
        course.progress().way(&lesson).keep(Answered {
            step,
            question: question.id.clone(),
            ask: question.ask.clone(),
            guess,
            answer,
            because,
            link,
        });
        course.remember();
    }

    /// After a render: the picture of the answer that was just given.
    #[inline(never)]
    pub(in crate::app) fn take_picture(&mut self) {
        let wanted = self
            .course
            .as_mut()
            .and_then(|course| course.to_picture.take());
        if let Some(key) = wanted {
            let picture = self.stage_svg();
            storage::set_picture(&picture_key(&key), &picture);
            self.course().pictures.insert(key, picture);
        }
    }

    pub(super) fn sheet_act(&mut self, ctx: &Context<Self>, deed: Deed) {
        let lesson = self.course().here().0;
        match deed {
            Deed::Sheet(open) => {
                self.play(false);
                let sheet = open.then(|| Same(Rc::new(self.lab_sheet())));
                self.course().sheet = sheet;
                self.focus.panel = !open;
                return;
            }
            Deed::Name(name) => self.course().progress().name = name,
            Deed::Theirs(what, text) => {
                let theirs = &mut self.course().progress().way(&lesson).theirs;
                match what {
                    Theirs::System => theirs.system = text,
                    Theirs::Value(name) => drop(theirs.values.insert(name, text)),
                    Theirs::Alike => theirs.alike = text,
                    Theirs::Unlike => theirs.unlike = text,
                }
            }
            Deed::ClearSheet => {
                let way = self.course().progress().way(&lesson);
                (way.answers, way.notes) = Default::default();
                way.theirs = Default::default();
                self.remark(ctx, words::CLEARED);
            }
            Deed::Export(to) => return self.export_sheet(ctx, to),
            Deed::Load(read) => match read.as_deref().map(Progress::read) {
                Ok(Some(progress)) => {
                    self.course().progress = Same(Rc::new(progress));
                    self.remark(ctx, said::LOADED);
                }
                Ok(None) => self.said.alert = Some(said::NO_PROGRESS.into()),
                Err(why) => self.said.alert = Some((*why).into()),
            },
            _ => return,
        }
        self.course().remember();
        if self.course().sheet.is_some() {
            let sheet = self.lab_sheet();
            self.course().sheet = Some(Same(Rc::new(sheet)));
        }
    }

    fn export_sheet(&mut self, ctx: &Context<Self>, to: Export) {
        let sheet = self.lab_sheet();
        let (name, text) = match to {
            Export::Print => return browser::print(),
            Export::Progress => {
                let file = self.course().progress.file();
                ("faultline-progress.json".to_owned(), file)
            }
            Export::Markdown => (sheet.stem() + ".md", words::markdown(&sheet)),
            Export::Html => (sheet.stem() + ".html", words::html(&sheet)),
        };
        browser::save(&name, &text);
        self.remark(ctx, &crate::text::exports::saved(&name));
    }

    /// The sheet of the open lesson, or of what was asked outside lessons.
    fn lab_sheet(&mut self) -> Sheet {
        let compared = self.own_values();
        let course = self.course();
        let (lesson, _) = course.here();
        let open = course.open.as_ref().map(|open| open.lesson.clone());
        let progress = &course.progress;
        let way = progress.lessons.get(&lesson).cloned().unwrap_or_default();
        let filled = |answered: &Answered| {
            let key = (lesson.clone(), answered.step, answered.question.clone());
            let kept = course.pictures.get(&key).cloned();
            let svg = kept.or_else(|| storage::picture(&picture_key(&key)));
            Filled {
                answered: answered.clone(),
                picture: svg
                    .map(|svg| browser::svg_address(&svg))
                    .unwrap_or_default(),
            }
        };
        let steps = open.as_ref().map(|lesson| lesson.steps.as_slice());
        let notes = steps.unwrap_or_default().iter().enumerate();
        let notes = notes.filter_map(|(at, step)| {
            let asked = step.write.clone()?;
            Some((asked, way.note(at).to_owned()))
        });
        let theirs = |what: &str| way.theirs.values.get(what).cloned().unwrap_or_default();
        Sheet {
            title: open
                .as_ref()
                .map_or(words::OUTSIDE.to_owned(), |open| open.title.clone()),
            name: progress.name.clone(),
            answers: way.answers.iter().map(filled).collect(),
            notes: notes.collect(),
            system: way.theirs.system.clone(),
            compared: compared
                .into_iter()
                .map(|(what, mine)| (what.clone(), mine, theirs(&what)))
                .collect(),
            alike: way.theirs.alike.clone(),
            unlike: way.theirs.unlike.clone(),
        }
    }

    /// What the run on the stage has: parameters, then what was measured.
    fn own_values(&self) -> Vec<(String, String)> {
        let settings = self.pane.engine.borrow().settings();
        let params = settings.params().map(|(param, value)| {
            let value = match value {
                Value::Number(number) => amount(*number, unit(param.unit)),
                other => other.to_string(),
            };
            (param.title.to_owned(), value)
        });
        let params: Vec<_> = params.take(MOST_COMPARED / 2).collect();
        let frame: &Frame = &self.pane.frame;
        let probes = frame
            .probes
            .iter()
            .map(|probe| (probe.title.to_owned(), shown(probe)));
        let all = params.into_iter().chain(probes);
        all.take(MOST_COMPARED).collect()
    }
}

/// A number without a unit has the unit 1.
fn unit(unit: &'static str) -> &'static str {
    if unit == "1" { "" } else { unit }
}

fn picture_key((lesson, step, question): &(String, usize, String)) -> String {
    format!("{lesson}.{step}.{question}")
}
