//! Play, step and speed.

use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::moments::Moment;
use crate::text::{self, time as words};
use crate::ui::act::{PickAct, RunAct, TravelAct};
use crate::ui::icons::Icon;
use crate::ui::time_sheet::TimeSheet;
use crate::ui::{Act, Sheet};

/// The speed slider's ends, as powers of two.
pub const SLOWEST: i32 = -6;
pub const FASTEST: i32 = 4;

/// The speed at a position of the slider: a power of two.
#[must_use]
pub fn factor(notch: i32) -> f64 {
    let power = f64::from(1_u32 << notch.unsigned_abs().min(31));
    if notch < 0 { 1.0 / power } else { power }
}

/// The position nearest to a speed.
#[must_use]
pub fn notch(speed: f64) -> i32 {
    (libm::log(speed) / std::f64::consts::LN_2).round() as i32
}

#[derive(Properties, PartialEq)]
pub struct TransportProps {
    pub playing: bool,
    pub speed: f64,
    pub on_act: Callback<Act>,
    /// The timeline, between the buttons and the time.
    pub children: Html,
    pub time: AttrValue,
    pub past: bool,
    /// Whether the sheet with the rarer controls is open.
    pub sheet: bool,
    /// The kinds of moments at which time stops.
    pub stops: Vec<Moment>,
    /// Events so far.
    pub events: u64,
    /// How time goes, in words.
    #[prop_or_default]
    pub gait: AttrValue,
    /// An instant is shown message by message.
    #[prop_or_default]
    pub unfolds: bool,
    /// Constant speed.
    #[prop_or_default]
    pub real: bool,
    /// Scenarios pause where there is something to look at.
    #[prop_or_default]
    pub pauses: bool,
}

#[component]
pub fn Transport(props: &TransportProps) -> Html {
    let TransportProps {
        playing,
        speed,
        on_act,
        sheet,
        ..
    } = props;
    let button = |icon: Icon, label: &'static str, act: Act, class: &'static str| {
        let click = on_act.reform(move |_: MouseEvent| act.clone());
        html! {
            <button type="button" {class} aria-label={label} title={label} onclick={click}>
                { icon.inline() }
            </button>
        }
    };
    let play = on_act.reform({
        let playing = *playing;
        move |_: MouseEvent| Act::Travel(TravelAct::Play(!playing))
    });
    let slide = on_act.reform(|event: InputEvent| {
        let input: Option<HtmlInputElement> = event.target().and_then(|t| t.dyn_into().ok());
        Act::Travel(TravelAct::Speed(
            input.map_or(1.0, |i| factor(i.value_as_number() as i32)),
        ))
    });
    let (icon, word) = if *playing {
        (Icon::Pause, "Pause")
    } else {
        (Icon::Play, "Play")
    };
    let skip = on_act.reform(|_: MouseEvent| Act::Travel(TravelAct::Skip));
    let live = on_act.reform(|_: MouseEvent| Act::Travel(TravelAct::Live));
    let next_sheet = (!sheet).then_some(Sheet::Time);
    let more = on_act.reform(move |_: MouseEvent| Act::Pick(PickAct::Sheet(next_sheet)));
    let armed = !props.stops.is_empty();
    html! {
        <div class="transport" role="group" aria-label="Time">
            <div class="buttons">
                { button(Icon::Restart, words::RESTART, Act::Run(RunAct::Restart), "step restart") }
                { button(Icon::Previous, words::PREVIOUS, Act::Travel(TravelAct::Moment(false)), "step") }
                { button(Icon::StepBack, "Step back", Act::Travel(TravelAct::Step(-1)), "step") }
                <button type="button" class="play" onclick={play}>
                    { icon.inline() }<span>{ word }</span>
                </button>
                { button(Icon::StepForward, "Step forward", Act::Travel(TravelAct::Step(1)), "step") }
                { button(Icon::Next, words::NEXT, Act::Travel(TravelAct::Moment(true)), "step") }
                <button type="button" class={classes!("step", "verb-like", armed.then_some("on"))}
                    aria-label={words::MORE} title={words::MORE} onclick={more}
                    aria-expanded={sheet.to_string()} aria-controls="time-sheet">
                    { Icon::Clock.inline() }
                </button>
            </div>
            <label class="speed">
                <span class="speed-word">{ "Speed" }</span>
                <input type="range" min={SLOWEST.to_string()} max={FASTEST.to_string()} step="1"
                    value={notch(*speed).to_string()} oninput={slide} aria-label="Speed"
                    aria-valuetext={text::speed_spoken(*speed)} />
                <output translate="no">{ text::speed(*speed) }</output>
                <span class="gait" aria-hidden="true">{ &props.gait }</span>
            </label>
            { props.children.clone() }
            <div class="now">
                <span class={classes!("time", props.unfolds.then_some("call"))} translate="no">{ &props.time }</span>
                if props.unfolds {
                    <button type="button" class="skip" title={words::SKIP_ABOUT} onclick={skip}>
                        { words::SKIP }
                    </button>
                } else if props.past {
                    <span class="badge past">{ "Past" }</span>
                    <button type="button" class="live" onclick={live}>{ "Back to live" }</button>
                } else {
                    <span class="badge live">{ "Live" }</span>
                }
            </div>
            if *sheet {
                <TimeSheet stops={props.stops.clone()} events={props.events}
                    real={props.real} pauses={props.pauses} on_act={on_act.clone()} />
            }
        </div>
    }
}
