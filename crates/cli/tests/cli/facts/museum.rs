//! What the papers behind the museum say, asked of the command line.

use super::{probe, states, sweep};

/// van Renesse and others 1998: a failure is noticed when a count has not grown for T_fail, and a shorter
/// T_fail notices sooner.
#[test]
fn a_crash_is_noticed_after_t_fail() {
    let mut before = 0.0;
    for fail in [3_000, 5_000, 8_000] {
        let line = format!("museum/four-lenses --param fail={fail} --until 22s");
        let (mean, least) = sweep(&line, 40, "detected-after");
        let limit = f64::from(fail) / 1_000.0;
        assert!(least > limit - 2.0, "{fail}: {least}");
        assert!((limit - 1.0..limit + 0.6).contains(&mean), "{fail}: {mean}");
        assert!(mean > before, "{fail}: {mean} after {before}");
        before = mean;
    }
}

/// Garcia-Molina 1982: the highest live node leads.
#[test]
fn the_highest_live_node_leads() {
    let leaders = states("run museum/by-election --until 22s", "leader");
    assert!(
        leaders[..4].iter().all(|leader| *leader == 4),
        "{leaders:?}"
    );
    let leaders = states("run museum/join --until 14s", "leader");
    assert!(leaders.iter().all(|leader| *leader == 6), "{leaders:?}");
}

/// Karger and others 1997: a node that joins takes over its own share only. Parker and others 1983: two
/// writes that did not know of each other are a conflict.
#[test]
fn a_join_moves_a_share_and_a_crossing_write_is_a_conflict() {
    assert_eq!(probe("run museum/join --until 14s", "copied"), 2.0);
    assert_eq!(probe("run museum/by-vectors --until 22s", "conflicts"), 1.0);
    assert_eq!(probe("run museum/two-crashes --until 22s", "lost"), 1.0);
    assert_eq!(probe("run museum/slow-crashes --until 34s", "lost"), 0.0);
}
