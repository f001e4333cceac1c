//! Where pictures and papers are kept: a folder of this machine, or a bucket of any service that speaks S3.
//!
//! A [`FileStore`] keeps bytes under a key and knows nothing of what they are; whoever calls it has sealed them. Writing
//! a key again replaces it, deleting one that is not there is done already.

pub mod picture;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use object_store::aws::{AmazonS3Builder, S3ConditionalPut};
use object_store::local::LocalFileSystem;
use object_store::memory::InMemory;
use object_store::path::Path as Key;
use object_store::{ClientOptions, ObjectStore, ObjectStoreExt, RetryConfig};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use crate::config::{ConfigError, filled};
use crate::http;

/// Tries after the first, when the service is busy or does not answer.
const RETRIES: usize = 2;

/// Keeps files.
#[async_trait]
pub trait FileStore: Send + Sync + fmt::Debug {
    /// Keeps bytes under a key, whole or not at all.
    async fn put(&self, key: &str, bytes: Vec<u8>) -> Result<(), FilesDown>;

    /// What is kept under a key; none where nothing is.
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, FilesDown>;

    /// Forgets what is kept under a key, if anything is.
    async fn delete(&self, key: &str) -> Result<(), FilesDown>;
}

/// The folder or the service cannot be written or read for the moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("files cannot be kept or read for the moment")]
pub struct FilesDown;

/// Where files are kept, section `[files]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FilesConfig {
    /// The folder, made on first use. Default `data/files`. Not used beside a bucket.
    pub folder: PathBuf,
    /// A bucket, which several machines share.
    pub s3: Option<S3Config>,
}

impl Default for FilesConfig {
    fn default() -> Self {
        Self { folder: "data/files".into(), s3: None }
    }
}

/// A bucket, section `[files.s3]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct S3Config {
    /// The service's address, without the bucket.
    pub endpoint: String,
    /// The region that is signed for. Default `us-east-1`, which most services other than Amazon's take.
    #[serde(default = "default_region")]
    pub region: String,
    /// The bucket. It must exist, and be closed to the public.
    pub bucket: String,
    /// What every key begins with, so that several installations may share a bucket. Default none.
    #[serde(default)]
    pub prefix: String,
    /// The access key's id.
    pub access_key_id: SecretString,
    /// The access key's secret. Give the key the right to read, write and delete in this bucket, and no other.
    pub secret_access_key: SecretString,
    /// Whether the bucket stands in the path of the address, not before its host. Default true.
    #[serde(default = "default_path_style")]
    pub path_style: bool,
    /// How long one call may take, in milliseconds, 100 to 60000. Default 10000.
    #[serde(default = "default_timeout_ms")]
    pub timeout_ms: u64,
}

fn default_region() -> String {
    "us-east-1".to_owned()
}

const fn default_path_style() -> bool {
    true
}

const fn default_timeout_ms() -> u64 {
    10_000
}

/// Files behind one of the two doors, or in memory.
pub struct Files {
    objects: Arc<dyn ObjectStore>,
    prefix: String,
}

impl fmt::Debug for Files {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The client's own description may carry more than the name of a bucket.
        f.write_str("Files")
    }
}

impl Files {
    /// Files as the settings say.
    ///
    /// # Errors
    /// When a setting cannot work; no service is asked to find out.
    pub fn new(config: &FilesConfig) -> Result<Self, ConfigError> {
        match &config.s3 {
            Some(s3) => Self::in_bucket(s3),
            None => Self::in_folder(&config.folder),
        }
    }

    /// Files in a folder, which is made if it is not there.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn in_folder(folder: &Path) -> Result<Self, ConfigError> {
        let problem = |error: String| ConfigError::new("files.folder", format!("{}: {error}", folder.display()));
        std::fs::create_dir_all(folder).map_err(|error| problem(error.to_string()))?;
        let local = LocalFileSystem::new_with_prefix(folder).map_err(|error| problem(error.to_string()))?;
        Ok(Self { objects: Arc::new(local), prefix: String::new() })
    }

    /// Files in a bucket.
    ///
    /// # Errors
    /// When a setting cannot work; nothing is sent to find out.
    pub fn in_bucket(config: &S3Config) -> Result<Self, ConfigError> {
        let endpoint = http::address("files.s3.endpoint", &config.endpoint)?;
        let timeout = http::timeout("files.s3.timeout_ms", config.timeout_ms)?;
        filled("files.s3.region", &config.region)?;
        filled("files.s3.bucket", &config.bucket)?;
        filled("files.s3.access_key_id", config.access_key_id.expose_secret())?;
        filled("files.s3.secret_access_key", config.secret_access_key.expose_secret())?;
        let plain = endpoint.scheme() == "http";
        let client = ClientOptions::new()
            .with_timeout(timeout)
            .with_connect_timeout(timeout.min(Duration::from_secs(3)))
            .with_allow_http(plain);
        let retry = RetryConfig { max_retries: RETRIES, retry_timeout: timeout, ..RetryConfig::default() };
        let bucket = AmazonS3Builder::new()
            .with_endpoint(endpoint.as_str().trim_end_matches('/'))
            .with_region(&config.region)
            .with_bucket_name(&config.bucket)
            .with_access_key_id(config.access_key_id.expose_secret())
            .with_secret_access_key(config.secret_access_key.expose_secret())
            .with_virtual_hosted_style_request(!config.path_style)
            .with_conditional_put(S3ConditionalPut::Disabled)
            .with_disable_tagging(true)
            .with_disable_bulk_delete(true)
            .with_client_options(client)
            .with_retry(retry)
            .build()
            .map_err(|error| ConfigError::new("files.s3", kind(&error)))?;
        Ok(Self { objects: Arc::new(bucket), prefix: config.prefix.clone() })
    }

    /// Files that are gone with the process.
    pub fn in_memory() -> Self {
        Self { objects: Arc::new(InMemory::new()), prefix: String::new() }
    }

    fn key(&self, key: &str) -> Key {
        Key::from(format!("{}{key}", self.prefix))
    }
}

#[async_trait]
impl FileStore for Files {
    async fn put(&self, key: &str, bytes: Vec<u8>) -> Result<(), FilesDown> {
        self.objects.put(&self.key(key), bytes.into()).await.map(drop).map_err(|error| down(&error))
    }

    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, FilesDown> {
        let found = match self.objects.get(&self.key(key)).await {
            Ok(found) => found,
            Err(object_store::Error::NotFound { .. }) => return Ok(None),
            Err(error) => return Err(down(&error)),
        };
        Ok(Some(found.bytes().await.map_err(|error| down(&error))?.to_vec()))
    }

    async fn delete(&self, key: &str) -> Result<(), FilesDown> {
        match self.objects.delete(&self.key(key)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(down(&error)),
        }
    }
}

/// Notes what sort of failure it was. What the service said stays out of the log: it may repeat the access key's id.
fn down(error: &object_store::Error) -> FilesDown {
    tracing::warn!(what = kind(error), "files cannot be kept or read");
    FilesDown
}

const fn kind(error: &object_store::Error) -> &'static str {
    use object_store::Error as E;
    match error {
        E::PermissionDenied { .. } => "the service does not allow it",
        E::Unauthenticated { .. } => "the service does not know the access key",
        E::NotFound { .. } => "the bucket or the file is not there",
        E::InvalidPath { .. } => "a key is not of its form",
        _ => "the folder or the service failed or did not answer",
    }
}
