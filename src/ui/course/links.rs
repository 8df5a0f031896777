//! The links of a lesson for a class: one for each step, with its QR code, to show or to print.

use yew::prelude::*;

use crate::ui::use_focus;

use super::{Deed, Export};
use crate::text::course as words;
use crate::ui::Act;
use crate::ui::act::ShareAct;
use crate::ui::icons::Icon;
use crate::ui::share::Code;

#[derive(Properties, PartialEq)]
pub struct LinksProps {
    pub title: AttrValue,
    /// Steps with their addresses.
    pub links: Vec<(String, String)>,
    pub on_act: Callback<Act>,
}

#[component]
pub fn Links(props: &LinksProps) -> Html {
    let root = use_focus();
    let deed = |deed: Deed| {
        props
            .on_act
            .reform(move |_: MouseEvent| Act::Learn(deed.clone()))
    };
    let copy = |address: &str| {
        let address = address.to_owned();
        props
            .on_act
            .reform(move |_: MouseEvent| Act::Share(ShareAct::Copy(address.clone())))
    };
    html! {
        <div class="help labsheet on-paper" role="dialog" aria-labelledby="links-title" tabindex="-1" ref={root}>
            <div class="help-head">
                <h2 id="links-title">{ format!("{}: {}", words::LINKS, props.title) }</h2>
                <button type="button" class="close" aria-label={words::CLOSE} onclick={deed(Deed::Links(false))}>
                    { Icon::Close.inline() }
                </button>
            </div>
            <p class="quiet">{ words::LINKS_ABOUT }</p>
            <p class="ask-acts off-paper">
                <button type="button" class="primary" onclick={deed(Deed::Export(Export::Print))}>{ words::PRINT }</button>
            </p>
            <ol class="links">
                { for props.links.iter().map(|(step, address)| html! {
                    <li>
                        <div>
                            <p><strong>{ step }</strong></p>
                            <p class="links-address">{ address }</p>
                            <button type="button" class="off-paper" onclick={copy(address)}>{ words::COPY }</button>
                        </div>
                        <Code address={address.clone()} />
                    </li>
                }) }
            </ol>
        </div>
    }
}
