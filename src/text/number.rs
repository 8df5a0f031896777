//! The words beside a number box: what is wrong with what was typed, and what to type instead.

pub const EMPTY: &str = "Type a number.";
pub const UNFINISHED: &str = "This number is unfinished.";
pub const WHOLE: &str = "Type a whole number.";
pub const NOT_A_NUMBER: &str = "Type a number, such as 25 or 2.5.";

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
