//! Pages that are forms and need no WASM.
