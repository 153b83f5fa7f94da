//! How an act ended, told by itself.

use leptos::prelude::*;

use super::{Toasts, Tone};
use crate::error::{Answer, words};
use crate::reader::Reader;

/// Tells on a slip of paper how an act ended. Taken while drawing, used when the answer is there.
#[derive(Clone)]
pub struct Teller {
    reader: Reader,
    toasts: Toasts,
}

impl Teller {
    /// The teller of this page.
    pub fn here() -> Self {
        Self {
            reader: Reader::here(),
            toasts: expect_context(),
        }
    }

    /// Says `done`, or what went wrong; returns the answer's value.
    pub fn tell<T>(&self, answer: Answer<T>, done: &str) -> Option<T> {
        match answer {
            Ok(value) => {
                self.toasts.push(Tone::Good, done);
                Some(value)
            }
            Err(error) => {
                self.toasts.push(Tone::Bad, words(&self.reader, &error.0));
                None
            }
        }
    }
}
