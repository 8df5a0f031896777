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

/// A vote that needs a majority of each of two groups: won by both, lost with the first of them (Raft, section 6).
#[must_use]
pub const fn vote_of_both(old: Vote, new: Vote) -> Vote {
    match (old, new) {
        (Vote::Won, Vote::Won) => Vote::Won,
        (Vote::Lost, _) | (_, Vote::Lost) => Vote::Lost,
        _ => Vote::Pending,
    }
}

/// The largest index that a majority of each of two groups has reached: of each, how many they are and what is known
/// of them. A group of nobody asks for nothing, so that one group alone is a group with an empty one.
#[must_use]
pub fn committed_by_both(old: (u32, Vec<u64>), new: (u32, Vec<u64>)) -> u64 {
    committed(old.0, old.1).min(committed(new.0, new.1))
}

#[cfg(test)]
mod tests {
    use super::{Vote, committed, committed_by_both, vote, vote_of_both};

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

    /// Which of the voters 1 to 6 are in the old and in the new group, and what each has reached (0: nothing known).
    type Both = (&'static [usize], &'static [usize], &'static [u64], u64);

    /// All rows of etcd-io/raft, quorum/testdata/joint_commit.txt.
    const COMMITTED_BY_BOTH: [Both; 50] = [
        (&[1, 2, 3], &[], &[100, 101, 99], 100),
        (&[1], &[2], &[0, 0], 0),
        (&[1], &[2], &[100, 0], 0),
        (&[1], &[2], &[13, 100], 13),
        (&[1], &[1], &[0], 0),
        (&[1], &[1], &[100], 100),
        (&[1, 3], &[2], &[0, 0, 0], 0),
        (&[1, 3], &[2], &[100, 0, 0], 0),
        (&[1, 3], &[2], &[100, 0, 50], 0),
        (&[1, 3], &[2], &[100, 45, 50], 45),
        (&[1, 2], &[2], &[0, 0], 0),
        (&[1, 2], &[2], &[100, 0], 0),
        (&[1, 2], &[2], &[0, 100], 0),
        (&[1, 2], &[2], &[50, 100], 50),
        (&[1, 2], &[2], &[100, 50], 50),
        (&[1, 2], &[3, 4], &[50, 0, 0, 0], 0),
        (&[1, 2], &[3, 4], &[50, 0, 49, 0], 0),
        (&[1, 2], &[3, 4], &[50, 48, 49, 0], 0),
        (&[1, 2], &[3, 4], &[50, 48, 49, 47], 47),
        (&[1, 2], &[2, 3], &[0, 0, 0], 0),
        (&[1, 2], &[2, 3], &[100, 0, 0], 0),
        (&[1, 2], &[2, 3], &[0, 100, 0], 0),
        (&[1, 2], &[2, 3], &[0, 100, 99], 0),
        (&[1, 2], &[2, 3], &[101, 100, 99], 99),
        (&[1, 2], &[1, 2], &[0, 0], 0),
        (&[1, 2], &[1, 2], &[0, 40], 0),
        (&[1, 2], &[1, 2], &[41, 40], 40),
        (&[1, 2, 3], &[4, 5, 6], &[0, 0, 0, 0, 0, 0], 0),
        (&[1, 2, 3], &[4, 5, 6], &[100, 0, 0, 0, 0, 0], 0),
        (&[1, 2, 3], &[4, 5, 6], &[100, 0, 0, 90, 0, 0], 0),
        (&[1, 2, 3], &[4, 5, 6], &[100, 99, 0, 0, 0, 0], 0),
        (&[1, 2, 3], &[4, 5, 6], &[0, 99, 90, 97, 95, 0], 90),
        (&[1, 2, 3], &[4, 5, 6], &[92, 99, 90, 97, 95, 0], 92),
        (&[1, 2, 3], &[4, 5, 6], &[92, 99, 90, 97, 95, 77], 92),
        (&[1, 2, 3], &[1, 4, 5], &[0, 0, 0, 0, 0], 0),
        (&[1, 2, 3], &[1, 4, 5], &[100, 0, 0, 0, 0], 0),
        (&[1, 2, 3], &[1, 4, 5], &[100, 101, 0, 0, 0], 0),
        (&[1, 2, 3], &[1, 4, 5], &[100, 101, 100, 0, 0], 0),
        (&[1, 2, 3], &[1, 4, 5], &[0, 100, 0, 99, 98], 0),
        (&[1, 2, 3], &[1, 4, 5], &[0, 100, 99, 99, 98], 98),
        (&[1, 2, 3], &[1, 4, 5], &[1, 100, 99, 99, 98], 98),
        (&[1, 2, 3], &[1, 4, 5], &[100, 100, 99, 99, 98], 99),
        (&[1, 2, 3], &[2, 3, 4], &[0, 0, 0, 0], 0),
        (&[1, 2, 3], &[2, 3, 4], &[0, 100, 99, 0], 99),
        (&[1, 2, 3], &[2, 3, 4], &[98, 100, 99, 0], 99),
        (&[1, 2, 3], &[2, 3, 4], &[100, 100, 99, 0], 99),
        (&[1, 2, 3], &[2, 3, 4], &[100, 100, 99, 98], 99),
        (&[1, 2, 3], &[2, 3, 4], &[100, 0, 0, 101], 0),
        (&[1, 2, 3], &[2, 3, 4], &[100, 99, 0, 101], 99),
        (&[1, 2, 3], &[1, 2, 3], &[50, 45, 0], 45),
    ];

    #[test]
    fn both_majorities_commit() {
        for (old, new, known, expected) in COMMITTED_BY_BOTH {
            let group = |ids: &[usize]| {
                let known = ids.iter().map(|id| known[id - 1]);
                (ids.len() as u32, known.collect::<Vec<u64>>())
            };
            let row = format!("{old:?} {new:?} {known:?}");
            assert_eq!(committed_by_both(group(old), group(new)), expected, "{row}");
            assert_eq!(
                committed_by_both(group(new), group(old)),
                expected,
                "{row}: the order of the groups does not matter"
            );
        }
    }

    #[test]
    fn a_vote_of_both_is_won_by_both() {
        let all = [Vote::Won, Vote::Lost, Vote::Pending];
        for one in all {
            for other in all {
                let both = vote_of_both(one, other);
                assert_eq!(both, vote_of_both(other, one));
                assert_eq!(both == Vote::Won, one == Vote::Won && other == Vote::Won);
                assert_eq!(both == Vote::Lost, one == Vote::Lost || other == Vote::Lost);
            }
            // Among nobody, everything is won.
            assert_eq!(vote_of_both(one, vote(0, 0, 0)), one);
        }
    }

    /// Joint consensus between disjoint groups: a majority of all six is not enough.
    #[test]
    fn a_majority_of_the_union_is_no_majority_of_both() {
        let votes = |old: &str, new: &str| {
            let of = |group: &str| {
                let count = |letter| group.chars().filter(|c| *c == letter).count() as u32;
                vote(group.len() as u32, count('y'), count('n'))
            };
            vote_of_both(of(old), of(new))
        };
        assert_eq!(votes("yyy", "y__"), Vote::Pending);
        assert_eq!(votes("yyy", "ynn"), Vote::Lost);
        assert_eq!(votes("yy_", "yy_"), Vote::Won);
    }
}
