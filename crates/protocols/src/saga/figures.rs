//! What the nodes show: steps done and undone, places left and held.

use faultline_sim::frame::{Figure, NodeFrame, Tone, Word};
use faultline_sim::settings::Settings;

use super::Trip;
use super::descriptor::is_choreographed;
use super::orchestrator::{Failure, Orchestrator, Outcome};
use super::service::{Place, Service};

/// Trips that a node shows at most: the latest.
const SHOWN: usize = 8;
/// Longer sagas are not drawn step by step.
const STEPS_DRAWN: usize = 12;
/// What the services sell, by their steps.
const NAMES: [&str; 5] = ["flight", "hotel", "car", "theatre", "guide"];

/// What the service of a step sells, in one word. Step 1 is that of node 2.
pub fn name(node: u32) -> String {
    let step = node.saturating_sub(1);
    let known = NAMES.get(step.saturating_sub(1) as usize);
    known.map_or_else(|| format!("service {step}"), |name| (*name).to_owned())
}

pub fn draw_orchestrator(own: &Orchestrator, settings: &Settings, to: &mut NodeFrame) {
    to.set("orchestrator", Tone::Coordinator);
    let alone = !is_choreographed(settings);
    if !alone {
        "node 1 waits for the end".clone_into(&mut to.label);
    }
    if let Some((trip, open)) = own.open.last_key_value() {
        to.inside = Some(Word::of(trip));
        if alone {
            let steps = open.along.len();
            if let Some(failure) = open.failure {
                to.label = format!("orchestrator: undoes T{}", open.at + 1);
                to.tone = Tone::Suspect;
                let undone = failure.undoes.saturating_sub(open.at + 1);
                path(steps, Some(failure), failure.step + undone, to);
            } else {
                to.label = format!("orchestrator: T{}", open.at + 1);
                path(steps, None, open.at, to);
            }
        }
    } else if let Some((trip, ended)) = own.ended.iter().next_back() {
        to.inside = Some(Word::of(trip));
        let (failure, word) = match ended.outcome {
            Outcome::Booked => (None, "booked"),
            Outcome::Undone(failure) => (Some(failure), "undone"),
        };
        to.chips.push(format!("{trip} {word}"));
        path(ended.along.len(), failure, u32::MAX, to);
    }
    table(own, to);
}

/// The steps of a trip: T1 T2 (T3) C2 C1.
fn path(steps: usize, failure: Option<Failure>, at: u32, to: &mut NodeFrame) {
    if steps > STEPS_DRAWN {
        return;
    }
    let forwards = failure.map_or(steps as u32, |failure| failure.step - 1);
    let mut all: Vec<String> = (1..=forwards).map(|step| format!("T{step}")).collect();
    if let Some(Failure { step, undoes }) = failure {
        all.push(format!("(T{step})"));
        all.extend((1..=undoes).rev().map(|step| format!("C{step}")));
    }
    let at = (at as usize).min(all.len());
    to.figures.push(Figure::Phases { steps: all, at });
}

fn table(own: &Orchestrator, to: &mut NodeFrame) {
    let open = own.open.iter().rev().map(|(trip, open)| {
        let state = match open.failure {
            Some(failure) => format!("T{} failed, undoes T{}", failure.step, open.at + 1),
            None => format!("asks for T{}", open.at + 1),
        };
        vec![trip.to_string(), state]
    });
    let ended = own.ended.iter().rev().map(|(trip, ended)| {
        let state = match ended.outcome {
            Outcome::Booked => "booked".to_owned(),
            Outcome::Undone(failure) => format!("T{} failed, undone", failure.step),
        };
        vec![trip.to_string(), state]
    });
    let mut rows: Vec<Vec<String>> = open.chain(ended).take(SHOWN).collect();
    rows.reverse();
    if !rows.is_empty() {
        let head = ["trip", "state"].map(str::to_owned).to_vec();
        to.figures.push(Figure::Table { head, rows });
    }
}

pub fn draw_service(own: &Service, to: &mut NodeFrame) {
    to.set("service", Tone::Calm);
    to.layer = 1;
    to.label = name(to.id.0);
    to.inside = Some(Word::of(format_args!("{} left", own.left)));
    let latest: Vec<(&Trip, &Place)> = own.trips.iter().rev().take(SHOWN).collect();
    if let Some((trip, place)) = latest.first() {
        to.tone = match place {
            Place::Held => Tone::Good,
            Place::Refused => Tone::Bad,
            Place::GivenBack(_) => Tone::Calm,
        };
        to.chips.push(format!("{trip} {}", word(**place)));
    }
    if own.left == 0 {
        to.label.push_str(", sold out");
    }
    to.fields([
        ("places left", own.left.to_string()),
        ("sold without a trip", own.sold.to_string()),
    ]);
    if !latest.is_empty() {
        let row =
            |(trip, place): &(&Trip, &Place)| vec![trip.to_string(), word(**place).to_owned()];
        let rows = latest.iter().rev().map(row).collect();
        let head = ["trip", "here"].map(str::to_owned).to_vec();
        to.figures.push(Figure::Table { head, rows });
    }
}

fn word(place: Place) -> &'static str {
    match place {
        Place::Held => "holds a place",
        Place::Refused => "was refused",
        Place::GivenBack(_) => "was undone",
    }
}
