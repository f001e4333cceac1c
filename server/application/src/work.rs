//! The work of jobs: one function by kind, and the ticks of the clock. Handlers may run twice.

use linli_domain::claim::PoolKey;
use linli_domain::id::{
    AnnouncementId, ContractId, CourseId, FileId, MatterId, OfferId, OfferingId, OrderId, SessionId, WorkerId,
};
use linli_domain::order::{Event, State};
use linli_domain::time::{Day, Instant};
use serde::Deserialize;
use serde_json::Value;

use crate::channels::deliver;
use crate::orders::{sweep, tell};
use crate::{
    App, Failure, Result, announcements, care_file, channels, contracts, courses, dispatch, feedback, files, hazards,
    live, sessions, workers,
};

/// What happens by the clock: the name of the tick, which is the kind of its job, and a cron expression with seconds
/// in the district's time zone.
pub const TICKS: &[(&str, &str)] = &[
    ("orders.sweep", "0 * * * * *"),
    ("keys.forget", "0 17 * * * *"),
    ("digests.send", "30 * * * * *"),
    ("sessions.close", "45 */5 * * * *"),
    ("contracts.expire", "0 3 0 * * *"),
    ("visits.climb", "20 * * * * *"),
    ("workers.wake", "15 * * * * *"),
    ("workers.active", "5 */15 * * * *"),
    ("workers.papers", "0 4 0 * * *"),
    ("files.sweep", "20 7 * * * *"),
    ("live.forget", "15 27 * * * *"),
    ("matters.go_on", "15 */5 * * * *"),
    ("repairs.ask", "0 10 9-18 * * *"),
    ("visits.sweep", "20,50 * * * * *"),
    ("visits.batch", "*/10 * * * * *"),
    ("visits.watch", "10 * * * * *"),
    ("care_files.due", "0 5 8 * * *"),
];

#[derive(Deserialize)]
struct OfOrder {
    order: OrderId,
    #[serde(default)]
    version: i32,
    #[serde(default)]
    urgent: bool,
    #[serde(default)]
    start: Option<Instant>,
}

#[derive(Deserialize)]
struct OfOffer {
    offer: OfferId,
}

#[derive(Deserialize)]
struct OfClosure {
    offering: OfferingId,
    day: Day,
}

#[derive(Deserialize)]
struct OfSession {
    session: SessionId,
    reason: String,
}

#[derive(Deserialize)]
struct OfCourse {
    course: CourseId,
    visit: u32,
    #[serde(default)]
    what: String,
}

#[derive(Deserialize)]
struct OfContract {
    contract: ContractId,
    version: i32,
    #[serde(default)]
    what: String,
}

#[derive(Deserialize)]
struct OfWorker {
    worker: WorkerId,
}

#[derive(Deserialize)]
struct OfFile {
    file: FileId,
}

#[derive(Deserialize)]
struct OfMatter {
    matter: MatterId,
    version: i32,
}

#[derive(Deserialize)]
struct OfRating {
    order: OrderId,
    what: String,
}

#[derive(Deserialize)]
struct OfPool {
    pool: String,
}

#[derive(Deserialize)]
struct OfAnnouncement {
    announcement: AnnouncementId,
}

/// Does the work of one job.
///
/// # Errors
/// Any fault; the job is then tried again. An unknown kind or a payload that cannot be read is a fault.
pub async fn run(app: &App, kind: &str, payload: &Value) -> Result<()> {
    match kind {
        "order.tell" => {
            let job: OfOrder = read(payload)?;
            tell::tell(app, job.order, job.version, job.urgent).await
        }
        "order.remind" => {
            let job: OfOrder = read(payload)?;
            tell::remind(app, job.order, job.start.unwrap_or_default()).await
        }
        "order.release" => {
            let job: OfOrder = read(payload)?;
            tell::release(app, job.order, job.start.unwrap_or_default()).await
        }
        "visit.look" => {
            let job: OfOrder = read(payload)?;
            dispatch::look::look(app, job.order).await
        }
        "offer.push" => {
            let job: OfOffer = read(payload)?;
            dispatch::offer::push(app, job.offer).await
        }
        "offer.expire" => {
            let job: OfOffer = read(payload)?;
            dispatch::offer::expire(app, job.offer).await
        }
        "visit.told" => dispatch::tell::tell(app, read(payload)?).await,
        "worker.away" => {
            let job: OfWorker = read(payload)?;
            dispatch::away::hand_back(app, job.worker).await
        }
        "visits.sweep" => dispatch::look::sweep(app).await,
        "visits.batch" => dispatch::look::batch(app).await.map(drop),
        "visits.watch" => dispatch::way::watch::watch(app).await,
        "order.expire" => {
            let job: OfOrder = read(payload)?;
            app.step_by_system(job.order, &[State::Held], Event::Expire).await.map(drop)
        }
        "order.lapse" => {
            let job: OfOrder = read(payload)?;
            app.step_by_system(job.order, &[State::Fulfilled], Event::Lapse).await.map(drop)
        }
        "sms.send" => deliver::by_sms(app, &read(payload)?).await,
        "wechat.send" => deliver::by_wechat(app, &read(payload)?).await,
        "notice.unread" => deliver::if_unread(app, &read(payload)?).await,
        "digests.send" => channels::send_digests(app).await,
        "announcement.send" => {
            let job: OfAnnouncement = read(payload)?;
            announcements::send(app, job.announcement).await
        }
        "announcement.recall" => {
            let job: OfAnnouncement = read(payload)?;
            announcements::recall(app, job.announcement).await
        }
        "closure.finish" => {
            let job: OfClosure = read(payload)?;
            app.look_after(job.offering, job.day).await.map(drop)
        }
        "line.hand_on" => {
            let job: OfPool = read(payload)?;
            sweep::hand_on(app, &PoolKey(job.pool)).await.map(drop)
        }
        "session.follow" => sessions::follow::follow(app, read(payload)?).await,
        "session.cancelled" => {
            let job: OfSession = read(payload)?;
            sessions::follow::cancel_orders(app, job.session, &job.reason).await
        }
        "sessions.close" => sessions::close::close(app).await.map(drop),
        "course.tell" => {
            let job: OfCourse = read(payload)?;
            courses::tell(app, job.course, job.visit).await
        }
        "course.remind" => {
            let job: OfCourse = read(payload)?;
            courses::remind(app, job.course, job.visit, &job.what).await
        }
        "contract.tell" => {
            let job: OfContract = read(payload)?;
            contracts::tell(app, job.contract, job.version).await
        }
        "contract.remind" => {
            let job: OfContract = read(payload)?;
            contracts::remind(app, job.contract, job.version, &job.what).await
        }
        "contracts.expire" => contracts::expire(app).await.map(drop),
        "worker.tell" => workers::tell::tell(app, &read(payload)?).await,
        "workers.active" => workers::pace::look(app).await.map(drop),
        "workers.wake" => workers::duty::wake(app).await.map(drop),
        "workers.papers" => workers::papers::look(app).await.map(drop),
        "files.sweep" => files::sweep(app).await.map(drop),
        "file.delete" => {
            let job: OfFile = read(payload)?;
            files::delete(app, job.file).await
        }
        "live.forget" => live::forget(app).await.map(drop),
        "matter.tell" => {
            let job: OfMatter = read(payload)?;
            feedback::tell_matter(app, job.matter, job.version).await
        }
        "rating.tell" => {
            let job: OfRating = read(payload)?;
            feedback::tell_rating(app, job.order, &job.what).await
        }
        "matters.go_on" => feedback::go_on(app).await,
        "repairs.ask" => feedback::ask_due(app).await,
        "orders.sweep" => sweep::sweep(app).await.map(drop),
        "visits.climb" => hazards::climb(app).await.map(drop),
        "care_files.due" => care_file::due(app).await.map(drop),
        "keys.forget" => sweep::forget_keys(app).await.map(drop),
        unknown => Err(Failure::Fault(format!("no handler for jobs of kind {unknown}"))),
    }
}

fn read<T: serde::de::DeserializeOwned>(payload: &Value) -> Result<T> {
    T::deserialize(payload).map_err(|error| Failure::Fault(format!("a job's payload cannot be read: {error}")))
}
