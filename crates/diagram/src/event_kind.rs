//! What happened, without the content: one byte an event.

use faultline_sim::event::Event;
use faultline_sim::process::{Belief, NodeId};

/// The kind of an event, as far as it is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventKind {
    /// The node came up for the first time.
    Started,
    /// A message left.
    Sent,
    /// A message was handed over.
    Delivered,
    /// A message ended on its way.
    Lost,
    /// A copy was made on the way.
    Duplicated,
    /// A timer was set.
    TimerSet,
    /// A timer rang.
    TimerFired,
    /// The node went down.
    Crashed,
    /// The node came back.
    Recovered,
    /// The node stands still.
    Paused,
    /// The node goes on.
    Resumed,
    /// The node left for good.
    Removed,
    /// The network was split.
    Partitioned,
    /// All walls went.
    Healed,
    /// A node takes the lead itself.
    Leads,
    /// Any other change of mind.
    Believed,
    /// A client asks.
    Invoked,
    /// A client is answered or refused.
    Completed,
    /// A node says something about itself.
    Marked,
    /// A law broke.
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
            Event::Marked(_) => EventKind::Marked,
            Event::Violated { .. } => EventKind::Violated,
            Event::Faulted { .. } => EventKind::Faulted,
        }
    }

    /// Shown only where timers are asked for.
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
            EventKind::Started => 5,
            EventKind::Invoked | EventKind::Completed => 4,
            EventKind::Delivered => 3,
            EventKind::Sent => 2,
            EventKind::TimerFired => 1,
            _ => 0,
        }
    }

    /// The sign inside or beside the dot, so that colour is never alone; most events need none.
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
            _ => "",
        }
    }

    /// The word for readers.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            EventKind::Started => "starts",
            EventKind::Sent => "sends",
            EventKind::Delivered => "receives",
            EventKind::Lost => "lost",
            EventKind::Duplicated => "duplicated",
            EventKind::TimerSet => "timer set",
            EventKind::TimerFired => "timer rings",
            EventKind::Crashed => "crashes",
            EventKind::Recovered => "recovers",
            EventKind::Paused => "paused",
            EventKind::Resumed => "resumes",
            EventKind::Removed => "removed",
            EventKind::Partitioned => "partition",
            EventKind::Healed => "healed",
            EventKind::Leads => "leads",
            EventKind::Believed => "believes",
            EventKind::Invoked => "is asked",
            EventKind::Completed => "answers",
            EventKind::Marked => "says",
            EventKind::Violated => "law broken",
            EventKind::Faulted => "command",
        }
    }
}
