//! The space-time diagram: one lane per node, time from left to right, messages between lanes.
//!
//! An [`Index`] reads records as a trace grows and drops them when the trace is truncated. A [`View`]
//! describes a window, and [`content`] turns it into a flat list of [`Shape`]s: the cost depends on the
//! window only, and the number of shapes is bounded by its pixels. [`svg`] writes them as a file.
//! [`Cones`] and [`compare`] answer questions about causality from the same index.
//!
//! Pure: no clock, no randomness, no browser.

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
