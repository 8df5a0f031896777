//! The binary search for a key's owner: a bracket around the remaining points, a hand at the present
//! point, and after it the walk to the nodes with copies.

use faultline_sim::frame::Ring;
use yew::prelude::*;

use super::px;
use crate::layout::Wheel;

/// Empty if no node has searched.
pub fn searching(wheel: &Wheel, ring: &Ring) -> Html {
    let Some(search) = &ring.search else {
        return Html::default();
    };
    let point = |at: u32| ring.points.get(at as usize).map(|(at, _)| *at);
    let (inner, outer) = wheel.edges();
    let s = wheel.scale;
    let key = wheel.at(search.at, inner - 6.0 * s);
    let d = format!(
        "M{:.1} {:.1}l{s4:.1} {s4:.1}l-{s4:.1} {s4:.1}l-{s4:.1} -{s4:.1}Z",
        key.x,
        key.y - 5.0 * s,
        s4 = 5.0 * s
    );
    let word = key.towards(wheel.centre, 0.16);
    let found = search.found.and_then(point);
    // The last step stays visible after the search has ended.
    let bracket = search.looks.last();
    let bracket = bracket.and_then(|[left, middle, right]| {
        let (from, at, to) = (point(*left)?, point(*middle)?, point(*right)?);
        let radius = outer + 3.0 * s;
        let line = if left == right {
            String::new()
        } else {
            wheel.arc(from, to, radius)
        };
        let ends = [from, to].map(|end| {
            let (a, b) = (
                wheel.at(end, inner - 3.0 * s),
                wheel.at(end, outer + 9.0 * s),
            );
            format!("M{:.1} {:.1}L{:.1} {:.1}", a.x, a.y, b.x, b.y)
        });
        Some(html! {
            <>
                <path class="search-bracket" d={line + &ends.concat()} />
                if found.is_none() { { hand(wheel, at) } }
            </>
        })
    });
    let walk = ring.walk.iter().enumerate().filter_map(|(step, at)| {
        let at = wheel.at(point(*at)?, wheel.radius);
        Some(html! {
            <g class="walk-step">
                <circle cx={px(at.x)} cy={px(at.y)} r={px(9.0 * s)} />
                <text x={px(at.x)} y={px(at.y)} dy="0.36em">{ step + 1 }</text>
            </g>
        })
    });
    let last = ring.walk.last().copied().and_then(point);
    html! {
        <g class="ring-search">
            <path class="search-key" {d} />
            <text class="search-word" x={px(word.x)} y={px(word.y)} dy="0.36em">{ &search.label }</text>
            { for bracket }
            if let Some(found) = found { { hand(wheel, found) } }
            if let Some(last) = last {
                <path class="walk-line" d={wheel.arc(search.at, last, outer + 5.0 * s)} />
            }
            { for walk }
        </g>
    }
}

/// A hand from the centre to a point.
fn hand(wheel: &Wheel, at: f64) -> Html {
    let (from, to) = (
        wheel.at(at, wheel.radius * 0.32),
        wheel.at(at, wheel.edges().0 - 2.0),
    );
    let d = format!("M{:.1} {:.1}L{:.1} {:.1}", from.x, from.y, to.x, to.y);
    html! {
        <>
            <path class="search-hand" {d} />
            <circle class="search-tip" cx={px(to.x)} cy={px(to.y)} r={px(4.0 * wheel.scale)} />
        </>
    }
}
