//! Announcements for screen readers: one polite sentence at a time.

use yew::prelude::*;

use crate::text;

/// The shortest wall time between two sentences while time runs.
const PAUSE_MS: f64 = 1_500.0;

/// Collects sentences, so that a busy cluster does not flood the listener.
#[derive(Debug, Default)]
pub struct Announcer {
    waiting: Vec<String>,
    since_last: f64,
    said: String,
    /// The person's last action, until it is repeated elsewhere.
    action: Option<String>,
    /// Two equal sentences in a row differ by a trailing space, or screen readers would skip the
    /// second.
    odd: bool,
}

impl Announcer {
    /// An event that the person did not cause.
    pub fn heard(&mut self, sentence: String) {
        if self.waiting.last() != Some(&sentence) {
            self.waiting.push(sentence);
        }
    }

    /// The person's action or request: announced at once, together with waiting sentences.
    pub fn at_once(&mut self, sentence: String) {
        self.action = Some(sentence.clone());
        self.waiting.insert(0, sentence);
        self.say();
    }

    /// The person's last action; a second call gives none.
    pub fn take_action(&mut self) -> Option<String> {
        self.action.take()
    }

    /// Lets wall time pass; true if there is something new to announce.
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

    /// The present sentence.
    pub fn said(&self) -> AttrValue {
        AttrValue::from(self.said.clone())
    }
}

#[derive(Properties, PartialEq)]
pub struct LiveRegionProps {
    pub said: AttrValue,
    /// Interrupts what is being read: a broken rule.
    pub shouted: AttrValue,
}

#[component]
pub fn LiveRegion(props: &LiveRegionProps) -> Html {
    html! {
        <>
            <div class="for-readers" role="status" aria-live="polite" aria-atomic="true"
                data-live-region="true">{ &props.said }</div>
            <div class="for-readers" aria-live="assertive" aria-atomic="true"
                data-shouted="true">{ &props.shouted }</div>
        </>
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
