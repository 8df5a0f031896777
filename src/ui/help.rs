//! The help: what the page can do, the keyboard shortcuts, and the page's few settings.

use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::ui::use_focus;

use crate::keys::MAP;
use crate::text;
use crate::theme::Theme;
use crate::ui::Act;
use crate::ui::act::ViewAct;
use crate::ui::icons::Icon;

#[derive(Properties, PartialEq)]
pub struct HelpProps {
    pub letters: bool,
    pub theme: Theme,
    /// Whether to offer tools for the page's developers.
    pub debug: bool,
    pub on_act: Callback<Act>,
}

#[component]
pub fn Help(props: &HelpProps) -> Html {
    let HelpProps { on_act, .. } = props;
    let root = use_focus();
    let close = on_act.reform(|_: MouseEvent| Act::View(ViewAct::Help(false)));
    let check = |event: &Event| {
        let input: Option<HtmlInputElement> = event.target().and_then(|t| t.dyn_into().ok());
        input.is_some_and(|i| i.checked())
    };
    let letters = on_act.reform(move |event: Event| Act::View(ViewAct::Letters(check(&event))));
    let paint = |theme: Theme| {
        let onchange = on_act.reform(move |_: Event| Act::View(ViewAct::Theme(theme)));
        html! {
            <label class="choice">
                <input type="radio" name="theme" checked={props.theme == theme} {onchange} />
                { text::theme(theme) }
            </label>
        }
    };
    html! {
        <div class="help" role="dialog" aria-labelledby="help-title" tabindex="-1" ref={root}>
            <div class="help-head">
                <h2 id="help-title">{ "Help" }</h2>
                <button type="button" class="close" aria-label="Close help" onclick={close}>
                    { Icon::Close.inline() }
                </button>
            </div>
            <p>{ "Every node is a running process. The body of a node shows the truth. Crowns, eyes and \
                  words show what it believes. Break something, watch, step back, try again." }</p>
            <dl class="keys">
                { for MAP.iter().map(|row| html! {
                    <div><dt><kbd>{ row.shown }</kbd></dt><dd>{ row.does }</dd></div>
                }) }
            </dl>
            <label class="choice">
                <input type="checkbox" checked={props.letters} onchange={letters} />
                { "Use single letters and symbols as shortcuts" }
            </label>
            <fieldset class="themes">
                <legend>{ text::THEMES }</legend>
                { for Theme::ALL.into_iter().map(paint) }
            </fieldset>
            <p class="forget">
                <button type="button" onclick={on_act.reform(|_: MouseEvent| Act::View(ViewAct::Forget))}>
                    { text::FORGET }
                </button>
                { text::FORGET_ABOUT }
            </p>
            <button type="button" onclick={on_act.reform(|_: MouseEvent| Act::View(ViewAct::Naming(true)))}>
                { text::naming::DOOR }
            </button>
            if props.debug {
                <button type="button" class="breaks"
                    onclick={on_act.reform(|_: MouseEvent| Act::Panic)}>
                    { "Panic now (debug)" }
                </button>
            }
        </div>
    }
}
