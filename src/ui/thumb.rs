//! A small picture of a scenario, where it is first worth a look: nodes, links, messages, a wall.

use yew::prelude::*;

use super::Same;

/// The drawing's size in its own units.
pub const SIZE: (f64, f64) = (480.0, 270.0);

/// A place of the drawing.
pub type Place = (f64, f64);
/// From here to there.
pub type Line = (Place, Place);

/// What is drawn, in those units.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sketch {
    pub radius: f64,
    pub nodes: Vec<Dot>,
    /// Links, and whether they are cut.
    pub links: Vec<(Line, bool)>,
    pub messages: Vec<Place>,
    pub walls: Vec<Line>,
    /// The ring of keys: its centre and radius.
    pub ring: Option<(f64, f64, f64)>,
}

/// A node.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Dot {
    pub at: Place,
    pub word: String,
    pub class: &'static str,
}

#[derive(Properties, PartialEq)]
pub struct ThumbProps {
    /// None until it is drawn.
    pub sketch: Option<Same<Sketch>>,
}

#[component]
pub fn Thumb(props: &ThumbProps) -> Html {
    let view = format!("0 0 {} {}", SIZE.0, SIZE.1);
    let Some(sketch) = &props.sketch else {
        return html! { <svg class="thumb" viewBox={view} aria-hidden="true"></svg> };
    };
    let n = |value: f64| format!("{value:.0}");
    let line = |(from, to): Line, class: &'static str| {
        html! { <line {class} x1={n(from.0)} y1={n(from.1)} x2={n(to.0)} y2={n(to.1)} /> }
    };
    let named = sketch.nodes.len() <= 12;
    html! {
        <svg class="thumb" viewBox={view} aria-hidden="true">
            if let Some((x, y, radius)) = sketch.ring {
                <circle class="ring" cx={n(x)} cy={n(y)} r={n(radius)} />
            }
            { for sketch.links.iter().map(|(ends, cut)| line(*ends, if *cut { "cut" } else { "link" })) }
            { for sketch.walls.iter().map(|wall| line(*wall, "wall")) }
            { for sketch.nodes.iter().map(|dot| html! {
                <>
                    <circle class={dot.class} cx={n(dot.at.0)} cy={n(dot.at.1)} r={n(sketch.radius)} />
                    if dot.class == "down" {
                        { line(((dot.at.0 - 9.0, dot.at.1 - 9.0), (dot.at.0 + 9.0, dot.at.1 + 9.0)), "cross") }
                        { line(((dot.at.0 - 9.0, dot.at.1 + 9.0), (dot.at.0 + 9.0, dot.at.1 - 9.0)), "cross") }
                    } else if named {
                        <text x={n(dot.at.0)} y={n(dot.at.1)} dy="0.36em">{ &dot.word }</text>
                    }
                </>
            }) }
            { for sketch.messages.iter().map(|(x, y)| html! { <circle class="message" cx={n(*x)} cy={n(*y)} r="7" /> }) }
        </svg>
    }
}
