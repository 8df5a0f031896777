//! The number of sent messages, in all and by kind, on the stage of scenarios about that number.

use yew::prelude::*;

use crate::text;

#[derive(Properties, PartialEq)]
pub struct TallyProps {
    /// The kinds to count.
    pub kinds: &'static [&'static str],
    /// Messages sent so far by kind.
    pub sent: Vec<(&'static str, u64)>,
}

/// Empty if the scenario counts nothing.
#[component]
pub fn Tally(props: &TallyProps) -> Html {
    let kinds = props.kinds.iter();
    let counts = kinds.filter_map(|kind| props.sent.iter().find(|(known, _)| known == kind));
    let counts: Vec<&(&str, u64)> = counts.collect();
    if props.kinds.is_empty() {
        return Html::default();
    }
    let all: u64 = counts.iter().map(|(_, count)| count).sum();
    let line = |count: u64, what: &str, class: &'static str| {
        html! { <li {class}><strong translate="no">{ count }</strong>{ format!(" {what}") }</li> }
    };
    html! {
        <ul class="tally" aria-label={text::SENT_SO_FAR}>
            { line(all, text::messages(all), "tally-all") }
            { for counts.iter().map(|(kind, count)| line(*count, kind, "")) }
        </ul>
    }
}
