//! What other programs ask for: parameters of a query or of a form, as GeoReport names them.

use linli_application::hazards::open311::{Filter, Status};
use linli_domain::id::OrderId;
use linli_domain::platform::KindKey;
use linli_domain::time::{Instant, Span};

use super::No;

/// The longest span of a list, and the span where none is asked for.
const LONGEST: Span = Span::days(90);
/// The most requests of an answer, and how many there are where nothing is said.
const MOST: u64 = 1_000;
/// The furthest page.
const LAST_PAGE: u64 = 10_000;

/// Parameters in the order they were sent. The first of a name counts.
#[derive(Debug, Clone, Default)]
pub(super) struct Asked(pub(super) Vec<(String, String)>);

impl Asked {
    /// What was sent under a name; nothing where it was empty.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let sent = self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.trim());
        sent.filter(|value| !value.is_empty())
    }

    /// Attributes, `attribute[CODE]`.
    pub(super) fn attributes(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().filter_map(|(name, value)| {
            let code = name.strip_prefix("attribute[")?.split(']').next()?;
            Some((code, value.trim())).filter(|(_, value)| !value.is_empty())
        })
    }

    /// Degrees.
    pub(super) fn degrees(&self, name: &'static str) -> Result<Option<f64>, No> {
        let read = |text: &str| text.parse::<f64>().ok().filter(|value| value.is_finite());
        self.get(name).map(|text| read(text).ok_or_else(|| No::bad(format!("{name} is no number")))).transpose()
    }

    fn instant(&self, name: &'static str) -> Result<Option<Instant>, No> {
        // A plus sign that was not encoded arrives as a blank.
        let read = |text: &str| text.replace(' ', "+").parse::<Instant>().ok();
        let no = || No::bad(format!("{name} is no time such as 2026-11-24T09:30:00+08:00 or 2026-11-24T01:30:00Z"));
        self.get(name).map(|text| read(text).ok_or_else(no)).transpose()
    }

    fn whole(&self, name: &'static str, most: u64) -> Result<Option<u64>, No> {
        let read = |text: &str| text.parse().ok().filter(|number| (1..=most).contains(number));
        let no = || No::bad(format!("{name} is no number from 1 to {most}"));
        self.get(name).map(|text| read(text).ok_or_else(no)).transpose()
    }

    /// Which requests of a list.
    pub(super) fn filter(&self, now: Instant) -> Result<Filter, No> {
        let limit = self.whole("page_size", MOST)?.unwrap_or(MOST);
        let skip = (self.whole("page", LAST_PAGE)?.unwrap_or(1) - 1) * limit;
        if let Some(ids) = self.get("service_request_id") {
            // Ids that name nothing are passed over, as those of private reports are.
            let orders: Vec<OrderId> = ids.split(',').filter_map(|id| id.trim().parse().ok()).collect();
            if orders.len() > usize::try_from(MOST).unwrap_or(usize::MAX) {
                return Err(No::bad(format!("service_request_id names more than {MOST} requests")));
            }
            let orders = Some(orders);
            return Ok(Filter { orders, kinds: None, from: None, until: None, status: None, skip, limit });
        }
        let kinds = self
            .get("service_code")
            .map(|codes| codes.split(',').filter_map(|code| code.trim().parse::<KindKey>().ok()).collect());
        let status = match self.get("status") {
            None => None,
            Some(text) => {
                let mut wanted = Vec::new();
                for word in text.split(',').map(str::trim) {
                    let found = [Status::Open, Status::Closed].into_iter().find(|status| status.key() == word);
                    wanted.push(found.ok_or_else(|| No::bad("status is open or closed".to_owned()))?);
                }
                wanted.dedup();
                (wanted.len() == 1).then(|| wanted[0])
            }
        };
        let (from, until) = match (self.instant("start_date")?, self.instant("end_date")?) {
            (Some(from), Some(until)) if until < from => {
                return Err(No::bad("end_date lies before start_date".to_owned()));
            }
            (Some(from), Some(until)) if until - from > LONGEST => {
                return Err(No::bad("start_date and end_date lie more than 90 days apart".to_owned()));
            }
            (Some(from), Some(until)) => (from, until),
            (Some(from), None) => (from, from + LONGEST),
            (None, Some(until)) => (until - LONGEST, until),
            (None, None) => (now - LONGEST, now + Span::minutes(1)),
        };
        Ok(Filter { orders: None, kinds, from: Some(from), until: Some(until), status, skip, limit })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(pairs: &[(&str, &str)]) -> Asked {
        Asked(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    #[test]
    fn ninety_days_and_a_thousand_requests_are_the_most() {
        let now = at("2026-11-24T09:30:00+08:00");
        let all = asked(&[]).filter(now).unwrap();
        assert_eq!((all.from, all.skip, all.limit), (Some(now - Span::days(90)), 0, 1_000));
        assert!(all.until.unwrap() > now);
        let page = asked(&[("page", "3"), ("page_size", "50"), ("status", "open,closed")]).filter(now).unwrap();
        assert_eq!((page.skip, page.limit, page.status), (100, 50, None));
        let since = asked(&[("start_date", "2026-01-01T00:00:00 08:00"), ("status", "closed")]).filter(now).unwrap();
        assert_eq!(since.from, Some(at("2026-01-01T00:00:00+08:00")));
        assert_eq!(since.until, Some(at("2026-04-01T00:00:00+08:00")));
        assert_eq!(since.status, Some(Status::Closed));
        let until = asked(&[("end_date", "2026-04-01T00:00:00Z"), ("service_code", "a_a.b_b, nonsense")]);
        let until = until.filter(now).unwrap();
        assert_eq!(until.from, Some(at("2026-01-01T00:00:00Z")));
        assert_eq!(until.kinds.unwrap().len(), 1);
        let ids = asked(&[("service_request_id", "0000000000001,x"), ("start_date", "nonsense")]).filter(now).unwrap();
        assert_eq!((ids.orders.unwrap(), ids.from), (vec![OrderId(1)], None));
    }

    #[test]
    fn what_cannot_be_read_is_refused_in_words() {
        let now = at("2026-11-24T09:30:00+08:00");
        for (name, value) in [
            ("start_date", "yesterday"),
            ("end_date", "2026-11-24"),
            ("status", "done"),
            ("page", "0"),
            ("page_size", "1001"),
            ("page_size", "-1"),
        ] {
            let no = asked(&[(name, value)]).filter(now).unwrap_err();
            assert!(no.code == 400 && no.description.contains(name), "{no:?}");
        }
        let long = asked(&[("start_date", "2026-01-01T00:00:00Z"), ("end_date", "2026-04-02T00:00:00Z")]);
        assert!(long.filter(now).unwrap_err().description.contains("90 days"));
        let back = asked(&[("start_date", "2026-01-02T00:00:00Z"), ("end_date", "2026-01-01T00:00:00Z")]);
        assert!(back.filter(now).is_err());
        assert!(asked(&[("lat", "NaN")]).degrees("lat").is_err());
        assert_eq!(asked(&[("lat", " 38.5 ")]).degrees("lat"), Ok(Some(38.5)));
        let attributes = asked(&[("attribute[what]", "灯"), ("attribute[", "x"), ("attribute[b]", " ")]);
        let read: Vec<_> = attributes.attributes().collect();
        assert_eq!(read, [("what", "灯"), ("", "x")]);
    }
}
