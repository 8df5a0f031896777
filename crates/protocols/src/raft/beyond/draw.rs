//! What is drawn of snapshots and of voters that change.

use faultline_sim::frame::NodeFrame;
use faultline_sim::text::counted;

use super::super::Server;

pub(in crate::raft) fn draw(server: &Server, to: &mut NodeFrame) {
    let beyond = &server.beyond;
    if let Some(snapshot) = &beyond.snapshot {
        let gone = counted(server.base(), "entry", "entries");
        to.chips.push(format!("… {gone} in a snapshot"));
        to.fields([
            ("snapshot up to entry", snapshot.index.to_string()),
            ("log starts after entry", server.base().to_string()),
        ]);
    }
    if let Some((index, config)) = &beyond.config {
        let open = if *index > server.commit_index {
            " (not committed)"
        } else {
            ""
        };
        to.chips.push(format!("voters {config}{open}"));
        to.fields([("voters", config.to_string())]);
    }
    if let Some(transfer) = &beyond.transfer {
        to.chips.push(format!("hands over to {}", transfer.to.0));
    }
}
