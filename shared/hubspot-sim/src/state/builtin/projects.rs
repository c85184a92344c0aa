//! Projects (0-970), contract §3.7.

use super::{Builtin, Kind, builtin, number, select, text};

const STATUSES: &[&str] = &["on_track", "delayed", "blocked", "completed", "on_hold", "at_risk"];
const TYPES: &[&str] = &["service", "service_onboarding", "marketing", "sales", "internal_ops"];

pub(super) const PROPERTIES: &[Builtin] = &[
    text("hs_name", "Name"),
    builtin("hs_pipeline", "Pipeline", Kind::Pipeline),
    builtin("hs_pipeline_stage", "Pipeline stage", Kind::Pipeline),
    builtin("hs_description", "Description", Kind::Area),
    select("hs_status", "Status", STATUSES),
    select("hs_priority", "Priority", &["low", "medium", "high"]),
    select("hs_type", "Type", TYPES),
    builtin("hs_start_date", "Start date", Kind::Date),
    builtin("hs_target_due_date", "Target due date", Kind::Date),
    builtin("hs_close_date", "Close date", Kind::DateTime),
    number("hs_total_cost", "Total cost"),
    number("hs_amount_paid", "Amount paid"),
    number("hs_amount_remaining", "Amount remaining").calculated(),
];
