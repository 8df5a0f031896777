//! What the nodes show: ballots, promises, and the value as a colour where it names one.

use faultline_sim::frame::{Figure, NodeFrame, Pips, Tone, Word, colour};
use faultline_sim::settings::Settings;
use faultline_sim::text::counted;

use super::descriptor::ACCEPTORS;
use super::{Acceptor, Ballot, Learner, Phase, Proposer, acceptors, quorum};

fn table(head: Vec<String>, rows: Vec<Vec<String>>, to: &mut NodeFrame) {
    if !rows.is_empty() {
        to.figures.push(Figure::Table { head, rows });
    }
}

fn head<const N: usize>(words: [&str; N]) -> Vec<String> {
    words.map(str::to_owned).to_vec()
}

/// So many of the acceptors that are needed.
fn pips(yes: usize, settings: &Settings) -> Pips {
    let (need, of) = (quorum(settings), settings.count(&ACCEPTORS));
    let yes = (yes as u32).min(of);
    Pips {
        yes,
        no: 0,
        need,
        of,
    }
}

pub fn draw_proposer(node: &Proposer, settings: &Settings, to: &mut NodeFrame) {
    let tone = match node.phase {
        Phase::Idle => Tone::Calm,
        Phase::Preparing | Phase::Promised => Tone::Candidate,
        Phase::Proposing => Tone::Leader,
        Phase::Waiting => Tone::Suspect,
    };
    to.set("proposer", tone);
    let (ballot, own) = (node.ballot, node.value.as_deref());
    to.label = match node.phase {
        Phase::Idle => "Proposer".to_owned(),
        Phase::Preparing => format!("Prepares {ballot}"),
        Phase::Promised => format!("Has promises for {ballot}"),
        Phase::Proposing => {
            let value = node.proposed.as_deref().unwrap_or_default();
            format!("Proposes {value}")
        }
        Phase::Waiting => "Overtaken, waits".to_owned(),
    };
    to.inside = (ballot != Ballot::NONE).then(|| Word::of(ballot));
    to.chips.extend(own.map(|own| format!("wants {own}")));
    let step = match node.phase {
        Phase::Idle | Phase::Waiting => None,
        Phase::Preparing => Some(0),
        Phase::Promised => Some(1),
        Phase::Proposing => Some(2),
    };
    if matches!(node.phase, Phase::Preparing | Phase::Promised) {
        to.pips = Some(pips(node.promises.len(), settings));
        let reported = node.reported.as_ref();
        to.chips.extend(
            reported.map(|reported| format!("heard of {} in {}", reported.value, reported.ballot)),
        );
    }
    let reported = node.reported.as_ref().map(|reported| &*reported.value);
    let shown = node.proposed.as_deref().or(reported).or(own);
    to.colour = shown.and_then(colour);
    if let Some(at) = step {
        let steps = head(["collect promises", "choose the value", "ask to accept"]);
        to.figures.push(Figure::Phases { steps, at });
    }
    let rows = node.promises.iter().map(|(id, reported)| {
        let reported = match reported {
            Some(reported) => format!("{} in ballot {}", reported.value, reported.ballot),
            None => "nothing".to_owned(),
        };
        vec![format!("node {}", id.0), reported]
    });
    let rows = rows.collect();
    table(head(["promise from", "has accepted"]), rows, to);
    to.fields([
        ("ballot", ballot.to_string()),
        ("client's value", own.unwrap_or("none").to_owned()),
        ("highest round it knows", node.round.to_string()),
        ("times overtaken", node.overtaken.to_string()),
    ]);
}

pub fn draw_acceptor(node: &Acceptor, to: &mut NodeFrame) {
    let idle = node.promised == Ballot::NONE;
    to.set("acceptor", if idle { Tone::Calm } else { Tone::Busy });
    to.layer = 1;
    to.label = match idle {
        true => "Acceptor".to_owned(),
        false => format!("Promised {}", node.promised),
    };
    if let Some(accepted) = &node.accepted {
        to.inside = Some(Word::of(&accepted.value));
        to.colour = colour(&accepted.value);
        to.chips.push(format!("accepted in {}", accepted.ballot));
    }
    let dash = |text: &str| {
        if text.is_empty() {
            "–".to_owned()
        } else {
            text.to_owned()
        }
    };
    let row = |(ballot, seen): (&Ballot, &super::acceptor::Seen)| {
        vec![ballot.to_string(), dash(seen.prepare), dash(&seen.accept)]
    };
    let rows = node.seen.iter().map(row).collect();
    table(head(["ballot", "prepare", "accept"]), rows, to);
    let accepted = node.accepted.as_ref();
    to.fields([
        ("promised", node.promised.to_string()),
        (
            "accepted",
            accepted.map_or_else(|| "none".to_owned(), ToString::to_string),
        ),
    ]);
}

pub fn draw_learner(node: &Learner, settings: &Settings, to: &mut NodeFrame) {
    to.layer = 2;
    if let Some(learned) = &node.learned {
        to.set("learner", Tone::Good);
        to.label = format!("Learned {}", learned.value);
        to.inside = Some(Word::of(&learned.value));
        to.colour = colour(&learned.value);
        to.chips.push(format!("chosen in {}", learned.ballot));
    } else {
        to.set("learner", Tone::Calm);
        "Learner".clone_into(&mut to.label);
        let most = node.heard.iter().max_by_key(|(_, by)| by.len());
        if let Some((proposal, by)) = most {
            to.pips = Some(pips(by.len(), settings));
            let count = counted(by.len() as u64, "acceptor has", "acceptors have");
            to.chips.push(format!("{count} {}", proposal.value));
        }
    }
    let all = acceptors(settings);
    let names = all.iter().map(|id| format!("node {}", id.0));
    let columns = std::iter::once("ballot".to_owned()).chain(names).collect();
    let rows = node.heard.iter().map(|(proposal, by)| {
        let cell = |id| match by.contains(id) {
            true => proposal.value.to_string(),
            false => "–".to_owned(),
        };
        let cells = all.iter().map(cell);
        std::iter::once(proposal.ballot.to_string())
            .chain(cells)
            .collect()
    });
    let rows = rows.collect();
    table(columns, rows, to);
    let learned = node.learned.as_ref();
    to.fields([(
        "learned",
        learned.map_or_else(|| "none".to_owned(), |learned| learned.value.to_string()),
    )]);
}
