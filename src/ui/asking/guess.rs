//! The one gesture of each kind of question, by pointer and by keyboard.

use faultline_sim::process::NodeId;
use faultline_sim::question::{Guess, Kind, Question, Thing};
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::{CardProps, Deed};
use crate::text::asking as words;
use crate::text::measured::short;
use crate::ui::Act;

/// What the gesture needs to know.
pub(super) struct Asks<'a> {
    question: &'a Question,
    guess: Option<&'a Guess>,
    nodes: &'a [NodeId],
    tally: Option<&'a [u32]>,
    on_act: &'a Callback<Act>,
}

impl<'a> Asks<'a> {
    pub fn of(props: &'a CardProps) -> Self {
        Self {
            question: &props.question,
            guess: props.guess.as_ref(),
            nodes: &props.nodes,
            tally: props.class.then_some(&props.tally),
            on_act: &props.on_act,
        }
    }

    /// Hears an input's text.
    fn heard(&self, say: impl Fn(String) -> Option<Guess> + 'static) -> Callback<InputEvent> {
        let on_act = self.on_act.clone();
        Callback::from(move |event: InputEvent| {
            let input = event
                .target()
                .and_then(|it| it.dyn_into::<HtmlInputElement>().ok());
            if let Some(guess) = input.and_then(|input| say(input.value())) {
                on_act.emit(Act::Ask(Deed::Guess(guess)));
            }
        })
    }

    fn says(&self, guess: Guess) -> Callback<Event> {
        self.on_act
            .reform(move |_: Event| Act::Ask(Deed::Guess(guess.clone())))
    }

    fn click(&self, deed: Deed) -> Callback<MouseEvent> {
        self.on_act
            .reform(move |_: MouseEvent| Act::Ask(deed.clone()))
    }
}

pub(super) fn guess_box(asks: &Asks) -> Html {
    match &asks.question.kind {
        Kind::Number { low, high, unit } => dial(asks, *low, *high, unit),
        Kind::Choice(options) => {
            let options = options
                .iter()
                .map(|(key, label)| (Guess::Word(key.clone()), label.clone()));
            choices(asks, options.collect())
        }
        Kind::Point(Thing::Node) => {
            let nodes = asks
                .nodes
                .iter()
                .map(|id| (Guess::Node(*id), format!("node {}", id.0)));
            html! { <><p>{ words::PICK_NODE }</p>{ choices(asks, nodes.collect()) }</> }
        }
        Kind::Point(Thing::Line) => line(asks),
        Kind::Point(thing) => html! {
            <p>{ words::pointing(*thing) }{ " " }
                if let Some(guess) = asks.guess { <strong>{ words::guess(asks.question, guess) }</strong> }
            </p>
        },
        Kind::Order(cards) => order(
            asks,
            cards.iter().map(|(_, label)| label.as_str()).collect(),
        ),
        Kind::Curve {
            high, unit, param, ..
        } => curve(asks, param, *high, unit),
        Kind::Text => {
            let oninput = asks.heard(|text| Some(Guess::Word(text)));
            html! {
                <label class="ask-line">{ words::YOUR_GUESS }
                    <input type="text" autocomplete="off" {oninput} />
                </label>
            }
        }
        Kind::Goal => Html::default(),
    }
}

fn number_of(text: String) -> Option<Guess> {
    let number = text
        .trim()
        .parse::<f64>()
        .ok()
        .filter(|number| number.is_finite());
    number.map(Guess::Number)
}

/// A slider with a box beside it, for whole numbers where the range is wide.
fn dial(asks: &Asks, low: f64, high: f64, unit: &str) -> Html {
    let value = match asks.guess {
        Some(Guess::Number(value)) => Some(*value),
        _ => None,
    };
    let step =
        if high - low > 20.0 || low.fract() == 0.0 && high.fract() == 0.0 && high - low >= 8.0 {
            "1"
        } else {
            "any"
        };
    let shown = value.map(short).unwrap_or_default();
    let at = value.unwrap_or(low);
    html! {
        <div class="ask-dial">
            <input type="range" min={low.to_string()} max={high.to_string()} {step} value={at.to_string()}
                aria-label={words::YOUR_GUESS} aria-valuetext={words::guess(asks.question, &Guess::Number(at))}
                oninput={asks.heard(number_of)} />
            <label>
                <input type="number" step="any" inputmode="decimal" value={shown} aria-label={words::YOUR_GUESS}
                    oninput={asks.heard(number_of)} />
                { format!(" {unit}") }
            </label>
        </div>
    }
}

/// Several things, of which one is chosen; with hands in a class.
fn choices(asks: &Asks, options: Vec<(Guess, String)>) -> Html {
    let option = |(at, (guess, label)): (usize, (Guess, String))| {
        let checked = asks.guess == Some(&guess);
        let hands = asks.tally.map(|tally| tally.get(at).copied().unwrap_or(0));
        html! {
            <div class="ask-row">
                <label class={classes!("ask-option", checked.then_some("chosen"))}>
                    <input type="radio" name="ask" {checked} onchange={asks.says(guess)} />
                    { &label }
                </label>
                if let Some(hands) = hands {
                    <span class="ask-hands">
                        <button type="button" aria-label={format!("{}: {label}", words::FEWER)} disabled={hands == 0}
                            onclick={asks.click(Deed::Tally(at, -1))}>{ "−" }</button>
                        <output>{ hands }</output>
                        <button type="button" aria-label={format!("{}: {label}", words::MORE)}
                            onclick={asks.click(Deed::Tally(at, 1))}>{ "+" }</button>
                    </span>
                }
            </div>
        }
    };
    html! {
        <div class="ask-options" role="radiogroup" aria-label={words::YOUR_GUESS}>
            { for options.into_iter().enumerate().map(option) }
        </div>
    }
}

fn line(asks: &Asks) -> Html {
    let heard = asks.heard(|text| text.trim().parse().ok().map(Guess::Line));
    html! {
        <label class="ask-line">{ words::PICK_LINE }
            <input type="number" min="1" step="1" inputmode="numeric" oninput={heard} />
        </label>
    }
}

/// Cards with buttons that move them.
fn order(asks: &Asks, labels: Vec<&str>) -> Html {
    let now: Vec<usize> = match asks.guess {
        Some(Guess::Order(order)) => order.clone(),
        _ => (0..labels.len()).collect(),
    };
    let swapped = |a: usize, b: usize| {
        let mut order = now.clone();
        order.swap(a, b);
        Deed::Guess(Guess::Order(order))
    };
    let last = now.len() - 1;
    let card = |(place, at): (usize, &usize)| {
        let label = labels[*at];
        html! {
            <li key={*at}>
                <span>{ label }</span>
                <button type="button" aria-label={format!("{}: {label}", words::UP)} disabled={place == 0}
                    onclick={asks.click(swapped(place, place.saturating_sub(1)))}>{ "↑" }</button>
                <button type="button" aria-label={format!("{}: {label}", words::DOWN)} disabled={place == last}
                    onclick={asks.click(swapped(place, (place + 1).min(last)))}>{ "↓" }</button>
            </li>
        }
    };
    html! {
        <>
            <p>{ words::PUT_IN_ORDER }</p>
            <ol class="ask-cards">{ for now.iter().enumerate().map(card) }</ol>
        </>
    }
}

/// A bar for each value along the axis.
fn curve(asks: &Asks, param: &str, high: f64, unit: &str) -> Html {
    let values = asks.question.values();
    let heights = match asks.guess {
        Some(Guess::Curve(heights)) => heights.clone(),
        _ => vec![high / 2.0; values.len()],
    };
    let bar = |(at, x): (usize, &f64)| {
        let now = heights.clone();
        let heard = asks.heard(move |text| {
            let mut heights = now.clone();
            *heights.get_mut(at)? = text.parse().ok()?;
            Some(Guess::Curve(heights))
        });
        let label = format!("{param} {}", short(*x));
        let said = format!("{} {unit}", short(heights[at]));
        html! {
            <li>
                <span>{ &label }</span>
                <input type="range" min="0" max={high.to_string()} step={(high / 100.0).to_string()}
                    value={heights[at].to_string()} aria-label={label.clone()} aria-valuetext={said.clone()} oninput={heard} />
                <output>{ said }</output>
            </li>
        }
    };
    html! {
        <>
            <p>{ words::DRAW }</p>
            <ul class="ask-curve">{ for values.iter().enumerate().map(bar) }</ul>
        </>
    }
}
