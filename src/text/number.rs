//! The words beside a number box: what is wrong with what was typed, and what to type instead.

pub const EMPTY: &str = "Type a number.";
pub const UNFINISHED: &str = "This number is unfinished.";
pub const WHOLE: &str = "Type a whole number.";

/// Letters of a wrong text that are repeated.
const REPEATED: usize = 20;

/// Something that is no number at all.
#[must_use]
pub fn not_a_number(typed: &str) -> String {
    let mut shown: String = typed.chars().take(REPEATED).collect();
    if shown.len() < typed.len() {
        shown.push('…');
    }
    format!("\"{shown}\" is not a number. Type one, such as 25.")
}

/// A comma that may stand between thousands or before a fraction.
#[must_use]
pub fn ambiguous(typed: &str) -> String {
    let (all, fraction) = (typed.replace(',', ""), typed.replacen(',', ".", 1));
    if fraction.contains(',') {
        format!("Write {all}, without commas.")
    } else {
        format!("Write {all} or {fraction}.")
    }
}
