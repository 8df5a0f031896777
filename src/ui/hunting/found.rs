//! A run that breaks a rule: which one, how, and what it needs.

use yew::prelude::*;

use super::{Deed, title_of};
use crate::text::broken::sentence;
use crate::text::hunting as words;
use crate::text::records::Vocabulary;
use crate::ui::{ProtocolRef, Same};
use crate::worker::Failure;

/// `so_far`: it is still made shorter.
pub fn found(
    protocol: ProtocolRef,
    failure: &Same<Failure>,
    so_far: bool,
    on_deed: &Callback<Deed>,
) -> Html {
    let by_hand = failure.by_hand.is_some();
    let act = |deed: Deed| on_deed.reform(move |_: MouseEvent| deed.clone());
    let (told, rest) = words::told(failure, &Vocabulary::of(&protocol));
    html! {
        <div class="hunt-found" key={by_hand.to_string()}>
            <h3>{ title_of(protocol.0, &failure.law) }</h3>
            <p class="hunt-reason">{ sentence(&failure.reason) }</p>
            <p><strong>{ words::shortest(failure, so_far) }</strong></p>
            if told.is_empty() {
                <p>{ words::BY_ITSELF }</p>
            } else {
                <ol class="hunt-steps">
                    { for told.into_iter().map(|(at, said)| html! {
                        <li><span class="hunt-at">{ at }</span>{ " " }{ said }</li>
                    }) }
                </ol>
            }
            if let Some(rest) = rest { <p class="quiet">{ rest }</p> }
            <div class="hunt-do">
                <button type="button" class="primary" onclick={act(Deed::Stage(by_hand))}>{ words::OPEN }</button>
                <button type="button" onclick={act(Deed::CopyLink(by_hand))}>{ words::COPY_LINK }</button>
            </div>
        </div>
    }
}
