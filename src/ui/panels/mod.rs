//! The panels beside the stage: properties in, callbacks out.

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
mod param;
mod probes;
mod program;
mod settings;
mod verdicts;
mod window;

pub use compared::Compared;
pub use controls::value_of;
pub use event_log::EventLog;
pub use inspector::Inspector;
pub use library::Library;
pub use link::Ways;
pub use probes::Probes;
pub use program::ProgramPanel;
pub use settings::SettingsPanel;
pub use verdicts::Verdicts;

use faultline_sim::settings::{Param, Settings, Switch, Value};
use faultline_sim::time::Time;

/// The present parameters and switches of a run.
#[derive(Clone, Debug, Default)]
pub struct SettingsShown {
    pub params: Vec<(&'static Param, Value)>,
    pub switches: Vec<(&'static Switch, bool)>,
}

impl SettingsShown {
    /// The content of the settings panel.
    #[must_use]
    pub fn of(settings: &Settings) -> Self {
        Self {
            params: settings
                .params()
                .map(|(param, value)| (param, value.clone()))
                .collect(),
            switches: settings.switches().collect(),
        }
    }
}

/// Compares by name and value: if two protocols share a parameter's name, the value decides.
impl PartialEq for SettingsShown {
    fn eq(&self, other: &Self) -> bool {
        let params = |shown: &Self| -> Vec<(&'static str, Value)> {
            shown
                .params
                .iter()
                .map(|(param, value)| (param.name, value.clone()))
                .collect()
        };
        let switches = |shown: &Self| -> Vec<(&'static str, bool)> {
            shown
                .switches
                .iter()
                .map(|(switch, on)| (switch.name, *on))
                .collect()
        };
        params(self) == params(other) && switches(self) == switches(other)
    }
}

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
