//! Trouble: breakers, retries, events that come again.

use crate::board::breaker::{Breaker, State};
use faultline_sim::time::{Duration, LocalTime};

const RESET: Duration = Duration::seconds(10);

fn at(seconds: i64) -> LocalTime {
    LocalTime(seconds * 1_000_000)
}

/// K-CB: the published table of states.
#[test]
fn a_breaker_opens_after_three_failures_and_lets_one_call_try() {
    let mut breaker = Breaker::default();
    assert!(!breaker.failed(at(1), 3) && !breaker.failed(at(1), 3));
    breaker.succeeded();
    assert_eq!(
        breaker.failures, 0,
        "a success while closed resets the count"
    );
    assert!(!breaker.failed(at(2), 3) && !breaker.failed(at(2), 3));
    assert!(
        breaker.failed(at(2), 3),
        "the third failure in a row opens it"
    );
    assert_eq!(breaker.state(at(11), RESET), State::Open);
    assert!(!breaker.lets(at(11), RESET));
    assert_eq!(breaker.state(at(12), RESET), State::HalfOpen);
    assert!(breaker.lets(at(12), RESET), "one trial");
    assert!(!breaker.lets(at(12), RESET), "and no other meanwhile");
    assert!(breaker.failed(at(13), 3), "a failed trial opens it again");
    assert_eq!(breaker.state(at(22), RESET), State::Open);
    assert!(breaker.lets(at(23), RESET));
    breaker.succeeded();
    assert_eq!(
        (breaker.state(at(23), RESET), breaker.failures),
        (State::Closed, 0)
    );
}
