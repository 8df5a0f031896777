//! Runs the program as a script would and checks its output.

mod bench;
mod common;
mod facts;
mod hunts;
mod links;
mod list_and_run;
mod shiviz;
mod sweep_and_merge;
mod wrong_words;
