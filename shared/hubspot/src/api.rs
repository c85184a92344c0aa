//! The handle for one portal.

use std::sync::Arc;

use rest::{Answer, Budget, Calls, Client, Clock, Error, Request, Transport};
use secrecy::{ExposeSecret, SecretString};

use crate::account::Account;
use crate::associations::Associations;
use crate::groups::Groups;
use crate::objects::Objects;
use crate::paths::Paths;
use crate::pipelines::Pipelines;
use crate::properties::Properties;

/// The name of HubSpot in errors, logs and counters.
pub const SERVICE: &str = "hubspot";

/// The budget of everything that is in neither of the others.
pub const OBJECTS_BUDGET: &str = "objects";

/// Search has its own limit per account (contract hubspot-crm §5).
pub const SEARCH_BUDGET: &str = "search";

/// Association batches and labels have their own limit (contract hubspot-crm §6).
pub const ASSOCIATIONS_BUDGET: &str = "associations";

/// The three rate budgets of a portal (contract hubspot-crm §8).
#[derive(Clone)]
pub struct Budgets {
    /// 110 requests in 10 s per portal, less what others need.
    pub objects: Budget,
    /// 5 requests a second.
    pub search: Budget,
    /// 100 requests in 10 s.
    pub associations: Budget,
}

/// HubSpot as one portal sees it. Cheap to clone; made per portal with its access token, which lives 30 minutes.
#[derive(Clone, Debug)]
pub struct Api {
    client: Client,
    paths: Paths,
}

impl Api {
    /// A handle over a client that already has the portal's credentials and the three budgets, `objects` first.
    #[must_use]
    pub fn new(client: Client, paths: Paths) -> Api {
        Api { client, paths }
    }

    /// A handle for a portal's access token. The token is sent as a secret header and never shown.
    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "whoever connects hands the token over and keeps no copy")]
    pub fn connect(
        base_url: &str,
        transport: Transport,
        clock: Clock,
        token: SecretString,
        budgets: Budgets,
        calls: Arc<Calls>,
        paths: Paths,
    ) -> Api {
        let bearer = SecretString::from(format!("Bearer {}", token.expose_secret()));
        let client = Client::new(SERVICE, base_url, transport, clock)
            .secret_header("authorization", bearer)
            .budget(OBJECTS_BUDGET, budgets.objects)
            .budget(SEARCH_BUDGET, budgets.search)
            .budget(ASSOCIATIONS_BUDGET, budgets.associations)
            .calls(calls);
        Api::new(client, paths)
    }

    /// Records of any type.
    #[must_use]
    pub fn objects(&self) -> Objects<'_> {
        Objects { api: self }
    }

    /// Which records belong together.
    #[must_use]
    pub fn associations(&self) -> Associations<'_> {
        Associations { api: self }
    }

    /// Property definitions.
    #[must_use]
    pub fn properties(&self) -> Properties<'_> {
        Properties { api: self }
    }

    /// Property groups.
    #[must_use]
    pub fn groups(&self) -> Groups<'_> {
        Groups { api: self }
    }

    /// Pipelines and their stages.
    #[must_use]
    pub fn pipelines(&self) -> Pipelines<'_> {
        Pipelines { api: self }
    }

    /// The portal itself.
    #[must_use]
    pub fn account(&self) -> Account<'_> {
        Account { api: self }
    }

    /// The paths this handle uses.
    #[must_use]
    pub fn paths(&self) -> &Paths {
        &self.paths
    }

    pub(crate) async fn send(&self, request: Request) -> Result<Answer, Error> {
        self.client.send(request).await
    }

    pub(crate) async fn send_for<T: serde::de::DeserializeOwned>(&self, request: Request) -> Result<T, Error> {
        self.send(request).await?.json()
    }
}
