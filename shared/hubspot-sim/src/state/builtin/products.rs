//! Products (0-7), contract §3.4.

use super::line_items::BILLING_FREQUENCIES;
use super::{Builtin, Kind, builtin, number, select, text};

pub(super) const PROPERTIES: &[Builtin] = &[
    text("name", "Name"),
    builtin("description", "Product description", Kind::Area),
    number("price", "Unit price"),
    text("hs_sku", "SKU"),
    number("hs_cost_of_goods_sold", "Unit cost"),
    text("hs_recurring_billing_period", "Term"),
    select("recurringbillingfrequency", "Billing frequency", BILLING_FREQUENCIES),
    select("hs_pricing_model", "Pricing model", &["flat", "volume", "graduated", "stairstep"]),
    text("hs_tier_ranges", "Tier ranges"),
    text("hs_tier_prices", "Tier prices"),
    text("hs_folder", "Folder"),
    select("hs_product_type", "Product type", &["inventory", "non_inventory", "service"]),
    select("hs_status", "Status", &["active", "inactive"]),
    number("tax", "Tax"),
    text("hs_url", "URL"),
    text("hs_images", "Image URL"),
    builtin("createdate", "Create date", Kind::DateTime).read_only(),
];
