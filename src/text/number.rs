//! Words below a number box: what is wrong with the typed text, and what to type instead.

pub const EMPTY: &str = "Type a number.";
pub const UNFINISHED: &str = "This number is not finished.";
pub const WHOLE: &str = "Type a whole number.";

/// How many letters of a wrong text the message repeats.
const REPEATED: usize = 20;

/// The typed text is not a number.
#[must_use]
pub fn not_a_number(typed: &str) -> String {
    let mut shown: String = typed.chars().take(REPEATED).collect();
    if shown.len() < typed.len() {
        shown.push('…');
    }
    format!("\"{shown}\" is not a number. Type one, such as 25.")
}

/// A comma can separate thousands or a fraction.
#[must_use]
pub fn ambiguous(typed: &str) -> String {
    let (all, fraction) = (typed.replace(',', ""), typed.replacen(',', ".", 1));
    if fraction.contains(',') {
        format!("Write {all}, without commas.")
    } else {
        format!("Write {all} or {fraction}.")
    }
}
