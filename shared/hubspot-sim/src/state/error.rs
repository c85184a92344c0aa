//! What HubSpot answers when it refuses (contract §9).

use serde_json::{Map, Value, json};

/// A refusal: the status and the parts of the body. Absent parts are left out of the answer.
#[derive(Clone, Debug)]
pub(crate) struct ApiError(Box<Parts>);

#[derive(Clone, Debug)]
struct Parts {
    status: u16,
    message: String,
    category: Option<&'static str>,
    sub_category: Option<&'static str>,
    errors: Vec<Value>,
    context: Map<String, Value>,
    extra: Map<String, Value>,
    /// Replaces the whole body (OAuth errors have another shape).
    body: Option<Value>,
}

impl ApiError {
    pub(crate) fn new(status: u16, category: &'static str, message: impl Into<String>) -> ApiError {
        let mut error = ApiError::bare(status, message);
        error.0.category = Some(category);
        error
    }

    /// Without a category, as some old parts of HubSpot answer.
    pub(crate) fn bare(status: u16, message: impl Into<String>) -> ApiError {
        ApiError(Box::new(Parts {
            status,
            message: message.into(),
            category: None,
            sub_category: None,
            errors: Vec::new(),
            context: Map::new(),
            extra: Map::new(),
            body: None,
        }))
    }

    /// 400 `VALIDATION_ERROR`.
    pub(crate) fn validation(message: impl Into<String>) -> ApiError {
        ApiError::new(400, "VALIDATION_ERROR", message)
    }

    /// The bare 404.
    pub(crate) fn not_found() -> ApiError {
        ApiError::bare(404, "resource not found")
    }

    /// An answer with a body of its own.
    pub(crate) fn with_body(status: u16, body: Value) -> ApiError {
        let mut error = ApiError::bare(status, "");
        error.0.body = Some(body);
        error
    }

    pub(crate) fn sub_category(mut self, sub_category: &'static str) -> ApiError {
        self.0.sub_category = Some(sub_category);
        self
    }

    pub(crate) fn context(mut self, key: &str, values: impl IntoIterator<Item = String>) -> ApiError {
        self.0.context.insert(key.to_owned(), values.into_iter().collect());
        self
    }

    pub(crate) fn detail(mut self, detail: Value) -> ApiError {
        self.0.errors.push(detail);
        self
    }

    pub(crate) fn extra(mut self, key: &str, value: Value) -> ApiError {
        self.0.extra.insert(key.to_owned(), value);
        self
    }

    pub(crate) fn message(&self) -> &str {
        &self.0.message
    }

    pub(crate) fn status(&self) -> u16 {
        self.0.status
    }

    /// The body of an answer that consists of this error.
    pub(crate) fn to_body(&self, correlation_id: &str) -> Value {
        if let Some(body) = &self.0.body {
            return body.clone();
        }
        let mut body = Map::new();
        body.insert("status".to_owned(), json!("error"));
        body.insert("message".to_owned(), json!(self.0.message));
        body.insert("correlationId".to_owned(), json!(correlation_id));
        if !self.0.context.is_empty() {
            body.insert("context".to_owned(), Value::Object(self.0.context.clone()));
        }
        if !self.0.errors.is_empty() {
            body.insert("errors".to_owned(), Value::Array(self.0.errors.clone()));
        }
        body.extend(self.0.extra.clone());
        if let Some(category) = self.0.category {
            body.insert("category".to_owned(), json!(category));
        }
        if let Some(sub_category) = self.0.sub_category {
            body.insert("subCategory".to_owned(), json!(sub_category));
        }
        Value::Object(body)
    }

    /// The entry in `errors` of a 207: no details there, they stand in the message (contract §4.1).
    pub(crate) fn to_batch_entry(&self, trace_id: Option<&str>) -> Value {
        let mut context = self.0.context.clone();
        if let Some(trace_id) = trace_id {
            context.insert("objectWriteTraceId".to_owned(), json!([trace_id]));
        }
        let mut entry = json!({
            "status": "error",
            "category": self.0.category.unwrap_or("VALIDATION_ERROR"),
            "message": self.0.message,
            "context": context,
            "errors": [],
            "links": {},
        });
        if let Some(sub_category) = self.0.sub_category {
            entry["subCategory"] = json!(sub_category);
        }
        entry
    }
}

/// One property value that was refused.
#[derive(Clone, Debug)]
pub(crate) struct Invalid {
    pub(crate) name: String,
    pub(crate) code: &'static str,
    pub(crate) message: String,
}

impl Invalid {
    pub(crate) fn new(name: &str, code: &'static str, message: impl Into<String>) -> Invalid {
        Invalid { name: name.to_owned(), code, message: message.into() }
    }
}

/// "Property values were not valid: [...]", with the same in `errors`.
pub(crate) fn invalid_properties(portal: u64, invalid: &[Invalid]) -> ApiError {
    let list: Vec<Value> = invalid
        .iter()
        .map(|one| {
            json!({
                "isValid": false,
                "message": one.message,
                "error": one.code,
                "name": one.name,
                "localizedErrorMessage": one.message,
                "portalId": portal,
            })
        })
        .collect();
    let error = ApiError::validation(format!("Property values were not valid: {}", Value::Array(list)));
    invalid.iter().fold(error, |error, one| {
        error.detail(json!({ "message": one.message, "code": one.code, "context": { "propertyName": [one.name] } }))
    })
}
