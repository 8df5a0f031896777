//! How many keys each owner has, with the mean as a line across all bars.

use faultline_sim::process::NodeId;
use yew::prelude::*;

use super::weave::weave_of;
use super::{Shown, letter_of, px};
use crate::layout::Wheel;
use crate::text;
use crate::ui::act::PickAct;
use crate::ui::{Act, classes};

/// Lower rows have no room for words.
const LEAST_ROW: f64 = 15.0;

#[derive(Properties, PartialEq)]
pub struct BarsProps {
    pub ring: Shown,
    pub wheel: Wheel,
    pub selected: Option<NodeId>,
    pub on_act: Callback<Act>,
}

#[component]
pub fn Bars(props: &BarsProps) -> Html {
    let (ring, wheel) = (&props.ring.0, &props.wheel);
    let loads = ring.loads();
    let most = loads.iter().copied().max().unwrap_or(0).max(1);
    let members = ring.owners.iter().filter(|owner| owner.member).count();
    let mean = f64::from(loads.iter().sum::<u32>()) / members.max(1) as f64;
    let length = |keys: f64| keys / f64::from(most).max(mean) * wheel.longest;
    let row = wheel.row(ring.owners.len());
    let all = row * ring.owners.len() as f64;
    let top = wheel.bars.y + (wheel.height - all).max(0.0) / 2.0;
    let left = wheel.bars.x;
    let worded = row >= LEAST_ROW * wheel.scale;
    let at = left + length(mean);
    let (from, to) = (top - 4.0, top + all + 4.0);
    let bar = |(i, owner): (usize, &faultline_sim::frame::RingOwner)| {
        let node = owner.node;
        let y = top + row * i as f64;
        let middle = y + row / 2.0;
        let thick = (row * 0.62).clamp(1.0, 18.0 * wheel.scale);
        let keys = loads[i];
        let class = classes(&[
            ("ring-bar", true),
            ("gone", !owner.member),
            ("fine", !worded),
            ("chosen", props.selected == Some(node)),
        ]);
        let pick = props
            .on_act
            .reform(move |_: MouseEvent| Act::Pick(PickAct::Pick(node)));
        let end = left + length(f64::from(keys));
        html! {
            <g {class} onclick={pick} data-bar={owner.name.clone()} data-keys={keys.to_string()}>
                <title>{ text::ring::load(&owner.name, keys) }</title>
                <rect class="hit" x={px(left - 60.0)} y={px(y)} width={px(60.0 + wheel.longest)} height={px(row)} />
                <rect class="bar" x={px(left)} y={px(middle - thick / 2.0)}
                    width={px(length(f64::from(keys)).max(1.0))} height={px(thick)} fill={weave_of(node)} />
                // The mean continues over bars that reach it.
                if f64::from(keys) > mean {
                    <path class="ring-mean" d={format!("M{at:.1} {:.1}v{thick:.1}", middle - thick / 2.0)} />
                }
                if worded {
                    <text class="bar-name" x={px(left - 6.0)} y={px(middle)} dy="0.36em">
                        <tspan class="bar-letter">{ letter_of(node) }</tspan>{ format!(" {}", owner.name) }
                    </text>
                    <text class="bar-keys" x={px(end + 5.0)} y={px(middle)} dy="0.36em">{ keys }</text>
                }
            </g>
        }
    };
    html! {
        <g class="ring-bars">
            if members > 0 && !ring.items.is_empty() {
                <path class="ring-mean" d={format!("M{at:.1} {from:.1}V{to:.1}")} />
                <text class="ring-part" x={px(at)} y={px(to + 9.0 * wheel.scale)} dy="0.36em">{ text::ring::mean(mean) }</text>
            }
            { for ring.owners.iter().enumerate().map(bar) }
        </g>
    }
}
