//! The whole page as elements: header, stage, palette, transport, panels.

use faultline_sim::frame::{Frame, OperationFrame};
use faultline_sim::link::Link;
use faultline_sim::sorted::SortedMap;
use faultline_sim::timeline::Target;
use yew::prelude::*;

use super::first::part;
use super::sharing::partner;
use super::{App, Msg, clock};
use crate::browser;
use crate::storage;
use crate::text;
use crate::theme::Theme;
use crate::ui::act::{BreakAct, PickAct, RunAct, TravelAct, ViewAct};
use crate::ui::by_hand::ByHand;
use crate::ui::header::Header;
use crate::ui::help::Help;
use crate::ui::icons::Icon;
use crate::ui::kept::KeptRuns;
use crate::ui::live_region::LiveRegion;
use crate::ui::palette::Palette;
use crate::ui::panels::{
    About, Beliefs, EventLog, Inspector, Probes, ProgramPanel, SettingsPanel, SettingsShown,
    Verdicts, Ways,
};
use crate::ui::requests::Requests;
use crate::ui::share::Share;
use crate::ui::time_sheet::PaceChoice;
use crate::ui::transport::Transport;
use crate::ui::{Act, Mode, ProtocolRef, Same, Selection, Sheet, Tab, history, hunting, sweeps};

impl App {
    pub(super) fn shell(&self, ctx: &Context<Self>) -> Html {
        let on_act = ctx.link().callback(Msg::Act);
        let class = classes!(
            "page",
            (!self.motion.playing).then_some("paused"),
            self.showing.side.then_some("with-side"),
            self.spacetime_docked().then_some("with-space"),
            self.other.is_some().then_some("comparing"),
            (self.is_asking() && self.guessing()).then_some("guessing"),
            self.past().then_some("in-past"),
            clock::has_ring(&self.pane.frame).then_some("with-ring")
        );
        // On a phone, logs are below the ring, so the stage grows by that many rows.
        let logs = clock::logs_of(&self.pane.frame);
        let style = (logs > 0).then(|| format!("--log-rows: {logs}"));
        html! {
            <div {class} ~style={style}>
                { self.top(&on_act) }
                <main class="work">
                    { self.stage_area(&on_act) }
                    if self.opening.poster.is_none() && self.spacetime_docked() {
                        { self.spacetime_panel(&on_act, true) }
                    }
                    { self.palette_bar(&on_act) }
                    { self.transport_bar(&on_act) }
                </main>
                if self.opening.poster.is_some() {
                    <aside class="side"></aside>
                } else {
                    { self.beside(&on_act) }
                    { self.over(&on_act) }
                }
                if self.look.theme == Theme::Projector {
                    <div class="pointer-halo" aria-hidden="true"></div>
                    // The live region announces it.
                    if let Some(action) = &self.said.action.1 {
                        <p class="action" aria-hidden="true">{ action }</p>
                    }
                }
                <LiveRegion said={self.said.announcer.said()} shouted={self.said.shouted.clone()} />
            </div>
        }
    }

    /// The elements beside the stage.
    // From here on, everything that the first picture does not need is in its own functions, so that it
    // can load with the second part of the program.
    #[inline(never)]
    fn beside(&self, on_act: &Callback<Act>) -> Html {
        if self.look.embedded {
            return self.way_out();
        }
        html! {
            <>
                { self.side_panel(on_act) }
                { self.library(on_act) }
            </>
        }
    }

    /// The elements over everything else.
    #[inline(never)]
    fn over(&self, on_act: &Callback<Act>) -> Html {
        html! {
            <>
                if let Some(shared) = &self.sharing.shared {
                    <Share shared={shared.clone()} wrong={self.sharing.wrong.clone().map(AttrValue::from)}
                        on_act={on_act.clone()} />
                }
                { self.reading_sheet(on_act) }
                { self.history_sheet(on_act) }
                { self.course_over(on_act) }
                { self.finder(on_act) }
                if self.showing.chooser { { self.choice(on_act) } }
                if self.showing.help {
                    <Help letters={self.look.letters} theme={self.look.theme} debug={storage::debug()}
                        on_act={on_act.clone()} />
                }
            </>
        }
    }

    fn palette_bar(&self, on_act: &Callback<Act>) -> Html {
        match &self.opening.poster {
            Some(poster) => part(&poster.palette),
            None => self.live_palette(on_act),
        }
    }

    #[inline(never)]
    fn live_palette(&self, on_act: &Callback<Act>) -> Html {
        html! {
            <div class="palette-bar" data-region="palette">
                if !self.pane.panels.frame.operations.is_empty() {
                    <Requests operations={self.pane.panels.frame.operations.clone()}
                        now={self.pane.panels.now}
                        protocol={ProtocolRef(self.pane.engine.borrow().protocol())} on_act={on_act.clone()} />
                }
                if self.pane.frame.by_hand { <ByHand on_act={on_act.clone()} /> }
                { self.palette(on_act) }
            </div>
        }
    }

    fn transport_bar(&self, on_act: &Callback<Act>) -> Html {
        match &self.opening.poster {
            Some(poster) => part(&poster.transport),
            None => self.live_transport(on_act),
        }
    }

    #[inline(never)]
    fn live_transport(&self, on_act: &Callback<Act>) -> Html {
        let shown = self.gait_shown();
        let time = match &shown.unfold {
            Some(unfold) => text::time::call(unfold),
            None => text::instant(self.pane.panels.now),
        };
        html! {
            <div class="transport-bar" data-region="transport">
                <Transport playing={self.motion.playing} speed={self.motion.speed}
                    {time} past={self.past()} gait={shown.words} unfolds={shown.unfold.is_some()}
                    real={self.motion.real} pauses={self.opening.pauses}
                    sheet={self.showing.sheet == Some(Sheet::Time)} stops={self.pane.engine.borrow().stops().to_vec()}
                    events={self.pane.panels.frame.events} on_act={on_act.clone()}>
                    { self.scrubber(on_act) }
                </Transport>
            </div>
        }
    }

    fn palette(&self, on_act: &Callback<Act>) -> Html {
        let offers = self.offers();
        let engine = self.pane.engine.borrow();
        html! {
            <Palette {offers} mode={self.pane.mode.clone()} sheet={self.showing.sheet} focus={self.pane.focus}
                links={(engine.links(), engine.usual_links())} requests={engine.protocol().requests} kit={engine.protocol().kit}
                wrong={self.said.wrong.clone().map(AttrValue::from)} on_act={on_act.clone()} />
        }
    }

    /// Opens the run outside the frame at its present instant.
    fn way_out(&self) -> Html {
        let engine = self.pane.engine.clone();
        let beside = self.other.as_deref().map(|other| other.engine.clone());
        let mirror = self.mirror;
        let fresh = Callback::from(move |event: MouseEvent| {
            let link: web_sys::HtmlAnchorElement = event.target_unchecked_into();
            let partner = beside
                .as_ref()
                .map(|other| partner(&other.borrow(), mirror));
            let shown = engine.borrow().link(SortedMap::new());
            let fragment = Link { partner, ..shown }.encode();
            link.set_href(&format!("{}#{fragment}", browser::base()));
        });
        html! {
            <a class="way-out" href={browser::base()} target="_blank" rel="noopener" onclick={fresh}>
                { text::share::IN_FAULTLINE }
            </a>
        }
    }

    fn top(&self, on_act: &Callback<Act>) -> Html {
        if self.look.embedded {
            return html! {};
        }
        match &self.opening.poster {
            Some(poster) => part(&poster.header),
            None => self.live_top(on_act),
        }
    }

    #[inline(never)]
    fn live_top(&self, on_act: &Callback<Act>) -> Html {
        let engine = self.pane.engine.borrow();
        let about = text::about(self.pane.frame.nodes.len(), engine.protocol().title);
        html! {
            <Header title={engine.scenario().title} {about}
                breaks={engine.breaks().filter(|_| !self.look.hide_answers).map(AttrValue::from)} panels={self.showing.side}
                nudge={!self.pane.fresh && !self.showing.side_was_opened}
                library={self.showing.library} learn={self.lists_lessons()} comparing={self.other.is_some()} choosing={self.showing.chooser}
                spacetime={self.spacetime.open} theme={self.look.theme} on_act={on_act.clone()} />
        }
    }

    /// The tabs that have content.
    fn tabs(&self) -> impl Iterator<Item = Tab> + '_ {
        let program = self.pane.engine.borrow().protocol().program.is_some();
        let diagram = self.spacetime_tabbed();
        let history = self.has_history();
        Tab::ALL.into_iter().filter(move |tab| match tab {
            Tab::Lesson => self.in_lesson(),
            Tab::Question => self.has_question() && !self.lesson_asks(),
            Tab::Code => program,
            Tab::History => history,
            Tab::SpaceTime => diagram,
            _ => true,
        })
    }

    /// The visible tab: another protocol may have no content for the chosen one.
    fn shown_tab(&self) -> Tab {
        let mut tabs = self.tabs();
        tabs.find(|tab| *tab == self.showing.tab)
            .unwrap_or(Tab::Inspect)
    }

    fn side_panel(&self, on_act: &Callback<Act>) -> Html {
        let here = self.shown_tab();
        let tab = |tab: Tab| {
            let on = here == tab;
            html! {
                <button type="button" role="tab" id={format!("tab-{tab:?}")} aria-controls="panel"
                    aria-selected={on.to_string()} tabindex={if on { "0" } else { "-1" }}
                    onclick={on_act.reform(move |_: MouseEvent| Act::View(ViewAct::Tab(tab)))}>{ tab.word() }</button>
            }
        };
        let walk = on_act.clone();
        let tabs: Vec<Tab> = self.tabs().collect();
        let all = tabs.clone();
        let onkeydown =
            Callback::from(move |event: KeyboardEvent| walk_tabs(&event, &all, here, &walk));
        html! {
            <aside class="side" data-region="panels" aria-label="Panels">
                <div class="tab-bar">
                    <div class="tabs" role="tablist" aria-label="Panels" {onkeydown}>
                        { for tabs.into_iter().map(tab) }
                    </div>
                    <button type="button" class="close" aria-label="Close panels"
                        onclick={on_act.reform(|_: MouseEvent| Act::View(ViewAct::Panels(false)))}>
                        { Icon::Close.inline() }
                    </button>
                </div>
                <div class="side-body" role="tabpanel" id="panel" aria-labelledby={format!("tab-{here:?}")}
                    tabindex="0">{ self.panel(on_act) }</div>
            </aside>
        }
    }

    fn panel(&self, on_act: &Callback<Act>) -> Html {
        let tab = self.shown_tab();
        let rows = match (tab, self.pane.selection) {
            (Tab::Inspect, Selection::Node(id)) => self.pane.engine.borrow_mut().latest_of(id),
            (Tab::Inspect, Selection::Message(address)) => {
                let sending = self.pane.engine.borrow_mut().sending(address);
                sending.into_iter().collect()
            }
            _ => Vec::new(),
        };
        let engine = self.pane.engine.borrow();
        let frame = self.pane.panels.frame.clone();
        let protocol = engine.protocol();
        match tab {
            Tab::Inspect => {
                let (detail, size) = match self.pane.selection {
                    Selection::Message(address) => {
                        (engine.message_text(address), engine.message_size(address))
                    }
                    _ => (None, None),
                };
                let ways = match self.pane.selection {
                    Selection::Link(a, b) => Some(Ways {
                        there: engine.link_from(a, b),
                        back: engine.link_from(b, a),
                        usual: engine.usual_links(),
                    }),
                    _ => None,
                };
                html! {
                    <Inspector selection={self.pane.selection} {frame} {detail} {size} {ways}
                        kinds={protocol.kinds} event={self.pane.event.clone()} {rows}
                        on_go={on_act.reform(|seq| Act::Travel(TravelAct::Go(Target::Record(seq))))}
                        forges={protocol.forges} requests={protocol.requests} kit={protocol.kit}
                        on_join={on_act.reform(|id| Act::Pick(PickAct::Mode(Mode::Joining(id))))}
                        settings={SettingsShown::of(&engine.settings())}
                        on_command={on_act.reform(|it| Act::Break(BreakAct::Apply(it)))} />
                }
            }
            Tab::Log => html! {
                <EventLog rows={self.pane.panels.rows.clone()} current={frame.records} wrong={wrong_answers(&frame)}
                    on_go={on_act.reform(|seq| Act::Travel(TravelAct::Go(Target::Record(seq))))}
                    on_inspect={on_act.reform(|seq| Act::Pick(PickAct::Inspect(Selection::Record(seq))))} />
            },
            Tab::Measures => html! {
                <>
                    { self.compared() }
                    { self.hunt_panel(on_act) }
                    { self.sweep_panel(on_act) }
                    <Verdicts verdicts={frame.verdicts.clone()}
                        on_hunt={on_act.reform(|law| Act::Hunt(hunting::Deed::Open(Some(law))))}
                        on_history={on_act.reform(|()| Act::History(history::Deed::Open))}
                        on_go={on_act.reform(|seq| Act::Travel(TravelAct::Go(Target::Record(seq))))} />
                    <Beliefs frame={Same(self.pane.panels.frame.clone())}
                        on_pick={on_act.reform(|id| Act::Pick(PickAct::Pick(id)))} />
                    <Probes lit={self.lit()} probes={frame.probes.clone()}
                        history={engine.history()}
                        on_curve={on_act.reform(|probe| Act::Sweep(sweeps::Deed::Open(probe)))} />
                    { self.costs_panel(on_act) }
                    { self.league_panel(on_act) }
                </>
            },
            Tab::Lesson => {
                drop(engine);
                self.lesson_panel(on_act)
            }
            Tab::Question => {
                let summary = engine.scenario().summary;
                drop(engine);
                html! {
                    <>
                        { self.question_card(on_act) }
                        if !self.look.hide_answers {
                            <About key={protocol.id} protocol={ProtocolRef(protocol)} {summary} />
                        }
                    </>
                }
            }
            Tab::History => {
                drop(engine);
                self.history_panel(on_act)
            }
            Tab::SpaceTime => self.spacetime_panel(on_act, false),
            Tab::Code => {
                let selected = match self.pane.selection {
                    Selection::Node(id) => Some(id),
                    _ => None,
                };
                match engine.program(selected) {
                    Some(program) => {
                        html! { <ProgramPanel {program} protocol={ProtocolRef(protocol)} on_act={on_act.clone()} /> }
                    }
                    None => html! {},
                }
            }
            Tab::Settings => html! {
                <>
                    <SettingsPanel recipe={engine.recipe()} protocol={ProtocolRef(protocol)}
                        settings={SettingsShown::of(&engine.settings())}
                        nodes={frame.nodes.iter().map(|node| node.id).collect::<Vec<_>>()}
                        hides={self.hidden_rules()}
                        on_show={on_act.reform(|()| Act::Ask(crate::ui::asking::Deed::ShowRules))}
                        form={(self.pane.form, engine.form())}
                        on_form={on_act.reform(|form| Act::View(ViewAct::Form(form)))}
                        on_command={on_act.reform(|it| Act::Break(BreakAct::Apply(it)))}
                        on_restart={on_act.reform(|recipe| Act::Run(RunAct::Run(Box::new(recipe))))} />
                    <PaceChoice real={self.motion.real} pauses={self.opening.pauses}
                        on_act={on_act.clone()} />
                    <KeptRuns runs={self.listed()} replaced={self.runs.replaced()}
                        on_act={on_act.clone()} />
                </>
            },
        }
    }
}

/// Requests whose answers broke a law, with how.
fn wrong_answers(frame: &Frame) -> Vec<(u64, AttrValue)> {
    let wrong = |one: &OperationFrame| Some((one.id, text::breaking::wrong(one)?.into()));
    frame.operations.iter().filter_map(wrong).collect()
}

/// Arrow keys move through the tabs, as in every tab list.
fn walk_tabs(event: &KeyboardEvent, tabs: &[Tab], here: Tab, on_act: &Callback<Act>) {
    let at = tabs.iter().position(|tab| *tab == here).unwrap_or(0);
    let next = match event.key().as_str() {
        "ArrowRight" => tabs[(at + 1) % tabs.len()],
        "ArrowLeft" => tabs[(at + tabs.len() - 1) % tabs.len()],
        _ => return,
    };
    event.prevent_default();
    on_act.emit(Act::View(ViewAct::Tab(next)));
    crate::browser::focus(&format!("#tab-{next:?}"));
}
