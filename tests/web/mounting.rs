//! Mounts a part of the page alone and finds its elements and acts.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

use crate::{own_element, rendered};

/// Any HTML as one component.
#[derive(Properties, PartialEq)]
struct ShowProps {
    what: Html,
}

#[component]
fn Show(props: &ShowProps) -> Html {
    props.what.clone()
}

/// With the panels' own style sheet, because a scrolling list depends on it.
pub async fn mount(what: Html) -> Element {
    let root = own_element();
    let what = html! { <><style>{ include_str!("../../static/panels.css") }</style>{ what }</> };
    yew::Renderer::<Show>::with_root_and_props(root.clone(), ShowProps { what }).render();
    rendered().await;
    root
}

pub fn text(root: &Element) -> String {
    root.text_content().unwrap_or_default()
}

pub fn find<T: JsCast>(root: &Element, selector: &str) -> T {
    let found = root.query_selector(selector).unwrap();
    found
        .unwrap_or_else(|| panic!("no {selector} in {}", root.inner_html()))
        .dyn_into()
        .unwrap()
}

/// The button with this name.
pub fn button(root: &Element, label: &str) -> HtmlElement {
    let all = root.query_selector_all("button").unwrap();
    (0..all.length())
        .filter_map(|i| all.item(i)?.dyn_into::<HtmlElement>().ok())
        .find(|button| {
            let name = button.get_attribute("aria-label");
            name.or_else(|| button.text_content()).as_deref() == Some(label)
        })
        .unwrap_or_else(|| panic!("no button {label} in {}", root.inner_html()))
}

/// A callback that records its values.
pub fn heard<T: 'static>() -> (Rc<RefCell<Vec<T>>>, Callback<T>) {
    let heard = Rc::new(RefCell::new(Vec::new()));
    let into = heard.clone();
    (
        heard,
        Callback::from(move |what| into.borrow_mut().push(what)),
    )
}
