//! The content beside the drawing: sentences, counts, the table.

use std::rc::Rc;

use faultline_diagram::{Axis, Side, Stamps, View, compare, counts, stamp_of};
use faultline_sim::process::NodeId;

use super::App;
use super::subject::subject;
use crate::engine::Reading;
use crate::text::{self, spacetime as words};
use crate::ui::Same;
use crate::ui::spacetime::{Shown, TableRow};

/// The most rows of the table: more would be unreadable and slow.
const ROWS: usize = 200;

impl App {
    /// Computes everything again; true if anything has changed.
    pub(in crate::app) fn spacetime_words(&mut self) -> bool {
        self.spacetime_seen() && self.spacetime_now_words()
    }

    #[inline(never)]
    fn spacetime_now_words(&mut self) -> bool {
        self.spacetime_look_at();
        self.spacetime_cones();
        let shown = self.spacetime_shown();
        let new = *self.spacetime.shown.0 != shown;
        if new {
            self.spacetime.shown = Same(Rc::new(shown));
        }
        new
    }

    fn spacetime_shown(&self) -> Shown {
        let (rows, all_rows) = if self.spacetime.table {
            self.spacetime_rows()
        } else {
            Default::default()
        };
        let selected = subject(&self.pane, &self.reading).selected();
        // The sentence may need a replay, so nothing else may borrow the engine.
        let chosen = selected.map(|seq| self.spacetime_sentence(seq));
        let nodes = self.spacetime_nodes();
        let subject = subject(&self.pane, &self.reading);
        let index = subject.index();
        let (space, view) = (&self.spacetime, &self.spacetime.view);
        let unit = if view.axis == Axis::Time { 1e6 } else { 1.0 };
        let reading = subject.reading(view);
        let summary = match reading {
            Reading::Whole => summary(index, view),
            Reading::UnderWay(percent) => words::reading(percent),
            Reading::Part(from, to) => {
                format!(
                    "{} {}",
                    summary(index, view),
                    words::part(view.axis, from, to)
                )
            }
        };
        let pair = selected.zip(space.second);
        let comparison = pair.and_then(|(first, second)| compare(index, first, second));
        let unread = matches!(reading, Reading::UnderWay(_));
        let missing = match (pair, space.cones.is_some()) {
            _ if unread => None,
            (Some(_), _) if comparison.is_none() => Some(words::TOO_FAR_APART),
            (None, false) => selected.map(|seq| match index.entry(seq) {
                Some(_) => words::CAUSES_TOO_FAR_BACK,
                None => words::EVENT_TOO_FAR,
            }),
            _ => None,
        };
        let so_far = index.len() < subject.records();
        let kinds = index.kinds().into_iter();
        Shown {
            given: self.reading.is_some(),
            tall: space.tall,
            follow: space.follow,
            stamps: view.stamps,
            timers: view.timers,
            axis: view.axis,
            table: space.table,
            picking: space.picking,
            nodes,
            kinds: kinds
                .map(|kind| (kind, !view.silent.contains(&kind)))
                .collect(),
            window: (view.from.max(0.0) / unit, view.to / unit),
            summary,
            chosen,
            cones: space.cones.as_ref().map(|cones| cones.counts(index)),
            so_far,
            missing,
            comparison,
            rows,
            all_rows,
        }
    }

    /// The event log's sentence about an event.
    pub(super) fn spacetime_sentence(&self, seq: u64) -> String {
        let told = match &self.reading {
            Some(reading) => reading.sentence(seq),
            None => self.pane.engine.borrow_mut().sentence(seq),
        };
        told.unwrap_or_else(|| {
            let subject = subject(&self.pane, &self.reading);
            let index = subject.index();
            let node = index.entry(seq).map_or(0, |entry| entry.node);
            let what = index.entry(seq).map_or("", |entry| entry.what.word());
            let timer = index.timer_of(seq).unwrap_or_default();
            format!("{}: {what} {timer}", text::node(NodeId(node)))
        })
    }

    /// The relation of an event to the selected one.
    pub(super) fn spacetime_side(&self, seq: u64) -> &'static str {
        let subject = subject(&self.pane, &self.reading);
        let cones = self.spacetime.cones.as_ref();
        let entry = subject.index().entry(seq);
        let (Some(cones), Some(entry)) = (cones, entry.filter(|entry| entry.node > 0)) else {
            return "";
        };
        match cones.side(NodeId(entry.node), entry.own) {
            Side::Past => "past",
            Side::Here => "selected",
            Side::Future => "future",
            Side::Concurrent => "concurrent",
        }
    }

    fn spacetime_rows(&self) -> (Vec<TableRow>, usize) {
        let seqs: Vec<u64> = {
            let subject = subject(&self.pane, &self.reading);
            let (index, view) = (subject.index(), &self.spacetime.view);
            let (from, to) = view.records(index).unwrap_or((1, 0));
            (from..=to).filter(|seq| view.shows(index, *seq)).collect()
        };
        let rows = seqs.iter().take(ROWS).map(|seq| {
            let sentence = self.spacetime_sentence(*seq);
            let subject = subject(&self.pane, &self.reading);
            let (index, view) = (subject.index(), &self.spacetime.view);
            let entry = index.entry(*seq);
            let stamps = match view.stamps {
                Stamps::None => Stamps::Lamport,
                own => own,
            };
            let stamped = View {
                stamps,
                ..view.clone()
            };
            TableRow {
                seq: *seq,
                time: text::instant(entry.map(|entry| entry.time).unwrap_or_default()),
                place: entry.map_or(String::new(), |entry| index.name(NodeId(entry.node))),
                sentence,
                stamp: stamp_of(index, &stamped, *seq),
                side: self.spacetime_side(*seq),
                selected: subject.selected() == Some(*seq),
            }
        });
        (rows.collect(), seqs.len())
    }
}

fn summary(index: &faultline_diagram::Index, view: &View) -> String {
    let seen = counts(index, view);
    words::summary(&words::Visible {
        axis: view.axis,
        from: view.from,
        to: view.to,
        nodes: view.lanes(index).len(),
        events: seen.events,
        messages: seen.messages,
        lost: seen.lost,
        thinned: seen.thinned,
    })
}
