//! A workflow reaches one of our actions: what it asks for is done in Kleer, once, and HubSpot shows it.

mod access;
mod agreements;
mod bad_values;
mod busy;
mod clients;
mod crash;
mod crowds;
mod edges;
mod invoices;
mod projects;

use std::collections::BTreeMap;

use domain::{ObjectType, PortalId};
use hubspot::{AssociationSpec, LabelledPair, Pair, PropertyCreate};
use hubspot_sim::{Execution, ExecutionState};
use local::pretend::PORTAL;

use super::{World, client, minutes, product, seconds};

const DEMO: u64 = PORTAL.unsigned_abs();
/// HubSpot's type of a deal's primary company.
const PRIMARY: u32 = 5;

/// A World with everything switched on, a client whose company HubSpot has, two products, and a deal with that company.
pub(super) struct Shop {
    pub(super) world: World,
    /// The client in Kleer.
    pub(super) client: i64,
    /// Its company in HubSpot.
    pub(super) company: u64,
    /// The deal.
    pub(super) deal: u64,
}

impl Shop {
    pub(super) fn open() -> Self {
        Self::of(World::whole())
    }

    /// The same with as little to synchronize as an action needs, for stories that are told many times over.
    pub(super) fn small() -> Self {
        let types = [ObjectType::Product, ObjectType::Client, ObjectType::LineItem];
        Self::of(World::of(local::pretend::Scene::of(0, 0), &types))
    }

    fn of(mut world: World) -> Self {
        let client = world.kleer(|kleer| {
            kleer.add_product(kleer_sim::Product { unit: "tim".into(), ..product("Konsulttimme", 95_000) });
            kleer.add_product(product("Licens", 10_000));
            kleer.add_client(kleer_sim::Client {
                contact: "Eva Ek".into(),
                email: "faktura@akeri.se".into(),
                payment_days: 20,
                address: kleer_sim::Address {
                    address1: "Storgatan 1".into(),
                    address2: "Plan 2".into(),
                    zip_code: "111 22".into(),
                    state: "Stockholm".into(),
                    country: "Sverige".into(),
                },
                ..client("Åkeri AB")
            })
        });
        world.pass(minutes(3));
        let company = world.records("companies")[0].id;
        let deal = new_deal(&world, "Bygget");
        make_property(&world, "line_items", "kleer_product_id");
        let shop = Self { world, client, company, deal };
        shop.associate("companies", company, PRIMARY);
        shop
    }

    /// Associates the deal with a record of another type.
    pub(super) fn associate(&self, to: &str, id: u64, type_id: u32) {
        self.associate_deal(self.deal, to, id, type_id);
    }

    pub(super) fn associate_deal(&self, deal: u64, to: &str, id: u64, type_id: u32) {
        let pair = Pair { from: deal.to_string(), to: id.to_string() };
        let labelled = LabelledPair { pair, types: vec![AssociationSpec::hubspot_defined(type_id)] };
        self.world.clock.run(async {
            let connection = self.world.app().connect(PortalId(PORTAL)).await.unwrap();
            let answer = connection.hubspot.associations().create_labelled("deals", to, &[labelled]).await.unwrap();
            assert!(!answer.has_errors(), "{answer:?}");
        });
    }

    /// Puts a line item on the deal.
    pub(super) fn line(&self, values: &[(&str, &str)]) -> u64 {
        let id = self.world.person_creates("line_items", values);
        self.associate("line_items", id, 19);
        id
    }

    /// The product of HubSpot's library that a product of Kleer's has become.
    pub(super) fn library(&self, name: &str) -> String {
        let products = self.world.records("products");
        products.iter().find(|product| product.get("name") == Some(name)).expect("it was synchronized").id.to_string()
    }

    /// A workflow enrols the deal; its outputs.
    pub(super) fn acts(&mut self, action: &str, fields: &[(&str, &str)]) -> Told {
        self.acts_on("deals", self.deal, action, fields)
    }

    pub(super) fn acts_on(&mut self, object: &str, record: u64, action: &str, fields: &[(&str, &str)]) -> Told {
        let hubspot = &self.world.pretend.hubspot;
        let callback = hubspot.enrol(DEMO, object, record, action, fields).expect("HubSpot enrols it");
        self.world.pass(seconds(30));
        self.told(&callback)
    }

    /// What became of an execution.
    pub(super) fn told(&self, callback: &str) -> Told {
        Told(self.world.pretend.hubspot.execution(callback).expect("it was enrolled"))
    }

    /// A property of the deal.
    pub(super) fn of_deal(&self, property: &str) -> String {
        let record = self.world.pretend.hubspot.record(DEMO, "deals", self.deal).expect("it is there");
        record.get(property).unwrap_or("-").to_owned()
    }

    /// How many records of a type a record is associated with.
    pub(super) fn associated(&self, from: &str, id: u64, to: &str) -> usize {
        self.world.pretend.hubspot.associations(DEMO, from, id, to).len()
    }
}

/// The portal has a property: made by us earlier, or by a person.
pub(super) fn make_property(world: &World, object: &str, name: &str) {
    world.clock.run(async {
        let connection = world.app().connect(PortalId(PORTAL)).await.unwrap();
        let found = connection.hubspot.properties().list(object).await.unwrap();
        let property = PropertyCreate {
            name: name.into(),
            label: name.into(),
            value_type: "string".into(),
            field_type: "text".into(),
            group_name: found.iter().find(|property| property.name == "hs_object_id").unwrap().group_name.clone(),
            ..PropertyCreate::default()
        };
        connection.hubspot.properties().create(object, &property).await.unwrap();
        world.clock.sleep(seconds(2)).await;
    });
}

/// A person makes a deal.
pub(super) fn new_deal(world: &World, name: &str) -> u64 {
    world.person_creates("deals", &[("dealname", name), ("pipeline", "default"), ("dealstage", "closedwon")])
}

/// What HubSpot was told.
#[derive(Debug)]
pub(super) struct Told(pub(super) Execution);

impl Told {
    pub(super) fn output(&self, name: &str) -> &str {
        self.0.outputs.get(name).map_or("-", String::as_str)
    }

    /// The result, the code, the input to blame and the words, as far as there are any.
    pub(super) fn words(&self) -> String {
        let names = ["result", "error_code", "error_field", "error_message", "note"];
        let words: Vec<&str> = names.iter().map(|name| self.output(name)).filter(|word| !word.is_empty()).collect();
        words.join(" | ")
    }

    /// It was done; the id in Kleer.
    #[track_caller]
    pub(super) fn id(&self, output: &str) -> i64 {
        assert_eq!(self.0.state, ExecutionState::Succeeded, "{:?}", self.0);
        self.output(output).parse().expect("an id")
    }

    /// A person has to mend something; the code.
    #[track_caller]
    pub(super) fn code(&self) -> &str {
        assert_eq!(self.0.state, ExecutionState::FailedContinue, "{:?}", self.0);
        self.output("error_code")
    }
}

/// The rows of an invoice in Kleer, a line each.
pub(super) fn rows(rows: &[kleer_sim::InvoiceRow]) -> String {
    let line = |row: &kleer_sim::InvoiceRow| {
        let discount = row.discount.map(|discount| format!(" -{discount:?}")).unwrap_or_default();
        format!(
            "{} | {} {} x {}{discount} | product {}",
            row.description, row.quantity, row.unit, row.price, row.product.id
        )
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// The same of an agreement's.
pub(super) fn agreement_rows(rows: &[kleer_sim::AgreementRow]) -> String {
    let line = |row: &kleer_sim::AgreementRow| {
        let product = row.product.map_or_else(|| "-".to_owned(), |product| product.id.to_string());
        format!("{} | {} {} x {} | product {product}", row.description, row.quantity, row.unit, row.price)
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// The body of a call as HubSpot writes it (contract hubspot-platform §6.1).
pub(super) fn body(callback: &str, portal: i64, object_type: &str, record: u64, fields: &[(&str, &str)]) -> String {
    let fields: BTreeMap<&str, &str> = fields.iter().copied().collect();
    serde_json::json!({
        "callbackId": callback,
        "origin": { "portalId": portal, "actionDefinitionId": 7001, "actionDefinitionVersion": 1 },
        "context": { "workflowId": 8001, "source": "WORKFLOWS" },
        "object": { "objectId": record, "objectType": object_type },
        "fields": fields,
        "inputFields": fields,
    })
    .to_string()
}
