//! Running an organisation: what it offers, when, where, with whom, who works for it, and tables in and out.

use linli_application::imports::{self, MOST_BYTES, Wanted};
use linli_application::manage::district::{self, NewOrganisation, NewPlace};
use linli_application::manage::export::{self, File};
use linli_application::manage::hours::{self, NewExtra, NewHours, NewLine};
use linli_application::manage::offerings::{self, NewOffering, NewRules, OfferingChange};
use linli_application::manage::providers::{self, NewProvider, ProviderChange};
use linli_application::manage::staff::{self, NewMember};
use linli_application::manage::{self, units};
use linli_application::{App, catalogue};
use linli_domain::id::{ExceptionId, GrantId, OfferingId, OrganisationId, PlaceId, ProviderId, UnitId};
use linli_domain::words;
use poem::Body;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::{Attachment, AttachmentType, Binary, Json};
use poem_openapi::{ApiRequest, Object, OpenApi};

use crate::actor::{Administrator, Desk, Manager};
use crate::answer::{Created, Done};
use crate::dto::catalogue::Offering;
use crate::dto::manage::{
    ExtraIn, ImportReport, ImportWhat, ManagedOffering, ManagedOrganisation, OfferingDetail, OfferingIn, ProviderOut,
    ScheduleIn, SheetFormat, StaffMember, VersionIn, VersionPreview, WrittenWords, said,
};
use crate::dto::{Clock, Id, InArea, On, RoleKey, Text};
use crate::problem::Answer;
use crate::request;
use crate::server::Tag;

/// Organisations one runs.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct OrganisationList {
    /// In the order they were made.
    items: Vec<ManagedOrganisation>,
}

/// Offerings of an organisation.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct ManagedList {
    /// In the order they were made.
    items: Vec<ManagedOffering>,
}

/// What may be changed of an offering at any time; what is not named stays.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct OfferingPatch {
    /// A word to residents; both texts empty take it away.
    note: Option<WrittenWords>,
    /// With whom.
    provider_id: Option<Id<ProviderId>>,
    /// With nobody in particular any more.
    #[oai(default)]
    no_provider: bool,
    /// Only for residents of this area.
    residents_of: Option<InArea>,
    /// For everybody again.
    #[oai(default)]
    for_everybody: bool,
    /// The version of the offering that was seen.
    version: Option<i32>,
}

/// From which day.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct FromDay {
    /// The first day on which nothing is offered.
    from: On,
}

/// What a week would do.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct SchedulePreview {
    /// Orders that would lose their time.
    standing_orders_without_time: u32,
}

/// A room, a table, a machine.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct UnitIn {
    /// What it is called.
    name: WrittenWords,
}

/// What changes of a unit.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct UnitPatch {
    /// What it is called.
    name: Option<WrittenWords>,
    /// Its place in lists: lower ones are given out first.
    #[oai(validator(minimum(value = "0"), maximum(value = "10000")))]
    position: Option<i32>,
}

/// People who are booked.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct ProviderList {
    /// In the order they were added.
    items: Vec<ProviderOut>,
}

/// Somebody new.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct ProviderIn {
    /// Whose.
    organisation_id: Id<OrganisationId>,
    /// The key in imports; made up when it is left out.
    key: Option<Text<40>>,
    /// The name.
    name: WrittenWords,
    /// The professional title.
    title: Option<WrittenWords>,
    /// The department.
    department: Option<WrittenWords>,
    /// `female`, `male` or `unsaid`.
    #[oai(default = "unsaid")]
    gender: Text<6>,
}

fn unsaid() -> Text<6> {
    Text("unsaid".to_owned())
}

/// What changes of somebody; what is not named stays.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct ProviderPatch {
    /// The name.
    name: Option<WrittenWords>,
    /// The professional title.
    title: Option<WrittenWords>,
    /// The department.
    department: Option<WrittenWords>,
    /// `female`, `male` or `unsaid`.
    gender: Option<Text<6>>,
    /// The version that was seen.
    version: Option<i32>,
}

/// Who works for an organisation.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct StaffList {
    /// In the order they were named.
    items: Vec<StaffMember>,
}

/// A role to be given.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct StaffIn {
    /// For which organisation.
    organisation_id: Id<OrganisationId>,
    /// The phone of the holder's account.
    phone: Text<32>,
    /// `organisation_staff` or `organisation_manager`.
    role: RoleKey,
    /// The last day on which it holds.
    valid_until: Option<On>,
}

/// An organisation to be made.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct OrganisationIn {
    /// Its key in imports; made up when it is left out.
    key: Option<Text<40>>,
    /// What it is called.
    name: WrittenWords,
    /// The area it answers to.
    area_code: InArea,
    /// Its number.
    phone: Text<20>,
}

/// When a place is open on some weekdays.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct OpenIn {
    /// 1 (Monday) to 7 (Sunday).
    weekdays: Vec<u8>,
    /// Opening.
    from: Clock,
    /// Closing.
    to: Clock,
}

/// A place to be made.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct NewPlaceIn {
    /// Its key in imports; made up when it is left out.
    key: Option<Text<40>>,
    /// What stands there, as a key such as `health_station`.
    kind: Text<32>,
    /// What it is called.
    name: WrittenWords,
    /// The address.
    address: WrittenWords,
    /// The community or village it lies in.
    area_code: InArea,
    /// Degrees north, WGS-84.
    latitude: f64,
    /// Degrees east, WGS-84.
    longitude: f64,
    /// The number of its desk.
    phone: Text<20>,
    /// When it is open.
    #[oai(default)]
    hours: Vec<OpenIn>,
    /// What makes it usable for more people, as keys such as `ramp`.
    #[oai(default)]
    accessibility: Vec<Text<32>>,
}

/// Something that was made.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct MadeOrganisation {
    /// Which.
    id: Id<OrganisationId>,
}

/// A place that was made.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct MadePlace {
    /// Which.
    id: Id<PlaceId>,
}

/// Somebody who was added.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct MadeProvider {
    /// Which.
    id: Id<ProviderId>,
}

/// A file. What it is follows from its content.
#[derive(ApiRequest)]
enum ImportFile {
    /// Whatever it is.
    #[oai(content_type = "application/octet-stream")]
    Bytes(Binary<Body>),
    /// A CSV.
    #[oai(content_type = "text/csv")]
    Csv(Binary<Body>),
    /// A workbook.
    #[oai(content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")]
    Xlsx(Binary<Body>),
}

impl ImportFile {
    /// Its bytes, read only as far as they are allowed to go.
    async fn read(self) -> Answer<Vec<u8>> {
        let (Self::Bytes(body) | Self::Csv(body) | Self::Xlsx(body)) = self;
        Ok(body.0.into_bytes_limit(MOST_BYTES).await.map_err(|_| imports::too_large())?.to_vec())
    }
}

pub(crate) fn saved(file: File) -> Attachment<Vec<u8>> {
    Attachment::new(file.bytes).attachment_type(AttachmentType::Attachment).filename(file.name)
}

fn week(offering: OfferingId, body: ScheduleIn) -> NewHours {
    let line = |line: crate::dto::manage::LineIn| NewLine {
        weekdays: line.weekdays,
        from: line.from.0,
        to: line.to.0,
        slot_minutes: line.slot_minutes,
        capacity: line.capacity,
    };
    NewHours {
        offering,
        valid_from: body.valid_from.0,
        lines: body.lines.into_iter().map(line).collect(),
        keep_orders: body.keep_orders,
        version: body.version,
    }
}

/// Running an organisation.
#[derive(Clone)]
pub struct ManageApi {
    /// The application.
    pub app: App,
}

#[OpenApi(prefix_path = "/manage", tag = "Tag::Manage")]
impl ManageApi {
    /// Organisations I run
    #[oai(path = "/organisations", method = "get", operation_id = "managed_organisations")]
    async fn organisations(&self, actor: Manager) -> Answer<Json<OrganisationList>> {
        let catalogue = self.app.catalogue().await?;
        let view = |one: &catalogue::Organisation| ManagedOrganisation {
            id: Id(one.id),
            key: one.key.clone(),
            name: (&one.name).into(),
            area_code: InArea(one.area.clone()),
            phone: one.phone.clone(),
        };
        let items = manage::managed(&catalogue, &actor).into_iter().map(view).collect();
        Ok(Json(OrganisationList { items }))
    }

    /// Make an organisation
    #[oai(path = "/organisations", method = "post", operation_id = "make_organisation")]
    async fn make_organisation(
        &self,
        actor: Administrator,
        body: Json<OrganisationIn>,
    ) -> Answer<Created<MadeOrganisation>> {
        let OrganisationIn { key, name, area_code, phone } = body.0;
        let new = NewOrganisation { key: key.map(|key| key.0), name: name.into(), area: area_code.0, phone: phone.0 };
        let id = district::add_organisation(&self.app, &actor, new).await?;
        Ok(Created::Made(Json(MadeOrganisation { id: Id(id) })))
    }

    /// Make a place
    #[oai(path = "/places", method = "post", operation_id = "make_place")]
    async fn make_place(&self, actor: Administrator, body: Json<NewPlaceIn>) -> Answer<Created<MadePlace>> {
        let body = body.0;
        let hours = body.hours.iter().flat_map(|open| {
            let (from, to) = (open.from.0, open.to.0);
            open.weekdays.iter().map(move |weekday| district::Hours { weekday: *weekday, from, to })
        });
        let new = NewPlace {
            key: body.key.map(|key| key.0),
            kind: body.kind.0,
            name: body.name.into(),
            address: body.address.into(),
            area: body.area_code.0,
            latitude: body.latitude,
            longitude: body.longitude,
            phone: body.phone.0,
            hours: hours.collect(),
            accessibility: body.accessibility.into_iter().map(|key| key.0).collect(),
        };
        let id = district::add_place(&self.app, &actor, new).await?;
        Ok(Created::Made(Json(MadePlace { id: Id(id) })))
    }

    /// Offerings of an organisation
    #[oai(path = "/offerings", method = "get", operation_id = "managed_offerings")]
    async fn offerings(&self, actor: Manager, organisation: Query<Id<OrganisationId>>) -> Answer<Json<ManagedList>> {
        let catalogue = self.app.catalogue().await?;
        let id = organisation.0.0;
        manage::organisation(&catalogue, &actor, id)?;
        let today = self.app.now().day();
        let view = |offered: &catalogue::Offered| {
            Ok(ManagedOffering {
                offering: Offering::of(&self.app, &catalogue, offered)?,
                key: offered.offering.key.clone(),
                shape: self.app.platforms.kind(&offered.offering.kind).map(|kind| kind.shape.into()),
                ended: offered.has_ended(today),
            })
        };
        let theirs = catalogue.offerings.values().filter(|offered| offered.offering.organisation == id);
        Ok(Json(ManagedList { items: theirs.map(view).collect::<Answer<_>>()? }))
    }

    /// Put something on offer
    #[oai(path = "/offerings", method = "post", operation_id = "make_offering")]
    async fn make_offering(&self, actor: Manager, body: Json<OfferingIn>) -> Answer<Created<OfferingDetail>> {
        let body = body.0;
        let new = NewOffering {
            key: body.key.map(|key| key.0),
            kind: body.kind.0,
            organisation: body.organisation_id.0,
            place: body.place_id.0,
            provider: body.provider_id.map(|id| id.0),
            residents_of: body.residents_of.map(|code| code.0),
            note: said(body.note),
            rules: body.rules.try_into()?,
            valid_from: body.valid_from.0,
        };
        let id = offerings::create(&self.app, &actor, new).await?;
        Ok(Created::Made(Json(self.detail(&actor, id).await?)))
    }

    /// Everything of an offering
    #[oai(path = "/offerings/:id", method = "get", operation_id = "managed_offering")]
    async fn offering(&self, actor: Manager, id: Path<Id<OfferingId>>) -> Answer<Json<OfferingDetail>> {
        Ok(Json(self.detail(&actor, id.0.0).await?))
    }

    /// Change what can be changed at any time
    #[oai(path = "/offerings/:id", method = "patch", operation_id = "change_offering")]
    async fn change_offering(
        &self,
        actor: Manager,
        id: Path<Id<OfferingId>>,
        body: Json<OfferingPatch>,
    ) -> Answer<Json<OfferingDetail>> {
        let OfferingPatch { note, provider_id, no_provider, residents_of, for_everybody, version } = body.0;
        let change = OfferingChange {
            note: note.map(words::Words::from),
            provider: if no_provider { Some(None) } else { provider_id.map(|id| Some(id.0)) },
            residents_of: if for_everybody { Some(None) } else { residents_of.map(|code| Some(code.0)) },
            version,
        };
        offerings::amend(&self.app, &actor, id.0.0, change).await?;
        Ok(Json(self.detail(&actor, id.0.0).await?))
    }

    /// What new rules would be
    ///
    /// Orders that stand keep the rules and the price they were placed under; it says how many there are.
    #[oai(path = "/offerings/:id/versions/preview", method = "post", operation_id = "preview_rules")]
    async fn preview_rules(
        &self,
        actor: Manager,
        id: Path<Id<OfferingId>>,
        body: Json<VersionIn>,
    ) -> Answer<Json<VersionPreview>> {
        let new = rules(id.0.0, body.0)?;
        let (rules, standing_orders) = offerings::preview_rules(&self.app, &actor, &new).await?;
        Ok(Json(VersionPreview { rules: (&rules).into(), standing_orders }))
    }

    /// Set rules from a day on
    #[oai(path = "/offerings/:id/versions", method = "post", operation_id = "set_rules")]
    async fn set_rules(
        &self,
        actor: Manager,
        id: Path<Id<OfferingId>>,
        body: Json<VersionIn>,
    ) -> Answer<Created<OfferingDetail>> {
        offerings::set_rules(&self.app, &actor, rules(id.0.0, body.0)?).await?;
        Ok(Created::Made(Json(self.detail(&actor, id.0.0).await?)))
    }

    /// Close an offering from a day on
    ///
    /// Refused while residents have something to come from that day on; it says how many.
    #[oai(path = "/offerings/:id/close", method = "post", operation_id = "close_offering")]
    async fn close_offering(
        &self,
        actor: Manager,
        id: Path<Id<OfferingId>>,
        body: Json<FromDay>,
    ) -> Answer<Json<OfferingDetail>> {
        offerings::close(&self.app, &actor, id.0.0, body.0.from.0).await?;
        Ok(Json(self.detail(&actor, id.0.0).await?))
    }

    /// What a week would do
    #[oai(path = "/offerings/:id/schedule/preview", method = "post", operation_id = "preview_schedule")]
    async fn preview_schedule(
        &self,
        actor: Manager,
        id: Path<Id<OfferingId>>,
        body: Json<ScheduleIn>,
    ) -> Answer<Json<SchedulePreview>> {
        let count = hours::preview(&self.app, &actor, &week(id.0.0, body.0)).await?;
        Ok(Json(SchedulePreview { standing_orders_without_time: count }))
    }

    /// Set the week from a day on
    ///
    /// Refused where orders would lose their time, unless `keep_orders` says that they stay as they are.
    #[oai(path = "/offerings/:id/schedule", method = "put", operation_id = "set_schedule")]
    async fn set_schedule(
        &self,
        actor: Manager,
        id: Path<Id<OfferingId>>,
        body: Json<ScheduleIn>,
    ) -> Answer<Json<OfferingDetail>> {
        hours::set(&self.app, &actor, week(id.0.0, body.0)).await?;
        Ok(Json(self.detail(&actor, id.0.0).await?))
    }

    /// Extra hours on a day
    #[oai(path = "/offerings/:id/extra-hours", method = "post", operation_id = "add_extra_hours")]
    async fn add_extra_hours(
        &self,
        actor: Manager,
        id: Path<Id<OfferingId>>,
        body: Json<ExtraIn>,
    ) -> Answer<Created<OfferingDetail>> {
        let ExtraIn { day, from, to, slot_minutes, capacity, reason } = body.0;
        let new =
            NewExtra { offering: id.0.0, day: day.0, from: from.0, to: to.0, slot_minutes, capacity, reason: reason.0 };
        hours::add_extra(&self.app, &actor, new).await?;
        Ok(Created::Made(Json(self.detail(&actor, id.0.0).await?)))
    }

    /// Take a coming day off or extra hours back
    ///
    /// The places of a day that was off are given out again.
    #[oai(path = "/exceptions/:id", method = "delete", operation_id = "remove_exception")]
    async fn remove_exception(&self, actor: Manager, id: Path<Id<ExceptionId>>) -> Answer<Done> {
        hours::remove_exception(&self.app, &actor, id.0.0).await?;
        Ok(Done::Nothing)
    }

    /// Add a room, a table, a machine
    #[oai(path = "/offerings/:id/units", method = "post", operation_id = "add_unit")]
    async fn add_unit(
        &self,
        actor: Manager,
        id: Path<Id<OfferingId>>,
        body: Json<UnitIn>,
    ) -> Answer<Created<OfferingDetail>> {
        units::add(&self.app, &actor, id.0.0, &body.0.name.into()).await?;
        Ok(Created::Made(Json(self.detail(&actor, id.0.0).await?)))
    }

    /// Change a room, a table, a machine
    #[oai(path = "/offerings/:id/units/:unit", method = "patch", operation_id = "change_unit")]
    async fn change_unit(
        &self,
        actor: Manager,
        id: Path<Id<OfferingId>>,
        unit: Path<Id<UnitId>>,
        body: Json<UnitPatch>,
    ) -> Answer<Json<OfferingDetail>> {
        let UnitPatch { name, position } = body.0;
        units::amend(&self.app, &actor, id.0.0, unit.0.0, name.map(words::Words::from), position).await?;
        Ok(Json(self.detail(&actor, id.0.0).await?))
    }

    /// End a room, a table, a machine
    ///
    /// Refused while orders or meetings use it from that day on.
    #[oai(path = "/offerings/:id/units/:unit", method = "delete", operation_id = "end_unit")]
    async fn end_unit(
        &self,
        actor: Manager,
        id: Path<Id<OfferingId>>,
        unit: Path<Id<UnitId>>,
        /// The first day without it; today if it is left out.
        from: Query<Option<On>>,
    ) -> Answer<Done> {
        units::end(&self.app, &actor, id.0.0, unit.0.0, from.0.map(|day| day.0)).await?;
        Ok(Done::Nothing)
    }

    /// People who are booked
    #[oai(path = "/providers", method = "get", operation_id = "managed_providers")]
    async fn providers(&self, actor: Manager, organisation: Query<Id<OrganisationId>>) -> Answer<Json<ProviderList>> {
        let found = providers::list(&self.app, &actor, organisation.0.0).await?;
        let view = |(one, version): (catalogue::Provider, i32)| ProviderOut {
            id: Id(one.id),
            key: one.key,
            name: one.name.into(),
            title: one.title.into(),
            department: one.department.into(),
            gender: one.gender,
            version,
        };
        Ok(Json(ProviderList { items: found.into_iter().map(view).collect() }))
    }

    /// Add somebody who is booked
    #[oai(path = "/providers", method = "post", operation_id = "add_provider")]
    async fn add_provider(&self, actor: Manager, body: Json<ProviderIn>) -> Answer<Created<MadeProvider>> {
        let ProviderIn { organisation_id, key, name, title, department, gender } = body.0;
        let new = NewProvider {
            organisation: organisation_id.0,
            key: key.map(|key| key.0),
            name: name.into(),
            title: said(title),
            department: said(department),
            gender: gender.0,
        };
        let id = providers::add(&self.app, &actor, new).await?;
        Ok(Created::Made(Json(MadeProvider { id: Id(id) })))
    }

    /// Change what is said of somebody who is booked
    #[oai(path = "/providers/:id", method = "patch", operation_id = "change_provider")]
    async fn change_provider(
        &self,
        actor: Manager,
        id: Path<Id<ProviderId>>,
        body: Json<ProviderPatch>,
    ) -> Answer<Done> {
        let ProviderPatch { name, title, department, gender, version } = body.0;
        let change = ProviderChange {
            name: name.map(Into::into),
            title: title.map(Into::into),
            department: department.map(Into::into),
            gender: gender.map(|gender| gender.0),
            version,
        };
        providers::amend(&self.app, &actor, id.0.0, change).await?;
        Ok(Done::Nothing)
    }

    /// Who works for an organisation
    #[oai(path = "/staff", method = "get", operation_id = "managed_staff")]
    async fn staff(&self, actor: Manager, organisation: Query<Id<OrganisationId>>) -> Answer<Json<StaffList>> {
        let found = staff::list(&self.app, &actor, organisation.0.0).await?;
        Ok(Json(StaffList { items: found.into_iter().map(StaffMember::from).collect() }))
    }

    /// Give a role
    #[oai(path = "/staff", method = "post", operation_id = "add_staff")]
    async fn add_staff(&self, actor: Manager, body: Json<StaffIn>) -> Answer<Created<StaffMember>> {
        let StaffIn { organisation_id, phone, role, valid_until } = body.0;
        let new = NewMember {
            organisation: organisation_id.0,
            phone: phone.0,
            role: role.into(),
            valid_until: valid_until.map(|day| day.0),
        };
        Ok(Created::Made(Json(staff::give(&self.app, &actor, new).await?.into())))
    }

    /// End a role
    #[oai(path = "/staff/:id", method = "delete", operation_id = "end_staff")]
    async fn end_staff(&self, actor: Manager, id: Path<Id<GrantId>>) -> Answer<Done> {
        staff::end(&self.app, &actor, id.0.0).await?;
        Ok(Done::Nothing)
    }

    /// Import a table
    ///
    /// CSV in UTF-8, GB 18030 or UTF-16, or XLSX; at most 5 MiB and 5,000 rows. Everything that is wrong is told row by
    /// row; only when nothing is, and `dry_run` does not say so, everything is written at once. The same file again
    /// changes nothing.
    #[oai(path = "/imports/:what", method = "post", operation_id = "import_table")]
    async fn import(
        &self,
        actor: Manager,
        what: Path<ImportWhat>,
        organisation: Query<Id<OrganisationId>>,
        /// Only look.
        #[oai(default)]
        dry_run: Query<bool>,
        /// Of weekly hours: orders whose time would vanish stay as they are.
        #[oai(default)]
        keep_orders: Query<bool>,
        file: ImportFile,
    ) -> Answer<Json<ImportReport>> {
        let wanted = Wanted {
            what: what.0.into(),
            organisation: organisation.0.0,
            dry_run: dry_run.0,
            keep_orders: keep_orders.0,
        };
        let bytes = file.read().await?;
        Ok(Json(imports::import(&self.app, &actor, wanted, bytes).await?.into()))
    }

    /// A file to begin with
    ///
    /// With the columns of the table, an example, and in a workbook a sheet that says what each column means. With an
    /// organisation, its weekly hours as they are now stand in it.
    #[oai(path = "/imports/:what/template", method = "get", operation_id = "import_template")]
    async fn template(
        &self,
        actor: Manager,
        what: Path<ImportWhat>,
        format: Query<SheetFormat>,
        organisation: Query<Option<Id<OrganisationId>>>,
    ) -> Answer<Attachment<Vec<u8>>> {
        let (organisation, format) = (organisation.0.map(|id| id.0), format.0.into());
        let file =
            imports::template(&self.app, &actor, what.0.into(), organisation, format, request::language()).await?;
        Ok(saved(file))
    }

    async fn detail(&self, actor: &Manager, id: OfferingId) -> Answer<OfferingDetail> {
        let detail = offerings::detail(&self.app, actor, id).await?;
        OfferingDetail::of(&self.app, &*self.app.catalogue().await?, id, detail)
    }
}

fn rules(offering: OfferingId, body: VersionIn) -> Answer<NewRules> {
    let VersionIn { rules, valid_from, version } = body;
    Ok(NewRules { offering, rules: rules.try_into()?, valid_from: valid_from.0, version })
}

/// What can be taken along as a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, poem_openapi::Enum)]
#[oai(rename_all = "snake_case")]
pub enum ExportWhat {
    /// The bookings of an offering.
    Bookings,
}

/// Files for the desk.
#[derive(Clone)]
pub struct ExportApi {
    /// The application.
    pub app: App,
}

#[OpenApi(tag = "Tag::Desk")]
impl ExportApi {
    /// Save what the desk sees
    ///
    /// Phones are masked, nothing in it can be carried out by a spreadsheet, and it is on record who saved it. At most
    /// 20,000 rows.
    #[oai(path = "/desk/export", method = "get", operation_id = "desk_export")]
    async fn export(
        &self,
        actor: Desk,
        what: Query<ExportWhat>,
        offering: Query<Id<OfferingId>>,
        /// The first day.
        from: Query<On>,
        /// The last day.
        to: Query<On>,
        format: Query<SheetFormat>,
    ) -> Answer<Attachment<Vec<u8>>> {
        let (days, format, language) = ((from.0.0, to.0.0), format.0.into(), request::language());
        let file = match what.0 {
            ExportWhat::Bookings => export::bookings(&self.app, &actor, offering.0.0, days, format, language).await?,
        };
        Ok(saved(file))
    }
}
