//! Pictures and papers.

use linli_application::App;
use linli_application::files::{self, File};
use linli_domain::id::FileId;
use linli_domain::refusal::Code;
use poem::Body;
use poem_openapi::param::Path;
use poem_openapi::payload::{Binary, Json};
use poem_openapi::{ApiRequest, ApiResponse, Multipart, Object, OpenApi};

use crate::actor::Resident;
use crate::answer::Created;
use crate::dto::Id;
use crate::problem::Answer;
use crate::server::Tag;

/// The largest upload that is begun with: a picture, and what a form writes around it.
pub(crate) const LARGEST_UPLOAD: usize = files::MOST_BYTES + 16 * 1024;
/// How long a client may show a picture again without asking: those who may see it change seldom.
const KEPT: &str = "private, max-age=300";

/// Pictures and papers.
#[derive(Clone)]
pub struct FilesApi {
    /// The application.
    pub app: App,
}

/// A picture as part of a form, as mini-programs send it.
#[derive(Debug, Multipart)]
struct PictureForm {
    /// The picture.
    file: poem_openapi::types::Binary<Vec<u8>>,
}

/// A picture: JPEG, PNG or WebP. What it is follows from its content.
#[derive(ApiRequest)]
enum PictureIn {
    /// As part of a form, named `file`.
    Form(PictureForm),
    /// JPEG.
    #[oai(content_type = "image/jpeg")]
    Jpeg(Binary<Body>),
    /// PNG.
    #[oai(content_type = "image/png")]
    Png(Binary<Body>),
    /// WebP.
    #[oai(content_type = "image/webp")]
    Webp(Binary<Body>),
    /// One of them.
    #[oai(content_type = "application/octet-stream")]
    Bytes(Binary<Body>),
}

impl PictureIn {
    /// Its bytes, read only as far as they are allowed to go.
    async fn read(self) -> Answer<Vec<u8>> {
        match self {
            Self::Form(form) => Ok(form.file.0),
            Self::Jpeg(body) | Self::Png(body) | Self::Webp(body) | Self::Bytes(body) => {
                let bytes = body.0.into_bytes_limit(files::MOST_BYTES + SLACK).await.map_err(|_| files::too_large())?;
                if bytes.len() > files::MOST_BYTES { Err(files::too_large().into()) } else { Ok(bytes.to_vec()) }
            }
        }
    }
}

/// What is somewhat too large is read to its end all the same: whoever sends it hears why, not a broken connection.
pub(crate) const SLACK: usize = 4 * 1024 * 1024;

/// A picture that is kept.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(deny_unknown_fields)]
pub struct KeptPicture {
    /// Which: what other operations take as `file_id`.
    pub id: Id<FileId>,
    /// Where those who may see it get it, with their token.
    pub url: String,
    /// Its type: `image/jpeg`, whatever was sent.
    pub content_type: String,
    /// In pixels, at most 2048.
    pub width: u32,
    /// In pixels, at most 2048.
    pub height: u32,
    /// How large it is.
    pub bytes: u32,
}

/// Where a picture is got.
pub fn url(id: FileId) -> String {
    format!("/api/files/{id}")
}

impl From<File> for KeptPicture {
    fn from(file: File) -> Self {
        Self {
            id: Id(file.id),
            url: url(file.id),
            content_type: file.content_type,
            width: file.width,
            height: file.height,
            bytes: file.bytes,
        }
    }
}

/// A picture.
#[derive(ApiResponse)]
pub(crate) enum Shown {
    /// The picture.
    #[oai(status = 200, content_type = "image/jpeg")]
    Picture(
        Binary<Vec<u8>>,
        /// Not for caches between.
        #[oai(header = "Cache-Control")]
        String,
    ),
}

#[OpenApi(tag = "Tag::Work")]
impl FilesApi {
    /// Send a picture
    ///
    /// JPEG, PNG or WebP, at most 10 MiB and 40 million pixels. It becomes a JPEG of at most 2048 pixels a side without
    /// anything a phone wrote into it. Nobody else sees it until it is attached to an order or a provider's file; after a
    /// day without that it is gone.
    #[oai(path = "/files", method = "post", operation_id = "send_picture")]
    async fn send(&self, actor: Resident, picture: PictureIn) -> Answer<Created<KeptPicture>> {
        let file = self.app.keep_picture(&actor, picture.read().await?).await?;
        Ok(Created::Made(Json(file.into())))
    }

    /// Get a picture
    ///
    /// For its owner; of an order for those on it; of a paper for those who decide about it. To everybody else it is not
    /// there.
    #[oai(path = "/files/:id", method = "get", operation_id = "get_picture")]
    async fn get(&self, actor: Resident, id: Path<Id<FileId>>) -> Answer<Shown> {
        let (file, bytes) = self.app.picture(&actor, id.0.0).await?;
        if file.content_type != "image/jpeg" {
            return Err(Code::Internal.into());
        }
        Ok(Shown::Picture(Binary(bytes), KEPT.to_owned()))
    }
}
