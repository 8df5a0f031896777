//! Two events compared: the verdict in words, and their vectors column by column.

use faultline_diagram::Comparison;
use yew::prelude::*;

use super::Deed;
use super::bar::press;
use crate::text::spacetime as words;
use crate::ui::Act;
use crate::ui::icons::Icon;

/// With more nodes, only columns that differ are shown.
const MOST_COLUMNS: usize = 16;

#[derive(Properties, PartialEq)]
pub struct CompareCardProps {
    pub comparison: Comparison,
    pub on_act: Callback<Act>,
}

#[component]
pub fn CompareCard(props: &CompareCardProps) -> Html {
    let CompareCardProps { comparison, on_act } = props;
    let (word, sentence) = words::verdict(comparison.order);
    let wide = comparison.columns.len() > MOST_COLUMNS;
    let columns = || {
        let all = comparison.columns.iter();
        let telling = all.filter(move |column| !wide || column.sign != '=');
        telling.take(MOST_COLUMNS)
    };
    let convention = if comparison.quiet_order == comparison.order {
        words::SAME_VERDICT.to_owned()
    } else {
        words::other_convention(comparison.quiet_order)
    };
    html! {
        <div class="st-compare" role="group" aria-label={words::COMPARE}>
            <div class="st-verdict">
                <strong data-verdict={word}>{ sentence }</strong>
                <button type="button" class="st-icon" aria-label={words::COMPARE_END}
                    title={words::COMPARE_END} onclick={press(on_act, Deed::Uncompare)}>
                    { Icon::Close.inline() }
                </button>
            </div>
            <div class="st-vectors" tabindex="0" role="region" aria-label={words::STAMPS}>
                <table>
                    <thead><tr>
                        <td></td>
                        { for columns().map(|c| html! { <th scope="col">{ words::node_column(c.node) }</th> }) }
                    </tr></thead>
                    <tbody>
                        <tr>
                            <th scope="row">{ "A" }</th>
                            { for columns().map(|c| html! { <td>{ c.a }</td> }) }
                        </tr>
                        <tr class="st-signs">
                            <td></td>
                            { for columns().map(|c| html! { <td>{ c.sign }</td> }) }
                        </tr>
                        <tr>
                            <th scope="row">{ "B" }</th>
                            { for columns().map(|c| html! { <td>{ c.b }</td> }) }
                        </tr>
                    </tbody>
                </table>
            </div>
            <p class="st-convention">{ convention }</p>
        </div>
    }
}
