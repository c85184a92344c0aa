//! Deals (0-3), contract §3.8.

use super::{Builtin, Kind, builtin, number, select, text};

pub(super) const PROPERTIES: &[Builtin] = &[
    text("dealname", "Deal Name"),
    number("amount", "Amount"),
    builtin("pipeline", "Pipeline", Kind::Pipeline),
    builtin("dealstage", "Deal Stage", Kind::Pipeline),
    builtin("closedate", "Close Date", Kind::DateTime),
    builtin("deal_currency_code", "Currency", Kind::Currency),
    select("dealtype", "Deal Type", &["newbusiness", "existingbusiness"]),
    builtin("description", "Deal Description", Kind::Area),
    select("hs_priority", "Priority", &["low", "medium", "high"]),
    builtin("createdate", "Create Date", Kind::DateTime).read_only(),
    builtin("hs_is_closed", "Is deal closed?", Kind::Bool).calculated(),
    builtin("hs_is_closed_won", "Is closed won", Kind::Bool).calculated(),
    number("hs_mrr", "Monthly recurring revenue").calculated(),
];
