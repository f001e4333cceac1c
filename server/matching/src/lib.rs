//! Who can be where in time, and who should go: travel on streets, assignment, and runs from door to door.
//!
//! Everything here is pure: bytes and numbers in, numbers out. Whoever calls reads the files.

pub mod assign;
pub mod demo;
pub mod runs;
pub mod streets;
