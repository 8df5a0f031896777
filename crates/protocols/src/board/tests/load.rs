//! Load: what queues, balancers and caches come to.

use crate::board::choose::Chooser;
use crate::board::evict::Places;
use faultline_sim::process::NodeId;
use faultline_sim::time::LocalTime;

/// B-WRR: smooth weighted round robin as nginx has it.
#[test]
fn weights_are_served_smoothly() {
    for (weights, order) in [
        (&[5, 1, 1][..], "aabacaa"),
        (&[2, 1], "aba"),
        (&[3, 2, 1], "abacba"),
    ] {
        let among: Vec<(NodeId, u32)> = (1..).map(NodeId).zip(weights.iter().copied()).collect();
        let mut chooser = Chooser::default();
        let names: String = order
            .chars()
            .filter_map(|_| chooser.by_weight(&among))
            .map(|id| char::from(b'a' + id.index() as u8))
            .collect();
        assert_eq!(names, order);
    }
}

/// B-CACHE, B-BEL: misses of textbooks, and Belady's anomaly.
#[test]
fn full_caches_give_up_what_textbooks_say() {
    let operating = [7, 0, 1, 2, 0, 3, 0, 4, 2, 3, 0, 3, 2, 1, 2, 0, 1, 7, 0, 1];
    let belady = [1, 2, 3, 4, 1, 2, 5, 1, 2, 3, 4, 5];
    for (refs, places, fifo, lru) in [
        (&operating[..], 3, 15, 12),
        (&operating, 4, 10, 8),
        (&belady, 3, 9, 10),
        (&belady, 4, 10, 8),
    ] {
        for (policy, expected) in [("fifo", fifo), ("lru", lru)] {
            let mut cache = Places::default();
            let mut misses = 0;
            for key in refs {
                if cache.kept.contains_key(key) {
                    cache.used(*key, policy);
                } else {
                    misses += 1;
                    cache.keep(*key, 0, LocalTime(0), places, policy);
                }
            }
            assert_eq!(misses, expected, "{policy}, {places} places");
        }
    }
}
