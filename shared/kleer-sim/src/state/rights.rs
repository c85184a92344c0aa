//! Tokens and what they may do (contract kleer-api §2).

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// A right of a user, `access-type` in the schema; those that matter here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum AccessType {
    /// Reads everything.
    Auditor,
    /// Everything but payroll.
    Administrator,
    /// Everything.
    AdministratorWithPayroll,
    /// Agreements the user is responsible for.
    ClientAgreementOwn,
    /// Invoicing: clients, products, invoices, agreements.
    ClientInvoice,
    /// Reads what invoicing writes.
    ClientInvoiceRead,
    /// Makes invoice drafts.
    ClientInvoiceCreate,
    /// Certifies the user's own invoices.
    ClientInvoiceCertifyOwn,
    /// Invoices the user is responsible for.
    ClientInvoiceOwn,
    /// Projects the user leads.
    ClientProjectOwn,
    /// Dimensions.
    Dimensions,
    /// The user's own dimension entries.
    DimensionOwn,
    /// Everybody's time reports.
    Timereport,
    /// The user's own time reports.
    TimereportOwn,
}

/// What a request needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Right {
    /// Any token of the company.
    Any,
    /// To read clients.
    ReadClients,
    /// To create, update and delete clients.
    WriteClients,
    /// To read products.
    ReadProducts,
    /// To create and update products.
    WriteProducts,
    /// To list users.
    ReadUsers,
    /// To read invoices.
    ReadInvoices,
    /// To create, update and delete invoices.
    WriteInvoices,
    /// To read agreements.
    ReadAgreements,
    /// To create, update and delete agreements.
    WriteAgreements,
    /// To read projects.
    ReadProjects,
    /// To create and update projects.
    WriteProjects,
}

impl Right {
    /// The access types that grant it. The schema names access types, not what they open: the whole table is INFERRED
    /// from their names (contract kleer-api §2), and stands here alone. The rights that are about one's own records open
    /// all records of the kind here.
    fn granted_by(self) -> &'static [AccessType] {
        use AccessType::*;
        match self {
            Right::Any => &[],
            Right::ReadClients => &[
                Auditor,
                ClientInvoice,
                ClientInvoiceRead,
                ClientInvoiceCreate,
                ClientInvoiceCertifyOwn,
                ClientInvoiceOwn,
                ClientAgreementOwn,
                ClientProjectOwn,
            ],
            Right::ReadProducts => {
                &[Auditor, ClientInvoice, ClientInvoiceRead, ClientInvoiceCreate, ClientInvoiceOwn, ClientAgreementOwn]
            }
            Right::WriteClients | Right::WriteProducts => &[ClientInvoice, ClientInvoiceCreate],
            Right::ReadInvoices => &[
                Auditor,
                ClientInvoice,
                ClientInvoiceRead,
                ClientInvoiceCreate,
                ClientInvoiceCertifyOwn,
                ClientInvoiceOwn,
            ],
            Right::WriteInvoices => &[ClientInvoice, ClientInvoiceCreate, ClientInvoiceOwn],
            Right::ReadAgreements => &[Auditor, ClientInvoice, ClientInvoiceRead, ClientAgreementOwn],
            Right::WriteAgreements => &[ClientInvoice, ClientAgreementOwn],
            Right::ReadProjects => &[Auditor, ClientInvoice, ClientProjectOwn, Timereport],
            Right::WriteProjects => &[ClientInvoice, ClientProjectOwn],
            Right::ReadUsers => &[Auditor, ClientInvoice, ClientInvoiceRead, ClientInvoiceCreate, Timereport],
        }
    }
}

/// What a token stands for: one user in one company, with that user's rights.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Token {
    /// The user's id.
    pub user: i64,
    /// The user's rights.
    pub rights: BTreeSet<AccessType>,
}

impl Token {
    /// Whether the rights suffice.
    pub(crate) fn may(&self, right: Right) -> bool {
        right == Right::Any
            || self.rights.contains(&AccessType::Administrator)
            || self.rights.contains(&AccessType::AdministratorWithPayroll)
            || right.granted_by().iter().any(|access| self.rights.contains(access))
    }
}
