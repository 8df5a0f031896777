//! What all nodes hold together, on the stage: red the moment it is not what it should be.

use faultline_sim::kit::Total;
use yew::prelude::*;

use crate::text::total as text;

/// The meter.
pub fn total(total: &Total) -> Html {
    let wrong = total.now != total.should;
    html! {
        <p class={classes!("total", wrong.then_some("wrong"))} key="total">
            <span>{ total.title }</span>{ " " }
            <strong>{ total.now }</strong>{ " " }
            <span class="total-should">{ text::should(total) }</span>
        </p>
    }
}
