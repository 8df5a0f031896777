//! A tree of hashes in which two copies look for what differs.

use serde::Serialize;

use super::{Table, table};

/// How a part of two copies compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Half {
    /// The hashes are equal, so nothing in it differs.
    Equal,
    /// Something in it differs.
    Differs,
}

/// Parts that were compared, from the whole down to single leaves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Halves {
    /// First leaf, how many leaves (a power of two), and whether the hashes are equal.
    pub compared: Vec<(u32, u32, bool)>,
    /// What lies in each leaf, in words. Their number is a power of two.
    pub keys: Vec<String>,
}

impl Halves {
    /// All parts: the whole, both halves and so on. None: nobody has looked at it.
    ///
    /// Two nodes take turns, each a level. So a part whose halves were looked at differs.
    #[must_use]
    pub fn cells(&self) -> Vec<(u32, u32, Option<Half>)> {
        let leaves = self.keys.len() as u32;
        let mut cells = Vec::new();
        let mut count = leaves;
        while count > 0 {
            cells.extend(
                (0..leaves / count).map(|at| (at * count, count, self.half(at * count, count))),
            );
            count /= 2;
        }
        cells
    }

    fn half(&self, from: u32, count: u32) -> Option<Half> {
        let own = self
            .compared
            .iter()
            .find(|part| (part.0, part.1) == (from, count));
        match own {
            Some((_, _, true)) => Some(Half::Equal),
            Some((_, _, false)) => Some(Half::Differs),
            None => {
                let inside = |part: &(u32, u32, bool)| {
                    part.1 < count && (from..from + count).contains(&part.0)
                };
                self.compared.iter().any(inside).then_some(Half::Differs)
            }
        }
    }

    /// A part in words: "leaves 0 to 3 differ".
    #[must_use]
    pub fn said(from: u32, count: u32, half: Option<Half>) -> String {
        let (part, several) = match count {
            1 => (format!("leaf {from}"), false),
            _ => (format!("leaves {from} to {}", from + count - 1), true),
        };
        let verb = match (half, several) {
            (Some(Half::Equal), true) => "are equal",
            (Some(Half::Equal), false) => "is equal",
            (Some(Half::Differs), true) => "differ",
            (Some(Half::Differs), false) => "differs",
            (None, _) => "not compared",
        };
        format!("{part} {verb}")
    }

    pub(super) fn to_table(&self) -> Table {
        let seen = self.cells().into_iter().filter_map(|(from, count, half)| {
            let keys = self.keys.get(from as usize..(from + count) as usize)?;
            let keys: Vec<&str> = keys
                .iter()
                .map(String::as_str)
                .filter(|k| !k.is_empty())
                .collect();
            half.map(|_| [Self::said(from, count, half), keys.join(", ")])
        });
        table(["compared", "keys"], seen)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_whose_halves_were_compared_differs() {
        let keys = ["a", "b", "c", "d"].map(str::to_owned).to_vec();
        let halves = Halves {
            compared: vec![(0, 2, true), (2, 2, false), (3, 1, false)],
            keys,
        };
        let (equal, differs) = (Some(Half::Equal), Some(Half::Differs));
        let cells = halves.cells();
        assert_eq!(
            cells[..3],
            [(0, 4, differs), (0, 2, equal), (2, 2, differs)]
        );
        assert_eq!(
            cells[3..],
            [(0, 1, None), (1, 1, None), (2, 1, None), (3, 1, differs)]
        );
        let table = halves.to_table();
        let row = ["leaves 2 to 3 differ", "c, d"].map(str::to_owned).to_vec();
        assert_eq!((table.rows.len(), &table.rows[2]), (4, &row));
    }
}
