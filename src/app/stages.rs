//! The stage as elements, or two of them, with the texts over and on them.

use faultline_protocols::HOME;
use faultline_sim::frame::{MessageFrame, Tone};
use faultline_sim::standing::Form;
use yew::prelude::*;

use super::App;
use super::pane::Pane;
use super::visits::PausedReason;
use crate::engine::Engine;
use crate::text::{self, broken, compare as words};
use crate::ui::act::{CompareAct, RunAct, ViewAct};
use crate::ui::banner::Banner;
use crate::ui::caption::Caption;
use crate::ui::chooser::Chooser;
use crate::ui::compare::{CompareBar, RunHead};
use crate::ui::concerned::concerned;
use crate::ui::icons::Icon;
use crate::ui::kept::KeptRun;
use crate::ui::legend::Legend;
use crate::ui::message_menu::MessageMenu;
use crate::ui::mirror::Mirror;
use crate::ui::naming::Naming;
use crate::ui::panels::Compared;
use crate::ui::stage::Stage;
use crate::ui::strips::Strips;
use crate::ui::timeline::Timeline;
use crate::ui::{Act, ProtocolRef, Same};

impl App {
    /// The visible runs by place, the left one first.
    fn standing(&self) -> Vec<&Pane> {
        match self.other.as_deref() {
            None => vec![&self.pane],
            Some(other) => {
                let (left, right) = self.pane.and(other);
                vec![left, right]
            }
        }
    }

    /// Whether any visible run has later events than the present instant.
    pub(super) fn past(&self) -> bool {
        self.standing().iter().any(|pane| pane.panels.past)
    }

    pub(super) fn stage_area(&self, on_act: &Callback<Act>) -> Html {
        let two = self.other.is_some();
        let region = (!two).then_some("stage");
        html! {
            <div class="stage-area" data-region={region}>
                if two { { self.bar(on_act) } } else { { self.caption(on_act) } }
                <div class={classes!("stages", two.then_some("two"))}>
                    { for self.standing().into_iter().map(|pane| self.stage(pane)) }
                </div>
                if self.said.alert.is_some() || self.said.toast.1.is_some() {
                    { self.remarks(on_act) }
                }
            </div>
        }
    }

    fn caption(&self, on_act: &Callback<Act>) -> Html {
        let pane = &self.pane;
        let engine = pane.engine.borrow();
        let narration = pane.panels.frame.narration.clone().map(AttrValue::from);
        let halted = pane.frame.halted.clone().map(AttrValue::from);
        let waits = matches!(
            self.motion.waits,
            Some(PausedReason::ForPlay | PausedReason::ToLook)
        );
        let at_rest = self.motion.still || engine.nested() && pane.frame.events == 0;
        let next = (!self.motion.playing).then(|| self.next(pane));
        let led = pane.leader().is_some();
        let rewind = !engine.commands().is_empty() && !pane.panels.past && led;
        html! {
            <Caption hint={self.hint(pane)} {narration} answers={pane.panels.frame.answers.clone()} mode={pane.mode.clone()} {halted}
                {next} {at_rest} {waits} {rewind} guess={self.is_asking() && self.offers_guess()} beside={self.beside_offer(pane)} on_act={on_act.clone()} />
        }
    }

    /// What to do next while the run is paused.
    #[inline(never)]
    fn next(&self, pane: &Pane) -> &'static str {
        let engine = pane.engine.borrow();
        let scenario = engine.scenario();
        let over = pane.frame.time.0 >= scenario.until.0;
        let shown = over || pane.breaks_rules();
        let summary = if self.look.hide_answers {
            ""
        } else {
            scenario.summary
        };
        text::caption::next(pane.frame.events > 0, shown, summary)
    }

    /// The scenario to compare with, if this one names one: its algorithm and its title.
    fn beside_offer(&self, pane: &Pane) -> Option<(&'static str, &'static str)> {
        let engine = pane.engine.borrow();
        let beside = engine.scenario().beside?;
        if self.opening.poster.is_some() {
            return None;
        }
        let (algorithm, title) = Engine::titles_of(beside)?;
        // Two scenarios of one algorithm are told apart by what happens in them.
        let same = algorithm == engine.protocol().title;
        Some((if same { title } else { algorithm }, title))
    }

    /// Whether the hint of the home scenario is in sight.
    pub(super) fn hinted(&self) -> bool {
        self.hint(&self.pane).is_some()
    }

    /// The node whose ⚡ the hint points at.
    fn hint(&self, pane: &Pane) -> Option<faultline_sim::process::NodeId> {
        let home = pane.fresh && pane.engine.borrow().recipe().scenario == HOME;
        // A full circle or a grid has no room for that badge.
        let roomy = pane.scene.badges && self.other.is_none();
        pane.leader().filter(|_| home && roomy && !pane.panels.past)
    }

    fn stage(&self, pane: &Pane) -> Html {
        let two = self.other.is_some();
        let acting = pane.place == self.pane.place;
        let (letter, on_act) = (pane.letter, &pane.on_act);
        let class = classes!("stage-pane", acting.then_some("acting"));
        let name = two.then(|| format!("Run {letter}"));
        let label = name
            .as_ref()
            .map_or("Stage".into(), |name| format!("Stage of {name}"));
        let picked = pane.picked_now();
        html! {
            <section {class} key={pane.place} aria-label={name.clone()}
                data-region={two.then(|| format!("run-{letter}"))}>
                if two { { self.run_head(pane, acting) } }
                if pane.breaks_rules() { { banner(pane) } }
                { total(pane) }
                <div class="scene-box" ref={pane.stage_ref.clone()} key="scene" tabindex="-1">
                    if pane.scene.past.is_some() { { lanes_past() } }
                    <Stage {label} frame={Same(pane.frame.clone())} scene={Same(pane.scene.clone())}
                        selection={pane.selection} mode={pane.mode.clone()} focus={pane.focus}
                        concerned={if pane.breaks_rules() { concerned(&pane.frame) } else { Vec::new() }}
                        facts={self.opening.poster.is_none()}
                        minority={cannot(pane)}
                        news={pane.news()} hint={self.hint(pane)} differing={self.differing()}
                        flight={pane.flight_ref.clone()}
                        canvas={pane.canvas_ref.clone()} drawing={pane.drawing_ref.clone()}
                        on_act={on_act.clone()} />
                    if self.opening.poster.is_none() { { legend(pane) } }
                    if self.showing.naming && !self.motion.playing && acting { { naming(pane) } }
                </div>
                if let Some((message, flying)) = picked {
                    { menu(pane, message, flying) }
                }
                if self.opening.poster.is_none() { { mirror(pane, name) } }
            </section>
        }
    }

    #[inline(never)]
    fn run_head(&self, pane: &Pane, acting: bool) -> Html {
        html! {
            <RunHead letter={pane.letter} about={self.about(pane)} {acting}
                narration={pane.panels.frame.narration.clone().unwrap_or_default()}
                answers={pane.panels.frame.answers.clone()}
                verdicts={pane.panels.frame.verdicts.clone()} />
        }
    }

    /// The text after a run's letter: the person's own name, or what it runs.
    fn about(&self, pane: &Pane) -> String {
        let engine = pane.engine.borrow();
        match self.runs.get(pane.letter).and_then(|run| run.name.clone()) {
            Some(name) => name,
            None => {
                let about = text::compare::about(engine.protocol().title, engine.preset());
                text::compare::ruled(about, &self.own_rules(pane))
            }
        }
    }

    /// Rules that differ from the other run, if both have the same preset.
    fn own_rules(&self, pane: &Pane) -> Vec<(&'static str, bool)> {
        let beside = self.standing().into_iter().find(|p| p.place != pane.place);
        let Some(beside) = beside else {
            return Vec::new();
        };
        let (mine, theirs) = (pane.engine.borrow(), beside.engine.borrow());
        if mine.preset().name != theirs.preset().name {
            return Vec::new();
        }
        let others = theirs.settings();
        let own = mine.settings();
        let own = own.switches().filter(|(switch, on)| {
            let mut others = others.switches();
            others.any(|(other, there)| other.name == switch.name && there != *on)
        });
        own.map(|(switch, on)| (switch.title, on)).collect()
    }

    #[inline(never)]
    fn bar(&self, on_act: &Callback<Act>) -> Html {
        let fairness = self.comparison.fairness.as_ref();
        let beside = self.other.as_ref().map(|pane| self.name_of(pane.letter));
        let other = self.other.as_deref().unwrap_or(&self.pane);
        let (left, right) = self.pane.and(other);
        html! {
            <div data-region="compare" class="compare-region">
                <CompareBar mirror={self.mirror}
                    difference={self.comparison.difference.as_ref().map(words::difference).map(AttrValue::from)}
                    unfair={fairness.and_then(words::unfair).map(AttrValue::from)}
                    one_thing={fairness.and_then(words::one_thing).map(AttrValue::from)}
                    fair={fairness.and_then(words::fair)}
                    verdict={words::verdict(&left.panels.frame, &right.panels.frame)}
                    letters={(left.letter, right.letter)}
                    unmatched={self.comparison.unmatched.clone().map(AttrValue::from)}
                    beside={beside.unwrap_or_default()} on_act={on_act.clone()} />
            </div>
        }
    }

    /// The scrubber with a strip for each run of the session.
    pub(super) fn scrubber(&self, on_act: &Callback<Act>) -> Html {
        let panels = &self.pane.panels;
        let steps = self.unfolded().map(|unfold| (unfold.done, unfold.total));
        html! {
            <Strips strips={self.strips()} span={panels.span} now={panels.now}
                lane={self.focus.runs.clone()}
                difference={self.comparison.difference.as_ref().map(|found| found.time)}
                on_act={on_act.clone()}>
                <Timeline spots={panels.spots.clone()} reigns={panels.reigns.clone()}
                    span={panels.span} now={panels.now} edge={panels.edge} past={self.past()}
                    answer={self.answered_at()} {steps} lane={self.focus.lane.clone()} on_act={on_act.clone()} />
            </Strips>
        }
    }

    /// The probes and rules of both runs.
    pub(super) fn compared(&self) -> Html {
        let Some(other) = self.other.as_deref() else {
            return Html::default();
        };
        let (left, right) = self.pane.and(other);
        let frame = |pane: &Pane| Same(pane.panels.frame.clone());
        html! {
            <Compared letters={(left.letter, right.letter)} left={frame(left)} right={frame(right)}
                bills={(left.panels.bill.clone(), right.panels.bill.clone())} />
        }
    }

    pub(super) fn choice(&self, on_act: &Callback<Act>) -> Html {
        let engine = self.pane.engine.borrow();
        let settings = engine.settings();
        let rules = settings
            .switches()
            .map(|(switch, on)| (switch.name, switch.title, on));
        let busy = self.busy();
        let kept = self.runs.iter().filter(|run| !busy.contains(&run.letter));
        let kept = kept.map(|run| (run.letter, AttrValue::from(self.name_of(run.letter))));
        html! {
            <Chooser recipe={engine.recipe()} protocol={ProtocolRef(engine.protocol())}
                rules={rules.collect::<Vec<_>>()} preset={engine.preset().name}
                kept={kept.collect::<Vec<_>>()} on_act={on_act.clone()} />
        }
    }

    /// The runs of the session for their list.
    pub(super) fn listed(&self) -> Vec<KeptRun> {
        let busy = self.busy();
        let standing = self.standing();
        let run = |run: &faultline_sim::runs::Named| {
            let here = standing.iter().find(|pane| pane.letter == run.letter);
            let commands = here.map(|pane| pane.engine.borrow().commands().len());
            let until = here.map(|pane| pane.panels.edge);
            KeptRun {
                letter: run.letter,
                name: run.name.clone().map(AttrValue::from),
                commands: commands.unwrap_or(run.recipe.commands.len()),
                until: until.unwrap_or(run.until),
                looked_at: busy.contains(&run.letter),
            }
        };
        self.runs.iter().map(run).collect()
    }

    #[inline(never)]
    fn remarks(&self, on_act: &Callback<Act>) -> Html {
        let act = |act: Act| on_act.reform(move |_: MouseEvent| act.clone());
        html! {
            <>
                if let Some(alert) = &self.said.alert {
                    <div class="alert" role="alert">
                        <p>{ alert }</p>
                        <button type="button" class="close" aria-label="Dismiss"
                            onclick={act(Act::View(ViewAct::Dismiss))}>{ Icon::Close.inline() }</button>
                    </div>
                }
                // Not a live region of its own: the announcer reads it out.
                if let Some(toast) = &self.said.toast.1 {
                    <p class="toast">
                        { &toast.said }
                        if toast.fork {
                            <span class="toast-offers">
                                if self.other.is_none() {
                                    <button type="button" onclick={act(Act::Compare(CompareAct::Compare))}>
                                        { words::COMPARE }
                                    </button>
                                }
                                if self.runs.replaced().is_some() {
                                    <button type="button" onclick={act(Act::Run(RunAct::BringBack))}>
                                        { words::BRING_BACK }
                                    </button>
                                }
                            </span>
                        }
                    </p>
                }
            </>
        }
    }
}

/// More nodes than this need the corner of the stage.
const MOST_WITH_LEGEND: usize = 9;
/// More clients stand in that corner, too.
const MOST_ASKING: usize = 2;
/// On a narrower stage, an open legend would cover nodes whose sides stand apart.
const NARROW_WITH_LEGEND: f64 = 900.0;

#[inline(never)]
fn legend(pane: &Pane) -> Html {
    if pane.scene.tiles {
        return Html::default();
    }
    let protocol = ProtocolRef(pane.engine.borrow().protocol());
    // Sides that stand apart have their names in the upper corners. Counting needs its numbers.
    let split = !pane.frame.sides.is_empty() && pane.scene.form != Form::Row;
    let small = protocol.counted.is_empty() || pane.size.0 < NARROW_WITH_LEGEND;
    let asking = pane.frame.nodes.iter();
    let asking = asking.filter(|node| node.tone == Tone::Client).count();
    let many = pane.frame.nodes.len() > MOST_WITH_LEGEND || asking > MOST_ASKING;
    // The first column of layers, and nodes beside a ring, stand where an open legend would lie.
    let beside = pane.scene.form == Form::Layers && !protocol.counted.is_empty();
    let ring = pane.scene.wheel.is_some() && pane.size.0 < NARROW_WITH_LEGEND;
    let folded = split && small || many || beside || ring;
    html! {
        <Legend {protocol} sent={pane.frame.sent.clone()} {folded} low={split} />
    }
}

/// The newest broken rule, unless the person has hidden it.
#[inline(never)]
fn banner(pane: &Pane) -> Html {
    let all = broken::broken(&pane.frame.verdicts);
    let newest = all
        .first()
        .filter(|one| pane.hidden != Some((one.name, one.seq)));
    html! {
        if let Some(one) = newest {
            <Banner sentence={broken::sentence(one.reason)} rule={broken::rule(one.title, one.under)}
                others={all.len() - 1} seq={one.seq} on_act={pane.on_act.clone()} key="banner" />
        }
    }
}

/// The meter of what all nodes hold together.
#[inline(never)]
fn total(pane: &Pane) -> Html {
    let total = pane.engine.borrow().total();
    total
        .as_ref()
        .map_or_else(Html::default, crate::ui::total::total)
}

#[inline(never)]
fn mirror(pane: &Pane, run: Option<String>) -> Html {
    html! {
        <Mirror frame={Same(pane.panels.frame.clone())} place={pane.place} {run}
            on_act={pane.on_act.clone()} key="mirror" />
    }
}

#[inline(never)]
fn naming(pane: &Pane) -> Html {
    html! {
        <Naming parts={pane.scene.parts(&pane.frame, pane.engine.borrow().clock())}
            scene={Same(pane.scene.clone())} on_act={pane.on_act.clone()} />
    }
}

#[inline(never)]
fn menu(pane: &Pane, message: MessageFrame, flying: bool) -> Html {
    let picked = pane.picked.as_ref();
    let at = picked.map(|picked| picked.at).unwrap_or_default();
    let body = picked
        .and_then(|picked| picked.text.clone())
        .map(AttrValue::from);
    html! {
        <MessageMenu {message} {flying} {at} text={body} direct={pane.engine.borrow().nested()}
            others={pane.panels.frame.messages.clone()} scene={Same(pane.scene.clone())}
            nodes={pane.frame.nodes.iter().map(|node| node.id).collect::<Vec<_>>()}
            on_act={pane.on_act.clone()} />
    }
}

/// The canvases for the past of lanes, behind the stage.
#[inline(never)]
fn lanes_past() -> Html {
    html! {
        <div class="lanes-past" aria-hidden="true">
            <canvas class="st-content"></canvas>
            <canvas class="st-overlay"></canvas>
        </div>
    }
}

/// What a side without a majority cannot do.
fn cannot(pane: &Pane) -> Option<&'static str> {
    if pane.frame.sides.is_empty() {
        return None;
    }
    let engine = pane.engine.borrow();
    let nodes = pane.frame.nodes.iter().map(|node| node.id);
    engine.protocol().standing.cannot(&engine.settings(), nodes)
}
