//! How two people who meet for an order may call each other.
//!
//! A relay (隐私号) lends them a number in between that lasts as long as they may call. Where there is none, each is shown
//! the number of the other.

use async_trait::async_trait;
use linli_domain::phone::Phone;
use linli_domain::time::Instant;

/// Somebody wants to call somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// Who calls; none where their own number is not known.
    pub from: Option<Phone>,
    /// Whom.
    pub to: Phone,
    /// Until when they may.
    pub until: Instant,
    /// Our own reference, the same for the same two people on the same order.
    pub reference: String,
}

/// What to dial.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number {
    /// The digits.
    pub digits: String,
    /// Whether it is one in between, which says nothing about whom it reaches.
    pub relayed: bool,
    /// Until when it reaches them.
    pub until: Instant,
}

/// No number could be lent. Trying again may help.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the relay lends no number: {0}")]
pub struct NoNumber(pub String);

/// Gives people numbers to call each other.
#[async_trait]
pub trait NumberRelay: Send + Sync {
    /// The number somebody dials. The same wish again is answered with the same number.
    ///
    /// # Errors
    /// [`NoNumber`].
    async fn number(&self, wish: &Wish) -> Result<Number, NoNumber>;
}

/// No relay: the number itself.
#[derive(Debug, Clone, Copy, Default)]
pub struct DirectNumbers;

#[async_trait]
impl NumberRelay for DirectNumbers {
    async fn number(&self, wish: &Wish) -> Result<Number, NoNumber> {
        Ok(Number { digits: wish.to.digits().to_owned(), relayed: false, until: wish.until })
    }
}
