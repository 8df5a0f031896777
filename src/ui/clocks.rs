//! The clocks of all nodes beside the true time: a dial each, whose hand leans as far as the clock is wrong, and a bar
//! over all instants that the node takes to be possible.

use faultline_sim::frame::{ClockFace, Figure, Frame, Life, NodeFrame};
use faultline_sim::process::NodeId;
use faultline_sim::time::LocalTime;
use yew::prelude::*;

use crate::layout::{Board, Scene};
use crate::text::clocks as words;
use crate::ui::act::PickAct;
use crate::ui::{Act, Same, classes};

/// How many nodes have a row; further ones are in the list for screen readers and in the inspector.
pub const MOST: usize = 9;

#[derive(Properties, PartialEq)]
pub struct ClocksProps {
    pub frame: Same<Frame>,
    pub scene: Same<Scene>,
    pub on_act: Callback<Act>,
}

/// What a node takes to be the time, if that is the subject.
#[must_use]
pub fn clock_of(node: &NodeFrame) -> Option<&ClockFace> {
    node.figures.iter().find_map(|figure| match figure {
        Figure::Clock(face) => Some(face),
        _ => None,
    })
}

/// A clock now.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shown {
    pub id: NodeId,
    pub up: bool,
    /// How far ahead of the true time it is, in microseconds.
    pub off: i64,
    /// How far it holds itself to be off at most.
    pub doubt: Option<u64>,
}

impl Shown {
    /// The true time is outside of what it holds to be possible.
    fn wrong(&self) -> bool {
        self.doubt
            .is_some_and(|doubt| self.off.unsigned_abs() > doubt)
    }

    /// How far from the true time its drawing reaches.
    fn reach(&self) -> u64 {
        self.off
            .unsigned_abs()
            .saturating_add(self.doubt.unwrap_or(0))
    }
}

/// All clocks at the instant of a frame.
pub fn shown(frame: &Frame) -> impl Iterator<Item = Shown> {
    let now = i64::try_from(frame.time.0).unwrap_or(i64::MAX);
    frame.nodes.iter().filter_map(move |node| {
        let local = LocalTime(now.saturating_add(node.clock_error_us));
        let reading = clock_of(node)?.read(local);
        Some(Shown {
            id: node.id,
            up: !matches!(node.life, Life::Down { .. }),
            off: reading.time.saturating_sub(now),
            doubt: reading.doubt,
        })
    })
}

/// The smallest of 1, 2, 5, 10, … milliseconds, or of so many minutes, that has room for all, in microseconds.
fn range(rows: &[Shown]) -> f64 {
    let reach = rows.iter().filter(|row| row.up).map(Shown::reach).max();
    let reach = reach.unwrap_or(0) as f64 * 1.05;
    let unit = if reach > 60e6 { 60e6 } else { 1e3 };
    let mut range = unit;
    let mut steps = [2.0, 2.5, 2.0].into_iter().cycle();
    while range < reach {
        range *= steps.next().unwrap_or(10.0);
    }
    range
}

/// Where things stand in a row.
struct Axis {
    dial: f64,
    radius: f64,
    /// Of the true time.
    middle: f64,
    /// From there to an end.
    half: f64,
    range: f64,
    /// Of the number.
    end: f64,
}

impl Axis {
    fn of(board: &Board, scale: f64, range: f64) -> Self {
        let radius = (board.cell.y * 0.5).min(11.0 * scale);
        let dial = board.left + board.label * 0.75 + radius;
        let end = board.left + board.width;
        let left = dial + radius + 10.0 * scale;
        let right = end - 58.0 * scale;
        Self {
            dial,
            radius,
            middle: f64::midpoint(left, right),
            half: (right - left) / 2.0,
            range,
            end,
        }
    }

    fn x(&self, us: f64) -> f64 {
        self.middle + (us / self.range).clamp(-1.0, 1.0) * self.half
    }
}

#[component]
pub fn Clocks(props: &ClocksProps) -> Html {
    let Some(board) = props.scene.board else {
        return Html::default();
    };
    let rows: Vec<Shown> = shown(&props.frame).take(MOST).collect();
    let axis = Axis::of(&board, props.scene.scale(), range(&rows));
    let head = board.top + board.head * 0.5;
    let (top, bottom) = (
        board.top + board.head * 0.9,
        board.row_at(rows.len().saturating_sub(1)) + board.cell.y / 2.0,
    );
    let end = |us: f64, class: &'static str| {
        html! { <text {class} x={px(axis.x(us))} y={px(head)} dy="0.36em">{ words::end(us as i64) }</text> }
    };
    let line =
        |(at, row): (usize, &Shown)| row_of(row, &axis, board.row_at(at), &board, &props.on_act);
    html! {
        <g class="clocks" aria-hidden="true">
            <text class="log-title" x={px(board.left)} y={px(head)} dy="0.36em">{ words::TITLE }</text>
            { end(-axis.range, "clock-end low") }
            <text class="clock-end" x={px(axis.middle)} y={px(head)} dy="0.36em">{ words::TRUE_TIME }</text>
            { end(axis.range, "clock-end high") }
            <path class="true-time" d={format!("M{:.1} {top:.1}V{bottom:.1}", axis.middle)} />
            { for rows.iter().enumerate().map(line) }
        </g>
    }
}

fn row_of(row: &Shown, axis: &Axis, y: f64, board: &Board, on_act: &Callback<Act>) -> Html {
    let id = row.id;
    let pick = on_act.reform(move |_: MouseEvent| Act::Pick(PickAct::Pick(id)));
    let class = classes(&[
        ("clock-row", true),
        ("wrong", row.wrong()),
        ("down", !row.up),
    ]);
    let high = board.cell.y * 0.42;
    let bar = row.doubt.filter(|_| row.up).map(|doubt| {
        let (left, right) = (
            axis.x(row.off as f64 - doubt as f64),
            axis.x(row.off as f64 + doubt as f64),
        );
        html! {
            <rect class="doubt" x={px(left)} y={px(y - high / 2.0)} width={px((right - left).max(1.0))}
                height={px(high)} rx="2" />
        }
    });
    let at = axis.x(row.off as f64);
    let lean = (row.off as f64 / axis.range).clamp(-1.0, 1.0) * std::f64::consts::FRAC_PI_2;
    let (dx, dy) = (
        lean.sin() * axis.radius * 0.8,
        lean.cos() * axis.radius * 0.8,
    );
    html! {
        <g {class} data-clock={id.0.to_string()} onclick={pick}>
            <title>{ words::of_node(id, row.off, row.doubt) }</title>
            <rect class="log-band" x={px(board.left - 4.0)} y={px(y - board.cell.y / 2.0 - 2.0)}
                width={px(board.width + 8.0)} height={px(board.row)} rx="4" />
            <text class="log-name" x={px(board.left + board.label * 0.3)} y={px(y)} dy="0.36em">{ id.0 }</text>
            <circle class="dial" cx={px(axis.dial)} cy={px(y)} r={px(axis.radius)} />
            if row.up {
                <path class="hand" d={format!("M{:.1} {y:.1}l{dx:.1} {:.1}", axis.dial, -dy)} />
                { bar.unwrap_or_default() }
                <path class="told" d={format!("M{at:.1} {:.1}v{:.1}", y - high, 2.0 * high)} />
                <text class="clock-off" x={px(axis.end)} y={px(y)} dy="0.36em">{ words::off(row.off) }</text>
            }
        </g>
    }
}

fn px(value: f64) -> String {
    format!("{value:.1}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clock(off: i64, doubt: u64) -> Shown {
        Shown {
            id: NodeId(1),
            up: true,
            off,
            doubt: Some(doubt),
        }
    }

    #[test]
    fn the_axis_has_room_for_all_and_round_ends() {
        assert_eq!(range(&[]), 1_000.0);
        assert_eq!(range(&[clock(30_000, 40_000), clock(0, 0)]), 100_000.0);
        assert_eq!(range(&[clock(-3_000, 1_000)]), 5_000.0);
        assert_eq!(range(&[clock(1_500_000_000, 0)]), 50.0 * 60e6);
    }

    #[test]
    fn a_clock_is_wrong_where_the_true_time_is_outside_its_bar() {
        assert!(!clock(30_000, 40_000).wrong());
        assert!(clock(-41_000, 40_000).wrong());
    }
}
