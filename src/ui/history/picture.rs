//! Operations as bars over time: one row a process, faults above, the present at the right.

use web_sys::{Element, HtmlElement};
use yew::prelude::*;

use super::{Deed, Shape, Shown};
use crate::layout::Bar;
use crate::text::history as words;
use crate::ui::{Act, Same};

/// Pixels of the geometry in one `rem`.
const REM: f64 = 16.0;
/// Someone who scrolls back by more than this, in pixels, no longer follows.
const BACK: i32 = 60;

#[derive(Properties, PartialEq)]
pub struct PictureProps {
    pub shown: Same<Shown>,
    pub on_act: Callback<Act>,
}

fn rem(px: f64) -> String {
    format!("{:.3}rem", px / REM)
}

fn left(px: f64) -> String {
    format!("left: {}", rem(px))
}

#[component]
pub fn Picture(props: &PictureProps) -> Html {
    let PictureProps { shown, on_act } = props;
    let area = use_node_ref();
    {
        let area = area.clone();
        let width = shown.bars.width;
        let sight = shown.sight;
        use_effect_with(
            (shown.follow, sight.map(f64::to_bits), width.to_bits()),
            move |(follow, ..)| {
                let Some(area) = area.cast::<Element>() else {
                    return;
                };
                let (seen, whole) = (area.client_width(), area.scroll_width());
                match sight {
                    Some(x) => {
                        let x = x / width * f64::from(whole);
                        area.set_scroll_left(x as i32 - seen / 2);
                    }
                    None if *follow => area.set_scroll_left(whole),
                    None => {}
                }
            },
        );
    }
    let onscroll = {
        let (on_act, follow) = (on_act.clone(), shown.follow && shown.sight.is_none());
        Callback::from(move |event: Event| {
            let area: HtmlElement = event.target_unchecked_into();
            let rest = area.scroll_width() - area.client_width() - area.scroll_left();
            if follow && rest > BACK {
                on_act.emit(Act::History(Deed::Follow(false)));
            }
        })
    };
    let lanes = shown
        .bars
        .rows
        .iter()
        .map(|(_, lanes)| lanes)
        .sum::<usize>();
    let active = shown.active.and_then(|at| shown.shapes.get(at));
    let bars = &shown.bars;
    html! {
        <div class="hist-area" role="listbox" tabindex="0" ref={area} {onscroll} onkeydown={keys(on_act)}
            aria-label={words::BARS} aria-activedescendant={active.map(|shape| id(shape.number))}>
            <div class="hist-sheet" role="presentation"
                ~style={format!("width: calc({} + var(--hist-names)); --hist-lanes: {lanes}", rem(bars.width))}>
                { for shown.rows.iter().zip(&bars.rows).map(|(name, (first, lanes))| row(name, *first, *lanes)) }
                <div class="hist-time" role="presentation">
                    { for bars.ticks.iter().zip(&shown.ticks).map(|((x, _), word)| html! {
                        <span class={classes!("hist-tick", (*x >= bars.now).then_some("last"))}
                            aria-hidden="true" ~style={left(*x)}>{ word }</span>
                    }) }
                    { for bars.marks.iter().zip(&shown.faults).map(|(x, fault)| html! {
                        <span class={classes!("hist-fault", fault.breaks.then_some("broken"))}
                            aria-hidden="true" title={fault.told.clone()} ~style={left(*x)}>
                            { &fault.word }</span>
                    }) }
                    if !shown.given {
                        <span class="hist-now" aria-hidden="true" ~style={left(bars.now)}></span>
                    }
                    { for shown.shapes.iter().zip(&bars.bars).enumerate().map(|(at, (shape, bar))| {
                        option(shape, bar, shown.active == Some(at), on_act)
                    }) }
                </div>
            </div>
        </div>
    }
}

fn id(number: u32) -> String {
    format!("hist-op-{number}")
}

fn row(name: &str, first: usize, lanes: usize) -> Html {
    html! {
        <div class="hist-row" role="presentation" ~style={format!("--hist-lane: {first}; --hist-high: {lanes}")}>
            <span class="hist-name" aria-hidden="true">{ name }</span>
        </div>
    }
}

fn option(shape: &Shape, bar: &Bar, active: bool, on_act: &Callback<Act>) -> Html {
    let number = shape.number;
    let onclick = on_act.reform(move |_: MouseEvent| Act::History(Deed::Pick(number)));
    let style = format!(
        "{}; width: {}; --hist-lane: {}",
        left(bar.x),
        rem(bar.width),
        bar.lane
    );
    html! {
        <div key={number} id={id(number)} role="option" aria-selected={active.to_string()} title={shape.told.clone()}
            class={classes!("hist-op", shape.class.clone(), active.then_some("active"))}
            ~style={style} {onclick}>
            if let Some(letter) = shape.letter { <span class="hist-letter" aria-hidden="true">{ letter }</span> }
            <span class="hist-text" aria-hidden="true">{ &shape.text }</span>
            if let Some(place) = shape.place { <span class="hist-place" aria-hidden="true">{ place }</span> }
            <span class="for-readers">{ &shape.told }{ words::part(shape.letter, shape.place) }</span>
        </div>
    }
}

fn keys(on_act: &Callback<Act>) -> Callback<KeyboardEvent> {
    let on_act = on_act.clone();
    Callback::from(move |event: KeyboardEvent| {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let deed = match event.key().as_str() {
            "ArrowLeft" => Deed::Walk(-1, 0),
            "ArrowRight" => Deed::Walk(1, 0),
            "ArrowUp" => Deed::Walk(0, -1),
            "ArrowDown" => Deed::Walk(0, 1),
            "Home" => Deed::End(false),
            "End" => Deed::End(true),
            "Enter" | " " => Deed::Choose,
            "PageUp" => Deed::Turn(false),
            "PageDown" => Deed::Turn(true),
            "+" | "=" => Deed::Zoom(1.5),
            "-" | "_" => Deed::Zoom(1.0 / 1.5),
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        on_act.emit(Act::History(deed));
    })
}
