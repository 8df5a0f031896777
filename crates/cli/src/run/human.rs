//! The report of a run for a person at a terminal.

use std::fmt::Write;

use faultline_sim::frame::{Life, Light};
use faultline_sim::text::write_value;
use faultline_sim::timeline::Pass;
use faultline_sim::world::World;

use crate::report::{aligned, readable, shortened};
use crate::verdict::Verdict;

/// The most characters of a node's state in its row.
const STATE: usize = 90;

pub fn summary(pass: &Pass, verdicts: &[Verdict]) -> String {
    let (world, setup) = (pass.world(), pass.setup());
    let mut text = format!(
        "{} ({}), seed {}\n",
        setup.name(),
        setup.preset.title,
        setup.seed
    );
    let _ = writeln!(
        text,
        "{} events until {}, trace {}",
        world.events(),
        world.now(),
        pass.trace_hash()
    );
    let mut part = |name: &str, rows: Vec<Vec<String>>| {
        if !rows.is_empty() {
            let _ = write!(text, "\n{name}\n{}", aligned(2, &rows));
        }
    };
    part("nodes", nodes(world));
    let sent = world.sent().into_iter();
    part(
        "messages sent",
        sent.map(|(kind, n)| vec![kind.into(), n.to_string()])
            .collect(),
    );
    let probes = world.probes().map(|(spec, value)| {
        let value = value.map_or("none".into(), |v| format!("{} {}", readable(v), spec.unit));
        vec![spec.name.into(), value, spec.title.into()]
    });
    part("probes", probes.collect());
    part("invariants", verdicts.iter().map(verdict_row).collect());
    text
}

fn nodes(world: &World) -> Vec<Vec<String>> {
    let row = |id| {
        let life = match world.life(id) {
            Some(Life::Up) => "up".into(),
            Some(Life::Down { since }) => format!("down since {since}"),
            Some(Life::Paused { since }) => format!("paused since {since}"),
            None => "removed".into(),
        };
        let mut state = String::new();
        write_value(&mut state, &world.state(id));
        vec![
            format!("{id}"),
            life,
            world.node_frame(id).role,
            shortened(&state, STATE),
        ]
    };
    world.ids().map(row).collect()
}

fn verdict_row(verdict: &Verdict) -> Vec<String> {
    let (word, remark) = match &verdict.light {
        Light::Holds => ("holds", verdict.title.to_owned()),
        Light::NotYet(reason) => ("open", reason.clone()),
        Light::Broken { reason, at, .. } => ("BROKEN", format!("at {at}: {reason}")),
    };
    vec![word.into(), verdict.name.into(), remark]
}
