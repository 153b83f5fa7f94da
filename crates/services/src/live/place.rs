//! Places in a member's channel.

use std::fmt;
use std::str::FromStr;

/// How far a reader has heard, spelled `run:position`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Which life of the server.
    pub run: u64,
    /// The last event of the member's channel that was heard.
    pub position: u64,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}:{}", self.run, self.position)
    }
}

impl FromStr for Place {
    type Err = NoPlace;

    fn from_str(text: &str) -> Result<Self, NoPlace> {
        let (run, position) = text.split_once(':').ok_or(NoPlace)?;
        Ok(Self {
            run: u64::from_str_radix(run, 16).map_err(|_| NoPlace)?,
            position: position.parse().map_err(|_| NoPlace)?,
        })
    }
}

/// It is not spelled like a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoPlace;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_as_it_is_spelled() {
        let place = Place {
            run: 0xAB_CDEF,
            position: 7,
        };
        assert_eq!(place.to_string().parse(), Ok(place));
        for none in [
            "",
            ":",
            "x:1",
            "1:",
            "1:-1",
            "1:1:1",
            "ffffffffffffffffff:1",
        ] {
            assert_eq!(none.parse::<Place>(), Err(NoPlace), "{none}");
        }
    }
}
