//! Operations as bars over time, without a browser: each row is a process, and what overlaps in time
//! stands in lanes below each other.
//!
//! Time is elastic. Every event has its own place and every bar room for its text, so short times are
//! stretched and long ones shortened; what came first is always further left.

/// Pixels before the first event, and after the last.
pub const EDGE: f64 = 10.0;
/// Pixels between neighbouring events: the least, the usual and the most.
const GAPS: (f64, f64, f64) = (9.0, 22.0, 60.0);
/// Pixels between labels of the axis.
const LABELS: f64 = 88.0;
/// What never ends takes a lane until more than these are needed.
const LANES: usize = 4;

/// An operation to draw.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stretch {
    /// The row of its process, from 0.
    pub row: usize,
    /// The place and the instant of its beginning.
    pub from: (u32, u64),
    /// The same of its end; none while it goes on.
    pub to: Option<(u32, u64)>,
    /// Its text needs this width in pixels.
    pub least: f64,
}

/// Where an operation is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bar {
    pub x: f64,
    pub width: f64,
    /// From 0, over all rows.
    pub lane: usize,
}

/// Something that is marked above all rows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mark {
    /// How many events of the history came before it, and its instant.
    pub at: (u32, u64),
    /// Its word needs this width in pixels.
    pub least: f64,
}

/// What is drawn, in pixels from left to right and in lanes from top to bottom.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bars {
    pub width: f64,
    /// In the order of the operations.
    pub bars: Vec<Bar>,
    /// The first lane of each row, and how many it has.
    pub rows: Vec<(usize, usize)>,
    /// Where each mark is.
    pub marks: Vec<f64>,
    /// Labelled instants.
    pub ticks: Vec<(f64, u64)>,
    /// The present instant.
    pub now: f64,
}

/// Something that happens at one place of the picture: even numbers are places of the history, odd ones
/// are marks just before them.
type Event = (u64, u64);

const NOW: u64 = u64::MAX;

fn event((place, time): (u32, u64)) -> Event {
    (u64::from(place) * 2 + 1, time)
}

impl Bars {
    /// The picture of operations in the order of their beginnings; `zoom` stretches time.
    #[must_use]
    pub fn new(all: &[Stretch], rows: usize, marks: &[Mark], now: u64, zoom: f64) -> Self {
        let mut events: Vec<Event> = Vec::new();
        for one in all {
            events.push(event(one.from));
            events.extend(one.to.map(event));
        }
        let mark = |mark: &Mark| (u64::from(mark.at.0) * 2, mark.at.1);
        events.extend(marks.iter().map(mark));
        events.push((NOW, now));
        events.sort_unstable();
        events.dedup();
        let at = |event: Event| events.partition_point(|own| *own < event);
        let mut ends: Vec<Vec<&Stretch>> = vec![Vec::new(); events.len()];
        for one in all {
            ends[one.to.map_or(events.len() - 1, |to| at(event(to)))].push(one);
        }
        let usual = usual_step(&events);
        let mut x: Vec<f64> = Vec::with_capacity(events.len());
        let mut words = marks.iter().map(|own| (mark(own), own.least)).peekable();
        let mut free = 0.0;
        for (i, (_, time)) in events.iter().enumerate() {
            let mut here = EDGE;
            if let Some(before) = x.last() {
                let step = time.saturating_sub(events[i - 1].1) as f64 / usual;
                let most = GAPS.2 * zoom.max(1.0);
                here = before + (step * GAPS.1 * zoom).clamp(GAPS.0, most);
            }
            let room = |one: &&Stretch| x[at(event(one.from))] + one.least;
            here = ends[i].iter().map(room).fold(here, f64::max);
            while let Some((_, least)) = words.next_if(|(own, _)| *own == events[i]) {
                here = here.max(free);
                free = here + least;
            }
            x.push(here);
        }
        let place = |event: Event| x[at(event)];
        let (lanes, of_rows) = lanes(all, rows);
        let bar = |(one, lane): (&Stretch, &usize)| {
            let from = place(event(one.from));
            let to = place(one.to.map_or((NOW, now), event));
            Bar {
                x: from,
                width: to - from,
                lane: *lane,
            }
        };
        Self {
            width: place((NOW, now)) + EDGE,
            bars: all.iter().zip(&lanes).map(bar).collect(),
            rows: of_rows,
            marks: marks.iter().map(|own| place(mark(own))).collect(),
            ticks: ticks(&events, &x),
            now: place((NOW, now)),
        }
    }
}

/// The time between neighbouring events in the middle of them all.
fn usual_step(events: &[Event]) -> f64 {
    let mut steps: Vec<u64> = events
        .windows(2)
        .map(|pair| pair[1].1.saturating_sub(pair[0].1))
        .filter(|step| *step > 0)
        .collect();
    steps.sort_unstable();
    steps.get(steps.len() / 2).map_or(1.0, |step| *step as f64)
}

/// Instants that are far enough apart to be labelled.
fn ticks(events: &[Event], x: &[f64]) -> Vec<(f64, u64)> {
    let mut ticks: Vec<(f64, u64)> = Vec::new();
    let end = x.last().copied().unwrap_or_default();
    for ((key, time), x) in events.iter().zip(x) {
        let far = ticks.last().is_none_or(|(before, _)| x - before >= LABELS);
        let whole = *key == NOW || end - x >= LABELS;
        if far && whole || *key == NOW && ticks.is_empty() {
            ticks.push((*x, *time));
        }
    }
    ticks
}

/// A lane for each operation, over all rows, and the lanes of each row.
fn lanes(all: &[Stretch], rows: usize) -> (Vec<usize>, Vec<(usize, usize)>) {
    // Up to which place each lane is taken.
    let mut taken: Vec<Vec<u32>> = vec![Vec::new(); rows];
    let mut own = Vec::with_capacity(all.len());
    for one in all {
        let row = &mut taken[one.row];
        let free = row.iter().position(|until| *until <= one.from.0);
        let open = || row.iter().position(|until| *until == u32::MAX);
        let lane = free.or_else(|| open().filter(|_| row.len() >= LANES));
        let lane = lane.unwrap_or(row.len());
        if lane == row.len() {
            row.push(0);
        }
        row[lane] = one.to.map_or(u32::MAX, |to| to.0);
        own.push(lane);
    }
    let mut first = 0;
    let mut of_rows = Vec::with_capacity(rows);
    for row in &taken {
        let lanes = row.len().max(1);
        of_rows.push((first, lanes));
        first += lanes;
    }
    let lane = |(one, lane): (&Stretch, usize)| of_rows[one.row].0 + lane;
    (all.iter().zip(own).map(lane).collect(), of_rows)
}

/// The nearest operation in a direction from one: `across` along the time axis, `down` to other lanes.
/// Stays in its lane where it can.
#[must_use]
pub fn beside(bars: &Bars, at: usize, across: i32, down: i32) -> Option<usize> {
    let here = bars.bars.get(at)?;
    let others = || bars.bars.iter().enumerate().filter(|(i, _)| *i != at);
    let row = |lane: usize| {
        let of = |(first, lanes): &(usize, usize)| lane >= *first && lane < first + lanes;
        bars.rows.iter().position(of)
    };
    if across != 0 {
        let in_row = others().filter(|(_, bar)| row(bar.lane) == row(here.lane));
        let ahead = in_row.filter(|(i, _)| (*i > at) == (across > 0));
        return ahead.map(|(i, _)| i).min_by_key(|i| i.abs_diff(at));
    }
    let ahead =
        others().filter(|(_, bar)| bar.lane != here.lane && (bar.lane > here.lane) == (down > 0));
    let nearest = ahead.min_by(|(_, a), (_, b)| {
        let far = |bar: &Bar| (bar.x - here.x).abs();
        let lanes = |bar: &Bar| bar.lane.abs_diff(here.lane);
        lanes(a).cmp(&lanes(b)).then(far(a).total_cmp(&far(b)))
    });
    nearest.map(|(i, _)| i)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(row: usize, from: u32, to: Option<u32>) -> Stretch {
        Stretch {
            row,
            from: (from, u64::from(from) * 1_000),
            to: to.map(|to| (to, u64::from(to) * 1_000)),
            least: 60.0,
        }
    }

    #[test]
    fn what_came_first_is_further_left_and_every_text_has_room() {
        // Two that overlap, one after both, one that goes on.
        let all = [
            one(0, 0, Some(3)),
            one(1, 1, Some(2)),
            one(0, 4, Some(5)),
            one(1, 6, None),
        ];
        let mark = |time| Mark {
            at: (4, time),
            least: 70.0,
        };
        let bars = Bars::new(&all, 2, &[mark(3_500), mark(3_600)], 9_000, 1.0);
        let ends = |i: usize| (bars.bars[i].x, bars.bars[i].x + bars.bars[i].width);
        for i in 0..all.len() {
            assert!(bars.bars[i].width >= 60.0, "{bars:?}");
        }
        assert!(ends(0).0 < ends(1).0 && ends(1).1 < ends(0).1, "{bars:?}");
        assert!(ends(0).1 < bars.marks[0] && bars.marks[1] < ends(2).0);
        assert!(
            bars.marks[1] - bars.marks[0] >= 70.0,
            "words do not overlap"
        );
        assert!(ends(2).1 < ends(3).0, "{bars:?}");
        assert_eq!(ends(3).1, bars.now, "what goes on reaches the present");
        assert!(bars.now < bars.width);
        assert_eq!(bars.rows, [(0, 1), (1, 1)]);
    }

    #[test]
    fn operations_of_one_process_that_overlap_stand_below_each_other() {
        let all = [one(0, 0, Some(3)), one(0, 1, Some(2)), one(0, 4, Some(5))];
        let bars = Bars::new(&all, 2, &[], 9_000, 1.0);
        let lanes: Vec<usize> = bars.bars.iter().map(|bar| bar.lane).collect();
        assert_eq!(lanes, [0, 1, 0]);
        assert_eq!(bars.rows, [(0, 2), (2, 1)], "an empty row has a lane, too");
    }

    #[test]
    fn what_never_ends_does_not_take_all_lanes() {
        let all: Vec<Stretch> = (0..9).map(|i| one(0, i, None)).collect();
        let bars = Bars::new(&all, 1, &[], 20_000, 1.0);
        assert_eq!(bars.rows, [(0, LANES)]);
    }

    #[test]
    fn long_times_are_shortened_and_labels_keep_apart() {
        let mut all: Vec<Stretch> = (0..40).map(|i| one(0, 2 * i, Some(2 * i + 1))).collect();
        all[20].to = Some((41, 41_000));
        for one in &mut all[21..] {
            one.from.1 += 3_600_000_000;
            one.to = one.to.map(|(place, time)| (place, time + 3_600_000_000));
        }
        let bars = Bars::new(&all, 1, &[], 3_700_000_000, 1.0);
        assert!(bars.width < 4_000.0, "{}", bars.width);
        let apart = |pair: &[(f64, u64)]| pair[1].0 - pair[0].0 >= LABELS && pair[0].1 <= pair[1].1;
        assert!(bars.ticks.len() > 5 && bars.ticks.windows(2).all(apart));
        assert_eq!(Bars::new(&[], 0, &[], 5, 1.0).ticks.len(), 1);
    }

    #[test]
    fn arrows_lead_along_a_row_and_to_the_nearest_lane() {
        let all = [
            one(0, 0, Some(3)),
            one(1, 1, Some(2)),
            one(0, 4, Some(6)),
            one(1, 5, Some(7)),
        ];
        let bars = Bars::new(&all, 2, &[], 9_000, 1.0);
        assert_eq!(beside(&bars, 0, 1, 0), Some(2));
        assert_eq!(beside(&bars, 2, -1, 0), Some(0));
        assert_eq!(beside(&bars, 2, 0, 1), Some(3));
        assert_eq!(beside(&bars, 1, 0, -1), Some(0));
        assert_eq!(beside(&bars, 0, -1, 0), None);
        assert_eq!(beside(&bars, 0, 0, -1), None);
    }
}
