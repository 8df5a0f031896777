//! The rules of the run: shape, letter and word show the state of each.

use faultline_sim::frame::{Light, VerdictFrame};
use faultline_sim::invariant::Expectation;
use faultline_sim::judge::Level;
use faultline_sim::search::is_hunted;
use yew::prelude::*;

use super::clock;
use crate::text::capital;
use crate::text::hunting as words;
use crate::text::records::spelled;

#[derive(Properties, PartialEq)]
pub struct VerdictsProps {
    pub verdicts: Vec<VerdictFrame>,
    /// Goes to the record that broke a rule.
    pub on_go: Callback<u64>,
    /// Opens the history that broke a promise to clients.
    #[prop_or_default]
    pub on_history: Callback<()>,
    /// Searches for a run that breaks a rule.
    #[prop_or_default]
    pub on_hunt: Option<Callback<&'static str>>,
}

/// The panel of rules.
#[component]
pub fn Verdicts(props: &VerdictsProps) -> Html {
    html! {
        <section class="sheet verdicts" aria-labelledby="verdicts-title">
            <h2 id="verdicts-title">{ "Are the rules kept?" }</h2>
            if props.verdicts.is_empty() {
                <p class="quiet">{ "This system has no rules to check." }</p>
            }
            <ul class="lights">
                { for props.verdicts.iter().map(|verdict| light(verdict, props)) }
            </ul>
        </section>
    }
}

fn light(verdict: &VerdictFrame, props: &VerdictsProps) -> Html {
    let of_history = Level::ALL.iter().any(|level| level.name() == verdict.name);
    let broken = matches!(verdict.light, Light::Broken { .. });
    let (shape, class, word) = match (&verdict.light, verdict.kind) {
        (Light::Holds, Expectation::Sometimes) => (Lamp::Holds, "light-holds", "seen"),
        (Light::Holds, _) => (Lamp::Holds, "light-holds", "holds"),
        (Light::NotYet(_), _) => (Lamp::Open, "light-not-yet", "not yet"),
        (Light::Broken { .. }, _) => (Lamp::Broken, "light-broken", "broken"),
    };
    let when = match verdict.kind {
        Expectation::Always => "always",
        Expectation::Eventually => "eventually",
        Expectation::Sometimes => "in some runs",
    };
    html! {
        <li class={classes!("light", class)}>
            { lamp(shape) }
            <div>
                <p class="light-title">
                    <strong class="light-word">{ capital(word) }</strong>
                    { format!(": {} ", verdict.title.trim_end_matches('.')) }
                    if !verdict.title.to_ascii_lowercase().contains(when) {
                        <span class="quiet">{ format!("({when})") }</span>
                    }
                </p>
                { reason(&verdict.light, &props.on_go) }
                if of_history && broken {
                    <button type="button" class="act" onclick={props.on_history.reform(|_: MouseEvent| ())}>
                        { crate::text::history::SEE }
                    </button>
                }
                { hunt(verdict, props) }
            </div>
        </li>
    }
}

/// A search for a run that breaks the rule, if it must hold in every run.
fn hunt(verdict: &VerdictFrame, props: &VerdictsProps) -> Html {
    let Some(on_hunt) = props.on_hunt.as_ref().filter(|_| is_hunted(verdict)) else {
        return Html::default();
    };
    let law = verdict.name;
    let title = verdict.title.trim_end_matches('.');
    html! {
        <button type="button" class="act" aria-label={words::break_rule(title)}
            onclick={on_hunt.reform(move |_: MouseEvent| law)}>{ words::BREAK_IT }</button>
    }
}

fn reason(light: &Light, on_go: &Callback<u64>) -> Html {
    match light {
        Light::Holds => Html::default(),
        Light::NotYet(why) if why.is_empty() => Html::default(),
        Light::NotYet(why) => html! { <p class="quiet">{ capital(&spelled(why)) }</p> },
        Light::Broken {
            reason, at, seq, ..
        } => {
            let (seq, on_go) = (*seq, on_go.clone());
            let onclick = Callback::from(move |_: MouseEvent| on_go.emit(seq));
            html! {
                <>
                    <p>{ capital(&spelled(reason)) }</p>
                    <button type="button" class="act" {onclick}>
                        { format!("Go to {}, where it broke", clock(*at)) }
                    </button>
                </>
            }
        }
    }
}

/// The shape of a light.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lamp {
    Holds,
    /// Not decided.
    Open,
    Broken,
}

/// Circle with a tick, diamond with a question mark, octagon with a cross.
pub fn lamp(lamp: Lamp) -> Html {
    let (outline, inside) = match lamp {
        Lamp::Holds => ("M12 2a10 10 0 1 0 .01 0z", "M7 12.5 10.5 16 17 8.5"),
        Lamp::Open => (
            "M12 1.500 22.500 12 12 22.500 1.500 12z",
            "M9.500 9.500a2.500 2.500 0 1 1 3.600 2.300c-.7.400-1.100.9-1.100 1.900M12 16.600h.01",
        ),
        Lamp::Broken => ("M8 2h8l6 6v8l-6 6H8l-6-6V8z", "M8 8l8 8M16 8l-8 8"),
    };
    html! {
        <svg class="light-mark" viewBox="0 0 24 24" aria-hidden="true">
            <path class="light-outline" d={outline} />
            <path class="light-sign" d={inside} />
        </svg>
    }
}
