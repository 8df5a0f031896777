//! The same window as a table.

use faultline_sim::timeline::Target;
use yew::prelude::*;

use super::Shown;
use crate::text::spacetime as words;
use crate::ui::act::TravelAct;
use crate::ui::{Act, Same};

/// One event of the window.
#[derive(Clone, Debug, PartialEq)]
pub struct TableRow {
    pub seq: u64,
    pub time: String,
    pub place: String,
    pub sentence: String,
    pub stamp: String,
    /// Its relation to the selected event.
    pub side: &'static str,
    pub selected: bool,
}

#[derive(Properties, PartialEq)]
pub struct TableProps {
    pub shown: Same<Shown>,
    pub on_act: Callback<Act>,
}

#[component]
pub fn Table(props: &TableProps) -> Html {
    let TableProps { shown, on_act } = props;
    let related = shown.cones.is_some();
    let row = |row: &TableRow| {
        let seq = row.seq;
        let go =
            on_act.reform(move |_: MouseEvent| Act::Travel(TravelAct::Go(Target::Record(seq))));
        html! {
            <tr key={seq} data-seq={seq.to_string()} aria-selected={row.selected.then_some("true")}
                class={classes!(row.selected.then_some("selected"))}>
                <th scope="row">
                    <button type="button" onclick={go}>{ format!("#{seq}") }</button>
                </th>
                <td class="st-number">{ &row.time }</td>
                <td>{ &row.place }</td>
                <td>{ &row.sentence }</td>
                <td class="st-number">{ &row.stamp }</td>
                if related { <td>{ row.side }</td> }
            </tr>
        }
    };
    html! {
        <div class="st-table" tabindex="0" role="region" aria-label={words::TABLE}>
            <table>
                <caption>{ words::table(shown.rows.len(), shown.all_rows) }</caption>
                <thead>
                    <tr>
                        { for words::COLUMNS.iter().map(|name| html! { <th scope="col">{ *name }</th> }) }
                        if related { <th scope="col">{ words::RELATION }</th> }
                    </tr>
                </thead>
                <tbody>{ for shown.rows.iter().map(row) }</tbody>
            </table>
        </div>
    }
}
