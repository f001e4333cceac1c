//! Sealing what must be read again, hashing what must only be recognised.

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use hmac::{Hmac, Mac};
use linli_domain::context::Random;
use sha2::{Digest, Sha256};

/// Two independent keys derived from the one in the configuration.
#[derive(Clone)]
pub struct Keys {
    seal: [u8; 32],
    hash: [u8; 32],
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys(…)")
    }
}

/// The master key is too short, or a sealed text is not ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadSecret {
    /// Fewer than 32 bytes.
    #[error("the key needs at least 32 characters")]
    ShortKey,
    /// Not sealed with this key, for this purpose, or changed since.
    #[error("the sealed text cannot be opened with this key")]
    Sealed,
}

impl Keys {
    /// Derives the keys from a master key of at least 32 bytes of text.
    ///
    /// # Errors
    /// [`BadSecret::ShortKey`].
    pub fn from_master(master: &str) -> Result<Self, BadSecret> {
        if master.len() < 32 {
            return Err(BadSecret::ShortKey);
        }
        let derive = |purpose: &str| hmac(master.as_bytes(), &[purpose.as_bytes()]);
        Ok(Self { seal: derive("linli seal v1"), hash: derive("linli hash v1") })
    }

    /// Seals a text with AES-256-GCM under a fresh nonce. `purpose` must be the same when it is opened.
    pub fn seal(&self, purpose: &str, text: &str, random: &dyn Random) -> String {
        STANDARD_NO_PAD.encode(self.seal_bytes(purpose, text.as_bytes(), random))
    }

    /// Opens what [`Keys::seal`] made.
    ///
    /// # Errors
    /// [`BadSecret::Sealed`].
    pub fn open(&self, purpose: &str, sealed: &str) -> Result<String, BadSecret> {
        let bytes = STANDARD_NO_PAD.decode(sealed).map_err(|_| BadSecret::Sealed)?;
        String::from_utf8(self.open_bytes(purpose, &bytes)?).map_err(|_| BadSecret::Sealed)
    }

    /// As [`Keys::seal`], of bytes: the nonce, and what is sealed with it.
    pub fn seal_bytes(&self, purpose: &str, bytes: &[u8], random: &dyn Random) -> Vec<u8> {
        let mut nonce = [0; 12];
        random.fill(&mut nonce);
        let cipher = Aes256Gcm::new(&self.seal.into());
        let sealed = cipher
            .encrypt(&Nonce::from(nonce), Payload { msg: bytes, aad: purpose.as_bytes() })
            .expect("AES-GCM seals anything shorter than 64 GiB");
        [nonce.as_slice(), &sealed].concat()
    }

    /// Opens what [`Keys::seal_bytes`] made.
    ///
    /// # Errors
    /// [`BadSecret::Sealed`].
    pub fn open_bytes(&self, purpose: &str, sealed: &[u8]) -> Result<Vec<u8>, BadSecret> {
        let (nonce, body) = sealed.split_at_checked(12).ok_or(BadSecret::Sealed)?;
        let nonce: [u8; 12] = nonce.try_into().map_err(|_| BadSecret::Sealed)?;
        Aes256Gcm::new(&self.seal.into())
            .decrypt(&Nonce::from(nonce), Payload { msg: body, aad: purpose.as_bytes() })
            .map_err(|_| BadSecret::Sealed)
    }

    /// A keyed hash, to recognise a value again without keeping it. `purpose` keeps equal values of different
    /// columns apart.
    pub fn hash(&self, purpose: &str, value: &str) -> String {
        hex::encode(hmac(&self.hash, &[purpose.as_bytes(), b"\0", value.as_bytes()]))
    }
}

fn hmac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    use hmac::KeyInit as _;
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().into()
}

/// The hash of a login token. Tokens have 256 random bits, so a plain hash cannot be guessed back.
pub fn token_hash(token: &str) -> String {
    hex::encode(Sha256::digest(token.as_bytes()))
}

/// A fresh login token: 256 random bits as text.
pub fn new_token(random: &dyn Random) -> String {
    let mut bytes = [0; 32];
    random.fill(&mut bytes);
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use linli_domain::context::SeededRandom;

    #[test]
    fn sealed_texts_open_only_with_their_key_and_purpose() {
        let keys = Keys::from_master(&"a".repeat(32)).unwrap();
        let others = Keys::from_master(&"b".repeat(32)).unwrap();
        let random = SeededRandom::new(1);
        let sealed = keys.seal("identity", "11010519491231002X", &random);
        assert_ne!(sealed, keys.seal("identity", "11010519491231002X", &random), "a fresh nonce each time");
        assert_eq!(keys.open("identity", &sealed).unwrap(), "11010519491231002X");
        assert_eq!(keys.open("address", &sealed), Err(BadSecret::Sealed));
        assert_eq!(others.open("identity", &sealed), Err(BadSecret::Sealed));
        assert_eq!(keys.open("identity", "short"), Err(BadSecret::Sealed));
        assert_eq!(Keys::from_master("short").unwrap_err(), BadSecret::ShortKey);
    }

    #[test]
    fn hashes_differ_by_key_and_purpose() {
        let keys = Keys::from_master(&"a".repeat(32)).unwrap();
        assert_eq!(keys.hash("phone", "1"), keys.hash("phone", "1"));
        assert_ne!(keys.hash("phone", "1"), keys.hash("code", "1"));
        assert!(!format!("{keys:?}").contains("97"), "keys are not printed");
    }
}
