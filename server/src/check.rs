//! `linli check`: what is wrong, and how to mend it.

use linli_domain::context::Clock;
use linli_domain::holiday::Holidays;
use linli_domain::time::{Day, Instant};
use linli_edge::{Files, Redis};
use linli_store::{Backend, Store, catalogue, sqlite_file};
use secrecy::ExposeSecret;

use crate::assemble::{SystemClock, options};
use crate::config::Config;
use crate::{platforms, print, safety};

/// The coming days whose holidays should be known: booking opens within them.
const DAYS_AHEAD: i32 = 60;

/// Prints a line for each thing looked at. Answers whether the service could run.
pub(crate) async fn run(config: &Config) -> bool {
    let mut report = Report::default();
    configuration(config, &mut report);
    platform_files(config, &mut report);
    database(config, &mut report).await;
    files(config, &mut report);
    redis(config, &mut report).await;
    print::line(if report.bad { "Something is wrong: see above." } else { "Ready to run." });
    !report.bad
}

#[derive(Default)]
struct Report {
    bad: bool,
}

impl Report {
    fn good(&mut self, what: &str, text: impl AsRef<str>) {
        self.say("good", what, text);
    }

    /// The service runs, but not as it should.
    fn note(&mut self, what: &str, text: impl AsRef<str>) {
        self.say("note", what, text);
    }

    fn bad(&mut self, what: &str, text: impl AsRef<str>) {
        self.bad = true;
        self.say("BAD ", what, text);
    }

    fn say(&self, verdict: &str, what: &str, text: impl AsRef<str>) {
        let mut lines = text.as_ref().lines();
        print::line(format!("{verdict}  {what:<14} {}", lines.next().unwrap_or_default()));
        for line in lines {
            print::line(format!("{:21}{line}", ""));
        }
    }
}

fn configuration(config: &Config, report: &mut Report) {
    let mut problems = safety::problems(config);
    problems.extend(safety::listening(config, true).err());
    if problems.is_empty() {
        report.good("configuration", format!("mode {:?}, listens on {}", config.mode, config.server.listen));
    }
    for problem in problems {
        report.bad("configuration", problem.to_string());
    }
    if !config.server.web.join("index.html").is_file() {
        let web = config.server.web.display();
        report.note("web page", format!("`server.web`: there is no {web}/index.html. Build it: make web"));
    }
}

fn platform_files(config: &Config, report: &mut Report) {
    match platforms::load(config.platforms.as_deref()) {
        Ok(platforms) => {
            let kinds = platforms.kinds().count();
            report.good("platforms", format!("{} platforms, {kinds} kinds of service", platforms.platforms.len()));
        }
        Err(error) => report.bad("platforms", format!("{error:#}")),
    }
}

async fn database(config: &Config, report: &mut Report) {
    let file = sqlite_file(config.database.url.expose_secret());
    if let Some(file) = file.filter(|file| !file.exists()) {
        return report.note("database", format!("there is no {} yet; `linli serve` makes it", file.display()));
    }
    let store = match Store::connect(&options(config)).await {
        Ok(store) => store,
        Err(error) => {
            let mend = "Does it run, may this machine reach it, are user and password right (`database.url`)?";
            return report.bad("database", format!("{error}\n{mend}"));
        }
    };
    let kind = if store.backend() == Backend::Postgres { "PostgreSQL" } else { "SQLite" };
    match store.pending_migrations().await {
        Ok(0) => report.good("database", format!("{kind} answers and is up to date")),
        Ok(missing) => return report.bad("database", format!("{missing} migrations are missing. Run `linli migrate`")),
        Err(error) => return report.bad("database", format!("{error}")),
    }
    if store.backend() == Backend::Postgres && config.redis.is_none() {
        report.note("redis", "not configured: several processes then do not wake each other and count limits apart");
    }
    holidays(&store, SystemClock.now(), report).await;
}

async fn holidays(store: &Store, now: Instant, report: &mut Report) {
    let (from, to) = (now.day(), Day(now.day().0 + DAYS_AHEAD));
    match catalogue::read(store.reads(), from).await {
        Ok(contents) if contents.areas.is_empty() => {
            report.bad("district", "the database is empty. Run `linli seed`");
        }
        Ok(contents) => {
            let holidays: Holidays = contents.holidays.into_iter().collect();
            let unknown: Vec<i32> = (from.year()..=to.year()).filter(|year| !holidays.knows(*year)).collect();
            match unknown.first() {
                None => report.good("holidays", format!("known until {to}")),
                Some(year) => report.note(
                    "holidays",
                    format!(
                        "those of {year} are not known, and days of {year} lie within {DAYS_AHEAD} days. Pages say so.\n\
                         When the State Council has announced them, import the list: docs/operations.md"
                    ),
                ),
            }
        }
        Err(error) => report.bad("holidays", error.to_string()),
    }
}

fn files(config: &Config, report: &mut Report) {
    match Files::new(&config.files) {
        Err(error) => report.bad("files", error.to_string()),
        Ok(_) if config.files.s3.is_some() => report.good("files", "kept in a bucket"),
        Ok(_) => {
            report.good("files", format!("kept in {}", config.files.folder.display()));
            if sqlite_file(config.database.url.expose_secret()).is_none() {
                report.note("files", "other machines do not see this folder: several need `[files.s3]`");
            }
        }
    }
}

async fn redis(config: &Config, report: &mut Report) {
    let Some(redis) = &config.redis else { return };
    match Redis::new(redis) {
        Err(error) => report.bad("redis", error.to_string()),
        Ok(redis) => match redis.ping().await {
            Ok(()) => report.good("redis", "answers"),
            Err(error) => report.bad("redis", format!("{error}. Does it run, and is `redis.url` right?")),
        },
    }
}
