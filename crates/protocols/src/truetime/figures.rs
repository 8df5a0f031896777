//! How the time master, servers and clients are drawn.

use faultline_sim::frame::{Figure, NodeFrame, Tone, Word};
use faultline_sim::settings::Settings;

use super::descriptor::COMMIT_WAIT;
use super::server::waits_for;
use super::time::{is_hybrid, stamp};
use super::{Client, Server};

pub fn draw_master(to: &mut NodeFrame) {
    to.set("time master", Tone::Coordinator);
    to.layer = 2;
    to.inside = Some(Word::of("UTC"));
}

pub fn draw_server(server: &Server, settings: &Settings, to: &mut NodeFrame) {
    to.set("server", Tone::Calm);
    to.layer = 1;
    to.inside = Some(Word::of(server.value));
    let waits = waits_for(server);
    if let Some((id, at, commits)) = &waits {
        to.tone = Tone::Busy;
        to.label = match commits {
            true => format!("T{} waits until {at} has passed", id.number),
            false => format!("a read waits until {at} has passed"),
        };
    }
    let last = stamp(server.last);
    if server.last.0 > 0 {
        to.chips.push(format!("last stamp {last}"));
    }
    let face = server.clock.face(settings);
    if is_hybrid(settings) {
        to.figures
            .push(Figure::Clock(faultline_sim::frame::ClockFace {
                doubt: None,
                ..face
            }));
        return to.fields([("hybrid clock", last), ("value", server.value.to_string())]);
    }
    to.figures.push(Figure::Clock(face));
    if settings.switch(&COMMIT_WAIT) {
        let steps = ["take a timestamp", "wait until it has passed", "answer"];
        to.figures.push(Figure::Phases {
            steps: steps.map(str::to_owned).to_vec(),
            at: match waits {
                Some((.., true)) => 1,
                _ => steps.len(),
            },
        });
    }
    to.fields([
        ("last timestamp", last),
        ("waiting", server.waiting.len().to_string()),
        ("value", server.value.to_string()),
    ]);
}

/// Its answers by timestamp: where order holds, their places among the answers rise, too.
pub fn draw_client(client: &Client, to: &mut NodeFrame) {
    to.set("client", Tone::Client);
    if let Some((number, call)) = client.calls.open.first_key_value() {
        let server = call.query.request.server();
        to.inside = Some(Word::of(format_args!("T{number}")));
        to.label = format!("waits for node {}", server.0);
    }
    let mut wrong = client.answers.iter().filter(|one| one.is_out_of_order());
    to.chips.extend(wrong.next_back().map(|one| {
        to.tone = Tone::Bad;
        format!("T{} is out of order", one.number)
    }));
    let mut answers: Vec<_> = client.answers.iter().zip(1_u32..).collect();
    faultline_sim::sorted::sort_by_key(&mut answers, |(one, _)| one.s);
    let row = |(one, place): (&super::client::Answered, u32)| {
        let (tx, server) = (format!("T{}", one.number), one.server.0.to_string());
        vec![stamp(one.s), tx, server, place.to_string()]
    };
    to.figures.push(Figure::Table {
        head: ["timestamp", "transaction", "node", "answered"]
            .map(str::to_owned)
            .to_vec(),
        rows: answers.into_iter().map(row).collect(),
    });
}
