//! The blocks of all nodes as one tree beside them: the longest chain in one line, branches under it, and who
//! builds on which block.

mod tree;

use faultline_sim::frame::{BlockState, Frame};
use faultline_sim::process::NodeId;
use yew::prelude::*;

use crate::layout::{Board, Scene};
use crate::text::chain as words;
use crate::ui::act::PickAct;
use crate::ui::{Act, Same};
pub use tree::chain_of;
use tree::{Spot, Tree};

/// How many lanes have room: branches of branches are rare.
pub const LANES: usize = 5;

#[derive(Properties, PartialEq)]
pub struct ChainProps {
    pub frame: Same<Frame>,
    pub scene: Same<Scene>,
    pub on_act: Callback<Act>,
}

/// The distance between blocks, and what one takes of it.
#[derive(Clone, Copy)]
struct Grid {
    board: Board,
    pitch: f64,
    columns: usize,
    lanes: usize,
    row: f64,
    width: f64,
    height: f64,
}

impl Grid {
    fn of(board: Board, scale: f64) -> Self {
        let room = board.width;
        // A final block of proof of stake lies two epochs behind the newest one.
        let wished = if board.below { 25.0 } else { 27.0 * scale };
        let columns = (room / wished).floor().max(3.0);
        let pitch = room / columns;
        // Rows of logs on a phone are lower than a block with what stands under it.
        let row = board.row.max(27.0);
        let lanes = (LANES as f64 * board.row / row).floor();
        Self {
            board,
            pitch,
            columns: columns as usize,
            lanes: lanes as usize,
            row,
            width: pitch * 0.72,
            height: (row - 13.0 * scale).clamp(10.0, pitch * 0.7),
        }
    }

    /// The middle of a block.
    fn at(&self, (column, lane): (usize, usize)) -> (f64, f64) {
        let x = self.board.left + (column as f64 + 0.5) * self.pitch;
        let y = self.board.top + self.board.head + lane as f64 * self.row;
        (x, y + self.height / 2.0 + 1.0)
    }
}

/// Empty while there are no blocks, but the place stays free.
#[component]
pub fn Chain(props: &ChainProps) -> Html {
    let grid = props
        .scene
        .board
        .map(|board| Grid::of(board, props.scene.scale()));
    let size = grid.map_or((0, 0), |grid| (grid.columns, grid.lanes));
    // Computed again only if a node has changed.
    let nodes: Vec<_> = props.frame.nodes.iter().cloned().map(Same).collect();
    let tree = {
        let frame = props.frame.clone();
        use_memo((nodes, size), move |(_, (columns, lanes))| {
            Tree::of(&frame, *columns, *lanes)
        })
    };
    let Some(grid) = grid else {
        return Html::default();
    };
    let board = grid.board;
    if tree.spots.is_empty() {
        return Html::default();
    }
    let pick = |id: NodeId| {
        props
            .on_act
            .reform(move |_: MouseEvent| Act::Pick(PickAct::Pick(id)))
    };
    let head = (board.left, board.top + board.head * 0.5);
    let title = words::title(tree.left_out, &tree.broken_at);
    let left = |spot: &Spot| link(spot, &grid);
    let shape = |spot: &Spot| {
        let onclick = spot.block.by.map(pick);
        block(spot, &grid, tree.agreed, onclick)
    };
    html! {
        <g class="chain" aria-hidden="true">
            <text class="log-title" x={px(head.0)} y={px(head.1)} dy="0.36em">{ title }</text>
            { for tree.spots.iter().map(left) }
            { for tree.spots.iter().map(shape) }
        </g>
    }
}

/// From a block back to its parent.
fn link(spot: &Spot, grid: &Grid) -> Html {
    let (x, y) = grid.at((spot.column, spot.lane));
    let right = x - grid.width / 2.0;
    let from = match spot.parent {
        Some(parent) => {
            let (px, py) = grid.at(parent);
            (px + grid.width / 2.0, py)
        }
        None if spot.goes_on => (right - (grid.pitch - grid.width) * 0.8, y),
        None => return Html::default(),
    };
    let bend = from.0 + (grid.pitch - grid.width) / 2.0;
    let d = if (from.1 - y).abs() < 0.5 {
        format!("M{:.1} {y:.1}H{right:.1}", from.0)
    } else {
        format!("M{:.1} {:.1}H{bend:.1}V{y:.1}H{right:.1}", from.0, from.1)
    };
    let class = format!("block-link {}", class_of(spot));
    html! { <path {class} {d} /> }
}

fn block(spot: &Spot, grid: &Grid, agreed: bool, onclick: Option<Callback<MouseEvent>>) -> Html {
    let own = &spot.block;
    let (x, y) = grid.at((spot.column, spot.lane));
    let (w, h) = (grid.width, grid.height);
    let (left, top, bottom) = (x - w / 2.0, y - h / 2.0, y + h / 2.0);
    let kept = matches!(own.state, BlockState::Justified | BlockState::Final);
    let hatched = own.state == BlockState::Aside;
    let mark = match own.state {
        _ if spot.broken => format!("M{left:.1} {top:.1}l{w:.1} {h:.1}m-{w:.1} 0l{w:.1} -{h:.1}"),
        BlockState::Final => {
            let (x, y, s) = (x + w * 0.24, top + h * 0.3, h * 0.13);
            format!(
                "M{x:.1} {y:.1}l{s:.1} {s:.1}l{:.1} -{:.1}",
                1.7 * s,
                2.3 * s
            )
        }
        _ => String::new(),
    };
    let maker = own.by.map_or_else(|| "•".to_owned(), |id| id.0.to_string());
    let tips = words::tips(&spot.tips, agreed);
    html! {
        <g class={format!("block {}", class_of(spot))} data-block={own.label.clone()} {onclick}>
            <title>{ words::block(own, &spot.tips) }</title>
            <rect class="cell" x={px(left)} y={px(top)} width={px(w)} height={px(h)} rx="3" />
            if hatched { <rect class="hatching" x={px(left)} y={px(top)} width={px(w)} height={px(h)} rx="3" /> }
            if kept { <path class="edge" d={format!("M{left:.1} {bottom:.1}h{w:.1}")} /> }
            if !mark.is_empty() { <path class="mark" d={mark} /> }
            <text x={px(x)} y={px(y)} dy="0.36em">{ maker }</text>
            if !tips.is_empty() {
                <text class="tips" x={px(x)} y={px(bottom + 2.0)} dy="0.85em">{ tips }</text>
            }
        </g>
    }
}

fn class_of(spot: &Spot) -> &'static str {
    match spot.block.state {
        _ if spot.broken => "broken",
        BlockState::Aside => "aside",
        BlockState::Chosen => "chosen",
        BlockState::Justified => "justified",
        BlockState::Final => "final",
        BlockState::Withheld => "withheld",
        BlockState::Broken => "broken",
    }
}

fn px(value: f64) -> String {
    format!("{value:.1}")
}
