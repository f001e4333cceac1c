//! What one listener hears next.

use std::time::Duration;

use futures::FutureExt;
use linli_domain::id::encode;
use linli_edge::Subscription;
use linli_store::market::live::{self as table, Look, Told};
use tokio::time::{Interval, MissedTickBehavior, interval};

use super::entry::{self, Listener};
use super::topic;
use crate::people::sessions;
use crate::{App, Result};

/// A hint may be lost: everybody looks by themselves so often.
const LOOK_EVERY: Duration = Duration::from_secs(3);
/// The end of a login is noticed at once by a hint, and at the latest after so long.
const CHECK_EVERY: Duration = Duration::from_secs(60);
/// What is read at once.
const PAGE: u32 = 100;

/// Something a listener hears.
#[derive(Debug, Clone, PartialEq)]
pub enum News {
    /// What comes next, in order and without a hole.
    Told(Vec<Told>),
    /// Something that was passed on and is not kept, as JSON.
    Passing(String),
    /// What comes next is not kept any more: read everything anew, and go on after this number.
    Reset(i64),
    /// The login has ended. Nothing more is heard.
    Ended,
}

/// One listener's place in what they are told.
#[derive(Debug)]
pub struct Feed {
    app: App,
    listener: Listener,
    /// The number up to which they have heard everything.
    heard: i64,
    hints: Subscription,
    logins: Subscription,
    looks: Interval,
    checks: Interval,
    /// Whether there may be something that was not read yet.
    more: bool,
    /// Whether the login may have ended.
    doubt: bool,
}

impl Feed {
    /// Listens from after a number on; without one, from now on.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn open(app: &App, listener: Listener, after: Option<i64>) -> Result<Self> {
        // First the ear, then the look: nothing falls between them.
        let hints = app.hub.subscribe(&topic(listener.person)).await;
        let logins = app.hub.subscribe(sessions::TOPIC).await;
        let heard = match after {
            Some(after) => after,
            None => app.lasts.ask(listener.person).await?,
        };
        let (looks, checks) = (every(LOOK_EVERY), every(CHECK_EVERY));
        Ok(Self { app: app.clone(), listener, heard, hints, logins, looks, checks, more: true, doubt: true })
    }

    /// The number up to which everything was heard.
    pub const fn heard(&self) -> i64 {
        self.heard
    }

    /// Goes on after another number.
    pub fn resume(&mut self, after: i64) {
        self.heard = after;
        self.more = true;
    }

    /// Waits for what comes next. Safe to drop while waiting. A database that is away is waited for.
    pub async fn next(&mut self) -> News {
        loop {
            // What was heard of is kept until it has been looked into: whoever waits may be dropped meanwhile.
            if self.doubt {
                if self.has_ended().await {
                    return News::Ended;
                }
                self.doubt = false;
            }
            if self.more {
                match self.look().await {
                    Ok(Some(news)) => return news,
                    Ok(None) => self.more = false,
                    Err(failure) => {
                        tracing::debug!(%failure, "a listener could not look");
                        self.more = false;
                    }
                }
            }
            tokio::select! {
                Some(hint) = self.hints.next() => {
                    if let Some(passing) = self.after_hints(hint) {
                        return News::Passing(passing);
                    }
                }
                _ = self.looks.tick() => self.more = true,
                Some(account) = self.logins.next() => self.doubt |= account == encode(self.listener.account.0),
                _ = self.checks.tick() => self.doubt = true,
            }
        }
    }

    /// A look answers all the hints that wait; what is passing is handed on.
    fn after_hints(&mut self, first: String) -> Option<String> {
        let mut hint = Some(first);
        while let Some(said) = hint {
            if !said.is_empty() {
                return Some(said);
            }
            self.more = true;
            hint = self.hints.next().now_or_never().flatten();
        }
        None
    }

    /// Looks at once, and does not wait.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn look(&mut self) -> Result<Option<News>> {
        if self.app.lasts.ask(self.listener.person).await? == self.heard {
            return Ok(None);
        }
        let look = table::look(self.app.store.reads(), self.listener.person, self.heard, PAGE).await?;
        let news = follows(self.heard, look);
        match &news {
            Some(News::Told(told)) => self.heard = told.last().map_or(self.heard, |last| last.number),
            Some(News::Reset(last)) => self.heard = *last,
            _ => {}
        }
        Ok(news)
    }

    /// When it cannot be found out now, it will be at the next check.
    async fn has_ended(&self) -> bool {
        matches!(entry::stands(&self.app, &self.listener).await, Ok(false))
    }
}

/// What somebody who has heard everything up to a number is to hear, by one look at what comes after it. Numbers have
/// no holes: where one is missing, it was forgotten; a number nobody was told yet is of another database.
fn follows(heard: i64, look: Look) -> Option<News> {
    if look.last == heard {
        return None;
    }
    let whole = look.told.iter().zip(heard.saturating_add(1)..).all(|(told, number)| told.number == number);
    Some(if look.told.is_empty() || !whole { News::Reset(look.last) } else { News::Told(look.told) })
}

fn every(period: Duration) -> Interval {
    let mut interval = interval(period);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    // The first tick is at once: there is nothing to look at yet.
    interval.reset();
    interval
}

#[cfg(test)]
mod tests {
    use super::*;
    use linli_domain::time::Instant;

    fn look(last: i64, numbers: impl IntoIterator<Item = i64>) -> Look {
        let told = |number| Told { number, at: Instant(0), event: "notice".into(), payload: serde_json::json!({}) };
        Look { last, told: numbers.into_iter().map(told).collect() }
    }

    #[test]
    fn nothing_is_passed_over_in_silence() {
        assert_eq!(follows(0, look(0, [])), None, "somebody who was never told anything");
        assert_eq!(follows(5, look(5, [])), None);
        assert!(matches!(follows(3, look(5, [4, 5])), Some(News::Told(told)) if told.len() == 2));
        assert!(matches!(follows(3, look(9, [4, 5])), Some(News::Told(told)) if told.len() == 2), "a page of more");
        assert_eq!(follows(2, look(5, [4, 5])), Some(News::Reset(5)), "3 is forgotten");
        assert_eq!(follows(2, look(6, [3, 5, 6])), Some(News::Reset(6)), "4 is forgotten");
        assert_eq!(follows(2, look(5, [])), Some(News::Reset(5)), "all are forgotten");
        assert_eq!(follows(9, look(5, [])), Some(News::Reset(5)), "9 was never told");
    }
}
