//! Residents, staff and their roles, and what has been verified of whom.

use linli_domain::demo::{Demo, DemoPerson, DemoStaff};
use linli_domain::id::{AccountId, ConsentId, GrantId, OrganisationId, PersonId, VerificationId};
use linli_domain::identity::IdentityNumber;
use linli_domain::person::{Person, SEPARATE_CONSENT_BELOW, Verification};
use linli_domain::phone::Phone;
use linli_domain::role::{Grant, Scope};
use linli_domain::words::Language;
use linli_store::Tx;
use linli_store::people::accounts::{self, Account};
use linli_store::people::consents::{self as given, Consent};
use linli_store::people::grants::{self, GrantRecord};
use linli_store::people::household::{self, Guardianship, Relation};
use linli_store::people::{persons, verifications};

use super::{DemoIds, Named, SOWN, first_day};
use crate::error::Failure;
use crate::people::{consents, identity};
use crate::{App, Result};

/// Who is who: everybody's person, and the accounts of those who have one.
struct Known {
    people: Named<PersonId>,
    residents: Named<AccountId>,
    staff: Named<AccountId>,
}

/// Sows them.
pub(super) async fn sow(
    app: &App,
    tx: &Tx,
    demo: &Demo,
    organisations: &Named<OrganisationId>,
    ids: &DemoIds,
) -> Result<()> {
    let with_account = demo.people.iter().filter(|person| person.phone.is_some());
    let known = Known {
        people: Named::new("person", demo.people.iter().map(|one| &one.key), || PersonId(ids.next())),
        residents: Named::new("account of", with_account.map(|one| &one.key), || AccountId(ids.next())),
        staff: Named::new("member of staff", demo.staff.iter().map(|one| &one.key), || AccountId(ids.next())),
    };
    for one in &demo.people {
        resident(app, tx, one, &known).await?;
    }
    for one in &demo.staff {
        staff(tx, one, &known, organisations, ids).await?;
    }
    // Verifications name staff and consents name guardians: both are there by now.
    for one in &demo.people {
        facts(tx, one, &known, ids).await?;
        consent(tx, one, &known, ids).await?;
    }
    Ok(())
}

async fn resident(app: &App, tx: &Tx, one: &DemoPerson, known: &Known) -> Result<()> {
    let person = Person {
        id: known.people.id(&one.key)?,
        version: 1,
        name: one.name.clone(),
        birth_date: one.birth_date,
        community: one.community.clone(),
        address: one.address.clone(),
        identity_mask: None,
        language: one.language,
        large_type: one.large_type,
    };
    persons::insert(tx, &person, None, SOWN).await?;
    if let Some(number) = &one.identity_number {
        let number: IdentityNumber =
            number.parse().map_err(|error| Failure::Fault(format!("demo.toml: person `{}`: {error}", one.key)))?;
        persons::set_identity(tx, person.id, Some(&identity::to_keep(app, &number))).await?;
    }
    match &one.phone {
        Some(phone) => account(tx, known.residents.id(&one.key)?, person.id, phone).await,
        None => Ok(()),
    }
}

async fn staff(
    tx: &Tx,
    one: &DemoStaff,
    known: &Known,
    organisations: &Named<OrganisationId>,
    ids: &DemoIds,
) -> Result<()> {
    let scope = match (&one.area, &one.organisation) {
        (Some(area), None) => Scope::Area(area.clone()),
        (None, Some(key)) => Scope::Organisation(organisations.id(key)?),
        _ => return Err(Failure::Fault(format!("demo.toml: staff `{}` needs an area or an organisation", one.key))),
    };
    let person = Person {
        id: PersonId(ids.next()),
        version: 1,
        name: one.name.clone(),
        birth_date: None,
        community: None,
        address: None,
        identity_mask: None,
        language: Language::Zh,
        large_type: false,
    };
    persons::insert(tx, &person, None, SOWN).await?;
    let id = known.staff.id(&one.key)?;
    account(tx, id, person.id, &one.phone).await?;
    let record = GrantRecord {
        id: GrantId(ids.next()),
        account: id,
        grant: Grant { role: one.role, scope },
        granted_by: None,
        valid_from: SOWN,
        valid_until: None,
    };
    Ok(grants::insert(tx, &record).await?)
}

pub(super) async fn account(tx: &Tx, id: AccountId, person: PersonId, phone: &Phone) -> Result<()> {
    let account =
        Account { id, person, phone: Some(phone.clone()), wechat_openid: None, wechat_unionid: None, created_at: SOWN };
    Ok(accounts::insert(tx, &account).await?)
}

async fn facts(tx: &Tx, one: &DemoPerson, known: &Known, ids: &DemoIds) -> Result<()> {
    for seen in &one.verified {
        let verification = Verification {
            id: VerificationId(ids.next()),
            person: known.people.id(&one.key)?,
            fact: seen.fact,
            document: seen.document.clone(),
            verified_by: known.staff.id(&seen.by)?,
            verified_at: SOWN,
            expires_at: seen.expires.map(|day| day.start()),
        };
        verifications::insert(tx, &verification).await?;
    }
    Ok(())
}

/// Guardianship, and the consents without which none of this might be kept.
async fn consent(tx: &Tx, one: &DemoPerson, known: &Known, ids: &DemoIds) -> Result<()> {
    let person = known.people.id(&one.key)?;
    let mut agreed = Vec::new();
    let given_by = match &one.guardian {
        Some(guardian) => {
            let relation = Relation::from_key(&guardian.relation).ok_or_else(|| {
                Failure::Fault(format!("demo.toml: person `{}`: unknown relation `{}`", one.key, guardian.relation))
            })?;
            let declared = Guardianship {
                guardian: known.people.id(&guardian.person)?,
                ward: person,
                relation,
                declared_at: SOWN,
            };
            household::insert(tx, &declared).await?;
            if one.birth_date.is_some_and(|born| born.age_on(first_day()) < SEPARATE_CONSENT_BELOW) {
                agreed.push("child_under_14");
            }
            known.residents.id(&guardian.person)?
        }
        None => {
            agreed.push("privacy_policy");
            if one.identity_number.is_some() {
                agreed.push("identity_number");
            }
            known.residents.id(&one.key)?
        }
    };
    for purpose in agreed {
        let text = consents::texts().iter().find(|text| text.purpose == purpose);
        let text = text.ok_or_else(|| Failure::Fault(format!("consents.toml: there is no text `{purpose}`")))?;
        let consent = Consent {
            id: ConsentId(ids.next()),
            person,
            given_by,
            purpose: purpose.to_owned(),
            text_version: text.version.clone(),
            given_at: SOWN,
            withdrawn_at: None,
        };
        given::insert(tx, &consent).await?;
    }
    Ok(())
}
