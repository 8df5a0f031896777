//! The search over everything, and the library's pictures.

use std::rc::Rc;

use faultline_sim::command::Command;
use faultline_sim::frame::{Frame, Life, Tone};
use faultline_sim::sorted::SortedMap;
use faultline_sim::standing::Stop;
use faultline_sim::time::Time;
use gloo_timers::callback::Timeout;
use yew::prelude::*;

use super::course::Fetched;
use super::{App, Msg, clock};
use crate::browser;
use crate::engine::Engine;
use crate::finding::{Challenge, Entry, Texts};
use crate::layout::Scene;
use crate::text::finding as words;
use crate::theme::Theme;
use crate::ui::act::{BreakAct, CompareAct, RunAct, ShareAct, TravelAct, ViewAct};
use crate::ui::finder::Finder;
use crate::ui::panels::Library;
use crate::ui::spacetime::Deed;
use crate::ui::thumb::{Dot, SIZE, Sketch};
use crate::ui::{Act, Same, hunting};

/// What is searched, and what the library shows.
#[derive(Default)]
pub(super) struct Finding {
    pub open: bool,
    texts: Same<Texts>,
    asked_for: bool,
    asks: Same<SortedMap<String, String>>,
    challenges: Same<Vec<Challenge>>,
    counts: Same<SortedMap<String, usize>>,
    sketches: Same<SortedMap<String, Same<Sketch>>>,
    levels: Same<SortedMap<String, u32>>,
    commands: Same<Vec<(&'static str, Act)>>,
    next: Option<Timeout>,
}

/// A picture needs no more events of its run than these.
const MOST_EVENTS: u64 = 3_000;
/// The instant of a picture where a scenario names none.
const USUAL: Time = Time(3_000_000);
/// The stage of a picture in pixels: large enough for every form, drawn at half its size.
const STAGE: (f64, f64) = (960.0, 540.0);
const PAUSE_MS: u32 = 12;

/// What the commands of [`words::COMMANDS`] do.
fn commands() -> Vec<Act> {
    let theme = |theme| Act::View(ViewAct::Theme(theme));
    let by_hand = |on| Act::Break(BreakAct::Apply(Command::ByHand(on)));
    vec![
        Act::Travel(TravelAct::Play(true)),
        Act::Travel(TravelAct::Play(false)),
        Act::Run(RunAct::Restart),
        Act::Run(RunAct::NewSeed),
        Act::Break(BreakAct::Undo),
        Act::Break(BreakAct::Redo),
        Act::Break(BreakAct::CrashLeader),
        Act::Break(BreakAct::Split),
        Act::Break(BreakAct::SlowNetwork),
        Act::Break(BreakAct::LoseNext),
        Act::Break(BreakAct::Heal),
        Act::Hunt(hunting::Deed::Open(None)),
        Act::Learn(crate::ui::course::Deed::Challenges(true)),
        by_hand(true),
        by_hand(false),
        Act::Compare(CompareAct::Compare),
        Act::Run(RunAct::Fork),
        Act::SpaceTime(Deed::Toggle),
        theme(Theme::Projector),
        theme(Theme::Dark),
        theme(Theme::Light),
        Act::Share(ShareAct::CopyLink),
        Act::Share(ShareAct::Share(true)),
        Act::View(ViewAct::Help(true)),
    ]
}

impl App {
    fn finding(&mut self) -> &mut Finding {
        self.finding.get_or_insert_with(Box::default)
    }

    /// Opens or closes the search over everything.
    pub(super) fn find(&mut self, ctx: &Context<Self>, open: bool) {
        self.finding().open = open;
        if open {
            self.prepare_search(ctx);
            self.fetch_lessons(ctx);
        } else {
            browser::focus(".acting [data-node]");
        }
    }

    /// Whether the search is open.
    pub(super) fn is_finding(&self) -> bool {
        self.finding.as_ref().is_some_and(|finding| finding.open)
    }

    /// Opens the library.
    pub(super) fn open_library(&mut self, ctx: &Context<Self>) {
        self.close_list();
        self.fetch_lessons(ctx);
        self.prepare_search(ctx);
        self.sketch_soon(ctx);
    }

    fn prepare_search(&mut self, ctx: &Context<Self>) {
        if !std::mem::replace(&mut self.finding().asked_for, true) {
            self.fetch(ctx, Fetched::Words);
        }
        self.take_levels();
        let commands = words::COMMANDS.into_iter().zip(commands());
        self.finding().commands = Same(Rc::new(commands.collect()));
        self.take_asked();
    }

    /// What is asked, once the questions are here.
    #[inline(never)]
    pub(super) fn take_asked(&mut self) {
        let (asks, counts) = self.asked_of();
        let challenges = self.challenges().into_iter();
        let challenges = challenges.map(|entry| Challenge {
            about: entry.about(),
            name: entry.name,
            ask: entry.goal.ask.clone(),
        });
        let challenges = challenges.collect();
        let finding = self.finding();
        finding.challenges = Same(Rc::new(challenges));
        finding.asks = Same(Rc::new(asks));
        finding.counts = Same(Rc::new(counts));
    }

    /// The levels of scenarios, once the lessons are here.
    pub(super) fn take_levels(&mut self) {
        let levels = self.levels();
        self.finding().levels = Same(Rc::new(levels));
    }

    pub(super) fn take_words(&mut self, text: Option<String>) {
        let texts = text.as_deref().map(Texts::read).unwrap_or_default();
        self.finding().texts = Same(Rc::new(texts));
    }

    fn sketch_soon(&mut self, ctx: &Context<Self>) {
        let link = ctx.link().clone();
        let next = Timeout::new(PAUSE_MS, move || link.send_message(Msg::Sketch));
        self.finding().next = Some(next);
    }

    /// Draws the next picture of the library while it is open.
    #[inline(never)]
    pub(super) fn sketch_next(&mut self, ctx: &Context<Self>) -> bool {
        let drawn = &self.finding().sketches;
        let next = Entry::all().find(|entry| !drawn.contains_key(&entry.name()));
        let (Some(entry), true) = (next, self.showing.library) else {
            return false;
        };
        let sketch = Same(Rc::new(sketch(&entry).unwrap_or_default()));
        Rc::make_mut(&mut self.finding().sketches.0).insert(entry.name(), sketch);
        self.sketch_soon(ctx);
        true
    }

    #[inline(never)]
    pub(super) fn finder(&self, on_act: &Callback<Act>) -> Html {
        let (Some(finding), true) = (&self.finding, self.is_finding()) else {
            return Html::default();
        };
        html! {
            <Finder lessons={self.lessons()} texts={finding.texts.clone()} asks={finding.asks.clone()}
                challenges={finding.challenges.clone()} commands={finding.commands.clone()} on_act={on_act.clone()} />
        }
    }

    #[inline(never)]
    pub(super) fn library(&self, on_act: &Callback<Act>) -> Html {
        let (Some(finding), true) = (&self.finding, self.showing.library) else {
            return Html::default();
        };
        html! {
            <Library current={self.pane.engine.borrow().recipe().scenario}
                hide_answers={self.look.hide_answers} texts={finding.texts.clone()} asks={finding.asks.clone()}
                counts={finding.counts.clone()} sketches={finding.sketches.clone()} levels={finding.levels.clone()}
                on_open={on_act.reform(|it| Act::Run(RunAct::Open(it)))}
                on_lessons={on_act.reform(|()| Act::Learn(crate::ui::course::Deed::List(true)))}
                on_close={on_act.reform(|()| Act::View(ViewAct::Library(false)))} />
        }
    }
}

/// A scenario where it is first worth a look.
fn sketch(entry: &Entry) -> Option<Sketch> {
    let mut engine = Engine::named(&entry.name()).ok()?;
    let stop = entry.scenario.view.stop;
    engine.stop_first(stop);
    let end = Time(entry.scenario.until.0);
    let until = match stop {
        Some(Stop::At(at)) => Time(at.0),
        Some(_) => end,
        None if entry.scenario.opens_at.0 > 0 => engine.now(),
        None => USUAL.min(end),
    };
    engine.run_to_stop(until, MOST_EVENTS);
    let frame = engine.frame();
    let form = engine.form();
    let curve = engine.protocol().news.is_some();
    let scene = clock::scene_of(&frame, form, curve, STAGE, 1.0, &Scene::default())?;
    Some(drawn(&frame, &scene))
}

fn drawn(frame: &Frame, scene: &Scene) -> Sketch {
    let part = SIZE.0 / STAGE.0;
    let small = |point: crate::layout::Point| (point.x * part, point.y * part);
    let place = |id| scene.at(id).map(small);
    let class = |node: &faultline_sim::frame::NodeFrame| match (node.life, node.tone) {
        (Life::Down { .. }, _) => "down",
        (Life::Paused { .. }, _) => "paused",
        (_, Tone::Leader | Tone::Coordinator) => "leads",
        (_, Tone::Candidate | Tone::Busy) => "asks",
        (_, Tone::Client) => "client",
        (_, Tone::Good) => "good",
        (_, Tone::Bad | Tone::Suspect) => "bad",
        _ => "calm",
    };
    let nodes = frame.nodes.iter().filter_map(|node| {
        Some(Dot {
            at: place(node.id)?,
            word: node.id.0.to_string(),
            class: class(node),
        })
    });
    let links = frame.links.iter().filter(|link| link.present || link.cut);
    let links = links.filter_map(|link| Some(((place(link.a)?, place(link.b)?), link.cut)));
    let messages = frame.messages.iter().take(40).filter_map(|message| {
        let (from, to) = (place(message.address.from)?, place(message.address.to)?);
        let whole = message.arrives.0.saturating_sub(message.sent.0).max(1);
        let gone = frame.time.0.saturating_sub(message.sent.0) as f64 / whole as f64;
        let gone = gone.clamp(0.0, 1.0);
        let between = |a: f64, b: f64| a + (b - a) * gone;
        Some((between(from.0, to.0), between(from.1, to.1)))
    });
    let walls = scene.walls.iter().map(|(a, b)| (small(*a), small(*b)));
    let ring = scene.wheel.as_ref().map(|wheel| {
        let centre = small(wheel.centre);
        (centre.0, centre.1, wheel.radius * part)
    });
    Sketch {
        radius: if scene.tiles {
            3.0
        } else {
            (scene.radius * part).clamp(6.0, 22.0)
        },
        nodes: nodes.collect(),
        links: links.collect(),
        messages: messages.collect(),
        walls: walls.collect(),
        ring,
    }
}
