//! The space-time diagram of a run or of a window. A long run does not fit into memory, so the index
//! keeps the window and forgets what came before it.

use faultline_diagram::{Axis, Index, View, svg};
use faultline_sim::event::Record;
use faultline_sim::frame::Kind;
use faultline_sim::time::Time;

/// Memory of the index: more than two million records, far more than a picture can show.
const ROOM: usize = 256 << 20;

/// A picture that grows with its run.
pub struct Picture {
    window: Option<(Time, Time)>,
    index: Index,
    /// Whether the index is complete.
    full: bool,
    /// The time of the last record.
    last: Time,
}

impl Picture {
    pub fn new(window: Option<(Time, Time)>) -> Self {
        Self::within(window, ROOM)
    }

    fn within(window: Option<(Time, Time)>, room: usize) -> Self {
        Self {
            window,
            index: Index::bounded(room),
            full: false,
            last: Time::ZERO,
        }
    }

    /// Reads the next records of the run.
    pub fn read(&mut self, records: &[Record]) {
        for record in records {
            // After the window, only messages that were sent inside it matter. They must not push
            // the start of the window out of memory.
            if let Some((from, to)) = self.window
                && record.time > to
            {
                let first = self
                    .index
                    .next_first()
                    .and_then(|seq| self.index.entry(seq));
                self.full |= first.is_some_and(|first| first.time > from);
            }
            self.last = record.time;
            if !self.full {
                self.index.push(record);
            }
        }
    }

    /// The picture, and a sentence if it does not show the whole window.
    pub fn drawn(&self, kinds: &'static [Kind]) -> (String, Option<String>) {
        let mut view = View::whole(&self.index, kinds);
        let mut missing = None;
        if self.last > Time::ZERO {
            view.axis = Axis::Time;
            let (from, to) = self.window.unwrap_or((Time::ZERO, self.last));
            let kept = self.index.entry(self.index.first());
            let kept = kept.filter(|_| self.index.first() > 1);
            let begins = kept.map_or(from, |kept| from.max(kept.time));
            if begins > from {
                missing = Some(format!(
                    "the picture starts at {begins} because earlier events do not fit in memory; \
                     choose a shorter --window"
                ));
            }
            if self.window.is_some() {
                view.to = to.0 as f64;
            }
            view.from = begins.0 as f64;
            view.to = view.to.max(view.from + 1.0);
        }
        (svg(&self.index, &view), missing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use faultline_protocols::CATALOGUE;
    use faultline_sim::descriptor::Recipe;
    use faultline_sim::timeline::Pass;

    const TO: Time = Time(150_000_000);

    fn pictured(window: Option<(Time, Time)>, room: usize) -> (String, Option<String>, usize) {
        let recipe = Recipe::new("raft/kill-the-leader", 1);
        let mut pass = Pass::new(&CATALOGUE.setup(&recipe).unwrap()).unwrap();
        let mut picture = Picture::within(window, room);
        while let Some(records) = pass.next_part(TO, u64::MAX) {
            picture.read(records);
        }
        let (svg, missing) = picture.drawn(pass.setup().protocol.kinds);
        (svg, missing, picture.index.bytes())
    }

    #[test]
    fn a_window_needs_no_more_room_than_it_shows() {
        let (all, little) = (usize::MAX / 2, 1 << 20);
        let at = |seconds: u64| Time(seconds * 1_000_000);
        for window in [(at(70), at(71)), (at(0), at(1)), (at(149), at(151))] {
            let (whole, none, large) = pictured(Some(window), all);
            let (part, missing, small) = pictured(Some(window), little);
            assert_eq!((part, missing), (whole, none), "{window:?}");
            assert!(small < large / 2, "{small} of {large} bytes, {window:?}");
        }
    }

    #[test]
    fn what_does_not_fit_is_said() {
        let (_, missing, _) = pictured(None, 1 << 20);
        let missing = missing.expect("the run is too long for so little room");
        assert!(missing.contains("--window"), "{missing}");
        assert_eq!(pictured(None, usize::MAX / 2).1, None);
    }
}
