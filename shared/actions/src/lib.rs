//! The workflow actions: what a HubSpot workflow asks is done in Kleer, once.
//!
//! One file per action: what HubSpot is told of it ([`Definition`]), its typed input, the document it makes. This is their list.

mod agreement_inputs;
mod call;
mod client_card;
mod code;
mod common;
mod create_agreement;
mod create_client;
mod create_client_from_mappings;
mod create_invoice;
mod create_project;
mod create_project_from_mappings;
mod deal;
mod definition;
mod document;
mod execute;
pub mod hsmeta;
mod in_swedish;
mod inputs;
mod line_items;
mod live;
mod mapped;
mod options;
mod outcome;
mod products;
mod properties;
mod rows;
mod update_agreement;
mod words;
mod work;

use domain::ObjectType;

use work::Work;

pub use call::{Call, OptionsCall, read_call, read_options_call};
pub use code::ErrorCode;
pub use definition::{Choice, Definition, Input, Live, Meaning, Output, RunsOn, Shown};
pub use execute::{Ended, execute};
pub use inputs::Fields;
pub use options::{Page, options};
pub use outcome::{Deed, Done, Failure, Trouble, outputs};
pub use words::{Language, Words};

/// The closed list of actions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// What it does stands in `create_client.rs`.
    CreateClient,
    /// What it does stands in `create_client_from_mappings.rs`.
    CreateClientFromMappings,
    /// What it does stands in `create_invoice.rs`.
    CreateInvoice,
    /// What it does stands in `create_agreement.rs`.
    CreateAgreement,
    /// What it does stands in `update_agreement.rs`.
    UpdateAgreement,
    /// What it does stands in `create_project.rs`.
    CreateProject,
    /// What it does stands in `create_project_from_mappings.rs`.
    CreateProjectFromMappings,
}

impl Action {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::CreateClient,
        Self::CreateClientFromMappings,
        Self::CreateInvoice,
        Self::CreateAgreement,
        Self::UpdateAgreement,
        Self::CreateProject,
        Self::CreateProjectFromMappings,
    ];

    /// Everything fixed about it.
    #[must_use]
    pub fn definition(self) -> &'static Definition {
        match self {
            Self::CreateClient => &create_client::DEFINITION,
            Self::CreateClientFromMappings => &create_client_from_mappings::DEFINITION,
            Self::CreateInvoice => &create_invoice::DEFINITION,
            Self::CreateAgreement => &create_agreement::DEFINITION,
            Self::UpdateAgreement => &update_agreement::DEFINITION,
            Self::CreateProject => &create_project::DEFINITION,
            Self::CreateProjectFromMappings => &create_project_from_mappings::DEFINITION,
        }
    }

    /// The type of what it makes or changes in Kleer.
    #[must_use]
    pub const fn makes(self) -> ObjectType {
        match self {
            Self::CreateClient | Self::CreateClientFromMappings => ObjectType::Client,
            Self::CreateInvoice => ObjectType::Invoice,
            Self::CreateAgreement | Self::UpdateAgreement => ObjectType::Agreement,
            Self::CreateProject | Self::CreateProjectFromMappings => ObjectType::Project,
        }
    }

    async fn run(self, work: &Work<'_>) -> Result<Done, Trouble> {
        match self {
            Self::CreateClient => create_client::run(work).await,
            Self::CreateClientFromMappings => create_client_from_mappings::run(work).await,
            Self::CreateInvoice => create_invoice::run(work).await,
            Self::CreateAgreement => create_agreement::run(work).await,
            Self::UpdateAgreement => update_agreement::run(work).await,
            Self::CreateProject => create_project::run(work).await,
            Self::CreateProjectFromMappings => create_project_from_mappings::run(work).await,
        }
    }

    /// The action of that name in paths.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.definition().name == name)
    }
}
