//! What a node knows, at its body: the one value inside, answers round it, facts below.

use faultline_sim::frame::{Life, NodeFrame, Pips};
use yew::prelude::*;

use super::{NodeProps, px};
use crate::layout::Anchor;

/// A smaller body has room for its number only.
const INSIDE_FROM: f64 = 25.0;
/// More answers than this are a number.
const MOST_PIPS: u32 = 11;

/// The value that is shown inside the body, if there is one and room for it.
fn inside(node: &NodeFrame, r: f64, scale: f64) -> Option<String> {
    let down = matches!(node.life, Life::Down { .. });
    let word = node.inside.filter(|_| r >= INSIDE_FROM * scale && !down)?;
    Some(word.as_str().to_owned())
}

/// The node's number, above its value if one is shown.
pub(super) fn number(node: &NodeFrame, r: f64, scale: f64) -> Html {
    let lift = inside(node, r, scale).map(|_| px(-r * 0.16));
    html! { <text class="number" translate="no" y={lift} dy="0.36em">{ node.id.0 }</text> }
}

/// The value inside the body. It is not part of the node's button, whose name says it in its own words.
pub(super) fn value(node: &NodeFrame, r: f64, scale: f64) -> Option<Html> {
    let word = inside(node, r, scale)?;
    let letters = crate::text::letters(&word).max(1) as f64;
    // Some 0.64 of the size is the width of a letter; the chord there is nine tenths of the body.
    let size = (1.72 * r / (letters * 0.64))
        .min(15.0 * scale)
        .min(r * 0.36);
    // A new value is a new element, which shows that it has just changed.
    Some(html! {
        <text class="inside" aria-hidden="true" key={word.clone()} y={px(r * 0.44)} dy="0.3em"
            ~style={format!("font-size: {size:.1}px")}>{ word }</text>
    })
}

/// How many facts are shown: as many as have room.
pub(super) fn shown(props: &NodeProps) -> usize {
    if matches!(props.node.life, Life::Down { .. }) || props.decor.word.1 == Anchor::End {
        return 0;
    }
    props.lines.unwrap_or(0)
}

/// Answers and facts.
#[inline(never)]
pub(super) fn facts(props: &NodeProps) -> Html {
    let node = &props.node;
    if matches!(node.life, Life::Down { .. }) {
        return Html::default();
    }
    let chips = node.chips.iter().take(shown(props)).enumerate();
    html! {
        <>
            if let Some(pips) = node.pips { { round(pips, props.radius, props.scale) } }
            { for chips.map(|(row, chip)| pill(props, row, chip)) }
        </>
    }
}

/// One dot an answer on an arc above the body: yes is full, no is crossed, the rest is still open. A
/// longer stroke stands where there are enough.
fn round(pips: Pips, r: f64, scale: f64) -> Html {
    let all = pips.of.max(pips.yes + pips.no);
    if all == 0 || all > MOST_PIPS || r < 16.0 * scale {
        return Html::default();
    }
    let reach = r + 13.0 * scale;
    let step = (0.42_f64).min(2.6 / f64::from(all));
    let size = (5.0 * scale).min(reach * step * 0.4);
    let first = -0.5 * step * f64::from(all - 1);
    // The place of an answer, or between two of them.
    let at = |place: f64, reach: f64| {
        let (sin, cos) = libm::sincos(first + step * place);
        (reach * sin, -reach * cos)
    };
    let dot = |number: u32| {
        let (x, y) = at(f64::from(number), reach);
        let class = match number {
            n if n < pips.yes => "pip yes",
            n if n < pips.yes + pips.no => "pip no",
            _ => "pip",
        };
        let no = class == "pip no";
        let (a, b) = (size * 0.55, -size * 0.55);
        html! {
            <g {class} transform={format!("translate({x:.1} {y:.1})")}>
                <circle r={px(size)} />
                if no { <path d={format!("M{a:.1} {a:.1}L{b:.1} {b:.1}M{a:.1} {b:.1}L{b:.1} {a:.1}")} /> }
            </g>
        }
    };
    let needed = (pips.need > 0 && pips.need < all).then(|| {
        let place = f64::from(pips.need) - 0.5;
        let ((x, y), (u, v)) = (
            at(place, reach - 7.0 * scale),
            at(place, reach + 7.0 * scale),
        );
        html! { <path class="pip-need" d={format!("M{x:.1} {y:.1}L{u:.1} {v:.1}")} /> }
    });
    html! { <g class="pips" aria-hidden="true">{ for (0..all).map(dot) }{ for needed }</g> }
}

fn pill(props: &NodeProps, row: usize, chip: &str) -> Html {
    let s = props.scale;
    let (word, anchor) = props.decor.word;
    let width = (crate::text::letters(chip) as f64 * 6.9 + 20.0) * s;
    let y = word.y + (20.0 + 20.0 * row as f64) * s;
    let middle = match anchor {
        Anchor::Start => word.x + width / 2.0,
        _ => word.x,
    };
    html! {
        <g class="chip" key={chip.to_owned()} transform={format!("translate({middle:.1} {y:.1})")}>
            <rect x={px(-width / 2.0)} y={px(-9.0 * s)} width={px(width)} height={px(18.0 * s)} rx={px(9.0 * s)} />
            <text dy="0.35em">{ chip.to_owned() }</text>
        </g>
    }
}
