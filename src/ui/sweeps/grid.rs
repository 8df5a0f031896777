//! What came of one crash, for each node and each moment: a table whose cells open runs.

use faultline_sim::process::NodeId;
use faultline_sim::sweep::Crashes;
use yew::prelude::*;

use super::{Deed, Measure, Shown};
use crate::text::measured::short;
use crate::text::sweeps as words;
use crate::ui::{Act, classes};

#[derive(Properties, PartialEq)]
pub struct GridProps {
    pub measure: Measure,
    pub shown: Shown,
    pub on_act: Callback<Act>,
}

/// A cell: what was read in a run and how it stands beside the run in which nobody crashes.
#[derive(Clone, Debug, PartialEq)]
struct Cell {
    run: usize,
    text: String,
    words: String,
    /// The probe reads something else than without a crash.
    differs: bool,
    broken: bool,
}

fn cell(props: &GridProps, run: usize, (id, after): (NodeId, u64)) -> Option<Cell> {
    let Shown {
        readings, broken, ..
    } = &props.shown;
    let read = readings.get(run)?.as_ref().ok().copied().flatten();
    let usual = readings.first()?.as_ref().ok().copied().flatten();
    let broken = broken.get(run).and_then(Option::as_deref);
    Some(Cell {
        run,
        text: match broken {
            Some(_) => words::BROKEN.to_owned(),
            None => read.map_or_else(|| "–".to_owned(), short),
        },
        words: words::crash(id, after, read, props.measure.unit, broken),
        differs: read != usual,
        broken: broken.is_some(),
    })
}

#[component]
pub fn Grid(props: &GridProps) -> Html {
    let said = use_state_eq(String::new);
    let Some(crashes) = &props.shown.sweep.crashes else {
        return Html::default();
    };
    let Some(first) = props.shown.readings.first() else {
        return Html::default();
    };
    let usual = first.as_ref().ok().copied().flatten();
    let head = |after: &u64| html! { <th scope="col">{ after }</th> };
    let row = |(at, id): (usize, &NodeId)| row(props, crashes, at, *id, &said);
    html! {
        <>
            <p>{ words::without_crash(usual, props.measure.unit) }</p>
            <div class="crash-grid" tabindex="0" role="region" aria-label={words::CRASHES}>
                <table>
                    <thead><tr><th scope="col">{ words::AFTER_EVENT }</th>{ for crashes.after.iter().map(head) }</tr></thead>
                    <tbody>{ for crashes.nodes.iter().enumerate().map(row) }</tbody>
                </table>
            </div>
            <p class="sweep-run"><output>{ (*said).clone() }</output></p>
        </>
    }
}

fn row(
    props: &GridProps,
    crashes: &Crashes,
    at: usize,
    id: NodeId,
    said: &UseStateHandle<String>,
) -> Html {
    let cells = crashes.after.iter().enumerate().map(|(column, after)| {
        let run = 1 + at * crashes.after.len() + column;
        let Some(cell) = cell(props, run, (id, *after)) else {
            return html! { <td></td> };
        };
        let class = classes(&[("differs", cell.differs), ("broken", cell.broken)]);
        let open = props
            .on_act
            .reform(move |_: MouseEvent| Act::Sweep(Deed::Run(run)));
        let tell = |words: &str| {
            let (said, words) = (said.clone(), words.to_owned());
            move || said.set(words.clone())
        };
        let (over, focused) = (tell(&cell.words), tell(&cell.words));
        html! {
            <td><button type="button" {class} aria-label={cell.words.clone()} onclick={open}
                onpointerenter={Callback::from(move |_: PointerEvent| over())}
                onfocus={Callback::from(move |_: FocusEvent| focused())}>{ cell.text }</button></td>
        }
    });
    html! { <tr><th scope="row">{ crate::text::node(id) }</th>{ for cells }</tr> }
}
