//! The gait: how fast time goes, so that people can follow. What is quiet runs fast, at something worth
//! seeing the clock stops for a moment, and then messages take their time. It only decides how far to
//! run: the run itself does not depend on it.

#[cfg(test)]
mod tests;

use faultline_sim::descriptor::Scenario;
use faultline_sim::frame::Shape;
use faultline_sim::standing::Panel;
use faultline_sim::time::{Duration, MAX_TIME, Time};

use super::{Engine, FRAME_BUDGET, LONGEST_FRAME_MS};

/// Wall milliseconds that a message on its way takes at least, at speed 1x, as all that follow.
const HOP_MS: f64 = 1_200.0;
/// The clock stops so long when something begins after a quiet time.
const HOLD_MS: f64 = 400.0;
/// A quiet time before something takes at most so long.
const LEG_MS: f64 = 1_050.0;
/// Times the scenario's pace, when nothing is in sight, and at most for a slow message.
const QUIET: f64 = 2.0;
/// The scenario's pace is at most so many times the slowest one.
const SLOWEST: f64 = 100.0;
/// The same where everybody talks all the time: with so many things in a row.
const BUSY_SLOWEST: f64 = 5.0;
const BUSY: usize = 40;
/// A quiet time of this length makes the clock stop for what comes next.
const CALM_MS: f64 = 300.0;
/// Wall milliseconds in which speed grows by a factor of e.
const EASE_MS: f64 = 120.0;
/// With more nodes than this, nobody follows single messages.
const MOST_NODES: usize = 60;
/// The most changes of speed within one animation frame.
const TURNS: u32 = 16;

/// The gait at work, for people.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Gait {
    /// About as fast as a real clock.
    #[default]
    Plain,
    /// So many times slower than a real clock.
    Slow(f64),
    /// So many times faster.
    Fast(f64),
    /// Over a quiet time of this length to what comes next.
    Forward(Duration),
    /// The calls of one instant, one at a time.
    Calls,
}

/// What is in sight of an instant.
#[derive(Clone, Copy, Debug)]
struct Outlook {
    /// When the next thing begins.
    next: Option<Time>,
    /// Until when the speed stays as it is.
    change: Time,
    /// The shortest way of the messages under way.
    hop: Option<Duration>,
    /// Everybody talks all the time.
    busy: bool,
}

impl Outlook {
    /// What is in sight of two runs.
    fn and(self, other: Self) -> Self {
        let first = |a: Option<_>, b: Option<_>| a.into_iter().chain(b).min();
        Self {
            next: first(self.next, other.next),
            change: self.change.min(other.change),
            hop: self.hop.into_iter().chain(other.hop).min(),
            busy: self.busy || other.busy,
        }
    }
}

/// A quiet time on the way to something.
#[derive(Clone, Copy, Debug)]
struct Leg {
    from: f64,
    to: Time,
    /// Wall milliseconds since it began.
    passed: f64,
}

impl Leg {
    /// The instant after so much of it, from standing to standing.
    fn at(&self, passed: f64) -> f64 {
        let part = (passed / LEG_MS).clamp(0.0, 1.0);
        let eased = part * part * (3.0 - 2.0 * part);
        self.from + (self.to.0 as f64 - self.from) * eased
    }
}

/// The pace of what is shown: one for a run and the run beside it.
#[derive(Debug, Default)]
pub struct Pacer {
    leg: Option<Leg>,
    /// Wall milliseconds for which the clock still stands.
    hold: f64,
    /// Wall milliseconds since something was last under way.
    calm: f64,
    /// Microseconds of the run in a wall millisecond.
    speed: f64,
    gait: Gait,
    /// The gait is the one at speed 1x: the dial counts, too.
    dial: f64,
}

impl Pacer {
    /// The gait at work.
    pub fn gait(&self) -> Gait {
        match self.gait {
            // The clock stands: this speed is to come.
            Gait::Slow(slow) => named(self.dial / slow),
            Gait::Plain | Gait::Fast(_) => named(self.dial * self.speed / 1_000.0),
            gait => gait,
        }
    }

    /// Lets wall time pass for a run and the one beside it; true if anything happened. The slower one
    /// counts.
    pub fn advance(
        &mut self,
        run: &mut Engine,
        mut other: Option<&mut Engine>,
        wall_ms: f64,
        dial: f64,
    ) -> bool {
        let records = |run: &Engine, other: Option<&Engine>| {
            (run.records(), other.map_or(0, Engine::records))
        };
        let before = records(run, other.as_deref());
        self.dial = dial;
        let mut left = wall_ms.clamp(0.0, LONGEST_FRAME_MS) * dial;
        for _ in 0..TURNS {
            if left <= 0.0 || run.has_stopped() || other.as_deref().is_some_and(Engine::has_stopped)
            {
                break;
            }
            left = self.turn(run, other.as_deref_mut(), left);
        }
        if let Some(other) = other.as_deref_mut() {
            other.rest = run.rest;
        }
        records(run, other.as_deref()) != before
    }

    /// Lets time pass at one speed; returns the wall time that is left.
    fn turn(&mut self, run: &mut Engine, mut other: Option<&mut Engine>, wall: f64) -> f64 {
        if let Some(other) = other.as_deref_mut()
            && other.now() < run.now()
        {
            // Waits for a run that is behind.
            other.timeline.run_until(run.timeline.now(), FRAME_BUDGET);
            return 0.0;
        }
        let now = run.now();
        run.run_in_step(other.as_deref_mut(), now);
        if let Some(left) = unfolded(run, other.as_deref_mut(), wall) {
            self.leg = None;
            self.hold = HOLD_MS;
            self.calm = 0.0;
            self.gait = Gait::Calls;
            return left;
        }
        if self.hold > 0.0 {
            let used = self.hold.min(wall);
            self.hold -= used;
            return wall - used;
        }
        let sight = match other.as_deref_mut() {
            Some(other) => run.outlook().zip(other.outlook()).map(|(a, b)| a.and(b)),
            None => run.outlook(),
        };
        let pace = Paces::of(run, other.as_deref());
        let Some(sight) = sight else {
            self.leg = None;
            return self.go(run, other, wall, pace.low, MAX_TIME);
        };
        if let Some(hop) = sight.hop {
            self.leg = None;
            self.calm = 0.0;
            let wanted = pace.for_hop(hop, sight.busy);
            return self.go(run, other, wall, wanted, sight.change);
        }
        self.quiet(run, other, wall, pace, sight)
    }

    /// Nothing is under way.
    fn quiet(
        &mut self,
        run: &mut Engine,
        other: Option<&mut Engine>,
        wall: f64,
        pace: Paces,
        sight: Outlook,
    ) -> f64 {
        let Some(next) = sight.next else {
            self.leg = None;
            self.calm += wall;
            return self.go(run, other, wall, pace.low * QUIET, sight.change);
        };
        let here = run.clock();
        let away = next.0 as f64 - here;
        let leg = self.leg.filter(|leg| {
            // A busy machine may not keep up; then the rest is a leg of its own.
            leg.to == next && (leg.at(leg.passed) - here).abs() < 2.0
        });
        let left = if leg.is_some() || away > pace.low * LEG_MS {
            let leg = leg.unwrap_or(Leg {
                from: here,
                to: next,
                passed: 0.0,
            });
            self.gait = Gait::Forward(Duration((next.0 as f64 - leg.from) as u64));
            self.speed = 0.0;
            self.ride(run, other, wall, leg)
        } else {
            self.go(run, other, wall, pace.low, next)
        };
        self.calm += wall - left;
        if run.now() >= next {
            self.leg = None;
            if self.calm >= CALM_MS {
                self.hold = HOLD_MS;
                self.speed = 0.0;
                // What is said already is the speed to come.
                let hop = run.outlook().and_then(|sight| sight.hop);
                let coming = hop.map_or(pace.low, |hop| pace.for_hop(hop, false));
                self.gait = Gait::Slow(1_000.0 / coming);
            }
            self.calm = 0.0;
        }
        left
    }

    fn ride(&mut self, run: &mut Engine, other: Option<&mut Engine>, wall: f64, leg: Leg) -> f64 {
        let passed = (leg.passed + wall).min(LEG_MS);
        let used = passed - leg.passed;
        let leg = Leg { passed, ..leg };
        self.leg = Some(leg);
        place(run, other, leg.at(passed), leg.to);
        wall - used
    }

    /// Goes on at a speed in microseconds a millisecond, at most to an instant.
    fn go(
        &mut self,
        run: &mut Engine,
        other: Option<&mut Engine>,
        wall: f64,
        wanted: f64,
        limit: Time,
    ) -> f64 {
        // Slow at once, fast gently.
        let speed = if self.speed > 0.0 {
            wanted.min(self.speed * libm::exp(wall / EASE_MS))
        } else {
            wanted
        };
        self.speed = speed;
        self.gait = Gait::Plain;
        let here = run.clock();
        let to = here + speed * wall;
        let used = if to >= limit.0 as f64 {
            ((limit.0 as f64 - here) / speed).clamp(0.0, wall)
        } else {
            wall
        };
        place(run, other, to, limit);
        wall - used
    }
}

/// The scenarios' paces, in microseconds of the run in a wall millisecond.
#[derive(Clone, Copy)]
struct Paces {
    low: f64,
    high: f64,
}

impl Paces {
    fn of(run: &Engine, other: Option<&Engine>) -> Self {
        let mine = run.scenario().pace * 1_000.0;
        let theirs = other.map_or(mine, |other| other.scenario().pace * 1_000.0);
        Self {
            low: mine.min(theirs),
            high: mine.max(theirs),
        }
    }

    /// The speed at which a message with this way can be followed.
    fn for_hop(self, hop: Duration, busy: bool) -> f64 {
        let slowest = self.low / if busy { BUSY_SLOWEST } else { SLOWEST };
        (hop.0 as f64 / HOP_MS).clamp(slowest, self.high * QUIET)
    }
}

/// Runs to an instant with a fraction, at most to a limit.
fn place(run: &mut Engine, other: Option<&mut Engine>, to: f64, limit: Time) {
    let (whole, rest) = if to >= limit.0 as f64 {
        (limit, 0.0)
    } else {
        (Time(to as u64), to.fract())
    };
    run.run_in_step(other, whole);
    run.rest = if run.now() == whole && !run.is_calling() {
        rest
    } else {
        0.0
    };
}

/// Lets the calls of an instant pass one by one. The runs wait for each other: none, if neither has any.
fn unfolded(run: &mut Engine, other: Option<&mut Engine>, wall: f64) -> Option<f64> {
    let runs = std::iter::once(run).chain(other);
    let calling = runs.filter(|run| run.is_calling());
    calling.map(|run| run.unfold(wall)).reduce(f64::min)
}

/// The words for a speed in seconds of the run a second.
fn named(speed: f64) -> Gait {
    if speed <= 0.0 || (0.8..1.25).contains(&speed) {
        Gait::Plain
    } else if speed < 1.0 {
        Gait::Slow(round(1.0 / speed))
    } else {
        Gait::Fast(round(speed))
    }
}

/// A factor as people say it, so that it does not change all the time.
fn round(factor: f64) -> f64 {
    const STEPS: [f64; 9] = [1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0];
    let ten = libm::pow(10.0, libm::floor(libm::log10(factor)));
    let near = STEPS.iter().rfind(|step| **step * ten <= factor * 1.1);
    near.map_or(factor, |step| step * ten)
}

/// Whether what clients do on their own is what a scenario is about.
fn is_about_load(kinds: &[faultline_sim::frame::Kind], scenario: &Scenario) -> bool {
    let elects = kinds.iter().any(|kind| kind.shape == Shape::Election);
    !elects || scenario.view.panel == Some(Panel::Requests)
}

impl Engine {
    /// What is in sight; none in a crowd.
    fn outlook(&mut self) -> Option<Outlook> {
        if self.timeline.world().ids().len() > MOST_NODES {
            return None;
        }
        let now = self.timeline.now();
        let stale = |ahead: &faultline_sim::timeline::Ahead| {
            now < ahead.from || now > ahead.from && now >= ahead.until && ahead.until < MAX_TIME
        };
        if self.ahead.as_ref().is_none_or(stale) {
            let load = is_about_load(self.protocol().kinds, self.scenario());
            self.ahead = Some(self.timeline.ahead(load));
        }
        let ahead = self.ahead.as_ref()?;
        if ahead.until <= now && ahead.until < MAX_TIME {
            return None;
        }
        let over = ahead.over_at(now);
        let busy = over.is_some_and(|(end, count)| count >= BUSY || end >= ahead.until);
        Some(Outlook {
            next: ahead.next_after(now),
            change: ahead.change_after(now).unwrap_or(MAX_TIME).min(ahead.until),
            hop: ahead.hop_at(now),
            busy,
        })
    }

    /// What will happen has changed.
    pub(super) fn forget_ahead(&mut self) {
        self.ahead = None;
        self.unfold = None;
    }
}
