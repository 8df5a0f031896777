//! Logs of other systems: lanes, messages, cones and clocks come from the log.

use faultline_diagram::{Axis, Cones, Index, Stamps, View, compare, svg};
use faultline_sim::process::NodeId;
use faultline_sim::shiviz::{Execution, HostLine, read};
use faultline_sim::stamps::Order;

/// Two hosts send to a third, which hears of both at once and answers one of them.
const LOG: &str = "starts\nalice {\"alice\":1}\nstarts\nbob {\"bob\":1}\n\
    hears of both\ncarol {\"alice\":1,\"bob\":1,\"carol\":1}\nworks\nalice {\"alice\":2}\n\
    learns\nbob {\"alice\":1,\"bob\":2,\"carol\":1}\n";

fn execution() -> Execution {
    read(LOG, &HostLine::BelowText, None)
        .expect("the log keeps the rules")
        .remove(0)
}

#[test]
fn lanes_and_messages_are_the_logs() {
    let index = Index::of_log(&execution());
    assert_eq!(index.nodes(), 3);
    assert_eq!(index.name(NodeId(3)), "carol");
    assert_eq!((index.len(), index.message_count()), (5, 3));
    let mut view = View::whole(&index, &[]);
    view.stamps = Stamps::Vector;
    assert_eq!(view.axis, Axis::Order);
    let picture = svg(&index, &view);
    assert!(
        picture.contains("carol") && picture.contains("[1,1,1]"),
        "{picture}"
    );
    assert_eq!(picture.matches("class=\"message").count(), 3, "{picture}");
}

#[test]
fn cones_and_comparisons_read_the_logs_clocks() {
    let execution = execution();
    let index = Index::of_log(&execution);
    let count = execution.events.len() as u64;
    let mut before = 0;
    for (a, first) in execution.events.iter().enumerate() {
        let seq = a as u64 + 1;
        assert_eq!(index.vector(seq).as_ref(), Some(&first.clock));
        let cones = Cones::new(&index, seq).expect("it is an event");
        let (past, future, apart) = cones.counts(&index);
        assert_eq!(past + future + apart + 1, count);
        before += past;
        for (b, second) in execution.events.iter().enumerate() {
            let knows = second.clock[first.host as usize] >= first.own;
            let expected = match (a == b, knows) {
                (true, _) => Order::Same,
                (_, true) => Order::Before,
                _ if first.clock[second.host as usize] >= second.own => Order::After,
                _ => Order::Concurrent,
            };
            let compared = compare(&index, seq, b as u64 + 1).expect("read");
            assert_eq!(compared.order, expected);
        }
        let knowing = execution.events.iter().enumerate();
        let knowing = knowing.filter(|(b, e)| *b != a && e.clock[first.host as usize] >= first.own);
        assert_eq!(future, knowing.count() as u64, "{}", first.text);
    }
    assert_eq!(before, execution.happened_before_pairs());
}

/// An index of a log in which each of these hosts has one event.
fn of_hosts(hosts: &[&str]) -> Index {
    let line = |host: &&str| format!("starts\n{host} {{\"{host}\":1}}\n");
    let log: String = hosts.iter().map(line).collect();
    Index::of_log(&read(&log, &HostLine::BelowText, None).unwrap()[0])
}

#[test]
fn long_names_keep_their_ends_and_stay_apart() {
    let zones = ["eu-central-1a", "eu-central-1b"].map(|zone| format!("host-of-{zone}"));
    let index = of_hosts(&["loadBalancer", &zones[0], &zones[1]]);
    let view = View::whole(&index, &[]);
    let names = view.names(&index);
    assert_eq!(names[0], "loadBalancer");
    assert!(names[1].ends_with("central-1a") && names[1].starts_with('…'));
    assert!(names[2].ends_with("central-1b") && names[2].starts_with('…'));
    assert!(view.left() < 200.0);
    // Whole under the pointer, and only if something is shortened.
    let picture = svg(&index, &view);
    assert_eq!(picture.matches("<title>").count(), 1 + 2, "{picture}");
    assert!(picture.contains(&format!("<title>{}</title>", zones[0])));
    assert!(picture.contains(&names[1]));
}

#[test]
fn names_of_wide_letters_are_not_clipped_at_the_left() {
    let wide = "W".repeat(16);
    let index = of_hosts(&[&wide, "a"]);
    let view = View::whole(&index, &[]);
    let picture = svg(&index, &view);
    let squeezed = format!("textLength=\"{:.1}\"", view.names_end() - 2.0);
    assert_eq!(picture.matches(&squeezed).count(), 1, "{picture}");
}
