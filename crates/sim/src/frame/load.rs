//! A box under load: its workers, and what waits for them.

use serde::Serialize;

use super::Table;
use crate::process::NodeId;

/// How loaded a box is. A page draws it as a box that fills, with its queue before it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Load {
    /// How busy it was lately, in per cent; none where nobody works.
    pub busy: Option<u32>,
    /// What waits.
    pub waiting: u32,
    /// The boxes that it calls: how many calls a second lately, and how many are open.
    pub calls: Vec<(NodeId, u32, u32)>,
}

impl Load {
    pub(super) fn to_table(&self) -> Table {
        let busy = self
            .busy
            .map_or_else(String::new, |share| format!("{share} %"));
        let head = [
            ["busy".to_owned(), busy],
            ["waiting".to_owned(), self.waiting.to_string()],
        ];
        let calls = self.calls.iter().map(|(to, rate, open)| {
            [
                format!("calls to {to}"),
                format!("{rate} a second, {open} open"),
            ]
        });
        super::table(["load", "value"], head.into_iter().chain(calls))
    }
}
