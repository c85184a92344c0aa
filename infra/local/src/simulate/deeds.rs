//! The list of everything that can happen in a run, with how often it does.

/// Something that happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Deed {
    /// A bookkeeper does something in Kleer.
    Kleer(Kleer),
    /// A salesperson does something in HubSpot.
    HubSpot(HubSpot),
    /// The user changes a setting.
    Settings(Settings),
    /// A workflow reaches an action.
    Workflow(Workflow),
    /// An administrator does something that hurts the connection.
    Admin(Admin),
    /// Something goes wrong by itself.
    Trouble(Trouble),
    /// It goes wrong no longer.
    Over(Trouble),
}

impl Deed {
    /// Whether it is a fault rather than what people do.
    pub(super) const fn is_trouble(self) -> bool {
        matches!(self, Self::Trouble(_) | Self::Over(_) | Self::Admin(_))
    }
}

macro_rules! deeds {
    ($(#[$doc:meta])* $name:ident { $($weight:literal $one:ident: $what:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum $name {
            $(#[doc = $what] $one,)*
        }

        impl $name {
            /// How often each happens.
            pub(super) const WEIGHTS: &[(u64, Self)] = &[$(($weight, Self::$one),)*];
        }
    };
}

deeds! {
    /// What a bookkeeper does.
    Kleer {
        6 CreateClient: "A client is made.",
        14 EditClient: "Fields of a client are edited.",
        3 DeactivateClient: "A client is no longer in use, or is again.",
        1 RemoveClient: "A client is deleted.",
        2 CreateProduct: "A product is made.",
        4 EditProduct: "A product is edited.",
        9 CreateInvoice: "A draft is made.",
        9 CertifyInvoice: "A draft gets its number.",
        6 PayInvoice: "An invoice is paid, or a part of it.",
        2 CreditInvoice: "An invoice is credited.",
        2 DisableInvoice: "An invoice is deleted, as users see it.",
        5 EditRows: "Rows of an invoice are inserted, removed, changed.",
        4 CreateAgreement: "An agreement is made.",
        7 ReviseAgreement: "An agreement gets other rows and fields.",
        1 DeleteAgreement: "An agreement is deleted, as users see it.",
        2 RunInvoicing: "Agreements are invoiced.",
        3 CreateProject: "A project is made.",
        6 EditProject: "A project is edited, its name too.",
        2 CloseProject: "A project is closed, or opened again.",
    }
}

deeds! {
    /// What a salesperson does.
    HubSpot {
        16 EditCompany: "Fields of a company are edited.",
        5 RenameCompany: "A company gets another name.",
        4 CreateCompany: "A company is made.",
        2 MergeCompanies: "Two companies become one.",
        2 DeleteRecord: "A record is deleted.",
        2 RestoreRecord: "A deleted record is restored.",
        8 EditProject: "A project is edited.",
        4 EditMirror: "Something is edited that only Kleer may change.",
        1 MakeChargeable: "An invoice or a subscription is made chargeable.",
    }
}

deeds! {
    /// What the user changes.
    Settings {
        3 AddMapping: "A field is mapped to a new property.",
        3 RemoveMapping: "A mapping is deleted.",
        2 GiveDefault: "A mapping gets a default value.",
        3 Toggle: "A type is switched off, or on again.",
        1 Window: "The invoice window changes.",
        1 Recreate: "A record that was deleted in HubSpot is made again.",
        1 Resync: "Everything is written again.",
        1 SyncNow: "A run is begun.",
    }
}

deeds! {
    /// What workflows do.
    Workflow {
        3 CreateClient: "A company becomes a client.",
        1 CreateClientFromMappings: "A company becomes a client by the mappings.",
        4 CreateInvoice: "A deal becomes an invoice.",
        3 CreateAgreement: "A deal becomes an agreement.",
        3 UpdateAgreement: "A deal changes an agreement.",
        2 CreateProject: "A deal becomes a project.",
        1 CreateProjectFromMappings: "A deal becomes a project by the mappings.",
    }
}

deeds! {
    /// What an administrator does.
    Admin {
        2 DeleteProperty: "A property that is mapped is deleted.",
        2 ChangeOptions: "The options of a property change.",
        2 RemoveScope: "The app loses a right.",
        2 Uninstall: "The app is uninstalled.",
        2 ExpireTokens: "Access tokens expire early.",
        2 RevokeKey: "The key to Kleer is revoked.",
        1 RequireProperty: "A property becomes required.",
        1 SealProperty: "A property becomes read-only.",
    }
}

deeds! {
    /// What goes wrong.
    Trouble {
        10 HubSpotFails: "HubSpot answers with a mixture of errors for a while.",
        5 HubSpotDown: "HubSpot does not answer for a while.",
        4 HubSpotSlow: "HubSpot is slow.",
        3 HubSpotMixed: "HubSpot refuses single inputs of batches.",
        2 HubSpotEmpty: "HubSpot answers with empty results.",
        2 HubSpotMoves: "HubSpot migrates the account: 477.",
        8 KleerFails: "Kleer answers with a mixture of errors for a while.",
        5 KleerDown: "Kleer does not answer for a while.",
        3 KleerSlow: "Kleer is slow.",
        2 KleerEmpty: "Kleer answers with empty lists.",
        2 KleerLate: "Kleer carries requests out after their caller gave up.",
        4 PageShift: "Invoices come and go between two pages of a list.",
        5 WebhooksFail: "Webhooks come twice, late, out of order, or never.",
        5 Queue: "The queue delivers twice, to two at once, and again.",
        5 Store: "The store is throttled, fails and loses answers.",
        6 Kill: "The process is killed.",
        8 Die: "The process dies in the middle of a call.",
        2 Search: "Search lags far behind.",
    }
}
