//! The top bar: the title and the page's few buttons.

use yew::prelude::*;

use crate::text::{self, compare, spacetime as words};
use crate::theme::Theme;
use crate::ui::Act;
use crate::ui::act::{CompareAct, ShareAct, ViewAct};
use crate::ui::course::Deed as CourseDeed;
use crate::ui::icons::Icon;
use crate::ui::spacetime::Deed;

/// A longer title takes two lines in small letters where the window is not wide.
const LONG: usize = 34;
const LONG_BESIDE: usize = 22;

#[derive(Properties, PartialEq)]
pub struct HeaderProps {
    pub title: AttrValue,
    /// After the title: protocol and size.
    pub about: AttrValue,
    /// What the preset breaks by design.
    pub breaks: Option<AttrValue>,
    pub panels: bool,
    /// The panels have news and have not been opened yet.
    pub nudge: bool,
    pub library: bool,
    /// The list of lessons is open.
    pub learn: bool,
    pub spacetime: bool,
    /// A comparison is open, or its dialog is.
    pub comparing: bool,
    pub choosing: bool,
    pub theme: Theme,
    pub on_act: Callback<Act>,
}

#[component]
pub fn Header(props: &HeaderProps) -> Html {
    let HeaderProps {
        panels,
        library,
        theme,
        on_act,
        ..
    } = props;
    let door = |icon: Icon, label: &'static str, act: Act, open: Option<bool>| {
        // Where the panels have no column of their own, they are always visible.
        let panels = matches!(act, Act::View(ViewAct::Panels(_)));
        let wide = panels || matches!(act, Act::SpaceTime(_));
        let hinted = panels && props.nudge;
        let lessons = matches!(act, Act::Learn(_));
        let class = classes!(
            "door",
            lessons.then_some("learn-door"),
            wide.then_some("wide-door"),
            hinted.then_some("hinted")
        );
        let click = on_act.reform(move |_: MouseEvent| act.clone());
        html! {
            <button type="button" {class} aria-expanded={open.map(|o| o.to_string())}
                aria-label={label} title={label} onclick={click}>
                { icon.inline() }<span class="door-word">{ label }</span>
            </button>
        }
    };
    let large = *theme == Theme::Projector;
    let (sun, label, other) = match theme {
        Theme::Dark => (Icon::Sun, "Light theme", Theme::Light),
        _ => (Icon::Moon, "Dark theme", Theme::Dark),
    };
    let turn = |to: Theme| on_act.reform(move |_: MouseEvent| Act::View(ViewAct::Theme(to)));
    let screen = if large {
        Theme::Light
    } else {
        Theme::Projector
    };
    // A title that has to share its room stands in two lines sooner.
    let most = if props.breaks.is_some() {
        LONG_BESIDE
    } else {
        LONG
    };
    let long = text::letters(&props.title) > most;
    html! {
        <header class="top">
            <span class="brand" role="img" aria-label={text::NAME}>
                <svg class="logo" viewBox="0 0 24 24" aria-hidden="true">
                    <path d="M12 1.500 22.500 12 12 22.500 1.500 12z" />
                    <path class="crack" d="M13.500 5 10 11.500h4L10.500 19" />
                </svg>
                <span class="brand-word">{ text::NAME }</span>
            </span>
            { door(Icon::Library, "Library", Act::View(ViewAct::Library(!library)), Some(*library)) }
            { door(Icon::Learn, crate::text::course::LEARN, Act::Learn(CourseDeed::List(!props.learn)), Some(props.learn)) }
            <div class={classes!("heading", long.then_some("long"))}>
                <h1>{ &props.title }</h1>
                <span class="about">{ &props.about }</span>
                if let Some(breaks) = &props.breaks {
                    // Short; hover and focus show the whole.
                    <button type="button" class="breaks" aria-label={text::known_bug(breaks)}>
                        { text::KNOWN_BUG }
                        <span class="breaks-whole" aria-hidden="true">{ text::known_bug(breaks) }</span>
                    </button>
                }
            </div>
            <button type="button" class="door compare-door" aria-label={compare::COMPARE}
                title="Compare (C)" aria-pressed={props.comparing.to_string()}
                aria-expanded={props.choosing.to_string()}
                onclick={on_act.reform(|_: MouseEvent| Act::Compare(CompareAct::Compare))}>
                { Icon::Compare.inline() }<span class="door-word">{ compare::COMPARE }</span>
            </button>
            { door(Icon::Share, "Copy link", Act::Share(ShareAct::CopyLink), None) }
            <button type="button" class="door bare" aria-label={text::share::DOOR}
                title={text::share::DOOR} aria-haspopup="dialog"
                onclick={on_act.reform(|_: MouseEvent| Act::Share(ShareAct::Share(true)))}>{ Icon::Send.inline() }</button>
            { door(Icon::Lanes, words::TITLE, Act::SpaceTime(Deed::Toggle), Some(props.spacetime)) }
            { door(Icon::Panels, "Panels", Act::View(ViewAct::Panels(!panels)), Some(*panels)) }
            <button type="button" class="door bare theme" aria-label="Projector"
                title="Projector (P)" aria-pressed={large.to_string()} onclick={turn(screen)}>
                { Icon::Screen.inline() }
            </button>
            <button type="button" class="door bare theme" aria-label={label} title={label}
                onclick={turn(other)}>{ sun.inline() }</button>
            <button type="button" class="door bare" aria-label="Help" title="Help"
                onclick={on_act.reform(|_: MouseEvent| Act::View(ViewAct::Help(true)))}>{ Icon::Help.inline() }</button>
        </header>
    }
}
