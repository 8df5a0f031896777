//! Runs the program as a script would and checks its output.

mod asks;
mod bench;
mod common;
mod costs;
mod facts;
mod goals;
mod histories;
mod hunts;
mod hunts_in_parts;
mod links;
mod list_and_run;
mod orders;
#[cfg(unix)]
mod readme;
mod shiviz;
mod sweep_and_merge;
mod vary;
mod wrong_words;
