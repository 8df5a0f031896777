//! A mark for each random run: one thing for the keyboard, with a cursor. A click opens the run.

use web_sys::Element;
use yew::prelude::*;

use super::{Deed, Shown, title_of};
use crate::browser;
use crate::layout::Point;
use crate::text::hunting as words;
use crate::ui::ProtocolRef;
use crate::worker::{Ending, Mark};

/// Marks in a row, and the room of each in the drawing's own units.
const COLUMNS: usize = 40;
const CELL: f64 = 9.0;
/// A click as near as this to the mark of a run that broke a rule means that run, in pixels of the screen.
const NEAR: f64 = 14.0;

/// The middle of a mark.
fn place(run: usize) -> Point {
    Point {
        x: ((run % COLUMNS) as f64 + 0.5) * CELL,
        y: ((run / COLUMNS) as f64 + 0.5) * CELL,
    }
}

/// The run that a click means.
fn hit(marks: &[Mark], at: Point, zoom: f64) -> Option<usize> {
    let far = |run: usize| {
        let place = place(run);
        (place.x - at.x).hypot(place.y - at.y) * zoom
    };
    let broken = (0..marks.len()).filter(|run| words::is_broken(&marks[*run]));
    let nearest = broken.min_by(|a, b| far(*a).total_cmp(&far(*b)));
    if let Some(run) = nearest.filter(|run| far(*run) <= NEAR) {
        return Some(run);
    }
    let cell = |value: f64| (value / CELL).max(0.0) as usize;
    let run = cell(at.y) * COLUMNS + cell(at.x).min(COLUMNS - 1);
    (run < marks.len()).then_some(run)
}

/// Where a key moves to.
fn moved(marks: &[Mark], at: usize, key: &str) -> Option<usize> {
    let last = marks.len().checked_sub(1)?;
    let broken = |run: &usize| words::is_broken(&marks[*run]);
    match key {
        "ArrowRight" => (at < last).then_some(at + 1),
        "ArrowLeft" => at.checked_sub(1),
        "ArrowDown" => (at + COLUMNS <= last).then_some(at + COLUMNS),
        "ArrowUp" => at.checked_sub(COLUMNS),
        "PageDown" => (at + 1..=last).find(broken),
        "PageUp" => (0..at).rev().find(broken),
        "Home" => Some(0),
        "End" => Some(last),
        _ => None,
    }
}

/// All marks as three paths, so that a thousand cost no more than three.
#[derive(Default)]
struct Drawn {
    kept: String,
    broke: String,
    cut: String,
}

impl Drawn {
    fn of(marks: &[Mark]) -> Self {
        let mut drawn = Self::default();
        for (run, mark) in marks.iter().enumerate() {
            let Point { x, y } = place(run);
            match mark.ending {
                Ending::Kept => drawn.kept += &format!("M{x} {}v4", y - 2.0),
                // A diamond, so that its shape tells it apart, too.
                Ending::Broke { .. } => {
                    drawn.broke += &format!("M{} {y}l4.5-4.5 4.5 4.5-4.5 4.5z", x - 4.5);
                }
                Ending::Cut(_) => drawn.cut += &format!("M{} {}h5v5h-5z", x - 2.5, y - 2.5),
            }
        }
        drawn
    }
}

#[derive(Properties, PartialEq)]
pub struct StripProps {
    pub protocol: ProtocolRef,
    pub shown: Shown,
    pub on_deed: Callback<Deed>,
}

#[component]
pub fn Strip(props: &StripProps) -> Html {
    let chosen = use_state_eq(|| 0_usize);
    let field = use_node_ref();
    let marks = props.shown.marks.clone();
    let drawn = use_memo(marks.clone(), |marks| Drawn::of(marks));
    let at = (*chosen).min(marks.len().saturating_sub(1));
    let open = {
        let on_deed = props.on_deed.clone();
        move |run: usize| on_deed.emit(Deed::Run(run as u64))
    };
    let onclick = {
        let (open, chosen) = (open.clone(), chosen.clone());
        let (field, marks) = (field.clone(), marks.clone());
        Callback::from(move |event: MouseEvent| {
            let Some(element) = field.cast::<Element>() else {
                return;
            };
            let zoom = browser::size_of(&element).0 / (COLUMNS as f64 * CELL);
            let place = browser::within(&element, &event);
            let place = Point {
                x: place.x / zoom,
                y: place.y / zoom,
            };
            if let Some(run) = hit(&marks, place, zoom) {
                chosen.set(run);
                open(run);
            }
        })
    };
    let onkeydown = {
        let (open, chosen, marks) = (open.clone(), chosen.clone(), marks.clone());
        Callback::from(move |event: KeyboardEvent| {
            let key = event.key();
            if key == "Enter" || key == " " {
                open(at);
            } else if let Some(next) = moved(&marks, at, &key) {
                chosen.set(next);
            } else if !key.starts_with("Arrow") && !key.starts_with("Page") {
                return;
            }
            event.prevent_default();
            event.stop_propagation();
        })
    };
    let said = said(props, at);
    let button = Callback::from(move |_: MouseEvent| open(at));
    let (wide, rows) = (
        COLUMNS as f64 * CELL,
        (props.shown.search.runs as usize)
            .max(marks.len())
            .div_ceil(COLUMNS),
    );
    let here = place(at);
    html! {
        <>
            <svg class="hunt-marks hunt-strip" ref={field} viewBox={format!("0 0 {wide} {}", rows as f64 * CELL)} tabindex="0"
                role="slider" aria-label={words::STRIP} aria-valuemin="1" aria-valuemax={marks.len().to_string()}
                aria-valuenow={(at + 1).to_string()} aria-valuetext={said.clone()} {onclick} {onkeydown}>
                <g aria-hidden="true">
                    <path class="kept" d={drawn.kept.clone()} />
                    <path class="cut" d={drawn.cut.clone()} />
                    <path class="broke" d={drawn.broke.clone()} />
                    <rect x={(here.x - CELL / 2.0).to_string()} y={(here.y - CELL / 2.0).to_string()}
                        width={CELL.to_string()} height={CELL.to_string()} />
                </g>
            </svg>
            { legend() }
            <p class="sweep-run"><output>{ said }</output>
                <button type="button" onclick={button}>{ words::OPEN_RUN }</button></p>
            <Table protocol={props.protocol} shown={props.shown.clone()} on_deed={props.on_deed.clone()} />
        </>
    }
}

fn said(props: &StripProps, run: usize) -> String {
    let title = |law: &str| title_of(props.protocol.0, law);
    let shown = &props.shown;
    let mark = shown.marks.get(run);
    mark.map_or_else(String::new, |mark| {
        words::run(shown.search.seed(run as u64), mark, title)
    })
}

fn legend() -> Html {
    let sample = |class: &str| match class {
        "kept" => "M4.5 2.5v4",
        "broke" => "M0 4.5l4.5-4.5 4.5 4.5-4.5 4.5z",
        _ => "M2 2h5v5h-5z",
    };
    html! {
        <ul class="hunt-legend">
            { for words::LEGEND.iter().map(|(class, word)| html! {
                <li>
                    <svg class="hunt-marks" viewBox="0 0 9 9" aria-hidden="true"><path class={*class} d={sample(class)} /></svg>
                    { *word }
                </li>
            }) }
        </ul>
    }
}

/// The runs that broke a rule, in a table that is made only while a person looks at it.
#[component]
fn Table(props: &StripProps) -> Html {
    let unfolded = use_state_eq(|| false);
    let ontoggle = {
        let unfolded = unfolded.clone();
        Callback::from(move |event: Event| {
            let details: Element = event.target_unchecked_into();
            unfolded.set(details.has_attribute("open"));
        })
    };
    let shown = &props.shown;
    if !shown.marks.iter().any(words::is_broken) {
        return Html::default();
    }
    let row = |(run, mark): (usize, &Mark)| {
        let Ending::Broke { law, at } = &mark.ending else {
            return None;
        };
        let run = run as u64;
        let seed = shown.search.seed(run);
        let onclick = props.on_deed.reform(move |_: MouseEvent| Deed::Run(run));
        Some(html! {
            <tr>
                <th scope="row"><button type="button" class="act" aria-label={words::open_seed(seed)} {onclick}>{ seed }</button></th>
                <td>{ title_of(props.protocol.0, law) }</td>
                <td>{ words::exact(*at) }</td>
            </tr>
        })
    };
    html! {
        <details class="sweep-table hunt-table" {ontoggle}>
            <summary>{ words::TABLE }</summary>
            if *unfolded {
                <table>
                    <thead><tr>
                        <th scope="col">{ words::SEED }</th><th scope="col">{ words::RULE }</th><th scope="col">{ words::WHEN }</th>
                    </tr></thead>
                    <tbody>{ for shown.marks.iter().enumerate().filter_map(row) }</tbody>
                </table>
            }
        </details>
    }
}

#[cfg(test)]
mod tests {
    use faultline_sim::time::Time;

    use super::*;

    fn marks(count: usize, broken: &[usize]) -> Vec<Mark> {
        let mark = |run| Mark {
            ending: if broken.contains(&run) {
                Ending::Broke {
                    law: "a".into(),
                    at: Time(1),
                }
            } else {
                Ending::Kept
            },
            took: 1,
        };
        (0..count).map(mark).collect()
    }

    #[test]
    fn a_click_means_the_mark_under_it_or_a_broken_one_beside_it() {
        let marks = marks(100, &[41]);
        for run in [3, 39, 44, 99] {
            assert_eq!(hit(&marks, place(run), 1.0), Some(run));
        }
        assert_eq!(hit(&marks, place(42), 1.0), Some(41), "a near miss");
        assert_eq!(hit(&marks, place(42), 4.0), Some(42), "large enough to hit");
        assert_eq!(hit(&marks, place(100), 1.0), None);
    }

    #[test]
    fn keys_reach_every_run_and_skip_to_broken_ones() {
        let marks = marks(100, &[41, 97]);
        for (at, key, to) in [
            (0, "ArrowRight", Some(1)),
            (0, "ArrowLeft", None),
            (0, "ArrowDown", Some(40)),
            (41, "ArrowUp", Some(1)),
            (70, "ArrowDown", None),
            (99, "ArrowRight", None),
            (0, "PageDown", Some(41)),
            (41, "PageDown", Some(97)),
            (97, "PageDown", None),
            (97, "PageUp", Some(41)),
            (5, "End", Some(99)),
            (5, "Home", Some(0)),
            (5, "x", None),
        ] {
            assert_eq!(moved(&marks, at, key), to, "{at} {key}");
        }
        assert_eq!(moved(&[], 0, "End"), None);
    }
}
