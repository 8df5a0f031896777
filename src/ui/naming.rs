//! "Name the parts": four marks with letters on the stage, and a word to choose for each.

use wasm_bindgen::JsCast;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use crate::layout::{Part, Point, Scene};
use crate::text::naming as words;
use crate::ui::act::ViewAct;
use crate::ui::icons::Icon;
use crate::ui::{Act, Same};

#[derive(Properties, PartialEq)]
pub struct NamingProps {
    /// The marked parts, in the order of their letters.
    pub parts: Vec<(Part, Point)>,
    pub scene: Same<Scene>,
    pub on_act: Callback<Act>,
}

#[component]
pub fn Naming(props: &NamingProps) -> Html {
    let NamingProps {
        parts,
        scene,
        on_act,
    } = props;
    let answers = use_state(|| [None::<Part>; Part::ALL.len()]);
    let close = on_act.reform(|_: MouseEvent| Act::View(ViewAct::Naming(false)));
    let missing = Part::ALL
        .into_iter()
        .find(|part| !parts.iter().any(|(found, _)| found == part));
    let given = answers
        .iter()
        .take(parts.len())
        .filter(|a| a.is_some())
        .count();
    let done = missing.is_none() && given == parts.len();
    let right = |at: usize| answers[at] == Some(parts[at].0);
    let again = {
        let answers = answers.clone();
        Callback::from(move |_: MouseEvent| answers.set(Default::default()))
    };
    let row = |at: usize| {
        let answers = answers.clone();
        let chosen = answers[at];
        let choose = Callback::from(move |event: Event| {
            let select: Option<HtmlSelectElement> = event.target().and_then(|t| t.dyn_into().ok());
            let index = select.map_or(0, |select| select.selected_index());
            let mut all = *answers;
            all[at] = usize::try_from(index - 1)
                .ok()
                .and_then(|i| Part::ALL.get(i).copied());
            answers.set(all);
        });
        html! {
            <li>
                <label>{ words::question(at) }{ " " }
                    <select onchange={choose}>
                        <option selected={chosen.is_none()}>{ words::CHOOSE }</option>
                        { for Part::ALL.into_iter().map(|part| html! {
                            <option selected={chosen == Some(part)}>{ words::word(part) }</option>
                        }) }
                    </select>
                </label>
                if done {
                    <span class={if right(at) { "named right" } else { "named" }}>
                        { if right(at) { Icon::Tick.inline() } else { Icon::Close.inline() } }
                        { words::definition(parts[at].0) }
                    </span>
                }
            </li>
        }
    };
    let pin = |(at, (_, place)): (usize, &(Part, Point))| {
        let style = format!(
            "left: {:.2}%; top: {:.2}%",
            100.0 * place.x / scene.width.max(1.0),
            100.0 * place.y / scene.height.max(1.0)
        );
        html! { <span class="pin" ~style={style}>{ words::letter(at) }</span> }
    };
    html! {
        <>
            <div class="pins" aria-hidden="true">
                if missing.is_none() { { for parts.iter().enumerate().map(pin) } }
            </div>
            <section class="naming" role="dialog" aria-labelledby="naming-title">
                <div class="naming-head">
                    <h2 id="naming-title">{ words::TITLE }</h2>
                    <button type="button" class="close" aria-label={words::CLOSE} onclick={close}>
                        { Icon::Close.inline() }
                    </button>
                </div>
                if let Some(part) = missing {
                    <p>{ words::missing(part) }</p>
                } else {
                    <ol>{ for (0..parts.len()).map(row) }</ol>
                }
                <p class="naming-score" role="status">
                    if done { { words::score((0..parts.len()).filter(|at| right(*at)).count(), parts.len()) } }
                </p>
                if done {
                    <button type="button" onclick={again}>{ words::AGAIN }</button>
                }
            </section>
        </>
    }
}
