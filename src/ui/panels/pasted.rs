//! A program as the source of a web page shows it: will it run if it is pasted like that? The person guesses,
//! the program answers.

use faultline_sim::program::{Change, Line};
use yew::prelude::*;

use crate::text::program as words;

#[derive(Properties, PartialEq)]
pub struct PastedProps {
    pub lines: Vec<Line>,
}

/// The first line that a page's source shows with other characters: its number and that text.
fn first_broken(lines: &[Line]) -> Option<(usize, String)> {
    let kept = lines.iter().filter(|line| line.change != Change::Removed);
    broken(kept.map(|line| line.text.as_str()))
}

fn broken<'a>(lines: impl Iterator<Item = &'a str>) -> Option<(usize, String)> {
    let (line, number) = lines.zip(1..).find(|(line, _)| {
        let code = line.split("//").next().unwrap_or_default();
        code.contains('<')
    })?;
    Some((number, line.trim().replace('<', "&lt;")))
}

#[component]
pub fn Pasted(props: &PastedProps) -> Html {
    let guess = use_state(|| None::<bool>);
    let broken = first_broken(&props.lines);
    let say = |runs: bool| {
        let guess = guess.clone();
        Callback::from(move |_: MouseEvent| guess.set(Some(runs)))
    };
    html! {
        <details class="fold pasted">
            <summary>{ words::PASTED }</summary>
            <p>{ words::PASTED_ASK }</p>
            <p class="ask-acts">
                <button type="button" aria-pressed={(*guess == Some(true)).to_string()} onclick={say(true)}>{ words::RUNS }</button>
                <button type="button" aria-pressed={(*guess == Some(false)).to_string()} onclick={say(false)}>{ words::RUNS_NOT }</button>
            </p>
            <div role="status">
                if let Some(guess) = *guess {
                    <p>{ words::pasted(guess, broken.as_ref().map(|(line, _)| *line)) }</p>
                    if let Some((_, text)) = &broken {
                        <p><code class="broken-line">{ text }</code></p>
                        <p class="quiet">{ words::PASTED_WHY }</p>
                    }
                }
            </div>
        </details>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_in_a_comment_breaks_nothing() {
        let lines = ["// a < b", "if (a > 1)", "  if (a < b) f();"];
        assert_eq!(
            broken(lines.into_iter()),
            Some((3, "if (a &lt; b) f();".into()))
        );
        assert_eq!(broken(lines[..2].iter().copied()), None);
    }
}
