//! Setting the house up.
