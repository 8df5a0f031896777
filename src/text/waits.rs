//! Words for locks and for who waits for whom.

use faultline_sim::frame::Lock;
use faultline_sim::process::NodeId;
use faultline_sim::time::Duration;

use super::{length, node, nodes};

/// Above the drawing: who waits in a circle, if anybody does; and how many locks are not drawn.
#[must_use]
pub fn title(circle: &[String], locks: usize, waits: usize, hidden: usize) -> String {
    let more = if hidden == 0 {
        String::new()
    } else {
        format!(", {hidden} not drawn")
    };
    if let Some(words) = circle_words(circle) {
        return words;
    }
    match (locks, waits) {
        (0, 0) => "No locks".to_owned(),
        (_, 0) => format!("Locks{more}"),
        (0, _) => "Who waits for whom".to_owned(),
        _ => format!("Locks and waits{more}"),
    }
}

fn circle_words(circle: &[String]) -> Option<String> {
    match circle {
        [] => None,
        some if some.len() > 4 => Some(format!("{} wait in a circle", some.len())),
        some => Some(format!("{} wait in a circle", some.join(" "))),
    }
}

/// "T1, T2 and T3 wait in a circle." None if nobody does.
#[must_use]
pub fn circle(circle: &[String]) -> Option<String> {
    (!circle.is_empty()).then(|| format!("{} wait in a circle.", circle.join(", ")))
}

/// How old a lock is: "0.4 s".
#[must_use]
pub fn age(age: Duration) -> String {
    format!("{:.1} s", age.as_seconds())
}

/// Beside a padlock: "x: T1", with who waits for it.
#[must_use]
pub fn holder(lock: &Lock) -> String {
    match lock.queue.len() {
        0 => lock.holder.clone(),
        1..=2 => format!("{} ← {}", lock.holder, lock.queue.join(" ")),
        more => format!("{} ← {more}", lock.holder),
    }
}

/// "At node 2, x is locked by T1 for 0.4 s; T2 and T3 wait for it."
#[must_use]
pub fn lock(id: NodeId, lock: &Lock, old: Duration) -> String {
    let waits = match &lock.queue[..] {
        [] => String::new(),
        [one] => format!("; {one} waits for it"),
        some => format!("; {} wait for it", some.join(", ")),
    };
    format!(
        "At {}, {} is locked by {} for {}{waits}.",
        node(id),
        lock.on,
        lock.holder,
        length(old)
    )
}

/// "T1 waits for T2, for y (known at nodes 1 and 2)."
#[must_use]
pub fn wait(waiter: &str, holder: &str, on: &str, at: &[NodeId]) -> String {
    let what = if on.is_empty() {
        String::new()
    } else {
        format!(", for {on}")
    };
    format!(
        "{waiter} waits for {holder}{what} (known at {}).",
        nodes(at)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use faultline_sim::time::LocalTime;

    #[test]
    fn locks_and_waits_are_said_in_words() {
        let held = Lock {
            on: "x".into(),
            holder: "T1".into(),
            since: LocalTime(0),
            queue: vec!["T2".into()],
        };
        assert_eq!(holder(&held), "T1 ← T2");
        assert_eq!(
            lock(NodeId(2), &held, Duration::millis(400)),
            "At node 2, x is locked by T1 for 400 ms; T2 waits for it."
        );
        assert_eq!(
            wait("T1", "T2", "y", &[NodeId(1)]),
            "T1 waits for T2, for y (known at node 1)."
        );
        let circle = ["T1".to_owned(), "T2".to_owned()];
        assert_eq!(title(&circle, 2, 2, 0), "T1 T2 wait in a circle");
    }
}
