//! What can be mapped, against the tables of contract product §6.

use domain::{EnumValue, FieldKind, ObjectType};

use crate::objects::spec;

fn fields(object: ObjectType) -> String {
    spec(object).fields.iter().map(|field| format!("{}: {}", field.name, field.label)).collect::<Vec<_>>().join("\n")
}

fn mappings(object: ObjectType) -> String {
    spec(object)
        .default_mappings
        .iter()
        .map(|(field, property)| format!("{field}→{property}"))
        .collect::<Vec<_>>()
        .join("\n")
}

/// The fields that are no plain text, by what they are.
fn kinds(object: ObjectType) -> String {
    type Is = fn(FieldKind) -> bool;
    let kinds: [(&str, Is); 9] = [
        ("long text", |kind| kind == FieldKind::LongText),
        ("enumeration", |kind| matches!(kind, FieldKind::Enumeration(_))),
        ("whole number", |kind| matches!(kind, FieldKind::Integer | FieldKind::SerialNumber)),
        ("number", |kind| kind == FieldKind::Decimal),
        ("reference", |kind| kind == FieldKind::Reference),
        ("money", |kind| kind == FieldKind::Money),
        ("rate", |kind| kind == FieldKind::Rate),
        ("yes or no", |kind| kind == FieldKind::Boolean),
        ("date", |kind| kind == FieldKind::Date),
    ];
    let line = |(word, is): (&str, Is)| {
        let names: Vec<&str> =
            spec(object).fields.iter().filter(|field| is(field.kind)).map(|field| field.name).collect();
        (!names.is_empty()).then(|| format!("{word}: {}", names.join(" ")))
    };
    kinds.into_iter().filter_map(line).collect::<Vec<_>>().join("\n")
}

fn values(object: ObjectType, field: &str) -> String {
    let kind = spec(object).field(field).unwrap().kind;
    let FieldKind::Enumeration(values) = kind else { panic!("{field} is {kind:?}") };
    values.iter().map(|EnumValue { value, label }| format!("{value}={label}")).collect::<Vec<_>>().join("\n")
}

/// Contract product §6.1.
#[test]
fn fields_of_a_client() {
    insta::assert_snapshot!(fields(ObjectType::Client), @r"
    name: Name
    foreign-id: Foreign ID
    contact: Contact
    address.address1: Address 1
    address.address2: Address 2
    address.zip-code: Zip code
    address.state: State
    address.country: Country (address)
    email: Email
    client-type: Client type
    country-code: Country code
    currency-type: Currency
    accountnr: Account number
    payment-days: Payment days
    orgno: Org. number
    phone: Phone
    user.id: Responsible user
    delivery-type: Delivery type
    vat-nr: VAT number
    gln: GLN
    active: Active
    ");
    insta::assert_snapshot!(kinds(ObjectType::Client), @r"
    enumeration: client-type currency-type delivery-type
    whole number: accountnr payment-days
    reference: user.id
    yes or no: active
    ");
}

/// Contract product §6.2.
#[test]
fn fields_of_an_invoice() {
    insta::assert_snapshot!(fields(ObjectType::Invoice), @r"
    invoice-nr: Invoice number
    foreign-id: Foreign ID
    po-nr: PO number
    client-ref.id: Client ref. (ID)
    your-reference: Your reference
    our-reference.id: Our reference (user ID)
    invoice-address.address1: Invoice address 1
    invoice-address.address2: Invoice address 2
    invoice-address.zip-code: Invoice zip code
    invoice-address.state: Invoice state
    invoice-address.country: Invoice country
    invoice-email: Invoice email
    delivery-name: Delivery name
    delivery-address.address1: Delivery address 1
    delivery-address.address2: Delivery address 2
    delivery-address.zip-code: Delivery zip code
    delivery-address.state: Delivery state
    delivery-address.country: Delivery country
    delivery-email: Delivery email
    invoice-date: Invoice date
    due-date: Due date
    delivery-date: Delivery date
    period.start-date: Period start date
    period.end-date: Period end date
    currency: Currency
    currency-rate: Currency rate
    certified: Certified
    sent: Sent
    notes: Notes
    delivery-type: Delivery type
    vat-nr: VAT number
    country-code: Country code
    remaining: Remaining
    disabled: Disabled
    edi-period-type: EDI period type
    automatic-actions-disabled: Auto actions disabled
    agreement-nr: Agreement number (ref)
    _total_amount: Total amount
    _status: Invoice status
    ");
    insta::assert_snapshot!(kinds(ObjectType::Invoice), @r"
    long text: notes
    enumeration: currency delivery-type edi-period-type _status
    whole number: invoice-nr
    number: currency-rate
    reference: client-ref.id our-reference.id
    money: remaining _total_amount
    yes or no: certified sent disabled automatic-actions-disabled
    date: invoice-date due-date delivery-date period.start-date period.end-date
    ");
}

/// Contract product §6.3.
#[test]
fn fields_of_an_agreement() {
    insta::assert_snapshot!(fields(ObjectType::Agreement), @r"
    foreign-id: Foreign ID
    revision-nr: Revision number
    client-ref.id: Client ref. (ID)
    description: Description
    start-date: Start date
    start-invoice-date: Start invoice date
    end-date: End date
    renewal-notification-date: Renewal notification date
    your-reference: Your reference
    our-reference.id: Our reference (user ID)
    currency: Currency
    payment-days: Payment days
    invoice-interval-months: Invoice interval (months)
    invoice-day: Invoice day
    po-nr: PO number
    agreement-nr: Agreement number
    subscription-nr: Subscription number
    notes: Notes
    _mrr: Monthly recurring revenue
    _arr: Annual recurring revenue
    _billing_frequency: Billing frequency
    _status: Status
    ");
    insta::assert_snapshot!(kinds(ObjectType::Agreement), @r"
    long text: notes
    enumeration: currency invoice-day _billing_frequency _status
    whole number: revision-nr payment-days invoice-interval-months
    reference: client-ref.id our-reference.id
    money: _mrr _arr
    date: start-date start-invoice-date end-date renewal-notification-date
    ");
}

/// Contract product §6.4.
#[test]
fn fields_of_a_product() {
    insta::assert_snapshot!(fields(ObjectType::Product), @r"
    name: Name
    foreign-id: Foreign ID
    type: Type
    unit: Unit
    price: Price
    ean: EAN
    account-nr: Account number
    vat-percentage: VAT percentage
    ");
    insta::assert_snapshot!(kinds(ObjectType::Product), @r"
    enumeration: type
    whole number: ean account-nr
    money: price
    rate: vat-percentage
    ");
}

/// Contract product §6.5.
#[test]
fn fields_of_a_line_item() {
    insta::assert_snapshot!(fields(ObjectType::LineItem), @r"
    quantity: Quantity
    price: Price
    vat: VAT
    product.id: Product (ID)
    unit: Unit
    description: Description
    account-nr: Account number
    discount.percentage: Discount percentage
    discount.absolute: Discount absolute
    ");
    insta::assert_snapshot!(kinds(ObjectType::LineItem), @r"
    whole number: account-nr
    number: quantity
    reference: product.id
    money: price discount.absolute
    rate: vat discount.percentage
    ");
}

/// Contract product §6.6.
#[test]
fn fields_of_a_project() {
    insta::assert_snapshot!(fields(ObjectType::Project), @r"
    name: Name
    client.id: Client (ID)
    fixed-price: Fixed price
    number: Number
    comment: Comment
    budget-hours: Budget hours
    budget-amount: Budget amount
    opening-date: Opening date
    ");
    insta::assert_snapshot!(kinds(ObjectType::Project), @r"
    long text: comment
    number: budget-hours
    reference: client.id
    money: budget-amount
    yes or no: fixed-price
    date: opening-date
    ");
}

/// Contract product §6.3; `canceled` is how a deleted agreement is told (design §3 Deletes).
#[test]
fn values_of_agreements() {
    insta::assert_snapshot!(values(ObjectType::Agreement, "invoice-day"), @r"
    INVOICE_AT_START=Invoice at start
    PAY_AT_START=Pay at start
    INVOICE_AT_END=Invoice at end
    INVOICE_AT_START_MONTH=Invoice at start of month
    INVOICE_60_DAYS_PRIOR_TO_PERIOD_START=Invoice 60 days prior
    INVOICE_AT_END_MONTH=Invoice at end of month
    INVOICE_ONE_DAY_PRIOR_TO_PERIOD_START=Invoice 1 day prior
    INVOICE_FIVE_DAYS_PRIOR_TO_PERIOD_START=Invoice 5 days prior
    ");
    insta::assert_snapshot!(values(ObjectType::Agreement, "_billing_frequency"), @r"
    weekly=Weekly
    biweekly=Biweekly
    monthly=Monthly
    quarterly=Quarterly
    per_six_months=Per six months
    annually=Annually
    per_two_years=Per two years
    per_three_years=Per three years
    per_four_years=Per four years
    per_five_years=Per five years
    ");
    insta::assert_snapshot!(values(ObjectType::Agreement, "_status"), @r"
    active=Active
    expired=Expired
    scheduled=Scheduled
    canceled=Canceled
    ");
}

/// HubSpot's own words (contract hubspot-crm §3.5), and Kleer's (contract kleer-api §7.2).
#[test]
fn values_of_invoices() {
    insta::assert_snapshot!(values(ObjectType::Invoice, "_status"), @r"
    draft=Draft
    open=Open
    paid=Paid
    voided=Voided
    ");
    insta::assert_snapshot!(values(ObjectType::Invoice, "edi-period-type"), @r"
    Row=Row
    Invoice=Invoice
    None=None
    ");
}

/// Contract product §6.1: those of the product, and two more that Kleer's schema has.
#[test]
fn values_of_clients() {
    insta::assert_snapshot!(values(ObjectType::Client, "client-type"), @r"
    Organisation=Organisation
    Person=Person
    ");
    insta::assert_snapshot!(values(ObjectType::Client, "currency-type"), @r"
    SEK=SEK
    EUR=EUR
    USD=USD
    NOK=NOK
    DKK=DKK
    GBP=GBP
    ");
    insta::assert_snapshot!(values(ObjectType::Client, "delivery-type"), @r"
    Mail=Mail
    Email=Email
    Manually=Manually
    Svefaktura=Svefaktura
    Efaktura=Efaktura
    Svea=Svea
    ");
    assert_eq!(values(ObjectType::Invoice, "delivery-type"), values(ObjectType::Client, "delivery-type"));
    assert_eq!(values(ObjectType::Invoice, "currency"), values(ObjectType::Client, "currency-type"));
    assert_eq!(values(ObjectType::Agreement, "currency"), values(ObjectType::Client, "currency-type"));
}

/// Design §4.
#[test]
fn what_is_mapped_at_first() {
    insta::assert_snapshot!(mappings(ObjectType::Client), @r"
    name→name
    address.address1→address
    address.address2→address2
    address.zip-code→zip
    address.state→city
    address.country→country
    phone→phone
    orgno→orgno
    vat-nr→vat_number
    email→kleer_email
    payment-days→kleer_payment_days
    currency-type→kleer_currency
    delivery-type→kleer_delivery_method
    active→kleer_active
    ");
    insta::assert_snapshot!(mappings(ObjectType::Product), @r"
    name→name
    price→price
    foreign-id→hs_sku
    unit→kleer_unit
    type→kleer_type
    account-nr→kleer_account_number
    vat-percentage→kleer_vat_percentage
    ");
    insta::assert_snapshot!(mappings(ObjectType::Invoice), @r"
    invoice-nr→hs_number
    currency→hs_currency
    invoice-date→hs_invoice_date
    due-date→hs_due_date
    po-nr→hs_purchase_order_number
    _status→hs_invoice_status
    _total_amount→kleer_total_amount
    remaining→kleer_remaining_amount
    your-reference→kleer_your_reference
    agreement-nr→kleer_agreement_number
    ");
    insta::assert_snapshot!(mappings(ObjectType::Agreement), @r"
    description→hs_name
    currency→hs_currency_code
    start-date→hs_recurring_billing_start_date
    _billing_frequency→hs_recurring_billing_frequency
    payment-days→hs_net_payment_terms
    _status→hs_status
    end-date→kleer_end_date
    _mrr→kleer_mrr
    _arr→kleer_arr
    agreement-nr→kleer_agreement_number
    renewal-notification-date→kleer_renewal_date
    ");
    insta::assert_snapshot!(mappings(ObjectType::Project), @r"
    name→hs_name
    comment→hs_description
    opening-date→hs_start_date
    number→kleer_project_number
    fixed-price→kleer_fixed_price
    budget-hours→kleer_budget_hours
    budget-amount→kleer_budget_amount
    ");
    insta::assert_snapshot!(mappings(ObjectType::LineItem), @r"
    description→name
    quantity→quantity
    price→price
    discount.percentage→hs_discount_percentage
    discount.absolute→discount
    product.id→hs_product_id
    unit→kleer_unit
    vat→kleer_vat_rate
    account-nr→kleer_account_number
    ");
}
