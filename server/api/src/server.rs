//! Everything served over HTTP, put together.

use std::sync::Arc;

use linli_application::App;
use poem::endpoint::{BoxEndpoint, make, make_sync};
use poem::http::{HeaderValue, Method, header};
use poem::middleware::CatchPanic;
use poem::web::Html;
use poem::{Endpoint, EndpointExt, IntoResponse, Request, Response, Route, get};
use poem_openapi::{OpenApi, OpenApiService, Tags};
use tokio_util::sync::CancellationToken;

use crate::announcements::AnnouncementsApi;
use crate::attendance::AttendanceApi;
use crate::calendars::CalendarsApi;
use crate::cards::CardsApi;
use crate::care_file::{CareFileApi, DeskCareFileApi};
use crate::catalogue::{CatalogueApi, HolidaysApi};
use crate::channels::ChannelsApi;
use crate::contracts::ContractsApi;
use crate::courses::CoursesApi;
use crate::desk::DeskApi;
use crate::desk_feedback::DeskFeedbackApi;
use crate::desk_sessions::DeskSessionsApi;
use crate::feedback::FeedbackApi;
use crate::files::FilesApi;
use crate::finding::{FavouritesApi, SearchApi};
use crate::hazards::HazardsApi;
use crate::health::{Health, Probe};
use crate::inbox::InboxApi;
use crate::ledger::LedgerApi;
use crate::live::{LiveApi, Stop};
use crate::login::LoginApi;
use crate::manage::{ExportApi, ManageApi};
use crate::me::MeApi;
use crate::orders::OrdersApi;
use crate::overview::OverviewApi;
use crate::public::PublicApi;
use crate::request::Proxies;
use crate::rooms::RoomsApi;
use crate::sessions::SessionsApi;
use crate::staff::{DeskPeopleApi, RolesApi};
use crate::streets::StreetsApi;
use crate::visits::{AddressesApi, DeskVisitsApi, VisitsApi};
use crate::web::{self, Pages};
use crate::work::WorkApi;
use crate::work_way::{HelpApi, WayApi};
use crate::workers::{DeskWorkersApi, WorkersApi};
use crate::{catch, document, observe, open311};

/// What is to be served besides the API itself.
#[derive(Clone, Default)]
pub struct Options {
    /// The built web page, served at `/`; none serves no page.
    pub web: Option<Pages>,
    /// How many proxies in front write `X-Forwarded-For` truthfully; 0 believes nobody.
    pub proxies: usize,
    /// Asks Redis for a sign of life; none where there is no Redis.
    pub redis: Option<Probe>,
    /// Cancelled when the process is about to stop: whoever listens is sent elsewhere.
    pub stop: CancellationToken,
}

/// The chapters of the API.
#[derive(Tags)]
pub(crate) enum Tag {
    /// The service and the areas of the district.
    Service,
    /// What is on offer, and what is left of it.
    Catalogue,
    /// Logging in.
    Login,
    /// Oneself and one's household.
    Me,
    /// Booking, and what follows.
    Orders,
    /// Doses and visits that belong together, and contracts with a doctor.
    Courses,
    /// Somebody comes: asking for it, and what follows.
    Visits,
    /// The work of those who come.
    Work,
    /// How it went: ratings, complaints and praise, and what is done about them.
    Feedback,
    /// Messages.
    Inbox,
    /// What is heard while it happens.
    Live,
    /// What visits were paid.
    Ledger,
    /// The desk: for staff of organisations and areas.
    Desk,
    /// Administration: for street offices and the district.
    Staff,
    /// Running an organisation: for its managers, and for staff of the areas it answers to.
    Manage,
}

/// All operations. Each module adds its struct here.
fn apis(app: &App) -> impl OpenApi + Clone + 'static {
    let residents = (
        PublicApi { app: app.clone() },
        CatalogueApi { app: app.clone() },
        SearchApi { app: app.clone() },
        LoginApi { app: app.clone() },
        MeApi { app: app.clone() },
        OrdersApi { app: app.clone() },
        RoomsApi { app: app.clone() },
        CoursesApi { app: app.clone() },
        ContractsApi { app: app.clone() },
        InboxApi { app: app.clone() },
        ChannelsApi { app: app.clone() },
        FavouritesApi { app: app.clone() },
        CalendarsApi { app: app.clone() },
        SessionsApi { app: app.clone() },
        HazardsApi { app: app.clone() },
    );
    let staff = (
        DeskApi { app: app.clone() },
        DeskPeopleApi { app: app.clone() },
        AttendanceApi { app: app.clone() },
        OverviewApi { app: app.clone() },
        AnnouncementsApi { app: app.clone() },
        ManageApi { app: app.clone() },
        ExportApi { app: app.clone() },
        RolesApi { app: app.clone() },
        HolidaysApi { app: app.clone() },
        DeskSessionsApi { app: app.clone() },
    );
    let visits = (
        VisitsApi { app: app.clone() },
        AddressesApi { app: app.clone() },
        StreetsApi { app: app.clone() },
        WorkApi { app: app.clone() },
        DeskVisitsApi { app: app.clone() },
        WayApi { app: app.clone() },
        HelpApi { app: app.clone() },
    );
    let workers = (WorkersApi { app: app.clone() }, DeskWorkersApi { app: app.clone() }, FilesApi { app: app.clone() });
    let live = (LiveApi { app: app.clone() }, LedgerApi { app: app.clone() });
    let feedback = (FeedbackApi { app: app.clone() }, DeskFeedbackApi { app: app.clone() });
    let care = (CareFileApi { app: app.clone() }, DeskCareFileApi { app: app.clone() }, CardsApi { app: app.clone() });
    (residents, staff, visits, workers, live, feedback, care)
}

fn service(app: &App) -> OpenApiService<impl OpenApi + 'static, ()> {
    OpenApiService::new(apis(app), "Linli 邻里", env!("CARGO_PKG_VERSION"))
        .description(document::DESCRIPTION)
        .server("/api")
}

/// The OpenAPI file as served at `/openapi.json`.
pub fn openapi(app: &App) -> String {
    document::finish(&service(app).spec())
}

/// Everything: `/api`, `/openapi.json`, `/docs`, `/healthz`, `/readyz`, `/metrics`, and the web page at `/`.
pub fn routes(app: App, options: Options) -> BoxEndpoint<'static, Response> {
    let metrics = observe::metrics();
    let service = service(&app);
    let specification = document::finish(&service.spec());
    let docs = service.swagger_ui_html().replace(&service.spec(), &specification);
    let docs_policy = web::documentation(&docs);
    let health = Health::new(app.clone(), options.redis);
    let allowed = Arc::new(document::methods(&specification));
    let json = specification;

    let mut routes = Route::new()
        .nest("/api", service)
        .nest("/open311/v2", open311::routes(&app))
        .at("/openapi.json", get(make_sync(move |_| json.clone().with_content_type("application/json"))))
        .at("/docs", get(make_sync(move |_| documentation(&docs, &docs_policy))))
        .at("/healthz", get(make_sync(|_| "alive")))
        .at("/readyz", get(make(move |_| ready(health.clone()))))
        .at(
            "/metrics",
            get(make_sync(move |_| {
                metrics
                    .as_ref()
                    .map(|handle| {
                        handle.run_upkeep();
                        handle.render()
                    })
                    .unwrap_or_default()
            })),
        );
    if let Some(pages) = options.web {
        routes = routes.nest("/", pages);
    }
    let observed = app.clone();
    routes
        .data(app)
        .data(Proxies(options.proxies))
        .data(Stop(options.stop))
        .with(CatchPanic::new().with_handler(catch::panic))
        .around(observe::limit_body)
        .around(move |endpoint, request| observe::secure(endpoint, request, allowed.clone()))
        .around(wished_method)
        .around(observe::compress)
        .around(move |endpoint, request| observe::request(observed.clone(), endpoint, request))
        .boxed()
}

/// WeChat's requests cannot be PATCH: such a client sends POST and names the method it means.
async fn wished_method<E: Endpoint>(endpoint: Arc<E>, mut request: Request) -> poem::Result<E::Output> {
    let means_patch = request.header("x-http-method-override").is_some_and(|method| method == "PATCH");
    if means_patch && request.method() == Method::POST {
        request.set_method(Method::PATCH);
    }
    endpoint.call(request).await
}

async fn ready(health: Health) -> poem::Result<Response> {
    Ok(health.ready().await)
}

/// The page that shows the API. It carries its scripts inside, and the policy keeps it from loading anything foreign.
fn documentation(html: &str, policy: &HeaderValue) -> Response {
    let mut response = Html(html.to_owned()).into_response();
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy.clone());
    response
}
