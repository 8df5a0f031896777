//! Runs that nobody would make by hand, and files with one thing wrong in them.

use faultline_protocols::CATALOGUE;
use faultline_sim::descriptor::Recipe;
use faultline_sim::link::{Link, Work};
use faultline_sim::rng::Rng;
use faultline_sim::time::Time;

use super::{link, replay};

/// Files that are changed, with something of everything in them.
fn files() -> Vec<String> {
    let mut files = Vec::new();
    for (protocol, scenario) in CATALOGUE
        .0
        .iter()
        .flat_map(|p| p.scenarios.iter().map(move |s| (p, s)))
    {
        let mut recipe = Recipe::new(&format!("{}/{}", protocol.id, scenario.id), 1);
        recipe.commands = vec![
            "1s crash n1".into(),
            "1.5s@40 cut n1-n2".into(),
            "@60 recover n1".into(),
        ];
        for param in protocol.params.iter().take(2) {
            let value = param.default;
            let value = serde_json::to_value(value).unwrap();
            let value = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            recipe.params.insert(param.name.into(), value);
        }
        let mut link = Link::named(&recipe.scenario);
        link.recipe = recipe;
        link.cursor = Some(faultline_sim::link::Place {
            time: Time(2_000_000),
            moves: Some(100),
        });
        files.push(link.to_file());
    }
    files
}

/// Words that have broken programs before.
const WORDS: [&str; 16] = [
    "0",
    "-1",
    "1000000000",
    "18446744073709551615",
    "1e308",
    "null",
    "{}",
    "[]",
    "\"\"",
    "n0",
    "n4294967295",
    "9000000000s",
    "@",
    "\\u0000",
    "true",
    "999999999999999999999999",
];

fn change(text: &str, rng: &mut Rng) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    for _ in 0..=rng.below(3) {
        if letters.is_empty() {
            break;
        }
        let at = rng.below(letters.len() as u64) as usize;
        match rng.below(5) {
            0 => letters[at] = char::from(rng.between(32, 126) as u8),
            1 => drop(letters.remove(at)),
            2 => {
                let word = rng.pick(&WORDS).copied().unwrap_or_default();
                // A whole word in the place of another.
                let is_word = |c: char| c.is_alphanumeric() || c == '.';
                let end = letters[at..].iter().position(|c| !is_word(*c)).unwrap_or(0) + at;
                letters.splice(at..end, word.chars());
            }
            3 => {
                let to = (at + rng.below(60) as usize).min(letters.len());
                let copy = letters[at..to].to_vec();
                letters.splice(at..at, copy);
            }
            _ => letters.truncate(at.max(letters.len() - letters.len() / 8)),
        }
    }
    letters.into_iter().collect()
}

#[test]
fn changed_files_open_or_say_why_not() {
    let files = files();
    let mut rng = Rng::stream(1, "changed files", 0);
    let work = Work {
        moves: 5_000,
        records: 20_000,
    };
    let (mut opened, mut refused) = (0, 0);
    for _ in 0..20_000 {
        let file = rng.pick(&files).unwrap();
        match link(&change(file, &mut rng)).and_then(|link| link.replay(CATALOGUE, work)) {
            Ok(replayed) => {
                assert!(replayed.timeline.moves() <= work.moves);
                opened += 1;
            }
            Err(sentence) => {
                let letters = sentence.chars().count();
                assert!((20..=500).contains(&letters), "{letters}: {sentence}");
                assert!(!sentence.contains('\n'), "{sentence}");
                refused += 1;
            }
        }
    }
    println!("{opened} opened, {refused} refused");
    assert!(opened > 1_000 && refused > 1_000);
}

fn refused(recipe: &Recipe) -> String {
    let mut link = Link::named(&recipe.scenario);
    link.recipe = recipe.clone();
    replay(&link).map(|_| ()).unwrap_err()
}

#[test]
fn what_a_run_cannot_be_is_named() {
    let mut recipe = Recipe::new("raft/kill-the-leader", 1);
    recipe.params.insert("nodes".into(), "1000000000".into());
    assert!(refused(&recipe).contains("nodes must lie between"));
    recipe.params.insert("nodes".into(), "5".repeat(9_000));
    assert!(refused(&recipe).chars().count() <= 401);
    recipe.params.insert("nodes".into(), "5".into());
    recipe.commands = vec!["1s add".into(); 1_999];
    assert!(
        refused(&recipe).contains("nodes; 2000 are allowed"),
        "{}",
        refused(&recipe)
    );
    recipe.commands = vec!["1s heal".into(); 2_001];
    assert!(refused(&recipe).contains("2001 commands"));
    recipe.commands = vec!["1s crsh n1".into()];
    assert!(refused(&recipe).contains("did you mean crash"));
    assert!(refused(&Recipe::new("nonsense", 1)).contains("no protocol `nonsense`"));
}

/// Thousands of commands that never come must not make every event slower.
#[test]
fn commands_that_never_come_cost_nothing() {
    let mut recipe = Recipe::new("raft/kill-the-leader", 1);
    recipe.commands = (0..2_000)
        .map(|n| format!("@{} heal", 100_000_000 + n))
        .collect();
    let mut far = Link::named(&recipe.scenario);
    far.recipe = recipe;
    far.cursor = Some(faultline_sim::link::Place {
        time: Time(600_000_000),
        moves: None,
    });
    let run = replay(&far).unwrap().timeline;
    assert_eq!(run.now(), Time(600_000_000));
    assert!(run.moves() > 10_000);
}
