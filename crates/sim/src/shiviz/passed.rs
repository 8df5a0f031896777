//! Lines of a log that no match of the parser touches: what they tell is not shown, so a reader must
//! know of them.

use std::ops::Range;

/// Lines of a part of a log, given as a range of bytes, that lie outside all matches. The matches are
/// in order and none overlaps another. Blank lines tell nothing, and what is left of a delimiter's
/// own line belongs to the delimiter. Lines are counted from that of the part's beginning.
pub(super) fn passed_over(text: &str, part: &Range<usize>, matches: &[Range<usize>]) -> Vec<u32> {
    let begins_line = |at: usize| at == 0 || text.as_bytes()[at - 1] == b'\n';
    let mut passed = Vec::new();
    let mut matches = matches.iter().peekable();
    let mut from = part.start;
    for (line, content) in (0..).zip(text[part.clone()].split('\n')) {
        let to = from + content.len();
        while matches.next_if(|found| found.end <= from).is_some() {}
        let touched = matches
            .peek()
            .is_some_and(|found| found.start < to.max(from + 1));
        let whole = begins_line(from) && (to < part.end || to == text.len() || begins_line(to));
        if whole && !touched && !content.trim().is_empty() {
            passed.push(line);
        }
        from = to + 1;
    }
    passed
}

/// One sentence about lines that were passed over; none if there are none.
#[must_use]
pub fn passed_over_sentence(lines: &[u32]) -> Option<String> {
    /// Stretches of lines that are named.
    const NAMED: usize = 5;
    let mut stretches: Vec<(u32, u32)> = Vec::new();
    for line in lines {
        match stretches.last_mut() {
            Some((_, last)) if *last + 1 == *line => *last = *line,
            _ => stretches.push((*line, *line)),
        }
    }
    let text = |(first, last): &(u32, u32)| match last - first {
        0 => first.to_string(),
        1 => format!("{first}, {last}"),
        _ => format!("{first} to {last}"),
    };
    let mut named: Vec<String> = stretches.iter().take(NAMED).map(text).collect();
    if stretches.len() > NAMED {
        named.push("…".into());
    }
    let named = named.join(", ");
    match lines.len() {
        0 => None,
        1 => Some(format!("1 line was not understood: line {named}")),
        many => Some(format!("{many} lines were not understood: lines {named}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_beside_all_matches_are_passed_over() {
        let text = "one\ntwo\n\nthree four\nfive\n";
        let passed = |matches: &[Range<usize>]| passed_over(text, &(0..text.len()), matches);
        assert_eq!(passed(&[]), [0, 1, 3, 4]);
        assert_eq!(passed(std::slice::from_ref(&(0..3))), [1, 3, 4]);
        assert_eq!(passed(&[0..3, 4..7]), [3, 4], "both lines");
        assert_eq!(
            passed(&[0..7, 15..19, 20..24]),
            [0; 0],
            "a match may span lines or touch a part of one"
        );
        assert_eq!(
            passed_over(text, &(2..16), &[]),
            [1],
            "cut lines are a delimiter's"
        );
    }

    #[test]
    fn the_sentence_counts_and_names_lines() {
        let said = |lines: &[u32]| passed_over_sentence(lines).unwrap_or_default();
        assert_eq!(said(&[]), "");
        assert_eq!(said(&[3]), "1 line was not understood: line 3");
        assert_eq!(said(&[3, 4]), "2 lines were not understood: lines 3, 4");
        assert_eq!(
            said(&[1, 3, 4, 5, 9]),
            "5 lines were not understood: lines 1, 3 to 5, 9"
        );
        assert!(said(&[1, 3, 5, 7, 9, 11]).ends_with("lines 1, 3, 5, 7, 9, …"));
    }
}
