//! Refusals that are not one record's fault: the portal is not as we thought, or lacks what a type needs.

use domain::ChangeKind;

use super::Applying;
use crate::outbound::failure::Failure;
use crate::outbound::write::{Verdict, Work};
use crate::outbound::{capability, provision};

impl Applying<'_> {
    /// A call that was refused as a whole: the connection's fault, or the portal's.
    pub(super) fn about_the_call(&self, error: rest::Error) -> Failure {
        let object = &self.page.hubspot_object;
        let said = hubspot::ApiError::of(&error).message;
        match error.status {
            Some(400 | 403) if capability::is_about_the_portal(object, &said) => {
                Failure::Unavailable(capability::refused(object, &said))
            }
            Some(403) if capability::may_be_missing(object) => {
                Failure::Unavailable(capability::missing(object, &error))
            }
            _ => Failure::Hubspot(error),
        }
    }

    /// What was refused of many records for one reason: the portal is not as we thought.
    pub(super) async fn refused_alike(
        &self,
        work: &[Work<'_>],
        verdicts: &[Verdict],
    ) -> Result<Option<Failure>, Failure> {
        if let Some(failure) = self.schema_changed(verdicts).await? {
            return Ok(Some(failure));
        }
        self.unavailable(work, verdicts).await
    }

    /// A property that is not as we thought: another look at the portal helps, another try does not.
    async fn schema_changed(&self, verdicts: &[Verdict]) -> Result<Option<Failure>, Failure> {
        let (app, portal, object) = (self.app, self.portal, self.page.object);
        let first = verdicts.iter().find(|verdict| is_about_the_schema(verdict));
        let Some(Verdict::Refused(error, _)) = first else { return Ok(None) };
        let news = provision::note_read_only(app, portal, object, error).await?;
        let schema = app.store.schema(portal, object).await?;
        let is_recent = schema.is_some_and(|schema| !provision::may_have_changed(app, &schema));
        Ok((news || !is_recent).then(|| Failure::SchemaChanged(error.to_string())))
    }

    /// A portal in which no record of a type was ever made and none can be: it lacks what the type needs (contract
    /// hubspot-crm §3.6, subscriptions without a payment account).
    async fn unavailable(&self, work: &[Work<'_>], verdicts: &[Verdict]) -> Result<Option<Failure>, Failure> {
        let is_new = |work: &Work<'_>| work.change.kind == ChangeKind::Create;
        let mut said = None;
        for (_, verdict) in work.iter().zip(verdicts).filter(|(work, _)| is_new(work)) {
            match verdict {
                Verdict::Refused(error, reached) if reached.id.is_none() && error.properties.is_empty() => {
                    if said.is_some_and(|said: &String| *said != error.message) {
                        return Ok(None);
                    }
                    said = Some(&error.message);
                }
                _ => return Ok(None),
            }
        }
        let Some(said) = said else { return Ok(None) };
        if !capability::is_about_the_portal(&self.page.hubspot_object, said) {
            return Ok(None);
        }
        let bindings = self.app.store.binding_index(&self.pairing()).await?;
        let never = bindings.values().all(|binding| binding.hubspot_id.is_none());
        Ok(never.then(|| Failure::Unavailable(capability::refused(&self.page.hubspot_object, said))))
    }
}

/// Refused because a property is not there, cannot be written, or has other options than we know.
pub(super) fn is_about_the_schema(verdict: &Verdict) -> bool {
    let changed = |code: &str| matches!(code, "PROPERTY_DOESNT_EXIST" | "READ_ONLY_VALUE" | "INVALID_OPTION");
    matches!(verdict, Verdict::Refused(error, _) if error.properties.iter().any(|error| changed(&error.code)))
}

/// Refused for a reason that is the portal's: tried again when that is known.
pub(super) fn put_off(verdict: Verdict) -> Verdict {
    match verdict {
        Verdict::Refused(_, reached) => Verdict::Again(reached),
        other => other,
    }
}
