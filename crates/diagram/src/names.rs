//! Names of lanes, as long as there is room. Hosts of one system are mostly told apart by how their
//! names end, so a long name is cut at the front.

use faultline_sim::sorted::SortedMap;

/// Names of at most `room` letters each, in their order. Two different names stay different.
pub(crate) fn shortened(names: &[String], room: usize) -> Vec<String> {
    let mut short = names.to_vec();
    let long = |name: &String| name.chars().count() > room;
    if !names.iter().any(long) {
        return short;
    }
    // The end of a name, else its beginning, else both; its place among all names always differs.
    let ways: [fn(&str, usize, usize) -> String; 4] = [
        |name, room, _| format!("…{}", last(name, room - 1)),
        |name, room, _| format!("{}…", first(name, room - 1)),
        |name, room, _| {
            format!(
                "{}…{}",
                first(name, room / 2),
                last(name, room - 1 - room / 2)
            )
        },
        |name, room, place| {
            let place = format!("{place}…");
            let rest = room.saturating_sub(place.chars().count());
            place + last(name, rest)
        },
    ];
    let mut open: Vec<usize> = (0..names.len()).filter(|at| long(&names[*at])).collect();
    for way in ways {
        for at in &open {
            short[*at] = way(&names[*at], room.max(2), at + 1);
        }
        let mut uses: SortedMap<&str, u32> = SortedMap::new();
        for name in &short {
            *uses.entry(name).or_default() += 1;
        }
        open.retain(|at| uses[short[*at].as_str()] > 1);
    }
    short
}

/// The first letters of a text.
fn first(text: &str, letters: usize) -> &str {
    let end = text.char_indices().nth(letters);
    end.map_or(text, |(end, _)| &text[..end])
}

/// The last letters of a text.
fn last(text: &str, letters: usize) -> &str {
    let skipped = text.chars().count().saturating_sub(letters);
    let start = text.char_indices().nth(skipped);
    start.map_or("", |(start, _)| &text[start..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn short(names: &[&str], room: usize) -> Vec<String> {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        shortened(&names, room)
    }

    #[test]
    fn names_keep_what_tells_them_apart() {
        let zones = short(&["eu-central-1a", "eu-central-1b", "n3"], 11);
        assert_eq!(zones, ["…central-1a", "…central-1b", "n3"]);
        let domains = short(&["one.example.org", "two.example.org"], 8);
        assert_eq!(domains, ["one.exa…", "two.exa…"]);
        let both = short(&["xa-same-a", "xa-same-b", "ya-same-a", "ya-same-b"], 5);
        assert_eq!(both, ["xa…-a", "xa…-b", "ya…-a", "ya…-b"]);
        assert_eq!(short(&["short", "näher"], 5), ["short", "näher"]);
    }

    #[test]
    fn names_never_become_the_same_and_never_too_long() {
        let mut names = Vec::new();
        for a in ["x", "y"] {
            for b in ["x", "y"] {
                for c in ["x", "y"] {
                    names.push(format!("same-{a}-long-part-{b}-another-part-{c}-same"));
                }
            }
        }
        // A short name may look like a cut one.
        names.push("…t-x-same".into());
        let short = shortened(&names, 9);
        assert!(
            short.iter().all(|name| name.chars().count() <= 9),
            "{short:?}"
        );
        for (at, name) in short.iter().enumerate() {
            assert!(!short[..at].contains(name), "{short:?}");
        }
    }
}
