//! One parameter as a field with unit and bounds: a slider for numbers, a list for words. One rule as a
//! switch. Both of all nodes or of one.

use faultline_sim::process::NodeId;
use faultline_sim::settings::{Initial, Param, Value};
use yew::prelude::*;

use super::controls::{complaint, typed, value_of};
use crate::text::settings::named;
use crate::ui::number_box::NumberBox;

#[derive(Properties)]
pub struct ParamProps {
    pub param: &'static Param,
    pub value: Value,
    /// The node that it is set for; without it, all nodes.
    #[prop_or_default]
    pub node: Option<NodeId>,
    /// Receives the text; returns the sentence that refuses it.
    pub on_set: Callback<(&'static str, String), Option<String>>,
}

impl PartialEq for ParamProps {
    fn eq(&self, other: &Self) -> bool {
        self.param.name == other.param.name
            && self.value == other.value
            && self.node == other.node
            && self.on_set == other.on_set
    }
}

/// The field. The page does not change the text while a person types. A valid value is applied when
/// they leave the field or press Enter; an invalid one stays with a sentence that tells why. Numbers
/// use a [`NumberBox`].
#[component]
pub fn ParamField(props: &ParamProps) -> Html {
    let draft = use_state(|| None::<String>);
    let wrong = use_state(|| None::<String>);
    let param = props.param;
    let round = use_state(|| 0_u32);
    let oninput = {
        let draft = draft.clone();
        Callback::from(move |event: InputEvent| draft.set(Some(typed(&event))))
    };
    let on_number = {
        let on_set = props.on_set.clone();
        Callback::from(move |number: String| on_set.emit((param.name, number)))
    };
    let onchange = {
        let (draft, wrong, on_set) = (draft.clone(), wrong.clone(), props.on_set.clone());
        Callback::from(move |event: Event| {
            let text = value_of(&event);
            let sentence = on_set.emit((param.name, text.clone()));
            draft.set(sentence.is_some().then_some(text));
            wrong.set(sentence);
        })
    };
    let slider = Slider::new(param);
    let onslide = {
        let (round, wrong, on_set) = (round.clone(), wrong.clone(), props.on_set.clone());
        Callback::from(move |event: Event| {
            let Ok(position) = value_of(&event).parse() else {
                return;
            };
            round.set(round.wrapping_add(1));
            wrong.set(on_set.emit((param.name, slider.value(position).to_string())));
        })
    };
    let id = match props.node {
        Some(node) => format!("param-{node}-{}", param.name),
        None => format!("param-{}", param.name),
    };
    // The label is short; the name also has the node.
    let name = props.node.map(|_| named(param.title, props.node));
    let (hint, error) = (format!("{id}-hint"), format!("{id}-wrong"));
    let described = if wrong.is_some() {
        format!("{hint} {error}")
    } else {
        hint.clone()
    };
    let number = match props.value {
        Value::Number(number) => Some(number),
        Value::Nodes(_) | Value::Choice(_) => None,
    };
    let shown = draft
        .as_ref()
        .cloned()
        .unwrap_or_else(|| props.value.to_string());
    if let Initial::Choice(words) = param.default {
        let word = |word: &&'static str| {
            html! { <option value={*word} selected={*word == shown}>{ *word }</option> }
        };
        return html! {
            <div class="setting">
                <label for={id.clone()}>{ param.title }</label>
                <select {id} {onchange} aria-label={name}>{ for words.iter().map(word) }</select>
            </div>
        };
    }
    html! {
        <div class="setting">
            <label for={id.clone()}>{ param.title }</label>
            if let Some(number) = number {
                <NumberBox class="setting-value" {id} value={number.to_string()} unit={unit(param)}
                    name={name} described={hint.clone()} round={*round} explains=true on_set={on_number} />
            } else {
                <span class="setting-value">
                    <input {id} type="text" aria-label={name} autocomplete="off" spellcheck="false" value={shown}
                        {oninput} {onchange} aria-describedby={described}
                        aria-invalid={wrong.is_some().then_some("true")} />
                </span>
            }
            if let Some(number) = number {
                <input type="range" class="slider" min="0" max={Slider::STEPS.to_string()}
                    value={slider.position(number).to_string()} onchange={onslide}
                    aria-label={format!("{}, slider", named(param.title, props.node))}
                    aria-valuetext={format!("{number} {}", unit(param))} />
            }
            <span class="quiet" id={hint}>{ bounds(param) }</span>
            { complaint(&error, wrong.as_deref()) }
        </div>
    }
}

#[derive(Properties, PartialEq)]
pub struct SwitchProps {
    pub name: &'static str,
    pub title: &'static str,
    pub on: bool,
    /// The node that it is set for; without it, all nodes.
    #[prop_or_default]
    pub node: Option<NodeId>,
    /// Receives the new position.
    pub on_set: Callback<(&'static str, bool)>,
}

/// One rule of the algorithm.
#[component]
pub fn SwitchField(props: &SwitchProps) -> Html {
    let (name, next) = (props.name, !props.on);
    let onchange = props.on_set.reform(move |_: Event| (name, next));
    html! {
        <label class="switch">
            <input type="checkbox" role="switch" checked={props.on} {onchange}
                aria-label={props.node.map(|_| named(props.title, props.node))} />
            <span>{ props.title }</span>
        </label>
    }
}

pub fn unit(param: &Param) -> &'static str {
    match (param.default, param.unit) {
        (Initial::Nodes(_), _) => "",
        (_, "1") => "",
        (_, unit) => unit,
    }
}

fn bounds(param: &Param) -> String {
    let restarts = if param.at_start {
        "; a change restarts the run"
    } else {
        ""
    };
    match param.default {
        Initial::Number(_) if !param.only.is_empty() => {
            let numbers: Vec<String> = param.only.iter().map(f64::to_string).collect();
            format!("{}{restarts}", numbers.join(" or "))
        }
        Initial::Number(_) => format!("{} to {}{restarts}", param.min, param.max),
        Initial::Nodes(_) => format!("node numbers, such as 1,2, or none{restarts}"),
        // The list has all choices.
        Initial::Choice(_) => String::new(),
    }
}

/// A slider between a parameter's bounds. Wide bounds use powers of ten, because a second is less than
/// a pixel of an hour.
#[derive(Clone, Copy)]
struct Slider {
    min: f64,
    max: f64,
    wide: bool,
    whole: bool,
    /// The only allowed values, if there is such a list.
    only: &'static [f64],
}

impl Slider {
    const STEPS: u32 = 200;

    fn new(param: &Param) -> Self {
        let (min, max) = (param.min, param.max);
        let fraction = matches!(param.default, Initial::Number(n) if n.fract() != 0.0);
        Self {
            min,
            max,
            wide: min > 0.0 && max / min >= 1_000.0,
            whole: param.whole || (max - min > 2.0 && !fraction),
            only: param.only,
        }
    }

    fn position(&self, value: f64) -> u32 {
        let share = if self.wide {
            libm::log(value / self.min) / libm::log(self.max / self.min)
        } else {
            (value - self.min) / (self.max - self.min)
        };
        (share.clamp(0.0, 1.0) * f64::from(Self::STEPS)).round() as u32
    }

    /// The value at a position, rounded as far as its neighbours allow.
    fn value(&self, position: f64) -> f64 {
        let share = position / f64::from(Self::STEPS);
        let exact = if self.wide {
            self.min * libm::exp(libm::log(self.max / self.min) * share)
        } else {
            self.min + (self.max - self.min) * share
        };
        // Two digits, because steps are powers of ten.
        let grain = if self.wide {
            power_of_ten(exact) / 10.0
        } else {
            0.01
        };
        let grain = if self.whole { grain.max(1.0) } else { grain };
        let round = (exact / grain).round() * grain;
        let away = |value: &f64| (value - exact).abs();
        let near = self.only.iter().min_by(|a, b| away(a).total_cmp(&away(b)));
        // Removes the error of 0.30000000000000004.
        near.copied()
            .unwrap_or_else(|| ((round * 1e6).round() / 1e6).clamp(self.min, self.max))
    }
}

/// The power of ten of the first digit of a positive number.
fn power_of_ten(number: f64) -> f64 {
    let mut power = 1.0;
    while power > number {
        power /= 10.0;
    }
    while power * 10.0 <= number {
        power *= 10.0;
    }
    power
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sliders_reach_their_bounds_and_round_values() {
        let wide = Param::millis("t", "", 1_500.0, (1.0, 3_600_000.0));
        let narrow = Param::number("p", "", "1", 0.1, (0.0, 1.0));
        for param in [&wide, &narrow] {
            let slider = Slider::new(param);
            assert_eq!(
                (slider.value(0.0), slider.value(200.0)),
                (param.min, param.max)
            );
        }
        let slider = Slider::new(&wide);
        let near = slider.value(f64::from(slider.position(1_500.0)));
        assert!(
            (1_400.0..1_600.0).contains(&near) && near % 100.0 == 0.0,
            "{near}"
        );
        assert_eq!(Slider::new(&narrow).value(20.0), 0.1);
    }
}
