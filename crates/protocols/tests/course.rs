//! The course: every lesson names what exists, its steps ask, and the glossary knows each word once.

use std::fs;
use std::path::{Path, PathBuf};

use faultline_protocols::{CATALOGUE, questions};
use faultline_sim::descriptor::Protocol;
use faultline_sim::glossary::Glossary;
use faultline_sim::lesson::{Lesson, Names, SHELVES, check, read};
use faultline_sim::question::{Piece, Question};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn texts(folder: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = fs::read_dir(root().join(folder))
        .expect("the folder is there")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|end| end == "txt"))
        .map(|path| {
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            (name, fs::read_to_string(&path).expect("a text"))
        })
        .collect();
    found.sort();
    found
}

/// All lessons with their files.
fn lessons() -> Vec<(String, Lesson)> {
    let mut found = Vec::new();
    for (file, text) in texts("course") {
        if file == "glossary.txt" {
            continue;
        }
        let own = read(&text).unwrap_or_else(|wrong| panic!("course/{file}: {wrong}"));
        found.extend(own.into_iter().map(|lesson| (file.clone(), lesson)));
    }
    found
}

fn glossary() -> Glossary {
    let text = fs::read_to_string(root().join("course/glossary.txt")).expect("a glossary");
    Glossary::read(&text).unwrap_or_else(|wrong| panic!("course/glossary.txt: {wrong}"))
}

/// The rows of the checklist.
fn rows() -> Vec<String> {
    let mut rows = Vec::new();
    for (_, text) in texts("docs/checklist") {
        let lines = text.lines().filter(|line| !line.starts_with(['#', '=']));
        rows.extend(lines.filter_map(|line| Some(line.split_once(" | ")?.0.to_owned())));
    }
    rows
}

fn asked(id: &str) -> Vec<Question> {
    let own = |protocol: &&&Protocol| protocol.id == id;
    let protocol = CATALOGUE.0.iter().find(own).expect("a protocol");
    questions(protocol).expect("good questions")
}

#[test]
fn every_lesson_names_what_exists() {
    let (lessons, rows) = (lessons(), rows());
    assert!(lessons.len() >= 17, "{}", lessons.len());
    let names = Names {
        questions: &asked,
        lessons: lessons
            .iter()
            .map(|(_, lesson)| lesson.id.as_str())
            .collect(),
        rows: rows.iter().map(String::as_str).collect(),
    };
    let mut wrong = Vec::new();
    for (file, lesson) in &lessons {
        if let Err(why) = check(lesson, CATALOGUE, &names) {
            wrong.push(format!("course/{file}: {why}"));
        }
        let asks = lesson
            .steps
            .iter()
            .filter(|step| step.question.is_some() || step.write.is_some());
        if asks.count() * 2 + 1 < lesson.steps.len() {
            wrong.push(format!("course/{file}: every second step asks"));
        }
        if lesson.title.chars().count() > 40 {
            wrong.push(format!(
                "course/{file}: the title is longer than 40 letters"
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// An id opens its lesson by link, so it names one lesson only; shelves stand in the curriculum's order.
#[test]
fn lessons_stand_in_the_order_of_their_shelves() {
    let lessons = lessons();
    let shelf = |lesson: &Lesson| SHELVES.iter().position(|(word, _)| *word == lesson.shelf);
    for pair in lessons.windows(2) {
        assert!(
            shelf(&pair[0].1) <= shelf(&pair[1].1),
            "{} before {}",
            pair[0].0,
            pair[1].0
        );
    }
    let mut ids: Vec<&str> = lessons
        .iter()
        .map(|(_, lesson)| lesson.id.as_str())
        .collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), lessons.len());
}

/// What a row is taught by: a row that a scenario serves has its lesson.
#[test]
fn every_served_row_has_its_lesson() {
    let lessons = lessons();
    let taught: Vec<&str> = lessons
        .iter()
        .flat_map(|(_, lesson)| lesson.all_rows())
        .collect();
    let mut missing = Vec::new();
    for (_, text) in texts("docs/checklist") {
        let lines: Vec<&str> = text.lines().collect();
        for pair in lines.windows(2).filter(|pair| pair[1].starts_with("= ")) {
            let row = pair[0].split(" | ").next().unwrap_or_default();
            if !taught.contains(&row) {
                missing.push(row.to_owned());
            }
        }
    }
    assert!(missing.is_empty(), "no lesson for {missing:?}");
}

#[test]
fn the_glossary_is_short_and_explains_no_word_by_itself() {
    let (glossary, rows) = (glossary(), rows());
    let lessons = lessons();
    let text: String = lessons
        .iter()
        .flat_map(|(_, lesson)| {
            lesson
                .steps
                .iter()
                .flat_map(|step| step.text.iter().flatten())
        })
        .filter_map(|piece| match piece {
            Piece::Text(text) => Some(text.as_str()),
            _ => None,
        })
        .collect();
    assert!(
        glossary.marks(&text).len() > 40,
        "words of lessons are explained"
    );
    for (at, term) in glossary.terms.iter().enumerate() {
        let words = term.means.split_whitespace().count();
        assert!((4..=40).contains(&words), "{}: {words} words", term.term);
        let itself = glossary
            .marks(&term.means)
            .iter()
            .any(|mark| mark.term == at);
        assert!(!itself, "{} explains itself", term.term);
        for row in &term.rows {
            assert!(rows.contains(row), "{}: there is no row {row}", term.term);
        }
    }
}
