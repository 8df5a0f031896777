//! Names of messages and timers, said once, beside their enum: what serde writes, what the stage draws
//! and what sentences say cannot drift apart.

use crate::frame::Kind;

/// An enum of messages that tells how each of its variants is drawn and said; [`messages!`] writes it.
///
/// [`messages!`]: crate::messages
pub trait Messages {
    /// One for each variant, in order.
    const KINDS: &'static [Kind];
}

/// An enum of timers that tells the names of its variants; [`timers!`] writes it.
///
/// [`timers!`]: crate::timers
pub trait Timers {
    /// One for each variant, in order.
    const NAMES: &'static [&'static str];
}

/// For processes that send nothing, or wait for nothing.
impl Messages for () {
    const KINDS: &'static [Kind] = &[];
}
impl Timers for () {
    const NAMES: &'static [&'static str] = &[];
}

/// Defines an enum of messages. Behind each variant stand its [`Shape`](crate::frame::Shape), the
/// letter inside it, and what the sender does, as a phrase behind its name. `as` gives another name
/// than the variant's, the paper's own for example.
///
/// ```
/// faultline_sim::messages! {
///     pub enum Message {
///         /// Please vote for me.
///         RequestVote { term: u64 } => Election "V" "asks for a vote",
///         Heartbeat as "HEARTBEAT" => Heartbeat "" "sends a heartbeat",
///     }
/// }
/// use faultline_sim::naming::Messages;
/// assert_eq!(Message::KINDS[1].name, "HEARTBEAT");
/// assert_eq!(serde_json::to_string(&Message::Heartbeat).unwrap(), "\"HEARTBEAT\"");
/// ```
#[macro_export]
macro_rules! messages {
    ($(#[$meta:meta])* $vis:vis enum $name:ident {
        $($(#[$doc:meta])* $variant:ident $({ $($field:tt)* })? $(($($part:ty),*))? $(as $word:literal)?
            => $shape:ident $letter:literal $says:literal),* $(,)?
    }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Hash, ::serde::Serialize)]
        $vis enum $name {
            $($(#[$doc])* $(#[serde(rename = $word)])? $variant $({ $($field)* })? $(($($part),*))?),*
        }
        impl $crate::naming::Messages for $name {
            const KINDS: &'static [$crate::frame::Kind] = &[$($crate::frame::Kind {
                name: $crate::naming!($variant $($word)?),
                shape: $crate::frame::Shape::$shape,
                letter: $letter,
                says: $says,
            }),*];
        }
    };
}

/// Defines an enum of timers, with `as` for another name than the variant's.
///
/// ```
/// faultline_sim::timers! {
///     pub enum Timer {
///         ElectionTimeout,
///         /// Ask again.
///         Retry { call: u64 },
///     }
/// }
/// use faultline_sim::naming::Timers;
/// assert_eq!(Timer::NAMES, ["ElectionTimeout", "Retry"]);
/// ```
#[macro_export]
macro_rules! timers {
    ($(#[$meta:meta])* $vis:vis enum $name:ident {
        $($(#[$doc:meta])* $variant:ident $({ $($field:tt)* })? $(($($part:ty),*))? $(as $word:literal)?),* $(,)?
    }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Hash, PartialEq, ::serde::Serialize)]
        $vis enum $name {
            $($(#[$doc])* $(#[serde(rename = $word)])? $variant $({ $($field)* })? $(($($part),*))?),*
        }
        impl $crate::naming::Timers for $name {
            const NAMES: &'static [&'static str] = &[$($crate::naming!($variant $($word)?)),*];
        }
    };
}

/// The second name, if there is one.
#[doc(hidden)]
#[macro_export]
macro_rules! naming {
    ($variant:ident) => {
        stringify!($variant)
    };
    ($variant:ident $word:literal) => {
        $word
    };
}
