//! What the standard output and the standard error can show.

use std::io::{self, BufWriter, ErrorKind, IsTerminal, Write};
use std::sync::{LazyLock, Mutex, PoisonError};

use annotate_snippets::Renderer;
use annotate_snippets::renderer::DecorStyle;
use terminal_size::{Height, Width, terminal_size_of};

use crate::arguments::When;
use crate::failure::reason;

/// How to write to people.
#[derive(Clone, Debug)]
pub struct Terminal {
    when: When,
    /// Use colours.
    pub color: bool,
    /// It is a terminal: there may be progress, and lines of Unicode.
    pub interactive: bool,
    /// Columns.
    pub width: usize,
}

/// Columns where there is no terminal.
const WIDTH: usize = 120;

impl Terminal {
    /// The standard error, where findings and progress go.
    pub fn new(when: When) -> Self {
        Self::of(when, io::stderr().is_terminal(), terminal_size_of(io::stderr()))
    }

    /// The standard output, for commands whose result is for people.
    pub fn on_stdout(&self) -> Self {
        Self::of(self.when, io::stdout().is_terminal(), terminal_size_of(io::stdout()))
    }

    /// Looks at the environment.
    fn of(when: When, interactive: bool, size: Option<(Width, Height)>) -> Self {
        let wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        let color = match when {
            When::Auto => interactive && wanted,
            When::Always => true,
            When::Never => false,
        };
        let size = size.map(|(width, _)| usize::from(width.0));
        Self { when, color, interactive, width: size.filter(|width| *width >= 40).unwrap_or(WIDTH) }
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

/// The standard output, gathered into blocks: a line at a time is slow where there are millions.
static OUT: LazyLock<Mutex<BufWriter<io::Stdout>>> =
    LazyLock::new(|| Mutex::new(BufWriter::with_capacity(1 << 16, io::stdout())));

/// On a terminal nothing waits.
static IS_TERMINAL: LazyLock<bool> = LazyLock::new(|| io::stdout().is_terminal());

/// Writes to the standard output.
pub fn print(bytes: &[u8]) {
    write_out(|out| {
        out.write_all(bytes)?;
        if *IS_TERMINAL { out.flush() } else { Ok(()) }
    });
}

/// Writes what is still gathered. To be called before the program ends.
pub fn flush() {
    write_out(Write::flush);
}

/// Who reads the standard output may stop reading: that is no error, and the end of the work.
fn write_out(write: impl FnOnce(&mut BufWriter<io::Stdout>) -> io::Result<()>) {
    let written = write(&mut OUT.lock().unwrap_or_else(PoisonError::into_inner));
    if let Err(error) = written {
        if error.kind() == ErrorKind::BrokenPipe {
            std::process::exit(0);
        }
        note(&format!("error: the standard output cannot be written: {}\n", reason(&error)));
        std::process::exit(2);
    }
}

/// Writes to the standard error. Nobody is left to be told where that fails.
pub fn note(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}
