//! Finding by one character, a word, pinyin or initials, in Chinese and in English, typed in any mixture.
//!
//! A text is a row of *units*: a Chinese character, or a word of Latin letters and digits. A query is read along the
//! units of a text: a character by itself or by any of its readings, a word by itself, either by its initial alone,
//! and the last one by any beginning. So 健身房 is found by 健, 健身, jianshen, jian shen, jsf, JSF and 健shen.
//! Traditional characters are not turned into simplified ones.
//!
//! Where a query ends up is a [`Grade`]; within a grade the shorter title comes first, then the earlier document.

mod audience;
mod index;
mod near;
mod units;

pub use audience::Audience;
pub use index::{Document, Found, Grade, Index};
pub use near::Closeness;
pub use units::LONGEST;
