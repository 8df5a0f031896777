//! The logs of all nodes in one table beside the ring: one row per node, one column per index, so that
//! equal entries are one above the other.

mod table;

use faultline_sim::frame::{EntryState, Frame, LogCell};
use faultline_sim::process::NodeId;
use yew::prelude::*;

use crate::layout::{Board, Scene};
use crate::text;
use crate::ui::act::PickAct;
use crate::ui::icons::Icon;
use crate::ui::{Act, Same, Selection, classes};
pub use table::log_of;
use table::{LogLine, LogTable, Slot};

#[derive(Properties, PartialEq)]
pub struct LogsProps {
    pub frame: Same<Frame>,
    pub scene: Same<Scene>,
    pub selection: Selection,
    pub on_act: Callback<Act>,
}

/// Empty while all logs are empty, but the place stays free.
#[component]
pub fn Logs(props: &LogsProps) -> Html {
    // Computed again only if a node has changed, because finding conflicts compares all logs.
    let nodes = props.frame.nodes.iter().cloned().map(Same);
    let nodes: Vec<_> = nodes.collect();
    let columns = props.scene.board.map_or(0, |board| board.columns);
    let table = {
        let frame = props.frame.clone();
        use_memo((nodes, columns), move |(_, columns)| {
            LogTable::of(&frame, *columns)
        })
    };
    let Some(board) = props.scene.board else {
        return Html::default();
    };
    if table.longest == 0 {
        return Html::default();
    }
    let index = |column: usize| {
        let index = table.first + column as u64;
        // Earlier entries are left out.
        let cropped = column == 0 && table.first > 1;
        // Three digits are wider than a column: every second one is named, the last one always.
        let unnamed = index >= 100 && (table.longest - index) % 2 == 1;
        let label = match (cropped, unnamed) {
            (true, _) => {
                "…".to_owned()
                    + &if unnamed {
                        String::new()
                    } else {
                        index.to_string()
                    }
            }
            (false, true) => String::new(),
            (false, false) => index.to_string(),
        };
        html! {
            <text class="log-index" x={px(board.column_at(column))} y={px(board.top + board.head * 0.5)}
                dy="0.36em">{ label }</text>
        }
    };
    let columns = table.columns(board.columns);
    let line = |(row, line): (usize, &LogLine)| {
        let selected = props.selection == Selection::Node(line.id);
        html! {
            <Line key={line.id.0} line={line.clone()} first={table.first} {board} y={board.row_at(row)}
                {selected} on_act={props.on_act.clone()} />
        }
    };
    html! {
        <g class="logs" aria-hidden="true">
            <text class="log-title" x={px(board.left)} y={px(board.top + board.head * 0.5)} dy="0.36em">
                { text::LOG }
            </text>
            { for (0..columns).map(index) }
            { for table.lines.iter().enumerate().map(line) }
        </g>
    }
}

#[derive(Properties, PartialEq)]
struct LineProps {
    line: LogLine,
    first: u64,
    board: Board,
    y: f64,
    selected: bool,
    on_act: Callback<Act>,
}

/// One node's log.
#[component]
fn Line(props: &LineProps) -> Html {
    let LineProps { line, board, y, .. } = props;
    let id = line.id;
    let pick = props
        .on_act
        .reform(move |_: MouseEvent| Act::Pick(PickAct::Pick(id)));
    let class = classes(&[
        ("log-line", true),
        ("leads", line.leads),
        ("down", line.down),
        ("selected", props.selected),
    ]);
    let name = board.left + board.label * 0.42;
    let cells = line.slots.iter().enumerate().map(|(column, slot)| {
        let at = (board.column_at(column), *y);
        slot_at(id, props.first + column as u64, slot, at, board)
    });
    html! {
        <g {class} onclick={pick}>
            <rect class="log-band" x={px(board.left - 4.0)} y={px(y - board.cell.y / 2.0 - 2.0)}
                width={px(board.width + 8.0)} height={px(board.row)} rx="4" />
            <text class="log-name" x={px(name)} y={px(*y)} dy="0.36em">{ id.0 }</text>
            if line.leads {
                { Icon::Crown.within(name - board.cell.y * 0.72, *y, board.cell.y * 0.56) }
            }
            { for cells }
            if let Some(column) = line.caret {
                <path class="log-caret" d={caret(board, column, *y)} />
            }
        </g>
    }
}

/// Under the entry up to which the leader has committed.
fn caret(board: &Board, column: usize, y: f64) -> String {
    let (x, top) = (board.column_at(column), y + board.cell.y / 2.0 + 1.0);
    let size = board.strip().clamp(3.0, 8.0) * 0.75;
    format!(
        "M{x:.1} {top:.1}L{:.1} {:.1}H{:.1}Z",
        x - size,
        top + size,
        x + size
    )
}

fn slot_at(id: NodeId, index: u64, slot: &Slot, (x, y): (f64, f64), board: &Board) -> Html {
    let (w, h) = (board.cell.x, board.cell.y);
    let boxed = |class: &'static str| {
        html! {
            <rect {class} x={px(x - w / 2.0)} y={px(y - h / 2.0)} width={px(w)} height={px(h)} rx="2" />
        }
    };
    match slot {
        Slot::Earlier => Html::default(),
        Slot::Missing => boxed("log-missing"),
        Slot::Gone(gone) => entry(id, index, gone, EntryState::Truncated, (x, y), (w, h)),
        Slot::Entry(cell, state, None) => entry(id, index, cell, *state, (x, y), (w, h)),
        Slot::Entry(cell, state, Some(before)) => {
            html! { <>{ entry(id, index, cell, *state, (x, y), (w, h)) }{ gone(before, (x, y), board) }</> }
        }
    }
}

/// The deleted entry that was here before: a smaller cell under its successor, or only a stroke if rows
/// are low.
fn gone(cell: &LogCell, (x, y): (f64, f64), board: &Board) -> Html {
    let (w, h) = (board.cell.x, board.cell.y);
    let (top, left) = (y + h / 2.0 + 2.0, x - w / 2.0);
    let room = board.strip() - 3.0;
    if room < 10.0 {
        let d = format!("M{left:.1} {0:.1}h{1:.1}", top - 1.0, w * 0.4);
        return html! { <g class="log-entry truncated"><path class="mark" {d} /></g> };
    }
    let middle = top + room / 2.0;
    html! {
        <g class="log-entry truncated before">
            <rect class="cell" x={px(left)} y={px(top)} width={px(w)} height={px(room)} rx="2" />
            <text x={px(x)} y={px(middle)} dy="0.36em">{ cell.term }</text>
            <path class="mark" d={format!("M{:.1} {middle:.1}h{:.1}", left - 1.0, w + 2.0)} />
        </g>
    }
}

/// A cell with the entry's term; outline, hatch, edge and mark show its state.
fn entry(
    id: NodeId,
    index: u64,
    cell: &LogCell,
    state: EntryState,
    (x, y): (f64, f64),
    (w, h): (f64, f64),
) -> Html {
    let (left, right) = (x - w / 2.0, x + w / 2.0);
    let (top, bottom) = (y - h / 2.0, y + h / 2.0);
    let mark = match state {
        EntryState::Applied => {
            let s = h * 0.13;
            let (x, y) = (right - 3.4 * s, top + 1.9 * s);
            format!(
                "M{x:.1} {y:.1}l{:.1} {:.1}l{:.1} -{:.1}",
                s,
                s,
                1.7 * s,
                2.3 * s
            )
        }
        EntryState::Conflicting => wave(left + 3.0, right - 3.0, bottom - h * 0.14),
        EntryState::Truncated => format!("M{:.1} {y:.1}H{:.1}", left - 1.0, right + 1.0),
        EntryState::Committed | EntryState::Uncommitted => String::new(),
    };
    let settled = matches!(state, EntryState::Applied | EntryState::Committed);
    html! {
        <g class={format!("log-entry {}", state.word())} data-entry={format!("{id}:{index}")}>
            <title>{ text::log_entry(id, index, cell, state) }</title>
            <rect class="cell" x={px(left)} y={px(top)} width={px(w)} height={px(h)} rx="2" />
            if !settled { <rect class="hatching" x={px(left)} y={px(top)} width={px(w)} height={px(h)} rx="2" /> }
            if settled { <path class="edge" d={format!("M{left:.1} {bottom:.1}H{right:.1}")} /> }
            <text x={px(if state == EntryState::Applied { x - w * 0.13 } else { x })} y={px(y)}
                dy="0.36em">{ cell.term }</text>
            if !mark.is_empty() { <path class="mark" d={mark} /> }
        </g>
    }
}

/// A wavy line.
fn wave(from: f64, to: f64, y: f64) -> String {
    const WAVES: usize = 3;
    let step = (to - from) / (2 * WAVES) as f64;
    let mut path = format!("M{from:.1} {y:.1}");
    for i in 0..2 * WAVES {
        let lift = if i.is_multiple_of(2) { -2.4 } else { 2.4 };
        path += &format!("q{:.1} {lift} {step:.1} 0", step / 2.0);
    }
    path
}

fn px(value: f64) -> String {
    format!("{value:.1}")
}
