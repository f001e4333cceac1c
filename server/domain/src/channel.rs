//! By which way somebody hears of something, and when.
//!
//! The inbox has everything, at once. What should be heard in time also leaves: by a WeChat one-time message where the
//! person has agreed to one, otherwise as a text message, otherwise a member of staff calls. Nothing leaves in the
//! quiet hours that can wait for the morning.

use serde::{Deserialize, Serialize};

use crate::time::{Instant, Span, TimeOfDay};
use crate::words::Words;

/// How long an urgent message may lie unread before staff call.
const UNREAD_FOR: Span = Span::hours(2);
/// What somebody needs to act on a message: what runs out sooner than this after the quiet hours does not wait for
/// their end.
const TIME_TO_ACT: Span = Span::hours(1);
/// The longest quiet hours somebody may wish, in minutes: whoever wishes for more is never told of anything.
pub const LONGEST_QUIET: u16 = 12 * 60;

const MINUTES_PER_DAY: u16 = 24 * 60;

/// How much hangs on being heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Urgency {
    /// Good to know: what somebody did themselves, an announcement.
    Ordinary,
    /// Of use only in time, though nothing is lost without it: a reminder, a change of next week.
    Timely,
    /// Something is lost if it is not heard: a held place, today's cancellation. Whoever does not read it is called.
    Urgent,
}

impl Urgency {
    /// Every urgency.
    pub const ALL: [Self; 3] = [Self::Ordinary, Self::Timely, Self::Urgent];
}

/// A way to be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Channel {
    /// The inbox.
    Inbox,
    /// A WeChat one-time message.
    Wechat,
    /// A text message.
    Sms,
    /// With others of the day in one message.
    Digest,
    /// Staff call.
    Call,
    /// Staff call if it is still unread by then.
    CallIfUnread,
}

/// What is to be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct News {
    /// How much hangs on it.
    pub urgency: Urgency,
    /// When it is too late to hear of it; none where nothing runs out.
    pub by: Option<Instant>,
}

/// How somebody wishes to be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wishes {
    /// Text messages for ordinary matters too.
    pub sms: bool,
    /// From this time of day nothing leaves that can wait.
    pub quiet_from: TimeOfDay,
    /// Until this one; the same as the beginning means no quiet hours at all.
    pub quiet_to: TimeOfDay,
    /// Ordinary matters of a day in one message.
    pub digest: bool,
    /// At this time of day.
    pub digest_at: TimeOfDay,
}

impl Default for Wishes {
    /// For whoever has said nothing: quiet from 21:30 to 7:30, no digest.
    fn default() -> Self {
        Self {
            sms: false,
            quiet_from: TimeOfDay(21 * 60 + 30),
            quiet_to: TimeOfDay(7 * 60 + 30),
            digest: false,
            digest_at: TimeOfDay(18 * 60),
        }
    }
}

impl Wishes {
    /// How long the quiet hours last, in minutes.
    pub const fn quiet_minutes(&self) -> u16 {
        (self.quiet_to.0 + MINUTES_PER_DAY - self.quiet_from.0 % MINUTES_PER_DAY) % MINUTES_PER_DAY
    }

    /// The end of the quiet hours in which an instant lies; none outside of them.
    pub fn quiet_until(&self, at: Instant) -> Option<Instant> {
        let (from, to) = (self.quiet_from.0 % MINUTES_PER_DAY, self.quiet_to.0 % MINUTES_PER_DAY);
        let time = at.time_of_day().0;
        let (before, after) = (time < to, time >= from);
        match from.cmp(&to) {
            std::cmp::Ordering::Less if before && after => Some(at.day().at(TimeOfDay(to))),
            std::cmp::Ordering::Greater if before => Some(at.day().at(TimeOfDay(to))),
            std::cmp::Ordering::Greater if after => Some(at.day().plus(1).at(TimeOfDay(to))),
            _ => None,
        }
    }

    /// The next digest after an instant.
    pub fn next_digest(&self, now: Instant) -> Instant {
        let today = now.day().at(TimeOfDay(self.digest_at.0 % MINUTES_PER_DAY));
        if today > now { today } else { today + Span::days(1) }
    }
}

/// By which ways somebody can be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reach {
    /// They have an account, and so an inbox.
    pub account: bool,
    /// There is a phone that receives text messages.
    pub phone: bool,
    /// WeChat knows them, and a consent to a message of this kind is kept.
    pub wechat: bool,
}

/// One way, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// By which way.
    pub channel: Channel,
    /// Not before.
    pub at: Instant,
}

/// When a message may leave that is ready now: at once, or at the end of the quiet hours, unless that is too late.
pub fn leaves(news: News, wishes: &Wishes, now: Instant) -> Instant {
    match wishes.quiet_until(now) {
        Some(morning) if !cannot_wait(news, now, morning) => morning,
        _ => now,
    }
}

/// Whether something is lost if it is told in the morning only.
fn cannot_wait(news: News, now: Instant, morning: Instant) -> bool {
    news.urgency > Urgency::Ordinary && news.by.is_some_and(|by| now < by && by < morning + TIME_TO_ACT)
}

/// By which ways somebody is told, and when.
///
/// - The inbox has everything at once.
/// - What is not ordinary leaves by WeChat, otherwise by text message. Ordinary matters leave by WeChat, by text
///   message where that is wished, or with the digest.
/// - Whoever has no inbox is texted, and called without a phone.
/// - Urgent matters never rely on the inbox alone: staff call whom nothing else reaches, and whoever has not read it
///   two hours later, or when half of the time is gone, whichever comes first.
pub fn plan(news: News, wishes: &Wishes, reach: Reach, now: Instant) -> Vec<Step> {
    let leave = leaves(news, wishes, now);
    let mut steps = Vec::with_capacity(3);
    let mut add = |channel, at| steps.push(Step { channel, at });
    if reach.account {
        add(Channel::Inbox, now);
    }
    let wechat = reach.account && reach.wechat;
    let mut called = false;
    match news.urgency {
        Urgency::Ordinary if reach.account && wishes.digest => add(Channel::Digest, wishes.next_digest(now)),
        _ if wechat => add(Channel::Wechat, leave),
        Urgency::Ordinary if reach.account && !wishes.sms => {}
        _ if reach.phone => add(Channel::Sms, leave),
        Urgency::Ordinary | Urgency::Timely if reach.account => {}
        _ => {
            add(Channel::Call, now);
            called = true;
        }
    }
    let late = news.by.is_some_and(|by| by <= leave);
    if news.urgency == Urgency::Urgent && reach.account && !called && !late {
        add(Channel::CallIfUnread, unread_since(news, wishes, leave));
    }
    steps
}

/// When somebody who has not read an urgent message is to be called.
fn unread_since(news: News, wishes: &Wishes, left: Instant) -> Instant {
    let half = news.by.map(|by| Span((by - left).0 / 2));
    let wait = half.map_or(UNREAD_FOR, |half| half.min(UNREAD_FOR));
    leaves(news, wishes, left + wait)
}

/// What to do when a WeChat message could not be sent after all; none where the inbox has to do.
pub fn after_wechat(urgency: Urgency, wishes: &Wishes, reach: Reach) -> Option<Channel> {
    match urgency {
        Urgency::Ordinary if !wishes.sms => None,
        _ if reach.phone => Some(Channel::Sms),
        other => after_sms(other, reach),
    }
}

/// What to do when a text message can never be delivered; none where the inbox has to do.
pub fn after_sms(urgency: Urgency, reach: Reach) -> Option<Channel> {
    let inbox_will_do = reach.account && urgency == Urgency::Ordinary;
    (!inbox_will_do).then_some(Channel::Call)
}

/// The kinds of one-time messages people agree to one by one. Few of them, since each consent is for one kind alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Template {
    /// A place is held and waits for a yes.
    HeldPlace,
    /// A booking comes near.
    Reminder,
    /// Whatever else happens to a booking.
    Booking,
    /// An announcement, or the digest.
    Notice,
}

impl Template {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::HeldPlace, Self::Reminder, Self::Booking, Self::Notice];

    /// The stable key, under which the configuration names WeChat's own template.
    pub const fn key(self) -> &'static str {
        match self {
            Self::HeldPlace => "held_place",
            Self::Reminder => "reminder",
            Self::Booking => "booking",
            Self::Notice => "notice",
        }
    }

    /// The kind of a key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|template| template.key() == key)
    }

    /// The kind that tells of a topic such as `order.held`.
    pub fn of_topic(topic: &str) -> Self {
        match topic {
            "order.held" | "order.displaced" => Self::HeldPlace,
            _ if topic.ends_with(".reminder") => Self::Reminder,
            _ if topic.starts_with("order.") => Self::Booking,
            _ => Self::Notice,
        }
    }

    /// What residents are asked for.
    pub fn words(self) -> Words {
        let (zh, en) = match self {
            Self::HeldPlace => ("有名额时通知我", "Tell me when a place is held for me"),
            Self::Reminder => ("预约前提醒我", "Remind me of a booking"),
            Self::Booking => ("预约有变化时通知我", "Tell me when a booking changes"),
            Self::Notice => ("社区通知", "Notices of the community"),
        };
        Words::new(zh, en)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> Instant {
        format!("2026-11-{text}:00+08:00").parse().unwrap()
    }

    fn clock(text: &str) -> TimeOfDay {
        text.parse().unwrap()
    }

    const EVERYTHING: Reach = Reach { account: true, phone: true, wechat: true };
    const PHONE: Reach = Reach { account: true, phone: true, wechat: false };

    fn told(news: News, wishes: Wishes, reach: Reach, now: &str) -> Vec<(Channel, Instant)> {
        plan(news, &wishes, reach, at(now)).into_iter().map(|step| (step.channel, step.at)).collect()
    }

    fn news(urgency: Urgency, by: Option<&str>) -> News {
        News { urgency, by: by.map(at) }
    }

    use Channel::{Call, CallIfUnread, Digest, Inbox, Sms, Wechat};
    use Urgency::{Ordinary, Timely, Urgent};

    #[test]
    fn urgent_matters_leave_by_wechat_or_else_by_text_and_are_called_about_when_unread() {
        let now = at("24T10:00");
        let held = news(Urgent, Some("24T12:00"));
        let wishes = Wishes::default();
        let call = (CallIfUnread, at("24T11:00"));
        assert_eq!(told(held, wishes, EVERYTHING, "24T10:00"), [(Inbox, now), (Wechat, now), call]);
        assert_eq!(told(held, wishes, PHONE, "24T10:00"), [(Inbox, now), (Sms, now), call]);
        let far = news(Urgent, Some("25T18:00"));
        assert_eq!(told(far, wishes, PHONE, "24T10:00")[2], (CallIfUnread, at("24T12:00")));
        assert_eq!(told(news(Urgent, None), wishes, PHONE, "24T10:00")[2], (CallIfUnread, at("24T12:00")));
        // What is over already is told, and nobody calls about it.
        assert_eq!(told(news(Urgent, Some("24T09:00")), wishes, PHONE, "24T10:00"), [(Inbox, now), (Sms, now)]);
    }

    #[test]
    fn whom_nothing_reaches_is_called() {
        let now = at("24T10:00");
        let inbox_only = Reach { account: true, ..Reach::default() };
        let wishes = Wishes::default();
        assert_eq!(told(news(Urgent, None), wishes, inbox_only, "24T10:00"), [(Inbox, now), (Call, now)]);
        assert_eq!(told(news(Timely, None), wishes, inbox_only, "24T10:00"), [(Inbox, now)]);
        for urgency in Urgency::ALL {
            assert_eq!(told(news(urgency, None), wishes, Reach::default(), "24T10:00"), [(Call, now)]);
            let phone = Reach { phone: true, ..Reach::default() };
            assert_eq!(told(news(urgency, None), wishes, phone, "24T10:00"), [(Sms, now)]);
        }
    }

    #[test]
    fn ordinary_matters_leave_as_somebody_wishes() {
        let now = at("24T10:00");
        let ordinary = news(Ordinary, None);
        let wishes = Wishes::default();
        assert_eq!(told(ordinary, wishes, PHONE, "24T10:00"), [(Inbox, now)]);
        assert_eq!(told(ordinary, wishes, EVERYTHING, "24T10:00"), [(Inbox, now), (Wechat, now)]);
        let sms = Wishes { sms: true, ..wishes };
        assert_eq!(told(ordinary, sms, PHONE, "24T10:00"), [(Inbox, now), (Sms, now)]);
        let digest = Wishes { digest: true, ..sms };
        assert_eq!(told(ordinary, digest, EVERYTHING, "24T10:00"), [(Inbox, now), (Digest, at("24T18:00"))]);
        assert_eq!(told(ordinary, digest, PHONE, "24T18:00")[1], (Digest, at("25T18:00")));
        assert_eq!(
            told(news(Timely, None), digest, PHONE, "24T10:00")[1],
            (Sms, now),
            "a reminder waits for no digest"
        );
    }

    #[test]
    fn nothing_leaves_at_night_that_can_wait() {
        let wishes = Wishes::default();
        let text = |urgency, by, now| told(news(urgency, by), wishes, PHONE, now)[1];
        let morning = at("25T07:30");
        assert_eq!(text(Urgent, Some("25T12:00"), "24T21:29").1, at("24T21:29"));
        assert_eq!(text(Urgent, Some("25T12:00"), "24T21:30").1, morning);
        assert_eq!(text(Urgent, Some("25T12:00"), "25T07:29").1, morning);
        assert_eq!(text(Urgent, Some("25T12:00"), "25T07:30").1, morning);
        // Begins early in the morning: it cannot wait.
        assert_eq!(text(Urgent, Some("25T08:00"), "24T23:00").1, at("24T23:00"));
        assert_eq!(text(Timely, Some("25T06:00"), "24T23:00").1, at("24T23:00"));
        // Is over already: it can.
        assert_eq!(text(Timely, Some("24T22:59"), "24T23:00").1, morning);
        // Sent in the evening, unread at night: staff read it in the morning.
        assert_eq!(told(news(Urgent, Some("25T12:00")), wishes, PHONE, "24T20:00")[2], (CallIfUnread, morning));
        let none = Wishes { quiet_to: clock("21:30"), ..wishes };
        assert_eq!(told(news(Timely, None), none, PHONE, "24T23:00")[1].1, at("24T23:00"));
        let noon = Wishes { quiet_from: clock("12:00"), quiet_to: clock("14:00"), ..wishes };
        assert_eq!(told(news(Timely, None), noon, PHONE, "24T12:30")[1].1, at("24T14:00"));
        assert_eq!((wishes.quiet_minutes(), none.quiet_minutes(), noon.quiet_minutes()), (600, 0, 120));
    }

    #[test]
    fn what_cannot_be_sent_goes_another_way() {
        let wishes = Wishes::default();
        assert_eq!(after_wechat(Urgent, &wishes, PHONE), Some(Sms));
        assert_eq!(after_wechat(Timely, &wishes, PHONE), Some(Sms));
        assert_eq!(after_wechat(Ordinary, &wishes, PHONE), None);
        assert_eq!(after_wechat(Ordinary, &Wishes { sms: true, ..wishes }, PHONE), Some(Sms));
        assert_eq!(after_wechat(Urgent, &wishes, Reach { account: true, ..Reach::default() }), Some(Call));
        assert_eq!(after_sms(Ordinary, PHONE), None);
        assert_eq!(after_sms(Ordinary, Reach { phone: true, ..Reach::default() }), Some(Call));
        assert_eq!(after_sms(Urgent, PHONE), Some(Call));
    }

    fn any_wishes() -> impl Strategy<Value = Wishes> {
        (any::<bool>(), 0..1440u16, 0..1440u16, any::<bool>(), 0..1440u16).prop_map(|(sms, from, to, digest, at)| {
            Wishes { sms, quiet_from: TimeOfDay(from), quiet_to: TimeOfDay(to), digest, digest_at: TimeOfDay(at) }
        })
    }

    fn any_news() -> impl Strategy<Value = News> {
        (0..3usize, proptest::option::of(-3_000..6_000i64)).prop_map(|(urgency, by)| News {
            urgency: Urgency::ALL[urgency],
            by: by.map(|minutes| at("24T00:00") + Span::minutes(minutes)),
        })
    }

    proptest! {
        #[test]
        fn the_plan_keeps_its_promises(
            news in any_news(), wishes in any_wishes(),
            (account, phone, wechat) in any::<(bool, bool, bool)>(), minutes in 0..2_880i64,
        ) {
            let now = at("24T00:00") + Span::minutes(minutes);
            let reach = Reach { account, phone, wechat };
            let steps = plan(news, &wishes, reach, now);
            let has = |channel| steps.iter().any(|step| step.channel == channel);
            prop_assert_eq!(has(Inbox), account);
            for step in &steps {
                prop_assert!(step.at >= now);
                if matches!(step.channel, Wechat | Sms | CallIfUnread)
                    && let Some(morning) = wishes.quiet_until(step.at)
                {
                    let must = news.urgency > Ordinary && news.by.is_some_and(|by| by < morning + TIME_TO_ACT);
                    prop_assert!(must, "{step:?} leaves in the quiet hours");
                }
                if step.channel == CallIfUnread && let Some(by) = news.by {
                    prop_assert!(step.at < by, "too late to call");
                }
            }
            if news.urgency == Urgent {
                prop_assert!(has(Wechat) || has(Sms) || has(Call), "the inbox alone");
            }
            prop_assert!(!steps.is_empty());
            prop_assert!(!(has(Wechat) && has(Sms)), "one message is enough");
            prop_assert!(!has(Wechat) || (account && wechat));
            prop_assert!(!has(Sms) || phone);
        }
    }
}
