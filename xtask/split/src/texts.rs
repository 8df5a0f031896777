//! Essays: each protocol's `lesson.md` becomes `texts/<id>.md` next to the page, which loads it when a
//! person opens it. `cargo xtask serve` uses this too.

use std::fs;
use std::io;
use std::path::Path;

/// Copies the essays of all protocols of this checkout into a page's folder. A protocol's id is its
/// folder's name with dashes.
pub fn copy(root: &Path, page: &Path) -> io::Result<()> {
    let to = page.join("texts");
    fs::create_dir_all(&to)?;
    for protocol in fs::read_dir(root.join("crates/protocols/src"))? {
        let protocol = protocol?;
        let essay = protocol.path().join("lesson.md");
        if essay.exists() {
            let id = protocol.file_name().to_string_lossy().replace('_', "-");
            fs::write(to.join(format!("{id}.md")), fs::read(essay)?)?;
        }
    }
    Ok(())
}
