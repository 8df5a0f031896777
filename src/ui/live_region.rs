//! What a screen reader says when something happened: one polite sentence at a time.

use yew::prelude::*;

use crate::text;

/// The least wall time between two sentences while time runs.
const PAUSE_MS: f64 = 1_500.0;

/// Collects sentences, so that a busy cluster does not flood the listener.
#[derive(Debug, Default)]
pub struct Announcer {
    waiting: Vec<String>,
    since_last: f64,
    said: String,
    /// What the person did last, until it was repeated elsewhere.
    action: Option<String>,
    /// Two equal sentences in a row differ by a trailing space, or they would not be said again.
    odd: bool,
}

impl Announcer {
    /// Something happened by itself.
    pub fn heard(&mut self, sentence: String) {
        if self.waiting.last() != Some(&sentence) {
            self.waiting.push(sentence);
        }
    }

    /// Something the person did or asked for: said at once, with what was waiting.
    pub fn at_once(&mut self, sentence: String) {
        self.action = Some(sentence.clone());
        self.waiting.insert(0, sentence);
        self.say();
    }

    /// What the person did last, once.
    pub fn take_action(&mut self) -> Option<String> {
        self.action.take()
    }

    /// Wall time passes; true if there is something new to say.
    pub fn tick(&mut self, wall_ms: f64) -> bool {
        self.since_last += wall_ms;
        if self.waiting.is_empty() || self.since_last < PAUSE_MS {
            return false;
        }
        self.say();
        true
    }

    fn say(&mut self) {
        self.odd = !self.odd;
        self.said = text::together(&self.waiting);
        if self.odd {
            self.said.push('\u{a0}');
        }
        self.waiting.clear();
        self.since_last = 0.0;
    }

    /// The sentence to show.
    pub fn said(&self) -> AttrValue {
        AttrValue::from(self.said.clone())
    }
}

#[derive(Properties, PartialEq)]
pub struct LiveRegionProps {
    pub said: AttrValue,
}

#[component]
pub fn LiveRegion(props: &LiveRegionProps) -> Html {
    html! {
        <div class="for-readers" role="status" aria-live="polite" aria-atomic="true"
            data-live-region="true">{ &props.said }</div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_most_one_sentence_in_a_while() {
        let mut announcer = Announcer::default();
        announcer.tick(PAUSE_MS);
        let mut said = 0;
        for i in 0..600 {
            announcer.heard(format!("Thing {i}."));
            said += u32::from(announcer.tick(100.0));
        }
        assert!(said <= 41, "{said} sentences in a minute");
        assert!(announcer.said().contains("more."));
    }

    #[test]
    fn what_the_person_did_is_said_at_once_and_again() {
        let mut announcer = Announcer::default();
        announcer.at_once("Step.".into());
        let first = announcer.said();
        announcer.at_once("Step.".into());
        assert_ne!(announcer.said(), first);
    }
}
