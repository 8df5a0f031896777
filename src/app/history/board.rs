//! One history on the page: its verdict, what the person looks at, and what is drawn of that.

use std::rc::Rc;

use faultline_sim::judge::{Conflict, Judge, Kept, Level, Op, Operations, Place, Word, short};
use faultline_sim::sorted::SortedMap;

use crate::judged::Judged;
use crate::layout::{Bars, Mark, Stretch, beside};
use crate::text::history as words;
use crate::ui::Same;
use crate::ui::history::{Deed, Fault, Picked, Rung, Shape, Shown};

/// The most operations that are drawn at once.
const WINDOW: usize = 160;
/// Steps of the first search for all promises.
pub(super) const STEPS: u64 = 20_000;
/// Pixels of a letter, of the space around a text, and of a badge.
const LETTER: f64 = 8.4;
const AROUND: f64 = 18.0;
const BADGE: f64 = 22.0;

/// What surrounds a history.
pub(super) struct Around<'a> {
    /// The present instant.
    pub now: u64,
    /// Faults, each with the number of events before it, and its instant.
    pub faults: &'a [(Place, u64, Fault)],
    /// The run's own judge.
    pub judge: Option<&'a Judge>,
}

pub(super) struct Board {
    pub judged: Judged,
    /// Steps that the search for all promises may take.
    pub steps: u64,
    pub searching: bool,
    key: Option<Word>,
    /// The person has chosen the object.
    chosen: bool,
    /// The first operation of the window; none: it follows the present.
    from: Option<usize>,
    zoom: f64,
    table: bool,
    /// The operation with the keyboard focus, and the selected one.
    ring: Option<u32>,
    picked: Option<u32>,
    /// The promise whose contradiction is shown; none: the strongest broken one.
    level: Option<Level>,
    /// The operation that must be in sight.
    sight: Option<u32>,
    pub shown: Same<Shown>,
}

impl Board {
    pub fn new(history: &Operations) -> Self {
        Self {
            judged: Judged::new(history),
            steps: STEPS,
            searching: false,
            key: None,
            chosen: false,
            from: None,
            zoom: 1.0,
            table: false,
            ring: None,
            picked: None,
            level: None,
            sight: None,
            shown: Same(Rc::default()),
        }
    }

    /// The operations on the visible object.
    fn numbers(&self) -> Vec<u32> {
        let all = self.judged.history().iter().enumerate();
        let of_key = |op: &Op| self.key.as_ref().is_none_or(|key| *key == op.key);
        let of_key = all.filter(|(_, op)| of_key(op));
        of_key.map(|(at, _)| at as u32).collect()
    }

    fn start(&self, all: usize) -> usize {
        let last = all.saturating_sub(WINDOW);
        self.from.map_or(last, |from| from.min(last))
    }

    /// A file of many objects shows one of them, a refuted one as soon as there is one.
    pub fn choose_key(&mut self) {
        let keys = self.judged.keys();
        if self.chosen || keys.len() < 2 {
            return;
        }
        let refuted = keys.iter().find(|(_, _, broken)| *broken);
        let key = refuted.or(keys.first()).map(|(key, ..)| key.clone());
        if key != self.key {
            self.key = key;
            self.from = Some(0);
        }
        if refuted.is_some() {
            self.chosen = true;
            self.look_at_conflict();
        }
    }

    fn conflict(&self, rungs: &[(Level, Kept)]) -> Option<(Level, Conflict)> {
        let broken = |(level, kept): &(Level, Kept)| match kept {
            Kept::Broken(conflict) => Some((*level, conflict.clone())),
            _ => None,
        };
        let wanted = rungs.iter().filter(|(level, _)| Some(*level) == self.level);
        let wanted = wanted.filter_map(broken).next();
        wanted.or_else(|| rungs.iter().find_map(broken))
    }

    /// Moves the window to the shown contradiction.
    fn look_at_conflict(&mut self) {
        let Some((_, conflict)) = self.conflict(&self.judged.rungs()) else {
            return;
        };
        let history = self.judged.history();
        let mut keys = conflict
            .operations
            .iter()
            .filter_map(|number| Some(&history.get(*number)?.key));
        let key = keys.next().cloned();
        if self.key.is_some() {
            self.key = key.filter(|key| keys.all(|other| other == key));
        }
        let first = conflict.operations.first().copied();
        self.reveal(first.unwrap_or_default());
        self.sight = Some(conflict.blamed);
    }

    /// Makes sure that an operation is in the window.
    fn reveal(&mut self, number: u32) {
        let numbers = self.numbers();
        let Ok(at) = numbers.binary_search(&number) else {
            return;
        };
        let start = self.start(numbers.len());
        if at < start || at >= start + WINDOW {
            self.from = Some(at.saturating_sub(8));
        }
        self.sight = Some(number);
    }

    /// Does what a person asks for; a sentence if there is something to say.
    pub fn act(&mut self, deed: Deed) -> Option<String> {
        match deed {
            Deed::Key(_) | Deed::Turn(_) | Deed::Follow(_) => self.move_window(deed),
            Deed::Zoom(by) => self.zoom = (self.zoom * by).clamp(0.2, 8.0),
            Deed::Table(on) => self.table = on,
            Deed::Walk(across, down) => {
                let bars = &self.shown.bars;
                let here = self.shown.active;
                let next = here.map_or_else(
                    || self.shown.shapes.len().checked_sub(1),
                    |here| beside(bars, here, across, down),
                );
                match next.and_then(|at| self.shown.shapes.get(at)) {
                    Some(shape) => {
                        self.ring = Some(shape.number);
                        self.sight = self.ring;
                    }
                    None => return Some(words::NO_MORE.into()),
                }
            }
            Deed::End(last) => {
                let shapes = &self.shown.shapes;
                let shape = if last { shapes.last() } else { shapes.first() };
                self.ring = shape.map(|shape| shape.number);
                self.sight = self.ring;
            }
            Deed::Choose => self.picked = self.ring,
            Deed::Pick(number) => {
                (self.picked, self.ring) = (Some(number), Some(number));
                let history = self.judged.history();
                if history
                    .get(number)
                    .is_some_and(|op| self.key.as_ref() != Some(&op.key))
                {
                    self.key = self
                        .key
                        .as_ref()
                        .and(history.get(number))
                        .map(|op| op.key.clone());
                }
                self.reveal(number);
            }
            Deed::Show(level) => {
                self.level = Some(level);
                self.look_at_conflict();
            }
            Deed::Open | Deed::GoOn | Deed::Slice | Deed::Close => {}
        }
        let picked = matches!(deed, Deed::Choose | Deed::Pick(_));
        let op = self.picked.filter(|_| picked);
        let op = op.and_then(|number| self.judged.history().get(number))?;
        Some(format!("{}.", words::told(self.judged.history(), op)))
    }

    /// Looks at another object, or at other operations on it.
    fn move_window(&mut self, deed: Deed) {
        let all = self.numbers().len();
        let start = self.start(all);
        self.sight = None;
        match deed {
            Deed::Key(at) => {
                let mut keys = self.judged.keys().into_iter();
                self.key = at.and_then(|at| keys.nth(at)).map(|(key, ..)| key);
                self.chosen = true;
                self.from = self.shown.given.then_some(0);
                self.ring = None;
            }
            Deed::Turn(later) => {
                let half = WINDOW / 2;
                let from = if later {
                    start + half
                } else {
                    start.saturating_sub(half)
                };
                let at_end = from + WINDOW >= all && !self.shown.given;
                self.from = (!at_end || !later).then_some(from);
            }
            Deed::Follow(on) => {
                self.from = (!on).then_some(start);
            }
            _ => {}
        }
    }

    /// Makes what is drawn.
    pub fn tell(&mut self, around: &Around) {
        let of_key = |op: &Op| Some(&op.key) == self.key.as_ref();
        if self.key.is_some() && !self.judged.history().iter().any(of_key) {
            // Another run has other objects.
            self.key = None;
        }
        let there = |number: &u32| (*number as usize) < self.judged.history().len();
        self.ring = self.ring.filter(there);
        self.picked = self.picked.filter(there);
        self.sight = self.sight.filter(there);
        let shown = self.drawn(around);
        if *self.shown.0 != shown {
            self.shown = Same(Rc::new(shown));
        }
    }

    fn drawn(&self, around: &Around) -> Shown {
        let history = self.judged.history();
        let rungs = self.judged.rungs();
        let conflict = self.conflict(&rungs);
        let numbers = self.numbers();
        let start = self.start(numbers.len());
        let window = &numbers[start..numbers.len().min(start + WINDOW)];
        let shapes = self.shapes(window, conflict.as_ref().map(|(_, conflict)| conflict));
        let (rows, bars) = self.bars(window, &shapes, around);
        let position = |number: u32| window.binary_search(&number).ok();
        let sight = self.in_sight(window, &bars, conflict.as_ref().map(|(_, it)| it));
        let keys = self.judged.keys();
        let key = self.key.as_ref();
        let picked = self.picked.and_then(|number| history.get(number));
        let record = |place: Option<Place>| around.judge?.record(place?);
        let visible = self.visible_faults(window, around);
        Shown {
            given: around.judge.is_none(),
            rungs: self.lights(&rungs, around),
            keys: keys
                .iter()
                .map(|(key, operations, broken)| words::key(key, *broken, *operations))
                .collect(),
            key: key.and_then(|key| keys.iter().position(|(own, ..)| own == key)),
            rows: rows
                .into_iter()
                .map(|row| words::process(history, row))
                .collect(),
            ticks: bars
                .ticks
                .iter()
                .map(|(_, time)| words::at(history, faultline_sim::time::Time(*time)))
                .collect(),
            faults: visible.iter().map(|(_, _, fault)| fault.clone()).collect(),
            summary: words::summary(window.len(), start, numbers.len()),
            numbered: shapes.iter().any(|shape| shape.place.is_some()),
            follow: self.from.is_none(),
            more: (start > 0, start + window.len() < numbers.len()),
            table: self.table,
            active: self.ring.and_then(position),
            picked: picked.map(|op| Picked {
                told: format!("{}.", words::told(history, op)),
                records: (
                    record(Some(op.invoked)),
                    record(op.end.as_ref().map(|end| end.place)),
                ),
            }),
            conflict: conflict.map(|(_, conflict)| {
                let of = self.shapes(&conflict.operations, Some(&conflict));
                (words::sentence(&conflict.reason), of)
            }),
            sight,
            searching: self.searching,
            shapes,
            bars,
        }
    }

    /// The middle of what must be in sight: an operation, or all of a contradiction.
    fn in_sight(&self, window: &[u32], bars: &Bars, conflict: Option<&Conflict>) -> Option<f64> {
        let bar = |number: &u32| bars.bars.get(window.binary_search(number).ok()?);
        let sight = self.sight?;
        let whole = conflict.filter(|it| self.ring.is_none() && it.operations.contains(&sight));
        let own = [sight];
        let shown = whole.map_or(&own[..], |conflict| &conflict.operations);
        let (from, to) = shown
            .iter()
            .filter_map(bar)
            .fold((f64::MAX, 0.0_f64), |(from, to), bar| {
                (from.min(bar.x), to.max(bar.x + bar.width))
            });
        (from < to).then_some(f64::midpoint(from, to))
    }

    fn lights(&self, rungs: &[(Level, Kept); 5], around: &Around) -> Vec<Rung> {
        let history = self.judged.history();
        let shown = self.conflict(rungs).map(|(level, _)| level);
        let light = |(level, kept): &(Level, Kept)| {
            let blamed = match kept {
                Kept::Broken(conflict) => history.get(conflict.blamed),
                _ => None,
            };
            let end = blamed.and_then(|op| op.end.as_ref());
            let broke = end.and_then(|end| Some((around.judge?.record(end.place)?, end.at)));
            Rung {
                level: *level,
                light: words::light(kept),
                why: words::why(kept),
                broke,
                shown: blamed.map(|_| shown == Some(*level)),
                undecided: *kept == Kept::Undecided,
            }
        };
        rungs.iter().map(light).collect()
    }

    fn shapes(&self, numbers: &[u32], conflict: Option<&Conflict>) -> Vec<Shape> {
        let history = self.judged.history();
        let letters: SortedMap<u32, char> = conflict
            .map(|conflict| conflict.operations.iter().copied().zip('A'..='Z').collect())
            .unwrap_or_default();
        let pale = numbers.iter().any(|number| letters.contains_key(number));
        let places = self.judged.places(self.key.as_ref());
        let shape = |number: &u32| {
            let op = history.get(*number)?;
            let letter = letters.get(number).copied();
            let mut class = words::kind(&op.call).to_owned();
            let more = [
                ("conflict", letter.is_some()),
                ("pale", pale && letter.is_none()),
                ("open", op.end.is_none()),
                ("vague", op.end.is_some() && op.answer().is_none()),
                ("picked", self.picked == Some(*number)),
            ];
            for (name, _) in more.iter().filter(|(_, on)| *on) {
                class += " ";
                class += name;
            }
            Some(Shape {
                number: *number,
                text: words::on_bar(op, &short(op)),
                told: words::told(history, op),
                class,
                letter,
                place: places.get(number).copied(),
                who: words::process(history, op.process),
                from: words::at(history, op.began),
                to: op
                    .end
                    .as_ref()
                    .map(|end| words::at(history, end.at))
                    .unwrap_or_default(),
            })
        };
        numbers.iter().filter_map(shape).collect()
    }

    /// The faults between the first and the last operation of the window.
    fn visible_faults<'a>(
        &self,
        window: &[u32],
        around: &'a Around,
    ) -> Vec<&'a (Place, u64, Fault)> {
        let history = self.judged.history();
        let op = |number: Option<&u32>| number.and_then(|number| history.get(*number));
        let (Some(first), Some(last)) = (op(window.first()), op(window.last())) else {
            return Vec::new();
        };
        let newest = last.invoked as usize + 1 == history.places() as usize
            || self.numbers().last() == window.last();
        let seen = |(place, ..): &&(Place, u64, Fault)| {
            *place > first.invoked && (newest || *place <= last.invoked)
        };
        around.faults.iter().filter(seen).collect()
    }

    fn bars(&self, window: &[u32], shapes: &[Shape], around: &Around) -> (Vec<u32>, Bars) {
        let history = self.judged.history();
        let ops = || window.iter().filter_map(|number| history.get(*number));
        let mut rows: Vec<u32> = if around.judge.is_some() {
            history.iter().map(|op| op.process).collect()
        } else {
            ops().map(|op| op.process).collect()
        };
        rows.sort_unstable();
        rows.dedup();
        let stretch = |(op, shape): (&Op, &Shape)| {
            let letters = shape.text.chars().count() as f64 * LETTER;
            let badges = shape.letter.is_some() as u32 + shape.place.is_some() as u32;
            Stretch {
                row: rows.binary_search(&op.process).unwrap_or_default(),
                from: (op.invoked, op.began.0),
                to: op.end.as_ref().map(|end| (end.place, end.at.0)),
                least: letters + AROUND + f64::from(badges) * BADGE,
            }
        };
        let all: Vec<Stretch> = ops().zip(shapes).map(stretch).collect();
        let mark = |(place, time, fault): &&(Place, u64, Fault)| Mark {
            at: (*place, *time),
            least: fault.word.chars().count() as f64 * LETTER + AROUND,
        };
        let marks = self.visible_faults(window, around);
        let marks: Vec<Mark> = marks.iter().map(mark).collect();
        let bars = Bars::new(&all, rows.len(), &marks, around.now, self.zoom);
        (rows, bars)
    }
}
