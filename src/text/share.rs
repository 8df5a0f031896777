//! The words of sharing: links, files, QR codes, and what is opened from them.

pub const DOOR: &str = "Share";
pub const TITLE: &str = "Share this run";
pub const CLOSE: &str = "Close share";
pub const LINK: &str = "Link";
pub const COPY: &str = "Copy";
pub const COPIED: &str = "Copied.";
pub const NOT_COPIED: &str =
    "This browser does not let the page copy. Select the text and copy it.";
pub const SAVE: &str = "Save as .run file";
pub const SAVED: &str = "Saved. Whoever opens the file here sees this run at this instant.";
pub const ASKS: &str = "Whoever opens it";
pub const PAUSED: &str = "finds time standing still";
pub const PROJECTOR: &str = "sees it large, for a projector";
pub const STUDENT: &str = "is a student: answers hidden";
pub const STUDENT_ABOUT: &str = "Hidden for students: what the library says a scenario shows, and \
    which law a program breaks by design. A link without this, or with role=teacher, hides nothing.";
pub const CODE: &str = "QR code";
pub const CODE_NAME: &str = "QR code of this link";
pub const FRAME: &str = "For another page";
pub const FRAME_NAME: &str = "HTML that shows this run in another page";
pub const OPEN_TITLE: &str = "Open a run or a log";
pub const OPEN_ABOUT: &str = "Paste a link, the text of a .run file or a log of another system with \
    vector clocks (as ShiViz reads it), choose a file, or drop one anywhere on the page.";
pub const PASTE: &str = "Link or text of a file";
pub const OPEN: &str = "Open";
pub const CHOOSE: &str = "Choose a file";
pub const TOO_LARGE: &str = "This file is too large: a saved run has at most 16 MB.";
pub const NOT_READ: &str = "This file could not be read. Is it still there?";
pub const IN_FAULTLINE: &str = "Open in Faultline";

/// How long a link is, and what that means.
#[must_use]
pub fn length(letters: usize, most: usize) -> String {
    if letters > most {
        format!(
            "{letters} characters. Some programs cut links above {most}: better save it as a file."
        )
    } else {
        format!("{letters} characters.")
    }
}

/// Why there is no QR code.
#[must_use]
pub fn no_code(most: usize) -> String {
    format!("Above {most} characters the squares of a QR code are too small for most cameras.")
}
