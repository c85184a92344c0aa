//! Commerce subscriptions (0-69), contract §3.6.

use super::line_items::BILLING_FREQUENCIES;
use super::{Builtin, Kind, builtin, number, select, text};

const STATUSES: &[&str] = &["active", "past_due", "unpaid", "canceled", "expired", "scheduled", "paused"];
const PAYMENT_STATUSES: &[&str] = &["succeeded", "failed", "partially_refunded", "refunded", "processing"];

pub(super) const PROPERTIES: &[Builtin] = &[
    text("hs_name", "Name"),
    select("hs_invoice_creation", "Invoice creation", &["off", "on"]),
    select("hs_status", "Status", STATUSES),
    select("hs_collection_process", "Collection process", &["manual_payments", "automatic_payments"]),
    builtin("hs_currency_code", "Currency", Kind::Currency),
    text("hs_net_payment_terms", "Net payment terms"),
    builtin("hs_recurring_billing_start_date", "Billing start date", Kind::Date),
    select("hs_recurring_billing_frequency", "Billing frequency", BILLING_FREQUENCIES),
    number("hs_mrr", "Monthly recurring revenue").calculated(),
    number("hs_next_payment_amount", "Next payment amount").read_only(),
    builtin("hs_next_payment_due_date", "Next payment due date", Kind::Date).read_only(),
    number("hs_last_payment_amount", "Last payment amount").read_only(),
    select("hs_last_payment_status", "Last payment status", PAYMENT_STATUSES).read_only(),
    number("hs_number_of_completed_payments", "Completed payments").read_only(),
    number("hs_total_collected_amount", "Total collected amount").read_only(),
    text("hs_payment_method", "Payment method").read_only(),
    select("hs_payments_source_app_id", "Source", &["quote", "billing", "sales_checkout", "migration", "test"]),
    text("hs_recipient_billing_address", "Billing address"),
    text("hs_recipient_billing_address2", "Billing address 2"),
    text("hs_recipient_billing_city", "Billing city"),
    text("hs_recipient_billing_state", "Billing state"),
    text("hs_recipient_billing_zip", "Billing zip"),
    text("hs_recipient_billing_country", "Billing country"),
    text("hs_tax_ids", "Tax IDs"),
    text("hs_language", "Language"),
    text("hs_locale", "Locale"),
    builtin("hs_invoice_comments", "Invoice comments", Kind::Html),
    builtin("hs_automatically_email_invoices", "E-mail invoices", Kind::Bool),
    builtin("hs_payment_enabled", "Payment enabled", Kind::Bool),
    builtin("hs_allowed_payment_methods", "Accepted payment methods", Kind::Checkbox(&["ach", "credit_or_debit_card"])),
    builtin("hs_collect_address_types", "Collect addresses", Kind::Checkbox(&["billing_address", "shipping_address"])),
];
