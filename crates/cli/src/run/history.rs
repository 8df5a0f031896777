//! The history of a run: what clients asked and were told, in the words of the judge.

use faultline_sim::judge::Operations;
use faultline_sim::timeline::Pass;

use crate::Outcome;

/// The operations of a finished run.
///
/// # Errors
/// One sentence, if the run has no operations to be judged.
pub fn history_of(pass: &Pass) -> Outcome<&Operations> {
    let judge = pass.world().judge().ok_or_else(|| {
        format!(
            "`--history` needs clients that share data; those of {} share none",
            pass.setup().protocol.id
        )
    })?;
    Ok(judge.history())
}
