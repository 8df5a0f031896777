//! The drawing: a dot for each run, a line through the means, and a table.

use web_sys::Element;
use yew::prelude::*;

use super::{Axis, Deed, Measure, Shown};
use crate::browser;
use crate::layout::Point;
use crate::text::measured::short;
use crate::text::sweeps as words;
use crate::ui::Act;
use crate::ui::panels::unit;
use crate::worker::{Reading, Sweep};

/// The drawing's own units.
const WIDE: f64 = 360.0;
const HIGH: f64 = 190.0;
const LEFT: f64 = 52.0;
const RIGHT: f64 = 12.0;
const TOP: f64 = 16.0;
const BOTTOM: f64 = 30.0;
/// A click as near as this to a dot opens its run, in pixels of the screen.
const NEAR: f64 = 24.0;

/// A run with a number.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Dot {
    run: usize,
    /// The parameter's value, or the seed's place in the row.
    x: f64,
    y: f64,
}

/// Runs with a number, from left to right and from bottom to top.
fn dots(sweep: &Sweep, readings: &[Reading]) -> Vec<Dot> {
    let dot = |(run, reading): (usize, &Reading)| {
        let y = (*reading.as_ref().ok()?)?;
        let x = sweep.place(run).0.unwrap_or(run as f64);
        Some(Dot { run, x, y })
    };
    let mut dots: Vec<Dot> = readings.iter().enumerate().filter_map(dot).collect();
    dots.sort_by(|a, b| a.x.total_cmp(&b.x).then(a.y.total_cmp(&b.y)));
    dots
}

/// From values to places.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Scale {
    x: (f64, f64),
    y: (f64, f64),
}

impl Scale {
    fn of(sweep: &Sweep, dots: &[Dot]) -> Self {
        let x = match &sweep.span {
            Some(span) => {
                let ends = (span.values.first(), span.values.last());
                (
                    ends.0.copied().unwrap_or(0.0),
                    ends.1.copied().unwrap_or(1.0),
                )
            }
            None => (0.0, sweep.runs().saturating_sub(1) as f64),
        };
        let heights = || dots.iter().map(|dot| dot.y);
        let (low, high) = (heights().fold(0.0, f64::min), heights().fold(0.0, f64::max));
        let high = if high > low { high } else { low + 1.0 };
        Self { x, y: (low, high) }
    }

    fn place(&self, x: f64, y: f64) -> Point {
        let share = |value: f64, (low, high): (f64, f64)| {
            if high > low {
                (value - low) / (high - low)
            } else {
                0.5
            }
        };
        Point {
            x: LEFT + share(x, self.x) * (WIDE - LEFT - RIGHT),
            y: HIGH - BOTTOM - share(y, self.y) * (HIGH - BOTTOM - TOP),
        }
    }
}

/// What is drawn of the runs so far. It is made anew only when more are measured, not with every picture of
/// the page.
struct Drawn {
    dots: Vec<Dot>,
    scale: Scale,
    /// The dots and the line through the means, as attributes.
    spots: AttrValue,
    line: AttrValue,
}

impl Drawn {
    fn of(sweep: &Sweep, readings: &[Reading]) -> Self {
        let dots = dots(sweep, readings);
        let scale = Scale::of(sweep, &dots);
        let place = |(x, y): &(f64, f64)| {
            let place = scale.place(*x, *y);
            format!("{:.1},{:.1}", place.x, place.y)
        };
        let line: Vec<String> = sweep.means(readings).iter().map(place).collect();
        Self {
            spots: spots(&dots, &scale).into(),
            line: line.join(" ").into(),
            dots,
            scale,
        }
    }
}

/// The nearest dot to a place, and how far it is.
fn nearest(dots: &[Dot], scale: &Scale, at: Point) -> Option<(Dot, f64)> {
    let far = |dot: &Dot| {
        let place = scale.place(dot.x, dot.y);
        (place.x - at.x).hypot(place.y - at.y)
    };
    let all = dots.iter().map(|dot| (*dot, far(dot)));
    all.min_by(|a, b| a.1.total_cmp(&b.1))
}

/// Where a key moves to: left and right to the next value, up and down among the runs of one value.
fn moved(dots: &[Dot], at: usize, key: &str) -> Option<usize> {
    let here = *dots.get(at)?;
    let column = |x: f64| {
        let all = dots.iter().enumerate().filter(move |(_, dot)| dot.x == x);
        all.min_by(|a, b| (a.1.y - here.y).abs().total_cmp(&(b.1.y - here.y).abs()))
            .map(|(at, _)| at)
    };
    let last = dots.len() - 1;
    match key {
        "ArrowRight" => dots[at..]
            .iter()
            .find(|dot| dot.x > here.x)
            .and_then(|dot| column(dot.x)),
        "ArrowLeft" => {
            let before = dots[..at].iter().rev().find(|dot| dot.x < here.x);
            before.and_then(|dot| column(dot.x))
        }
        "ArrowUp" => (at < last && dots[at + 1].x == here.x).then_some(at + 1),
        "ArrowDown" => (at > 0 && dots[at - 1].x == here.x).then(|| at - 1),
        "Home" => Some(0),
        "End" => Some(last),
        _ => None,
    }
}

#[derive(Properties, PartialEq)]
pub struct ChartProps {
    pub measure: Measure,
    /// None: seeds.
    pub axis: Option<Axis>,
    pub shown: Shown,
    pub on_act: Callback<Act>,
}

#[component]
pub fn Chart(props: &ChartProps) -> Html {
    let chosen = use_state_eq(|| None::<usize>);
    let field = use_node_ref();
    // A long table is made only while a person looks at it.
    let unfolded = use_state_eq(|| false);
    let ontoggle = {
        let unfolded = unfolded.clone();
        Callback::from(move |event: Event| {
            let details: Element = event.target_unchecked_into();
            unfolded.set(details.has_attribute("open"));
        })
    };
    let measured = (props.shown.sweep.clone(), props.shown.readings.clone());
    let drawn = use_memo(measured, |(sweep, readings)| Drawn::of(sweep, readings));
    let dots = &drawn.dots;
    if dots.is_empty() {
        return Html::default();
    }
    let at = chosen.and_then(|run| dots.iter().position(|dot| dot.run == run));
    let at = at.unwrap_or(0);
    let here = dots[at];
    let open = {
        let on_act = props.on_act.clone();
        move |run: usize| on_act.emit(Act::Sweep(Deed::Run(run)))
    };
    let hit = {
        let (field, drawn) = (field.clone(), drawn.clone());
        move |event: &MouseEvent| {
            let element = field.cast::<Element>()?;
            let zoom = browser::size_of(&element).0 / WIDE;
            let place = browser::within(&element, event);
            let place = Point {
                x: place.x / zoom,
                y: place.y / zoom,
            };
            let (dot, far) = nearest(&drawn.dots, &drawn.scale, place)?;
            (far * zoom <= NEAR).then_some(dot.run)
        }
    };
    let onpointermove = {
        let (hit, chosen) = (hit.clone(), chosen.clone());
        Callback::from(move |event: PointerEvent| {
            if let Some(run) = hit(&event) {
                chosen.set(Some(run));
            }
        })
    };
    let onclick = {
        let (open, chosen) = (open.clone(), chosen.clone());
        Callback::from(move |event: MouseEvent| {
            if let Some(run) = hit(&event) {
                chosen.set(Some(run));
                open(run);
            }
        })
    };
    let onkeydown = {
        let (open, chosen, drawn) = (open.clone(), chosen.clone(), drawn.clone());
        Callback::from(move |event: KeyboardEvent| {
            let key = event.key();
            if key == "Enter" || key == " " {
                open(drawn.dots[at].run);
            } else if let Some(next) = moved(&drawn.dots, at, &key) {
                chosen.set(Some(drawn.dots[next].run));
            } else if !key.starts_with("Arrow") {
                return;
            }
            event.prevent_default();
            event.stop_propagation();
        })
    };
    let said = said(props, here.run);
    let button = Callback::from(move |_: MouseEvent| open(here.run));
    html! {
        <>
            <svg class="sweep-chart" ref={field} viewBox={format!("0 0 {WIDE} {HIGH}")} tabindex="0" role="slider"
                aria-label={words::RUNS} aria-valuemin="1" aria-valuemax={dots.len().to_string()}
                aria-valuenow={(at + 1).to_string()} aria-valuetext={said.clone()}
                {onpointermove} {onclick} {onkeydown}>
                { drawing(props, &drawn, here) }
            </svg>
            <p class="sweep-run"><output>{ said }</output>
                <button type="button" onclick={button}>{ words::OPEN }</button></p>
            <details class="sweep-table" {ontoggle}>
                <summary>{ words::TABLE }</summary>
                if *unfolded { { table(props, dots) } }
            </details>
        </>
    }
}

fn said(props: &ChartProps, run: usize) -> String {
    let (value, seed) = props.shown.sweep.place(run);
    let value = props.axis.zip(value);
    let value =
        value.map(|(axis, value)| words::value_of(axis.param.title, unit(axis.param), value));
    let read = props.shown.readings.get(run);
    let read = read.and_then(|read| *read.as_ref().ok()?);
    words::run(value.as_deref(), seed, read, props.measure.unit)
}

fn drawing(props: &ChartProps, drawn: &Drawn, here: Dot) -> Html {
    let (sweep, scale) = (&props.shown.sweep, &drawn.scale);
    let floor = HIGH - BOTTOM;
    let chosen = scale.place(here.x, here.y);
    let end = |value: f64| match props.axis {
        Some(_) => short(value),
        None => sweep.place(value as usize).1.to_string(),
    };
    let along = props.axis.map_or(words::SEED, |axis| axis.param.title);
    let middle = (LEFT + WIDE - RIGHT) / 2.0;
    let under = (HIGH - 8.0).to_string();
    html! {
        <g aria-hidden="true">
            <path class="axis" d={format!("M{LEFT} {TOP}V{floor}H{}", WIDE - RIGHT)} />
            <text x={(LEFT - 6.0).to_string()} y={(TOP + 5.0).to_string()} text-anchor="end">{ short(scale.y.1) }</text>
            <text x={(LEFT - 6.0).to_string()} y={floor.to_string()} text-anchor="end">{ short(scale.y.0) }</text>
            <text x={LEFT.to_string()} y={under.clone()}>{ end(scale.x.0) }</text>
            <text x={middle.to_string()} y={under.clone()} text-anchor="middle">{ along }</text>
            <text x={(WIDE - RIGHT).to_string()} y={under} text-anchor="end">{ end(scale.x.1) }</text>
            <polyline points={drawn.line.clone()} />
            <path class="dots" d={drawn.spots.clone()} />
            <circle cx={format!("{:.1}", chosen.x)} cy={format!("{:.1}", chosen.y)} r="6" />
        </g>
    }
}

/// All dots as one path, so that thousands cost no more than one: strokes without a length, whose ends are
/// round.
fn spots(dots: &[Dot], scale: &Scale) -> String {
    let mut path = String::new();
    let mut before = None;
    for dot in dots {
        let place = scale.place(dot.x, dot.y);
        let spot = format!("M{:.1} {:.1}h0", place.x, place.y);
        if before.as_ref() != Some(&spot) {
            path += &spot;
        }
        before = Some(spot);
    }
    path
}

/// The numbers: for each value the mean, the lowest and the highest; for seeds each run.
fn table(props: &ChartProps, dots: &[Dot]) -> Html {
    let sweep = &props.shown.sweep;
    let row = |head: String, cells: Vec<f64>| {
        html! {
            <tr><th scope="row">{ head }</th>{ for cells.into_iter().map(|cell| html! { <td>{ short(cell) }</td> }) }</tr>
        }
    };
    let (heads, rows): (Vec<&str>, Vec<Html>) = match props.axis {
        Some(axis) => {
            let of_value = |(x, mean): (f64, f64)| {
                let mut column = dots.iter().filter(|dot| dot.x == x).map(|dot| dot.y);
                let first = column.next().unwrap_or(mean);
                let last = column.next_back().unwrap_or(first);
                row(short(x), vec![mean, first, last])
            };
            let means = sweep.means(&props.shown.readings);
            let heads = vec![axis.param.title, words::MEAN, words::LOWEST, words::HIGHEST];
            (heads, means.into_iter().map(of_value).collect())
        }
        None => {
            let of_seed = |dot: &Dot| row(sweep.place(dot.run).1.to_string(), vec![dot.y]);
            (
                vec![words::SEED, props.measure.title],
                dots.iter().map(of_seed).collect(),
            )
        }
    };
    html! {
        <table>
            <thead><tr>{ for heads.into_iter().map(|head| html! { <th scope="col">{ head }</th> }) }</tr></thead>
            <tbody>{ for rows }</tbody>
        </table>
    }
}

#[cfg(test)]
mod tests {
    use faultline_sim::descriptor::Recipe;
    use faultline_sim::sweep::Span;

    use super::*;

    fn sweep() -> Sweep {
        Sweep {
            recipe: Recipe::new("any", 1),
            probe: "messages".into(),
            span: Some(Span {
                param: "nodes".into(),
                values: vec![3.0, 5.0],
            }),
            first_seed: 1,
            seeds: 2,
            when: None,
            crashes: None,
        }
    }

    const READ: [Reading; 4] = [Ok(Some(8.0)), Ok(Some(20.0)), Ok(Some(4.0)), Ok(None)];

    #[test]
    fn a_dot_stands_where_its_run_is() {
        let (sweep, read) = (sweep(), READ);
        let dots = dots(&sweep, &read);
        assert_eq!(
            dots.iter().map(|dot| dot.run).collect::<Vec<_>>(),
            [2, 0, 1]
        );
        let scale = Scale::of(&sweep, &dots);
        assert_eq!(
            scale,
            Scale {
                x: (3.0, 5.0),
                y: (0.0, 20.0)
            }
        );
        for dot in &dots {
            let place = scale.place(dot.x, dot.y);
            assert_eq!(nearest(&dots, &scale, place), Some((*dot, 0.0)));
        }
    }

    #[test]
    fn dots_in_one_place_are_drawn_once() {
        let (sweep, read) = (sweep(), [Ok(Some(8.0)), Ok(Some(20.0)), Ok(Some(8.0))]);
        let dots = dots(&sweep, &read);
        let path = spots(&dots, &Scale::of(&sweep, &dots));
        assert_eq!(path.matches("h0").count(), 2, "{path}");
    }

    #[test]
    fn arrow_keys_reach_every_run() {
        let dots = dots(&sweep(), &READ);
        for (at, key, to) in [
            (0, "ArrowUp", Some(1)),
            (1, "ArrowUp", None),
            (0, "ArrowRight", Some(2)),
            (2, "ArrowLeft", Some(1)),
            (0, "ArrowLeft", None),
            (0, "End", Some(2)),
            (2, "Home", Some(0)),
            (0, "x", None),
        ] {
            assert_eq!(moved(&dots, at, key), to, "{at} {key}");
        }
    }
}
