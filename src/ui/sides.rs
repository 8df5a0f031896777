//! The sides of a partition: hatched hulls with a letter each. They are not red and blue, because no
//! side is good or bad.

use faultline_sim::frame::Frame;
use faultline_sim::process::NodeId;
use yew::prelude::*;

use crate::layout::{Area, Point, Scene};
use crate::text;

/// The letter of a side by its position: A to Z, then AA, AB and so on.
#[must_use]
pub fn letter(side: usize) -> String {
    let last = char::from(b'A' + (side % 26) as u8);
    match side / 26 {
        0 => last.to_string(),
        before => letter(before - 1) + &last.to_string(),
    }
}

/// The letter of a node's side.
#[must_use]
pub fn side_of(sides: &[Vec<NodeId>], id: NodeId) -> Option<AttrValue> {
    let side = sides.iter().position(|side| side.contains(&id))?;
    Some(AttrValue::from(letter(side)))
}

/// The sides, under everything else: panels with a wall between them where they stand apart, else an
/// outline round each.
#[inline(never)]
pub fn sides(frame: &Frame, scene: &Scene, minority: Option<&str>) -> Html {
    let sides = &frame.sides;
    let all: usize = sides.iter().map(|side| scene.members_among(side)).sum();
    let filled = sides.iter().enumerate().filter(|(_, ids)| !ids.is_empty());
    if !scene.apart() {
        let hull = |(i, ids): (usize, &Vec<NodeId>)| hull(i, ids, scene);
        return html! { <g class="sides" aria-hidden="true">{ for filled.map(hull) }</g> };
    }
    let panel = |((i, ids), bank): ((usize, &Vec<NodeId>), &Area)| {
        let own = scene.members_among(ids);
        let s = scene.scale();
        let said = text::side_standing(&letter(i), own, all);
        let cannot = minority.filter(|_| 2 * own <= all);
        let wide = bank.width >= 300.0 * s;
        let (said, below) = match cannot {
            Some(cannot) if wide => (format!("{said}: {cannot}"), None),
            Some(cannot) => (said, Some(cannot)),
            None => (said, None),
        };
        let px = |value: f64| format!("{value:.1}");
        html! {
            <g class={format!("side side-{}", i % 4)}>
                <rect class="bank" x={px(bank.left)} y={px(bank.top)} width={px(bank.width)}
                    height={px(bank.height)} rx={px(20.0 * s)} />
                <text class="side-name" x={px(bank.left + 16.0 * s)} y={px(bank.top + 20.0 * s)}
                    dy="0.36em">{ said }</text>
                if let Some(cannot) = below {
                    <text class="side-name" x={px(bank.left + 16.0 * s)} y={px(bank.top + 40.0 * s)}
                        dy="0.36em">{ cannot.to_owned() }</text>
                }
            </g>
        }
    };
    let wall = |(a, b): &(Point, Point)| {
        let d = format!("M{:.1} {:.1}L{:.1} {:.1}", a.x, a.y, b.x, b.y);
        html! { <path class="wall" {d} /> }
    };
    html! {
        <g class="sides apart" aria-hidden="true">
            { for filled.zip(&scene.banks).map(panel) }
            { for scene.walls.iter().map(wall) }
            { for toll(frame.lost_at_split, scene) }
        </g>
    }
}

/// How many messages have been lost at the walls, at the foot of the last one.
fn toll(lost: u64, scene: &Scene) -> Option<Html> {
    let (_, foot) = scene.walls.last().filter(|_| lost > 0)?;
    let s = scene.scale();
    let said = text::lost_at_split(lost);
    let (half, high) = (text::letters(&said) as f64 * 4.4 * s + 10.0 * s, 12.0 * s);
    let px = |value: f64| format!("{value:.1}");
    let y = foot.y - high;
    Some(html! {
        <g class="toll">
            <rect x={px(foot.x - half)} y={px(y - high)} width={px(2.0 * half)} height={px(2.0 * high)}
                rx={px(high)} />
            <text x={px(foot.x)} y={px(y)} dy="0.36em">{ said }</text>
        </g>
    })
}

fn hull(i: usize, ids: &[NodeId], scene: &Scene) -> Html {
    let hatch = format!("hull hatch-{}", i % 4);
    let at = scene.hull_letter(ids).unwrap_or_default();
    html! {
        <g class={format!("side side-{}", i % 4)}>
            <path class={hatch} d={scene.hull(ids)} />
            if scene.past.is_none() {
                <text class="side-letter" x={format!("{:.1}", at.x)} y={format!("{:.1}", at.y)}
                    dy="0.36em">{ format!("side {}", letter(i)) }</text>
            }
        </g>
    }
}

/// Patterns that the stage's shapes are filled with.
pub fn patterns() -> Html {
    let hatch = |id: &'static str, turn: i32, gap: u32, class: &'static str| {
        html! {
            <pattern {id} patternUnits="userSpaceOnUse" width={gap.to_string()}
                height={gap.to_string()} patternTransform={format!("rotate({turn})")}>
                <path d={format!("M0 0V{gap}")} {class} />
            </pattern>
        }
    };
    html! {
        <defs>
            { hatch("hatch-log", -45, 6, "hatch-line fine") }
            { hatch("hatch-down", 45, 6, "hatch-line strong") }
            { hatch("hatch-0", 45, 12, "hatch-line") }
            { hatch("hatch-1", -45, 12, "hatch-line") }
            { hatch("hatch-2", 0, 12, "hatch-line") }
            { hatch("hatch-3", 90, 12, "hatch-line") }
        </defs>
    }
}

#[cfg(test)]
mod tests {
    use super::letter;

    #[test]
    fn there_is_a_letter_for_any_number_of_sides() {
        assert_eq!(letter(0), "A");
        assert_eq!(letter(25), "Z");
        assert_eq!(letter(26), "AA");
        assert_eq!(letter(51), "AZ");
        assert_eq!(letter(52), "BA");
    }
}
