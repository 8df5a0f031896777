//! Requests to a node, as a client sends them.

use faultline_sim::descriptor::RequestForm;
use faultline_sim::process::NodeId;
use yew::prelude::*;

use super::{choice, chosen, head};
use crate::text::breaking as text;
use crate::ui::act::{BreakAct, PickAct};
use crate::ui::request_form::{Request, forms_for};
use crate::ui::{Act, Sheet};

/// The receiving node and its requests.
pub fn ask(
    id: NodeId,
    roster: &[(NodeId, String)],
    forms: &'static [RequestForm],
    on_act: &Callback<Act>,
) -> Html {
    let takes = |(_, role): &&(NodeId, String)| forms_for(forms, role).next().is_some();
    let able: Vec<NodeId> = roster.iter().filter(takes).map(|(id, _)| *id).collect();
    // The intended node may take no requests, for example a server that only clients call.
    let Some(id) = able.contains(&id).then_some(id).or(able.first().copied()) else {
        return html! { <>{ head(Sheet::Ask(id), text::ASK_TITLE, on_act) }<p>{ text::NO_REQUESTS }</p></> };
    };
    let role = roster.iter().find(|(other, _)| *other == id);
    let forms = forms_for(forms, role.map_or("", |(_, role)| role.as_str()));
    let other = on_act
        .reform(move |event: Event| Act::Pick(PickAct::Sheet(Some(Sheet::Ask(chosen(&event))))));
    let on_command = on_act.reform(|it| Act::Break(BreakAct::Apply(it)));
    html! {
        <>
            { head(Sheet::Ask(id), text::ASK_TITLE, on_act) }
            <div class="ask">
                { for forms.map(|form| html! {
                    <Request key={format!("{}-{}", id.0, form.title)} node={id} {form}
                        on_command={on_command.clone()} />
                }) }
                <label class="ask-node"><span>{ text::ASK_NODE }</span>
                    { choice(&able, Some(id), "", other) }
                </label>
            </div>
        </>
    }
}
