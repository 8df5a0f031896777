//! Words for exports: the run and its pictures as files, and the lab record.

use std::fmt::Write;

use faultline_sim::frame::{Light, ProbeFrame, VerdictFrame};
use faultline_sim::time::Time;

use super::measured::shown;
use super::records::spelled;
use super::{capital, counted, instant};

pub const TITLE: &str = "Export this run";
pub const TRACE: &str = "Everything up to now";
pub const SHIVIZ: &str = "ShiViz log";
pub const JSON: &str = "JSON";
pub const TEXT: &str = "Plain text";
pub const AROUND: &str = "Events around this one, for Mermaid";
pub const IN_WINDOW: &str = "Events in the diagram's window, for Mermaid";
pub const MERMAID: &str = "Sequence diagram";
pub const COPY_MERMAID: &str = "Copy sequence diagram";
pub const PICTURES: &str = "Pictures";
pub const STAGE_SVG: &str = "Stage as SVG";
pub const STAGE_PNG: &str = "Stage as PNG";
pub const DIAGRAM: &str = "Space-time diagram as SVG";
pub const RECORD: &str = "For your notebook";
pub const LAB_RECORD: &str = "Lab record";
pub const LAB_RECORD_ABOUT: &str = "One Markdown file with the link, your actions, the measurements, \
    the rules and both pictures.";
pub const COPIED: &str = "Copied.";
pub const NOT_COPIED: &str = "This browser does not let the page copy. Download it instead.";
pub const NO_PICTURE: &str =
    "The browser could not draw this picture. Use the stage as SVG instead.";
pub const OF_STAGE: &str = "The stage";
pub const OF_DIAGRAM: &str = "The space-time diagram";

/// The caption of a picture of the stage.
#[must_use]
pub fn stage(title: &str, now: Time, nodes: usize, messages: usize) -> String {
    format!(
        "{title}, at {}: {}, {} in flight",
        instant(now),
        counted(nodes, "node", "nodes"),
        counted(messages, "message", "messages")
    )
}

/// The announcement after a file was handed to the browser.
#[must_use]
pub fn saved(name: &str) -> String {
    format!("Saved as {name}.")
}

/// The content of a lab record.
pub struct LabRecord {
    pub title: String,
    pub about: String,
    pub link: String,
    pub scenario: String,
    pub seed: String,
    pub now: Time,
    pub events: u64,
    pub trace_hash: String,
    pub headless: String,
    pub deeds: Vec<(Time, String)>,
    pub probes: Vec<ProbeFrame>,
    pub verdicts: Vec<VerdictFrame>,
    pub sent: Vec<(&'static str, u64)>,
    /// The caption and address of each.
    pub pictures: Vec<(String, String)>,
}

/// A text in a cell of a table.
fn cell(text: &str) -> String {
    let text = text.replace('|', "\\|");
    text.replace(['\n', '\r'], " ")
}

fn table(out: &mut String, head: [&str; 2], rows: impl Iterator<Item = (String, String)>) {
    let _ = write!(out, "| {} | {} |\n|---|---|\n", head[0], head[1]);
    for (a, b) in rows {
        let _ = writeln!(out, "| {} | {} |", cell(&a), cell(&b));
    }
    out.push('\n');
}

fn verdict(light: &Light) -> String {
    match light {
        Light::Holds => "holds".into(),
        Light::NotYet(why) if why.is_empty() => "not yet".into(),
        Light::NotYet(why) => format!("not yet: {}", spelled(why)),
        Light::Broken { reason, at, .. } => {
            format!("**broken** at {}: {}", instant(*at), spelled(reason))
        }
    }
}

/// The record in Markdown. Pictures are at its end, so that people can read the source.
#[must_use]
pub fn lab_record(record: &LabRecord) -> String {
    let mut out = format!("# {}\n\n{}\n\n", record.title, record.about);
    let _ = write!(
        out,
        "- Open this run at this instant: <{}>\n- Scenario: `{}`, seed {}\n- Watched up to {}, after {} \
         events\n- Trace: `{}`\n\n",
        record.link,
        record.scenario,
        record.seed,
        instant(record.now),
        record.events,
        record.trace_hash
    );
    let _ = write!(
        out,
        "The same run on the command line:\n\n```\n{}\n```\n\n",
        record.headless
    );
    out.push_str("## My question and my prediction\n\n\n\n## What I did\n\n");
    if record.deeds.is_empty() {
        out.push_str("Nothing: I only watched.\n\n");
    } else {
        let deeds = record.deeds.iter();
        let deeds = deeds.map(|(at, deed)| (format!("{:.3} s", at.seconds()), deed.clone()));
        table(&mut out, ["Time", "Action"], deeds);
    }
    out.push_str("## What I saw\n\n");
    for (at, (caption, _)) in record.pictures.iter().enumerate() {
        let _ = write!(out, "![{caption}][picture-{}]\n\n", at + 1);
    }
    out.push_str("## Measurements\n\n");
    let probes = record.probes.iter();
    let probes = probes.map(|probe| (probe.title.to_owned(), shown(probe)));
    let sent = record.sent.iter();
    let sent = sent.map(|(kind, count)| (format!("Sent: {kind}"), count.to_string()));
    table(&mut out, ["Measure", "Value"], probes.chain(sent));
    if !record.verdicts.is_empty() {
        out.push_str("## Rules\n\n");
        let verdicts = record.verdicts.iter();
        let verdicts = verdicts.map(|v| (capital(v.title), verdict(&v.light)));
        table(&mut out, ["Rule", "Result"], verdicts);
    }
    out.push_str("## Why\n\n\n\n");
    for (at, (_, address)) in record.pictures.iter().enumerate() {
        let _ = writeln!(out, "[picture-{}]: {address}", at + 1);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lab_record_holds_everything_in_its_place() {
        let record = LabRecord {
            title: "Who leads?".into(),
            about: "5 nodes".into(),
            link: "https://example.org/#v1.x".into(),
            scenario: "a/b".into(),
            seed: "7".into(),
            now: Time(4_200_000),
            events: 12,
            trace_hash: "00".into(),
            headless: "faultline run a/b".into(),
            deeds: vec![(Time(1_000_000), "A client asked node 2 to a|b".into())],
            probes: Vec::new(),
            verdicts: vec![VerdictFrame {
                name: "one",
                title: "one leader",
                kind: faultline_sim::invariant::Expectation::Always,
                light: Light::Broken {
                    reason: "n1 and n2".into(),
                    at: Time(2_000_000),
                    seq: 3,
                    node: None,
                },
                breaks_under: None,
            }],
            sent: vec![("Ask", 3)],
            pictures: vec![("The stage".into(), "data:image/png;base64,AAAA".into())],
        };
        let told = lab_record(&record);
        for part in [
            "<https://example.org/#v1.x>",
            "| 1.000 s | A client asked node 2 to a\\|b |",
            "**broken** at 2.00 s",
            "| Sent: Ask | 3 |",
            "![The stage][picture-1]",
        ] {
            assert!(told.contains(part), "{part}: {told}");
        }
        assert!(told.ends_with("[picture-1]: data:image/png;base64,AAAA\n"));
        let watched = lab_record(&LabRecord {
            deeds: Vec::new(),
            ..record
        });
        assert!(watched.contains("Nothing: I only watched."));
    }
}
