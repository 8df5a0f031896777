//! The steps of a lesson: what they open, what they ask, what the teacher says.

use faultline_sim::descriptor::Recipe;
use faultline_sim::question::Piece;
use faultline_sim::settings::{Param, Value};
use yew::prelude::*;

use super::super::App;
use super::{Place, opened_by};
use crate::browser;
use crate::storage;
use crate::text::course as words;
use crate::theme::Theme;
use crate::ui::act::RunAct;
use crate::ui::course::lesson::{LessonPanel, Rule};
use crate::ui::panels::ProgramPanel;
use crate::ui::{Act, ProtocolRef, Selection, Tab};

impl App {
    /// Opens a step: its run, its question.
    pub(super) fn enter_step(&mut self, ctx: &Context<Self>, at: usize) {
        let Some(place) = self.place() else {
            return;
        };
        let lesson = place.lesson.clone();
        let at = at.min(lesson.steps.len() - 1);
        let (scenario, settings) = opened_by(&lesson.steps[..=at]);
        let step = &lesson.steps[at];
        self.clear_for_step(ctx);
        // A step without a scenario goes on with the run as it is, unless that is another one. The run
        // before is left with the step before, and comes back with it.
        let here = self.pane.engine.borrow().recipe().scenario;
        if step.scenario.is_some() || here != scenario {
            self.open_for_step(ctx, scenario, settings);
        }
        self.stand_at(at);
        let course = self.course();
        let way = course.progress().way(&lesson.id);
        way.enter(at);
        course.progress().last = Some(lesson.id.clone());
        course.remember();
        storage::set_lesson_of_tab(&lesson.id);
        self.ask_for_step();
        self.showing.tab = Tab::Lesson;
        self.showing.side = true;
        self.focus.panel = true;
        browser::to_top("#panel");
        let said = words::entered(at, lesson.steps.len(), &step.title);
        self.said.announcer.at_once(said);
        self.refresh_panels();
    }

    fn stand_at(&mut self, at: usize) {
        let place = self.course.as_mut().and_then(|course| course.open.as_mut());
        if let Some(place) = place {
            (place.at, place.line) = (at, 0);
        }
    }

    /// The open step, for when its run is found again.
    pub(in crate::app) fn step_word(&self) -> Option<String> {
        let place = self.place()?;
        Some(format!("{} {}", place.lesson.id, place.at))
    }

    /// A run is found again: so is its step, if its lesson is still open.
    #[inline(never)]
    pub(in crate::app) fn return_to_step(&mut self, word: &str) {
        let Some((id, at)) = word.split_once(' ') else {
            return;
        };
        let steps = self.place().filter(|place| place.lesson.id == id);
        let steps = steps.map_or(0, |place| place.lesson.steps.len());
        if let Some(at) = at.parse().ok().filter(|at| *at < steps) {
            self.stand_at(at);
            self.ask_for_step();
        }
    }

    /// The recipe of a scenario with settings.
    pub(super) fn recipe_with(&self, scenario: &str, settings: &[(String, String)]) -> Recipe {
        let mut recipe = Recipe::new(scenario, 1);
        let switches = faultline_protocols::CATALOGUE
            .find(scenario)
            .map(|(protocol, _)| protocol.switches)
            .unwrap_or_default();
        for (name, value) in settings {
            put(&mut recipe, switches, name, value);
        }
        recipe
    }

    /// Runs again with a rule or a parameter set, as the step lets people do.
    pub(super) fn set_in_step(&mut self, ctx: &Context<Self>, name: String, value: String) {
        let mut recipe = self.pane.engine.borrow().restarted();
        let switches = self.pane.engine.borrow().protocol().switches;
        put(&mut recipe, switches, &name, &value);
        let playing = self.motion.playing;
        self.run_act(ctx, RunAct::Run(Box::new(recipe)));
        self.ask_for_step();
        if !self.waits_for_guess() {
            self.play(playing || !self.motion.still);
        }
    }

    /// The teacher's script goes on, and the lesson with it.
    pub(super) fn turn_script(&mut self, ctx: &Context<Self>, by: isize) {
        if self.look.theme == Theme::Projector {
            // A class reads the step to its end; what the teacher says is not for its eyes.
            return self.turn_page(ctx, by);
        }
        let Some(place) = self.course.as_mut().and_then(|course| course.open.as_mut()) else {
            return;
        };
        let line = place.line.saturating_add_signed(by);
        let stays = by > 0 && line < place.step().say.len() || by < 0 && place.line > 0;
        if stays {
            place.line = line;
            return;
        }
        let last = place.lesson.steps.len() - 1;
        let at = place.at.saturating_add_signed(by).min(last);
        if at != place.at {
            self.enter_step(ctx, at);
        }
    }

    /// Turns a page of the step, and after its end the step.
    fn turn_page(&mut self, ctx: &Context<Self>, by: isize) {
        let at = self.place().map_or(0, |place| place.at);
        let next = at.saturating_add_signed(by);
        if !browser::turn_page("#panel", by > 0) && next != at {
            self.enter_step(ctx, next);
        }
    }

    /// Whether PageDown walks through what the teacher says.
    pub(in crate::app) fn has_script(&self) -> bool {
        let class = self.look.teaching || self.look.theme == Theme::Projector;
        class && self.in_lesson()
    }

    /// The lesson's panel.
    pub(in crate::app) fn lesson_panel(&self, on_act: &Callback<Act>) -> Html {
        let Some(place) = self.place() else {
            return Html::default();
        };
        let away = self.is_away();
        let step = place.step();
        let note = self.course.as_ref().and_then(|course| {
            let way = course.progress.lessons.get(&place.lesson.id)?;
            Some(way.note(place.at).to_owned())
        });
        let (rules, dials, beside) = self.step_settings(place, away);
        html! {
            <LessonPanel lesson={place.lesson.clone()} at={place.at} note={note.unwrap_or_default()} {rules} {dials}
                {beside} {away} script={self.script_line()} on_act={on_act.clone()}>
                if self.lesson_asks() { { self.question_card(on_act) } }
                if step.code && !away { { self.step_program(on_act) } }
            </LessonPanel>
        }
    }

    /// The line of the teacher's script, where only the teacher sees it.
    fn script_line(&self) -> Option<usize> {
        let private = self.look.teaching && self.look.theme != Theme::Projector;
        self.place().filter(|_| private).map(|place| place.line)
    }

    fn step_program(&self, on_act: &Callback<Act>) -> Html {
        let engine = self.pane.engine.borrow();
        let selected = match self.pane.selection {
            Selection::Node(id) => Some(id),
            _ => None,
        };
        match engine.program(selected) {
            Some(program) => html! {
                <ProgramPanel {program} protocol={ProtocolRef(engine.protocol())} on_act={on_act.clone()} />
            },
            None => Html::default(),
        }
    }

    /// The rules and parameters of a step as the run has them, and what to compare with.
    fn step_settings(
        &self,
        place: &Place,
        away: bool,
    ) -> (Vec<Rule>, Vec<(&'static Param, Value)>, Option<AttrValue>) {
        let engine = self.pane.engine.borrow();
        let (step, settings) = (place.step(), engine.settings());
        let named = |name: &str| step.switches.iter().any(|own| own == name);
        let rules = settings.switches().filter(|(switch, _)| named(switch.name));
        let rules = rules.map(|(switch, on)| Rule {
            name: switch.name,
            title: switch.title,
            on,
        });
        let dragged = step.text.iter().flatten().filter_map(|piece| match piece {
            Piece::Drag { param, .. } => Some(param),
            _ => None,
        });
        let wanted: Vec<&String> = step.dials.iter().chain(dragged).collect();
        let dials = settings
            .params()
            .filter(|(param, _)| wanted.iter().any(|name| *name == param.name))
            .map(|(param, value)| (param, value.clone()));
        let beside = step.beside.as_deref().filter(|_| !away);
        let beside = beside.and_then(|name| {
            let (_, scenario) = faultline_protocols::CATALOGUE.find(name).ok()?;
            Some(scenario.title.into())
        });
        let (rules, dials) = (
            rules.collect(),
            if away { Vec::new() } else { dials.collect() },
        );
        (rules, dials, beside)
    }
}

fn put(recipe: &mut Recipe, switches: &[faultline_sim::settings::Switch], name: &str, value: &str) {
    if name == "preset" {
        recipe.preset = Some(value.to_owned());
    } else if switches.iter().any(|switch| switch.name == name) {
        recipe.switches.insert(name.to_owned(), value == "on");
    } else {
        recipe.params.insert(name.to_owned(), value.to_owned());
    }
}
