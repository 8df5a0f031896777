//! What clients would be told now, node by node.

use std::fmt::Write;

use serde::Serialize;

use crate::process::NodeId;
use crate::text::and_list;

/// What a client of each node would get now for one thing that they all keep.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Answers {
    /// What is asked for: `color`, "the total".
    pub of: String,
    /// What it should be, and how one knows: "Last confirmed", `red`.
    pub right: Option<(&'static str, String)>,
    /// Each answer with the nodes that would give it, in the order of their first nodes. None: a refusal.
    pub given: Vec<(Option<String>, Vec<NodeId>)>,
}

impl Answers {
    /// More than so many different answers are only counted in words.
    const TOLD: usize = 3;

    /// Puts nodes with the same answer together. None: no node is there to ask.
    #[must_use]
    pub fn of(
        of: impl Into<String>,
        right: Option<(&'static str, String)>,
        by: impl Iterator<Item = (NodeId, Option<String>)>,
    ) -> Option<Self> {
        let mut given: Vec<(Option<String>, Vec<NodeId>)> = Vec::new();
        for (id, answer) in by {
            match given.iter_mut().find(|(known, _)| *known == answer) {
                Some((_, ids)) => ids.push(id),
                None => given.push((answer, vec![id])),
            }
        }
        let of = of.into();
        (!given.is_empty()).then_some(Self { of, right, given })
    }

    /// Whether an answer is another one than it should be; a refusal never is.
    #[must_use]
    pub fn is_wrong(&self, answer: Option<&str>) -> bool {
        let right = self.right.as_ref().map(|(_, value)| value.as_str());
        answer.is_some_and(|answer| right.is_some_and(|right| right != answer))
    }

    /// Whether a node would give a wrong answer.
    #[must_use]
    pub fn misleads(&self, id: NodeId) -> bool {
        let mut wrong = self
            .given
            .iter()
            .filter(|(a, _)| self.is_wrong(a.as_deref()));
        wrong.any(|(_, ids)| ids.contains(&id))
    }

    /// The same in words.
    #[must_use]
    pub fn sentence(&self) -> String {
        let Self { of, right, given } = self;
        let each = given.iter().map(|(answer, ids)| {
            let answer = answer.as_deref().unwrap_or("a refusal");
            format!("{answer} {}", at_nodes(ids))
        });
        let mut told = match given.as_slice() {
            [(Some(one), _)] => format!("A reader of {of} now gets {one} everywhere."),
            [(None, _)] => format!("A reader of {of} is now refused everywhere."),
            some if some.len() <= Self::TOLD => {
                format!("A reader of {of} now gets {}.", and_list(each))
            }
            many => format!(
                "Nodes would now give {} different answers for {of}.",
                many.len()
            ),
        };
        if let Some((label, value)) = right {
            let _ = write!(told, " {label}: {value}.");
        }
        told
    }
}

/// `at nodes 1, 2 and 4`; many are counted.
#[must_use]
pub fn at_nodes(ids: &[NodeId]) -> String {
    match ids {
        [one] => format!("at node {}", one.0),
        some if some.len() <= 6 => format!("at nodes {}", and_list(some.iter().map(|id| id.0))),
        many => format!("at {} nodes", many.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers(by: &[(u32, Option<&str>)]) -> Answers {
        let by = by
            .iter()
            .map(|(id, answer)| (NodeId(*id), answer.map(str::to_owned)));
        let right = Some(("Last confirmed", "blue".to_owned()));
        Answers::of("color", right, by).expect("somebody answers")
    }

    #[test]
    fn nodes_with_the_same_answer_stand_together() {
        let two = answers(&[
            (1, Some("red")),
            (2, Some("blue")),
            (3, Some("red")),
            (4, None),
        ]);
        let told = "A reader of color now gets red at nodes 1 and 3, blue at node 2 and a refusal at \
                    node 4. Last confirmed: blue.";
        assert_eq!(two.sentence(), told);
        assert!(two.misleads(NodeId(1)) && !two.misleads(NodeId(2)));
        assert!(!two.misleads(NodeId(4)), "a refusal misleads nobody");
        let one = answers(&[(1, Some("blue")), (2, Some("blue"))]);
        assert!(
            one.sentence()
                .starts_with("A reader of color now gets blue everywhere.")
        );
        assert_eq!(Answers::of("color", None, std::iter::empty()), None);
    }

    #[test]
    fn many_answers_and_many_nodes_are_counted() {
        let each: Vec<String> = (0..4).map(|at| at.to_string()).collect();
        let by: Vec<_> = (1..).zip(each.iter().map(|a| Some(a.as_str()))).collect();
        let told = answers(&by).sentence();
        assert!(
            told.starts_with("Nodes would now give 4 different answers for color."),
            "{told}"
        );
        let by: Vec<_> = (1..=8)
            .map(|id| (id, Some(if id < 8 { "red" } else { "blue" })))
            .collect();
        let told = answers(&by).sentence();
        assert!(told.contains("red at 7 nodes and blue at node 8"), "{told}");
    }
}
