//! The inspector: the details of the selection, and what a person can do to it.

use std::rc::Rc;

use faultline_sim::command::Command;
use faultline_sim::descriptor::RequestForm;
use faultline_sim::frame::{Frame, Kind};
use faultline_sim::kit::Kit;
use faultline_sim::process::NodeId;
use yew::prelude::*;

use super::SettingsShown;
use super::event::{event, links};
use super::link::{LinkInspector, Ways};
use super::message::MessageInspector;
use super::node::NodeInspector;
use super::this_box::ThisBoxProps;
use crate::text;
use crate::text::event as words;
use crate::text::records::LogRow;
use crate::ui::Selection;
use crate::views::EventDetail;

#[derive(Properties)]
pub struct InspectorProps {
    pub selection: Selection,
    pub frame: Rc<Frame>,
    /// The text of the selected message or record.
    pub detail: Option<String>,
    /// The size of the selected message, in bytes.
    #[prop_or_default]
    pub size: Option<u64>,
    /// The behaviour of the selected link.
    #[prop_or_default]
    pub ways: Option<Ways>,
    pub on_command: Callback<Command>,
    pub requests: &'static [RequestForm],
    /// What the nodes may be, if a person puts the system together.
    #[prop_or_default]
    pub kit: Option<&'static Kit>,
    #[prop_or_default]
    pub on_join: Callback<NodeId>,
    /// The settings of the run, of all nodes and of single ones.
    #[prop_or_default]
    pub settings: SettingsShown,
    /// Whether nodes of this protocol can forge messages.
    #[prop_or_default]
    pub forges: bool,
    /// The selected event.
    #[prop_or_default]
    pub event: Option<Rc<EventDetail>>,
    /// The latest events of the selected node, or the sending of the selected message.
    #[prop_or_default]
    pub rows: Vec<LogRow>,
    /// Goes to an event.
    #[prop_or_default]
    pub on_go: Callback<u64>,
    /// The meaning of the kinds of messages.
    #[prop_or_default]
    pub kinds: &'static [Kind],
}

impl PartialEq for InspectorProps {
    fn eq(&self, other: &Self) -> bool {
        self.selection == other.selection
            && (Rc::ptr_eq(&self.frame, &other.frame) || self.frame == other.frame)
            && (&self.detail, self.size) == (&other.detail, other.size)
            && self.ways == other.ways
            && (&self.event, &self.rows) == (&other.event, &other.rows)
            && self.on_go == other.on_go
            && self.on_command == other.on_command
            && std::ptr::eq(self.requests, other.requests)
            && self.kit.is_some() == other.kit.is_some()
            && self.on_join == other.on_join
            && self.forges == other.forges
            && self.settings == other.settings
            && std::ptr::eq(self.kinds, other.kinds)
    }
}

/// The panel for the selection. Each selection has its own key, so that a half-filled form never goes
/// to another node.
#[component]
pub fn Inspector(props: &InspectorProps) -> Html {
    let frame = &props.frame;
    let on_command = &props.on_command;
    let (title, body) = match &props.selection {
        Selection::None => ("Inspector".to_owned(), nothing(frame)),
        Selection::Node(id) => {
            let title = format!("Node {}", id.0);
            let body = match frame.nodes.iter().find(|node| node.id == *id) {
                Some(node) => html! {
                    <NodeInspector key={format!("node-{}", id.0)} node={node.clone()}
                        now={frame.time} {on_command} requests={props.requests}
                        conflicts={conflicts(frame, *id)} forges={props.forges}
                        settings={props.settings.clone()} by_hand={frame.by_hand}
                        this_box={this_box(props, *id)} />
                },
                None => html! { <p>{ format!("Node {} is not part of the cluster.", id.0) }</p> },
            };
            (title, body)
        }
        Selection::Link(a, b) => {
            let (a, b) = (*a.min(b), *a.max(b));
            let here = |link: &&_| is_link(link, a, b);
            let link = frame.links.iter().find(here).cloned();
            let body = html! {
                <LinkInspector key={format!("link-{}-{}", a.0, b.0)} {a} {b} {link} ways={props.ways}
                    {on_command} />
            };
            (format!("Link between node {} and node {}", a.0, b.0), body)
        }
        Selection::Message(address) => {
            let message = frame
                .messages
                .iter()
                .find(|m| m.address == *address)
                .copied();
            let loss = frame.losses.iter().find(|loss| loss.address == *address);
            let others: Vec<_> = frame
                .messages
                .iter()
                .map(|m| m.address)
                .filter(|a| a != address)
                .collect();
            let body = html! {
                <MessageInspector key={format!("message-{address}")} address={*address} {message}
                    lost={loss.map(|loss| loss.by.clone())} others={others} now={frame.time}
                    detail={props.detail.clone()} size={props.size} kinds={props.kinds} {on_command} />
            };
            (
                format!(
                    "Message from node {} to node {}",
                    address.from.0, address.to.0
                ),
                body,
            )
        }
        Selection::Record(seq) => {
            let known = props.event.as_ref().filter(|event| event.row.seq == *seq);
            let body = match known {
                Some(detail) => event(detail, &props.on_go),
                None => html! { <p class="detail">{ words::NOTHING_KNOWN }</p> },
            };
            (format!("Event number {seq}"), body)
        }
    };
    html! {
        <section class="sheet inspector" aria-labelledby="inspector-title">
            <h2 id="inspector-title">{ title }</h2>
            { body }
            { rows(props) }
        </section>
    }
}

/// What the inspector shows of a box of a board.
fn this_box(props: &InspectorProps, node: NodeId) -> Option<ThisBoxProps> {
    let kit = props.kit?;
    let roster = props.frame.nodes.iter();
    Some(ThisBoxProps {
        kit,
        node,
        roster: roster.map(|node| (node.id, node.role.clone())).collect(),
        settings: props.settings.clone(),
        on_command: props.on_command.clone(),
        on_join: props.on_join.clone(),
    })
}

/// The selection's rows of the event log.
fn rows(props: &InspectorProps) -> Html {
    let title = match props.selection {
        Selection::Node(_) => words::LATEST,
        Selection::Message(_) => words::SENT_BY,
        _ => return Html::default(),
    };
    if props.rows.is_empty() {
        return Html::default();
    }
    html! { <><h3>{ title }</h3>{ links(&props.rows, &props.on_go) }</> }
}

/// Entries of a node's log that contradict other logs.
fn conflicts(frame: &Frame, id: NodeId) -> Vec<u64> {
    let found = frame
        .log_conflicts()
        .into_iter()
        .find(|(own, _)| *own == id);
    found.map(|(_, indexes)| indexes).unwrap_or_default()
}

fn is_link(
    link: &faultline_sim::frame::LinkFrame,
    a: faultline_sim::process::NodeId,
    b: faultline_sim::process::NodeId,
) -> bool {
    (link.a, link.b) == (a, b) || (link.a, link.b) == (b, a)
}

fn nothing(frame: &Frame) -> Html {
    let nodes = frame.nodes.len();
    let flying = frame.messages.len();
    html! {
        <>
            <p class="quiet">
                { "Pick a node, a link or a message to see its details and to break it." }
            </p>
            <p class="quiet">{ text::nodes_and_messages(nodes, flying) }</p>
        </>
    }
}
