//! Why a stop has no place.

use super::Reason;
use super::problem::Problem;
use super::ways::NEVER;

impl Problem<'_> {
    /// Why a stop that was not put in has no place: the obstacle at which whoever came furthest was stopped.
    pub(super) fn reason(&self, stop: u32) -> Reason {
        (0..self.carriers.len()).map(|courier| self.obstacle(courier, stop)).max().unwrap_or(Reason::Nobody)
    }

    /// What stops a courier who has nothing else to do.
    fn obstacle(&self, courier: usize, stop: u32) -> Reason {
        let (carrier, door) = (&self.carriers[courier], self.door(stop));
        let way = self.leg(courier, 0, stop);
        let strays = carrier.returns && self.leg(courier, stop, 0) >= NEVER;
        if way >= NEVER || strays || carrier.coming >= NEVER {
            return Reason::NoWay;
        }
        if !door.load.fits(carrier.capacity) {
            return Reason::TooLarge;
        }
        if way + door.handing > self.in_box {
            return Reason::TooFar;
        }
        let soonest = (self.ready + self.packing + way).max(door.earliest);
        if soonest > door.latest {
            return Reason::TooLate;
        }
        match self.shape(courier, &[stop]) {
            Some(shape) if self.is_possible(courier, &[shape]) => Reason::Full,
            _ => Reason::OffDuty,
        }
    }
}
