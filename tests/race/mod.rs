//! Many at once: what is scarce is given out once, and in order.

mod books;
mod courses;
mod line;
mod place;
