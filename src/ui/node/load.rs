//! A box under load: it fills as its workers are busy, and what waits stands before it.

use faultline_sim::frame::{Figure, Load, NodeFrame};
use yew::prelude::*;

use super::px;

/// More of them are a number.
const MOST_SQUARES: u32 = 6;

/// The load that a node shows, if it is a box.
pub(super) fn of(node: &NodeFrame) -> Option<&Load> {
    node.figures.iter().find_map(|figure| match figure {
        Figure::Load(load) => Some(load),
        _ => None,
    })
}

/// The box, filled from below.
#[inline(never)]
pub(super) fn body(load: &Load, r: f64) -> Html {
    let (side, round) = (r * 0.92, r * 0.22);
    let share = f64::from(load.busy.unwrap_or(0).min(100)) / 100.0;
    let height = 2.0 * side * share;
    html! {
        <>
            <rect class="shape" x={px(-side)} y={px(-side)} width={px(2.0 * side)} height={px(2.0 * side)}
                rx={px(round)} />
            if share > 0.0 {
                <rect class="load-fill" x={px(-side)} y={px(side - height)} width={px(2.0 * side)}
                    height={px(height)} rx={px(round.min(height / 2.0))} />
            }
        </>
    }
}

/// What waits: a row of squares that ends at the box.
#[inline(never)]
pub(super) fn queue(load: &Load, r: f64, scale: f64) -> Html {
    let (size, step) = (6.0 * scale, 8.0 * scale);
    let shown = load.waiting.min(MOST_SQUARES);
    let left = |at: u32| -r * 0.92 - step * f64::from(at + 1);
    html! {
        <g class="load-queue" aria-hidden="true">
            { for (0..shown).map(|at| html! {
                <rect key={at} x={px(left(at))} y={px(-size / 2.0)} width={px(size)} height={px(size)} rx="1" />
            }) }
            if load.waiting > MOST_SQUARES {
                <text x={px(left(MOST_SQUARES))} dy="0.36em">{ load.waiting }</text>
            }
        </g>
    }
}
