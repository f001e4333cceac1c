//! Whose it is to see to something at a place: the company of the compound, or whoever has the area.

use crate::area::AreaCode;
use crate::id::OrganisationId;
use crate::platform::ContractWith;

/// Decides it, for one kind.
///
/// `company` looks after the compound; `duties` are the areas in which somebody is responsible for the kind. The smallest
/// area that holds the place decides. None where nobody is named: then it is for whoever offers the service.
pub fn responsible(
    with: ContractWith,
    company: Option<OrganisationId>,
    duties: &[(AreaCode, OrganisationId)],
    area: &AreaCode,
) -> Option<OrganisationId> {
    let of_area = || {
        let around = duties.iter().filter(|(of, _)| area.is_within(of));
        around.max_by_key(|(of, _)| of.significant().len()).map(|(_, organisation)| *organisation)
    };
    match with {
        ContractWith::Compound => company.or_else(of_area),
        ContractWith::Area => of_area(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_company_goes_before_the_area_and_the_smaller_area_before_the_larger() {
        let area = |code: &str| code.parse::<AreaCode>().unwrap();
        let [company, community, street, district] = [1, 2, 3, 4].map(OrganisationId);
        let duties =
            [(area("130903000000"), district), (area("130903001007"), community), (area("130903001000"), street)];
        let decide = |with, company, at: &str| responsible(with, company, &duties, &area(at));
        assert_eq!(decide(ContractWith::Compound, Some(company), "130903001007"), Some(company));
        assert_eq!(decide(ContractWith::Area, Some(company), "130903001007"), Some(community));
        assert_eq!(decide(ContractWith::Compound, None, "130903001007-S01-G01"), Some(community));
        assert_eq!(decide(ContractWith::Compound, None, "130903001010"), Some(street));
        assert_eq!(decide(ContractWith::Area, None, "130903004007"), Some(district));
        assert_eq!(decide(ContractWith::Area, None, "130902004007"), None);
        assert_eq!(responsible(ContractWith::Compound, None, &[], &area("130903001007")), None);
    }
}
