//! Many at once: what is scarce is given out once, and in order.

mod books;
mod consents;
mod courses;
mod feedback;
mod line;
mod offers;
mod place;
mod shapes;
