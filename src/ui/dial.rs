//! One number that can be turned: its name, a slider, the number itself with its unit, and the way
//! back to the usual value. It shows what the run has, not what was last asked for.

use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::text::breaking::usual;
use crate::ui::icons::Icon;

#[derive(Properties, PartialEq)]
pub struct DialProps {
    pub label: AttrValue,
    /// What a screen reader says, where the label alone is not clear.
    #[prop_or_default]
    pub spoken: AttrValue,
    pub unit: AttrValue,
    /// The value in force.
    pub value: f64,
    /// Where the way back leads.
    pub usual: f64,
    #[prop_or_default]
    pub min: f64,
    /// The end of the slider; a number that is typed may be larger, up to `most`.
    pub max: f64,
    #[prop_or(f64::INFINITY)]
    pub most: f64,
    pub step: f64,
    pub on_set: Callback<f64>,
}

/// While a person drags, the number follows and the run stays as it is; what they let go of is set.
///
/// A slider keeps what was asked of it until the run has it: drawn from the run's value in between, it
/// would jump back under a key that is held down, and lose that key's step.
#[component]
pub fn Dial(props: &DialProps) -> Html {
    let draft = use_state(|| None::<f64>);
    let asked = use_state(|| None::<f64>);
    let (min, most, value) = (props.min, props.most, props.value);
    let shown = draft.or(*asked).unwrap_or(value);
    let leave = {
        let asked = asked.clone();
        Callback::from(move |_: FocusEvent| asked.set(None))
    };
    // The run has it, as near as the slider can tell.
    let near = props.step / 2.0;
    use_effect_with((value.to_bits(), asked.clone()), move |(_, asked)| {
        if asked.is_some_and(|asked| (asked - value).abs() < near) {
            asked.set(None);
        }
    });
    let oninput = {
        let draft = draft.clone();
        Callback::from(move |event: InputEvent| draft.set(number(&event)))
    };
    let set = {
        let on_set = props.on_set.clone();
        move |wanted: Option<f64>| {
            let wanted = wanted.map(|wanted| wanted.clamp(min, most));
            if let Some(wanted) = wanted.filter(|wanted| !same(*wanted, value)) {
                on_set.emit(wanted);
            }
        }
    };
    let onslide = {
        let (draft, on_set) = (draft.clone(), props.on_set.clone());
        Callback::from(move |event: Event| {
            draft.set(None);
            if let Some(wanted) = number(&event).map(|wanted| wanted.clamp(min, most)) {
                asked.set(Some(wanted));
                on_set.emit(wanted);
            }
        })
    };
    let onchange = {
        let (draft, set) = (draft.clone(), set.clone());
        Callback::from(move |event: Event| {
            let wanted = number(&event);
            draft.set(None);
            set(wanted);
            if let (None, Some(field)) = (wanted, field(&event)) {
                // Yew knows no change: the field must be told what is in force.
                field.set_value(&short(value));
            }
        })
    };
    let back = {
        let usual = props.usual;
        Callback::from(move |_: MouseEvent| {
            draft.set(None);
            set(Some(usual));
        })
    };
    let spoken = if props.spoken.is_empty() {
        &props.label
    } else {
        &props.spoken
    };
    let as_usual = same(value, props.usual);
    let (words, end) = (short(shown), props.max.max(shown));
    html! {
        <div class={classes!("dial", (!as_usual).then_some("turned"))}>
            <span class="dial-label" aria-hidden="true">{ &props.label }</span>
            <input type="range" min={short(min)} max={short(end)} step={short(props.step)}
                value={words.clone()} oninput={oninput.clone()} onchange={onslide} onblur={leave}
                aria-label={spoken.clone()}
                aria-valuetext={format!("{words} {}", props.unit)} />
            <span class="dial-number">
                <input type="number" min={short(min)} step="any" value={words} {oninput} {onchange}
                    aria-label={format!("{spoken}, in {}", props.unit)} />
                <span class="unit" aria-hidden="true">{ &props.unit }</span>
            </span>
            <button type="button" class="close dial-back" disabled={as_usual} onclick={back}
                aria-label={usual(spoken, &short(props.usual), &props.unit)}
                title={usual(spoken, &short(props.usual), &props.unit)}>
                { Icon::Restart.inline() }
            </button>
        </div>
    }
}

fn field(event: &Event) -> Option<HtmlInputElement> {
    event.target()?.dyn_into().ok()
}

fn number(event: &Event) -> Option<f64> {
    let value: f64 = field(event)?.value().trim().parse().ok()?;
    value.is_finite().then_some(value)
}

fn same(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-9
}

/// A number without digits that say nothing.
fn short(value: f64) -> String {
    let round = (value * 1_000.0).round() / 1_000.0;
    if round == 0.0 {
        "0".into()
    } else {
        round.to_string()
    }
}
