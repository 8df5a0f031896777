//! The page's own address with a run in it: the part after `?`, and the HTML that embeds the page.

use crate::theme::Theme;

/// The options of a link besides its run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// Opens paused.
    pub paused: bool,
    /// Hides texts that tell how a scenario ends.
    pub student: bool,
    /// The theme.
    pub view: Option<Theme>,
    /// Only the stage and its controls, for embedding.
    pub embed: bool,
}

/// A whole address.
#[must_use]
pub fn address(base: &str, asked: Asked, fragment: &str) -> String {
    let mut address = base.to_owned();
    let mut sign = '?';
    let mut put = |words: &[&str]| {
        address.push(std::mem::replace(&mut sign, '&'));
        words.iter().for_each(|word| address.push_str(word));
    };
    if asked.embed {
        put(&["embed=1"]);
    }
    if asked.paused {
        put(&["paused=1"]);
    }
    if asked.student {
        put(&["role=student"]);
    }
    if let Some(theme) = asked.view {
        put(&["view=", theme.word()]);
    }
    address.push('#');
    address.push_str(fragment);
    address
}

/// The address of a step of a lesson.
#[must_use]
pub fn step_address(base: &str, lesson: &str, at: usize, teaching: bool) -> String {
    let role = if teaching { "&role=teacher" } else { "" };
    format!("{base}?lesson={lesson}&step={}{role}", at + 1)
}

/// The line of HTML that embeds the page.
#[must_use]
pub fn snippet(title: &str, address: &str) -> String {
    let (title, address) = (escaped(title), escaped(address));
    format!(
        "<iframe title=\"{title}\" src=\"{address}\" width=\"960\" height=\"640\" loading=\"lazy\" \
         style=\"border: 0; max-width: 100%\"></iframe>"
    )
}

fn escaped(text: &str) -> String {
    let mut safe = String::new();
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '"' => safe.push_str("&quot;"),
            '<' => safe.push_str("&lt;"),
            other => safe.push(other),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_what_it_asks() {
        let base = "https://example.org/faultline/";
        assert_eq!(
            address(base, Asked::default(), "v1.abc"),
            "https://example.org/faultline/#v1.abc"
        );
        let all = Asked {
            paused: true,
            student: true,
            view: Some(Theme::Projector),
            embed: true,
        };
        assert_eq!(
            address(base, all, "v1.abc"),
            "https://example.org/faultline/?embed=1&paused=1&role=student&view=projector#v1.abc"
        );
    }

    #[test]
    fn a_snippet_is_html_whatever_its_title() {
        let html = snippet("\"Two\" leaders <& more>", "x?a=1&b=2#v1.c");
        assert!(html.contains("title=\"&quot;Two&quot; leaders &lt;&amp; more>\""));
        assert!(html.contains("src=\"x?a=1&amp;b=2#v1.c\""));
    }
}
