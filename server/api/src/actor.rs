//! Who may call an operation: the type of its first parameter says it, in the code and in the OpenAPI file.

use std::ops::Deref;
use std::sync::Arc;

use linli_application::App;
use linli_application::people::sessions;
use linli_domain::id::WorkerId;
use linli_domain::refusal::Code;
use linli_domain::role::{Actor, Role};
use poem::Request;
use poem_openapi::SecurityScheme;
use poem_openapi::auth::Bearer;

use crate::problem::Refused;

async fn authenticated(request: &Request, bearer: Bearer) -> poem::Result<Arc<Actor>> {
    let app = request.data::<App>().ok_or(Refused::from(Code::Internal))?;
    Ok(sessions::authenticate(app, &bearer.token).await.map_err(Refused::from)?)
}

macro_rules! actors {
    ($($(#[$doc:meta])* $name:ident $key:literal $check:ident: $may:expr;)*) => {$(
        $(#[$doc])*
        #[derive(SecurityScheme)]
        #[oai(ty = "bearer", rename = $key, checker = $check)]
        pub struct $name(Arc<Actor>);

        async fn $check(request: &Request, bearer: Bearer) -> poem::Result<Arc<Actor>> {
            let actor = authenticated(request, bearer).await?;
            let may: fn(&Actor) -> bool = $may;
            if may(&actor) { Ok(actor) } else { Err(Refused::from(Code::RoleMissing).into()) }
        }

        impl Deref for $name {
            type Target = Actor;
            fn deref(&self) -> &Actor {
                &self.0
            }
        }
    )*};
}

actors! {
    /// Anybody who is logged in.
    Resident "resident" resident: |_| true;
    /// Whoever works at a desk: staff of an organisation, a community, a street office or the district.
    Desk "desk" desk: Actor::is_staff;
    /// Whoever runs an organisation: its managers, and staff of the areas it answers to.
    Manager "manager" manager: Actor::is_manager;
    /// Staff of a community, a street office or the district.
    AreaStaff "area_staff" area_staff: |actor| actor.grants.iter().any(|grant| grant.role.is_for_area());
    /// Staff of a street office or the district: whoever gives roles.
    Administrator "administrator" administrator: |actor| actor.has(Role::StreetStaff) || actor.has(Role::DistrictStaff);
    /// Staff of the district.
    DistrictStaff "district_staff" district_staff: |actor| actor.has(Role::DistrictStaff);
}

/// Whoever comes to the door: somebody with a verified file.
#[derive(SecurityScheme)]
#[oai(ty = "bearer", rename = "worker", checker = worker)]
pub struct Worker(Working);

/// Somebody who may take jobs, and their file.
#[derive(Debug)]
pub struct Working {
    actor: Arc<Actor>,
    id: WorkerId,
}

async fn worker(request: &Request, bearer: Bearer) -> poem::Result<Working> {
    let actor = authenticated(request, bearer).await?;
    let app = request.data::<App>().ok_or(Refused::from(Code::Internal))?;
    let id = app.working(&actor).await.map_err(Refused::from)?;
    Ok(Working { actor, id })
}

impl Worker {
    /// Their file.
    pub fn id(&self) -> WorkerId {
        self.0.id
    }
}

impl Deref for Worker {
    type Target = Actor;
    fn deref(&self) -> &Actor {
        &self.0.actor
    }
}
