use super::two_phase::Action;
use super::*;

fn explored(managers: u32) -> Exploration<TwoPhase> {
    let mut exploration = Exploration::new(TwoPhase { managers }, Reach::BASE);
    let stand = exploration.finish();
    assert_eq!(stand, Stand::Done { deeper: false });
    exploration
}

/// Counted by TLC and by stateright, whose examples have the same specification.
#[test]
fn two_phase_commit_has_as_many_states_as_other_checkers_count() {
    let counts = [3, 5, 7].map(|managers| explored(managers).states());
    assert_eq!(counts, [288, 8_832, 296_448]);
}

/// States are made again from their steps where memory is short: nothing else changes.
#[test]
fn with_little_memory_it_finds_the_same() {
    let reach = Reach {
        memory: 200,
        ..Reach::BASE
    };
    let mut poor = Exploration::new(TwoPhase { managers: 4 }, reach);
    poor.finish();
    let rich = explored(4);
    assert_eq!(poor.fingerprints(), rich.fingerprints());
    assert_eq!(poor.steps(), rich.steps());
}

#[test]
fn parts_together_are_the_whole() {
    let whole = explored(5).fingerprints();
    let parts = (0..3).map(|part| {
        let reach = Reach {
            part: (part, 3),
            ..Reach::BASE
        };
        let mut exploration = Exploration::new(TwoPhase { managers: 5 }, reach);
        exploration.finish();
        exploration.fingerprints()
    });
    let parts: Vec<Vec<u64>> = parts.collect();
    assert!(parts.iter().all(|part| part.len() < whole.len()));
    let mut union: Vec<u64> = parts.concat();
    union.sort_unstable();
    union.dedup();
    assert_eq!(union, whole);
}

#[test]
fn a_depth_is_a_bound_and_told() {
    let within = |depth| {
        let reach = Reach {
            depth,
            ..Reach::BASE
        };
        let mut exploration = Exploration::new(TwoPhase { managers: 3 }, reach);
        (exploration.finish(), exploration.states())
    };
    let (stand, states) = within(1);
    // At first: abort, and for each manager prepare or choose to abort.
    assert_eq!((stand, states), (Stand::Done { deeper: true }, 8));
    // The longest shortest way: 3 prepare, 3 are heard, commit, 3 commit.
    assert_eq!(within(11), (Stand::Done { deeper: false }, 288));
    assert_eq!(within(10).1, 288);
    assert!(within(9).1 < 288);
}

#[test]
fn too_many_states_end_it() {
    let reach = Reach {
        states: 1_000,
        ..Reach::BASE
    };
    let mut exploration = Exploration::new(TwoPhase { managers: 5 }, reach);
    assert_eq!(exploration.finish(), Stand::Full);
}

/// Small steps give what one great step gives.
#[test]
fn it_can_be_advanced_bit_by_bit() {
    let mut exploration = Exploration::new(TwoPhase { managers: 4 }, Reach::BASE);
    let mut times = 0;
    while exploration.advance(100) == Stand::Open {
        times += 1;
    }
    assert!(times > 10);
    assert_eq!(exploration.fingerprints(), explored(4).fingerprints());
}

/// A manager that forgets that it is prepared: it may then abort although it has said the contrary.
struct Forgetful(TwoPhase);

#[derive(Clone, Copy, Debug, PartialEq)]
enum Step {
    As(Action),
    Forget(u32),
}

impl Model for Forgetful {
    type State = two_phase::State;
    type Action = Step;

    fn first(&self) -> Self::State {
        self.0.first()
    }
    fn actions(&self, state: &Self::State, into: &mut Vec<Step>) {
        let mut own = Vec::new();
        self.0.actions(state, &mut own);
        into.extend((0..self.0.managers).map(Step::Forget));
        into.extend(own.into_iter().map(Step::As));
    }
    fn next(&self, state: &Self::State, step: &Step) -> Option<Self::State> {
        match step {
            Step::As(action) => self.0.next(state, action),
            Step::Forget(manager) => state.forgetting(*manager),
        }
    }
    fn fingerprint(&self, state: &Self::State) -> u64 {
        self.0.fingerprint(state)
    }
    fn cost(&self, step: &Step) -> u32 {
        u32::from(matches!(step, Step::Forget(_)))
    }
    fn broken(&self, state: &Self::State) -> Option<&'static str> {
        self.0.broken(state)
    }
}

#[test]
fn what_breaks_a_law_is_reached_by_as_few_faults_and_steps_as_any() {
    let mut exploration = Exploration::new(Forgetful(TwoPhase { managers: 2 }), Reach::BASE);
    assert_eq!(exploration.finish(), Stand::Broken("consistent"));
    let path = exploration.path().expect("it is broken");
    let (steps, state) = exploration.walk(&path);
    let faults = steps.iter().filter(|step| matches!(step, Step::Forget(_)));
    assert_eq!(faults.count(), 1);
    // Both prepare and are heard, one forgets and aborts, commit is decided and heard by the other.
    assert_eq!(steps.len(), 8, "{steps:?}");
    assert_eq!(exploration.model().broken(&state), Some("consistent"));
}
