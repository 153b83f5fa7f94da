//! Formulas: LaTeX to MathML, which every browser draws by itself.
//!
//! `math-core` translates. Its words are not trusted: [`mathml::rebuilt`] makes the markup anew from a fixed list
//! of elements, attributes and classes, and the sanitiser sees the result like everything else. What cannot be
//! translated stays what it is, source in code.

mod familiar;
mod mathml;
pub(super) mod signs;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::LazyLock;
use std::thread;

use math_core::{LatexToMathML, MathCoreConfig, MathDisplay};

#[cfg(test)]
pub(super) use mathml::CLASSES;
pub(super) use mathml::{ATTRIBUTES, TAGS, is_allowed};

/// Longest formula that is translated. Half a page of print.
const FORMULA_BYTES: usize = 8 * 1024;

/// How deep braces may nest in it.
const BRACES_MOST: usize = 64;

/// How many commands it may have. The translator goes a level deeper for braces and for commands.
const COMMANDS_MOST: usize = 800;

/// Up to this many levels the translation runs on the stack it was called on: a level takes up to 64 KB of it in an
/// unoptimised build, an eighth in the release, and there are two megabytes.
const LEVELS_HERE: usize = 10;

/// The stack of a thread for the others. Only what is used of it becomes memory.
const STACK_BYTES: usize = 80 * 1024 * 1024;

static TRANSLATOR: LazyLock<Option<LatexToMathML>> = LazyLock::new(|| {
    let macros = familiar::MACROS.map(|(name, meaning)| (name.to_owned(), meaning.to_owned()));
    let config = MathCoreConfig {
        macros: macros.to_vec(),
        // `\widetilde`, which browsers draw well enough.
        allow_unreliable_rendering: true,
        ..MathCoreConfig::default()
    };
    // A test translates with each of the macros.
    LatexToMathML::new(config).ok()
});

/// A formula as MathML, `None` where it is none that we can draw.
pub(super) fn formula(latex: &str, is_display: bool) -> Option<String> {
    if latex.len() > FORMULA_BYTES || latex.trim().is_empty() {
        return None;
    }
    let latex = familiar::rewritten(latex);
    let (braces, commands) = levels(&latex);
    if braces > BRACES_MOST || commands > COMMANDS_MOST {
        return None;
    }
    // The translator was not written for hostile input: it calls itself, and some of its states are "unreachable".
    let translated = if braces + commands <= LEVELS_HERE {
        catch_unwind(AssertUnwindSafe(|| translated(&latex, is_display))).ok()?
    } else {
        thread::scope(|scope| {
            let named = thread::Builder::new().name("formula".to_owned());
            let thread = named.stack_size(STACK_BYTES);
            let running = thread.spawn_scoped(scope, || translated(&latex, is_display));
            running.ok()?.join().ok()?
        })
    };
    mathml::rebuilt(&translated?, is_display)
}

fn translated(latex: &str, is_display: bool) -> Option<String> {
    let display = if is_display {
        MathDisplay::Block
    } else {
        MathDisplay::Inline
    };
    let result = TRANSLATOR
        .as_ref()?
        .convert_with_local_state(latex, display);
    result.ok().map(|result| result.mathml)
}

/// How deep braces nest, and how many commands there are.
fn levels(latex: &str) -> (usize, usize) {
    let (mut open, mut deepest, mut commands) = (0_usize, 0, 0);
    for byte in latex.bytes() {
        match byte {
            b'{' => {
                open += 1;
                deepest = deepest.max(open);
            }
            b'}' => open = open.saturating_sub(1),
            b'\\' => commands += 1,
            _ => {}
        }
    }
    (deepest, commands)
}
