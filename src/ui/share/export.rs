//! Exports of the run for other programs and a notebook: files, pictures, the lab record.

use yew::prelude::*;

use crate::text::exports as words;
use crate::ui::Act;
use crate::ui::act::ShareAct;

/// The kinds of exports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Export {
    Shiviz,
    Json,
    Text,
    Mermaid,
    CopyMermaid,
    StageSvg,
    StagePng,
    Diagram,
    LabRecord,
}

#[derive(Properties, PartialEq)]
pub struct ExportPartProps {
    /// The space-time diagram is open.
    pub windowed: bool,
    pub on_act: Callback<Act>,
}

#[component]
pub fn ExportPart(props: &ExportPartProps) -> Html {
    let button = |(what, word): &(Export, &'static str)| {
        let what = *what;
        let onclick = props
            .on_act
            .reform(move |_: MouseEvent| Act::Share(ShareAct::Export(what)));
        html! { <button type="button" {onclick}>{ *word }</button> }
    };
    let group = |title: &'static str, buttons: &[(Export, &'static str)]| {
        html! {
            <fieldset class="exports">
                <legend>{ title }</legend>
                { for buttons.iter().map(button) }
            </fieldset>
        }
    };
    let around = if props.windowed {
        words::IN_WINDOW
    } else {
        words::AROUND
    };
    html! {
        <section class="export" aria-labelledby="export-title">
            <h3 id="export-title">{ words::TITLE }</h3>
            { group(words::TRACE, &[
                (Export::Shiviz, words::SHIVIZ),
                (Export::Json, words::JSON),
                (Export::Text, words::TEXT),
            ]) }
            { group(around, &[
                (Export::Mermaid, words::MERMAID),
                (Export::CopyMermaid, words::COPY_MERMAID),
            ]) }
            { group(words::PICTURES, &[
                (Export::StageSvg, words::STAGE_SVG),
                (Export::StagePng, words::STAGE_PNG),
                (Export::Diagram, words::DIAGRAM),
            ]) }
            { group(words::RECORD, &[(Export::LabRecord, words::LAB_RECORD)]) }
            <p class="quiet">{ words::LAB_RECORD_ABOUT }</p>
        </section>
    }
}
