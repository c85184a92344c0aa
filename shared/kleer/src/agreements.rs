//! Agreements: recurring invoicing (contract kleer-api §6 "Agreements", fields §7.4).
//!
//! Their types are certain, their paths are not: [`Api::probe_agreements`] finds out, and the other calls are told.

use rest::{Answer, Error, ErrorKind, Reason};
use serde_json::{Map, Value};

use crate::api::Api;
use crate::json::Document;
use crate::listing::Listing;
use crate::paths::{AGREEMENTS, item};

/// The key of the list of agreements. INFERRED by the rule for lists (contract kleer-api §3 rule 2).
const LIST: &str = "client-agreements";
/// What an agreement is wrapped in when it is updated. INFERRED: the wrapper is certain, its JSON is not (contract
/// kleer-api §14 point 2).
const UPDATE: &str = "client-agreement";
/// Where the answer to an update has the new revision's number.
const REVISION: &str = "revision-nr";

/// Where a Kleer has its agreements. Made by [`Api::probe_agreements`]; kept as text with the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AgreementPath(&'static str);

/// What a probe found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AgreementProbe {
    /// Agreements are here, and the key may read them.
    Found(AgreementPath),
    /// They seem to be here, but the key has no right to read them: a matter of this object type, not of the
    /// connection (contract kleer-api §2).
    Forbidden(AgreementPath),
    /// They are at none of the places we know.
    NotFound,
}

/// What one candidate looked like.
enum Sight {
    Agreements,
    Perhaps(AgreementProbe),
    Nothing,
    Unclear(Error),
}

impl AgreementPath {
    /// Where agreements may be, the likeliest first.
    pub const CANDIDATES: [AgreementPath; AGREEMENTS.len()] = {
        let [first, second, third, fourth] = AGREEMENTS;
        [AgreementPath(first), AgreementPath(second), AgreementPath(third), AgreementPath(fourth)]
    };

    /// The candidate with this text; `None` if it is none (any more), and the probe must be made again.
    pub fn named(text: &str) -> Option<AgreementPath> {
        AgreementPath::CANDIDATES.into_iter().find(|path| path.as_str() == text)
    }

    /// The path below the company, without slashes at its ends: `client/agreement`.
    pub fn as_str(self) -> &'static str {
        self.0
    }

    pub(crate) fn collection(self) -> String {
        format!("/{}", self.0)
    }

    fn item(self, id: i64) -> String {
        item(&self.collection(), id)
    }
}

impl AgreementProbe {
    /// The path, whether it may be read or not.
    pub fn path(self) -> Option<AgreementPath> {
        match self {
            AgreementProbe::Found(path) | AgreementProbe::Forbidden(path) => Some(path),
            AgreementProbe::NotFound => None,
        }
    }
}

impl Api {
    /// Looks where agreements are, by reading the list at each candidate until one answers with agreements. Else the
    /// first that answered with an empty object or with 403 is taken.
    ///
    /// # Errors
    /// What would be the same at every candidate: a key that is not accepted (401), no connection, a rate limit. And a
    /// 5xx, if nothing was found at the other candidates: Kleer may have taken the last word of a wrong path for an id,
    /// or may have been ill.
    pub async fn probe_agreements(&self) -> Result<AgreementProbe, Error> {
        let (mut perhaps, mut unclear) = (None, None);
        for path in AgreementPath::CANDIDATES {
            match self.look_for_agreements(path).await? {
                Sight::Agreements => return Ok(AgreementProbe::Found(path)),
                Sight::Perhaps(probe) => perhaps = perhaps.or(Some(probe)),
                Sight::Nothing => {}
                Sight::Unclear(error) => unclear = unclear.or(Some(error)),
            }
        }
        match (perhaps, unclear) {
            (Some(probe), _) => Ok(probe),
            (None, Some(error)) => Err(error),
            (None, None) => Ok(AgreementProbe::NotFound),
        }
    }

    async fn look_for_agreements(&self, path: AgreementPath) -> Result<Sight, Error> {
        let error = match self.ask(self.reading(&path.collection(), "probe_agreements")).await {
            Ok(answer) => return Ok(sight_of(path, &answer)),
            Err(error) => error,
        };
        match (error.status, error.kind) {
            (Some(403), _) => Ok(Sight::Perhaps(AgreementProbe::Forbidden(path))),
            (Some(500..), _) => Ok(Sight::Unclear(error)),
            (Some(_), ErrorKind::Missing | ErrorKind::Rejected) => Ok(Sight::Nothing),
            // A redirect, for example to a page where people sign in.
            (Some(_), ErrorKind::Malformed) if error.reason == Reason::Representation => Ok(Sight::Nothing),
            _ => Err(error),
        }
    }

    /// All agreements in one answer. Whether deleted ones are among them is not known (contract kleer-api §5).
    pub async fn list_agreements(&self, path: AgreementPath) -> Result<Listing, Error> {
        self.list(&path.collection(), LIST, "list_agreements").await
    }

    /// One agreement. [`ErrorKind::Missing`] if there is none with this id.
    pub async fn get_agreement(&self, path: AgreementPath, id: i64) -> Result<Document, Error> {
        self.get_record(&path.item(id), "get_agreement").await
    }

    /// Saves a whole agreement document: what [`get_agreement`](Self::get_agreement) gave, with the changes laid over
    /// it. Both row sets are replaced, and omitted `notes` are emptied. Answers the number of the new revision, if
    /// Kleer said it; if it is more than one above what was read, somebody else saved in between (contract kleer-api
    /// §9 rule 3).
    ///
    /// Never sent twice after an unknown outcome, because each save makes a revision: read it again and compare.
    pub async fn update_agreement(
        &self,
        path: AgreementPath,
        id: i64,
        agreement: &Document,
    ) -> Result<Option<i64>, Error> {
        let wrapper = Map::from_iter([(UPDATE.to_owned(), Value::from(agreement.clone()))]);
        let request = self.saving(&path.item(id), &wrapper.into(), "update_agreement");
        revision_of(&self.ask(request).await?)
    }
}

/// Stricter than [`Listing::read`], which takes any single array.
fn sight_of(path: AgreementPath, answer: &Answer) -> Sight {
    let Ok(members) = answer.json::<Document>() else { return Sight::Nothing };
    let members = members.as_map();
    if members.contains_key(LIST) && Listing::read(answer, LIST).is_ok() {
        Sight::Agreements
    } else if members.is_empty() {
        // What a company without agreements may answer (contract kleer-api §3 rule 6).
        Sight::Perhaps(AgreementProbe::Found(path))
    } else {
        Sight::Nothing
    }
}

fn revision_of(answer: &Answer) -> Result<Option<i64>, Error> {
    if answer.body.trim_ascii().is_empty() {
        return Ok(None);
    }
    let result: Document = answer.json()?;
    result.integer(REVISION).map_err(|error| answer.malformed(error))
}

#[cfg(test)]
mod tests;
