//! The tests of Linli that need the whole house: see `main.rs`.
