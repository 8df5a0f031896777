//! A million links with something wrong in them: each is read, or refused in one sentence, and what
//! is read is bounded.

use super::tests::example;
use super::*;
use crate::rng::Rng;

/// Every third is changed before it is packed, so that its check is right and only its words are
/// wrong; the others are changed as a person or a chat program would.
#[test]
fn a_million_mutated_links_are_read_or_refused() {
    let link = example();
    let mut bare = link.clone();
    bare.partner = None;
    let old = miniz_oxide::deflate::compress_to_vec(link.to_file().as_bytes(), 9);
    let old = format!("v1.{}", URL_SAFE_NO_PAD.encode(old));
    let texts = [link.encode(), bare.encode(), old];
    let inner = [short::write(&link), short::write(&bare)];
    let mut rng = Rng::stream(1, "mutated links", 0);
    let mut read = 0;
    for number in 0..1_000_000 {
        let text = if number % 3 == 0 {
            stored(&mutated(rng.pick(&inner).unwrap(), &mut rng))
        } else {
            mutated(rng.pick(&texts).unwrap(), &mut rng)
        };
        match opened(&text) {
            Ok(Opened::Run(link)) => {
                read += 1;
                let commands = link.recipe.commands.iter().map(String::len);
                assert!(commands.sum::<usize>() <= 2 * MOST_BYTES);
                // What was read can be written and read again.
                if number % 64 == 0 {
                    let again = Link::decode(&link.encode()).unwrap();
                    assert_eq!(again.encode(), link.encode());
                }
            }
            Ok(Opened::Log(_)) => {}
            Err(why) => {
                let letters = why.chars().count();
                assert!((20..=LONGEST_SENTENCE + 1).contains(&letters), "{why}");
                assert!(!why.contains(char::is_control), "{why}");
            }
        }
    }
    assert!(read > 10_000, "{read} were read");
}

/// A text packed as a link packs its own, but without being made smaller: that would take most of the
/// time.
fn stored(text: &str) -> String {
    let length = (text.len() as u16).to_le_bytes();
    let mut bytes = vec![PACKED];
    bytes.extend(check_of(text));
    bytes.extend([1, length[0], length[1], !length[0], !length[1]]);
    bytes.extend(text.as_bytes());
    format!("v1.{}", URL_SAFE_NO_PAD.encode(bytes))
}

fn mutated(text: &str, rng: &mut Rng) -> String {
    let mut letters = text.as_bytes().to_vec();
    for _ in 0..=rng.below(3) {
        let at = rng.below(letters.len().max(1) as u64) as usize;
        let to = (at + rng.below(40) as usize).min(letters.len());
        match rng.below(7) {
            0 | 1 if at < letters.len() => letters[at] = rng.between(10, 126) as u8,
            2 if at < letters.len() => drop(letters.remove(at)),
            3 => letters.insert(at.min(letters.len()), rng.between(32, 126) as u8),
            4 => letters.truncate(at.max(letters.len() / 2)),
            5 => drop(letters.drain(at.min(to)..to)),
            _ => {
                let copy = letters[at.min(to)..to].repeat(rng.between(1, 4) as usize);
                letters.splice(at.min(letters.len())..at.min(letters.len()), copy);
            }
        }
    }
    String::from_utf8_lossy(&letters).into_owned()
}
