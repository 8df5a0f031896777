//! Opening runs: restarted, with another seed, from the library, from a recipe.

use faultline_sim::descriptor::Recipe;
use faultline_sim::runs::Runs;
use faultline_sim::time::Time;
use yew::Context;

use super::App;
use super::visits::Start;
use crate::engine::{Engine, Pacer};
use crate::text;
use crate::ui::act::RunAct;
use crate::ui::{Mode, Selection};

impl App {
    pub(super) fn run_act(&mut self, ctx: &Context<Self>, act: RunAct) {
        match act {
            RunAct::Restart => self.visit(Self::restart),
            RunAct::Reset => {
                let recipe = self.pane.engine.borrow().fresh_recipe();
                self.visit(|app| app.open(Engine::open(&recipe, None), Start::AsItWas));
            }
            RunAct::NewSeed => {
                let recipe = self.pane.engine.borrow().next_seed();
                self.open_new(ctx, &recipe);
            }
            RunAct::Open(name) => {
                self.showing.library = false;
                self.visit(|app| {
                    let opened = app.open(Engine::named(&name), Start::Own);
                    if opened {
                        app.show_view();
                    }
                    opened
                });
            }
            RunAct::Run(recipe) => self.open_new(ctx, &recipe),
            RunAct::LookAt(letter, at) => {
                let again = self.look_at(letter, at);
                self.opened_again(again, Start::AsItWas);
            }
            RunAct::Rename(letter, name) => self.runs.rename(letter, &name),
            RunAct::DeleteRun(letter) => self.delete_run(ctx, letter),
            RunAct::BringBack => self.bring_back(ctx),
            RunAct::Fork => self.fork_here(ctx),
        }
    }

    /// Opens a run in the place of the active one, which is kept.
    fn open_new(&mut self, ctx: &Context<Self>, recipe: &Recipe) {
        self.visit(|app| {
            let replaced = app.replace(Engine::open(recipe, None));
            app.opened_again(replaced, Start::AsItWas)
        });
        self.tell_replaced(ctx);
    }

    fn restart(&mut self) -> bool {
        let two = self.other.is_some();
        let mut all = true;
        for _ in 0..=usize::from(two) {
            let recipe = self.pane.engine.borrow().restarted();
            let restarted = self.replace(Engine::open(&recipe, Some(Time::ZERO)));
            all &= self.opened_again(restarted, Start::AsItWas);
            self.swap();
        }
        self.look_at_all(true);
        self.said.announcer.at_once(text::RESTARTED.into());
        all
    }

    /// Replaces the active run; true if the new one could be opened.
    pub(super) fn open(&mut self, opened: Result<Engine, String>, start: Start) -> bool {
        let named = self.runs.iter().any(|run| run.name.is_some());
        let result = if named || self.other.is_some() {
            self.replace(opened)
        } else {
            // Runs without a name belong to the old scenario and are dropped.
            opened.map(|engine| {
                self.runs = Runs::new(engine.recipe());
                self.kept.clear();
                self.pane.letter = 'A';
                self.pane.engine.borrow_mut().become_other(engine);
            })
        };
        self.opened_again(result, start)
    }

    pub(super) fn opened_again(&mut self, result: Result<(), String>, start: Start) -> bool {
        if let Err(why) = result {
            self.said.alert = Some(text::capital(&why));
            return false;
        }
        self.said.alert = None;
        self.said.wrong = None;
        self.spacetime_reset();
        self.pane.selection = Selection::None;
        self.pane.picked = None;
        self.pane.mode = Mode::Normal;
        self.showing.sheet = None;
        self.pane.armed = false;
        self.pane.redo = 0;
        self.pane.shouted.clear();
        self.pane.hidden = None;
        self.pane.fresh = self.pane.engine.borrow().commands().is_empty();
        self.motion.pacer = Pacer::default();
        self.follow();
        self.pane.heard = self.pane.engine.borrow().records();
        self.pane.engine.borrow().save(None);
        self.look_at_all(true);
        self.set_title();
        let title = self.pane.engine.borrow().scenario().title;
        self.said.announcer.at_once(format!("{title}."));
        self.start(start);
        self.ask_here(false);
        true
    }
}
