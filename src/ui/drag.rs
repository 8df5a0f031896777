//! A number in a sentence that can be dragged, stepped with the arrow keys, or changed with − and +.

use std::cell::Cell;

use web_sys::{Element, PointerEvent};
use yew::prelude::*;

use crate::text::course as words;
use crate::text::measured::short;

/// Pixels of a drag for one step.
const PIXELS: f64 = 14.0;

#[derive(Properties, PartialEq)]
pub struct DragNumberProps {
    pub label: AttrValue,
    pub value: f64,
    pub low: f64,
    pub high: f64,
    pub on_set: Callback<f64>,
}

/// While it is dragged, the number follows; letting go sets it.
#[component]
pub fn DragNumber(props: &DragNumberProps) -> Html {
    let dragged = use_state_eq(|| None::<f64>);
    let from = use_mut_ref(|| Cell::new(0));
    let (low, high, value) = (props.low, props.high, props.value);
    let shown = dragged.unwrap_or(value);
    let step = |by: f64| {
        let to = (value + by).clamp(low, high);
        props.on_set.reform(move |_: MouseEvent| to)
    };
    let onpointerdown = {
        let (from, dragged) = (from.clone(), dragged.clone());
        Callback::from(move |event: PointerEvent| {
            let element: Element = event.target_unchecked_into();
            let _ = element.set_pointer_capture(event.pointer_id());
            from.borrow().set(event.client_x());
            dragged.set(Some(value));
        })
    };
    let onpointermove = {
        let (from, dragged) = (from.clone(), dragged.clone());
        Callback::from(move |event: PointerEvent| {
            if dragged.is_some() {
                let moved = f64::from(event.client_x() - from.borrow().get());
                dragged.set(Some((value + (moved / PIXELS).round()).clamp(low, high)));
            }
        })
    };
    let onpointerup = {
        let (dragged, on_set) = (dragged.clone(), props.on_set.clone());
        Callback::from(move |_: PointerEvent| {
            if let Some(to) = dragged.filter(|to| (to - value).abs() > 0.5) {
                on_set.emit(to);
            }
            dragged.set(None);
        })
    };
    let onkeydown = {
        let on_set = props.on_set.clone();
        Callback::from(move |event: KeyboardEvent| {
            let to = match event.key().as_str() {
                "ArrowRight" | "ArrowUp" => value + 1.0,
                "ArrowLeft" | "ArrowDown" => value - 1.0,
                "Home" => low,
                "End" => high,
                _ => return,
            };
            event.prevent_default();
            event.stop_propagation();
            on_set.emit(to.clamp(low, high));
        })
    };
    html! {
        <span class="drag">
            <button type="button" aria-label={words::less(&props.label)} disabled={value <= low}
                onclick={step(-1.0)}>{ "−" }</button>
            <span class="drag-number" role="slider" tabindex="0" aria-label={props.label.clone()}
                aria-valuenow={short(shown)} aria-valuemin={short(low)} aria-valuemax={short(high)}
                {onpointerdown} {onpointermove} {onpointerup} {onkeydown}>{ short(shown) }</span>
            <button type="button" aria-label={words::more(&props.label)} disabled={value >= high}
                onclick={step(1.0)}>{ "+" }</button>
        </span>
    }
}
