//! Pipelines of deals and projects. Ids are the portal's own (contract §3.7), deals have HubSpot's well-known default.

use super::types::{self, ObjectTypeId};

/// A pipeline with its stages.
#[derive(Clone, Debug)]
pub(crate) struct Pipeline {
    pub(crate) id: String,
    pub(crate) label: String,
    pub(crate) stages: Vec<Stage>,
}

/// A stage of a pipeline.
#[derive(Clone, Debug)]
pub(crate) struct Stage {
    pub(crate) id: String,
    pub(crate) label: String,
    pub(crate) closed: bool,
    /// Text between 0 and 1, deals only.
    pub(crate) probability: Option<&'static str>,
}

/// The property that holds the pipeline and the one that holds the stage.
pub(crate) fn properties(object_type: ObjectTypeId) -> Option<(&'static str, &'static str)> {
    match object_type {
        types::DEALS => Some(("pipeline", "dealstage")),
        types::PROJECTS => Some(("hs_pipeline", "hs_pipeline_stage")),
        _ => None,
    }
}

/// The pipelines that a portal has.
pub(crate) fn of_portal(portal: u64, object_type: ObjectTypeId) -> Vec<Pipeline> {
    match object_type {
        types::DEALS => vec![deal_pipeline(), tender_pipeline(portal)],
        types::PROJECTS => vec![project_pipeline(portal)],
        _ => Vec::new(),
    }
}

fn deal_pipeline() -> Pipeline {
    let stages = [
        ("appointmentscheduled", "Appointment Scheduled", "0.2"),
        ("qualifiedtobuy", "Qualified To Buy", "0.4"),
        ("presentationscheduled", "Presentation Scheduled", "0.6"),
        ("decisionmakerboughtin", "Decision Maker Bought-In", "0.8"),
        ("contractsent", "Contract Sent", "0.9"),
        ("closedwon", "Closed Won", "1.0"),
        ("closedlost", "Closed Lost", "0.0"),
    ];
    let stage = |(id, label, probability): (&str, &str, &'static str)| Stage {
        id: id.to_owned(),
        label: label.to_owned(),
        closed: id.starts_with("closed"),
        probability: Some(probability),
    };
    Pipeline {
        id: "default".to_owned(),
        label: "Sales Pipeline".to_owned(),
        stages: stages.into_iter().map(stage).collect(),
    }
}

fn tender_pipeline(portal: u64) -> Pipeline {
    let id = portal * 1000 + 100;
    let stage = |n: u64, label: &str, probability| Stage {
        id: (id + n).to_string(),
        label: label.to_owned(),
        closed: n > 1,
        probability: Some(probability),
    };
    Pipeline {
        id: id.to_string(),
        label: "Tenders".to_owned(),
        stages: vec![stage(1, "Submitted", "0.5"), stage(2, "Won", "1.0"), stage(3, "Lost", "0.0")],
    }
}

fn project_pipeline(portal: u64) -> Pipeline {
    let id = portal * 1000 + 200;
    let labels = ["Not started", "In progress", "Waiting", "Completed"];
    let stage = |(n, label): (usize, &str)| Stage {
        id: (id + 1 + n as u64).to_string(),
        label: label.to_owned(),
        closed: n == 3,
        probability: None,
    };
    Pipeline {
        id: id.to_string(),
        label: "Project Pipeline".to_owned(),
        stages: labels.into_iter().enumerate().map(stage).collect(),
    }
}
