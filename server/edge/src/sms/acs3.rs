//! Alibaba Cloud's request signature, version 3 (ACS3-HMAC-SHA256).
//!
//! The signature covers the method, the path, the sorted query, the signed headers and a hash of the body, so that
//! none of them can be changed under way; date and nonce keep a request from being sent twice.

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

const ALGORITHM: &str = "ACS3-HMAC-SHA256";

/// A call of the kind whose parameters all travel in the query, with an empty body.
pub(super) struct Call<'a> {
    /// The `Host` header, with the port where it is not the scheme's own.
    pub(super) host: &'a str,
    pub(super) path: &'a str,
    pub(super) action: &'a str,
    pub(super) version: &'a str,
    /// `2023-10-26T10:22:32Z`; the service refuses what is off by more than fifteen minutes.
    pub(super) date: &'a str,
    /// Never used before.
    pub(super) nonce: &'a str,
    pub(super) params: &'a [(&'a str, &'a str)],
}

/// What to send for a [`Call`].
pub(super) struct Signed {
    /// The query exactly as it was signed.
    pub(super) query: String,
    /// Every header but `host`, which the client sets itself.
    pub(super) headers: Vec<(&'static str, String)>,
}

impl Call<'_> {
    /// Signs the call as a POST.
    pub(super) fn sign(&self, access_key_id: &str, access_key_secret: &str) -> Signed {
        let query = canonical_query(self.params);
        let body_hash = hex::encode(Sha256::digest(b""));
        // In the order of their names, as the signature wants them.
        let signed = [
            ("host", self.host),
            ("x-acs-action", self.action),
            ("x-acs-content-sha256", &body_hash),
            ("x-acs-date", self.date),
            ("x-acs-signature-nonce", self.nonce),
            ("x-acs-version", self.version),
        ];
        let lines: String = signed.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
        let names = signed.map(|(name, _)| name).join(";");
        let request = format!("POST\n{}\n{query}\n{lines}\n{names}\n{body_hash}", self.path);
        let to_sign = format!("{ALGORITHM}\n{}", hex::encode(Sha256::digest(request)));
        let mut mac =
            Hmac::<Sha256>::new_from_slice(access_key_secret.as_bytes()).expect("HMAC takes keys of any length");
        mac.update(to_sign.as_bytes());
        let signature = hex::encode(mac.finalize().into_bytes());
        let authorization =
            format!("{ALGORITHM} Credential={access_key_id},SignedHeaders={names},Signature={signature}");

        let mut headers = vec![("authorization", authorization)];
        headers.extend(signed.iter().skip(1).map(|(name, value)| (*name, (*value).to_owned())));
        Signed { query, headers }
    }
}

fn canonical_query(params: &[(&str, &str)]) -> String {
    let mut pairs: Vec<_> = params.iter().map(|(name, value)| (escape(name), escape(value))).collect();
    pairs.sort();
    pairs.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
}

/// Percent-encodes all but RFC 3986's unreserved characters.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => escaped.push(char::from(byte)),
            _ => escaped.push_str(&format!("%{byte:02X}")),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The worked example of the provider's own description of the signature.
    #[test]
    fn the_published_example_comes_out() {
        let call = Call {
            host: "ecs.cn-shanghai.aliyuncs.com",
            path: "/",
            action: "RunInstances",
            version: "2014-05-26",
            date: "2023-10-26T10:22:32Z",
            nonce: "3156853299f313e23d1673dc12e1703d",
            params: &[("RegionId", "cn-shanghai"), ("ImageId", "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd")],
        };
        let signed = call.sign("YourAccessKeyId", "YourAccessKeySecret");
        assert_eq!(
            signed.headers[0].1,
            "ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;x-acs-content-sha256;x-acs-date;\
             x-acs-signature-nonce;x-acs-version,Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
        );
    }

    #[test]
    fn names_and_values_are_escaped_then_sorted() {
        assert_eq!(
            canonical_query(&[("b", "您 好+*~/"), ("a", "{\"x\":1}")]),
            "a=%7B%22x%22%3A1%7D&b=%E6%82%A8%20%E5%A5%BD%2B%2A~%2F"
        );
    }
}
