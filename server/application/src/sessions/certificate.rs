//! Certificates of attendance: to print, and for others to check by their number.

use std::collections::BTreeSet;

use futures::FutureExt;
use linli_domain::id::{MeetingId, OrderId};
use linli_domain::order::State;
use linli_domain::refusal::{Code, Refusal};
use linli_domain::role::Actor;
use linli_domain::session::Session;
use linli_domain::session::attended::{Attended, Mark, certifies};
use linli_domain::time::Day;
use linli_domain::words::{Language, Words, say};
use linli_store::booking::{Order, orders};
use linli_store::people::persons;
use linli_store::sessions::members;

use super::find;
use crate::{App, Failure, Result};

/// Letters and digits that are not taken for one another.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Characters of a number, in groups of four: 60 bits.
const LENGTH: usize = 12;

/// A certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// Its number.
    pub number: String,
    /// The name of whoever attended.
    pub name: String,
    /// What.
    pub title: Words,
    /// Who held it.
    pub organisation: Words,
    /// Where.
    pub place: Words,
    /// The first meeting.
    pub first_day: Day,
    /// The last meeting.
    pub last_day: Day,
    /// How often they were there.
    pub counted: Attended,
    /// When it was handed out.
    pub issued_on: Day,
    /// All of it in a sentence.
    pub words: Words,
}

/// What others are told of a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Whether it stands: the roster may have been corrected since.
    pub valid: bool,
    /// The family name.
    pub name_masked: String,
    /// What.
    pub title: Words,
    /// Who held it.
    pub organisation: Words,
    /// When it was handed out.
    pub issued_on: Day,
}

/// The certificate of one's own order or that of a minor of one's household; it is made when it is first asked for.
///
/// # Errors
/// [`Code::NotFound`] for orders of others and those without a session; [`Code::CertificateNotEarned`].
pub async fn of_order(app: &App, actor: &Actor, id: OrderId) -> Result<Certificate> {
    let (order, _) = app.own_order(actor, id).await?;
    let reads = app.store.reads();
    let catalogue = app.catalogue().await?;
    let session = find(app, &catalogue, order.session.ok_or(Code::NotFound)?).await?;
    let Seat { counted, earned, .. } = seat(app, &order, &session).await?;
    if !earned {
        return Err(Refusal::new(Code::CertificateNotEarned)
            .with("attended", counted.attended)
            .with("planned", counted.planned)
            .into());
    }
    let number = number(app);
    let now = app.now();
    let (number, issued) = match members::certificate(reads, id).await? {
        Some(issued) => issued,
        None => {
            app.store
                .write(move |tx| {
                    async move {
                        members::issue(tx, id, &number, now).await?;
                        let issued = members::certificate(tx, id).await?;
                        issued.ok_or_else(|| Failure::Fault("a certificate was lost".into()))
                    }
                    .boxed()
                })
                .await?
        }
    };
    let offered = catalogue.offered(session.offering)?;
    let name = persons::person(reads, order.subject).await?.map(|person| person.name).unwrap_or_default();
    let (first, last) = session.span().map_or((now, now), |span| span);
    let organisation = catalogue.organisation(offered)?.name.clone();
    Ok(Certificate {
        words: sentence(&name, &session.title, &organisation, &counted, (first.day(), last.day())),
        number,
        name,
        title: session.title,
        organisation,
        place: catalogue.place(offered)?.name.clone(),
        first_day: first.day(),
        last_day: last.day(),
        counted,
        issued_on: issued.day(),
    })
}

/// What the number of a certificate says to anybody.
///
/// # Errors
/// [`Code::NotFound`] for a number nobody has.
pub async fn shown(app: &App, number: &str) -> Result<Shown> {
    let reads = app.store.reads();
    let (id, issued) = members::by_number(reads, &written(number)).await?.ok_or(Code::NotFound)?;
    let order = orders::one(reads, id).await?.ok_or(Code::NotFound)?;
    let catalogue = app.catalogue().await?;
    let session = find(app, &catalogue, order.session.ok_or(Code::NotFound)?).await?;
    let valid = seat(app, &order, &session).await?.earned;
    let organisation = catalogue.organisation(catalogue.offered(session.offering)?)?.name.clone();
    let name = persons::person(reads, order.subject).await?.map(|person| person.name).unwrap_or_default();
    Ok(Shown { valid, name_masked: masked(&name), title: session.title, organisation, issued_on: issued.day() })
}

/// What came of somebody's seat.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Seat {
    /// How often they were there.
    pub counted: Attended,
    /// Whether that earns a certificate now.
    pub earned: bool,
    /// What stands on the roster.
    pub marks: Vec<(MeetingId, Mark)>,
}

/// What came of the seat of an order.
///
/// # Errors
/// The database's.
pub(crate) async fn seat(app: &App, order: &Order, session: &Session) -> Result<Seat> {
    let marks = members::marks(app.store.reads(), &[order.id]).await?;
    let marks: Vec<(MeetingId, Mark)> = marks.into_iter().map(|one| (one.meeting, one.mark)).collect();
    let present: BTreeSet<MeetingId> =
        marks.iter().filter(|(_, mark)| *mark == Mark::Present).map(|(meeting, _)| *meeting).collect();
    let counted = Attended::of(session, &present, app.now());
    let left = matches!(order.state, State::Cancelled | State::Rejected | State::Expired);
    Ok(Seat { counted, earned: !left && certifies(session, app.now()) && counted.is_enough(), marks })
}

fn sentence(name: &str, title: &Words, organisation: &Words, counted: &Attended, (first, last): (Day, Day)) -> Words {
    let span = |language| format!("{}{}{}", say::day(first, language), dash(language), say::day(last, language));
    let hours = f64::from(counted.minutes) / 60.0;
    let Attended { attended, planned, .. } = counted;
    Words::new(
        format!(
            "兹证明 {name} 于{}年参加{}举办的“{}”（{}），共 {planned} 次，到场 {attended} 次，累计 {hours:.1} 小时。",
            last.year(),
            organisation.zh,
            title.zh,
            span(Language::Zh)
        ),
        format!(
            "This is to certify that {name} attended {attended} of {planned} meetings of \"{}\", held by {} ({}, {}), {hours:.1} hours in all.",
            title.en,
            organisation.en,
            span(Language::En),
            last.year()
        ),
    )
}

const fn dash(language: Language) -> &'static str {
    match language {
        Language::Zh => "至",
        Language::En => " to ",
    }
}

fn number(app: &App) -> String {
    let drawn: Vec<u8> =
        (0..LENGTH).map(|_| ALPHABET[usize::try_from(app.random.below(32)).expect("below thirty-two")]).collect();
    grouped(&String::from_utf8(drawn).expect("letters and digits"))
}

fn grouped(plain: &str) -> String {
    let letters: Vec<char> = plain.chars().collect();
    letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

/// A number as people type it, as it is kept.
fn written(typed: &str) -> String {
    let plain: String = typed.chars().filter(char::is_ascii_alphanumeric).take(LENGTH + 1).collect();
    grouped(&plain.to_ascii_uppercase())
}

/// The first character of a name; of the rest, only how long it is.
fn masked(name: &str) -> String {
    name.chars().enumerate().map(|(n, letter)| if n == 0 { letter } else { '*' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_type_them() {
        assert_eq!(written("ab12 cd34-ef56"), "AB12-CD34-EF56");
        assert_eq!(written("AB12-CD34-EF56"), "AB12-CD34-EF56");
        assert_ne!(written("AB12-CD34-EF567"), "AB12-CD34-EF56", "one too many is another number");
        assert_eq!(written("'; --"), "");
    }

    #[test]
    fn a_name_is_hardly_shown() {
        assert_eq!((masked("林一一").as_str(), masked("林").as_str(), masked("").as_str()), ("林**", "林", ""));
    }
}
