//! The papers a worker's file stands on.

use crate::id::DocumentId;
use crate::time::Day;
use crate::words::Words;

/// So many days before a paper runs out its owner is warned.
pub const WARN_DAYS: i32 = 30;

/// A kind of paper. Platform files name them by key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Document {
    /// 居民身份证.
    Identity,
    /// 健康证, for a year each.
    HealthCertificate,
    /// 护士执业证, registered for five years each.
    NurseLicence,
    /// 养老护理员证.
    CarerCertificate,
    /// 母婴护理证.
    ChildCareCertificate,
    /// 开锁业公安备案.
    LocksmithRecord,
    /// 电工特种作业操作证.
    Electrician,
    /// 家电维修资格证.
    ApplianceRepairer,
    /// 驾驶证.
    DrivingLicence,
    /// 无犯罪记录证明.
    NoCriminalRecord,
    /// 志愿者证.
    VolunteerCard,
    /// 保安员证.
    GuardCertificate,
}

impl Document {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::Identity,
        Self::HealthCertificate,
        Self::NurseLicence,
        Self::CarerCertificate,
        Self::ChildCareCertificate,
        Self::LocksmithRecord,
        Self::Electrician,
        Self::ApplianceRepairer,
        Self::DrivingLicence,
        Self::NoCriminalRecord,
        Self::VolunteerCard,
        Self::GuardCertificate,
    ];

    /// The stable key.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::HealthCertificate => "health_certificate",
            Self::NurseLicence => "nurse_licence",
            Self::CarerCertificate => "carer_certificate",
            Self::ChildCareCertificate => "child_care_certificate",
            Self::LocksmithRecord => "locksmith_record",
            Self::Electrician => "electrician",
            Self::ApplianceRepairer => "appliance_repairer",
            Self::DrivingLicence => "driving_licence",
            Self::NoCriminalRecord => "no_criminal_record",
            Self::VolunteerCard => "volunteer_card",
            Self::GuardCertificate => "guard_certificate",
        }
    }

    /// The paper of a key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|document| document.key() == key)
    }

    /// What it is called.
    pub fn words(self) -> Words {
        let (zh, en) = match self {
            Self::Identity => ("居民身份证", "identity card"),
            Self::HealthCertificate => ("健康证", "health certificate"),
            Self::NurseLicence => ("护士执业证", "nurse's licence"),
            Self::CarerCertificate => ("养老护理员证", "carer's certificate"),
            Self::ChildCareCertificate => ("母婴护理证", "child-care certificate"),
            Self::LocksmithRecord => ("开锁业公安备案", "police record as a locksmith"),
            Self::Electrician => ("电工操作证", "electrician's certificate"),
            Self::ApplianceRepairer => ("家电维修资格证", "appliance repairer's certificate"),
            Self::DrivingLicence => ("驾驶证", "driving licence"),
            Self::NoCriminalRecord => ("无犯罪记录证明", "certificate of no criminal record"),
            Self::VolunteerCard => ("志愿者证", "volunteer's card"),
            Self::GuardCertificate => ("保安员证", "guard's certificate"),
        };
        Words::new(zh, en)
    }

    /// Whether such a paper always ends one day, so that the day must be said.
    pub const fn ends(self) -> bool {
        !matches!(
            self,
            Self::Identity
                | Self::CarerCertificate
                | Self::ChildCareCertificate
                | Self::LocksmithRecord
                | Self::ApplianceRepairer
                | Self::VolunteerCard
                | Self::GuardCertificate
        )
    }
}

/// Whether staff have looked at a paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PaperState {
    /// Not yet.
    Asked,
    /// It is good.
    Verified,
    /// It is not, with a reason.
    Refused,
    /// A newer one took its place, or its owner took it back.
    Replaced,
    /// It has run out.
    Expired,
}

impl PaperState {
    /// All states.
    pub const ALL: [Self; 5] = [Self::Asked, Self::Verified, Self::Refused, Self::Replaced, Self::Expired];

    /// The stable key.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Verified => "verified",
            Self::Refused => "refused",
            Self::Replaced => "replaced",
            Self::Expired => "expired",
        }
    }

    /// The state of a key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.key() == key)
    }
}

/// A paper, as far as it decides anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paper {
    /// Which.
    pub id: DocumentId,
    /// What kind.
    pub document: Document,
    /// Whether it was looked at.
    pub state: PaperState,
    /// The last day it holds; none: without end.
    pub valid_until: Option<Day>,
}

impl Paper {
    /// Whether it still holds on a day, whoever has looked at it.
    pub fn holds_on(&self, day: Day) -> bool {
        self.valid_until.is_none_or(|last| day <= last)
    }

    /// Whether a service may stand on it.
    pub fn is_good(&self, today: Day) -> bool {
        self.state == PaperState::Verified && self.holds_on(today)
    }

    /// Whether it is enough to hand a file in with: good already, or waiting to be looked at.
    pub fn is_good_for_submitting(&self, today: Day) -> bool {
        matches!(self.state, PaperState::Asked | PaperState::Verified) && self.holds_on(today)
    }

    /// Days it still holds; negative when it has run out; none where it has no end.
    pub fn days_left(&self, today: Day) -> Option<i32> {
        self.valid_until.map(|last| last.0 - today.0)
    }
}

/// The first of the papers a service needs that is not there, verified and in force.
pub fn needed(needs: &[Document], papers: &[Paper], today: Day) -> Option<Document> {
    let good = |document: &Document| papers.iter().any(|paper| paper.document == *document && paper.is_good(today));
    needs.iter().copied().find(|document| !good(document))
}

/// Whether a service is off offer: a paper it needs has run out or was taken back.
pub fn off_offer(needs: &[Document], papers: &[Paper], today: Day) -> bool {
    needed(needs, papers, today).is_some()
}
