//! Output to a stream that its reader may close.

use std::io::{self, BufWriter, ErrorKind, Write};

use crate::Outcome;

/// A buffered stream. If its reader closes it (`faultline list | head`), the rest is dropped without
/// an error.
pub struct Output {
    to: BufWriter<Box<dyn Write>>,
    name: String,
    closed: bool,
}

impl Output {
    /// The program's own output.
    #[must_use]
    pub fn stdout() -> Self {
        Self::new(Box::new(io::stdout()), "standard output".into())
    }

    /// A file, or the program's output for `-`.
    pub fn file(name: &str) -> Outcome<Self> {
        if name == "-" {
            return Ok(Self::stdout());
        }
        let file = std::fs::File::create(name)
            .map_err(|error| format!("cannot write `{name}`: {error}"))?;
        Ok(Self::new(Box::new(file), format!("`{name}`")))
    }

    fn new(to: Box<dyn Write>, name: String) -> Self {
        Self {
            to: BufWriter::with_capacity(1 << 16, to),
            name,
            closed: false,
        }
    }

    /// Whether the reader has closed the stream.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.closed
    }

    pub fn text(&mut self, text: &str) -> Outcome {
        if self.closed {
            return Ok(());
        }
        let written = self.to.write_all(text.as_bytes());
        self.judge(written)
    }

    pub fn line(&mut self, text: &str) -> Outcome {
        self.text(text)?;
        self.text("\n")
    }

    /// Flushes the buffer. Dropping the stream flushes it too, but reports no error.
    pub fn finish(&mut self) -> Outcome {
        if self.closed {
            return Ok(());
        }
        let flushed = self.to.flush();
        self.judge(flushed)
    }

    fn judge(&mut self, written: io::Result<()>) -> Outcome {
        match written {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {
                self.closed = true;
                Ok(())
            }
            Err(error) => Err(format!("cannot write {}: {error}", self.name)),
        }
    }
}
