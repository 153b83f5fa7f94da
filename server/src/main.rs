//! The binary `purser`.

use std::process::ExitCode;

use mimalloc::MiMalloc;

/// A call allocates thousands of small values, which the C library's allocator takes a third longer for
/// (`docs/PERFORMANCE.md`).
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    server::cli::main()
}
