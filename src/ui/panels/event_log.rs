//! The event log: one row and one plain sentence per record. Only visible rows exist.

use faultline_sim::sorted::SortedSet;
use std::rc::Rc;

use faultline_sim::process::NodeId;
use web_sys::Element;
use yew::prelude::*;

use super::clock;
use super::controls::value_of;
use super::window::Window;
use crate::text::event as words;
use crate::text::records::{LogRow, RowTone};

/// Until the first row has been measured.
const ROW_PX: f64 = 48.0;

#[derive(Properties, PartialEq)]
pub struct EventLogProps {
    pub rows: Rc<Vec<LogRow>>,
    /// The latest record at the cursor.
    pub current: u64,
    /// Requests whose answers broke a law, with how.
    #[prop_or_default]
    pub wrong: Vec<(u64, AttrValue)>,
    /// Goes to a record.
    pub on_go: Callback<u64>,
    /// Shows the details of the record.
    #[prop_or_default]
    pub on_inspect: Option<Callback<u64>>,
}

#[derive(Clone, Copy, Default, PartialEq)]
struct Filter {
    node: Option<NodeId>,
    tone: Option<RowTone>,
}

impl Filter {
    fn takes(&self, row: &LogRow) -> bool {
        self.node.is_none_or(|id| row.node == Some(id))
            && self.tone.is_none_or(|tone| row.tone == tone)
    }
}

/// The panel. It follows the cursor while the cursor's row is visible. After a person scrolls away, it
/// stays until they come back or press "Follow".
#[component]
pub fn EventLog(props: &EventLogProps) -> Html {
    let filter = use_state(Filter::default);
    let follows = use_state(|| true);
    let picked = use_state(|| None::<u64>);
    let list = use_node_ref();

    let shown = use_memo((props.rows.clone(), *filter), |(rows, filter)| {
        (0..rows.len())
            .filter(|i| filter.takes(&rows[*i]))
            .collect::<Vec<usize>>()
    });
    let nodes = use_memo(props.rows.clone(), |rows| {
        rows.iter()
            .filter_map(|row| row.node)
            .collect::<SortedSet<NodeId>>()
    });
    let seq_at = |i: usize| props.rows[shown[i]].seq;
    let current = shown
        .partition_point(|i| props.rows[*i].seq <= props.current)
        .checked_sub(1);
    // The rows of the first render: other rows would appear only for a moment.
    let window = use_state(|| {
        let start = Window {
            top: 0.0,
            height: 400.0,
            row: ROW_PX,
        };
        Window {
            top: current.map_or(0.0, |index| start.with_last(index)),
            ..start
        }
    });

    {
        let (list, window, follows) = (list.clone(), window.clone(), *follows);
        use_effect_with((current, shown.len(), follows), move |(current, ..)| {
            let Some(element) = list.cast::<Element>() else {
                return;
            };
            let seen = measured(&element, &window);
            if let Some(index) = current.filter(|_| follows) {
                element.set_scroll_top(seen.with_last(index).ceil() as i32);
            }
            let seen = measured(&element, &window);
            if seen != *window {
                window.set(seen);
            }
        });
    }

    let onscroll = {
        let (list, window, follows) = (list.clone(), window.clone(), follows.clone());
        Callback::from(move |_: Event| {
            let Some(element) = list.cast::<Element>() else {
                return;
            };
            let seen = measured(&element, &window);
            // The follower's own scrolling keeps the row visible, so this detects a person's scrolling.
            follows.set(current.is_none_or(|index| seen.shows(index)));
            window.set(seen);
        })
    };
    let onkeydown = {
        let (list, window, picked, follows) = (
            list.clone(),
            window.clone(),
            picked.clone(),
            follows.clone(),
        );
        let (shown, rows, on_go) = (shown.clone(), props.rows.clone(), props.on_go.clone());
        Callback::from(move |event: KeyboardEvent| {
            let at = picked.and_then(|seq| shown.iter().position(|i| rows[*i].seq == seq));
            let at = at.or(current).unwrap_or(0);
            let last = shown.len().saturating_sub(1);
            let page = (window.height / window.row).max(1.0) as usize;
            let next = match event.key().as_str() {
                "ArrowDown" => (at + 1).min(last),
                "ArrowUp" => at.saturating_sub(1),
                "PageDown" => (at + page).min(last),
                "PageUp" => at.saturating_sub(page),
                "Home" => 0,
                "End" => last,
                "Enter" | " " => {
                    if let Some(i) = shown.get(at) {
                        on_go.emit(rows[*i].seq);
                    }
                    at
                }
                _ => return,
            };
            // The page's own keys (play, step, jump) would act too.
            event.prevent_default();
            event.stop_propagation();
            let Some(i) = shown.get(next) else { return };
            picked.set(Some(rows[*i].seq));
            let Some(element) = list.cast::<Element>() else {
                return;
            };
            if let Some(top) = measured(&element, &window).reveal(next) {
                follows.set(false);
                element.set_scroll_top(top.ceil() as i32);
            }
        })
    };

    let (from, to) = window.rows(shown.len());
    let active = picked.or(current.map(seq_at));
    let row = |position: usize| {
        let row = &props.rows[shown[position]];
        let (seq, on_go, picked) = (row.seq, props.on_go.clone(), picked.clone());
        let onclick = Callback::from(move |_: MouseEvent| {
            picked.set(Some(seq));
            on_go.emit(seq);
        });
        let is_current = Some(position) == current;
        // What is still to come is not judged yet.
        let judged = row.answers.filter(|_| row.seq <= props.current);
        let wrong = judged.and_then(|id| props.wrong.iter().find(|(other, _)| *other == id));
        let tone = wrong.map_or(row.tone, |_| RowTone::Broken);
        let sentence = match wrong {
            Some((_, why)) => words::wrong_answer(&row.sentence, why),
            None => row.sentence.clone(),
        };
        let class = classes!(
            "log-row",
            tone_class(tone),
            is_current.then_some("log-row-current"),
            (row.seq > props.current).then_some("log-row-future"),
            (Some(row.seq) == active).then_some("log-row-active"),
        );
        html! {
            <div key={row.seq} id={row_id(row.seq)} role="option" {class} {onclick}
                aria-selected={if is_current { "true" } else { "false" }}
                aria-posinset={(position + 1).to_string()} aria-setsize={shown.len().to_string()}
                ~style={format!("top: {}px", position as f64 * window.row)}>
                <span class="log-mark" aria-hidden="true">
                    { if wrong.is_some() { "✗" } else { tone.letter() } }
                </span>
                <span class="log-time" translate="no">{ clock(row.time) }</span>
                <span class="log-sentence" title={sentence.clone()}>{ sentence }</span>
            </div>
        }
    };
    let in_sight = active.filter(|seq| (from..to).any(|i| seq_at(i) == *seq));
    html! {
        <section class="sheet event-log" aria-labelledby="event-log-title">
            <div class="sheet-head">
                <h2 id="event-log-title">{ "Event log" }</h2>
                { filters(&filter, &nodes) }
                if !*follows {
                    <button type="button" class="act" onclick={
                        let follows = follows.clone();
                        move |_: MouseEvent| follows.set(true)
                    }>{ "Follow" }</button>
                }
            </div>
            <div class="log-list" ref={list} role="listbox" tabindex="0" {onscroll} {onkeydown}
                aria-label="Events. Enter goes to the selected one."
                aria-activedescendant={in_sight.map(row_id)}>
                <div class="log-sizer" role="presentation"
                    ~style={format!("height: {}px", shown.len() as f64 * window.row)}>
                    { for (from..to).map(row) }
                </div>
            </div>
            if let Some(row) = picked.and_then(|seq| props.rows.iter().find(|row| row.seq == seq)) {
                // A row has two lines, and this one may need more.
                <div class="log-whole">
                    <p>{ &row.sentence }</p>
                    if let Some(on_inspect) = &props.on_inspect {
                        <button type="button" class="act" onclick={{
                            let seq = row.seq;
                            on_inspect.reform(move |_: MouseEvent| seq)
                        }}>{ words::INSPECT }</button>
                    }
                </div>
            }
            if shown.is_empty() {
                <p class="quiet">{ "Nothing of this kind has happened yet." }</p>
            }
        </section>
    }
}

fn row_id(seq: u64) -> String {
    format!("log-row-{seq}")
}

/// The list's scroll state and the height of a row, which depends on the person's font size.
fn measured(list: &Element, before: &Window) -> Window {
    let row = list.query_selector(".log-row").ok().flatten();
    let row = row
        .map(|row| row.get_bounding_client_rect().height())
        .filter(|px| *px > 0.0);
    Window {
        top: f64::from(list.scroll_top()),
        height: f64::from(list.client_height()),
        row: row.unwrap_or(before.row),
    }
}

fn filters(filter: &UseStateHandle<Filter>, nodes: &SortedSet<NodeId>) -> Html {
    let by_node = {
        let filter = filter.clone();
        Callback::from(move |event: Event| {
            let node = NodeId::parse(&value_of(&event)).ok();
            filter.set(Filter { node, ..*filter });
        })
    };
    let by_tone = {
        let filter = filter.clone();
        Callback::from(move |event: Event| {
            let word = value_of(&event);
            let tone = RowTone::ALL
                .iter()
                .find(|row| row.1 == word)
                .map(|row| row.0);
            filter.set(Filter { tone, ..*filter });
        })
    };
    html! {
        <div class="log-filters" role="group" aria-label="Show only">
            <select aria-label="Node" onchange={by_node}>
                <option value="" selected={filter.node.is_none()}>{ "All nodes" }</option>
                { for nodes.iter().map(|id| html! {
                    <option value={id.to_string()} selected={filter.node == Some(*id)}>
                        { format!("Node {}", id.0) }
                    </option>
                }) }
            </select>
            <select aria-label="Kind of event" onchange={by_tone}>
                <option value="" selected={filter.tone.is_none()}>{ "All kinds" }</option>
                { for RowTone::ALL.iter().map(|(tone, word, _)| html! {
                    <option value={*word} selected={filter.tone == Some(*tone)}>{ *word }</option>
                }) }
            </select>
        </div>
    }
}

fn tone_class(tone: RowTone) -> &'static str {
    match tone {
        RowTone::Message | RowTone::Timer | RowTone::Note => "tone-plain",
        // Red is for broken rules alone.
        RowTone::Broken => "tone-broken",
        RowTone::Loss | RowTone::Node | RowTone::Fault => "tone-fault",
        RowTone::Belief => "tone-belief",
        RowTone::Client => "tone-client",
    }
}
