//! A company: one tenant with its tokens and records.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use super::{
    AccessType, Client, InvoiceTemplate, Kind, Product, User,
    document::{Document, overlay, parse, text_of},
    invoice::ledger::Ledger,
    records::{Record, Records},
    rights::Token,
};
use crate::Switches;

/// What `GET /info` answers (contract kleer-api §6).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct CompanyInformation {
    /// The company's name.
    pub name: String,
    /// Organisation number.
    pub orgno: String,
    /// ISO 4217.
    pub accounting_currency: String,
    /// Bankgiro number, digits only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bankgiro: Option<i64>,
    /// Where suppliers send invoices.
    pub supplier_invoice_email: String,
}

impl Default for CompanyInformation {
    fn default() -> CompanyInformation {
        CompanyInformation {
            name: "Demobolaget AB".to_owned(),
            orgno: "556677-8899".to_owned(),
            accounting_currency: "SEK".to_owned(),
            bankgiro: Some(50_507_854),
            supplier_invoice_email: "faktura@demobolaget.example".to_owned(),
        }
    }
}

/// A way to deliver invoices that a company has (contract kleer-api §6, `GET client/deliverytype`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryType {
    /// The name that stands in `delivery-type`.
    pub name: String,
    /// Whether it is the one that a client gets when none is named.
    pub default: bool,
}

/// One tenant.
#[derive(Clone, Debug)]
pub struct Company {
    pub(crate) information: CompanyInformation,
    pub(crate) delivery_types: Vec<DeliveryType>,
    pub(crate) tokens: BTreeMap<String, Token>,
    pub(crate) clients: Records,
    pub(crate) products: Records,
    pub(crate) users: Records,
    pub(crate) invoices: Records,
    pub(crate) agreements: Records,
    pub(crate) projects: Records,
    pub(crate) templates: Vec<InvoiceTemplate>,
    /// Derived from the invoices.
    pub(crate) ledger: Ledger,
    /// The time, as of when the state last handed the company out.
    pub(crate) now: Timestamp,
    /// The switches, as of then.
    pub(crate) switches: Switches,
}

impl Company {
    /// A company with one user, no token and no records.
    pub(crate) fn new(information: CompanyInformation) -> Company {
        let named = |(name, default): (&str, bool)| DeliveryType { name: name.to_owned(), default };
        let mut company = Company {
            information,
            delivery_types: [("Mail", false), ("Email", true), ("Manually", false), ("Efaktura", false)]
                .map(named)
                .to_vec(),
            tokens: BTreeMap::new(),
            clients: Records::default(),
            products: Records::default(),
            users: Records::default(),
            invoices: Records::default(),
            agreements: Records::default(),
            projects: Records::default(),
            templates: InvoiceTemplate::standard(),
            ledger: Ledger::default(),
            now: Timestamp::UNIX_EPOCH,
            switches: Switches::default(),
        };
        company.add_user(User {
            name: "Eva Ekonom".to_owned(),
            email: "eva.ekonom@demobolaget.example".to_owned(),
            ..User::default()
        });
        company
    }

    /// Learns what time it is and what is guessed.
    pub(crate) fn find_out(&mut self, now: Timestamp, switches: &Switches) {
        self.now = now;
        self.switches.clone_from(switches);
    }

    /// The company's name, number and so on, to look at or change.
    pub fn information(&mut self) -> &mut CompanyInformation {
        &mut self.information
    }

    /// The delivery types, to look at or change.
    pub fn delivery_types(&mut self) -> &mut Vec<DeliveryType> {
        &mut self.delivery_types
    }

    /// Issues a token for the company's first user, or gives one other rights.
    pub fn set_token(&mut self, token: &str, rights: impl IntoIterator<Item = AccessType>) {
        let user = self.first_user();
        self.tokens.insert(token.to_owned(), Token { user, rights: rights.into_iter().collect::<BTreeSet<_>>() });
    }

    /// Revokes a token; whether it was there.
    pub fn revoke_token(&mut self, token: &str) -> bool {
        self.tokens.remove(token).is_some()
    }

    /// Adds a client; returns its id.
    pub fn add_client(&mut self, mut client: Client) -> i64 {
        client.id = self.clients.next_id();
        self.clients.put(client.id, Record::new(client.encode(), &client.foreign_id));
        client.id
    }

    /// A client as it is now.
    pub fn client(&self, id: i64) -> Option<Client> {
        self.typed(Kind::Client, id)
    }

    /// All clients, by id. Parses every document.
    pub fn clients(&self) -> Vec<Client> {
        self.all_typed(Kind::Client)
    }

    /// Changes a client as a user of Kleer would; what the typed form does not name stays.
    ///
    /// # Panics
    /// If there is no such client.
    pub fn edit_client(&mut self, id: i64, edit: impl FnOnce(&mut Client)) {
        let mut client = self.client(id).unwrap_or_else(|| panic!("no client {id}"));
        let before = client.encode();
        edit(&mut client);
        self.replace(Kind::Client, id, &before, &client.encode());
    }

    /// Deletes a client; whether it was there.
    pub fn remove_client(&mut self, id: i64) -> bool {
        self.remove(Kind::Client, id)
    }

    /// Adds a product; returns its id.
    pub fn add_product(&mut self, mut product: Product) -> i64 {
        product.id = self.products.next_id();
        self.products.put(product.id, Record::new(product.encode(), &product.foreign_id));
        product.id
    }

    /// A product as it is now.
    pub fn product(&self, id: i64) -> Option<Product> {
        self.typed(Kind::Product, id)
    }

    /// All products, by id. Parses every document.
    pub fn products(&self) -> Vec<Product> {
        self.all_typed(Kind::Product)
    }

    /// Changes a product as a user of Kleer would.
    ///
    /// # Panics
    /// If there is no such product.
    pub fn edit_product(&mut self, id: i64, edit: impl FnOnce(&mut Product)) {
        let mut product = self.product(id).unwrap_or_else(|| panic!("no product {id}"));
        let before = product.encode();
        edit(&mut product);
        self.replace(Kind::Product, id, &before, &product.encode());
    }

    /// Deletes a product; whether it was there.
    pub fn remove_product(&mut self, id: i64) -> bool {
        self.remove(Kind::Product, id)
    }

    /// Adds a user; returns its id.
    pub fn add_user(&mut self, mut user: User) -> i64 {
        user.id = self.users.next_id();
        self.users.put(user.id, Record::new(user.encode(), user.foreign_id.as_deref().unwrap_or_default()));
        user.id
    }

    /// All users, by id.
    pub fn users(&self) -> Vec<User> {
        self.all_typed(Kind::User)
    }

    /// How many records of a kind there are.
    pub fn count(&self, kind: Kind) -> usize {
        self.records(kind).len()
    }

    /// A record's document as it is stored, key order and unknown elements included.
    pub fn document(&self, kind: Kind, id: i64) -> Option<Document> {
        self.records(kind).get(id).map(Record::document)
    }

    pub(crate) fn records(&self, kind: Kind) -> &Records {
        match kind {
            Kind::Client => &self.clients,
            Kind::Product => &self.products,
            Kind::User => &self.users,
            Kind::Invoice => &self.invoices,
            Kind::Agreement => &self.agreements,
            Kind::Project => &self.projects,
        }
    }

    fn records_mut(&mut self, kind: Kind) -> &mut Records {
        match kind {
            Kind::Client => &mut self.clients,
            Kind::Product => &mut self.products,
            Kind::User => &mut self.users,
            Kind::Invoice => &mut self.invoices,
            Kind::Agreement => &mut self.agreements,
            Kind::Project => &mut self.projects,
        }
    }

    /// Stores a document, its id first; a project's is doubled (contract kleer-api §3, rule 7).
    pub(crate) fn store(&mut self, kind: Kind, id: i64, mut document: Document) {
        document.shift_remove("id");
        let shown = if kind == Kind::Project { json!({ "id": id }) } else { id.into() };
        document.shift_insert(0, "id".to_owned(), shown);
        let foreign_id = text_of(&document, "foreign-id").to_owned();
        let text = Value::Object(document).to_string();
        if kind == Kind::Invoice {
            self.ledger.note(id, &typed(&text));
        }
        self.records_mut(kind).put(id, Record::new(text, &foreign_id));
    }

    /// Takes a record out; whether it was there.
    pub(crate) fn remove(&mut self, kind: Kind, id: i64) -> bool {
        if kind == Kind::Invoice {
            self.ledger.forget(id);
        }
        self.records_mut(kind).remove(id)
    }

    /// One record in its typed form.
    pub(crate) fn typed<T: DeserializeOwned>(&self, kind: Kind, id: i64) -> Option<T> {
        self.records(kind).get(id).map(|record| typed(record.text()))
    }

    /// All records of a kind in their typed form, by id.
    pub(crate) fn all_typed<T: DeserializeOwned>(&self, kind: Kind) -> Vec<T> {
        self.records(kind).iter().map(|(_, record)| typed(record.text())).collect()
    }

    /// The id of the user who was there first.
    pub(crate) fn first_user(&self) -> i64 {
        self.users.iter().next().map(|(id, _)| id).unwrap_or_default()
    }

    pub(crate) fn has_delivery_type(&self, name: &str) -> bool {
        self.delivery_types.iter().any(|delivery_type| delivery_type.name == name)
    }

    pub(crate) fn default_delivery_type(&self) -> Option<&str> {
        self.delivery_types.iter().find(|delivery_type| delivery_type.default).map(|found| found.name.as_str())
    }

    /// Puts into a record what an edit of its typed form changed.
    pub(crate) fn replace(&mut self, kind: Kind, id: i64, before: &str, after: &str) {
        let mut document = self.document(kind, id).expect("the caller has just read it");
        overlay(&mut document, &parse(before), parse(after));
        self.store(kind, id, document);
    }
}

fn typed<T: DeserializeOwned>(text: &str) -> T {
    serde_json::from_str(text).expect("a stored document fits its type: every write was checked against the schema")
}
