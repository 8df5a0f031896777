//! Detects changes of source files.

use std::fs;
use std::path::Path;
use std::thread;
use std::time::{Duration, SystemTime};

use crate::project::Project;

/// The sources of the page.
const SOURCES: [&str; 7] = [
    "src",
    "crates",
    "static",
    "index.html",
    "Cargo.toml",
    "Cargo.lock",
    "Trunk.toml",
];
const LOOK: Duration = Duration::from_millis(500);

/// A snapshot of the sources: the number of files and the newest one.
#[derive(Clone, Copy, PartialEq)]
pub struct Sources {
    files: u64,
    youngest: SystemTime,
}

impl Sources {
    /// Checks the time of every source file, which takes a few milliseconds and needs no library.
    pub fn now(project: &Project) -> Self {
        let mut sources = Self {
            files: 0,
            youngest: SystemTime::UNIX_EPOCH,
        };
        for name in SOURCES {
            sources.add(&project.root.join(name));
        }
        sources
    }

    /// Whether a file is older than the newest source.
    pub fn are_younger_than(&self, file: &Path) -> bool {
        let modified = file.metadata().and_then(|metadata| metadata.modified());
        modified.is_ok_and(|time| time < self.youngest)
    }

    /// Waits until the sources differ from this snapshot and have been quiet for a moment.
    pub fn wait_for_change(self, project: &Project) -> Self {
        let mut last = self;
        loop {
            thread::sleep(LOOK);
            let now = Self::now(project);
            if now != self && now == last {
                return now;
            }
            last = now;
        }
    }

    fn add(&mut self, path: &Path) {
        let Ok(metadata) = path.metadata() else {
            return;
        };
        if metadata.is_dir() {
            for entry in fs::read_dir(path).into_iter().flatten().flatten() {
                self.add(&entry.path());
            }
        } else {
            self.files += 1;
            self.youngest = self
                .youngest
                .max(metadata.modified().unwrap_or(self.youngest));
        }
    }
}
