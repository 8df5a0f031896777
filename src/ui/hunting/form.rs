//! What to search for: which rule, how many faults of each kind, how many runs.

use faultline_sim::descriptor::Protocol;
use faultline_sim::search::{Budget, BudgetKind, breakable_laws};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::{Deed, Wanted, title_of};
use crate::text::capital;
use crate::text::hunting as words;
use crate::ui::number_box::{Kind, read};
use crate::ui::panels::controls::{complaint, typed};
use crate::ui::panels::value_of;
use crate::ui::{Act, ProtocolRef};

/// Faults of one kind that the form offers.
const MOST_FAULTS: u32 = 9;
/// How many random runs the form offers.
const RUNS: [u64; 2] = [200, 1_000];
const DEPTH: &str = "12";
const DEEPEST: u32 = 1_000;

/// Enough for what two or three faults can do together, few enough to read.
const USUAL: Budget = Budget {
    crashes: 1,
    drops: 2,
    delays: 1,
    duplicates: 1,
    partitions: 1,
    liars: 0,
    most: None,
};

/// The values of the form.
#[derive(Clone, Debug, PartialEq)]
struct Draft {
    law: Option<&'static str>,
    budget: Budget,
    runs: u64,
    seed: String,
    orders: bool,
    depth: String,
}

impl Draft {
    fn of(protocol: &Protocol) -> Self {
        let mut budget = USUAL;
        for (kind, ..) in BudgetKind::ALL {
            if !is_borne(protocol, kind) {
                *budget.of_mut(kind) = 0;
            }
        }
        Self {
            law: None,
            budget,
            runs: RUNS[0],
            seed: "1".into(),
            orders: false,
            depth: DEPTH.into(),
        }
    }

    fn wanted(&self) -> Result<Wanted, &'static str> {
        let whole = |text: &str| read(text, Kind::Whole).ok();
        let seed = whole(&self.seed).and_then(|seed| seed.parse().ok());
        let depth = whole(&self.depth).and_then(|depth| depth.parse().ok());
        let depth = depth.filter(|depth| (1..=DEEPEST).contains(depth));
        Ok(Wanted {
            law: self.law,
            budget: self.budget,
            runs: self.runs,
            first_seed: seed.ok_or(words::WHOLE_SEED)?,
            orders: self.orders,
            depth: depth.ok_or(words::WHOLE_DEPTH)?,
        })
    }
}

/// Whether a protocol promises to bear faults of a kind.
fn is_borne(protocol: &Protocol, kind: BudgetKind) -> bool {
    let without = protocol.unsupported_faults;
    !kind.verbs().iter().all(|verb| without.contains(verb))
}

#[derive(Properties, PartialEq)]
pub struct FormProps {
    pub protocol: ProtocolRef,
    /// The rule that the form was opened for.
    pub law: Option<&'static str>,
    pub under_way: bool,
    pub on_act: Callback<Act>,
}

#[component]
pub fn Form(props: &FormProps) -> Html {
    let protocol = props.protocol;
    let draft = use_state_eq(|| Draft::of(&protocol));
    let wrong = use_state_eq(|| None::<&'static str>);
    {
        let draft = draft.clone();
        use_effect_with(props.law, move |law| {
            let law = *law;
            draft.set(Draft {
                law,
                ..(*draft).clone()
            });
            crate::browser::focus("#hunt-law");
        });
    }
    let onsubmit = {
        let (draft, wrong, on_act) = (draft.clone(), wrong.clone(), props.on_act.clone());
        let under_way = props.under_way;
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if under_way {
                return on_act.emit(Act::Hunt(Deed::Stop));
            }
            match draft.wanted() {
                Ok(wanted) => {
                    wrong.set(None);
                    on_act.emit(Act::Hunt(Deed::Search(Box::new(wanted))));
                }
                Err(sentence) => wrong.set(Some(sentence)),
            }
        })
    };
    let changed = Change(draft.clone());
    let kinds = BudgetKind::ALL.map(|(kind, ..)| kind);
    let (borne, not): (Vec<_>, Vec<_>) = kinds
        .into_iter()
        .partition(|kind| is_borne(&protocol, *kind));
    html! {
        <form class="sweep-form hunt-form" {onsubmit} novalidate=true>
            { laws(&protocol, &changed) }
            <fieldset class="hunt-faults">
                <legend>{ words::FAULTS }</legend>
                { for borne.into_iter().map(|kind| stepper(kind, &changed)) }
                if let Some(said) = words::left_out(protocol.title, &not) {
                    <p class="quiet">{ said }</p>
                }
            </fieldset>
            { runs(&changed) }
            { orders(&changed) }
            { complaint("hunt-wrong", *wrong) }
            <button type="submit" class="primary">
                { if props.under_way { words::STOP } else { words::SEARCH } }
            </button>
        </form>
    }
}

/// The draft, and the ways to change it.
struct Change(UseStateHandle<Draft>);

impl Change {
    fn by<E: 'static>(&self, change: impl Fn(&mut Draft, E) + 'static) -> Callback<E> {
        let draft = self.0.clone();
        Callback::from(move |event: E| {
            let mut next = (*draft).clone();
            change(&mut next, event);
            draft.set(next);
        })
    }
}

fn laws(protocol: &ProtocolRef, draft: &Change) -> Html {
    let protocol = protocol.0;
    let onchange = draft.by(move |draft, event: Event| {
        let name = value_of(&event);
        draft.law = breakable_laws(protocol).find(|law| *law == name);
    });
    let now = draft.0.law;
    html! {
        <label class="sweep-field sweep-along">{ words::RULE }
            <select id="hunt-law" {onchange}>
                <option value="" selected={now.is_none()}>{ words::ANY_RULE }</option>
                { for breakable_laws(protocol).map(|law| html! {
                    <option value={law} selected={now == Some(law)}>{ title_of(protocol, law) }</option>
                }) }
            </select>
        </label>
    }
}

/// How many faults of a kind: a number between two buttons.
fn stepper(kind: BudgetKind, draft: &Change) -> Html {
    let (_, many) = words::kind(kind);
    let now = draft.0.budget.of(kind);
    let to = |count: u32| {
        draft.by(move |draft, _: MouseEvent| *draft.budget.of_mut(kind) = count.min(MOST_FAULTS))
    };
    html! {
        <div class="hunt-fault" role="group" aria-label={capital(many)}>
            <span class="hunt-kind">{ capital(many) }</span>
            <button type="button" aria-label={format!("{} {many}", words::FEWER)} disabled={now == 0}
                onclick={to(now.saturating_sub(1))}>{ "−" }</button>
            <output>{ now }</output>
            <button type="button" aria-label={format!("{} {many}", words::MORE)} disabled={now >= MOST_FAULTS}
                onclick={to(now + 1)}>{ "+" }</button>
        </div>
    }
}

fn runs(draft: &Change) -> Html {
    let now = draft.0.runs;
    let choice = |runs: u64| {
        let onchange = draft.by(move |draft, _: Event| draft.runs = runs);
        html! {
            <label class="hunt-choice">
                <input type="radio" name="hunt-runs" checked={now == runs} {onchange} />
                { faultline_sim::explore::grouped(runs) }
            </label>
        }
    };
    let oninput = draft.by(|draft, event: InputEvent| draft.seed = typed(&event));
    html! {
        <div class="hunt-runs">
            <div role="radiogroup" aria-labelledby="hunt-runs-name">
                <span id="hunt-runs-name">{ words::RUNS }</span>
                <span class="hunt-choices">{ for RUNS.into_iter().map(choice) }</span>
            </div>
            <label class="sweep-field">{ words::FROM_SEED }
                <input id="hunt-seed" type="text" inputmode="numeric" autocomplete="off" spellcheck="false"
                    value={draft.0.seed.clone()} {oninput} />
            </label>
        </div>
    }
}

fn orders(draft: &Change) -> Html {
    let on = draft.0.orders;
    let onchange = draft.by(|draft, event: Event| {
        draft.orders = event.target_unchecked_into::<HtmlInputElement>().checked();
    });
    let oninput = draft.by(|draft, event: InputEvent| draft.depth = typed(&event));
    html! {
        <>
            <label class="sweep-check">
                <input type="checkbox" checked={on} {onchange} />{ words::THEN_ORDERS }
            </label>
            if on {
                <label class="sweep-field">{ words::DEPTH }
                    <input id="hunt-depth" type="text" inputmode="numeric" autocomplete="off" spellcheck="false"
                        value={draft.0.depth.clone()} {oninput} />
                </label>
            }
        </>
    }
}

#[cfg(test)]
mod tests {
    use faultline_protocols::CATALOGUE;

    use super::*;

    #[test]
    fn a_form_offers_what_the_protocol_bears() {
        for protocol in CATALOGUE.0 {
            let draft = Draft::of(protocol);
            let wanted = draft.wanted().expect("usual values");
            assert_eq!(wanted.budget.liars, 0);
            for (kind, count) in wanted.budget.kinds() {
                assert!(count <= MOST_FAULTS);
                let without = protocol.unsupported_faults;
                assert!(
                    kind.verbs().iter().any(|verb| !without.contains(verb)),
                    "{} {kind:?}",
                    protocol.id
                );
            }
        }
    }

    #[test]
    fn numbers_are_read_as_people_write_them() {
        let (protocol, _) = CATALOGUE.find("raft").expect("it is there");
        let usual = Draft::of(protocol);
        let typed = |seed: &str, depth: &str| {
            let draft = Draft {
                seed: seed.into(),
                depth: depth.into(),
                ..usual.clone()
            };
            draft
                .wanted()
                .map(|wanted| (wanted.first_seed, wanted.depth))
        };
        assert_eq!(typed(" 7", "030"), Ok((7, 30)));
        assert_eq!(typed("1.5", "12"), Err(words::WHOLE_SEED));
        assert_eq!(typed("-1", "12"), Err(words::WHOLE_SEED));
        assert_eq!(typed("1", "0"), Err(words::WHOLE_DEPTH));
        assert_eq!(typed("1", "1001"), Err(words::WHOLE_DEPTH));
    }
}
