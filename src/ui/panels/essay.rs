//! A protocol's essay, fetched when a person opens it.

use yew::prelude::*;

use super::super::ProtocolRef;
use crate::browser::fetch_text;
use crate::text;

/// The state of loading.
#[derive(PartialEq)]
enum Reading {
    Closed,
    UnderWay,
    Here(String),
    Failed,
}

#[derive(Properties, PartialEq)]
pub struct EssayProps {
    pub protocol: ProtocolRef,
}

/// An essay that unfolds. Its text is a file of its own, made from Markdown at build time
/// (xtask/split/src/texts.rs), so that essays do not add to the size of the page.
#[component]
pub fn Essay(props: &EssayProps) -> Html {
    let protocol = props.protocol.0;
    let reading = use_state_eq(|| Reading::Closed);
    let fetch = {
        let reading = reading.clone();
        Callback::from(move |_: MouseEvent| {
            if matches!(*reading, Reading::Here(_) | Reading::UnderWay) {
                return;
            }
            reading.set(Reading::UnderWay);
            let reading = reading.clone();
            let came = Callback::from(move |text: Option<String>| {
                // Some servers answer with their start page where a file is missing.
                let essay = text.filter(|text| !text.trim_start().starts_with("<!"));
                reading.set(essay.map_or(Reading::Failed, Reading::Here));
            });
            fetch_text(&format!("texts/{}.html", protocol.id), came);
        })
    };
    // A screen reader announces the status instead of a whole essay.
    let status = match &*reading {
        Reading::Closed | Reading::Here(_) => Html::default(),
        Reading::UnderWay => html! { <p class="quiet">{ text::LOADING }</p> },
        Reading::Failed => html! {
            <p>
                { text::ESSAY_MISSING }{ " " }
                <button type="button" onclick={fetch.clone()}>{ text::TRY_AGAIN }</button>
            </p>
        },
    };
    html! {
        <details class="fold">
            <summary onclick={fetch}>{ format!("Read about {}", protocol.title) }</summary>
            <div role="status">{ status }</div>
            if let Reading::Here(text) = &*reading {
                <div class="essay">{ Html::from_html_unchecked(crate::ui::terms::marked_page(text).into()) }</div>
            }
            <p class="quiet">{ protocol.reference }</p>
        </details>
    }
}
