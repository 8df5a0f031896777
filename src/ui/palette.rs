//! The fault palette: faults that need one click, and sheets above it for the rest.

mod ask;
mod boxes;
pub mod dials;
mod modes;
mod more;

use faultline_sim::command::Command;
use faultline_sim::descriptor::RequestForm;
use faultline_sim::fault::Fault;
use faultline_sim::kit::Kit;
use faultline_sim::network::Link;
use faultline_sim::process::NodeId;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlSelectElement};
use yew::prelude::*;

use crate::text;
use crate::text::breaking as words;
use crate::ui::act::{BreakAct, PickAct};
use crate::ui::icons::Icon;
use crate::ui::{Act, Mode, Sheet};
use more::More;

pub use dials::{latency_of, mean_and_jitter};

/// The present meaning of the palette's buttons.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Offers {
    /// The leader to crash.
    pub leader: Option<NodeId>,
    /// A node that is down, to restart.
    pub down: Option<NodeId>,
    pub nodes: usize,
    /// Nodes with their roles, only while a sheet is open.
    pub roster: Vec<(NodeId, String)>,
    pub split: bool,
    /// Whether there is anything to heal.
    pub walls: bool,
    /// The link whose second end the person is choosing is cut already.
    pub cut: bool,
    pub slowed: bool,
    /// The next message will be lost.
    pub armed: bool,
    /// The timer that can be aligned, and whether it is aligned.
    pub aligns: Option<&'static str>,
    pub aligned: bool,
    /// What a single node can lose: the switch, what breaks, what is mended.
    pub parts: Vec<(&'static str, &'static str, &'static str)>,
    pub undo: bool,
    pub redo: bool,
    /// The run is played by hand.
    pub by_hand: bool,
    /// A monkey is loose.
    pub monkey: bool,
}

#[derive(Properties)]
pub struct PaletteProps {
    pub offers: Offers,
    pub mode: Mode,
    pub sheet: Option<Sheet>,
    /// The node with the keyboard focus.
    pub focus: NodeId,
    /// The present and the usual behaviour of all links.
    pub links: (Link, Link),
    pub requests: &'static [RequestForm],
    /// What the nodes may be, if a person puts the system together.
    pub kit: Option<&'static Kit>,
    /// What was wrong with the command typed last.
    pub wrong: Option<AttrValue>,
    pub on_act: Callback<Act>,
}

impl PartialEq for PaletteProps {
    fn eq(&self, other: &Self) -> bool {
        (&self.offers, &self.mode, self.sheet) == (&other.offers, &other.mode, other.sheet)
            && (self.focus, self.links, &self.wrong) == (other.focus, other.links, &other.wrong)
            && std::ptr::eq(self.requests, other.requests)
            && self.kit.is_some() == other.kit.is_some()
            && self.on_act == other.on_act
    }
}

#[component]
pub fn Palette(props: &PaletteProps) -> Html {
    let PaletteProps {
        offers,
        on_act,
        sheet,
        ..
    } = props;
    let body = match sheet {
        None | Some(Sheet::Time) => Html::default(),
        Some(Sheet::Dials) => html! {
            <>
                { head(Sheet::Dials, words::DIALS_TITLE, on_act) }
                <p class="quiet">{ words::LATENCY_ABOUT }</p>
                { dials::dials(props.links.0, props.links.1, on_act) }
            </>
        },
        Some(Sheet::Ask(id)) => ask::ask(*id, &offers.roster, props.requests, on_act),
        Some(Sheet::Boxes) => props.kit.map_or_else(Html::default, |kit| html! {
            <boxes::Boxes {kit} roster={offers.roster.clone()} focus={props.focus} on_act={on_act.clone()} />
        }),
        Some(Sheet::More) => html! {
            <More roster={offers.roster.iter().map(|(id, _)| *id).collect::<Vec<_>>()}
                focus={props.focus} walls={offers.walls} down={offers.down.is_some()} aligns={offers.aligns} parts={offers.parts.clone()} by_hand={offers.by_hand} monkey={offers.monkey}
                wrong={props.wrong.clone()} on_act={on_act.clone()} />
        },
    };
    html! {
        <div class="palette" role="group" aria-label="Break it">
            { match &props.mode {
                Mode::Normal => html! { <div key="verbs" class="verbs">{ verbs(props) }</div> },
                mode => html! {
                    <div key="modes" class="verbs">
                        { modes::verbs(mode, props.focus, offers.cut, on_act) }
                    </div>
                },
            } }
            if let Some(sheet) = sheet.filter(|sheet| *sheet != Sheet::Time) {
                <Over key={name(sheet)} id={name(sheet)}>{ body }</Over>
            }
        </div>
    }
}

/// The id of a sheet's element.
fn name(sheet: Sheet) -> &'static str {
    match sheet {
        Sheet::Dials => "network-dials",
        Sheet::Ask(_) => "requests",
        Sheet::More => "more-faults",
        Sheet::Boxes => "boxes",
        Sheet::Time => "time-sheet",
    }
}

#[derive(Properties, PartialEq)]
pub struct OverProps {
    pub id: &'static str,
    pub children: Html,
}

/// A sheet over the palette. It takes the keyboard focus when it opens.
#[component]
pub fn Over(props: &OverProps) -> Html {
    let root = use_node_ref();
    {
        let root = root.clone();
        use_effect_with((), move |()| {
            let first = root.cast::<HtmlElement>().and_then(|root| {
                let control = "button:not(.close), input, select";
                root.query_selector(control).ok().flatten()
            });
            if let Some(first) = first.and_then(|first| first.dyn_into::<HtmlElement>().ok()) {
                crate::browser::give_focus(&first);
            }
        });
    }
    html! {
        <div class="over" id={props.id} role="group" aria-labelledby={format!("{}-title", props.id)}
            ref={root}>{ props.children.clone() }</div>
    }
}

/// A button of the palette in its present state.
struct Verb {
    icon: Icon,
    /// Its accessible name; the visible text is part of it.
    label: String,
    long: String,
    short: String,
    act: Act,
    able: bool,
    class: &'static str,
    /// A tooltip, if the name is not enough.
    tip: Option<String>,
    pressed: Option<bool>,
    /// Whether its sheet is open.
    opens: Option<(Sheet, bool)>,
    /// Whether it ends its mode.
    leaves: bool,
}

impl Verb {
    fn new(icon: Icon, act: Act) -> Self {
        Self {
            icon,
            label: String::new(),
            long: String::new(),
            short: String::new(),
            act,
            able: true,
            class: "",
            tip: None,
            pressed: None,
            opens: None,
            leaves: false,
        }
    }

    /// A button whose whole name is visible if there is room.
    fn named(icon: Icon, (label, short): (&'static str, &'static str), act: Act) -> Self {
        Self {
            label: label.into(),
            long: label.into(),
            short: short.into(),
            ..Self::new(icon, act)
        }
    }
}

fn verb(verb: Verb, on_act: &Callback<Act>) -> Html {
    let (act, leaves, on_act) = (verb.act, verb.leaves, on_act.clone());
    let click = Callback::from(move |_: MouseEvent| {
        if leaves {
            on_act.emit(Act::Pick(PickAct::Mode(Mode::Normal)));
        }
        on_act.emit(act.clone());
    });
    html! {
        <button type="button" class={classes!("verb", verb.class)} disabled={!verb.able}
            onclick={click} aria-label={verb.label} title={verb.tip}
            aria-pressed={verb.pressed.map(|on| on.to_string())}
            aria-expanded={verb.opens.map(|(_, open)| open.to_string())}
            aria-controls={verb.opens.filter(|(_, open)| *open).map(|(sheet, _)| name(sheet))}>
            { verb.icon.inline() }<span class="long">{ verb.long }</span>
            <span class="short" aria-hidden="true">{ verb.short }</span>
        </button>
    }
}

/// The usual buttons; after use, each becomes its own inverse.
fn verbs(props: &PaletteProps) -> Html {
    let PaletteProps { offers, on_act, .. } = props;
    let crash = match (offers.leader, offers.down) {
        (None, Some(id)) => Verb {
            label: words::restart(id),
            long: words::restart(id),
            short: words::RESTART.into(),
            ..Verb::new(Icon::Revive, Act::Break(BreakAct::ToggleCrash(id)))
        },
        (leader, _) => Verb {
            able: leader.is_some(),
            class: "breaks",
            ..Verb::named(
                Icon::Bolt,
                words::CRASH_LEADER,
                Act::Break(BreakAct::CrashLeader),
            )
        },
    };
    let split = if offers.split {
        Verb::named(Icon::Joined, words::HEAL_SPLIT, Act::Break(BreakAct::Split))
    } else {
        Verb {
            label: text::split_label(offers.nodes),
            long: text::split_label(offers.nodes),
            able: offers.nodes > 1,
            ..Verb::named(Icon::Split, words::SPLIT, Act::Break(BreakAct::Split))
        }
    };
    let slow = if offers.slowed {
        Verb {
            class: "on",
            ..Verb::named(
                Icon::Snail,
                words::NORMAL_SPEED,
                Act::Break(BreakAct::SlowNetwork),
            )
        }
    } else {
        Verb::named(
            Icon::Snail,
            words::SLOW_NETWORK,
            Act::Break(BreakAct::SlowNetwork),
        )
    };
    let lose = Verb {
        long: words::LOSE_NEXT.into(),
        pressed: Some(offers.armed),
        class: if offers.armed { "on" } else { "" },
        ..Verb::named(
            Icon::Drop,
            words::LOSE_NEXT_MESSAGE,
            Act::Break(BreakAct::LoseNext),
        )
    };
    let timers = offers.aligns.map(|timer| {
        let timer = timer.to_owned();
        if offers.aligned {
            Verb {
                tip: Some(words::spread_tip(&timer)),
                ..Verb::named(Icon::Spread, words::SPREAD, fault(Fault::Spread(timer)))
            }
        } else {
            Verb {
                tip: Some(words::align_tip(&timer)),
                ..Verb::named(Icon::Align, words::ALIGN, fault(Fault::Align(timer)))
            }
        }
    });
    let door = |icon, (label, long, short): (&'static str, &'static str, &'static str), sheet| {
        let open = props.sheet.map(name) == Some(name(sheet));
        Verb {
            label: label.into(),
            long: long.into(),
            short: short.into(),
            opens: Some((sheet, open)),
            ..Verb::new(icon, Act::Pick(PickAct::Sheet((!open).then_some(sheet))))
        }
    };
    let turned = props.links.0 != props.links.1;
    let dials = Verb {
        class: if turned { "on" } else { "" },
        ..door(Icon::Dials, words::DIALS, Sheet::Dials)
    };
    let undo = Verb {
        able: offers.undo,
        class: "icon-narrow",
        ..Verb::named(Icon::Undo, words::UNDO, Act::Break(BreakAct::Undo))
    };
    let redo = Verb {
        able: offers.redo,
        class: "icon-narrow icon-only",
        ..Verb::named(Icon::Redo, words::REDO, Act::Break(BreakAct::Redo))
    };
    let heal = Verb {
        able: offers.walls,
        ..Verb::named(
            Icon::Heal,
            (words::HEAL_ALL, words::HEAL_SHORT),
            Act::Break(BreakAct::Heal),
        )
    };
    let show = |made: Verb| verb(made, on_act);
    html! {
        <>
            <span class="palette-title" aria-hidden="true">{ text::BREAK_IT }</span>
            { show(crash) }
            { show(split) }
            { show(slow) }
            { show(lose) }
            { for timers.map(show) }
            { show(dials) }
            if !props.requests.is_empty() {
                { show(door(Icon::Ask, words::ASK, Sheet::Ask(props.focus))) }
            }
            // "Heal split" does the same, and stands where the person has just clicked.
            if !offers.split { { show(heal) } }
            if props.kit.is_some() {
                { show(door(Icon::Plus, crate::text::boards::BUILD, Sheet::Boxes)) }
            }
            { show(door(Icon::More, words::MORE, Sheet::More)) }
            <span class="gap"></span>
            { show(undo) }
            { show(redo) }
        </>
    }
}

fn fault(fault: Fault) -> Act {
    Act::Break(BreakAct::Apply(Command::Fault(fault)))
}

/// A sheet's title and close button.
fn head(sheet: Sheet, title: &'static str, on_act: &Callback<Act>) -> Html {
    let close = on_act.reform(|_: MouseEvent| Act::Pick(PickAct::Sheet(None)));
    html! {
        <div class="over-head">
            <h2 id={format!("{}-title", name(sheet))}>{ title }</h2>
            <button type="button" class="close" aria-label={words::CLOSE} onclick={close}>
                { Icon::Close.inline() }
            </button>
        </div>
    }
}

/// A choice of a node. If the name is empty, the label around it names it.
fn choice(
    nodes: &[NodeId],
    picked: Option<NodeId>,
    name: &'static str,
    onchange: Callback<Event>,
) -> Html {
    html! {
        <select {onchange} aria-label={(!name.is_empty()).then_some(name)}>
            { for nodes.iter().map(|id| html! {
                <option value={id.0.to_string()} selected={picked == Some(*id)}>{ id.0 }</option>
            }) }
        </select>
    }
}

/// The chosen node.
fn chosen(event: &Event) -> NodeId {
    let select: Option<HtmlSelectElement> = event.target().and_then(|t| t.dyn_into().ok());
    let number = select.and_then(|select| select.value().parse().ok());
    NodeId(number.unwrap_or_default())
}
