//! Whether a question names what its protocol has.

use super::{Again, Answer, Clause, Kind, Many, Piece, Question, Thing, Wrong};
use crate::descriptor::Protocol;
use crate::entries::{Parsed, one_of};
use crate::search::hunted_law;
use crate::settings::Settings;

/// Whether a question's names are names of its protocol.
///
/// # Errors
/// The first that is not, with the line of the question.
pub fn check(question: &Question, protocol: &Protocol) -> Result<(), Wrong> {
    names(question, protocol).map_err(|why| Wrong {
        line: question.line,
        why: format!("`{}`: {why}", question.id),
    })
}

fn names(question: &Question, protocol: &Protocol) -> Parsed<()> {
    let scenarios = || protocol.scenarios.iter();
    one_of(
        "scenario",
        &question.scenario,
        scenarios().map(|one| one.id),
    )?;
    let probe = |name: &str| {
        one_of(
            "probe",
            name,
            protocol.probes.iter().map(|probe| probe.name),
        )
    };
    let law = |name: &str| one_of("law", name, protocol.invariants.iter().map(|law| law.name));
    let cards = match &question.kind {
        Kind::Order(cards) => cards.as_slice(),
        Kind::Curve { param, .. } => {
            one_of(
                "parameter",
                param,
                protocol.params.iter().map(|param| param.name),
            )?;
            &[]
        }
        _ => &[],
    };
    let untils = question.from.0.iter().chain(&question.until.0).flatten();
    for clause in untils.chain(cards.iter().map(|(clause, _)| clause)) {
        match clause {
            Clause::Probe(name, ..) => probe(name)?,
            Clause::Broken(name) | Clause::Holds(name) => law(name)?,
            Clause::Run(name) => one_of("scenario", name, scenarios().map(|one| one.id))?,
            _ => {}
        }
    }
    match &question.answer {
        Answer::Probe(name)
        | Answer::Gained(name)
        | Answer::Sweep { probe: name, .. }
        | Answer::Many(Many::Ranked { probe: name, .. } | Many::CrashPoints { probe: name, .. }) => {
            probe(name)?;
        }
        Answer::Law(name) => law(name)?,
        Answer::Many(Many::Broken { law, .. }) => {
            hunted_law(protocol, law)?;
        }
        Answer::Many(Many::MostStates(_)) | Answer::MissingRule => rules(question, protocol)?,
        Answer::Line if protocol.program.is_none() => {
            return Err("there is no program to point at".into());
        }
        _ => {}
    }
    fits(question)?;
    let reruns = question.because.iter().filter_map(|piece| match piece {
        Piece::Rerun(again) => Some(again),
        _ => None,
    });
    for again in question.again.iter().chain(reruns) {
        changes(again, protocol)?;
    }
    Ok(())
}

/// Whether the options of a choice are switches.
fn rules(question: &Question, protocol: &Protocol) -> Parsed<()> {
    let Kind::Choice(options) = &question.kind else {
        return Ok(());
    };
    options.iter().try_for_each(|(key, _)| {
        let all = protocol.switches.iter().map(|switch| switch.name);
        one_of("switch", key, all)
    })
}

/// Whether the answer is of the kind that is asked for.
fn fits(question: &Question) -> Parsed<()> {
    use Answer as A;
    let good = match (&question.kind, &question.answer) {
        (
            Kind::Number { .. },
            A::Probe(_)
            | A::Gained(_)
            | A::Took
            | A::Value(_)
            | A::Field(..)
            | A::Many(Many::Broken { .. } | Many::Endings { .. } | Many::CrashPoints { .. }),
        )
        | (Kind::Choice(_), A::Many(Many::MostStates(_)))
        | (Kind::Point(Thing::Node), A::Node | A::Value(_))
        | (Kind::Point(Thing::Message), A::Message)
        | (Kind::Point(Thing::Event), A::Event)
        | (Kind::Point(Thing::Line), A::Line)
        | (Kind::Order(_), A::Order | A::Many(Many::Ranked { .. }))
        | (Kind::Curve { .. }, A::Sweep { .. })
        | (Kind::Text, A::Value(_) | A::Field(..))
        | (Kind::Goal, A::Met) => true,
        (Kind::Choice(_), answer) => {
            !matches!(answer, A::Order | A::Sweep { .. } | A::Many(_) | A::Met)
        }
        _ => false,
    };
    if good {
        Ok(())
    } else {
        Err("the answer is of another kind than what is asked for".into())
    }
}

/// Whether another run can be set up so.
fn changes(again: &Again, protocol: &Protocol) -> Parsed<()> {
    let mut settings = Settings::new(protocol.params, protocol.switches);
    for (name, value) in &again.settings {
        if name == "preset" {
            protocol.preset(value)?;
        } else if let Some(on) = switch(value, protocol, name) {
            settings.set_switch(name, on)?;
        } else {
            settings.set_param(name, value)?;
        }
    }
    Ok(())
}

/// The position of a rule, if this is one.
fn switch(value: &str, protocol: &Protocol, name: &str) -> Option<bool> {
    let known = protocol.switches.iter().any(|switch| switch.name == name);
    match value {
        "on" if known => Some(true),
        "off" if known => Some(false),
        _ => None,
    }
}
