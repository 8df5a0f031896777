//! The space-time diagram: one lane a node, time from left to right, messages from lane to lane.
//!
//! An [`Index`] reads records as a trace grows and forgets them where the trace is cut. A [`View`]
//! names a window of it, and [`content`] makes a flat list of [`Shape`]s of that window: at a cost of
//! the window alone, and never more shapes than its pixels can tell apart. [`svg`] writes them down.
//! Who can have caused what ([`Cones`], [`compare`]) is read from the same index.
//!
//! Pure: no clock, no chance, no browser.

#![forbid(unsafe_code)]
#![deny(missing_docs)]

mod causes;
mod content;
mod event_kind;
mod forget;
mod hit;
mod index;
mod labels;
mod lane;
mod log;
mod message;
mod messages;
mod names;
mod overlay;
mod shape;
mod spans;
mod svg;
mod tail;
mod vectors;
mod view;

pub use causes::{Column, Comparison, Cones, Side, compare};
pub use content::{Counts, content, counts};
pub use event_kind::EventKind;
pub use hit::{Move, hits, next_event};
pub use index::{Entry, Index};
pub use labels::stamp_of;
pub use message::{Fate, Message};
pub use overlay::{Chosen, overlay};
pub use shape::{Line, Shape, TextRole, Way};
pub use spans::{Span, SpanKind, Split};
pub use svg::{bundle_height, svg};
pub use view::{Axis, Flight, Stamps, View};
