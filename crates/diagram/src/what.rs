//! What happened, without the content: one byte an event.

use faultline_sim::event::Event;
use faultline_sim::process::{Belief, NodeId};

/// The kind of an event, as far as it is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
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

impl What {
    /// The kind of an event at a node.
    #[must_use]
    pub fn of(event: &Event, node: Option<NodeId>) -> Self {
        match event {
            Event::Started => What::Started,
            Event::Sent { .. } => What::Sent,
            Event::Delivered { .. } => What::Delivered,
            Event::Lost { .. } => What::Lost,
            Event::Duplicated { .. } => What::Duplicated,
            Event::TimerSet { .. } => What::TimerSet,
            Event::TimerFired { .. } => What::TimerFired,
            Event::Crashed => What::Crashed,
            Event::Recovered => What::Recovered,
            Event::Paused => What::Paused,
            Event::Resumed => What::Resumed,
            Event::Removed => What::Removed,
            Event::Partitioned { .. } => What::Partitioned,
            Event::Healed => What::Healed,
            Event::Believed(Belief::Leader(leader)) if leader.is_some() && *leader == node => {
                What::Leads
            }
            Event::Believed(_) => What::Believed,
            Event::Invoked { .. } => What::Invoked,
            Event::Completed { .. } => What::Completed,
            Event::Marked(_) => What::Marked,
            Event::Violated { .. } => What::Violated,
            Event::Faulted { .. } => What::Faulted,
        }
    }

    /// Shown only where timers are asked for.
    #[must_use]
    pub fn is_timer(self) -> bool {
        matches!(self, What::TimerSet | What::TimerFired)
    }

    /// Of several events at one place, the one with the highest weight is drawn.
    #[must_use]
    pub fn weight(self) -> u8 {
        match self {
            What::Crashed | What::Removed | What::Violated => 9,
            What::Recovered => 8,
            What::Paused | What::Resumed => 7,
            What::Leads => 6,
            What::Started => 5,
            What::Invoked | What::Completed => 4,
            What::Delivered => 3,
            What::Sent => 2,
            What::TimerFired => 1,
            _ => 0,
        }
    }

    /// The sign inside or beside the dot, so that colour is never alone; most events need none.
    #[must_use]
    pub fn letter(self) -> &'static str {
        match self {
            What::Crashed | What::Removed => "✕",
            What::Recovered => "↻",
            What::Paused => "‖",
            What::Resumed => "▸",
            What::Leads => "♛",
            What::Invoked => "?",
            What::Completed => "!",
            What::TimerFired => "T",
            What::Violated => "⚠",
            _ => "",
        }
    }

    /// The word for readers.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            What::Started => "starts",
            What::Sent => "sends",
            What::Delivered => "receives",
            What::Lost => "lost",
            What::Duplicated => "duplicated",
            What::TimerSet => "timer set",
            What::TimerFired => "timer rings",
            What::Crashed => "crashes",
            What::Recovered => "recovers",
            What::Paused => "paused",
            What::Resumed => "resumes",
            What::Removed => "removed",
            What::Partitioned => "partition",
            What::Healed => "healed",
            What::Leads => "leads",
            What::Believed => "believes",
            What::Invoked => "is asked",
            What::Completed => "answers",
            What::Marked => "says",
            What::Violated => "law broken",
            What::Faulted => "command",
        }
    }
}
