//! What a scenario is about, beside the stage: its summary, what to try, and the way to its essay.

use yew::prelude::*;

use super::essay::Essay;
use crate::browser::fetch_text;
use crate::text::finding as words;
use crate::ui::ProtocolRef;
use crate::ui::terms::marked;

/// The heading of an essay's last part (xtask/split/src/texts.rs makes the file).
const TRY: &str = "<h4>Try</h4>";

#[derive(Properties, PartialEq)]
pub struct AboutProps {
    pub protocol: ProtocolRef,
    pub summary: AttrValue,
}

#[component]
pub fn About(props: &AboutProps) -> Html {
    let tries = use_state_eq(|| None::<AttrValue>);
    let fetch = {
        let (tries, id) = (tries.clone(), props.protocol.0.id);
        Callback::from(move |_: MouseEvent| {
            let tries = tries.clone();
            let came = Callback::from(move |text: Option<String>| {
                let list = text.and_then(|text| Some(listed(&text)?.to_owned()));
                tries.set(list.map(AttrValue::from));
            });
            fetch_text(&format!("texts/{id}.html"), came);
        })
    };
    html! {
        <>
            <details class="fold about-scenario">
                <summary onclick={fetch}>{ words::ABOUT }</summary>
                <p>{ marked(&props.summary) }</p>
                if let Some(list) = &*tries {
                    <h3>{ words::TRY }</h3>
                    <div class="essay">{ Html::from_html_unchecked(list.clone()) }</div>
                }
            </details>
            <Essay protocol={props.protocol} />
        </>
    }
}

/// The list under "Try" in an essay.
fn listed(essay: &str) -> Option<&str> {
    let (_, list) = essay.split_once(TRY)?;
    let end = list.find("</ul>")? + "</ul>".len();
    Some(list[..end].trim())
}

#[cfg(test)]
mod tests {
    use super::listed;

    #[test]
    fn an_essay_says_what_to_try() {
        let essay = "<p>a</p>\n<h4>Try</h4>\n<ul>\n<li>b</li>\n</ul>\n<p>Source</p>";
        assert_eq!(listed(essay), Some("<ul>\n<li>b</li>\n</ul>"));
        assert_eq!(listed("<p>a</p>"), None);
    }
}
