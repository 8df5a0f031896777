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
#[component]
pub fn Dial(props: &DialProps) -> Html {
    let draft = use_state(|| None::<f64>);
    let (min, most, value) = (props.min, props.most, props.value);
    let shown = draft.unwrap_or(value);
    let oninput = {
        let draft = draft.clone();
        Callback::from(move |event: InputEvent| draft.set(number(&event)))
    };
    let set = {
        let (draft, on_set) = (draft.clone(), props.on_set.clone());
        move |wanted: Option<f64>| {
            draft.set(None);
            let wanted = wanted.map(|wanted| wanted.clamp(min, most));
            if let Some(wanted) = wanted.filter(|wanted| (wanted - value).abs() > 1e-9) {
                on_set.emit(wanted);
            }
        }
    };
    let onchange = {
        let set = set.clone();
        Callback::from(move |event: Event| {
            let wanted = number(&event);
            set(wanted);
            if let (None, Some(field)) = (wanted, field(&event)) {
                // Yew knows no change: the field must be told what is in force.
                field.set_value(&short(value));
            }
        })
    };
    let back = {
        let usual = props.usual;
        Callback::from(move |_: MouseEvent| set(Some(usual)))
    };
    let spoken = if props.spoken.is_empty() {
        &props.label
    } else {
        &props.spoken
    };
    let as_usual = (value - props.usual).abs() < 1e-9;
    let (words, end) = (short(shown), props.max.max(shown));
    html! {
        <div class={classes!("dial", (!as_usual).then_some("turned"))}>
            <span class="dial-label" aria-hidden="true">{ &props.label }</span>
            <input type="range" min={short(min)} max={short(end)} step={short(props.step)}
                value={words.clone()} oninput={oninput.clone()} onchange={onchange.clone()}
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

/// A number without digits that say nothing.
fn short(value: f64) -> String {
    let round = (value * 1_000.0).round() / 1_000.0;
    if round == 0.0 {
        "0".into()
    } else {
        round.to_string()
    }
}
