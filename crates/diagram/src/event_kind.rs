//! The kind of an event without its content, in one byte.

use faultline_sim::event::Event;
use faultline_sim::mark::OnLane;
use faultline_sim::process::{Belief, NodeId};

/// The kind of an event, as the diagram draws it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventKind {
    /// The node started for the first time.
    Started,
    /// A message was sent.
    Sent,
    /// A message was delivered.
    Delivered,
    /// A message was lost.
    Lost,
    /// A message was duplicated.
    Duplicated,
    /// A timer was set.
    TimerSet,
    /// A timer went off.
    TimerFired,
    /// The node crashed.
    Crashed,
    /// The node restarted.
    Recovered,
    /// The node paused.
    Paused,
    /// The node resumed.
    Resumed,
    /// The node left the cluster.
    Removed,
    /// The network was partitioned.
    Partitioned,
    /// The network was healed.
    Healed,
    /// The node thinks it is the leader.
    Leads,
    /// Any other change of a belief.
    Believed,
    /// A client sends a request.
    Invoked,
    /// A client gets an answer or a refusal.
    Completed,
    /// A node remarks something.
    Marked,
    /// A node puts something on disk that it can go back to.
    Saved,
    /// A node records its part of a cut.
    Cut,
    /// A rule broke.
    Violated,
    /// A command was applied.
    Faulted,
}

impl EventKind {
    /// The kind of an event at a node.
    #[must_use]
    pub fn of(event: &Event, node: Option<NodeId>) -> Self {
        match event {
            Event::Started => EventKind::Started,
            Event::Sent { .. } => EventKind::Sent,
            Event::Delivered { .. } => EventKind::Delivered,
            Event::Lost { .. } => EventKind::Lost,
            Event::Duplicated { .. } => EventKind::Duplicated,
            Event::TimerSet { .. } => EventKind::TimerSet,
            Event::TimerFired { .. } => EventKind::TimerFired,
            Event::Crashed => EventKind::Crashed,
            Event::Recovered => EventKind::Recovered,
            Event::Paused => EventKind::Paused,
            Event::Resumed => EventKind::Resumed,
            Event::Removed => EventKind::Removed,
            Event::Partitioned { .. } => EventKind::Partitioned,
            Event::Healed => EventKind::Healed,
            Event::Believed(Belief::Leader(leader)) if leader.is_some() && *leader == node => {
                EventKind::Leads
            }
            Event::Believed(_) => EventKind::Believed,
            Event::Invoked { .. } => EventKind::Invoked,
            Event::Completed { .. } => EventKind::Completed,
            Event::Marked(marked) => match marked.mark.on_lane {
                Some(OnLane::Flag) => EventKind::Saved,
                Some(OnLane::Cut) => EventKind::Cut,
                None => EventKind::Marked,
            },
            Event::Violated { .. } => EventKind::Violated,
            Event::Faulted { .. } => EventKind::Faulted,
        }
    }

    /// Hidden unless timers are shown.
    #[must_use]
    pub fn is_timer(self) -> bool {
        matches!(self, EventKind::TimerSet | EventKind::TimerFired)
    }

    /// Of several events at one place, the one with the highest weight is drawn.
    #[must_use]
    pub fn weight(self) -> u8 {
        match self {
            EventKind::Crashed | EventKind::Removed | EventKind::Violated => 9,
            EventKind::Recovered => 8,
            EventKind::Paused | EventKind::Resumed => 7,
            EventKind::Leads => 6,
            EventKind::Started | EventKind::Saved | EventKind::Cut => 5,
            EventKind::Invoked | EventKind::Completed => 4,
            EventKind::Delivered => 3,
            EventKind::Sent => 2,
            EventKind::TimerFired => 1,
            _ => 0,
        }
    }

    /// The sign inside or beside the dot, so that colour is never the only difference; most events need
    /// none.
    #[must_use]
    pub fn letter(self) -> &'static str {
        match self {
            EventKind::Crashed | EventKind::Removed => "✕",
            EventKind::Recovered => "↻",
            EventKind::Paused => "‖",
            EventKind::Resumed => "▸",
            EventKind::Leads => "♛",
            EventKind::Invoked => "?",
            EventKind::Completed => "!",
            EventKind::TimerFired => "T",
            EventKind::Violated => "⚠",
            EventKind::Saved => "⚑",
            EventKind::Cut => "◆",
            _ => "",
        }
    }

    /// The word for people.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            EventKind::Started => "starts",
            EventKind::Sent => "sends",
            EventKind::Delivered => "receives",
            EventKind::Lost => "lost",
            EventKind::Duplicated => "duplicated",
            EventKind::TimerSet => "timer set",
            EventKind::TimerFired => "timer goes off",
            EventKind::Crashed => "crashes",
            EventKind::Recovered => "recovers",
            EventKind::Paused => "paused",
            EventKind::Resumed => "resumes",
            EventKind::Removed => "removed",
            EventKind::Partitioned => "partition",
            EventKind::Healed => "healed",
            EventKind::Leads => "leads",
            EventKind::Believed => "believes",
            EventKind::Invoked => "receives a request",
            EventKind::Completed => "answers",
            EventKind::Marked => "says",
            EventKind::Saved => "saves its state",
            EventKind::Cut => "records its state",
            EventKind::Violated => "rule broken",
            EventKind::Faulted => "command",
        }
    }
}
