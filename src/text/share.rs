//! Words for sharing: links, files, QR codes, and opening them.

pub const DOOR: &str = "Share";
pub const TITLE: &str = "Share this run";
pub const CLOSE: &str = "Close share";
pub const LINK: &str = "Link";
pub const COPY: &str = "Copy";
pub const COPIED: &str = "Copied.";
pub const NOT_COPIED: &str =
    "This browser does not let the page copy. Select the text and copy it.";
pub const SAVE: &str = "Save as .run file";
pub const SAVED: &str = "Saved. The file opens this run at this instant.";
pub const OPTIONS: &str = "Link options";
pub const PAUSED: &str = "Opens paused";
pub const PROJECTOR: &str = "Opens in projector view";
pub const STUDENT: &str = "Opens for students (answers hidden)";
pub const STUDENT_ABOUT: &str = "Students do not see what a scenario is meant to show, or which rule a program \
    breaks by design. Links without this option, or with role=teacher, show everything.";
pub const CODE: &str = "QR code";
pub const CODE_NAME: &str = "QR code of this link";
pub const FRAME: &str = "Embed in a web page";
pub const FRAME_NAME: &str = "HTML code that embeds this run";
pub const OPEN_TITLE: &str = "Open a run or a log";
pub const OPEN_ABOUT: &str = "Paste a link, the text of a .run file, or the log of another system with vector \
    clocks (ShiViz format). Or choose a file, or drop one anywhere on the page.";
pub const PASTE: &str = "Link or text of a file";
pub const OPEN: &str = "Open";
pub const CHOOSE: &str = "Choose a file";
pub const TOO_LARGE: &str = "This file is too large. A saved run has at most 16 MB.";
pub const NOT_READ: &str = "This file could not be read. Is it still there?";
pub const IN_FAULTLINE: &str = "Open in Faultline";

/// How long a link is, and what that means.
#[must_use]
pub fn length(letters: usize, most: usize) -> String {
    if letters > most {
        format!(
            "{letters} characters. Some programs cut links longer than {most}: save it as a file."
        )
    } else {
        format!("{letters} characters.")
    }
}

/// Why there is no QR code.
#[must_use]
pub fn no_code(most: usize) -> String {
    format!("A QR code with more than {most} characters is too fine for most cameras.")
}
