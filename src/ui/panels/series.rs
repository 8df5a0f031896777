//! A curve in a panel, with the limit that it is held against: phi and its threshold, silence and the timeout
//! that follows it.

use faultline_sim::frame::Limit;
use yew::prelude::*;

use crate::text::series as text;

/// The drawing's own units; it stretches to the panel's width.
const WIDE: f64 = 300.0;
const HIGH: f64 = 72.0;

/// A curve may rise to this many times its limit; what is higher is cut, and said in words.
const ABOVE: f64 = 2.0;

#[derive(Properties, PartialEq)]
pub struct SeriesProps {
    pub name: AttrValue,
    pub points: Vec<(f64, f64)>,
    pub limit: Option<Limit>,
}

#[component]
pub fn Series(props: &SeriesProps) -> Html {
    let SeriesProps {
        name,
        points,
        limit,
    } = props;
    let ([first, ..], [.., last]) = (&points[..], &points[..]) else {
        return Html::default();
    };
    let heights = limit.as_ref().map_or(&[][..], |limit| &limit.heights);
    let most = |values: &mut dyn Iterator<Item = f64>| values.fold(0.0, f64::max);
    let highest = most(&mut points.iter().map(|(_, y)| *y));
    let tolerated = most(&mut heights.iter().copied());
    let top = if tolerated > 0.0 {
        highest.clamp(tolerated, tolerated * ABOVE) * 1.1
    } else {
        highest.max(f64::MIN_POSITIVE)
    };
    let span = (last.0 - first.0).max(f64::MIN_POSITIVE);
    let line = |of: &dyn Fn(usize, f64) -> Option<f64>| -> String {
        let places = points.iter().enumerate().filter_map(|(at, (x, y))| {
            let x = (x - first.0) / span * WIDE;
            let y = HIGH * (1.0 - (of(at, *y)? / top).clamp(0.0, 1.0));
            Some(format!("{x:.1},{y:.1} "))
        });
        places.collect()
    };
    let over = heights.last().is_some_and(|limit| last.1 >= *limit);
    let now = (last.1, limit.as_ref().zip(heights.last().copied()));
    let said = text::said(name, now, highest);
    html! {
        <figure class="series">
            <figcaption>
                <span>{ text::value(name, last.1) }</span>
                if let (limit, Some(height)) = (limit, heights.last()) {
                    <span class="series-limit-name">
                        { limit.as_ref().map(|limit| text::value(&limit.name, *height)) }
                    </span>
                }
            </figcaption>
            <svg viewBox={format!("0 0 {WIDE} {HIGH}")} preserveAspectRatio="none" role="img" aria-label={said}>
                <polyline class="series-limit" points={line(&|at, _| heights.get(at).copied())} />
                <polyline class={classes!("series-line", over.then_some("over"))} points={line(&|_, y| Some(y))} />
            </svg>
            <p class="series-span"><span>{ text::second(first.0) }</span><span>{ text::second(last.0) }</span></p>
        </figure>
    }
}
