//! Published links must open forever.

use super::{link, replay};

/// The forms that links have been written in, with as many examples of each as there must be.
const LINKS: &str = include_str!("golden.txt");

#[test]
fn links_of_version_1_open_for_ever() {
    let mut packed = [0, 0];
    for line in LINKS
        .lines()
        .filter(|l| !l.is_empty() && !l.starts_with('#'))
    {
        let words: Vec<&str> = line.split(' ').collect();
        let [fragment, scenario, commands, time, digest] = words[..] else {
            panic!("{line}");
        };
        let link = link(fragment).unwrap_or_else(|why| panic!("{line}: {why}"));
        assert_eq!(link.recipe.scenario, scenario);
        assert_eq!(link.recipe.commands.len().to_string(), commands, "{line}");
        let opened = replay(&link).unwrap_or_else(|why| panic!("{line}: {why}"));
        let run = &opened.timeline;
        assert_eq!(run.now().0.to_string(), time, "{line}");
        let same = format!("{:08x}", run.digest()) == digest;
        // Behaviour may change with a protocol's revision: then the reader is told. The oldest links carry
        // no digest: nobody can tell whether the run is the same.
        let can_tell = link.digest.is_some();
        assert!(same || opened.remark.is_some() || !can_tell, "{line}");
        assert!(
            !same || opened.remark.is_none(),
            "{line}: {:?}",
            opened.remark
        );
        packed[usize::from(fragment.starts_with("v1.B"))] += 1;
    }
    assert!(
        packed[0] >= 6 && packed[1] >= 7,
        "{packed:?}: lines are only ever added"
    );
}
