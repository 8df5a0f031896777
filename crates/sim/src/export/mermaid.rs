//! A window of a run as a Mermaid sequence diagram: who told whom what, and what became of it.
//!
//! A message stands where it ends, because that is where it has an effect: a solid arrow arrives, a
//! cross is a loss with its reason, and a dashed arrow is still on its way at the window's end. What
//! a node does alone, and what is done to it, are notes. Timers and what nodes think of each other
//! are left out: they would bury the messages.

use std::fmt::Write;

use crate::event::{Event, Record};
use crate::network::Address;
use crate::process::{Belief, NodeId};
use crate::sorted::{SortedMap, SortedSet};
use crate::time::Time;

/// Lines of messages and notes.
const LINES: usize = 400;
/// Letters that viewers take at most are 50,000; the sentence at the end has room, too.
const LETTERS: usize = 49_000;
/// Letters of one text.
const TEXT: usize = 80;

/// A message in the window that has not ended.
struct Open<'r> {
    /// None for a copy whose original was sent before.
    sent: Option<Time>,
    text: String,
    address: &'r Address,
}

struct Diagram<'r> {
    lines: Vec<String>,
    letters: usize,
    /// Records that found no room.
    cut: usize,
    open: SortedMap<Address, Open<'r>>,
    all: (NodeId, NodeId),
}

/// Writes records, which are any stretch of a run, as one diagram. If there are too many, it ends
/// with a note that says how many are left out.
#[must_use]
pub fn mermaid(records: &[Record]) -> String {
    let nodes = nodes(records);
    let mut out = String::from("sequenceDiagram\n");
    let (Some(first), Some(last)) = (nodes.first(), nodes.last()) else {
        out.push_str("    participant n1\n    Note over n1: nothing happens here\n");
        return out;
    };
    for node in nodes.iter() {
        let _ = writeln!(out, "    participant {node}");
    }
    let mut diagram = Diagram {
        lines: Vec::new(),
        letters: out.len(),
        cut: 0,
        open: SortedMap::new(),
        all: (*first, *last),
    };
    // A command is told by its first consequence that has words of its own.
    let mut told: SortedSet<u64> = SortedSet::new();
    for record in records {
        if note(&record.event).is_some() {
            told.insert(record.caused_by);
        }
    }
    for record in records {
        let command = matches!(record.event, Event::Faulted { .. });
        if !(command && told.contains(&record.seq)) {
            diagram.add(record);
        }
    }
    diagram.finish(&mut out);
    out
}

/// All that take part, in order.
fn nodes(records: &[Record]) -> SortedSet<NodeId> {
    let mut nodes = SortedSet::new();
    for record in records {
        if let Some(node) = record.node {
            nodes.insert(node);
        }
        if let Some(address) = address(&record.event) {
            nodes.insert(address.from);
            nodes.insert(address.to);
        }
    }
    nodes
}

fn address(event: &Event) -> Option<&Address> {
    match event {
        Event::Sent { address, .. }
        | Event::Delivered { address, .. }
        | Event::Lost { address, .. }
        | Event::Duplicated { address, .. } => Some(address),
        _ => None,
    }
}

/// What stands in a note about an event, if it has one.
fn note(event: &Event) -> Option<String> {
    match event {
        Event::Started
        | Event::Sent { .. }
        | Event::Delivered { .. }
        | Event::Lost { .. }
        | Event::Duplicated { .. }
        | Event::TimerSet { .. }
        | Event::TimerFired { .. }
        | Event::Believed(Belief::Peer { .. }) => None,
        Event::Marked(marked) => Some(marked.to_string()),
        Event::Faulted { command, missed } => Some(match missed {
            None => command.to_string(),
            Some(why) => format!("{command} (missed: {why})"),
        }),
        event => Some(event.to_string()),
    }
}

impl<'r> Diagram<'r> {
    fn add(&mut self, record: &'r Record) {
        let at = record.time;
        match &record.event {
            Event::Sent {
                address, message, ..
            } => {
                let text = message.0.text();
                self.begin(address, Some(at), text);
            }
            Event::Duplicated { address, kind } => {
                let original = Address {
                    copy: 0,
                    ..*address
                };
                let original = self.open.get(&original);
                let text = original.map_or_else(|| (*kind).to_owned(), |open| open.text.clone());
                self.begin(
                    address,
                    original.and_then(|open| open.sent),
                    text + " (copy)",
                );
            }
            Event::Delivered {
                address, message, ..
            } => {
                let open = self.open.remove(address);
                let sent = open.as_ref().and_then(|open| open.sent);
                let text = open.map_or_else(|| message.0.text(), |open| open.text);
                self.arrow(address, "->>", &text, &times(sent, at));
            }
            Event::Lost { address, kind, by } => {
                let open = self.open.remove(address);
                let sent = open.as_ref().and_then(|open| open.sent);
                let text = open.map_or_else(|| (*kind).to_owned(), |open| open.text);
                let end = format!("{}, lost: {by}", times(sent, at));
                self.arrow(address, "-x", &text, &end);
            }
            event => {
                let Some(text) = note(event) else { return };
                let over = record
                    .node
                    .map_or_else(|| self.everybody(), |node| node.to_string());
                let text = label(&text, &times(None, at));
                self.line(format!("    Note over {over}: {text}\n"));
            }
        }
    }

    fn begin(&mut self, address: &'r Address, sent: Option<Time>, text: String) {
        let open = Open {
            sent,
            text,
            address,
        };
        self.open.insert(*address, open);
    }

    fn arrow(&mut self, address: &Address, arrow: &str, text: &str, end: &str) {
        let Address { from, to, .. } = address;
        let text = label(text, end);
        self.line(format!("    {from}{arrow}{to}: {text}\n"));
    }

    fn line(&mut self, line: String) {
        if self.cut > 0 || self.lines.len() == LINES || self.letters + line.len() > LETTERS {
            self.cut += 1;
        } else {
            self.letters += line.len();
            self.lines.push(line);
        }
    }

    /// From the first to the last that takes part.
    fn everybody(&self) -> String {
        match self.all {
            (first, last) if first == last => first.to_string(),
            (first, last) => format!("{first},{last}"),
        }
    }

    fn finish(mut self, out: &mut String) {
        let open: Vec<(Option<Time>, String, &Address)> = (std::mem::take(&mut self.open)
            .into_values())
        .map(|open| (open.sent, open.text, open.address))
        .collect();
        for (sent, text, address) in open {
            let since = sent.map_or_else(String::new, |sent| format!("since {} s ", seconds(sent)));
            self.arrow(address, "--)", &text, &format!("{since}on its way"));
        }
        self.lines.iter().for_each(|line| out.push_str(line));
        if self.cut > 0 {
            let _ = writeln!(
                out,
                "    Note over {}: cut here, {} more messages and notes, choose a shorter window",
                self.everybody(),
                self.cut
            );
        }
    }
}

/// When a message left, if that is known and an earlier instant, and when it ended.
fn times(sent: Option<Time>, ended: Time) -> String {
    let (sent, ended) = (sent.map(seconds), seconds(ended));
    match sent {
        Some(sent) if sent != ended => format!("{sent} to {ended} s"),
        _ => format!("{ended} s"),
    }
}

/// As exact as anybody reads it in a diagram: milliseconds.
fn seconds(time: Time) -> String {
    let ms = time.0 / 1_000;
    format!("{}.{:03}", ms / 1_000, ms % 1_000)
}

/// A text and what is so of it, in letters that mean nothing else in such a diagram.
fn label(text: &str, remark: &str) -> String {
    let mut out = String::new();
    let mut left = TEXT;
    for letter in text.chars() {
        if left == 0 {
            out.push('…');
            break;
        }
        left -= 1;
        escape(&mut out, letter);
    }
    out.push_str(" (");
    remark.chars().for_each(|letter| escape(&mut out, letter));
    out.push(')');
    out
}

fn escape(out: &mut String, letter: char) {
    match letter {
        // Ends of statements, comments, entities, markup, formulas and settings.
        '#' | ';' | ':' | '%' | '<' | '>' | '&' | '"' | '`' | '$' | '\\' | '@' => {
            let _ = write!(out, "#{};", letter as u32);
        }
        letter if letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}') => out.push(' '),
        letter => out.push(letter),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::Command;
    use crate::event::Loss;

    fn record(seq: u64, node: u32, caused_by: u64, event: Event) -> Record {
        Record {
            seq,
            time: Time(seq * 1_000),
            node: (node > 0).then_some(NodeId(node)),
            event,
            caused_by,
            lamport: 0,
            wrote: false,
        }
    }

    fn address(from: u32, to: u32, k: u32, copy: u32) -> Address {
        Address {
            from: NodeId(from),
            to: NodeId(to),
            k,
            copy,
        }
    }

    fn lost(seq: u64, address: Address) -> Record {
        let (kind, by) = ("Ask", Loss::Blocked("cut n1-n2".into()));
        record(seq, 0, 0, Event::Lost { address, kind, by })
    }

    #[test]
    fn what_has_its_own_words_tells_the_command_that_made_it() {
        let command = |seq, text: &str| {
            let command = Command::parse(text).unwrap().into();
            record(
                seq,
                0,
                0,
                Event::Faulted {
                    command,
                    missed: None,
                },
            )
        };
        let records = [
            command(1, "crash n2"),
            record(2, 2, 1, Event::Crashed),
            command(3, "loss n1->n2 0.5"),
            lost(4, address(1, 2, 1, 0)),
            record(
                5,
                0,
                0,
                Event::Duplicated {
                    address: address(3, 1, 1, 1),
                    kind: "Ask",
                },
            ),
        ];
        assert_eq!(
            mermaid(&records),
            "sequenceDiagram\n    participant n1\n    participant n2\n    participant n3\n    \
             Note over n2: crashed (0.002 s)\n    Note over n1,n3: loss n1-#62;n2 0.5 (0.003 s)\n    \
             n1-xn2: Ask (0.004 s, lost#58; cut n1-n2)\n    n3--)n1: Ask (copy) (on its way)\n"
        );
    }

    #[test]
    fn nothing_in_a_text_can_leave_it() {
        let text = "end; %% note #x; a: <b>\nsequenceDiagram \"q\" $$x$$";
        let told = mermaid(&[record(1, 1, 0, crate::testing::remark(text))]);
        let line = told.lines().nth(2).unwrap();
        assert_eq!(told.lines().count(), 3);
        let label = line.split_once(": ").unwrap().1;
        assert!(!label.contains([':', '%', '<', '>', '"', '$']), "{label}");
        let bare = label.split('#').skip(1);
        for entity in bare {
            let code = entity.split(';').next().unwrap();
            assert!(code.parse::<u32>().is_ok(), "{label}");
        }
        assert_eq!(label.matches('#').count(), label.matches(';').count());
    }

    #[test]
    fn a_long_window_is_cut_with_a_sentence() {
        let noted = |seq| {
            record(
                seq,
                1 + (seq % 3) as u32,
                0,
                crate::testing::remark(&"x;".repeat(200)),
            )
        };
        let records: Vec<Record> = (1..=5_000).map(noted).collect();
        let told = mermaid(&records);
        assert!(told.len() < 50_000, "{}", told.len());
        let shown = told.matches("Note over").count() - 1;
        let last = told.lines().last().unwrap();
        assert!(last.contains(&format!("{} more", 5_000 - shown)), "{last}");
        assert!(mermaid(&[]).contains("nothing happens"));
    }
}
