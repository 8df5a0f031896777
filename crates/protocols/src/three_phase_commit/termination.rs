//! The rule of termination (7.5): what the states of others say about a transaction that nobody has decided.

use faultline_sim::process::NodeId;
use faultline_sim::sorted::SortedMap;
use serde::Serialize;

use super::{Decision, Phase};

/// The states that others have told, each with whether it was down in between.
#[derive(Clone, Debug, Default, Hash, Serialize)]
pub struct Heard(SortedMap<NodeId, (Phase, bool)>);

impl Heard {
    pub fn insert(&mut self, from: NodeId, told: (Phase, bool)) {
        self.0.insert(from, told);
    }

    /// How many have answered.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Those that have not crashed since the transaction began.
    pub fn running(&self) -> impl Iterator<Item = (NodeId, Phase)> {
        let running = self.0.iter().filter(|(_, (_, recovered))| !recovered);
        running.map(|(id, (phase, _))| (*id, *phase))
    }

    /// What a backup decides with those that run.
    pub fn verdict(&self, own: Phase) -> Decision {
        verdict(self.running().map(|(_, phase)| phase), own)
    }

    /// All other processes, so many, have crashed and are back, as this one is: then nobody can have gone on,
    /// and all of them come to the same.
    pub fn when_all_were_down(&self, others: usize, own: Phase) -> Option<Decision> {
        let all = self.0.len() == others && self.running().next().is_none();
        all.then(|| verdict(self.0.values().map(|(phase, _)| *phase), own))
    }
}

/// Nobody commits while one that runs is uncertain, and nobody aborts once one knows that all agreed.
fn verdict(mut others: impl Iterator<Item = Phase>, own: Phase) -> Decision {
    if own == Phase::PreCommit || others.any(|phase| phase == Phase::PreCommit) {
        Decision::Commit
    } else {
        Decision::Abort
    }
}
