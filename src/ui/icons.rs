//! Our own icons instead of platform emoji, which differ between devices.

use yew::prelude::*;

/// A drawing on a 24 by 24 grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    Bolt,
    Revive,
    Scissors,
    Joined,
    Split,
    Snail,
    Drop,
    Heal,
    Plus,
    More,
    Undo,
    Redo,
    Play,
    Pause,
    StepBack,
    StepForward,
    /// The previous moment and the next one.
    Previous,
    Next,
    Restart,
    Crown,
    Eye,
    Snow,
    Mask,
    Panels,
    Compare,
    Help,
    Sun,
    Moon,
    Screen,
    Close,
    Share,
    Send,
    Library,
    Learn,
    Tick,
    Clock,
    Copy,
    Hand,
    Deaf,
    Mute,
    Align,
    Spread,
    Dials,
    Ask,
    Lanes,
    Minus,
    Fit,
    Before,
    After,
    Table,
    Taller,
}

impl Icon {
    /// The path, and whether it is filled (otherwise stroked).
    fn path(self) -> (&'static str, bool) {
        match self {
            Icon::Bolt => ("M13.5 2 5 13.5h5.2L9.4 22 19 9.8h-5.6z", true),
            Icon::Revive => ("M12 3v8M6.7 6.7a7.5 7.5 0 1 0 10.6 0", false),
            Icon::Scissors => (
                "M8.1 8.1 20 19M8.1 15.9 20 5M6 9a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM6 21a3 3 0 1 0 0-6 3 3 0 0 0 0 6z",
                false,
            ),
            Icon::Joined => (
                "M9 12h6M10 7H7a5 5 0 0 0 0 10h3M14 7h3a5 5 0 0 1 0 10h-3",
                false,
            ),
            Icon::Split => ("M12 2v4M12 10v4M12 18v4M8 7 3 12l5 5M16 7l5 5-5 5", false),
            Icon::Snail => (
                "M3 19h13a4 4 0 0 0 4-4V8M20 8V5M20 8l2.5-2.5M16 15a5.5 5.5 0 1 0-5.5 4M13.2 14.2a2.7 2.7 0 1 0-2.7 2.3",
                false,
            ),
            Icon::Drop => ("M3 7h12M11 3l4 4-4 4M15 15l6 6M21 15l-6 6", false),
            Icon::Heal => ("M4 12.5 9.5 18 20 6.5", false),
            Icon::Lanes => ("M3 6h18M3 18h18M6 6l6 12M13 18l5-12", false),
            Icon::Minus => ("M5 12h14", false),
            Icon::Fit => (
                "M3 5v14M21 5v14M7 12h10M10 8.500 6.500 12l3.500 3.500M14 8.500l3.500 3.500-3.500 3.500",
                false,
            ),
            Icon::Before => ("M15 5l-7 7 7 7", false),
            Icon::After => ("M9 5l7 7-7 7", false),
            Icon::Table => ("M3 5h18v14H3zM3 10h18M9 10v9", false),
            Icon::Taller => ("M12 3v18M8 7l4-4 4 4M8 17l4 4 4-4", false),
            Icon::Plus => ("M12 5v14M5 12h14", false),
            Icon::More => ("M5 12h.01M12 12h.01M19 12h.01", false),
            Icon::Undo => ("M8 4 3 9l5 5M3 9h11a6 6 0 0 1 0 12h-3", false),
            Icon::Redo => ("m16 4 5 5-5 5M21 9H10a6 6 0 0 0 0 12h3", false),
            Icon::Play => ("M7 4.5v15L19.5 12z", true),
            Icon::Pause => ("M6 4.5h4.2v15H6zM13.8 4.5H18v15h-4.2z", true),
            Icon::StepBack => ("M17.5 5v14L8 12zM5 5h2v14H5z", true),
            Icon::StepForward => ("M6.5 5v14L16 12zM17 5h2v14h-2z", true),
            Icon::Previous => ("M21 5v14l-7.5-7zM12.500 5v14L5 12zM2.500 5h2v14h-2z", true),
            Icon::Next => (
                "M3 5v14l7.500-7zM11.500 5v14l7.500-7zM19.500 5h2v14h-2z",
                true,
            ),
            Icon::Restart => ("M4.5 12a7.5 7.5 0 1 0 2.4-5.5M4 3.5v5h5", false),
            Icon::Crown => ("M3 18.5h18L22.5 7l-6 4L12 4 7.5 11l-6-4z", true),
            Icon::Eye => (
                "M2 12s3.6-6.5 10-6.5S22 12 22 12s-3.6 6.5-10 6.5S2 12 2 12zM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6z",
                false,
            ),
            Icon::Snow => (
                "M12 2v20M3.3 7l17.4 10M20.7 7 3.3 17M9 4l3 3 3-3M9 20l3-3 3 3",
                false,
            ),
            Icon::Mask => (
                "M2 8c3-1.6 6-1.6 10 0 4-1.6 7-1.6 10 0 0 6-2 9-5 9-2.500 0-3.500-2-5-2s-2.500 2-5 2c-3 0-5-3-5-9zM6.500 11.500h3M14.500 11.500h3",
                false,
            ),
            Icon::Compare => ("M3 5h7.500v14H3zM13.500 5H21v14h-7.500z", false),
            Icon::Panels => ("M3 4.5h18v15H3zM14 4.5v15", false),
            Icon::Help => (
                "M9 9a3 3 0 1 1 4.4 2.700c-.9.500-1.400 1.100-1.400 2.300M12 17.500h.01",
                false,
            ),
            Icon::Sun => (
                "M12 16.500a4.500 4.500 0 1 0 0-9 4.500 4.500 0 0 0 0 9zM12 1.500v2M12 20.500v2M4.600 4.600 6 6M18 18l1.400 1.400M1.500 12h2M20.500 12h2M4.600 19.400 6 18M18 6l1.400-1.400",
                false,
            ),
            Icon::Moon => (
                "M20 14.500A8.500 8.500 0 0 1 9.500 4a8.500 8.500 0 1 0 10.500 10.500z",
                false,
            ),
            Icon::Screen => ("M2.500 4h19v12.500h-19zM12 16.500v4M7.500 20.500h9", false),
            Icon::Close => ("M5.500 5.500l13 13M18.500 5.500l-13 13", false),
            Icon::Share => (
                "M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.700-5.700l-1.300 1.300M14 10a4 4 0 0 0-6-.4l-3 3a4 4 0 0 0 5.700 5.700l1.300-1.300",
                false,
            ),
            Icon::Send => (
                "M12 15V3M7.500 7.500 12 3l4.500 4.500M5 12v8.500h14V12",
                false,
            ),
            Icon::Deaf => (
                "M9 8a3.500 3.500 0 0 1 7 0c0 3-3 3.500-3 6.500a2.500 2.500 0 0 1-4.500 1.500M3 3l18 18",
                false,
            ),
            Icon::Mute => ("M4 9v6h4l5 4V5L8 9zM17 9.500l5 5M22 9.500l-5 5", false),
            Icon::Align => ("M12 3v18M4 7h5M15 7h5M4 12h5M15 12h5M4 17h5M15 17h5", false),
            Icon::Spread => (
                "M4 6h6M4 6v.01M8 12h6M14 18h6M10 4v4M14 10v4M20 16v4",
                false,
            ),
            Icon::Dials => (
                "M4 7h9M19 7h1M4 17h1M11 17h9M16 10a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM8 20a3 3 0 1 0 0-6 3 3 0 0 0 0 6z",
                false,
            ),
            Icon::Ask => ("M4 5h16v11H11l-4 4v-4H4zM8 10.500h8", false),
            Icon::Learn => (
                "M12 6C9 4 6 4 3 5v14c3-1 6-1 9 1 3-2 6-2 9-1V5c-3-1-6-1-9 1zM12 6v14",
                false,
            ),
            Icon::Library => ("M4 4v16M9 4v16M13.500 4.500l5.500 15", false),
            Icon::Tick => ("M5 12.500 10 17.500 19 7", false),
            Icon::Clock => (
                "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5.500l3.500 2",
                false,
            ),
            Icon::Copy => ("M8 8h12v12H8zM4 16V4h12", false),
            Icon::Hand => (
                "M7 12V6a1.600 1.600 0 0 1 3.200 0v5V4.500a1.600 1.600 0 0 1 3.200 0V11V6a1.600 1.600 0 0 1 3.200 0v8.500c0 4-2.300 6.500-6 6.500-3 0-4.600-1.500-6.400-5l-1.500-3a1.500 1.500 0 0 1 2.500-1.600z",
                false,
            ),
        }
    }

    /// The path alone, placed by the caller inside a drawing: centred on zero, `size` wide.
    pub fn within(self, x: f64, y: f64, size: f64) -> Html {
        let (path, filled) = self.path();
        let scale = size / 24.0;
        let (left, top) = (x - size / 2.0, y - size / 2.0);
        let class = if filled { "icon filled" } else { "icon" };
        html! {
            <path {class} d={path} transform={format!("translate({left:.1} {top:.1}) scale({scale:.3})")} />
        }
    }

    /// An icon inside text. Screen readers skip it, because the text says the same.
    pub fn inline(self) -> Html {
        let (path, filled) = self.path();
        let class = if filled { "icon filled" } else { "icon" };
        html! {
            <svg class="glyph" viewBox="0 0 24 24" aria-hidden="true"><path {class} d={path} /></svg>
        }
    }
}
