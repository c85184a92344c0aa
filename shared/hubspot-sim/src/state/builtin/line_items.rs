//! Line items (0-8), contract §3.4.

use super::{Builtin, Kind, builtin, number, select, text};

/// How often a recurring row is billed; empty means once.
pub(crate) const BILLING_FREQUENCIES: &[&str] = &[
    "weekly",
    "biweekly",
    "monthly",
    "quarterly",
    "per_six_months",
    "annually",
    "per_two_years",
    "per_three_years",
    "per_four_years",
    "per_five_years",
];

pub(super) const PROPERTIES: &[Builtin] = &[
    text("name", "Name"),
    builtin("description", "Description", Kind::Area),
    number("quantity", "Quantity"),
    number("price", "Unit price"),
    number("hs_product_id", "Product ID"),
    text("hs_sku", "SKU"),
    number("hs_cost_of_goods_sold", "Unit cost"),
    number("discount", "Unit discount"),
    number("hs_discount_percentage", "Discount percentage"),
    number("hs_total_discount", "Total discount").calculated(),
    text("hs_tax_rate_group_id", "Tax rate"),
    number("tax", "Tax"),
    builtin("hs_line_item_currency_code", "Currency", Kind::Currency),
    select("recurringbillingfrequency", "Billing frequency", BILLING_FREQUENCIES),
    text("hs_recurring_billing_period", "Term"),
    builtin("hs_recurring_billing_start_date", "Billing start date", Kind::Date),
    builtin("hs_recurring_billing_end_date", "Billing end date", Kind::Date).calculated(),
    number("hs_recurring_billing_number_of_payments", "Number of payments"),
    select("hs_recurring_billing_terms", "Billing terms", &["FIXED", "AUTOMATIC"]),
    select("hs_pricing_model", "Pricing model", &["flat", "volume", "graduated", "stairstep"]),
    number("amount", "Net price").calculated(),
    number("hs_position_on_quote", "Position on quote"),
    builtin("createdate", "Create date", Kind::DateTime).read_only(),
];
