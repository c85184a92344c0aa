//! What Kleer's documents have in common.

use rust_decimal::Decimal;
use serde_json::{Number, Value};

/// A decimal as a JSON number with its own digits.
pub(crate) fn number(value: Decimal) -> Value {
    Value::Number(Number::from_string_unchecked(value.normalize().to_string()))
}
