//! The same operations as a table.

use yew::prelude::*;

use super::{Deed, Shape, Shown, press};
use crate::text::history as words;
use crate::ui::{Act, Same};

#[derive(Properties, PartialEq)]
pub struct TableProps {
    pub shown: Same<Shown>,
    pub on_act: Callback<Act>,
}

#[component]
pub fn Table(props: &TableProps) -> Html {
    let TableProps { shown, on_act } = props;
    let row = |shape: &Shape| {
        let order = match (shape.letter, shape.place) {
            (Some(letter), _) => letter.to_string(),
            (None, Some(place)) => place.to_string(),
            (None, None) => String::new(),
        };
        html! {
            <tr key={shape.number} class={classes!(shape.letter.map(|_| "selected"))}>
                <th scope="row">
                    <button type="button" onclick={press(on_act, Deed::Pick(shape.number))}>
                        { format!("#{}", shape.number + 1) }
                    </button>
                </th>
                <td>{ &shape.who }</td>
                <td>{ &shape.text }</td>
                <td class="st-number">{ &shape.from }</td>
                <td class="st-number">{ &shape.to }</td>
                <td class="st-number">{ order }</td>
            </tr>
        }
    };
    html! {
        <div class="st-table hist-table" tabindex="0" role="region" aria-label={words::TABLE}>
            <table>
                <caption>{ &shown.summary }</caption>
                <thead>
                    <tr>{ for words::COLUMNS.iter().map(|name| html! { <th scope="col">{ *name }</th> }) }</tr>
                </thead>
                <tbody>{ for shown.shapes.iter().map(row) }</tbody>
            </table>
        </div>
    }
}
