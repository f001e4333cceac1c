//! What must hold of the source itself.

mod directions;
