//! Open311 GeoReport v2 (<https://wiki.open311.org/GeoReport_v2>): shared reports for other programs, in XML and JSON.
//!
//! The standard has its own paths, forms and errors, so these routes stand beside the interface of our own. What they
//! mean for our service is written in `docs/open311.md`.

mod asked;
mod node;

use std::sync::Arc;

use linli_application::hazards::open311::{self as reports, Filing};
use linli_application::hazards::{Report, emergency};
use linli_application::people::sessions;
use linli_application::{App, Failure};
use linli_domain::id::OrderId;
use linli_domain::platform::{Kind, Platform};
use linli_domain::refusal::Refusal;
use linli_domain::role::Actor;
use linli_domain::words::Words;
use poem::endpoint::make;
use poem::http::{StatusCode, header};
use poem::web::Form;
use poem::{Endpoint, EndpointExt, FromRequest, IntoResponse, Request, RequestBody, Response, Route, get};

use self::asked::Asked;
use self::node::{Format, Node};
use crate::calendars::Reached;
use crate::dto::hazards::picture_of;
use crate::problem::Refused;
use crate::request;

/// Where the standard is written down.
const STANDARD: &str = "http://wiki.open311.org/GeoReport_v2";
/// When what is served here last changed in form.
const CHANGED: &str = "2026-11-23T00:00:00+08:00";

/// "No", as the standard has it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct No {
    code: u16,
    description: String,
}

impl No {
    fn bad(description: impl Into<String>) -> Self {
        Self { code: 400, description: description.into() }
    }

    fn unknown(description: impl Into<String>) -> Self {
        Self { code: 404, description: description.into() }
    }

    fn key() -> Self {
        let words = Words::new("缺少有效的 api_key 或登录凭证", "api_key or token missing or invalid");
        Self { code: 403, description: said(&words) }
    }

    fn answer(&self, format: Format) -> Response {
        let status = StatusCode::from_u16(self.code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let one = Node::Fields(vec![
            ("code", Node::Whole(self.code.into())),
            ("description", Node::text(self.description.clone())),
        ]);
        Node::List("error", vec![one]).answer("errors", format, status)
    }
}

impl From<Refusal> for No {
    fn from(refusal: Refusal) -> Self {
        Refused(refusal).into()
    }
}

impl From<Failure> for No {
    fn from(failure: Failure) -> Self {
        Refused::from(failure).into()
    }
}

impl From<Refused> for No {
    fn from(refused: Refused) -> Self {
        let language = request::language();
        let description = match refused.0.field {
            Some(field) => format!("{field}: {}", refused.0.detail(language)),
            None => refused.0.detail(language),
        };
        let code = refused.into_response().status().as_u16();
        // Without a known key nothing may be filed: the standard calls that 403.
        Self { code: if code == 401 { 403 } else { code }, description }
    }
}

fn said(words: &Words) -> String {
    words.in_language(request::language()).to_owned()
}

/// A good answer: what all of it is called, what it is, and its status.
type Good = (&'static str, Node, StatusCode);

/// All routes, below `/open311/v2`.
pub(crate) fn routes(app: &App) -> impl Endpoint + use<> {
    let mut route = Route::new();
    for form in ["xml", "json"] {
        route = route
            .at(format!("/discovery.{form}"), get(on(app, discovery)))
            .at(format!("/services.{form}"), get(on(app, services)))
            .at(format!("/requests.{form}"), get(on(app, list)).post(on(app, file)));
    }
    route
        .at("/services/:one", get(on(app, service)))
        .at("/requests/:one", get(on(app, one)))
        .at("/tokens/:one", get(on(app, token)))
        .around(in_form)
}

/// An operation as an endpoint.
fn on<F, A>(app: &App, operation: F) -> impl Endpoint + use<F, A>
where
    F: Fn(App, Call) -> A + Send + Sync + Clone + 'static,
    A: Future<Output = Result<Good, No>> + Send + 'static,
{
    let app = app.clone();
    make(move |request: Request| {
        let (app, operation) = (app.clone(), operation.clone());
        async move {
            let (request, mut body) = request.split();
            let format = Format::of(request.uri().path());
            let answer = async {
                let call = Call::read(&app, &request, &mut body).await?;
                operation(app, call).await
            };
            Ok::<_, poem::Error>(match answer.await {
                Ok((root, node, status)) => node.answer(root, format, status),
                Err(no) => no.answer(format),
            })
        }
    })
}

/// What the framework refuses is refused in the standard's form too.
async fn in_form<E: Endpoint>(endpoint: Arc<E>, request: Request) -> poem::Result<Response> {
    let format = Format::of(request.uri().path());
    match endpoint.call(request).await {
        Ok(response) => Ok(response.into_response()),
        Err(error) => {
            let status = error.status();
            let description = status.canonical_reason().unwrap_or("error").to_owned();
            Ok(No { code: status.as_u16(), description }.answer(format))
        }
    }
}

/// A request, read.
struct Call {
    asked: Asked,
    /// What the path ends with, without the name of the format.
    one: String,
    /// How we were reached.
    reached: String,
    /// The token of a resident.
    token: Option<String>,
}

impl Call {
    async fn read(app: &App, request: &Request, body: &mut RequestBody) -> Result<Self, No> {
        let unreadable = |_| No::bad("the parameters cannot be read");
        let mut asked = match request.uri().query() {
            Some(_) => request.params::<Vec<(String, String)>>().map_err(|_| No::bad("the query cannot be read"))?,
            None => Vec::new(),
        };
        if request.method() == poem::http::Method::POST {
            let Form(sent) = Form::<Vec<(String, String)>>::from_request(request, body).await.map_err(unreadable)?;
            asked.extend(sent);
        }
        let asked = Asked(asked);
        let district = app.catalogue().await?.district()?.code.clone();
        if asked.get("jurisdiction_id").is_some_and(|id| id != district.as_str()) {
            return Err(No::unknown(format!("jurisdiction_id is {district} here, or left out")));
        }
        let one = request.raw_path_param("one").unwrap_or_default();
        let token = request.header(header::AUTHORIZATION).and_then(|value| value.strip_prefix("Bearer "));
        Ok(Self {
            asked,
            one: one.strip_suffix(".json").or(one.strip_suffix(".xml")).unwrap_or(one).to_owned(),
            reached: Reached::from_request(request, body).await.map_err(unreadable)?.0,
            token: token.map(str::to_owned),
        })
    }

    /// Who files: a program by its key, or a resident by their token.
    async fn actor(&self, app: &App) -> Result<Arc<Actor>, No> {
        if let Some(token) = &self.token {
            return sessions::authenticate(app, token).await.map_err(|_| No::key());
        }
        let key = self.asked.get("api_key").ok_or_else(No::key)?;
        match app.open311_actor(key).await {
            Ok(actor) => Ok(Arc::new(actor)),
            Err(failure) if failure.is_fault() => Err(failure.into()),
            Err(_) => Err(No::key()),
        }
    }
}

async fn discovery(app: App, call: Call) -> Result<Good, No> {
    let name = app.catalogue().await?.district()?.name.clone();
    let formats = ["text/xml", "application/json"].map(Node::text);
    let endpoint = Node::Fields(vec![
        ("specification", Node::text(STANDARD)),
        ("url", Node::text(format!("{}/open311/v2", call.reached))),
        ("changeset", Node::text(CHANGED)),
        ("type", Node::text("production")),
        ("formats", Node::List("format", formats.into())),
    ]);
    let contact = format!("{} {}", said(&name), app.settings.help_phone);
    let all = Node::Fields(vec![
        ("changeset", Node::text(CHANGED)),
        ("contact", Node::text(contact.clone())),
        ("key_service", Node::text(contact)),
        ("endpoints", Node::List("endpoint", vec![endpoint])),
    ]);
    Ok(("discovery", all, StatusCode::OK))
}

async fn services(app: App, _: Call) -> Result<Good, No> {
    let one = |(platform, kind): (&Platform, &Kind)| {
        Node::Fields(vec![
            ("service_code", Node::text(kind.key.as_str())),
            ("service_name", Node::text(said(&kind.name))),
            ("description", Node::text(said(&kind.summary))),
            ("metadata", Node::Flag(attributes(kind).next().is_some())),
            ("type", Node::text("realtime")),
            ("keywords", Node::text(format!("{},{}", kind.name.zh, kind.name.en))),
            ("group", Node::text(said(&platform.name))),
        ])
    };
    Ok(("services", Node::List("service", app.open311_services().map(one).collect()), StatusCode::OK))
}

/// What a form asks besides the description, which the standard has a field of its own for.
fn attributes(kind: &Kind) -> impl Iterator<Item = &linli_domain::platform::FormField> {
    kind.form.iter().skip(1)
}

async fn service(app: App, call: Call) -> Result<Good, No> {
    let (_, kind) = app.open311_service(&call.one).map_err(|_| No::unknown("there is no such service_code"))?;
    let one = |(order, field): (i64, &linli_domain::platform::FormField)| {
        Node::Fields(vec![
            ("variable", Node::Flag(true)),
            ("code", Node::text(field.key.clone())),
            ("datatype", Node::text("string")),
            ("required", Node::Flag(field.required)),
            ("datatype_description", Node::text(said(&field.example))),
            ("order", Node::Whole(order)),
            ("description", Node::text(said(&field.label))),
        ])
    };
    let all = Node::Fields(vec![
        ("service_code", Node::text(kind.key.as_str())),
        ("attributes", Node::List("attribute", (1..).zip(attributes(kind)).map(one).collect())),
    ]);
    Ok(("service_definition", all, StatusCode::OK))
}

async fn list(app: App, call: Call) -> Result<Good, No> {
    let found = app.open311_requests(call.asked.filter(app.now())?).await?;
    shown(&app, &call, found).await
}

async fn one(app: App, call: Call) -> Result<Good, No> {
    let found = by_id(&app, &call).await?;
    shown(&app, &call, vec![found]).await
}

async fn token(app: App, call: Call) -> Result<Good, No> {
    // A request has its id at once, so its id is its token.
    let found = by_id(&app, &call).await?;
    let one = Node::Fields(vec![
        ("service_request_id", Node::text(found.order.to_string())),
        ("token", Node::text(found.order.to_string())),
    ]);
    Ok(("service_requests", Node::List("request", vec![one]), StatusCode::OK))
}

async fn by_id(app: &App, call: &Call) -> Result<Report, No> {
    let unknown = || No::unknown("there is no such service_request_id");
    let order: OrderId = call.one.parse().map_err(|_| unknown())?;
    let ids = Asked(vec![("service_request_id".to_owned(), order.to_string())]);
    app.open311_requests(ids.filter(app.now())?).await?.pop().ok_or_else(unknown)
}

async fn shown(app: &App, call: &Call, found: Vec<Report>) -> Result<Good, No> {
    let catalogue = app.catalogue().await?;
    let one = |report: Report| {
        let agency = catalogue.organisations.get(&report.organisation).map(|one| said(&one.name)).unwrap_or_default();
        let media = report.picture.map(|_| format!("{}{}", call.reached, picture_of(report.order)));
        Node::Fields(vec![
            ("service_request_id", Node::text(report.order.to_string())),
            ("status", Node::text(reports::Status::of(report.state).key())),
            ("status_notes", Node::text(said(&report.state.words()))),
            ("service_name", Node::text(said(&report.kind_name))),
            ("service_code", Node::text(report.kind.as_str())),
            ("description", Node::text(report.what)),
            ("agency_responsible", Node::text(agency)),
            ("service_notice", Node::nothing()),
            ("requested_datetime", Node::text(report.since.to_string())),
            ("updated_datetime", Node::text(report.changed_at.to_string())),
            ("expected_datetime", Node::text(report.expected.to_string())),
            ("address", Node::text(report.address)),
            ("address_id", Node::nothing()),
            ("zipcode", Node::nothing()),
            ("lat", Node::Number(report.point.latitude)),
            ("long", Node::Number(report.point.longitude)),
            ("media_url", Node::text(media.unwrap_or_default())),
        ])
    };
    Ok(("service_requests", Node::List("request", found.into_iter().map(one).collect()), StatusCode::OK))
}

async fn file(app: App, call: Call) -> Result<Good, No> {
    let actor = call.actor(&app).await?;
    let code = call.asked.get("service_code").ok_or_else(|| No::bad("service_code is missing"))?;
    app.open311_service(code).map_err(|_| No::unknown("there is no such service_code"))?;
    let point = call.asked.degrees("lat")?.zip(call.asked.degrees("long")?);
    let point = point.ok_or_else(|| No::bad("lat and long are missing, in degrees (WGS-84)"))?;
    let text = |name: &str| call.asked.get(name).unwrap_or_default().to_owned();
    // A resident is known by their account; a program says for whom it files.
    let said: &[&str] = match call.token {
        Some(_) => &["media_url"],
        None => &["first_name", "last_name", "phone", "email", "media_url"],
    };
    let contact: Vec<&str> = said.iter().filter_map(|name| call.asked.get(name)).collect();
    let filing = Filing {
        point,
        address: text("address_string"),
        description: text("description"),
        attributes: call.asked.attributes().map(|(code, value)| (code.to_owned(), value.to_owned())).collect(),
        contact: contact.join(" "),
    };
    let order = app.open311_file(&actor, code, filing).await?;
    let alarm = emergency(&text("description"));
    let numbers = alarm.iter().flat_map(|alarm| &alarm.numbers).map(|one| one.number.as_str());
    let first =
        alarm.as_ref().map(|alarm| format!("{} ({})", self::said(alarm.words), numbers.collect::<Vec<_>>().join(", ")));
    let one = Node::Fields(vec![
        ("service_request_id", Node::text(order.to_string())),
        ("service_notice", Node::text(first.unwrap_or_default())),
        ("account_id", Node::nothing()),
    ]);
    Ok(("service_requests", Node::List("request", vec![one]), StatusCode::CREATED))
}
