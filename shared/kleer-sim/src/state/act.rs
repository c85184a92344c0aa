//! What people do to records in Kleer's own pages besides editing them.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Company, Editor, Kind};
use crate::Refusal;

/// Every record that something touched. The first is the one that it was about, or that came of it.
pub(crate) type Touched = Vec<(Kind, i64)>;

/// Something that is done to a record of some kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Act {
    /// An invoice: the draft gets its number and is booked.
    Certify,
    /// An invoice: a payment is registered.
    Pay {
        /// Hundredths of the invoice's currency; all that remains if not given.
        #[serde(default)]
        amount: Option<i64>,
        /// The day of the payment; today if not given.
        #[serde(default)]
        date: Option<Date>,
    },
    /// An invoice: a certified credit of all of it is made.
    Credit,
    /// An invoice: it is marked as sent.
    Send,
    /// An invoice: it is deleted, as users see it.
    Disable,
    /// An agreement: it is deleted, as users see it.
    Delete,
    /// A project: time may be reported.
    Open,
    /// A project: it is done.
    Close,
}

impl Company {
    /// Does something to a record.
    pub(crate) fn act(&mut self, kind: Kind, id: i64, by: Editor, act: &Act) -> Result<Touched, Refusal> {
        match kind {
            Kind::Invoice => self.act_on_invoice(id, by, act),
            Kind::Agreement => self.act_on_agreement(id, act),
            Kind::Project => self.act_on_project(id, act),
            Kind::Client | Kind::Product | Kind::User => Err(Refusal::MethodUnknown),
        }
    }

    /// The same for tests, which know that it can be done.
    pub(crate) fn must_act(&mut self, kind: Kind, id: i64, act: &Act) -> Touched {
        let done = self.act(kind, id, Editor::Person, act);
        done.unwrap_or_else(|refusal| panic!("{act:?} of {} {id}: {refusal}", kind.name()))
    }
}
