//! The panels beside the stage: properties in, callbacks out.

mod about;
mod beliefs;
mod compared;
pub mod controls;
mod essay;
mod event;
mod event_log;
mod figures;
mod inspector;
mod library;
mod link;
mod message;
mod node;
mod node_actions;
mod own_settings;
mod param;
mod pasted;
mod probes;
mod program;
mod series;
mod settings;
mod settings_shown;
mod this_box;
mod verdicts;
mod window;

pub use about::About;
pub use beliefs::Beliefs;
pub use compared::Compared;
pub use controls::value_of;
pub use event_log::EventLog;
pub use inspector::Inspector;
pub use library::Library;
pub use link::Ways;
pub use param::{ParamField, unit};
pub use probes::Probes;
pub use program::ProgramPanel;
pub use settings::SettingsPanel;
pub use settings_shown::SettingsShown;
pub use verdicts::{Lamp, Verdicts, lamp};

use faultline_sim::time::Time;

/// An instant with milliseconds: `4.203 s`.
#[must_use]
pub fn clock(time: Time) -> String {
    format!("{:.3} s", time.seconds())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_tell_neighbouring_events_apart() {
        assert_eq!(clock(Time(4_203_000)), "4.203 s");
    }
}
