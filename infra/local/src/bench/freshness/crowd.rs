//! Many portals, each with a Kleer company of its own, and edits in them.

use std::time::Duration;

use app::{Config, Credentials};
use domain::{KleerCompanyId, ObjectType, PortalId, schedule};
use jiff::Timestamp;
use rest::Clock;
use sync::NewPortal;

use super::{CLIENTS, PROJECTS};
use crate::demo::DemoError;
use crate::machine::{Home, Machine};
use crate::pretend::{self, APP_TOKEN, COMPANY, KLEER_KEY, PORTAL, Pretend, Scene};

/// The shortest schedule that can be chosen.
const EVERY_S: u32 = 60;
/// What the pretend Kleer's own 100 ms lack of 500.
const SLOWER: Duration = Duration::from_millis(400);

/// Which way an edit goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A client, in Kleer.
    Client,
    /// A company, in HubSpot, which tells us.
    Company,
    /// A project, in HubSpot, which does not.
    Project,
}

impl Kind {
    pub(super) const ALL: [Self; 3] = [Self::Client, Self::Company, Self::Project];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Client => "client changed in Kleer, 95 of 100 in HubSpot within",
            Self::Company => "company changed in HubSpot, 95 of 100 in Kleer within",
            Self::Project => "project changed in HubSpot, 95 of 100 in Kleer within",
        }
    }

    pub(super) const fn target(self) -> Duration {
        Duration::from_secs(match self {
            Self::Client => 90,
            Self::Company => 10,
            Self::Project => 330,
        })
    }
}

/// Something changed, in one portal.
#[derive(Debug, Clone)]
pub(super) struct Edit {
    pub(super) kind: Kind,
    /// When it is to be made, then when it was.
    pub(super) at: Timestamp,
    portal: i64,
    /// The new value, which nothing else has.
    value: String,
}

/// All of it.
#[derive(Debug)]
pub(super) struct Crowd {
    pub(super) pretend: Pretend,
    pub(super) machine: Machine,
    portals: i64,
}

impl Crowd {
    /// Both services with that many portals; all are connected but the one that is to be filled, the first.
    pub(super) async fn gather(portals: i64, backlog: u32, clock: &Clock) -> Result<Self, DemoError> {
        let scene = Scene { latency: true, ..Scene::of(backlog, 0) };
        let pretend = Pretend::crowd(&scene, clock, portals - 1).map_err(DemoError::Simulators)?;
        let config = Config::read(pretend::variable)?;
        pretend.hubspot.calls(&config.public_base_url).map_err(|e| DemoError::Simulators(std::io::Error::other(e)))?;
        let mut transports = pretend.transports();
        transports.kleer = pretend::slower(transports.kleer, clock, SLOWER);
        let machine = Machine::start(config, &Home::Memory, clock.clone(), transports).await?;
        let crowd = Self { pretend, machine, portals };
        for number in 1..portals {
            crowd.populate(COMPANY + number);
            let token = pretend::app_token(PORTAL + number);
            crowd.connect(number, &token, vec![ObjectType::Client, ObjectType::Project]).await?;
        }
        Ok(crowd)
    }

    fn populate(&self, company: i64) {
        self.pretend.kleer.state(|state| {
            let company = state.add_company(company, kleer_sim::CompanyInformation::default());
            company.set_token(KLEER_KEY, [kleer_sim::AccessType::Administrator]);
            for number in 0..CLIENTS {
                let name = format!("Åkeri {number} AB");
                company.add_client(kleer_sim::Client { name, ..kleer_sim::Client::default() });
            }
            for number in 0..PROJECTS {
                let name = format!("Flytt {number}");
                company.add_project(kleer_sim::Project { name, ..kleer_sim::Project::default() });
            }
        });
    }

    /// Connects the portal that is to be filled.
    pub(super) async fn fill_one(&self) -> Result<(), DemoError> {
        self.connect(0, APP_TOKEN, vec![ObjectType::Client]).await
    }

    async fn connect(&self, number: i64, token: &str, objects: Vec<ObjectType>) -> Result<(), DemoError> {
        let new = NewPortal {
            portal: PortalId(PORTAL + number),
            kleer_company: KleerCompanyId(COMPANY + number),
            credentials: Credentials { access_token: token.into(), kleer_key: KLEER_KEY.into() },
            objects,
            every_s: Some(EVERY_S),
        };
        Ok(sync::set_up_portal(&self.machine.app, &new).await?)
    }

    /// So many edits of each kind, spread evenly over a span and over the portals; the last is the first to be made.
    pub(super) fn edits(&self, of_each: usize, begin: Timestamp, span: Duration) -> Vec<Edit> {
        let all = of_each * Kind::ALL.len();
        let edit = |number: usize| {
            let part = u32::try_from(number).unwrap_or(u32::MAX);
            Edit {
                kind: Kind::ALL[number % Kind::ALL.len()],
                at: schedule::later(begin, span * part / u32::try_from(all).unwrap_or(u32::MAX)),
                // A step that shares no factor with the number of portals visits all of them in no order that a schedule has.
                portal: 1 + i64::from(part) * 379 % (self.portals - 1),
                value: format!("edited {number}"),
            }
        };
        (0..all).rev().map(edit).collect()
    }

    /// Makes an edit, now.
    pub(super) fn make(&self, edit: Edit, now: Timestamp) -> Edit {
        let portal = (PORTAL + edit.portal).unsigned_abs();
        // Another record for each kind, so that no edit meets another.
        match edit.kind {
            Kind::Client => self.pretend.kleer.state(|state| {
                let company = state.company(COMPANY + edit.portal);
                let id = company.clients()[0].id;
                company.edit_client(id, |client| client.phone.clone_from(&edit.value));
            }),
            Kind::Company => self.in_hubspot(portal, "companies", "name", 1, &edit.value),
            Kind::Project => self.in_hubspot(portal, "projects", "hs_description", 0, &edit.value),
        }
        Edit { at: now, ..edit }
    }

    fn in_hubspot(&self, portal: u64, object: &str, property: &str, place: usize, value: &str) {
        let mut records = self.pretend.hubspot.records(portal, object);
        records.sort_by_key(|record| record.id);
        let id = records.get(place).map(|record| record.id).unwrap_or_default();
        let edited = self.pretend.hubspot.person_edits(portal, object, id, &[(property, value)]);
        edited.expect("the record came with the portal's first sync");
    }

    /// Whether an edit is on the other side.
    pub(super) fn has_come(&self, edit: &Edit) -> bool {
        let value = edit.value.as_str();
        if edit.kind == Kind::Client {
            let companies = self.pretend.hubspot.records((PORTAL + edit.portal).unsigned_abs(), "companies");
            return companies.iter().any(|company| company.get("phone") == Some(value));
        }
        self.pretend.kleer.state(|state| {
            let company = state.company(COMPANY + edit.portal);
            match edit.kind {
                Kind::Project => company.projects().iter().any(|project| project.comment == value),
                _ => company.clients().iter().any(|client| client.name == value),
            }
        })
    }
}
