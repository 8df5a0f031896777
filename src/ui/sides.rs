//! The sides of a partition: hatched hulls with a letter each. They are not red and blue, because no
//! side is good or bad.

use faultline_sim::process::NodeId;
use yew::prelude::*;

use crate::layout::Scene;

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

/// The hulls, under everything else.
pub fn hulls(sides: &[Vec<NodeId>], scene: &Scene) -> Html {
    let hull = |(i, ids): (usize, &Vec<NodeId>)| {
        let hatch = format!("hull hatch-{}", i % 4);
        let at = scene.hull_letter(ids).unwrap_or_default();
        html! {
            <g class="side">
                <path class={hatch} d={scene.hull(ids)} />
                <text class="side-letter" x={format!("{:.1}", at.x)} y={format!("{:.1}", at.y)}
                    dy="0.36em">{ format!("side {}", letter(i)) }</text>
            </g>
        }
    };
    html! { <g class="sides" aria-hidden="true">{ for sides.iter().enumerate().map(hull) }</g> }
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
