//! A history from a file, over the page.

use yew::prelude::*;

use super::{Deed, History, Shown, press};
use crate::text::history as words;
use crate::ui::icons::Icon;
use crate::ui::{Act, Same, use_focus};

#[derive(Properties, PartialEq)]
pub struct SheetProps {
    pub shown: Same<Shown>,
    pub about: AttrValue,
    /// Why the file cannot be read.
    pub wrong: Option<AttrValue>,
    pub on_act: Callback<Act>,
}

#[component]
pub fn Sheet(props: &SheetProps) -> Html {
    let SheetProps {
        shown,
        about,
        wrong,
        on_act,
    } = props;
    let root = use_focus();
    html! {
        <div class="help reading hist-file" role="dialog" aria-labelledby="hist-title" tabindex="-1" ref={root}>
            <div class="help-head">
                <h2 id="hist-title">{ words::FILE }</h2>
                <span class="gap"></span>
                <button type="button" class="close" aria-label={words::CLOSE_FILE}
                    onclick={press(on_act, Deed::Close)}>{ Icon::Close.inline() }</button>
            </div>
            <p class="wrong" role="status">{ wrong.clone() }</p>
            if wrong.is_none() {
                <p class="reading-sum">{ about }</p>
                <History shown={shown.clone()} on_act={on_act.clone()} />
            }
        </div>
    }
}
