//! The index of the space-time diagram, read from the trace while the diagram is visible. For a long
//! run it holds a part: the latest one, or the one around the window.

use faultline_diagram::{Axis, Index, View};
use faultline_sim::timeline::Budget;

use super::Engine;

/// An empty index within its share of the memory budget.
pub(super) fn empty_index() -> Index {
    Index::bounded(Budget::default().index())
}

/// What must be read for a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    /// Everything that fits has been read.
    Nothing,
    /// The records after those already read.
    Later,
    /// Everything from the start, because the window's first records were forgotten.
    Again,
}

/// How much of a window has been read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Reading {
    /// The whole window.
    Whole,
    /// This percentage.
    UnderWay(u64),
    /// This part of the window, on its axis: the window holds more than fits.
    Part(f64, f64),
}

/// The place of a record on the axis of a view.
fn place(index: &Index, view: &View, seq: u64) -> Option<f64> {
    let entry = index.entry(seq)?;
    Some(view.place(seq, entry.time))
}

impl Engine {
    /// Reads up to this many records for a window, or up to the end of the run; true if nothing is left
    /// to read. A replay restores records that the run or the index has dropped, piece by piece.
    pub fn read_diagram(&mut self, most: u64, window: Option<&View>) -> bool {
        let nodes = self.timeline.world().ids().map(|id| id.index() + 1).max();
        self.diagram.reserve_lanes(nodes.unwrap_or_default());
        match self.next_to_read(window) {
            Next::Nothing => return true,
            Next::Later => {}
            Next::Again => self.diagram.begin_again(),
        }
        let trace = self.timeline.trace();
        let from = self.diagram.len() + 1;
        let to = trace.len().min(self.diagram.len() + most);
        if from >= trace.first_kept() {
            for record in trace.from(from).take((to + 1 - from) as usize) {
                if !self.has_room(window) {
                    break;
                }
                self.diagram.push(record);
            }
        } else {
            for record in self.timeline.window(from, to) {
                if !self.has_room(window) {
                    break;
                }
                self.diagram.push(&record);
            }
        }
        self.next_to_read(window) == Next::Nothing
    }

    /// How much of a window has been read.
    pub fn diagram_reading(&self, view: &View) -> Reading {
        let (index, edge) = (&self.diagram, self.axis_edge(view));
        let read_to = place(index, view, index.len()).unwrap_or(0.0);
        let all_read = index.len() == self.records_seen() || read_to > view.to;
        let under_way = |done: f64| Reading::UnderWay((done.clamp(0.0, 1.0) * 100.0) as u64);
        match self.next_to_read(Some(view)) {
            Next::Again => return under_way(0.0),
            Next::Later if self.reaches_edge(view) => {
                return under_way(index.len() as f64 / self.records_seen() as f64);
            }
            Next::Later if !all_read => return under_way(read_to / view.to.min(edge).max(1.0)),
            Next::Later | Next::Nothing => {}
        }
        if all_read && self.holds_start(view) {
            return Reading::Whole;
        }
        let from = place(index, view, index.first()).unwrap_or(0.0);
        Reading::Part(from.max(view.from), read_to.min(view.to))
    }

    /// The end of the run on a view's axis.
    fn axis_edge(&self, view: &View) -> f64 {
        match view.axis {
            Axis::Time => self.edge().0 as f64,
            Axis::Order => self.records_seen() as f64,
        }
    }

    fn reaches_edge(&self, view: &View) -> bool {
        view.to >= self.axis_edge(view)
    }

    /// Whether the index still has the whole window.
    fn holds_start(&self, view: &View) -> bool {
        self.keeps_window(view, self.diagram.first())
    }

    /// Whether an index that starts with this record has the start of the window.
    fn keeps_window(&self, view: &View, first: u64) -> bool {
        first == 1 || place(&self.diagram, view, first).is_none_or(|at| at < view.from)
    }

    /// Whether the next record can be read without forgetting part of the window.
    fn has_room(&self, window: Option<&View>) -> bool {
        let Some(view) = window.filter(|view| !self.reaches_edge(view)) else {
            return true;
        };
        let next = self.diagram.next_first();
        next.is_none_or(|first| self.keeps_window(view, first))
    }

    fn next_to_read(&self, window: Option<&View>) -> Next {
        let index = &self.diagram;
        if let Some(view) =
            window.filter(|view| !self.reaches_edge(view) && !self.holds_start(view))
        {
            let seen = view.records(index).map_or(0, |(from, to)| to + 1 - from);
            let kept = index.len() + 1 - index.first();
            // If the window nearly fills the index, reading it again would show little more.
            if seen * 4 < kept * 3 {
                return Next::Again;
            }
        }
        if index.len() < self.records_seen() && self.has_room(window) {
            Next::Later
        } else {
            Next::Nothing
        }
    }

    /// The index as read so far.
    pub fn diagram(&self) -> &Index {
        &self.diagram
    }

    /// All records of the run, up to the furthest instant.
    pub fn records_seen(&self) -> u64 {
        self.timeline.trace().len()
    }

    /// Simulator time per second at normal speed.
    pub fn pace(&self) -> f64 {
        self.scenario().pace
    }
}

#[cfg(test)]
mod tests {
    use faultline_diagram::{Fate, Shape, content};
    use faultline_sim::descriptor::Recipe;
    use faultline_sim::rng::Rng;
    use faultline_sim::time::{Duration, Time};

    use faultline_sim::timeline::Target;

    use super::*;

    /// A run with the smallest possible index.
    fn engine() -> Engine {
        let recipe = Recipe::new("raft/service-of-three", 1);
        let mut engine = Engine::open(&recipe, Some(Time::ZERO)).expect("it opens");
        engine.diagram = Index::bounded(1);
        while engine.records_seen() < 20_000 {
            engine.run_on(Duration::seconds(1));
        }
        engine
    }

    fn window(from: f64, to: f64) -> View {
        View {
            from,
            to,
            ..View::default()
        }
    }

    /// Reads as the page does, frame by frame.
    fn read(engine: &mut Engine, view: &View) {
        let most = engine.records_seen() / 500 + 3;
        let pictures = (0..most).find(|_| engine.read_diagram(500, Some(view)));
        assert!(pictures.is_some(), "reading comes to an end: {view:?}");
        let reading = engine.diagram_reading(view);
        assert!(
            !matches!(reading, Reading::UnderWay(_)),
            "{reading:?}: {view:?}"
        );
        assert!(engine.read_diagram(500, Some(view)), "and rests: {view:?}");
    }

    fn unbounded(engine: &mut Engine) -> Index {
        let mut whole = Index::new();
        let records = engine.timeline.window(1, u64::MAX);
        records.iter().for_each(|record| whole.push(record));
        whole
    }

    #[test]
    fn any_window_is_shown_and_a_long_one_says_what_is_shown_of_it() {
        let mut engine = engine();
        let whole = unbounded(&mut engine);
        let end = engine.edge().0 as f64;
        let mut rng = Rng::stream(9, "windows", 0);
        let (mut complete, mut partly) = (0, 0);
        for round in 0..40 {
            let from = rng.below(end as u64) as f64;
            let length = end / [200.0, 60.0, 12.0, 2.0][round % 4];
            let view = match round % 5 {
                4 => window(end - length, end + 1.0),
                _ => window(from, from + length),
            };
            read(&mut engine, &view);
            match engine.diagram_reading(&view) {
                Reading::Whole => {
                    complete += 1;
                    let (a, b) = (content(engine.diagram(), &view), content(&whole, &view));
                    assert!(a == b, "{view:?}");
                }
                Reading::Part(from, to) => {
                    partly += 1;
                    assert!(
                        view.from <= from && from < to && to <= view.to,
                        "{from} {to}"
                    );
                    let view = window(from + 1.0, to - 1.0);
                    // The end of a message that was in flight at the end of reading is not known.
                    let index = engine.diagram();
                    let open = |shape: &Shape| match shape {
                        Shape::Message(line) => index
                            .message_of(line.seq)
                            .is_some_and(|message| message.fate == Fate::Flying),
                        _ => false,
                    };
                    let shapes = |index: &Index| {
                        let mut shapes = content(index, &view);
                        shapes.retain(|shape| !open(shape));
                        shapes
                    };
                    assert!(shapes(index) == shapes(&whole), "{view:?}");
                }
                Reading::UnderWay(_) => unreachable!("it was read"),
            }
        }
        assert!(complete > 15 && partly > 3, "{complete} and {partly}");
    }

    #[test]
    fn the_edge_is_followed_and_found_again() {
        let mut engine = engine();
        let edge = |engine: &Engine| {
            let end = engine.edge().0 as f64;
            window(end * 0.99, end * 1.01)
        };
        for _ in 0..3 {
            let view = edge(&engine);
            read(&mut engine, &view);
            assert_eq!(engine.diagram().len(), engine.records_seen());
            assert!(engine.diagram().first() > 1, "the beginning was forgotten");
            assert_eq!(engine.diagram_reading(&view), Reading::Whole);
            let early = window(1e6, 1.2e6);
            assert!(!engine.read_diagram(50, Some(&early)), "it is read again");
            assert!(matches!(
                engine.diagram_reading(&early),
                Reading::UnderWay(_)
            ));
            read(&mut engine, &early);
            assert_eq!(engine.diagram_reading(&early), Reading::Whole);
            assert!(engine.diagram().len() < engine.records_seen());
            engine.run_on(Duration::seconds(1));
        }
    }

    #[test]
    fn a_new_future_from_a_forgotten_instant_is_read_anew() {
        let mut engine = engine();
        assert!((0..100).any(|_| engine.read_diagram(500, None)));
        engine.go(Target::Time(Time(2_000_000)));
        engine.fork_here();
        engine.run_on(Duration::seconds(2));
        assert!((0..100).any(|_| engine.read_diagram(500, None)));
        let whole = unbounded(&mut engine);
        assert_eq!(engine.diagram().len(), whole.len());
        let view = window(3e6, 3.5e6);
        assert!(content(engine.diagram(), &view) == content(&whole, &view));
    }

    #[test]
    fn exports_of_a_window_show_that_window() {
        let mut engine = engine();
        let mut whole = engine_with(&Index::new());
        for (from, to) in [(1e6, 1.3e6), (2.5e6, 2.7e6)] {
            let view = window(from, to);
            let svg = engine.diagram_svg(Some(&view));
            assert_eq!(svg, whole.diagram_svg(Some(&view)));
            assert_eq!(engine.sequence(Some(&view)), whole.sequence(Some(&view)));
        }
    }

    fn engine_with(index: &Index) -> Engine {
        let mut engine = engine();
        engine.diagram = index.clone();
        engine
    }
}
