//! What the standard output and the standard error can show.

use std::io::{self, ErrorKind, IsTerminal, Write};

use annotate_snippets::Renderer;
use annotate_snippets::renderer::DecorStyle;

use crate::arguments::When;

/// How to write to people.
#[derive(Clone, Debug)]
pub struct Terminal {
    /// Use colours on the standard error.
    pub color: bool,
    /// The standard error is a terminal: there may be progress, and lines of Unicode.
    pub interactive: bool,
    /// Columns of the standard error.
    pub width: usize,
}

/// Columns where there is no terminal.
const WIDTH: usize = 120;

impl Terminal {
    /// Looks at the environment.
    pub fn new(when: When) -> Self {
        let interactive = io::stderr().is_terminal();
        let wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        let color = match when {
            When::Auto => interactive && wanted,
            When::Always => true,
            When::Never => false,
        };
        let size = terminal_size::terminal_size_of(io::stderr()).map(|(width, _)| usize::from(width.0));
        Self { color, interactive, width: size.filter(|width| *width >= 40).unwrap_or(WIDTH) }
    }

    /// How snippets of sources are drawn.
    pub fn renderer(&self) -> Renderer {
        let renderer = if self.color { Renderer::styled() } else { Renderer::plain() };
        let style = if self.interactive { DecorStyle::Unicode } else { DecorStyle::Ascii };
        renderer.decor_style(style).term_width(self.width)
    }

    /// Shows what is being done, on a terminal only. The next line that is written replaces it.
    pub fn progress(&self, text: &str) {
        if self.interactive {
            let cut: String = text.chars().take(self.width.saturating_sub(1)).collect();
            note(&format!("\r\x1b[K{cut}"));
        }
    }

    /// Takes the last progress away.
    pub fn end_progress(&self) {
        if self.interactive {
            note("\r\x1b[K");
        }
    }
}

/// Writes to the standard output. Who reads it may stop reading: that is no error, and the end of the work.
pub fn print(bytes: &[u8]) {
    let mut out = io::stdout().lock();
    if let Err(error) = out.write_all(bytes).and_then(|()| out.flush()) {
        if error.kind() != ErrorKind::BrokenPipe {
            note(&format!(
                "error: the standard output cannot be written: {}\n",
                crate::failure::reason(&error)
            ));
            std::process::exit(2);
        }
        std::process::exit(0);
    }
}

/// Writes to the standard error. Nobody is left to be told where that fails.
pub fn note(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}
