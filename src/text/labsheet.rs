//! The lab sheet: what a person guessed, what the runs said, and what they wrote, as words for the page, for
//! Markdown and for a page of its own.

use std::fmt::Write;

use crate::progress::Answered;

pub const TITLE: &str = "Lab sheet";
pub const NAME: &str = "Name";
pub const ANSWERS: &str = "Guesses and results";
pub const NOTHING: &str = "Nothing has been answered in this lesson yet.";
pub const NOTES: &str = "Written";
pub const COMPARED: &str = "This run and a real system";
pub const COMPARED_ABOUT: &str =
    "Choose a real system that does the same job. The left column is from the run on the stage.";
pub const SYSTEM: &str = "A real system";
pub const MINE: &str = "In this run";
pub const THEIRS: &str = "There";
pub const ALIKE: &str = "What is alike?";
pub const UNLIKE: &str = "What is different, and why?";
pub const GUESS: &str = "My guess";
pub const SAID: &str = "The run";
pub const BECAUSE: &str = "Because";
pub const RUN: &str = "The run at this moment";
pub const NO_GUESS: &str = "none";
pub const OUTSIDE: &str = "Questions outside lessons";
pub const MARKDOWN: &str = "Save as Markdown";
pub const HTML: &str = "Save as a page";
pub const PRINT: &str = "Print";
pub const CLEAR: &str = "Clear this sheet";
pub const CLEARED: &str = "The sheet is empty again.";
pub const CLOSE: &str = "Close lab sheet";

/// Everything on a sheet.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sheet {
    pub title: String,
    pub name: String,
    pub answers: Vec<Filled>,
    /// What was asked, and what was written.
    pub notes: Vec<(String, String)>,
    pub system: String,
    /// What is compared: in this run, and there.
    pub compared: Vec<(String, String, String)>,
    pub alike: String,
    pub unlike: String,
}

/// An answer with its picture, an address of data or empty.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filled {
    pub answered: Answered,
    pub picture: String,
}

impl Sheet {
    /// Whether the person has said anything about a real system.
    fn compares(&self) -> bool {
        let filled = self
            .compared
            .iter()
            .any(|(_, _, theirs)| !theirs.is_empty());
        filled
            || [&self.system, &self.alike, &self.unlike]
                .iter()
                .any(|text| !text.is_empty())
    }

    /// Notes that are not empty.
    fn written(&self) -> impl Iterator<Item = &(String, String)> {
        self.notes
            .iter()
            .filter(|(_, note)| !note.trim().is_empty())
    }

    /// The file's name without its end.
    #[must_use]
    pub fn stem(&self) -> String {
        let letter = |c: char| {
            if c.is_alphanumeric() {
                c.to_ascii_lowercase()
            } else {
                '-'
            }
        };
        let words: String = self.title.chars().map(letter).collect();
        let words: Vec<&str> = words.split('-').filter(|word| !word.is_empty()).collect();
        format!("lab-sheet-{}", words.join("-"))
    }
}

fn guess(answered: &Answered) -> &str {
    answered.guess.as_deref().unwrap_or(NO_GUESS)
}

/// A cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

/// The sheet as Markdown.
#[must_use]
pub fn markdown(sheet: &Sheet) -> String {
    let mut out = format!("# {TITLE}: {}\n\n", sheet.title);
    if !sheet.name.is_empty() {
        let _ = writeln!(out, "{NAME}: {}\n", sheet.name);
    }
    let _ = writeln!(out, "## {ANSWERS}\n");
    if sheet.answers.is_empty() {
        let _ = writeln!(out, "{NOTHING}\n");
    }
    for (at, Filled { answered, picture }) in sheet.answers.iter().enumerate() {
        let _ = writeln!(out, "{}. **{}**", at + 1, answered.ask);
        let _ = writeln!(out, "   - {GUESS}: {}", guess(answered));
        let _ = writeln!(out, "   - {SAID}: {}", answered.answer);
        let _ = writeln!(out, "   - {BECAUSE}: {}", answered.because);
        let _ = writeln!(out, "   - {RUN}: <{}>", answered.link);
        if !picture.is_empty() {
            let _ = writeln!(out, "\n   ![{}]({picture})", answered.answer);
        }
        out.push('\n');
    }
    if sheet.written().next().is_some() {
        let _ = writeln!(out, "## {NOTES}\n");
        for (asked, note) in sheet.written() {
            let _ = writeln!(out, "**{asked}**\n\n{}\n", note.trim());
        }
    }
    if sheet.compares() {
        let _ = writeln!(out, "## {COMPARED}: {}\n", sheet.system);
        let _ = writeln!(out, "| | {MINE} | {THEIRS} |\n|---|---|---|");
        for (what, mine, theirs) in &sheet.compared {
            let _ = writeln!(
                out,
                "| {} | {} | {} |",
                cell(what),
                cell(mine),
                cell(theirs)
            );
        }
        for (asked, text) in [(ALIKE, &sheet.alike), (UNLIKE, &sheet.unlike)] {
            let _ = writeln!(out, "\n**{asked}**\n\n{}", text.trim());
        }
    }
    out
}

/// Text inside an element.
fn safe(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('"', "&quot;")
}

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;\
color:#14181f;background:#fff}img{max-width:100%;border:1px solid #9aa4b2}table{border-collapse:collapse}\
td,th{border:1px solid #9aa4b2;padding:4px 8px;text-align:left}li{break-inside:avoid;margin-bottom:1rem}";

/// The sheet as a page of its own.
#[must_use]
pub fn html(sheet: &Sheet) -> String {
    let title = safe(&sheet.title);
    let mut out = format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{TITLE}: {title}</title>\
         <style>{STYLE}</style></head><body>\n<h1>{TITLE}: {title}</h1>\n"
    );
    if !sheet.name.is_empty() {
        let _ = writeln!(out, "<p>{NAME}: {}</p>", safe(&sheet.name));
    }
    let _ = writeln!(out, "<h2>{ANSWERS}</h2>\n<ol>");
    for Filled { answered, picture } in &sheet.answers {
        let _ = writeln!(out, "<li><strong>{}</strong>", safe(&answered.ask));
        for (what, text) in [
            (GUESS, guess(answered)),
            (SAID, &answered.answer),
            (BECAUSE, &answered.because),
        ] {
            let _ = writeln!(out, "<br>{what}: {}", safe(text));
        }
        let _ = writeln!(out, "<br><a href=\"{}\">{RUN}</a>", safe(&answered.link));
        if !picture.is_empty() {
            let alt = safe(&answered.answer);
            let _ = writeln!(out, "<br><img src=\"{}\" alt=\"{alt}\">", safe(picture));
        }
        out.push_str("</li>\n");
    }
    out.push_str("</ol>\n");
    if sheet.answers.is_empty() {
        let _ = writeln!(out, "<p>{NOTHING}</p>");
    }
    if sheet.written().next().is_some() {
        let _ = writeln!(out, "<h2>{NOTES}</h2>");
        for (asked, note) in sheet.written() {
            let note = safe(note.trim()).replace('\n', "<br>");
            let _ = writeln!(out, "<h3>{}</h3>\n<p>{note}</p>", safe(asked));
        }
    }
    if sheet.compares() {
        let _ = writeln!(out, "<h2>{COMPARED}: {}</h2>", safe(&sheet.system));
        let _ = writeln!(
            out,
            "<table><tr><td></td><th>{MINE}</th><th>{THEIRS}</th></tr>"
        );
        for (what, mine, theirs) in &sheet.compared {
            let cells = [mine, theirs].map(|text| format!("<td>{}</td>", safe(text)));
            let _ = writeln!(out, "<tr><th>{}</th>{}</tr>", safe(what), cells.concat());
        }
        out.push_str("</table>\n");
        for (asked, text) in [(ALIKE, &sheet.alike), (UNLIKE, &sheet.unlike)] {
            let text = safe(text.trim()).replace('\n', "<br>");
            let _ = writeln!(out, "<h3>{asked}</h3>\n<p>{text}</p>");
        }
    }
    out.push_str("</body></html>\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet() -> Sheet {
        Sheet {
            title: "Five nodes choose a leader".into(),
            name: "Ada & Bo".into(),
            answers: vec![Filled {
                answered: Answered {
                    step: 0,
                    question: "next".into(),
                    ask: "Who leads < next?".into(),
                    guess: Some("Node 3".into()),
                    answer: "The next leader is node 4.".into(),
                    because: "It is the highest.".into(),
                    link: "https://example.org/#v2.x&y".into(),
                },
                picture: "data:image/svg+xml,x".into(),
            }],
            notes: vec![
                ("What now?".into(), "One\nTwo".into()),
                ("Empty?".into(), " ".into()),
            ],
            system: "etcd".into(),
            compared: vec![("Nodes".into(), "5".into(), "3|5".into())],
            alike: "Both elect.".into(),
            unlike: String::new(),
        }
    }

    #[test]
    fn a_sheet_as_markdown_has_all_that_was_said() {
        let told = markdown(&sheet());
        for part in [
            "# Lab sheet: Five nodes choose a leader",
            "Name: Ada & Bo",
            "1. **Who leads < next?**",
            "- My guess: Node 3",
            "- The run: The next leader is node 4.",
            "<https://example.org/#v2.x&y>",
            "**What now?**\n\nOne\nTwo",
            "| Nodes | 5 | 3\\|5 |",
            "Both elect.",
        ] {
            assert!(told.contains(part), "{part}: {told}");
        }
        assert!(!told.contains("Empty?"), "{told}");
        assert_eq!(sheet().stem(), "lab-sheet-five-nodes-choose-a-leader");
    }

    #[test]
    fn a_sheet_as_a_page_lets_no_words_out() {
        let told = html(&sheet());
        assert!(told.contains("Who leads &lt; next?"), "{told}");
        assert!(told.contains("Ada &amp; Bo"));
        assert!(told.contains("<p>One<br>Two</p>"));
        assert!(told.contains("<img src=\"data:image/svg+xml,x\""));
        let empty = html(&Sheet::default());
        assert!(empty.contains(NOTHING) && !empty.contains(COMPARED));
    }
}
