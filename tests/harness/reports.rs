//! Reports of residents: hazards, lifts, lamps.

use std::collections::BTreeMap;

use linli_application::dispatch::address::{NewAddress, To};
use linli_application::dispatch::request::{VisitRequest, When, Wishes};
use linli_domain::id::CompoundId;
use linli_store::market::places;

use super::World;

/// Where the demo has its police room, in degrees north and east.
pub(crate) const HERE: (f64, f64) = (38.3235, 116.8497);

/// What anybody might report at a place: of this kind, with these answers.
pub(crate) fn report(kind: &str, at: (f64, f64), form: &[(&str, &str)]) -> VisitRequest {
    let text = "演示路18号".to_owned();
    VisitRequest {
        kind: kind.parse().unwrap(),
        subject: None,
        to: To::New(NewAddress { text, detail: "西侧小门".into(), point: Some(at), ..NewAddress::default() }),
        when: When::Now,
        form: form.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect::<BTreeMap<_, _>>(),
        note: "我家钥匙在门垫下".into(),
        thing: String::new(),
        wishes: Wishes::default(),
        wider: false,
        private: false,
        district_pays: false,
    }
}

/// The same in a compound.
pub(crate) fn report_in(kind: &str, compound: CompoundId, thing: &str) -> VisitRequest {
    let form: &[(&str, &str)] = if thing.is_empty() { &[("fault", "厨房水管爆了")] } else { &[] };
    VisitRequest {
        to: To::New(NewAddress { compound: Some(compound), detail: "3-1-502".into(), ..NewAddress::default() }),
        thing: thing.to_owned(),
        ..report(kind, HERE, form)
    }
}

impl World {
    /// A compound of the demo.
    pub(crate) async fn compound(&self, key: &str) -> CompoundId {
        let all = places::compounds(self.app.store.reads()).await.unwrap();
        all.into_iter().find(|one| one.key == key).unwrap_or_else(|| panic!("no compound {key}")).id
    }
}
