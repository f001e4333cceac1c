//! What WeChat pushes to us: proof of origin, and the sealed messages of its secure mode.
//!
//! A message is AES-256-CBC over `16 random bytes ‖ length, 4 bytes big-endian ‖ message ‖ app id`, filled up to a
//! multiple of 32 (not 16) as PKCS#7 does; the initial vector is the start of the key. The signature is SHA-1 over the
//! sorted parts, which is WeChat's choice.

use std::fmt;

use aes::Aes256;
use base64::Engine;
use base64::alphabet::STANDARD as ALPHABET;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use base64::prelude::BASE64_STANDARD;
use cbc::cipher::block_padding::NoPadding;
use cbc::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyIvInit};
use linli_domain::context::Random;
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use sha1::{Digest, Sha1};
use subtle::ConstantTimeEq;

use super::config::PushConfig;
use crate::config::ConfigError;

/// Filling goes up to a multiple of this.
const BLOCK: usize = 32;
/// Random bytes and length before the message.
const HEAD: usize = 20;

/// The 43 letters hold 258 bits, so the last two are left over and need not be zero.
const KEY_BASE64: GeneralPurpose = GeneralPurpose::new(
    &ALPHABET,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::RequireNone),
);

/// Checks, opens and seals pushes.
pub struct PushCrypto {
    token: SecretString,
    key: [u8; 32],
    app_id: String,
}

impl fmt::Debug for PushCrypto {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PushCrypto").field("app_id", &self.app_id).finish_non_exhaustive()
    }
}

/// Why a push is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PushError {
    /// It was not signed with our token.
    #[error("the signature is wrong")]
    Signature,
    /// It cannot be opened with our key, or what is inside is not of its form.
    #[error("the message cannot be opened")]
    Sealed,
    /// It was made for another mini-program.
    #[error("the message is for another mini-program")]
    ForeignApp,
}

/// A sealed message with WeChat's names, ready to be written as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct SealedPush {
    /// The sealed message, base64.
    pub encrypt: String,
    /// The signature over it.
    pub msg_signature: String,
    /// The instant in seconds, as it went into the signature.
    pub time_stamp: String,
    /// The nonce, as it went into the signature.
    pub nonce: String,
}

impl PushCrypto {
    /// Takes the settings of the message push for this mini-program.
    ///
    /// # Errors
    /// When the key is not 43 letters and digits, or the token is empty.
    pub fn new(config: &PushConfig, app_id: &str) -> Result<Self, ConfigError> {
        crate::config::filled("wechat.push.token", config.token.expose_secret())?;
        let bad_key =
            || ConfigError::new("wechat.push.encoding_aes_key", "must be the 43 letters and digits of the console");
        let decoded = KEY_BASE64.decode(config.encoding_aes_key.expose_secret()).map_err(|_| bad_key())?;
        let key = decoded.try_into().map_err(|_| bad_key())?;
        Ok(Self { token: config.token.clone(), key, app_id: app_id.to_owned() })
    }

    /// Whether a GET or a plain POST came from WeChat. A GET that did is answered with its `echostr`.
    pub fn is_from_wechat(&self, signature: &str, timestamp: &str, nonce: &str) -> bool {
        self.matches(signature, &[timestamp, nonce])
    }

    /// Checks and opens a sealed message: the parameters `msg_signature`, `timestamp` and `nonce` of the address, and
    /// the body's `Encrypt`. WeChat repeats a push that is not answered with `success` within five seconds, so the
    /// caller sorts out repetitions by the message's own id.
    ///
    /// # Errors
    /// See [`PushError`]; all of them mean: do not believe it.
    pub fn open(&self, msg_signature: &str, timestamp: &str, nonce: &str, encrypt: &str) -> Result<String, PushError> {
        if !self.matches(msg_signature, &[timestamp, nonce, encrypt]) {
            return Err(PushError::Signature);
        }
        self.decrypt(encrypt)
    }

    /// Seals an answer.
    pub fn seal(&self, message: &str, timestamp: &str, nonce: &str, random: &dyn Random) -> SealedPush {
        let mut plain = vec![0; 16];
        random.fill(&mut plain);
        let length = u32::try_from(message.len()).expect("an answer to a push is far below 4 GiB");
        plain.extend_from_slice(&length.to_be_bytes());
        plain.extend_from_slice(message.as_bytes());
        plain.extend_from_slice(self.app_id.as_bytes());
        let filling = BLOCK - plain.len() % BLOCK;
        plain.resize(plain.len() + filling, u8::try_from(filling).expect("at most 32"));

        let sealed = cbc::Encryptor::<Aes256>::new(&self.key.into(), &self.initial_vector().into())
            .encrypt_padded_vec::<NoPadding>(&plain);
        let encrypt = BASE64_STANDARD.encode(sealed);
        let msg_signature = self.signature(&[timestamp, nonce, &encrypt]);
        SealedPush { encrypt, msg_signature, time_stamp: timestamp.to_owned(), nonce: nonce.to_owned() }
    }

    fn decrypt(&self, encrypt: &str) -> Result<String, PushError> {
        let sealed = BASE64_STANDARD.decode(encrypt).map_err(|_| PushError::Sealed)?;
        let plain = cbc::Decryptor::<Aes256>::new(&self.key.into(), &self.initial_vector().into())
            .decrypt_padded_vec::<NoPadding>(&sealed)
            .map_err(|_| PushError::Sealed)?;
        let (message, app_id) = unwrap(&plain).ok_or(PushError::Sealed)?;
        if app_id != self.app_id.as_bytes() {
            return Err(PushError::ForeignApp);
        }
        String::from_utf8(message.to_vec()).map_err(|_| PushError::Sealed)
    }

    fn initial_vector(&self) -> [u8; 16] {
        let mut iv = [0; 16];
        iv.copy_from_slice(&self.key[..16]);
        iv
    }

    fn matches(&self, signature: &str, parts: &[&str]) -> bool {
        self.signature(parts).as_bytes().ct_eq(signature.as_bytes()).into()
    }

    fn signature(&self, parts: &[&str]) -> String {
        let mut all = vec![self.token.expose_secret()];
        all.extend_from_slice(parts);
        all.sort_unstable();
        hex::encode(Sha1::digest(all.concat()))
    }
}

/// Takes filling and head away: the message and the app id.
fn unwrap(plain: &[u8]) -> Option<(&[u8], &[u8])> {
    let filling = usize::from(*plain.last()?);
    if !(1..=BLOCK).contains(&filling) {
        return None;
    }
    let (content, rest) = plain.split_at_checked(plain.len().checked_sub(filling)?)?;
    if rest.iter().any(|byte| usize::from(*byte) != filling) {
        return None;
    }
    let (head, body) = content.split_at_checked(HEAD)?;
    let length = u32::from_be_bytes(head[16..].try_into().ok()?);
    body.split_at_checked(usize::try_from(length).ok()?)
}

#[cfg(test)]
mod tests {
    use linli_domain::context::SeededRandom;

    use super::*;

    const REPLY: &str = "ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ==";

    fn crypto(token: &str, key: &str, app_id: &str) -> Result<PushCrypto, ConfigError> {
        PushCrypto::new(&PushConfig { token: token.into(), encoding_aes_key: key.into() }, app_id)
    }

    fn wechats_own() -> PushCrypto {
        crypto("AAAAA", &"A".repeat(43), "wxba5fad812f8e6fb9").unwrap()
    }

    #[test]
    fn the_published_check_and_reply_come_out() {
        let crypto = wechats_own();
        let good = "f464b24fc39322e44b38aa78f5edd27bd1441696";
        assert!(crypto.is_from_wechat(good, "1714036504", "1514711492"));
        assert!(!crypto.is_from_wechat(good, "1714036505", "1514711492"));
        assert!(!crypto.is_from_wechat("", "1714036504", "1514711492"));

        let signature = crypto.signature(&["1", "2", REPLY]);
        assert_eq!(crypto.open(&signature, "1", "2", REPLY).unwrap(), r#"{"demo_resp":"good luck"}"#);
    }

    #[test]
    fn what_is_sealed_opens_whatever_its_length() {
        let crypto = crypto("token", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEF9", "wx0123456789abcdef").unwrap();
        let random = SeededRandom::new(1);
        for length in 0..=70 {
            let message = "邻".repeat(length);
            let sealed = crypto.seal(&message, "1714036504", "77", &random);
            assert_eq!(BASE64_STANDARD.decode(&sealed.encrypt).unwrap().len() % 32, 0);
            assert_eq!(crypto.open(&sealed.msg_signature, "1714036504", "77", &sealed.encrypt), Ok(message));
        }
    }

    #[test]
    fn nothing_else_opens() {
        let (ours, other) = (wechats_own(), crypto("AAAAA", &"A".repeat(43), "wx0000000000000000").unwrap());
        let sealed = other.seal("{}", "1", "2", &SeededRandom::new(1));
        assert_eq!(ours.open(&sealed.msg_signature, "1", "2", &sealed.encrypt), Err(PushError::ForeignApp));
        assert_eq!(other.open(&sealed.msg_signature, "1", "3", &sealed.encrypt), Err(PushError::Signature));
        assert_eq!(other.open(&"0".repeat(40), "1", "2", &sealed.encrypt), Err(PushError::Signature));
        for broken in ["", "AAAA", "not base64", &BASE64_STANDARD.encode([7; 48]), &REPLY[..44]] {
            let signature = ours.signature(&["1", "2", broken]);
            assert_eq!(ours.open(&signature, "1", "2", broken), Err(PushError::Sealed), "{broken}");
        }
    }

    #[test]
    fn the_key_is_43_letters() {
        for bad in ["", &"A".repeat(42), &"A".repeat(44), &"-".repeat(43)] {
            assert!(crypto("t", bad, "wx").is_err(), "{bad}");
        }
        assert!(crypto("", &"A".repeat(43), "wx").is_err());
    }
}
