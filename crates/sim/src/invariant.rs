//! Laws that a run keeps or breaks. Monitors look at each record once, as it is made.

use serde::Serialize;

use crate::event::Record;
use crate::hash::StableHasher;
use crate::world::World;

/// When a law must be true.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Expectation {
    /// At every instant.
    Always,
    /// At the run's end.
    Eventually,
    /// In at least one run of a sweep.
    Sometimes,
}

/// A law's name, words and monitor.
#[derive(Clone, Copy)]
pub struct InvariantSpec {
    /// The word used in records and reports.
    pub name: &'static str,
    /// The law as a sentence.
    pub title: &'static str,
    /// When it must be true.
    pub kind: Expectation,
    /// What the algorithm is known not to bear: "a partition". Such a law is shouted when it breaks,
    /// and a hunt is after it only if it is asked for by name.
    pub breaks_under: Option<&'static str>,
    /// A fresh monitor, for the beginning of a run.
    pub make: fn() -> Box<dyn Invariant>,
}

impl InvariantSpec {
    /// The same law, known to break under something.
    #[must_use]
    pub const fn known_to_break_under(self, what: &'static str) -> Self {
        Self {
            breaks_under: Some(what),
            ..self
        }
    }
}

/// A monitor of one law.
pub trait Invariant {
    /// A copy with all it has seen, for a checkpoint.
    fn clone_box(&self) -> Box<dyn Invariant>;

    /// Hashes all that the monitor remembers: in a search through all orders of events, two equal
    /// worlds are different states if a law remembers different things. [`clone_invariant!`] makes it.
    fn remember(&self, _hasher: &mut StableHasher) {}

    /// Looks at what has just happened; the world is as it is after the whole event.
    ///
    /// # Errors
    /// For an `Always` law: the sentence that says how it was broken. Others ignore it.
    fn on_record(&mut self, _record: &Record, _world: &World) -> Result<(), String> {
        Ok(())
    }

    /// Whether it judges the answers that clients get: it then sees every record, also after the law
    /// has broken, and each answer that breaks it again is shown as wrong.
    fn judges_answers(&self) -> bool {
        false
    }

    /// Whether it looks at losses of messages. To other laws, a message that is lost is as one that never
    /// comes, so a search through all orders of events need not lose any.
    fn judges_losses(&self) -> bool {
        false
    }

    /// For `Eventually` and `Sometimes`: whether it is true now.
    ///
    /// # Errors
    /// The sentence that says why not.
    fn satisfied(&self, _world: &World) -> Result<(), String> {
        Ok(())
    }
}

/// The copy of a monitor and the hash of what it remembers, inside the `impl Invariant` of a type that
/// is `Clone` and `Hash`.
#[macro_export]
macro_rules! clone_invariant {
    () => {
        fn clone_box(&self) -> Box<dyn $crate::invariant::Invariant> {
            Box::new(self.clone())
        }
        fn remember(&self, hasher: &mut $crate::hash::StableHasher) {
            std::hash::Hash::hash(self, hasher);
        }
    };
}

/// An [`InvariantSpec`] in one line: `always` or `eventually`, judged by a look at the world, or by a
/// monitor that begins by default (`new`).
#[macro_export]
macro_rules! invariant {
    (@ $kind:ident, $name:expr, $title:expr, $make:expr) => {
        $crate::invariant::InvariantSpec {
            name: $name,
            title: $title,
            kind: $crate::invariant::Expectation::$kind,
            breaks_under: None,
            make: || Box::new($make),
        }
    };
    (always $name:expr, $title:expr, new $monitor:ty) => {
        $crate::invariant!(@ Always, $name, $title, <$monitor>::default())
    };
    (always $name:expr, $title:expr, $check:expr) => {
        $crate::invariant!(@ Always, $name, $title, $crate::invariant::Check($check))
    };
    (eventually $name:expr, $title:expr, new $monitor:ty) => {
        $crate::invariant!(@ Eventually, $name, $title, <$monitor>::default())
    };
    (eventually $name:expr, $title:expr, $check:expr) => {
        $crate::invariant!(@ Eventually, $name, $title, $crate::invariant::Check($check))
    };
}

/// A law that is judged by one look at the present world.
#[derive(Clone, Copy)]
pub struct Check(pub fn(&World) -> Result<(), String>);

impl Invariant for Check {
    fn clone_box(&self) -> Box<dyn Invariant> {
        Box::new(*self)
    }
    fn on_record(&mut self, record: &Record, world: &World) -> Result<(), String> {
        // Only what a node or the person does can change the state of nodes.
        if record.node.is_some() {
            (self.0)(world)
        } else {
            Ok(())
        }
    }
    fn satisfied(&self, world: &World) -> Result<(), String> {
        (self.0)(world)
    }
}
