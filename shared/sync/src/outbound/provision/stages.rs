//! Where projects stand: a pipeline of the portal and two of its stages (contract hubspot-crm §3.7).

use domain::Stages;
use hubspot::Pipeline;

use super::Wanted;
use crate::objects;
use crate::outbound::capability;
use crate::outbound::failure::Failure;
use domain::ObjectType;

/// The stages of projects; none for other types, and for projects that go to another object.
pub(super) async fn find(hubspot: &hubspot::Api, wanted: &Wanted<'_>) -> Result<Option<Stages>, Failure> {
    let spec = objects::spec(ObjectType::Project);
    if wanted.spec.object != ObjectType::Project || wanted.hubspot_object != spec.hubspot_object {
        return Ok(None);
    }
    let pipelines = hubspot.pipelines().list(wanted.hubspot_object).await.map_err(|error| match error.status {
        Some(403 | 404) => Failure::Unavailable(capability::missing(wanted.hubspot_object, &error)),
        _ => Failure::Hubspot(error),
    })?;
    choose(&pipelines, wanted.pipeline).map(Some).map_err(Failure::Unavailable)
}

/// The chosen pipeline, else the first; in it the first open stage and the first closed one, or the last if none is closed.
fn choose(pipelines: &[Pipeline], chosen: Option<&str>) -> Result<Stages, String> {
    let mut live = pipelines.iter().filter(|pipeline| !pipeline.archived);
    let pipeline = match chosen {
        Some(id) => live.find(|pipeline| pipeline.id == id).ok_or_else(|| {
            format!(
                "The project pipeline {id} is no longer in this HubSpot account: choose another one in the settings."
            )
        })?,
        None => live
            .next()
            .ok_or_else(|| "HubSpot has no pipeline for projects in this account: make one there.".to_owned())?,
    };
    let stages: Vec<_> = pipeline.stages.iter().filter(|stage| !stage.archived).collect();
    let first = |closed: bool| stages.iter().find(|stage| stage.is_closed() == closed).map(|stage| stage.id.clone());
    let last = stages.last().map(|stage| stage.id.clone());
    let none = || format!("The HubSpot pipeline {} has no stages: add some there.", pipeline.label);
    let open = first(false).or_else(|| last.clone()).ok_or_else(none)?;
    let closed = first(true).or(last).ok_or_else(none)?;
    Ok(Stages { pipeline: pipeline.id.clone(), open, closed })
}

#[cfg(test)]
mod tests;
