//! Majorities: who has won a vote, and which index a majority has reached.

use crate::sorted::sort_by;

/// How a vote stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vote {
    /// A majority has said yes.
    Won,
    /// A majority can no longer say yes.
    Lost,
    /// Neither, so far.
    Pending,
}

/// How many of `all` make a majority: more than half.
#[must_use]
pub const fn majority(all: u32) -> u32 {
    all / 2 + 1
}

/// A vote among `all`, of whom some have said yes and some no. Among nobody, everything is won.
#[must_use]
pub const fn vote(all: u32, yes: u32, no: u32) -> Vote {
    if all == 0 || yes >= majority(all) {
        Vote::Won
    } else if all - no < majority(all) {
        Vote::Lost
    } else {
        Vote::Pending
    }
}

/// The largest index that a majority of `all` has reached. Each of `known` is what one of them has
/// reached; who is missing has reached 0. Among nobody, everything is reached.
#[must_use]
pub fn committed(all: u32, mut known: Vec<u64>) -> u64 {
    if all == 0 {
        return u64::MAX;
    }
    sort_by(&mut known, |a, b| b.cmp(a));
    known.get(majority(all) as usize - 1).copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{Vote, committed, vote};

    /// All rows of etcd-io/raft, quorum/testdata/majority_vote.txt: yes, no, missing.
    const VOTES: [(&str, Vote); 18] = [
        ("", Vote::Won),
        ("_", Vote::Pending),
        ("n", Vote::Lost),
        ("y", Vote::Won),
        ("__", Vote::Pending),
        ("n_", Vote::Lost),
        ("y_", Vote::Pending),
        ("ny", Vote::Lost),
        ("yy", Vote::Won),
        ("___", Vote::Pending),
        ("n__", Vote::Pending),
        ("y__", Vote::Pending),
        ("nn_", Vote::Lost),
        ("yn_", Vote::Pending),
        ("yy_", Vote::Won),
        ("yyn", Vote::Won),
        ("nyn", Vote::Lost),
        ("yynyn__", Vote::Pending),
    ];

    /// The rows for seven voters.
    const VOTES_OF_SEVEN: [(&str, Vote); 5] = [
        ("yyny___", Vote::Pending),
        ("_yy_nyn", Vote::Pending),
        ("yyny_ny", Vote::Won),
        ("yy_nynn", Vote::Pending),
        ("yynynnn", Vote::Lost),
    ];

    #[test]
    fn votes_are_won_by_more_than_half() {
        for (row, expected) in VOTES.iter().chain(&VOTES_OF_SEVEN) {
            let count = |letter| row.chars().filter(|c| *c == letter).count() as u32;
            let found = vote(row.len() as u32, count('y'), count('n'));
            assert_eq!(found, *expected, "{row}");
        }
    }

    #[test]
    fn a_majority_commits() {
        // All rows of etcd-io/raft, quorum/testdata/majority_commit.txt; unknown indexes left out.
        let rows: [(u32, &[u64], u64); 16] = [
            (0, &[], u64::MAX),
            (1, &[], 0),
            (1, &[12], 12),
            (2, &[], 0),
            (2, &[12], 0),
            (2, &[12, 5], 5),
            (3, &[], 0),
            (3, &[12], 0),
            (3, &[12, 5], 5),
            (3, &[12, 5, 6], 6),
            (3, &[12, 5, 4], 5),
            (3, &[5, 5], 5),
            (3, &[5, 5, 12], 5),
            (3, &[100, 101, 103], 101),
            (5, &[101, 104, 103, 103], 103),
            (5, &[101, 102, 103, 103], 102),
        ];
        for (all, known, expected) in rows {
            assert_eq!(committed(all, known.to_vec()), expected, "{all} {known:?}");
        }
    }
}
