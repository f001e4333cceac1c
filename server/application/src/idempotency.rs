//! Idempotency keys: the same request again is answered the same, and makes nothing new.

use linli_domain::id::{AccountId, OrderId};
use linli_domain::refusal::{Code, Refusal};
use linli_store::booking::keys::{IdempotencyKey, Made};
use serde::Serialize;

/// A request that must not happen twice.
#[derive(Debug, Clone)]
pub struct Once {
    /// The key, unique per account and operation.
    pub key: IdempotencyKey,
    /// A hash of the request, stable over versions and processes.
    pub fingerprint: i64,
}

impl Once {
    /// A request with the client's key.
    ///
    /// # Errors
    /// [`Code::KeyMissing`] unless the key has 1 to 64 letters, digits, dashes or underscores.
    pub fn new(
        account: AccountId,
        operation: &'static str,
        key: &str,
        request: &impl Serialize,
    ) -> Result<Self, Refusal> {
        let good = (1..=64).contains(&key.len())
            && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        if !good {
            return Err(Code::KeyMissing.into());
        }
        let key = IdempotencyKey { account, operation, key: key.to_owned() };
        Ok(Self { key, fingerprint: fingerprint(request) })
    }

    /// One of several things a request makes, each under a key of its own. The clients' keys have no slash.
    pub fn part(&self, part: impl std::fmt::Display) -> Self {
        let key = IdempotencyKey { key: format!("{}/{part}", self.key.key), ..self.key.clone() };
        Self { key, fingerprint: self.fingerprint }
    }

    /// What is remembered of the request when it has made or moved an order.
    pub fn makes(&self, order: OrderId) -> Made {
        Made { fingerprint: self.fingerprint, order }
    }

    /// Whether what the key made before came from this same request.
    ///
    /// # Errors
    /// [`Code::KeyReused`] when it came from another.
    pub fn is_repetition_of(&self, made: &Made) -> Result<(), Refusal> {
        if made.fingerprint == self.fingerprint { Ok(()) } else { Err(Code::KeyReused.into()) }
    }
}

/// FNV-1a over the request's JSON. It tells mistakes apart, not attacks: a key belongs to one account.
pub(crate) fn fingerprint(request: &impl Serialize) -> i64 {
    let text = serde_json::to_vec(request).expect("requests are plain data");
    let hash = text
        .iter()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3));
    i64::from_ne_bytes(hash.to_ne_bytes())
}
