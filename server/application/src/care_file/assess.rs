//! Assessments of ability: written once, falling due again by themselves.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use futures::FutureExt;
use linli_domain::care_file::ability::{BadScores, Findings, Judged, Scale};
use linli_domain::channel::{News, Urgency};
use linli_domain::id::{AssessmentId, PersonId};
use linli_domain::refusal::{Code, Refusal};
use linli_domain::role::Actor;
use linli_domain::time::Day;
use linli_domain::words::Words;
use linli_store::audit::{self, ActingAs, AuditEntry};
use linli_store::care::{self, Assessment};
use linli_store::messages;
use linli_store::people::persons;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{LINE_MAX, NOTE_MAX, locked, seal, staff_of, unseal};
use crate::channels::{self, Batch, Telling};
use crate::{App, Failure, Result, input};

/// Assessments that are shown.
pub(super) const MOST: u32 = 50;
/// Files looked at in one transaction.
const AT_ONCE: u32 = 200;
/// An assessment is written down within so many days.
const OLDEST: i32 = 365;

static SCALE: LazyLock<Scale> = LazyLock::new(|| {
    Scale::read(include_str!("../../../data/ability.toml"))
        .expect("the scale is part of the program and a test reads it")
});

/// The scale in use.
pub fn scale() -> &'static Scale {
    &SCALE
}

/// Who assesses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assessor {
    /// Their name.
    pub name: String,
    /// The number of their certificate.
    pub certificate: String,
}

/// An assessment to be written down.
#[derive(Debug, Clone)]
pub struct NewAssessment {
    /// When it was made.
    pub on: Day,
    /// Where.
    pub place: String,
    /// By whom: two.
    pub assessors: Vec<Assessor>,
    /// Points by item.
    pub scores: BTreeMap<String, u8>,
    /// The sum as it stands on the form, to be compared.
    pub score: Option<u8>,
    /// What was found besides.
    pub findings: Findings,
}

/// An assessment as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assessed {
    /// When it was made.
    pub on: Day,
    /// Where.
    pub place: String,
    /// By whom.
    pub assessors: Vec<Assessor>,
    /// Points by item.
    pub scores: BTreeMap<String, u8>,
    /// What was found besides.
    pub findings: Findings,
    /// What follows.
    pub judged: Judged,
}

/// Opens what an assessment found.
pub(super) fn assessed(app: &App, row: &Assessment) -> Result<Assessed> {
    unseal(app, "assessment", row.person, &row.sealed)
}

impl App {
    /// Staff write an assessment down. It stays as it is; the next one falls due by itself.
    ///
    /// # Errors
    /// [`Code::NotFound`] for people who live elsewhere, [`Code::CareFileNone`], [`Code::SelfVerification`],
    /// [`Code::AssessmentDay`], [`Code::AssessorsTwo`], [`Code::AbilityScores`].
    pub async fn assess_ability(&self, actor: &Actor, person: PersonId, new: NewAssessment) -> Result<AssessmentId> {
        staff_of(self.store.reads(), actor, person).await?;
        if person == actor.person {
            return Err(Code::SelfVerification.into());
        }
        let now = self.now();
        let found = checked(new, now.day())?;
        let row = Assessment {
            id: AssessmentId(self.next_id()),
            person,
            assessed_on: found.on,
            until: scale().until(found.on),
            sealed: seal(self, "assessment", person, &found)?,
            written_by: actor.account,
            written_at: now,
        };
        let (id, due) = (row.id, scale().due(found.on));
        let entry = self.entry(actor, ActingAs::Staff, "care_file.assessed").about(person).on(id.0);
        self.store
            .write(move |tx| {
                async move {
                    let mut file = locked(tx, person).await?;
                    care::insert_assessment(tx, &row).await?;
                    // A form of long ago, written down late, puts nothing off.
                    let latest = care::assessments(tx, person, 1).await?.pop();
                    if latest.is_some_and(|latest| latest.id == row.id) {
                        (file.due_on, file.told) = (Some(due), false);
                        care::save(tx, &file).await?;
                    }
                    Ok::<_, Failure>(audit::record(tx, entry).await?)
                }
                .boxed()
            })
            .await?;
        Ok(id)
    }

    /// Says that somebody's health has changed: of one's own file or a ward's. The next assessment is due at once.
    ///
    /// # Errors
    /// [`Code::NotFound`] for others, [`Code::CareFileNone`].
    pub async fn care_health_changed(&self, actor: &Actor, person: PersonId) -> Result<()> {
        let (_, acting) = self.care_own(actor, person).await?;
        self.due_at_once(person, self.entry(actor, acting, "care_file.health_changed").about(person)).await
    }

    /// As [`App::care_health_changed`], said by staff.
    ///
    /// # Errors
    /// As there, and those of the reason.
    pub async fn care_health_changed_at_desk(&self, actor: &Actor, person: PersonId, reason: &str) -> Result<()> {
        staff_of(self.store.reads(), actor, person).await?;
        input::note("reason", reason, NOTE_MAX)?;
        let entry = self.entry(actor, ActingAs::Staff, "care_file.health_changed").about(person);
        self.due_at_once(person, entry).await
    }

    async fn due_at_once(&self, person: PersonId, entry: AuditEntry) -> Result<()> {
        let today = self.now().day();
        self.store
            .write(move |tx| {
                async move {
                    let mut file = locked(tx, person).await?;
                    // Due already: said once is enough.
                    if file.due_on.is_none_or(|due| due > today) {
                        (file.due_on, file.told) = (Some(today), false);
                        care::save(tx, &file).await?;
                    }
                    Ok::<_, Failure>(audit::record(tx, entry).await?)
                }
                .boxed()
            })
            .await
    }
}

fn checked(new: NewAssessment, today: Day) -> Result<Assessed, Refusal> {
    if !(today.plus(-OLDEST)..=today).contains(&new.on) {
        return Err(Refusal::new(Code::AssessmentDay).field("assessed_on"));
    }
    let two = || Refusal::new(Code::AssessorsTwo).field("assessors");
    let assessors = new.assessors.into_iter().map(|one| {
        let certificate = input::line("certificate", &one.certificate, LINE_MAX)?;
        Ok(Assessor { name: input::name(&one.name)?, certificate })
    });
    let assessors: Vec<Assessor> = assessors.collect::<Result<_, Refusal>>()?;
    match assessors.as_slice() {
        [one, other] if one.certificate != other.certificate => {}
        _ => return Err(two()),
    }
    let place = input::line("place", &new.place, LINE_MAX)?;
    let judged = scale().judge(&new.scores, new.score, &new.findings, new.on).map_err(|bad| refusal(&bad))?;
    Ok(Assessed { on: new.on, place, assessors, scores: new.scores, findings: new.findings, judged })
}

fn refusal(bad: &BadScores) -> Refusal {
    let what = match bad {
        BadScores::Missing(name) => {
            Words::new(format!("“{}”没有评分", name.zh), format!("There are no points for {}", name.en))
        }
        BadScores::TooMany(name, max) => {
            Words::new(format!("“{}”最多 {max} 分", name.zh), format!("There are at most {max} points for {}", name.en))
        }
        BadScores::Unknown => Words::new("有不认识的评估项目", "There are points for something that is no item"),
        BadScores::Coma => Words::new("昏迷时不评分", "Nobody in a coma is scored"),
        BadScores::Sum(sum) => Words::new(format!("各项相加是 {sum} 分"), format!("The items add up to {sum} points")),
        BadScores::EventLater => {
            Words::new("事件日期晚于评估日期", "Something is said to have happened after the assessment")
        }
    };
    let field = if *bad == BadScores::EventLater { "events" } else { "scores" };
    Refusal::new(Code::AbilityScores).field(field).with("what", what)
}

/// Tells elders that their next assessment is due, and puts them on the list of people whom staff call; once for each
/// time it falls due. Answers how many.
///
/// # Errors
/// Faults of the database.
pub(crate) async fn due(app: &App) -> Result<usize> {
    let mut told = 0;
    loop {
        let today = app.now().day();
        let people = care::due(app.store.reads(), today, AT_ONCE).await?;
        if people.is_empty() {
            return Ok(told);
        }
        told += people.len();
        tell_due(app, people, today).await?;
    }
}

async fn tell_due(app: &App, people: Vec<PersonId>, today: Day) -> Result<()> {
    let source = format!("care_file.due/{today}");
    let telling = Telling {
        topic: "care_file.due".into(),
        title: Words::new("该做能力评估了", "Your ability assessment is due"),
        body: Words::new(
            "您的老年人能力评估需要重新做一次。社区工作人员会打电话与您约时间，您不用自己办理。",
            "It is time for a new assessment of your ability. Staff of your community will call you to find a time; there is nothing you have to do.",
        ),
        order: None,
        announcement: None,
        area: None,
        source: source.clone(),
        news: News { urgency: Urgency::Timely, by: None },
    };
    let batch = Batch::of(app, &people, &telling).await?;
    let district = app.catalogue().await?.district()?.code.clone();
    let reason = Words::new(
        "居家照护档案：能力评估到期，请与本人约定时间",
        "Home-care file: the ability assessment is due, please agree on a time",
    );
    let elders = persons::persons(app.store.reads(), &people).await?;
    let calls: Vec<_> = elders
        .iter()
        .map(|elder| {
            let area = elder.community.as_ref().unwrap_or(&district);
            (channels::call(app, elder.id, area, None, reason.clone()), format!("{source}/{}/assess", elder.id))
        })
        .collect();
    let lines: Vec<AuditEntry> = elders
        .iter()
        .map(|elder| {
            AuditEntry::new(app.next_id(), app.now(), None, ActingAs::System, "care_file.due")
                .about(elder.id)
                .saying(json!({ "day": today }))
        })
        .collect();
    let this = app.clone();
    app.store
        .write(move |tx| {
            async move {
                let marked = care::mark_told(tx, &people).await?;
                if usize::try_from(marked).is_ok_and(|marked| marked != people.len()) {
                    return Err(Failure::Fault("somebody else told of due assessments meanwhile".into()));
                }
                messages::ask_to_call_all(tx, &calls, None).await?;
                audit::record_all(tx, lines).await?;
                batch.write(&this, tx).await
            }
            .boxed()
        })
        .await?;
    app.hub.publish("jobs", "").await;
    Ok(())
}
