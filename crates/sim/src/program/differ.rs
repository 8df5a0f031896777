//! Two programs line by line: what they share, in order, and what only one of them has.

use super::{Change, Line};

/// Where a line of a comparison stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// In both programs; its place in the first.
    Both(usize),
    /// Only in the first.
    Mine(usize),
    /// Only in the second.
    Theirs(usize),
}

/// A longest list of lines that both programs have in one order, with all others between them.
/// Indentation does not matter; lines that a rule has taken out are no part of a program.
#[must_use]
pub fn differ(mine: &[Line], theirs: &[Line]) -> Vec<Side> {
    let there = |lines: &[Line]| -> Vec<usize> {
        let lines = lines.iter().enumerate();
        let lines = lines.filter(|(_, line)| line.change != Change::Removed);
        lines.map(|(at, _)| at).collect()
    };
    let (a, b) = (there(mine), there(theirs));
    let same = |i: usize, j: usize| mine[a[i]].text.trim() == theirs[b[j]].text.trim();
    // How many lines are shared from (i, j) on.
    let width = b.len() + 1;
    let mut shared = vec![0u16; (a.len() + 1) * width];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            shared[i * width + j] = if same(i, j) {
                shared[(i + 1) * width + j + 1] + 1
            } else {
                shared[(i + 1) * width + j].max(shared[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut sides = Vec::new();
    while i < a.len() || j < b.len() {
        if i < a.len() && j < b.len() && same(i, j) {
            sides.push(Side::Both(a[i]));
            (i, j) = (i + 1, j + 1);
        } else if j == b.len()
            || i < a.len() && shared[(i + 1) * width + j] >= shared[i * width + j + 1]
        {
            sides.push(Side::Mine(a[i]));
            i += 1;
        } else {
            sides.push(Side::Theirs(b[j]));
            j += 1;
        }
    }
    sides
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<Line> {
        let line = |text: &str| Line {
            text: text.to_owned(),
            change: Change::None,
            marks: Vec::new(),
        };
        text.split(' ').map(line).collect()
    }

    #[test]
    fn what_is_shared_stays_in_order() {
        let (mine, theirs) = (lines("a b c d e"), lines("a c x d"));
        let sides = differ(&mine, &theirs);
        let expected = [
            Side::Both(0),
            Side::Mine(1),
            Side::Both(2),
            Side::Theirs(2),
            Side::Both(3),
            Side::Mine(4),
        ];
        assert_eq!(sides, expected);
        assert!(
            differ(&mine, &mine)
                .iter()
                .all(|side| matches!(side, Side::Both(_)))
        );
        assert_eq!(differ(&[], &theirs).len(), 4);
    }

    #[test]
    fn what_a_rule_has_taken_out_is_not_compared() {
        let mut mine = lines("a b");
        mine[1].change = Change::Removed;
        assert_eq!(differ(&mine, &lines("a")), [Side::Both(0)]);
    }
}
