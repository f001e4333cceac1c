//! Finding people at a desk, and registering those who have no account.

use linli_domain::area::AreaCode;
use linli_domain::id::PersonId;
use linli_domain::identity::IdentityNumber;
use linli_domain::person::Person;
use linli_domain::phone::Phone;
use linli_domain::refusal::{Code, Refusal};
use linli_domain::role::{Actor, Scope};
use linli_domain::time::Day;
use linli_domain::words::Language;
use linli_store::audit::{self, ActingAs};
use linli_store::people::persons;

use super::views::{self, PersonView};
use super::{birth_date, cards, identity, login, profile};
use crate::error::Failure;
use crate::{App, Result, input};

/// People shown for one phone at most.
const MOST: u64 = 20;

/// What staff look for: exactly one of these.
#[derive(Debug, Clone, Copy)]
pub enum Wanted<'a> {
    /// Whom this phone belongs to or was noted for.
    Phone(&'a str),
    /// Whom this identity number belongs to.
    Identity(&'a str),
    /// Whose card has this code, scanned or typed.
    Card(&'a str),
    /// Who has this name, or one that begins so, and lives in an area of whoever asks.
    Name(&'a str),
}

/// Somebody found at a desk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The person.
    pub view: PersonView,
    /// The phone to reach them by.
    pub phone: Option<Phone>,
}

/// Somebody to be registered.
#[derive(Debug, Clone)]
pub struct NewPerson {
    /// The name.
    pub name: String,
    /// A phone to reach them by; it may be that of a relative.
    pub phone: Option<String>,
    /// The birth date.
    pub birth_date: Option<Day>,
    /// The community.
    pub community: Option<AreaCode>,
}

/// Finds people by a whole phone or identity number, by their card, or by name among those of one's areas; each of them
/// can later read that it was done.
///
/// # Errors
/// [`Code::PhoneInvalid`], [`Code::IdentityNumberInvalid`], [`Code::CardUnknown`], and [`Code::RoleMissing`] for names
/// looked for by those who work for no area.
pub async fn find(app: &App, actor: &Actor, wanted: Wanted<'_>) -> Result<Vec<Found>> {
    let (reads, now) = (app.store.reads(), app.now());
    let people = match wanted {
        Wanted::Phone(phone) => persons::by_phone(reads, &login::parse_phone(phone)?, MOST).await?,
        Wanted::Identity(number) => {
            let number: IdentityNumber =
                number.parse().map_err(|_| Refusal::new(Code::IdentityNumberInvalid).field("identity"))?;
            persons::by_identity(reads, &identity::hash(app, &number)).await?.into_iter().collect()
        }
        Wanted::Card(code) => {
            let holder = cards::holder(app, code).await?;
            vec![holder.ok_or_else(|| Refusal::new(Code::CardUnknown).field("card"))?]
        }
        Wanted::Name(name) => {
            let name = input::name(name).map_err(|refusal| refusal.field("name"))?;
            let areas = actor.grants.iter().filter(|grant| grant.role.is_for_area());
            let areas: Vec<String> = areas
                .filter_map(|grant| match &grant.scope {
                    Scope::Area(area) => Some(area.significant().to_owned()),
                    Scope::Organisation(_) => None,
                })
                .collect();
            if areas.is_empty() {
                return Err(Refusal::new(Code::RoleMissing).field("name").into());
            }
            persons::by_name(reads, &name, &areas, MOST).await?
        }
    };
    if people.is_empty() {
        return Ok(Vec::new());
    }
    let (this, by) = (app.clone(), actor.clone());
    let ids: Vec<PersonId> = people.iter().map(|person| person.id).collect();
    app.store
        .write(move |tx| {
            Box::pin(async move {
                let entry = |id: PersonId| this.entry(&by, ActingAs::Staff, "person.looked_up").about(id);
                let entries = ids.iter().copied().map(entry).collect();
                Ok::<_, Failure>(audit::record_all(tx, entries).await?)
            })
        })
        .await?;
    let phones = persons::phones(reads, &people.iter().map(|person| person.id).collect::<Vec<_>>()).await?;
    let views = views::people(reads, people, now).await?;
    Ok(views
        .into_iter()
        .map(|view| {
            let phone = phones.iter().find(|(id, _)| *id == view.person.id).map(|(_, phone)| phone.clone());
            Found { view, phone }
        })
        .collect())
}

/// Registers a person without an account, so that the desk can book for them.
///
/// # Errors
/// [`Code::NameInvalid`], [`Code::PhoneInvalid`], [`Code::BirthDateInvalid`], [`Code::CommunityUnknown`].
pub async fn register(app: &App, actor: &Actor, new: NewPerson) -> Result<Found> {
    let now = app.now();
    let phone = new.phone.as_deref().map(login::parse_phone).transpose()?;
    let born = new.birth_date.map(|born| birth_date(born, now.day())).transpose()?;
    let person = Person {
        id: PersonId(app.next_id()),
        version: 1,
        name: input::name(&new.name)?,
        birth_date: born,
        community: new.community,
        address: None,
        identity_mask: None,
        language: Language::Zh,
        large_type: false,
    };
    let (this, by) = (app.clone(), actor.clone());
    let (row, contact) = (person.clone(), phone.clone());
    app.store
        .write(move |tx| {
            Box::pin(async move {
                if let Some(code) = row.community.clone() {
                    profile::community(tx, code).await?;
                }
                persons::insert(tx, &row, contact.as_ref(), now).await?;
                let entry = this.entry(&by, ActingAs::Staff, "person.registered").about(row.id);
                Ok::<_, Failure>(audit::record(tx, entry).await?)
            })
        })
        .await?;
    Ok(Found { view: views::person(app.store.reads(), person, now).await?, phone })
}
