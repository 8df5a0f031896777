//! What to measure: along a parameter or seeds, from where to where.

use faultline_sim::settings::Param;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::{Along, Axis, Deed, Wanted};
use crate::text::sweeps as words;
use crate::ui::Act;
use crate::ui::number_box::{number, short};
use crate::ui::panels::controls::{complaint, typed};
use crate::ui::panels::value_of;

/// Seeds for each value, unless a person says otherwise: enough to see how far runs differ.
const SEEDS: &str = "5";
/// Runs of a sweep over seeds.
const RUNS: u64 = 40;
/// A parameter gets about so many values.
const VALUES: f64 = 10.0;
/// Crashes of each node: after the next events.
const EVENTS: u64 = 16;
/// What the list calls runs that differ in a crash; no parameter is called so.
const CRASHES: &str = "*crashes";

/// The typed texts.
#[derive(Clone, Debug, PartialEq)]
struct Draft {
    along: Along,
    from: String,
    to: String,
    step: String,
    seeds: String,
    faults: bool,
}

impl Draft {
    /// A range around the present value.
    fn of(axis: Option<&Axis>, seed: u64) -> Self {
        let (from, to, step) = match axis {
            Some(axis) => around(axis.param, axis.now),
            None => (seed as f64, seed.saturating_add(RUNS - 1) as f64, 1.0),
        };
        Self {
            along: axis.map_or(Along::Seeds, |axis| Along::Param(axis.param.name)),
            from: short(from),
            to: short(to),
            step: short(step),
            seeds: SEEDS.into(),
            faults: false,
        }
    }

    /// After each of the next events.
    fn crashes(events: u64) -> Self {
        Self {
            along: Along::Crashes,
            from: events.to_string(),
            to: (events + EVENTS - 1).to_string(),
            step: String::new(),
            seeds: SEEDS.into(),
            faults: true,
        }
    }

    fn wanted(&self) -> Result<Wanted, String> {
        let read = |text: &str| number(text).map_err(|flaw| flaw.sentence());
        let step = match self.step.trim() {
            "" => None,
            step => Some(read(step)?),
        };
        Ok(Wanted {
            along: self.along,
            from: read(&self.from)?,
            to: read(&self.to)?,
            step,
            seeds: read(&self.seeds)?,
            faults: self.faults,
        })
    }
}

/// From half to twice the present value, within what is allowed.
fn around(param: &Param, now: f64) -> (f64, f64, f64) {
    if let (Some(first), Some(last)) = (param.only.first(), param.only.last()) {
        return (first.min(*last), first.max(*last), 1.0);
    }
    let (low, high) = if now > 0.0 {
        (now / 2.0, now * 2.0)
    } else {
        (0.0, VALUES)
    };
    let (low, high) = (
        low.clamp(param.min, param.max),
        high.clamp(param.min, param.max),
    );
    let step = (high - low) / VALUES;
    if param.whole {
        return (low.ceil(), high.floor(), step.floor().max(1.0));
    }
    (low, high, step)
}

#[derive(Properties, PartialEq)]
pub struct FormProps {
    pub axes: Vec<Axis>,
    pub seed: u64,
    pub commands: usize,
    pub events: u64,
    pub on_act: Callback<Act>,
}

#[component]
pub fn Form(props: &FormProps) -> Html {
    let draft = use_state_eq(|| Draft::of(props.axes.first(), props.seed));
    let wrong = use_state_eq(|| None::<String>);
    use_effect_with((), |()| crate::browser::focus("#sweep-along"));
    let onsubmit = {
        let (draft, wrong, on_act) = (draft.clone(), wrong.clone(), props.on_act.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            match draft.wanted() {
                Ok(wanted) => {
                    wrong.set(None);
                    on_act.emit(Act::Sweep(Deed::Measure(wanted)));
                }
                Err(sentence) => wrong.set(Some(sentence)),
            }
        })
    };
    let onchange = {
        let (draft, axes, seed, events) =
            (draft.clone(), props.axes.clone(), props.seed, props.events);
        Callback::from(move |event: Event| {
            let name = value_of(&event);
            if name == CRASHES {
                draft.set(Draft::crashes(events));
                return;
            }
            let axis = axes.iter().find(|axis| axis.param.name == name);
            let faults = draft.faults;
            draft.set(Draft {
                faults,
                ..Draft::of(axis, seed)
            });
        })
    };
    let on_faults = {
        let draft = draft.clone();
        Callback::from(move |event: Event| {
            let input: HtmlInputElement = event.target_unchecked_into();
            draft.set(Draft {
                faults: input.checked(),
                ..(*draft).clone()
            });
        })
    };
    let field = |id: &'static str,
                 label: &'static str,
                 value: &str,
                 set: fn(&mut Draft, String)| {
        let draft = draft.clone();
        let oninput = Callback::from(move |event: InputEvent| {
            let mut next = (*draft).clone();
            set(&mut next, typed(&event));
            draft.set(next);
        });
        html! {
            <label class="sweep-field">{ label }
                <input {id} type="text" inputmode="decimal" autocomplete="off" spellcheck="false"
                    value={value.to_owned()} {oninput} />
            </label>
        }
    };
    let option = |axis: &Axis| {
        let name = axis.param.name;
        html! { <option value={name} selected={draft.along == Along::Param(name)}>{ axis.param.title }</option> }
    };
    let (from, to) = match draft.along {
        Along::Crashes => (words::FROM_EVENT, words::TO_EVENT),
        _ => (words::FROM, words::TO),
    };
    html! {
        <form class="sweep-form" {onsubmit} novalidate=true>
            <label class="sweep-field sweep-along">{ words::ALONG }
                <select id="sweep-along" {onchange}>
                    { for props.axes.iter().map(option) }
                    <option value={CRASHES} selected={draft.along == Along::Crashes}>{ words::CRASHES }</option>
                    <option value="" selected={draft.along == Along::Seeds}>{ words::SEEDS }</option>
                </select>
            </label>
            { field("sweep-from", from, &draft.from, |draft, text| draft.from = text) }
            { field("sweep-to", to, &draft.to, |draft, text| draft.to = text) }
            if matches!(draft.along, Along::Param(_)) {
                { field("sweep-step", words::STEP, &draft.step, |draft, text| draft.step = text) }
                { field("sweep-seeds", words::EACH, &draft.seeds, |draft, text| draft.seeds = text) }
            }
            if props.commands > 0 {
                <label class="sweep-check">
                    <input type="checkbox" checked={draft.faults} onchange={on_faults} />{ words::WITH_FAULTS }
                </label>
            }
            { complaint("sweep-typed", wrong.as_deref()) }
            <button type="submit" class="primary">{ words::MEASURE }</button>
        </form>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_begins_around_the_present_value() {
        const NODES: Param = Param::number("nodes", "Nodes", "nodes", 5.0, (1.0, 50.0));
        const WAIT: Param = Param::millis("wait", "Wait", 100.0, (0.0, 150.0));
        const FIGURE: Param =
            Param::number("figure", "Figure", "1", 0.0, (0.0, 7.0)).only(&[0.0, 7.0]);
        assert_eq!(around(&NODES, 5.0), (3.0, 10.0, 1.0));
        assert_eq!(around(&NODES, 30.0), (15.0, 50.0, 3.0));
        assert_eq!(around(&WAIT, 100.0), (50.0, 150.0, 10.0));
        assert_eq!(around(&WAIT, 0.0), (0.0, 10.0, 1.0));
        assert_eq!(around(&FIGURE, 0.0), (0.0, 7.0, 1.0));
        let seeds = Draft::of(None, 7).wanted().expect("numbers");
        assert_eq!(
            (seeds.along, seeds.from, seeds.to),
            (Along::Seeds, 7.0, 46.0)
        );
        let crashes = Draft::crashes(30).wanted().expect("numbers");
        assert_eq!(
            (crashes.along, crashes.from, crashes.to),
            (Along::Crashes, 30.0, 45.0)
        );
        let typo = Draft {
            step: "a".into(),
            ..Draft::of(None, 7)
        };
        assert!(typo.wanted().is_err());
    }
}
