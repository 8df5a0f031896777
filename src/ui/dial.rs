//! One adjustable number: its name, a slider, a box with its unit, and a button for the usual value. It
//! shows the run's value, not the last request.

use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::text::breaking::usual;
use crate::ui::icons::Icon;
use crate::ui::number_box::{self, NumberBox, short};

#[derive(Properties, PartialEq)]
pub struct DialProps {
    pub label: AttrValue,
    /// The name for screen readers, if the label alone is unclear.
    #[prop_or_default]
    pub spoken: AttrValue,
    pub unit: AttrValue,
    /// The present value.
    pub value: f64,
    /// The value of the reset button.
    pub usual: f64,
    #[prop_or_default]
    pub min: f64,
    /// The end of the slider; a typed number may be larger, up to `most`.
    pub max: f64,
    #[prop_or(f64::INFINITY)]
    pub most: f64,
    pub step: f64,
    pub on_set: Callback<f64>,
}

/// While a person drags or types, slider and box follow and the run stays as it is. Letting go sets the
/// value.
///
/// A slider keeps the requested value until the run has it. If it showed the run's value in between, it
/// would jump back under a held key and lose that key's step.
#[component]
pub fn Dial(props: &DialProps) -> Html {
    let slid = use_state_eq(|| None::<f64>);
    let typed = use_state_eq(|| None::<f64>);
    let asked = use_state(|| None::<f64>);
    // A new number makes the box drop the typed text.
    let round = use_state(|| 0_u32);
    let (min, most, value) = (props.min, props.most, props.value);
    let leave = {
        let asked = asked.clone();
        Callback::from(move |_: FocusEvent| asked.set(None))
    };
    // The run has the value, within the slider's precision.
    let near = props.step / 2.0;
    use_effect_with((value.to_bits(), asked.clone()), move |(_, asked)| {
        if asked.is_some_and(|asked| (asked - value).abs() < near) {
            asked.set(None);
        }
    });
    let set = {
        let on_set = props.on_set.clone();
        move |wanted: f64| {
            let wanted = wanted.clamp(min, most);
            if !same(wanted, value) {
                on_set.emit(wanted);
            }
        }
    };
    let let_go = {
        let (slid, typed, round) = (slid.clone(), typed.clone(), round.clone());
        move || {
            slid.set(None);
            typed.set(None);
            round.set(round.wrapping_add(1));
        }
    };
    let oninput = {
        let slid = slid.clone();
        Callback::from(move |event: InputEvent| slid.set(position(&event)))
    };
    let onslide = {
        let (let_go, asked, on_set) = (let_go.clone(), asked.clone(), props.on_set.clone());
        Callback::from(move |event: Event| {
            let_go();
            if let Some(wanted) = position(&event).map(|wanted| wanted.clamp(min, most)) {
                asked.set(Some(wanted));
                on_set.emit(wanted);
            }
        })
    };
    let back = {
        let (usual, set) = (props.usual, set.clone());
        Callback::from(move |_: MouseEvent| {
            let_go();
            set(usual);
        })
    };
    let on_typed = {
        let typed = typed.clone();
        Callback::from(move |text: Option<String>| {
            typed.set(text.and_then(|text| text.parse().ok()));
        })
    };
    let on_number = {
        let typed = typed.clone();
        Callback::from(move |text: String| {
            typed.set(None);
            match number_box::number(&text) {
                Ok(wanted) => set(wanted),
                Err(flaw) => return Some(flaw.sentence()),
            }
            None
        })
    };
    let spoken = if props.spoken.is_empty() {
        &props.label
    } else {
        &props.spoken
    };
    let as_usual = same(value, props.usual);
    let in_box = slid.or(*asked).unwrap_or(value);
    let shown = slid.or(*typed).or(*asked).unwrap_or(value);
    let (words, end) = (short(shown), props.max.max(shown));
    html! {
        <div class={classes!("dial", (!as_usual).then_some("turned"))}>
            <span class="dial-label" aria-hidden="true">{ &props.label }</span>
            <input type="range" min={short(min)} max={short(end)} step={short(props.step)}
                value={words.clone()} {oninput} onchange={onslide} onblur={leave}
                aria-label={spoken.clone()}
                aria-valuetext={format!("{words} {}", props.unit)} />
            <NumberBox class="dial-number" value={short(in_box)} unit={props.unit.clone()}
                name={format!("{spoken}, in {}", props.unit)} {min} max={most} step={props.step}
                round={*round} {on_typed} on_set={on_number} />
            <button type="button" class="close dial-back" disabled={as_usual} onclick={back}
                aria-label={usual(spoken, &short(props.usual), &props.unit)}
                title={usual(spoken, &short(props.usual), &props.unit)}>
                { Icon::Restart.inline() }
            </button>
        </div>
    }
}

/// The position of a slider.
fn position(event: &Event) -> Option<f64> {
    let slider: HtmlInputElement = event.target()?.dyn_into().ok()?;
    slider.value().parse().ok()
}

fn same(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-9
}
